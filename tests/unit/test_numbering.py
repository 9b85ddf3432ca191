"""Numbers for new tickets: above every one in use, whoever took it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from maturity_planner.trackers.numbering import Numbering


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """The folder of a board's tickets, last changed a while ago."""
    folder = tmp_path / "tasks"
    folder.mkdir()
    (folder / "task-3 - Three.md").touch()
    os.utime(folder, (1, 1))
    return folder


def test_a_number_is_above_those_of_files_and_of_ids(tasks: Path) -> None:
    assert Numbering(tasks.parent).next("task", ["TASK-2"]) == 4
    assert Numbering(tasks.parent).next("task", ["TASK-7", "OTHER-9"]) == 8


def test_what_the_client_adds_is_seen(tasks: Path) -> None:
    numbering = Numbering(tasks.parent)
    assert numbering.next("task", []) == 4
    (tasks / "task-50 - Theirs.md").touch()
    assert numbering.next("task", []) == 51


def test_the_folders_are_listed_once_for_many_tickets_of_ours(
    tasks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbering, glob = Numbering(tasks.parent), Path.glob
    listed: list[Path] = []

    def noted(folder: Path, pattern: str) -> Iterator[Path]:
        listed.append(folder)
        yield from glob(folder, pattern)

    monkeypatch.setattr(Path, "glob", noted)
    for number in range(4, 20):
        assert numbering.next("task", []) == number
        with numbering.ours():
            (tasks / f"task-{number} - Ours.md").touch()
    assert len(listed) == 4  # each of the folders


def test_what_the_client_adds_before_a_change_of_ours_is_seen(tasks: Path) -> None:
    numbering = Numbering(tasks.parent)
    assert numbering.next("task", []) == 4
    (tasks / "task-50 - Theirs.md").touch()
    with numbering.ours():
        (tasks / "task-4 - Ours.md").touch()
    assert numbering.next("task", []) == 51
