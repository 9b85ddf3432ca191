"""The folder of a Backlog.md board: its sub-folders, its settings, the names of its files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..documents import Unreadable, parse_yaml
from ..errors import TrackerError, UserError
from ..files import read_text, write_new
from .task_file import Broken, TaskFile

TASKS, COMPLETED, ARCHIVE, DRAFTS = "tasks", "completed", "archive/tasks", "drafts"
FOLDERS = (TASKS, COMPLETED, ARCHIVE, DRAFTS)
KEPT = (*FOLDERS, "archive/drafts", "milestones", "docs", "decisions")
LIVE = (TASKS, COMPLETED)
STATUSES = ("To Do", "In Progress", "Done")

_TEMPORARY = re.compile(
    r"\.(?:[A-Za-z]+-\d+ - .*|.*\.md|config\.yml|\.gitkeep)\.[a-z0-9_]{8}", re.DOTALL
)
"""What `files.write_new` and `files.write_atomic` call a file until it is complete."""

CONFIG = """\
project_name: "{name}"
default_status: "To Do"
statuses: ["To Do", "In Progress", "Done"]
labels: []
date_format: yyyy-mm-dd
max_column_width: 20
auto_open_browser: false
default_port: 6420
remote_operations: false
auto_commit: false
filesystem_only: false
bypass_git_hooks: false
check_active_branches: false
active_branch_days: 30
task_prefix: "task"
"""


@dataclass(frozen=True, slots=True)
class Board:
    """The board's columns, of which the last one means done, and what names begin with."""

    statuses: tuple[str, ...] = STATUSES
    prefix: str = "task"

    def is_done(self, file: TaskFile) -> bool:
        """Whether the ticket stands in the last column."""
        return file.word("status").casefold() == self.statuses[-1].casefold()

    def is_open(self, file: TaskFile) -> bool:
        """Whether the ticket stands in the first column, or in none."""
        return file.word("status").casefold() in ("", self.statuses[0].casefold())

    def is_ticket_name(self, name: str) -> bool:
        """Whether a file is called as a ticket is: `task-1 - Title.md`."""
        pattern = rf"{self.prefix}-[0-9.]+ - .*\.md"
        return re.fullmatch(pattern, name, re.IGNORECASE | re.DOTALL) is not None


def read_board(folder: Path) -> Board:
    """Return the board's settings; the client's defaults where it has none.

    Raises:
        Broken: config.yml cannot be read.
    """
    config = folder / "config.yml"
    if not config.exists():
        return Board()
    try:
        data = parse_yaml(text_of(config)).data
    except Unreadable as stop:
        fault = stop.fault
        raise Broken(fault.message, fault.fix, fault.line, fault.column) from stop
    given = data if isinstance(data, dict) else {}
    statuses, prefix = given.get("statuses"), str(given.get("task_prefix", ""))
    return Board(
        tuple(map(str, statuses)) if isinstance(statuses, list) and statuses else STATUSES,
        prefix.lower() if re.fullmatch("[A-Za-z]+", prefix) else "task",
    )


def tidy_board(folder: Path) -> None:
    """Remove the incomplete files of a run that was killed."""
    for name in ("", *KEPT):
        for path in (folder / name).glob(".*"):
            if _TEMPORARY.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)


def prepare_board(folder: Path, system: str) -> None:
    """Create the folders and the board's settings where they are missing."""
    config = folder / "config.yml"
    if not config.exists():
        name = re.sub(r"[^\w .-]", " ", system).strip() or "project"
        translated(lambda: write_new(config, CONFIG.format(name=name)))
    for kept in KEPT:
        # The client fails on folders that are missing, and git keeps no empty ones.
        keep = folder / kept / ".gitkeep"
        if not keep.parent.exists():
            translated(partial(write_new, keep, ""))


def translated(write: Callable[[], None]) -> None:
    """Turn a file error into one of the tracker, so that a sync can say how far it came."""
    try:
        write()
    except UserError as error:
        raise TrackerError(error.message, fix=error.fix) from error


def text_of(path: Path) -> str:
    """Return the text of a file of the board.

    Raises:
        Broken: it cannot be read.
    """
    try:
        return read_text(path)
    except UserError as error:
        if error.faults:  # not UTF-8
            fault = error.faults[0]
            raise Broken(fault.message, fault.fix, fault.line, fault.column) from error
        # Whoever tells it names the file before it.
        raise Broken(f"this {error.message.removeprefix(f'{path} ')}", error.fix) from error


def file_title(title: str) -> str:
    """Return the title as the client puts it into a file's name, at most 80 characters."""
    text = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "-", title)
    text = re.sub(r"['(),!@#$%^&+=\[\]{};]", "", text)
    text = re.sub(r"-+", "-", re.sub(r"\s+", "-", text)).strip("-")
    short = text.encode()[:80].decode(errors="ignore").rstrip("-")
    return short or "untitled"
