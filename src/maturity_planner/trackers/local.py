"""Tickets as files in the repository, in the format of Backlog.md (npm `backlog.md`).

The default tracker: no account, no server, no network. Its own board, browser page and command
line work on the files; the layout is that of version 1.52.0.
"""

from __future__ import annotations

import datetime
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from ..core.tickets import Kind, Milestone, Present, State, Ticket, Uid, Value, base_of, digest
from ..errors import ConfigError, Conflict, Fault, TrackerError, UserError
from ..files import read_text, write_atomic, write_new
from .base import Finding, Found, Grade
from .board import (
    ARCHIVE,
    DRAFTS,
    FOLDERS,
    LIVE,
    TASKS,
    Board,
    file_title,
    prepare_board,
    read_board,
    text_of,
    tidy_board,
    translated,
)
from .numbering import Numbering
from .patience import Patience
from .task_file import (
    Broken,
    Identity,
    TaskFile,
    check_lost_identity,
    id_in,
    line_of_identity,
    new_task,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A ticket of ours: where it lies, and its text on the disk and as we change it."""

    path: Path
    folder: str
    source: str
    file: TaskFile

    @property
    def identity(self) -> Identity:
        assert self.file.identity is not None
        return self.file.identity

    @property
    def uid(self) -> Uid:
        return Uid(self.identity.uid)

    @property
    def name(self) -> str:
        return self.file.word("id").upper()


class LocalTracker:
    """A folder of ticket files; see `base.Tracker` for what each method promises."""

    kind = "local"
    is_remote = False
    batch = 1
    digest = staticmethod(digest)

    def __init__(self, settings: Mapping[str, Any], root: Path, system: str) -> None:
        """Use the folder that the settings name, inside the project.

        Raises:
            ConfigError: the folder lies outside the project, or can be no folder.
        """
        self.target = str(settings.get("directory", "backlog"))
        self.patience = Patience()
        self._root = root.resolve()
        self._folder = root / self.target
        self._system = system
        self._board = Board()
        self._numbering = Numbering(self._folder)
        self._found: Found[_Found] = Found()
        self._ours: dict[str, list[Uid]] = {}
        self._live: dict[str, set[Path]] = {}
        for name in ("", *FOLDERS):
            self._check_folder(self._folder / name)

    def fit(self, ticket: Ticket) -> Ticket:
        """Return the ticket as it is: a file holds any text, but no dates of its own."""
        return replace(ticket, start=None, due=None)

    def settle(self) -> None:
        """Nothing to do: each file is whole after every write."""

    def examine(self) -> Iterator[Finding]:
        """Yield whether the folder is there; that it can be used was seen when it was opened."""
        is_there = self._folder.is_dir()
        detail = "is there" if is_there else "is not there yet: the first sync makes it"
        yield Finding("ticket folder", Grade.OK, f"{self.target} {detail}")

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

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers.

        Raises:
            Conflict: files that only a person can sort out, all of them named.
        """
        faults: list[Fault] = []
        self._found, self._ours, self._live = Found(), {}, {}
        self._numbering.forget()
        try:
            self._board = read_board(self._folder)
        except Broken as broken:
            faults.append(broken.fault._replace(file=self._name(self._folder / "config.yml")))
        for folder in FOLDERS:
            for path in sorted((self._folder / folder).glob("*.md")):
                try:
                    self._read_file(path, folder, plan)
                except Broken as broken:
                    faults.append(broken.fault._replace(file=self._name(path)))
                self.patience.count(len(self._found))
        if faults:
            files = "1 file" if len(faults) == 1 else f"{len(faults)} files"
            raise Conflict(
                f"{files} in {self.target} must be put right by hand; nothing was changed",
                faults=faults,
            )
        present = [self._present(found) for found in self._found.values()]
        return sorted(present, key=lambda ticket: (len(ticket.remote), ticket.remote, ticket.uid))

    def _name(self, path: Path) -> str:
        return str(Path(self.target) / path.relative_to(self._folder))

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
        found = _Found(path, folder, text, TaskFile(text))
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
                f"this one and {self._name(other.path)}",
                "Keep one; delete the other one, or this line in it.",
                line,
            )
        for uid in self._ours.get(found.name, ()):
            if folder in LIVE and self._found[uid].folder in LIVE:
                raise Broken(
                    f"two tickets have one id, {found.name}: "
                    f"this one and {self._name(self._found[uid].path)}",
                    "Give one of them a free number, in its id and in the name of its file.",
                    2,
                )
        self._remember(found)

    def _text_of(self, path: Path, folder: str) -> str:
        text = text_of(path)
        if folder == TASKS and not text.strip() and self._board.is_ticket_name(path.name):
            raise Broken("this ticket file is empty", "Restore it from the history, or delete it.")
        return text

    def _remember(self, found: _Found) -> None:
        self._found[found.uid] = found
        self._ours.setdefault(found.name, []).append(found.uid)
        if found.folder in LIVE:
            self._live.setdefault(found.name, set()).add(found.path)

    def _forget(self, found: _Found) -> None:
        self._ours[found.name].remove(found.uid)
        self._live.get(found.name, set()).discard(found.path)

    def _state(self, found: _Found) -> State:
        is_done = self._board.is_done(found.file)
        match found.folder:
            case "completed":
                return State.DONE
            case "archive/tasks":  # done and then put away is still done
                return State.DONE if is_done else State.NOT_DONE
            case "drafts":
                return State.OPEN
        if is_done:
            return State.DONE
        is_open = self._board.is_open(found.file) and not found.file.is_begun()
        return State.OPEN if is_open else State.IN_PROGRESS

    def _meant(self, name: str, is_ours: Callable[[Uid], bool]) -> str:
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

    def _present(self, found: _Found) -> Present:
        file, base = found.file, found.identity.base
        state = self._state(found)
        closed = re.match(r"\d{4}-\d{2}-\d{2}", file.word("updated_date"))
        parent, written = file.word("parent_task_id"), base.get("needs", ())
        fields: dict[str, Value] = {
            "title": file.word("title"),
            "body": file.block(),
            "acceptance": tuple(text for text, _ in file.criteria()),
            "labels": file.words("labels"),
            "priority": file.word("priority"),
            "milestone": file.word("milestone"),
            "epic": parent and self._meant(parent, lambda uid: base.get("epic") == digest(uid)),
            "needs": tuple(
                self._meant(name, lambda uid: uid in written) for name in file.words("dependencies")
            ),
        }
        return Present(
            uid=found.uid,
            kind=Kind.EPIC if found.uid.count(".") == 1 else Kind.TICKET,
            remote=found.name,
            reference=f"{self.target} {found.name}",
            title=file.word("title"),
            state=state,
            fields=fields,
            base=base,
            is_closed_by_us=bool(found.identity.closed)
            and (not state.is_closed or state == found.identity.closed),
            closed_on=_day(closed[0]) if closed and state.is_closed else None,
        )

    # Writing ---------------------------------------------------------------------------

    def tidy(self) -> None:
        """Remove the incomplete files of a run that was killed."""
        tidy_board(self._folder)

    def prepare(self, plan: str, milestones: Sequence[Milestone]) -> None:
        """Create the folders and the board's settings where they are missing."""
        prepare_board(self._folder, self._system)

    def create(
        self, tickets: Sequence[Ticket], remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Iterator[Present]:
        """Write new files under the next free numbers."""
        for ticket in tickets:
            yield self._create(ticket, remotes, now)

    def _create(
        self, ticket: Ticket, remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Present:
        prefix, number = self._board.prefix, self._next_number()
        front: dict[str, Any] = {
            "id": f"{prefix.upper()}-{number}",
            "title": ticket.title,
            "status": self._board.statuses[0],
            "assignee": [],
            "created_date": _stamp(now),
            "labels": list(ticket.labels),
            "dependencies": [],
        }
        if ticket.epic:
            front["parent_task_id"] = remotes[ticket.epic]
        if ticket.priority:
            front["priority"] = ticket.priority
        if ticket.milestone:
            front["milestone"] = ticket.milestone.name
        front["ordinal"] = ticket.rank * 1000
        fields = {name: value for name, value in ticket.fields().items() if name != "needs"}
        identity = Identity(ticket.uid, base_of(fields))
        text = new_task(front, ticket.body, ticket.acceptance, identity)
        path = self._folder / TASKS / f"{prefix}-{number} - {file_title(ticket.title)}.md"
        with self._numbering.ours():
            translated(lambda: write_new(path, text))
        found = _Found(path, TASKS, text, TaskFile(text))
        self._remember(found)
        return self._present(found)

    def update(
        self,
        present: Present,
        fields: Mapping[str, Value],
        base: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> None:
        """Change single lines of the file."""
        found = self._found[present.uid]
        for name, value in fields.items():
            match name, value:
                case "body", str():
                    found.file.set_block(value)
                case "acceptance", tuple():
                    found.file.set_criteria(value)
                case "needs", tuple():
                    names = tuple(remotes.get(Uid(need), need) for need in value)
                    self._set(found, "dependencies", names)
                case "epic", str():
                    self._set(found, "parent_task_id", remotes.get(Uid(value), value))
                case _:
                    self._set(found, name, value)
        identity = found.identity
        # Whoever opened it again does not want it closed by us.
        closed = identity.closed if self._state(found).is_closed else ""
        found.file.set_identity(replace(identity, base={**identity.base, **base}, closed=closed))
        self._save(found)

    def close(self, present: Present, state: State, comment: str, now: datetime.datetime) -> None:
        """Set the last status, or move the file to the archive; say why in a comment."""
        found = self._found[present.uid]
        # First the mark, then the move: cut short in between, the next run only moves.
        if found.identity.closed != state or state is State.DONE:
            if state is State.DONE:
                self._set(found, "status", self._board.statuses[-1])
            found.file.set_identity(replace(found.identity, closed=state.value))
            found.file.add_comment(comment, _stamp(now))
            found = self._save(found)
        if state is State.NOT_DONE:
            self._move(found, ARCHIVE)

    def reopen(self, present: Present, comment: str, now: datetime.datetime) -> None:
        """Move the file back, under a new number if its own has been given away."""
        found = self._found[present.uid]
        # First the move, then the mark: cut short in between, the next run only sets the mark.
        if found.folder not in (TASKS, DRAFTS):
            if self._live.get(found.name, set()) - {found.path}:
                found = self._renumber(found)
            found = self._move(found, TASKS)
        if self._board.is_done(found.file):
            self._set(found, "status", self._board.statuses[0])
        found.file.set_identity(replace(found.identity, closed=""))
        found.file.add_comment(comment, _stamp(now))
        self._save(found)

    def _renumber(self, found: _Found) -> _Found:
        """Give the ticket a free number; the tickets that name it first, as they cannot wait."""
        old, new = found.name, f"{self._board.prefix.upper()}-{self._next_number()}"
        for other in list(self._found.values()):
            fields = self._present(other).fields
            needs = other.file.words("dependencies")
            if found.uid in fields["needs"]:
                names = tuple(new if name.upper() == old else name for name in needs)
                self._set(other, "dependencies", names)
            if fields["epic"] == found.uid:
                self._set(other, "parent_task_id", new)
            if other.file.text() != other.source:
                self._save(other)
        self._forget(found)
        self._set(found, "id", new)
        self._remember(found)
        return self._save(found)

    def _set(self, found: _Found, key: str, value: Value) -> None:
        try:
            found.file.set_key(key, value)
        except Broken as broken:
            raise TrackerError(
                f"{self._name(found.path)}:{broken.fault.line}: {broken.fault.message}",
                fix=broken.fault.fix,
            ) from broken

    def _save(self, found: _Found) -> _Found:
        """Write the ticket, unless somebody else has done so since it was read."""

        def write() -> None:
            if read_text(found.path) != found.source:
                raise UserError(
                    f"{self._name(found.path)} was changed by somebody else at the same time",
                    fix="Run this again; their change is untouched.",
                )
            write_atomic(found.path, found.file.text())

        with self._numbering.ours():
            translated(write)
        saved = replace(found, source=found.file.text())
        self._found[found.uid] = saved
        return saved

    def _move(self, found: _Found, folder: str) -> _Found:
        name = re.sub(r"^[A-Za-z]+-\d+(?= - )", found.name.lower(), found.path.name)
        target = self._folder / folder / name

        def move() -> None:
            if target.exists():
                raise UserError(
                    f"{self._name(target)} exists already",
                    fix="Move it away, then run this again.",
                )
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                found.path.rename(target)
            except OSError as problem:
                raise UserError(
                    f"{self._name(target)} cannot be written: {problem.strerror}",
                    fix="Check the folder's permissions.",
                ) from problem

        translated(move)
        self._forget(found)
        moved = replace(found, path=target, folder=folder)
        self._remember(moved)
        return moved

    def _next_number(self) -> int:
        return self._numbering.next(self._board.prefix, chain(self._live, self._ours))


def _short(path: Path) -> str:
    """Return the path for a message; one that is too long for a folder is cut."""
    text = str(path)
    return text if len(text) <= 200 else f"{text[:197]}..."


def _stamp(now: datetime.datetime) -> str:
    return now.strftime("%Y-%m-%d %H:%M")


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
