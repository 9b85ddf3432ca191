"""The pages work as they stand: whatever they tell a reader to type is run.

`reader` says how a page is followed, and how a page says what stands before its commands.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

import models
from fakes.github import TOKEN as GITHUB_TOKEN
from fakes.github import FakeGitHub
from fakes.jira import EMAIL, FakeJira
from fakes.jira import TOKEN as JIRA_TOKEN
from maturity_planner import __version__
from maturity_planner.cli.main import cli, run
from maturity_planner.documents import parse_yaml
from maturity_planner.output_shapes import schema_of
from maturity_planner.trackers import patience
from reader import MADE, Part, Reader, parts

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for glob in ("*.md", "docs/**/*.md")
    for path in ROOT.glob(glob)
)
NOT_RUN = 5
"""How many blocks of all pages nobody runs here; each says why."""


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.fixture
def reader(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new_github: Callable[..., FakeGitHub],
    new_jira: Callable[..., FakeJira],
) -> Reader:
    """Somebody in an empty folder, for whom fakes stand in for the services."""

    def github(reader: Reader) -> None:
        fake = new_github()
        fake.repo.people.add("octocat")
        repository = 'repository = "acme/fraud-model"\n'
        reader.named[repository] = f'{repository}base_url = "{fake.base_url}"\n'
        reader.named["by https://api.github.com"] = f"by {fake.base_url}"
        monkeypatch.setenv("GITHUB_TOKEN", GITHUB_TOKEN)

        def close_two(_: Reader) -> None:
            for issue in fake.issues[-2:]:
                fake.people.close(issue.number)

        reader.setups["two tickets are closed"] = close_two

    def jira(reader: Reader, flavour: str, server: str) -> None:
        fake = new_jira(flavour)
        reader.named |= {server: fake.base_url, "ana@example.com": EMAIL}
        monkeypatch.setenv("JIRA_TOKEN", JIRA_TOKEN)

        def close_two(_: Reader) -> None:
            for issue in fake.issues[-2:]:
                fake.people.close(issue.key)

        reader.setups["two tickets are closed"] = close_two

    folder = tmp_path / "fraud-scoring"  # which names the system
    folder.mkdir()
    monkeypatch.chdir(folder)
    programs = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for name in ("BETWEEN_WRITES", "IN_DOUBT", "FIRST_RETRY"):
        monkeypatch.setattr(patience, name, 0)
    setups = {
        "an assessment": lambda reader: reader.write("assessment.yaml", EXAMPLE),
        "two tickets are closed": close_two_files,
        "other people's models": bring_models,
        "a result of Scorecard": lambda reader: reader.write("result.json", SCORECARD),
        "GitHub": github,
        "Jira Cloud": lambda reader: jira(reader, "cloud", "https://acme.atlassian.net"),
        "Jira Data Center": lambda reader: jira(reader, "dc", "https://jira.example.com"),
    }
    return Reader(folder, monkeypatch, setups)


EXAMPLE = (ROOT / "examples" / "fraud-scoring" / "assessment.yaml").read_text(encoding="utf-8")
SCORECARD = '{"checks": [{"name": "SAST", "score": 7, "reason": "some"}]}'


def close_two_files(_: Reader) -> None:
    """Close the last two tickets in files, which are of two upgrades."""
    tasks = Path("backlog", "tasks").glob("*.md")
    for path in sorted(tasks, key=lambda path: int(path.name.split()[0].partition("-")[2]))[-2:]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("status: To Do", "status: Done"), encoding="utf-8")


def bring_models(reader: Reader) -> None:
    """Bring a model of SAMM's form, and the page's own of DSOMM's with a circle in it."""
    models.write_samm(reader.folder / "samm" / "model", models.samm((1, 1)))
    model = Path("model.yaml").read_text(encoding="utf-8")
    circle = model.replace("usefulness: 4", "usefulness: 4\n      dependsOn: [Oven alarm]")
    Path("circle.yaml").write_text(circle, encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if "```console" in text_of(page)])
def test_a_reader_gets_what_a_page_shows(page: str, reader: Reader) -> None:
    text = text_of(page)
    transcripts = list(reader.follow(text))
    if os.environ.get("GOLDEN") == "write":
        for shown, printed in transcripts:
            text = text.replace(f"```console\n{shown}```", f"```console\n{printed}```", 1)
        (ROOT / page).write_text(text, encoding="utf-8")
    else:
        assert [shown for shown, _ in transcripts] == [printed for _, printed in transcripts]
    if page in {"docs/your-own-rubric.md", "docs/tutorial.md"}:
        assert run(["validate", "--strict"]) == 0


