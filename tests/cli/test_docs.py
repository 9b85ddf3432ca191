"""What the pages show works: the README's commands are run, those of the docs read.

The page on a rubric of one's own is followed step by step, and shows what is printed. Many of the
other docs' commands ask a server, or go on from a project that the page does not make; of these
names, options and values are checked.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
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
            if not line.startswith("$ "):  # what the command prints
                continue
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


def follow(text: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Do what a page says, in a folder: write files, edit them, run commands.

    Yields each console block, with what its commands print put in.
    """
    for kind, block in re.findall(r"```(console|diff|yaml)\n(.*?)```", text, re.DOTALL):
        if kind == "console":
            yield block, transcript(block).replace(f"{folder}/", "")  # the reader's own folder
        elif kind == "diff":
            name, _, edits = block.removeprefix("--- ").partition("\n")
            path = folder / name
            changed = path.read_text(encoding="utf-8")
            for old, new in re.findall(r"^-(.*)\n\+(.*)$", edits, re.MULTILINE):
                assert changed.count(f"{old}\n") == 1, old
                changed = changed.replace(f"{old}\n", f"{new}\n")
            path.write_text(changed, encoding="utf-8")
        elif block.startswith("# file: "):
            name, _, content = block.removeprefix("# file: ").partition("\n")
            (folder / name).write_text(content, encoding="utf-8")


def transcript(block: str) -> str:
    """Return the commands of a console block, each with the result that it prints."""
    lines = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            code = run(shlex.split(line)[2:])
        assert code in {0, 1}, line
        lines += [line, *printed.getvalue().splitlines(), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def test_a_reader_gets_what_the_page_of_ones_own_rubric_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "docs" / "your-own-rubric.md"
    text = page.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    blocks = list(follow(text, tmp_path))
    assert len(blocks) >= 9
    if os.environ.get("GOLDEN") == "write":
        for shown, printed in blocks:
            text = text.replace(f"```console\n{shown}```", f"```console\n{printed}```", 1)
        page.write_text(text, encoding="utf-8")
    else:
        assert [shown for shown, _ in blocks] == [printed for _, printed in blocks]
    assert run(["validate", "--strict"]) == 0


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
