"""What holds for every command: help, docs, schemas, and nothing heavy at the start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from maturity_planner.cli.commands.schema import KINDS
from maturity_planner.cli.main import COMMANDS, cli
from maturity_planner.output_shapes import KINDS as KNOWN_KINDS
from maturity_planner.trackers import TRACKERS

ROOT = Path(__file__).parents[2]
HEAVY = {
    *("github", "jira", "jinja2", "mistune", "networkx", "ortools", "highspy", "numpy"),
    *("pandas", "pydantic", "requests", "rich", "ruamel", "yaml"),
}


def environment(folder: Path) -> dict[str, str]:
    """Return an environment whose cache of checked files is the folder's own."""
    own = {"PYTHONPATH": str(ROOT / "src"), "XDG_CACHE_HOME": str(folder / "cache")}
    return os.environ | own


def imported(*arguments: str, folder: Path) -> set[str]:
    """Return the top-level modules that a run of the command imports."""
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "maturity_planner", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env=environment(folder),
    )
    return {
        line.split("|")[2].strip().split(".")[0]
        for line in found.stderr.splitlines()
        if "|" in line
    }


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    for path in (ROOT / "examples" / "fraud-scoring").iterdir():
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "maturity_planner", "-q", "plan"],
        cwd=folder,
        check=True,
        capture_output=True,
        env=environment(folder),
    )
    return folder


def test_help_imports_nothing_heavy(example: Path) -> None:
    assert imported("--help", folder=example) & HEAVY == set()


def test_a_score_of_known_files_imports_nothing_heavy(example: Path) -> None:
    imported("score", folder=example)  # the first look checks, the second one reads
    imported("score", folder=example)
    assert imported("score", folder=example) & HEAVY == set()


def test_a_doctor_of_checked_files_imports_at_most_yaml(example: Path) -> None:
    imported("doctor", folder=example)  # the first look at a plan checks it
    assert imported("doctor", folder=example) & HEAVY <= {"yaml"}


def test_a_report_of_known_files_imports_no_solver_and_no_tracker(example: Path) -> None:
    imported("report", folder=example)  # the first look at a plan checks it
    imported("report", folder=example)
    assert imported("report", folder=example) & HEAVY == set()
    page = imported("report", "--format", "html", folder=example) & HEAVY
    assert page == {"jinja2"}


def test_a_plan_needs_no_tracker_no_templates_and_no_pandas(example: Path) -> None:
    heavy = imported("plan", "-n", folder=example) & HEAVY
    trackers = {"github", "jira", "mistune", "requests"}
    assert not heavy & (trackers | {"jinja2", "pandas", "rich", "networkx"})


def test_a_local_sync_needs_neither_github_nor_jira_nor_the_solver(example: Path) -> None:
    heavy = imported("sync", "-n", folder=example) & HEAVY
    trackers = {"github", "jira", "mistune", "requests"}
    assert not heavy & (trackers | {"ortools", "highspy", "numpy", "networkx"})


LONG = "plan", "frontier", "roadmap", "sync", "diff", "track", "doctor", "validate", "report"


@pytest.mark.parametrize("name", LONG)
def test_without_a_terminal_no_command_imports_what_draws_progress(
    example: Path, name: str
) -> None:
    options = {"roadmap": ["--end", "2027-03-31"], "report": ["--odds", "--frontier", "--tickets"]}
    # Not even when everything takes longer than a second.
    code = (
        "import sys\n"
        "import maturity_planner.cli.waiting as waiting\n"
        "from maturity_planner.cli.main import run\n"
        "waiting.QUIET_SECONDS = -1\n"
        "assert run(sys.argv[1:]) == 0\n"
        "assert 'rich' not in sys.modules\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, name, *options.get(name, [])],
        cwd=example,
        check=True,
        capture_output=True,
        env=environment(example),
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_section_in_the_docs(name: str) -> None:
    command = cli.get_command(
        cli.make_context("maturity-planner", ["--help"], resilient_parsing=True), name
    )
    assert command is not None
    assert command.help
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), parameter.name
    docs = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert f"\n## {name}\n" in docs


def test_every_kind_of_import_has_help_and_a_section_in_the_docs() -> None:
    docs = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    context = click.Context(cli, info_name="maturity-planner")
    group = cli.get_command(context, "import")
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        assert command.help
        assert f"\n### import {name}\n" in docs
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), parameter.name


def test_an_import_needs_neither_shapes_nor_solvers(example: Path) -> None:
    model = "Kitchen: {Ovens: {List: {uuid: a, level: 1}}}"
    (example / "model.yaml").write_text(model, encoding="utf-8")
    heavy = imported("import", "dsomm", "model.yaml", folder=example) & HEAVY
    assert heavy == {"yaml"}


def test_a_rubric_is_known_to_be_sound_after_its_import(example: Path) -> None:
    model = "Kitchen: {Ovens: {List: {uuid: a, level: 1}}}"
    (example / "model.yaml").write_text(model, encoding="utf-8")
    imported("import", "dsomm", "model.yaml", "-o", "known.yaml", folder=example)
    heavy = imported("graph", "--rubric", "known.yaml", folder=example) & HEAVY
    assert "pydantic" not in heavy


def test_every_tracker_has_contract_tests_and_a_page() -> None:
    suite = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tests" / "contract").glob("*place*.py")
    )
    for kind, (module, name) in TRACKERS.items():
        assert re.search(rf"\b{name}\b", suite), kind
        assert (ROOT / "docs" / "trackers" / f"{module}.md").exists()


def test_the_schema_command_offers_every_kind() -> None:
    assert set(KINDS) == set(KNOWN_KINDS)
