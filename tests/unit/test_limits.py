"""What no reader may do: wait for ever, fill the memory, or tell more than a screen holds.

No clock is watched. What took the square of its length would not end within days here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fuzz.target import answered
from maturity_planner.checking import faults_of
from maturity_planner.cli.options import SCORE
from maturity_planner.config import find_project
from maturity_planner.core.graph import _SELECTOR
from maturity_planner.documents import MOST_BYTES, Unreadable, parse_yaml
from maturity_planner.errors import MaturityError, UserError
from maturity_planner.files import load_rubric, read_bytes
from maturity_planner.history import parse_history, read_history
from maturity_planner.importers.dsomm import Choice, as_rubric, read_model
from maturity_planner.importers.scorecard import load_result
from maturity_planner.importers.sheet import import_sheet
from maturity_planner.linting import _IGNORED
from maturity_planner.plans import load_plan
from maturity_planner.rendering import safe
from maturity_planner.report.markdown import _FIRST, _SIGNS
from maturity_planner.report.page import _LINK
from maturity_planner.resources import bundled_rubrics
from maturity_planner.roadmaps import load_roadmap
from maturity_planner.state import Journal
from maturity_planner.toml_documents import parse_toml
from maturity_planner.trackers.block import Block
from maturity_planner.trackers.jira_notebook import Notebook
from maturity_planner.trackers.jira_text import digest, take_apart
from maturity_planner.trackers.local import LocalTracker
from maturity_planner.trackers.task_file import Broken, TaskFile, find_identity

RUBRIC = load_rubric(bundled_rubrics()["ml-test-score"])
N = 1_000_000

Read = Callable[[Path], Any]


def of_folder(read: Callable[[Path], Any], name: str) -> Read:
    """Return a reader of a folder in which the file lies under that name."""

    def reader(path: Path) -> Any:
        place = path.parent / "folder" / name
        place.parent.mkdir(parents=True)
        place.symlink_to(path)
        return read(path.parent / "folder")

    return reader


READERS: dict[str, Read] = {
    "rubric": load_rubric,
    "plan": lambda path: load_plan(path, RUBRIC),
    "roadmap": lambda path: load_roadmap(path, RUBRIC),
    "settings": lambda path: find_project(path.parent, path),
    "history": read_history,
    "dsomm": lambda path: as_rubric(path, *read_model(path), Choice()),
    "table": lambda path: import_sheet(path, (RUBRIC,)),
    "scorecard": load_result,
    "journal": of_folder(lambda path: Journal(path, lambda: 0).unfinished(), "journal.jsonl"),
    "ticket": of_folder(lambda path: LocalTracker({}, path, "s").read("a"), "backlog/tasks/a.md"),
    "board": of_folder(lambda path: LocalTracker({}, path, "s").read("a"), "backlog/config.yml"),
}


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a limit be small, so that the test is."""
    for name, module in list(sys.modules.items()):
        if name.startswith("maturity_planner") and getattr(module, "MOST_BYTES", 0) == MOST_BYTES:
            monkeypatch.setattr(module, "MOST_BYTES", 1_000_000)


@pytest.mark.parametrize("name", READERS)
def test_a_device_without_an_end_is_refused(name: str, small_limit: None, tmp_path: Path) -> None:
    (tmp_path / "file").symlink_to("/dev/zero")
    with pytest.raises(MaturityError) as stop:
        READERS[name](tmp_path / "file")
    told = " ".join([stop.value.message, *(fault.message for fault in stop.value.faults)])
    assert "is larger than 1 MB" in told or "is no file" in told


