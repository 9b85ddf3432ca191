"""`-o`: where a result may go, and what it never replaces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from results import Runner

OURS = {
    "assessment.yaml": "the project's assessment",
    "maturity.toml": "the project's settings",
    "plan.yaml": "the project's plan",
    "roadmap.yaml": "the project's roadmap",
    "history.jsonl": "the project's history",
    "rubrics/own.yaml": "the project's rubric",
    "templates/tickets/ticket-title.md.j2": "the project's ticket template",
    "backlog/tasks/task-1.md": "the project's ticket",
    "elsewhere.yaml": "a file of the kind rubric",
}
COMMANDS = (
    "report --format html",
    "graph",
    "schema rubric",
    "plan",
    "roadmap",
    "import samm no-such-folder",
)


@pytest.fixture
def full(project: Path, call: Runner) -> Path:
    """The example with a file of every kind."""
    for command in ("score --record", "plan", "roadmap"):
        assert call(*command.split())[0] == 0
    for name in ("rubrics/own.yaml", "elsewhere.yaml", "backlog/tasks/task-1.md"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("# ours\nschema: maturity-planner/rubric/v1\n")
    template = project / "templates/tickets/ticket-title.md.j2"
    template.parent.mkdir(parents=True)
    template.write_text("{{ item.title }}\n")
    return project


def contents(project: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in project.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", OURS)
def test_no_result_replaces_a_file_of_ours(full: Path, call: Runner, name: str) -> None:
    own = {"plan.yaml": "plan", "roadmap.yaml": "roadmap"}.get(name)
    commands = [one for one in COMMANDS if one.split()[0] != own]
    if "rubric" in OURS[name]:  # an import may replace what an import has written
        commands = [one for one in commands if not one.startswith("import")]
    before = contents(full)
    for command in commands:
        code, out, err = call(*command.split(), "-o", name)
        assert (code, out) == (3, ""), (command, err)
        assert f"{name} is {OURS[name]}, and a" in err
        assert "would replace it" in err
        assert "Name another file with -o" in err
    assert contents(full) == before


def test_names_that_the_settings_give_are_known(project: Path, call: Runner) -> None:
    settings = project / "maturity.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'roadmap = "when.yaml"\n{text}', encoding="utf-8")
    code, _, err = call("schema", "plan", "-o", "when.yaml")
    assert (code, "when.yaml is the project's roadmap" in err) == (3, True)
    assert not (project / "when.yaml").exists()
    assert call("schema", "plan", "-o", "roadmap.yaml")[0] == 0


@pytest.mark.parametrize(
    ("out", "folder"), [("backlog/x.html", "tickets"), (".maturity/x.html", "state")]
)
def test_a_new_file_has_no_place_in_a_folder_that_is_ours(
    project: Path, call: Runner, out: str, folder: str
) -> None:
    code, _, err = call("report", "-o", out)
    assert (code, f"{out} would lie in the folder of the project's {folder}" in err) == (3, True)
    assert not (project / out).exists()


def test_links_are_followed(project: Path, call: Runner) -> None:
    (project / "page.html").symlink_to("assessment.yaml")
    code, _, err = call("report", "-o", "page.html")
    assert (code, "page.html is the project's assessment" in err) == (3, True)
    (project / "hard.html").hardlink_to(project / "assessment.yaml")
    assert call("report", "-o", "hard.html")[0] == 3


def test_no_link_leads_out_of_the_project(project: Path, call: Runner) -> None:
    outside = project.parent / f"{project.name}-outside.html"
    outside.write_text("not ours", encoding="utf-8")
    (project / "page.html").symlink_to(outside)
    code, _, err = call("report", "-o", "page.html")
    assert code == 3
    assert f"page.html is a link that leads out of the project, to {outside}" in err
    assert outside.read_text(encoding="utf-8") == "not ours"
    assert call("report", "-o", str(outside))[0] == 0  # as it was asked for


def test_other_files_are_replaced_and_schemas_made_anew(project: Path, call: Runner) -> None:
    (project / "rubrics").mkdir()
    for _ in range(2):
        assert call("report", "-o", "page.html")[0] == 0
        assert call("schema", "rubric", "-o", "rubrics/rubric.schema.json")[0] == 0
        assert call("plan", "-o", "other.yaml")[0] == 0


def test_a_schema_is_written_beside_broken_settings(project: Path, call: Runner) -> None:
    (project / "maturity.toml").write_text("?", encoding="utf-8")
    assert call("schema", "settings", "-o", "settings.json")[0] == 0
    assert call("schema", "settings", "-o", "maturity.toml")[0] == 3


def test_a_hyphen_is_stdout(project: Path, call: Runner) -> None:
    assert call("plan")[0] == 0
    kept = (project / "plan.yaml").read_text(encoding="utf-8")
    for command in ("report --format json", "graph", "schema plan"):
        assert call(*command.split(), "-o", "-")[:2] == call(*command.split())[:2]
    assert call("plan", "-o", "-")[:2] == (0, kept)
    code, out, _ = call("roadmap", "-o", "-")
    assert (code, "maturity-planner/roadmap/v1" in out) == (0, True)
    assert not (project / "-").exists()
    assert not (project / "roadmap.yaml").exists()
    assert call("plan", "-o", "-", "--json")[0] == 2
    assert call("roadmap", "-o", "-", "--format", "ics")[0] == 2
    (project / "answers.csv").write_text("item,mode\n", encoding="utf-8")
    code, _, err = call("import", "csv", "answers.csv", "-o", "-")
    assert (code, "`-o -` names no assessment" in err) == (2, True)


@pytest.mark.parametrize("name", ["r.pdf", "r.yaml", "report.2026-11-20"])
def test_an_unknown_ending_is_a_usage_error(project: Path, call: Runner, name: str) -> None:
    code, _, err = call("report", "-o", name)
    assert code == 2
    assert f'no format of a report has the ending ".{name.partition(".")[2]}"' in err
    assert "--format text|markdown|html|csv|json|badge|shields|summary" in err
    assert not (project / name).exists()
    assert call("report", "-o", name, "--format", "json")[0] == 0
    assert json.loads((project / name).read_text(encoding="utf-8"))["data"]


@pytest.mark.parametrize(
    ("name", "start"),
    [("r.htm", "<!DOCTYPE"), ("r.MARKDOWN", "# fraud"), ("r.txt", "fraud"), ("r", "fraud")],
)
def test_other_spellings_of_an_ending(project: Path, call: Runner, name: str, start: str) -> None:
    assert call("report", "-o", name)[0] == 0
    assert (project / name).read_text(encoding="utf-8").startswith(start)