def test_the_picture_in_the_readme_is_of_todays_report(reader: Reader) -> None:
    ((name, told),) = re.findall(r'<img src="(.*?)".*?alt="(.*?)"', text_of("README.md"), re.DOTALL)
    assert (ROOT / name).stat().st_size < 120_000
    reader.run("maturity-planner -q demo .")
    report = " ".join(reader.run("maturity-planner report").split())
    for figure in [*re.findall(r"\d[\d.-]*\b", told), "Model development and ML infrastructure"]:
        assert figure in " ".join(told.split())
        assert figure in report, f"{figure}: make picture, and say here what it shows"


@pytest.mark.parametrize("page", PAGES)
def test_whatever_looks_like_a_command_is_in_a_console_block(page: str) -> None:
    text = MADE.sub("", text_of(page))
    found = parts(text)
    assert text.count("```") == 2 * sum(not part.mark for part in found), "a block is not closed"
    for part in found:
        if part.kind == "console":
            assert part.lines, part.text
        elif not part.mark:
            assert not re.search(r"^(\$ |maturity-planner )", part.text, re.MULTILINE), part.text


def test_blocks_that_nobody_runs_say_why_and_are_few() -> None:
    reasons = [p.text for page in PAGES for p in parts(text_of(page)) if p.mark == "not run"]
    assert len(reasons) <= NOT_RUN, reasons
    assert all(len(reason.split()) > 3 for reason in reasons), reasons


def test_what_cog_makes_is_checked_or_measured() -> None:
    makefile = text_of("Makefile")
    for page in PAGES:
        assert ("[[[cog" in text_of(page)) <= (page in makefile), page


@pytest.mark.parametrize("page", PAGES)
def test_commands_named_in_a_sentence_are_ours(page: str) -> None:
    context = click.Context(cli, info_name="maturity-planner")
    prose = "".join(re.split(r"^```.*?^```$", text_of(page), flags=re.DOTALL | re.MULTILINE))
    for words in re.findall(r"`maturity-planner ([a-z][^`]*)`", prose):
        name, *rest = words.split()
        command = cli.get_command(context, name)
        assert command, words
        ours = {option for one in command.params for option in [*one.opts, *one.secondary_opts]}
        assert {word for word in rest if word.startswith("-")} <= ours, words


@pytest.mark.parametrize("page", PAGES)
def test_files_shown_fit_their_schemas(page: str) -> None:
    for part in parts(text_of(page)):
        text = part.text.removeprefix("---\n")
        kind = re.match(r"(?:#.*\n)*schema: maturity-planner/(\w+)/", text)
        if part.kind == "toml":
            jsonschema.validate(tomllib.loads(text), loosened(schema_of("settings")))
        elif part.kind == "yaml" and kind:
            jsonschema.validate(parse_yaml(text).data, loosened(schema_of(kind[1])))


def loosened(schema: Any) -> Any:
    """Return a schema for a part of a file, which need not have every key."""
    if isinstance(schema, dict):
        return {key: loosened(one) for key, one in schema.items() if key not in ("required", "if")}
    return [loosened(one) for one in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("tracker", ["local", "github", "jira"])
def test_messages_explained_are_ours(tracker: str) -> None:
    modules = (ROOT / "src").rglob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in modules)
    source = re.sub(r'"\n *f?"', "", source)
    _, _, below = text_of(f"docs/trackers/{tracker}.md").partition("## When it says no\n")
    told = re.findall(r"^\| (?!message|---)(.*?) \|", below.partition("\n## ")[0], re.MULTILINE)
    assert len(told) > 3
    for message in told:
        # Names and numbers stand for whatever the message names.
        for words in re.split(r'"[^"]*"|\b[A-Z][\w-]*|\d+', message):
            assert len(words.split()) < 2 or words.strip(" ,") in source, message


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target, heading in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text_of(page)):
        there = (ROOT / page).parent / target if target else ROOT / page
        assert there.exists(), target
        assert not heading or heading in headings(there.read_text(encoding="utf-8")), heading


def headings(text: str) -> set[str]:
    """Return the names that GitHub gives to the headings of a page."""
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES)
def test_targets_of_make_are_there(page: str) -> None:
    named = set(re.findall(r"[`$] ?make ([a-z]+)", text_of(page)))
    assert [one for one in named if f"\n{one}:" not in text_of("Makefile")] == []


def test_the_latest_changes_are_those_of_this_version() -> None:
    found = re.findall(r"^## (\S+)(?: - \d{4}-\d\d-\d\d)?$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert found[:2] == ["Unreleased", __version__]


def test_a_command_that_nobody_can_run_is_found(reader: Reader) -> None:
    with pytest.raises(AssertionError, match="mark the block"):
        list(reader.follow("```console\n$ make test\n```\n"))
    with pytest.raises(AssertionError, match="there is no command"):
        list(reader.follow("```console\n$ maturity-planner plna\n```\n"))
    assert Part("", "$ ls\n", "console").is_transcript is False
