"""`doctor`: settings with their origins, files, tracker; exit codes; an empty folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import results
from maturity_planner.core.finding import Finding, Grade
from maturity_planner.errors import AuthError, NotFound
from maturity_planner.trackers import TRACKERS, base
from maturity_planner.trackers.patience import Patience
from results import Runner

CANARY = "canary-7d1f"
GITHUB = 'target = 2\n[tracker]\nkind = "github"\n[tracker.github]\nrepository = "o/r"\n'

Points = list[tuple[str, str, str]]


def data_of(text: str) -> Any:
    return results.data_of(text, "doctor")


def points(text: str) -> Points:
    """Return about, name and grade of every finding that is not fine."""
    return [
        (f["about"], f["name"], f["grade"]) for f in data_of(text)["findings"] if f["grade"] != "ok"
    ]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def tracker(monkeypatch: pytest.MonkeyPatch, *found: Finding | Exception) -> None:
    """Let the kind "github" be a tracker that finds this; an exception first refuses to open."""

    class Patient:
        kind = "github"
        target = "o/r"
        patience = Patience()

        def __init__(self, *_: object) -> None:
            if found and isinstance(found[0], AuthError):
                raise found[0]

        def examine(self) -> Iterator[Finding]:
            for finding in found:
                if isinstance(finding, Exception):
                    raise finding
                yield finding

    monkeypatch.setattr(base, "Patient", Patient, raising=False)
    monkeypatch.setitem(TRACKERS, "github", ("base", "Patient"))


def test_a_sound_project(project: Path, call: Runner) -> None:
    assert call("-q", "plan")[0] == 0
    before = sorted(project.rglob("*"))
    code, out, err = call("doctor")
    assert (code, err) == (0, "")
    assert sorted(project.rglob("*")) == before
    lines = out.splitlines()
    assert lines[0].split() == ["Setting", "Value", "From"]
    assert any(line.split() == ["target", "2", "maturity.toml:3"] for line in lines)
    assert any(line.split() == ["rubric", "none", "default"] for line in lines)
    assert "  ok  rubric: ML Test Score 2017, 28 items, built in" in lines
    assert "  ok  assessment: assessment.yaml: 27 of 28 items answered" in lines
    assert "  ok  plan: plan.yaml: 5 upgrades to the target 2" in lines
    assert "  ok  ticket folder: backlog is not there yet: the first sync makes it" in lines
    assert lines[-1] == "Nothing is at fault."


def test_a_project_at_work(project: Path, call: Runner) -> None:
    for arguments in (("plan",), ("sync", "--yes"), ("score", "--record")):
        assert call("-q", *arguments)[0] == 0
    out = call("doctor")[1]
    assert "  ok  history: history.jsonl: 1 recorded score" in out
    assert "  ok  state: .maturity/ can be written" in out
    assert "  ok  ticket folder: backlog is there" in out


def test_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("doctor")
    assert code == 0
    assert "there is no maturity.toml here or above" in out
    assert out.count("Write one: maturity-planner init") == 2
    assert out.splitlines()[-1] == "3 warnings."
    write(tmp_path / "plan.yaml", "")
    assert "plan.yaml: not checked without an assessment" in call("doctor")[1]


def test_all_as_json(project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[team]\nfocus = 0.5\nholidays = [2026-12-25]\n[tracker.local]\n"
    write(project / "maturity.toml", text)
    code, out, err = call("doctor", "--json", "--rubric", "google-mlops")
    assert (code, err) == (3, "Error: 1 fault in settings or files\n")
    settings = {s["name"]: s for s in data_of(out)["settings"]}
    assert settings["team.focus"]["value"] == 0.5
    assert settings["team.holidays"]["value"] == ["2026-12-25"]
    assert settings["rubric"] == {
        "name": "rubric",
        "value": "google-mlops",
        "origin": "option",
        "where": "--rubric",
    }
    assert settings["target"]["value"] is None
    assert points(out) == [("files", "assessment", "fault"), ("files", "plan", "warning")]


def test_settings_with_faults_are_told_with_their_lines_and_hide_the_rest(
    project: Path, call: Runner
) -> None:
    write(project / "maturity.toml", 'targett = 2\n[tracker]\nkind = "github"\n')
    code, out, err = call("doctor")
    assert code == 3
    assert '  x   settings: maturity.toml:1: unknown key "targett"' in out
    assert 'Did you mean "target"?' in out
    assert 'maturity.toml:2: "kind" is "github", and no repository is named' in out
    assert 'repository = "OWNER/NAME"' in out
    assert "Files" not in out
    assert err == "Error: 2 faults in settings or files\n"
    assert data_of(call("doctor", "--json")[1])["settings"] == []


def test_settings_that_are_not_there_or_stand_twice(project: Path, call: Runner) -> None:
    code, out, _ = call("--config", "none.toml", "doctor")
    assert code == 3
    assert "none.toml does not exist" in out
    write(project / "pyproject.toml", "[tool.maturity-planner]\ntarget = 1\n")
    code, out, _ = call("doctor")
    assert code == 0
    assert "  !   settings: pyproject.toml has settings, too; maturity.toml is read alone" in out
    write(project / "pyproject.toml", "[tool.maturity-planner\n")
    assert "read alone" not in call("doctor")[1]


@pytest.mark.parametrize(
    ("name", "text", "finding", "words"),
    [
        ("assessment.yaml", "a: [", "assessment", "this is not YAML"),
        ("assessment.yaml", "a: 1\n", "assessment", "(and "),
        ("plan.yaml", "a: 1\n", "plan", "All of them: maturity-planner validate"),
        ("history.jsonl", "{\n", "history", "history.jsonl:1: this line is not JSON"),
        (".maturity", "", "state", ".maturity/ is no folder"),
        ("rubrics/ml-test-score.yaml", "a: 1\n", "rubric", "rubrics/ml-test-score.yaml:1: "),
        ("maturity.toml", 'plan = {include = ["a"]}\n', "pins", "maturity.toml:1: "),
        ("maturity.toml", 'assessment = "gone.yaml"\n', "assessment", "gone.yaml is not there"),
        ("maturity.toml", 'rubric = "none-such"\n', "rubric", 'there is no rubric "none-such"'),
    ],
)
def test_files_that_are_not_sound(
    project: Path, call: Runner, name: str, text: str, finding: str, words: str
) -> None:
    write(project / name, text)
    code, out, _ = call("doctor")
    assert code == 3
    assert f"  x   {finding}: " in out
    assert words in out


def test_an_assessment_that_only_an_option_names(project: Path, call: Runner) -> None:
    (project / "maturity.toml").unlink()
    code, out, _ = call("doctor", "--assessment", "other.yaml")
    assert code == 3
    assert "  x   assessment: other.yaml is not there" in out


def test_templates_of_its_own(project: Path, call: Runner) -> None:
    own = project / "templates" / "tickets"
    write(own / "ticket-title.md.j2", "{{ item.title }}")
    write(own / "ticket-title.j2", "")
    assert call("-q", "plan")[0] == 0
    code, out, _ = call("doctor")
    assert code == 0
    assert "ticket-title.j2 replaces no built-in template" in out
    assert 'Did you mean "ticket-title.md.j2"?' in out
    write(own / "ticket-title.md.j2", "{{ item.nothing }}")
    code, out, _ = call("doctor")
    assert code == 3
    assert "  x   templates: " in out
    assert "nothing" in out


def test_a_state_folder_without_rights(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".maturity").mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)
    code, out, _ = call("doctor")
    assert code == 3
    assert ".maturity/ cannot be written" in out


def test_a_ticket_folder_outside(project: Path, call: Runner) -> None:
    write(project / "maturity.toml", '[tracker.local]\ndirectory = "../x"\n')
    code, out, _ = call("doctor", "--json")
    assert code == 3
    assert ("settings", "tracker", "fault") in points(out)


def test_what_the_tracker_finds(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / "maturity.toml", GITHUB)
    monkeypatch.setenv("GITHUB_TOKEN", CANARY)
    well = Finding("token", Grade.OK, "accepted, for octocat")
    few = Finding("limits", Grade.WARNING, "12 of 5000 requests are left", "Wait 20 minutes.")
    tracker(monkeypatch, well, few)
    code, out, err = call("doctor")
    assert code == 0
    assert "  ok  token: accepted, for octocat\n  !   limits: 12 of" in out
    assert "        Wait 20 minutes.\n" in out
    assert CANARY not in out + err
    sick = Finding("rights", Grade.FAULT, "the token may not write\x1b[31m", "Give it rights.")
    tracker(monkeypatch, well, sick)
    code, out, err = call("doctor")
    assert (code, err) == (4, "Error: 1 fault of the tracker\n")
    assert "\x1b" not in out


def test_a_tracker_that_cannot_be_asked(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / "maturity.toml", GITHUB)
    tracker(monkeypatch, AuthError("there is no token for github", fix="Set GITHUB_TOKEN."))
    code, out, _ = call("doctor")
    assert code == 4
    assert "  x   tracker: there is no token for github\n        Set GITHUB_TOKEN." in out
    tracker(monkeypatch, NotFound("nothing answers"))
    code, out, _ = call("doctor", "--json")
    assert (code, points(out)[-1]) == (4, ("tracker", "github o/r", "fault"))


def test_a_fault_of_a_file_comes_before_one_of_the_tracker(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / "maturity.toml", GITHUB)
    write(project / "history.jsonl", "{\n")
    tracker(monkeypatch, Finding("rights", Grade.FAULT, "none"))
    assert call("doctor")[0] == 3


def test_no_token_is_shown_wherever_it_was_put(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker(monkeypatch)
    monkeypatch.setenv("MATURITY_PLANNER_TOKEN_COMMAND", f"echo {CANARY}")
    write(project / "maturity.toml", f'{GITHUB}token_command = "echo {CANARY}"\n')
    code, out, err = call("--debug", "doctor")
    assert code == 0
    assert [line.split() for line in out.splitlines() if line.startswith("token ")] == [
        ["token", "not", "shown", "maturity.toml:6"]
    ]
    assert CANARY not in out + err + call("doctor", "--json")[1]
    write(project / "maturity.toml", f'{GITHUB}token = "{CANARY}"\n')
    code, out, err = call("--debug", "doctor")
    assert code == 3
    assert CANARY not in out + err
