"""What the pages show works: the README's commands are run, those of the docs read.

Many of the docs' commands ask a server, or go on from a project that the page does not make; of
these names, options and values are checked.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

import models
from maturity_planner.cli.main import cli, run

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))


def commands(page: str) -> list[list[str]]:
    """Return our commands in the console blocks of a page, transcripts left out."""
    text = (ROOT / page).read_text(encoding="utf-8")
    text = re.sub(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", "", text, flags=re.DOTALL)
    found = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words[:1] == ["maturity-planner"]:
                found.append(words[1:])
    return found


def test_the_readmes_own_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = commands("README.md")
    assert len(found) >= 12
    for shown in found:
        # The interview's answers are given here.
        extra = ["--set", "data-1-feature-schema=manual"] if shown == ["assess"] else []
        arguments = [*shown, *extra]
        if arguments == ["track"]:
            closed = max((tmp_path / "backlog" / "tasks").glob("*.md"))
            text = closed.read_text(encoding="utf-8")
            closed.write_text(text.replace("status: To Do", "status: Done"), encoding="utf-8")
        assert run(arguments) == 0, arguments


def test_several_rubrics_as_their_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for shown in commands("docs/several-rubrics.md"):
        assert run(shown) == 0, shown


def test_answers_from_elsewhere_as_their_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs/importing-answers.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (tmp_path / "answers.csv").write_text(table, encoding="utf-8")
    result = '{"checks": [{"name": "SAST", "score": 7, "reason": "some"}]}'
    (tmp_path / "result.json").write_text(result, encoding="utf-8")
    for shown in commands("docs/importing-answers.md"):
        assert run(shown) == 0, shown


def test_the_page_on_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/importing.md").read_text(encoding="utf-8")
    model, progress = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    circle = model.replace("usefulness: 4", "usefulness: 4\n      dependsOn: [Oven alarm]")
    for name, part in {"model": model, "team-progress": progress, "circle": circle}.items():
        Path(f"{name}.yaml").write_text(part, encoding="utf-8")
    models.write_samm(tmp_path / "samm" / "model", models.samm((1, 1)))
    found = commands("docs/importing.md")
    assert len(found) >= 10
    for shown in found:
        assert run(shown) == 0, shown
    assert run(["validate", "circle-rubric.yaml", "assessment.yaml"]) == 0


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_are_ours(page: str) -> None:
    context = click.Context(cli, info_name="maturity-planner")
    for name, *rest in commands(page):
        command = cli.get_command(context, name)
        assert command, name
        command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text(encoding="utf-8")):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(
        r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8")
    ):
        assert (ROOT / target).exists(), target