@pytest.mark.parametrize("name", READERS)
def test_nobody_waits_for_a_pipe(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file")
    with pytest.raises(MaturityError) as stop:
        READERS[name](tmp_path / "file")
    told = " ".join([stop.value.message, *(fault.message for fault in stop.value.faults)])
    assert "is a pipe" in told or "is no file" in told


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", ["[" * N, '{"a":' * (N // 5), "- " * N, "a: " * N, "9" * N])
def test_no_depth_and_no_length_breaks_a_reader(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(text, encoding="utf-8")
    answered(lambda: READERS[name](tmp_path / "file"))  # which looks at the message, too


def test_a_file_of_the_size_of_a_disk_is_not_read(small_limit: None, tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(10**12)  # it has holes and takes no room
    with pytest.raises(UserError, match="is larger than 1 MB"):
        read_bytes(tmp_path / "file")


def test_what_is_remembered_of_a_tracker_may_be_spoilt_in_any_way(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path, "x")
    notebook._path.parent.mkdir()
    for text in ("[" * N, "9" * 5000, "[]", "\x00", '{"plan a": {"b": 1}}'):
        notebook._path.write_text(text, encoding="utf-8")
        assert Notebook(tmp_path, "x").keys("a") == []
    notebook._path.unlink()
    os.mkfifo(notebook._path)
    assert Notebook(tmp_path, "x").keys("a") == []


def test_very_many_lines_of_history_are_read_one_by_one() -> None:
    history = parse_history(b"{}\n" * 100_000, "history.jsonl")
    assert len(history.left_out) == 100_000


def test_a_message_never_fills_the_screen() -> None:
    text = f"schema: maturity-planner/rubric/v1\nid: {'x' * N}\n{'y' * N}: 1\n"
    faults, _ = faults_of("rubric", text, "r.yaml", parse=parse_yaml)
    assert faults
    assert max(len(fault.message) for fault in faults) <= 2000
    assert len(UserError("x" * N, fix="y" * N).message) == 2000


def refused(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader that does not mind being right."""

    def reader(text: str) -> None:
        with pytest.raises((Unreadable, Broken)):
            read(text)

    return reader


LONG: list[tuple[Callable[[str], Any], str]] = [
    (refused(parse_toml), "a." * N + "a = 1"),
    (refused(parse_toml), "[" + "a." * N + "a]"),
    (refused(parse_toml), "x = {" + '"a" . ' * N + "b = 1}"),
    (refused(parse_yaml), "? " * N),
    (refused(TaskFile), "---\n" + "a\n---x\n" * N),
    (refused(TaskFile), "---" + " " * N),
    (SCORE._why_not, "1" * N + "x"),
    (SCORE._why_not, "1" * N + "."),
    (_SELECTOR.fullmatch, "1" * N + "++"),
    (lambda text: take_apart(text, None), "mp-uid: " + "." * N + " x"),
    (lambda text: take_apart(text, None), "mp-uid: " + "a." * N + " x"),
    (lambda text: take_apart(text, None), "mp-uid: a.b" + " " * N + "x"),
    (lambda text: take_apart(text, None), "Done when" + " " * N + "x\nmp-uid: a.b"),
    (lambda text: take_apart(text, "0" * 12), "a\n" * N + "mp-uid: a.b"),
    (digest, "{a:" * N),
    (digest, "[" + "a" * N + "|" + "a" * N),
    (digest, "[a|" * N),
    (Block.parse, "x\n" * N),
    (find_identity, "<!-- mp {" + "} --> \t" * N + "x"),
    (safe, "<!-" * N),
    (_LINK.findall, "http://" + "?" * N),
    (_LINK.findall, "http://" * N),
    (_SIGNS.findall, "a_" * N),
    (_FIRST.search, "-" * N + "x"),
    (_IGNORED.search, "# ignore: " + "a , " * N + "!"),
]


@pytest.mark.parametrize(("read", "text"), LONG)
def test_time_grows_with_the_length_and_not_with_its_square(
    read: Callable[[str], Any], text: str
) -> None:
    read(text)


def test_a_number_with_blanks_for_miles_is_looked_at_once() -> None:
    text = f'target = "1{" " * N}!"\n'
    (fault,) = faults_of("settings", text, "m.toml", parse=parse_toml)[0]
    assert "should be a number" in fault.message
