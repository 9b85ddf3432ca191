"""Files of a repository that are pipes, devices, folders or links out of it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from builders import document, item, mode
from maturity_planner.documents import dump_yaml
from results import Runner

SECONDS = 120
"""After which a command hangs; none takes a tenth of that."""

FILES = (
    *("maturity.toml", "assessment.yaml", "plan.yaml", "roadmap.yaml", "history.jsonl"),
    *("templates/tickets/ticket-body.md.j2", "backlog/tasks/TASK"),
)
MORE_FILES = (
    *("rubrics/tiny.yaml", "backlog/config.yml", "backlog/tasks", ".maturity", ".maturity/lock"),
    *("backlog", "rubrics", "templates", "templates/tickets", "pyproject.toml"),
)
COMMANDS = (
    *("validate", "doctor", "show", "score --record", "history", "assess --set a=manual"),
    *("plan --target 1", "roadmap --start 2026-12-01", "diff", "sync --yes --force"),
    *("track --accept all", "report --tickets", "graph", "rubrics"),
)


def _pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path, _: Path) -> None:
    path.mkdir()
    (path / "file").write_text("x")


def _link(target: str) -> Callable[[Path, Path], None]:
    return lambda path, outside: path.symlink_to(target.format(outside=outside, name=path.name))


def _twin(path: Path, outside: Path) -> None:
    """Put a link to a good copy outside in its place."""
    copy = outside / "copies" / path.name
    copy.parent.mkdir()
    kept = path.with_name(f"{path.name}.kept")
    if kept.is_dir():
        shutil.copytree(kept, copy)
    else:
        shutil.copy(kept, copy)
    path.symlink_to(copy)


def _garbage(path: Path, _: Path) -> None:
    path.write_bytes(b"\xff\x00" * 9)


KINDS: dict[str, Callable[[Path, Path], None]] = {
    "pipe": _pipe,
    "folder": _folder,
    "zeros": _link("/dev/zero"),
    "circle": _link("{name}"),
    "dead link": _link("{outside}/gone"),
    "link out": _link("{outside}/secret"),
    "good link out": _twin,
    "garbage": _garbage,
}


@pytest.fixture
def alarm() -> Iterator[None]:
    """End a command that hangs."""

    def hangs(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner) -> Path:
    """A project that has everything, in a repository."""
    root = tmp_path / "project"
    modes = {"manual": mode(1), "automated": mode(1)}
    (root / "templates/tickets").mkdir(parents=True)
    (root / "templates/tickets/ticket-body.md.j2").write_text("Text.")
    (root / ".git").mkdir()
    (root / "rubrics").mkdir()
    (root / "rubrics/tiny.yaml").write_text(
        dump_yaml(document({"s": [item("a", modes=modes), item("b", modes=modes)]}))
    )
    (root / "assessment.yaml").write_text(
        "schema: maturity-planner/assessment/v1\nsystem: tiny-system\nrubric: tiny\n"
        "date: 2026-11-01\nanswers: {}\n"
    )
    (root / "maturity.toml").write_text("[team.people]\nengineer = 1\n")
    (root / "pyproject.toml").write_text("")
    monkeypatch.chdir(root)
    for command in ("plan --target 1", "roadmap --start 2026-12-01", "sync", "score --record"):
        assert call("-q", *command.split())[0] == 0
    return root


def everything(folder: Path) -> dict[str, bytes]:
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return found | {str(path): b"" for path in folder.rglob("*") if not path.is_file()}


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", [*FILES, *(pytest.param(name, marks=pytest.mark.slow) for name in MORE_FILES)]
)
def test_no_file_of_a_repository_hangs_or_leads_out(
    full: Path, tmp_path: Path, call: Runner, name: str, kind: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("canary-7d1f: 1\n")
    path = full / name
    if name.endswith("TASK"):
        path = sorted(path.parent.iterdir())[-1]
    kept = path.with_name(f"{path.name}.kept")
    if path.exists():
        path.rename(kept)
    else:
        kept.touch()
    KINDS[kind](path, outside)
    before = everything(outside)
    for command in COMMANDS:
        code, _, err = call("-q", *command.split())
        assert code in (0, 1, 3, 4), (command, code, err)
    assert everything(outside) == before
    copies = [file for file in full.rglob("*") if file.is_file() and not file.is_symlink()]
    assert [file for file in copies if b"canary-7d1f" in file.read_bytes()] == []


def test_a_path_of_the_project_is_printed_as_from_here(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ("assess", "--set", "data-4-meta-requirements=manual")
    assert call(*answer)[1] == "1 answer saved in assessment.yaml.\n"
    assert "Written to plan.yaml." in call("plan")[2]
    assert "Written to roadmap.yaml." in call("roadmap", "--end", "2027-06-30")[2]
    monkeypatch.chdir(project.parent)
    settings = ("--config", f"{project.name}/maturity.toml")
    assert f"Written to {project.name}/plan.yaml." in call(*settings, "plan")[2]
    (project / "deeper").mkdir()
    monkeypatch.chdir(project / "deeper")
    assert f"Written to {project / 'plan.yaml'}." in call("plan")[2]
    (project / "assessment.yaml").unlink()
    monkeypatch.chdir(project)
    assert call("score")[2].startswith("Error: assessment.yaml does not exist")
