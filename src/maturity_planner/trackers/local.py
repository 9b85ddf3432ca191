"""Tickets as files in the repository, in the format of Backlog.md (npm `backlog.md`).

The default tracker: no account, no server, no network. Its own board, browser page and command
line work on the files; the layout is that of version 1.52.0.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.finding import Finding, Grade
from ..core.tickets import Kind, Milestone, Present, State, Ticket, Uid, Value, base_of, digest
from .board import ARCHIVE, DRAFTS, TASKS, file_title, prepare_board, tidy_board
from .patience import Patience
from .task_file import Identity, new_task
from .ticket_folder import Found, TicketFolder


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
        self._folder = TicketFolder(root, self.target)
        self._system = system

    def fit(self, ticket: Ticket) -> Ticket:
        """Return the ticket as it is: a file holds any text, but no dates of its own."""
        return replace(ticket, start=None, due=None)

    def settle(self) -> None:
        """Nothing to do: each file is whole after every write."""

    def examine(self) -> Iterator[Finding]:
        """Yield whether the folder is there; that it can be used was seen when it was opened."""
        is_there = self._folder.path.is_dir()
        detail = "is there" if is_there else "is not there yet: the first sync makes it"
        yield Finding("ticket folder", Grade.OK, f"{self.target} {detail}")

    # Reading ---------------------------------------------------------------------------

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers.

        Raises:
            Conflict: files that only a person can sort out, all of them named.
        """
        found = self._folder.read(plan, self.patience.count)
        present = [self._present(ticket) for ticket in found]
        return sorted(present, key=lambda ticket: (len(ticket.remote), ticket.remote, ticket.uid))

    def _state(self, found: Found) -> State:
        is_done = self._folder.board.is_done(found.file)
        match found.folder:
            case "completed":
                return State.DONE
            case "archive/tasks":  # done and then put away is still done
                return State.DONE if is_done else State.NOT_DONE
            case "drafts":
                return State.OPEN
        if is_done:
            return State.DONE
        is_open = self._folder.board.is_open(found.file) and not found.file.is_begun()
        return State.OPEN if is_open else State.IN_PROGRESS

    def _present(self, found: Found) -> Present:
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
            "epic": parent
            and self._folder.meant(parent, lambda uid: base.get("epic") == digest(uid)),
            "needs": tuple(
                self._folder.meant(name, lambda uid: uid in written)
                for name in file.words("dependencies")
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
        tidy_board(self._folder.path)

    def prepare(self, plan: str, milestones: Sequence[Milestone]) -> None:
        """Create the folders and the board's settings where they are missing."""
        prepare_board(self._folder.path, self._system)

    def create(
        self, tickets: Sequence[Ticket], remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Iterator[Present]:
        """Write new files under the next free numbers."""
        for ticket in tickets:
            yield self._create(ticket, remotes, now)

    def _create(
        self, ticket: Ticket, remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Present:
        name = self._folder.next_name()
        front: dict[str, Any] = {
            "id": name,
            "title": ticket.title,
            "status": self._folder.board.statuses[0],
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
        found = self._folder.add(f"{name.lower()} - {file_title(ticket.title)}.md", text)
        return self._present(found)

    def update(
        self,
        present: Present,
        fields: Mapping[str, Value],
        base: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> None:
        """Change single lines of the file."""
        found = self._folder[present.uid]
        for name, value in fields.items():
            match name, value:
                case "body", str():
                    found.file.set_block(value)
                case "acceptance", tuple():
                    found.file.set_criteria(value)
                case "needs", tuple():
                    names = tuple(remotes.get(Uid(need), need) for need in value)
                    self._folder.set(found, "dependencies", names)
                case "epic", str():
                    self._folder.set(found, "parent_task_id", remotes.get(Uid(value), value))
                case _:
                    self._folder.set(found, name, value)
        identity = found.identity
        # Whoever opened it again does not want it closed by us.
        closed = identity.closed if self._state(found).is_closed else ""
        found.file.set_identity(replace(identity, base={**identity.base, **base}, closed=closed))
        self._folder.save(found)

    def close(self, present: Present, state: State, comment: str, now: datetime.datetime) -> None:
        """Set the last status, or move the file to the archive; say why in a comment."""
        found = self._folder[present.uid]
        # First the mark, then the move: cut short in between, the next run only moves.
        if found.identity.closed != state or state is State.DONE:
            if state is State.DONE:
                self._folder.set(found, "status", self._folder.board.statuses[-1])
            found.file.set_identity(replace(found.identity, closed=state.value))
            found.file.add_comment(comment, _stamp(now))
            found = self._folder.save(found)
        if state is State.NOT_DONE:
            self._folder.move(found, ARCHIVE)

    def reopen(self, present: Present, comment: str, now: datetime.datetime) -> None:
        """Move the file back, under a new number if its own has been given away."""
        found = self._folder[present.uid]
        # First the move, then the mark: cut short in between, the next run only sets the mark.
        if found.folder not in (TASKS, DRAFTS):
            if self._folder.is_taken(found):
                found = self._renumber(found)
            found = self._folder.move(found, TASKS)
        if self._folder.board.is_done(found.file):
            self._folder.set(found, "status", self._folder.board.statuses[0])
        found.file.set_identity(replace(found.identity, closed=""))
        found.file.add_comment(comment, _stamp(now))
        self._folder.save(found)

    def _renumber(self, found: Found) -> Found:
        """Give the ticket a free number; the tickets that name it first, as they cannot wait."""
        old, new = found.name, self._folder.next_name()
        for other in self._folder.tickets():
            fields = self._present(other).fields
            needs = other.file.words("dependencies")
            if found.uid in fields["needs"]:
                names = tuple(new if name.upper() == old else name for name in needs)
                self._folder.set(other, "dependencies", names)
            if fields["epic"] == found.uid:
                self._folder.set(other, "parent_task_id", new)
            if other.file.text() != other.source:
                self._folder.save(other)
        return self._folder.rename(found, new)


def _stamp(now: datetime.datetime) -> str:
    return now.strftime("%Y-%m-%d %H:%M")


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
