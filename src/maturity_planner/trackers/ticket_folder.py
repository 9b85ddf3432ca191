"""The folder of ticket files: which there are, what each means by a name, and how they change."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from ..core.quantity import plural
from ..core.tickets import Uid, Value
from ..errors import ConfigError, Conflict, Fault, TrackerError, UserError
from ..files import read_text, write_atomic, write_new
from .base import LastRead
from .board import FOLDERS, LIVE, TASKS, Board, read_board, text_of, translated
from .numbering import Numbering
from .task_file import Broken, Identity, TaskFile, check_lost_identity, id_in, line_of_identity


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket of ours: where it lies, and its text on the disk and as we change it."""

    path: Path
    folder: str
    source: str
    file: TaskFile

    @property
    def identity(self) -> Identity:
        """What makes it a ticket of ours, and what we last wrote."""
        assert self.file.identity is not None
        return self.file.identity

    @property
    def uid(self) -> Uid:
        """Its name across all runs."""
        return Uid(self.identity.uid)

    @property
    def name(self) -> str:
        """Its id on the board, such as TASK-7."""
        return self.file.word("id").upper()


class TicketFolder:
    """The tickets of one plan in a folder of the project."""

    def __init__(self, root: Path, name: str) -> None:
        """Use a folder that is or will be there.

        Raises:
            ConfigError: the folder lies outside the project, or can be no folder.
        """
        self.name = name
        self.path = root / name
        self.board = Board()
        self._root = root.resolve()
        self._numbering = Numbering(self.path)
        self._found: LastRead[Found] = LastRead()
        self._ours: dict[str, list[Uid]] = {}
        self._live: dict[str, set[Path]] = {}
        for part in ("", *FOLDERS):
            self._check_folder(self.path / part)

    def __getitem__(self, uid: Uid) -> Found:
        """Return the ticket as it was read or last written."""
        return self._found[uid]

    def tickets(self) -> list[Found]:
        """Return all tickets of the plan."""
        return list(self._found.values())

    def _check_folder(self, path: Path) -> None:
        try:
            if not self._is_inside(path):
                raise ConfigError(
                    f"the ticket folder {path} leads outside the project {self._root}",
                    fix="Set tracker.local.directory to a folder inside, without links or `..`.",
                )
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except FileNotFoundError:
            return  # `prepare` makes it
        except NotADirectoryError:
            is_folder = False
        except (OSError, ValueError) as problem:  # a name too long, a link to itself, a NUL
            reason = getattr(problem, "strerror", None) or problem
            raise ConfigError(
                f"the ticket folder {_short(path)} cannot be used: {reason}",
                fix="Set tracker.local.directory to a folder that can be read and written.",
            ) from problem
        if not is_folder:
            raise ConfigError(
                f"the ticket folder {_short(path)} is a file, not a folder",
                fix="Move the file away, or set tracker.local.directory to another folder.",
            )

    def _is_inside(self, path: Path) -> bool:
        # Not Path.resolve: that one fails on a link to itself.
        return Path(os.path.realpath(path)).is_relative_to(self._root)

    # Reading ---------------------------------------------------------------------------

    def read(self, plan: str, count: Callable[[int], None]) -> list[Found]:
        """Return every ticket of the plan, and tell how many were found so far.

        Raises:
            Conflict: files that only a person can sort out, all of them named.
        """
        faults: list[Fault] = []
        self._found, self._ours, self._live = LastRead(), {}, {}
        self._numbering.forget()
        try:
            self.board = read_board(self.path)
        except Broken as broken:
            faults.append(broken.fault._replace(file=self.named(self.path / "config.yml")))
        for folder in FOLDERS:
            for path in sorted((self.path / folder).glob("*.md")):
                try:
                    self._read_file(path, folder, plan)
                except Broken as broken:
                    faults.append(broken.fault._replace(file=self.named(path)))
                count(len(self._found))
        if faults:
            files = plural(len(faults), "file")
            raise Conflict(
                f"{files} in {self.name} must be put right by hand; nothing was changed",
                faults=faults,
            )
        return self.tickets()

    def named(self, path: Path) -> str:
        """Return a file's name for messages."""
        return str(Path(self.name) / path.relative_to(self.path))

    def _read_file(self, path: Path, folder: str, plan: str) -> None:
        """Remember the file's name and, if it is a ticket of the plan, the ticket."""
        text = self._text_of(path, folder)
        if folder in LIVE:
            self._live.setdefault(id_in(text), set()).add(path)
        line = line_of_identity(text, plan)
        if not line:
            check_lost_identity(text)
            return  # not a ticket of this plan
        if not self._is_inside(path):
            raise Broken("this is a link that leads outside the project", "Remove the link.")
        found = Found(path, folder, text, TaskFile(text))
        if found.file.identity is None:
            raise Broken(
                "our line with the ticket's identity was changed and cannot be read",
                "Restore this line from the file's history.",
                line,
            )
        if not found.uid.startswith(f"{plan}."):
            return  # a ticket of another plan that quotes one of ours
        if not found.name:
            raise Broken("this ticket has no id", "Restore `id: TASK-number` below the first ---.")
        if other := self._found.get(found.uid):
            raise Broken(
                f"two tickets have one identity, {found.uid}: "
                f"this one and {self.named(other.path)}",
                "Keep one; delete the other one, or this line in it.",
                line,
            )
        for uid in self._ours.get(found.name, ()):
            if folder in LIVE and self._found[uid].folder in LIVE:
                raise Broken(
                    f"two tickets have one id, {found.name}: "
                    f"this one and {self.named(self._found[uid].path)}",
                    "Give one of them a free number, in its id and in the name of its file.",
                    2,
                )
        self._remember(found)

    def _text_of(self, path: Path, folder: str) -> str:
        text = text_of(path)
        if folder == TASKS and not text.strip() and self.board.is_ticket_name(path.name):
            raise Broken("this ticket file is empty", "Restore it from the history, or delete it.")
        return text

    def _remember(self, found: Found) -> None:
        self._found[found.uid] = found
        self._ours.setdefault(found.name, []).append(found.uid)
        if found.folder in LIVE:
            self._live.setdefault(found.name, set()).add(found.path)

    def _forget(self, found: Found) -> None:
        self._ours[found.name].remove(found.uid)
        self._live.get(found.name, set()).discard(found.path)

    def meant(self, name: str, is_ours: Callable[[Uid], bool]) -> str:
        """Return the uid of the ticket that a file means by a name; a foreign name stays one.

        The client gives the numbers of archived tickets away again, so a name can stand for
        two. `is_ours` tells whether we wrote the name, for a ticket of ours.
        """
        live = self._live.get(name.upper(), set())
        uids = self._ours.get(name.upper(), [])
        for uid in uids:
            if not live or is_ours(uid) or self._found[uid].path in live:
                return uid
        return name

    # Writing ---------------------------------------------------------------------------

    def next_name(self) -> str:
        """Return the name of the next ticket: the board's prefix and a free number."""
        number = self._numbering.next(self.board.prefix, chain(self._live, self._ours))
        return f"{self.board.prefix.upper()}-{number}"

    def add(self, name: str, text: str) -> Found:
        """Write a new file among the tasks."""
        path = self.path / TASKS / name
        with self._numbering.ours():
            translated(lambda: write_new(path, text))
        found = Found(path, TASKS, text, TaskFile(text))
        self._remember(found)
        return found

    def rename(self, found: Found, name: str) -> Found:
        """Give the ticket another name."""
        self._forget(found)
        self.set(found, "id", name)
        self._remember(found)
        return self.save(found)

    def is_taken(self, found: Found) -> bool:
        """Return whether another file in use has the ticket's name by now."""
        return bool(self._live.get(found.name, set()) - {found.path})

    def set(self, found: Found, key: str, value: Value) -> None:
        """Set one key of the front matter, not saved yet.

        Raises:
            TrackerError: the value stands there in a way that cannot be changed in place.
        """
        try:
            found.file.set_key(key, value)
        except Broken as broken:
            raise TrackerError(
                f"{self.named(found.path)}:{broken.fault.line}: {broken.fault.message}",
                fix=broken.fault.fix,
            ) from broken

    def save(self, found: Found) -> Found:
        """Write the ticket, unless somebody else has done so since it was read.

        Raises:
            TrackerError: they have, or it cannot be written.
        """

        def write() -> None:
            if read_text(found.path) != found.source:
                raise UserError(
                    f"{self.named(found.path)} was changed by somebody else at the same time",
                    fix="Run this again; their change is untouched.",
                )
            write_atomic(found.path, found.file.text())

        with self._numbering.ours():
            translated(write)
        saved = replace(found, source=found.file.text())
        self._found[found.uid] = saved
        return saved

    def move(self, found: Found, folder: str) -> Found:
        """Move the file into another folder, under the name of its id.

        Raises:
            TrackerError: it cannot be written there.
        """
        name = re.sub(r"^[A-Za-z]+-\d+(?= - )", found.name.lower(), found.path.name)
        target = self.path / folder / name

        def move() -> None:
            if target.exists():
                raise UserError(
                    f"{self.named(target)} exists already",
                    fix="Move it away, then run this again.",
                )
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                found.path.rename(target)
            except OSError as problem:
                raise UserError(
                    f"{self.named(target)} cannot be written: {problem.strerror}",
                    fix="Check the folder's permissions.",
                ) from problem

        translated(move)
        self._forget(found)
        moved = replace(found, path=target, folder=folder)
        self._remember(moved)
        return moved


def _short(path: Path) -> str:
    """Return the path for a message; one that is too long for a folder is cut."""
    text = str(path)
    return text if len(text) <= 200 else f"{text[:197]}..."
