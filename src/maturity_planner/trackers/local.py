"""Tickets as files in the repository, in the format of Backlog.md (npm `backlog.md`).

The default tracker: no account, no server, no network. Its own board, browser page and command
line work on the files; the layout is that of version 1.52.0.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.tickets import Kind, Present, State, Ticket, Uid, Value, base_of
from ..documents import Unreadable, parse_yaml
from ..errors import ConfigError, Conflict, Fault, TrackerError, UserError
from ..files import read_text, write_atomic, write_new
from .task_file import Broken, Identity, TaskFile, mentions, new_task

TASKS, COMPLETED, ARCHIVE, DRAFTS = "tasks", "completed", "archive/tasks", "drafts"
FOLDERS = (TASKS, COMPLETED, ARCHIVE, DRAFTS)
KEPT = (*FOLDERS, "archive/drafts", "milestones", "docs", "decisions")
STATUSES = ("To Do", "In Progress", "Done")

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
class _Found:
    path: Path
    folder: str
    file: TaskFile


class LocalTracker:
    """A folder of ticket files; see `base.Tracker` for what each method promises."""

    kind = "local"
    is_remote = False

    def __init__(self, settings: Mapping[str, Any], root: Path, system: str) -> None:
        """Use the folder that the settings name, inside the project.

        Raises:
            ConfigError: the folder lies outside the project.
        """
        self.target = str(settings.get("directory", "backlog"))
        self._root = root.resolve()
        self._folder = root / self.target
        self._system = system
        self._found: dict[Uid, _Found] = {}
        for name in ("", *FOLDERS):
            self._inside(self._folder / name)

    def _inside(self, path: Path) -> None:
        if not path.resolve().is_relative_to(self._root):
            raise ConfigError(
                f"the ticket folder {path} leads outside the project {self._root}",
                fix="Set tracker.local.directory to a folder inside, without links or `..`.",
            )

    # Reading ---------------------------------------------------------------------------

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers.

        Raises:
            Conflict: files that only a person can sort out, all of them named.
        """
        statuses = self._statuses()
        faults: list[Fault] = []
        self._found = {}
        for folder in FOLDERS:
            for path in sorted((self._folder / folder).glob("*.md")):
                try:
                    found = self._read_file(path, folder, plan)
                except Broken as broken:
                    faults.append(broken.fault._replace(file=self._name(path)))
                    continue
                if found is None or found.file.identity is None:
                    continue
                uid = Uid(found.file.identity.uid)
                if uid in self._found:
                    other = self._name(self._found[uid].path)
                    faults.append(
                        Fault(
                            f"two tickets have one identity, {uid}: this one and {other}",
                            "Keep one; in the other one remove the last line, or delete it.",
                            file=self._name(path),
                            line=1,
                            column=1,
                        )
                    )
                    continue
                self._found[uid] = found
        if faults:
            raise Conflict(
                f"{len(faults)} ticket file{'s' * (len(faults) > 1)} in {self.target} need a person; "
                "nothing was changed",
                faults=faults,
            )
        by_remote = {found.file.word("id").upper(): uid for uid, found in self._found.items()}
        present = [self._present(uid, by_remote, statuses) for uid in self._found]
        return sorted(present, key=lambda ticket: (len(ticket.remote), ticket.remote))

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._folder.parent))

    def _read_file(self, path: Path, folder: str, plan: str) -> _Found | None:
        try:
            text = read_text(path)
        except UserError as error:
            if error.faults or path.is_symlink():
                raise Broken(error.message, error.fix) from error
            raise
        if not mentions(text, plan):
            return None
        if not path.resolve().is_relative_to(self._root):
            raise Broken("this is a link that leads outside the project", "Remove the link.")
        return _Found(path, folder, TaskFile(text))

    def _statuses(self) -> tuple[str, ...]:
        """Return the board's columns; the last one means done."""
        config = self._folder / "config.yml"
        if not config.exists():
            return STATUSES
        try:
            data = parse_yaml(read_text(config)).data
        except Unreadable as stop:
            fault = stop.fault._replace(file=self._name(config))
            raise Conflict("the board's settings cannot be read", faults=[fault]) from stop
        statuses = data.get("statuses") if isinstance(data, dict) else None
        return tuple(map(str, statuses)) if isinstance(statuses, list) and statuses else STATUSES

    def _state(self, found: _Found, statuses: Sequence[str]) -> State:
        status = found.file.word("status").casefold()
        match found.folder:
            case "completed":
                return State.DONE
            case "archive/tasks":
                return State.NOT_DONE
            case "drafts":
                return State.OPEN
        if status == statuses[-1].casefold():
            return State.DONE
        is_first = status in ("", statuses[0].casefold())
        return State.OPEN if is_first else State.IN_PROGRESS

    def _present(
        self, uid: Uid, by_remote: Mapping[str, Uid], statuses: Sequence[str]
    ) -> Present:
        found = self._found[uid]
        file, identity = found.file, found.file.identity
        assert identity is not None
        parent = file.word("parent_task_id").upper()
        state = self._state(found, statuses)
        fields: dict[str, Value] = {
            "title": file.word("title"),
            "body": file.block(),
            "acceptance": tuple(file.criteria()),
            "labels": file.words("labels"),
            "priority": file.word("priority"),
            "epic": by_remote.get(parent, parent),
            "needs": tuple(by_remote.get(d.upper(), d) for d in file.words("dependencies")),
        }
        remote = file.word("id").upper()
        closed = re.match(r"\d{4}-\d{2}-\d{2}", file.word("updated_date"))
        return Present(
            uid=uid,
            kind=Kind.EPIC if uid.count(".") == 1 else Kind.TICKET,
            remote=remote,
            reference=f"{self.target} {remote}",
            title=file.word("title"),
            state=state,
            fields=fields,
            base=identity.base,
            is_closed_by_us=identity.is_closed and state is State.NOT_DONE,
            closed_on=_day(closed[0]) if closed and state.is_closed else None,
        )

    # Writing ---------------------------------------------------------------------------

    def prepare(self, plan: str) -> None:  # noqa: ARG002  (trackers with labels need the plan)
        """Create the folders and the board's settings where they are missing."""
        config = self._folder / "config.yml"
        if not config.exists():
            name = re.sub(r"[^\w .-]", " ", self._system).strip() or "project"
            write_new(config, CONFIG.format(name=name))
        for folder in KEPT:
            # The client fails on folders that are missing, and git keeps no empty ones.
            keep = self._folder / folder / ".gitkeep"
            if not keep.parent.exists():
                write_new(keep, "")

    def create(
        self, ticket: Ticket, remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Present:
        """Write a new file under the next free number."""
        number = self._next_number()
        fields = {name: value for name, value in ticket.fields().items() if name != "needs"}
        front: dict[str, Any] = {
            "id": f"TASK-{number}",
            "title": ticket.title,
            "status": self._statuses()[0],
            "assignee": [],
            "created_date": _stamp(now),
            "labels": list(ticket.labels),
            "dependencies": [],
        }
        if ticket.epic:
            front["parent_task_id"] = remotes[ticket.epic]
        if ticket.priority:
            front["priority"] = ticket.priority
        front["ordinal"] = ticket.rank * 1000
        text = new_task(
            front, ticket.body, ticket.acceptance, Identity(ticket.uid, base_of(fields))
        )
        path = self._folder / TASKS / f"task-{number} - {_slug(ticket.title)}.md"
        self._translated(lambda: write_new(path, text))
        self._found[ticket.uid] = _Found(path, TASKS, TaskFile(text))
        by_remote = {remote: uid for uid, remote in remotes.items()}
        return self._present(ticket.uid, by_remote, self._statuses())

    def update(
        self,
        present: Present,
        fields: Mapping[str, Value],
        base: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> None:
        """Change single lines of the file."""
        found = self._found[present.uid]
        file = found.file
        for name, value in fields.items():
            match name, value:
                case "body", str():
                    file.set_block(value)
                case "acceptance", tuple():
                    file.set_criteria(value)
                case "needs", tuple():
                    file.set_key("dependencies", tuple(remotes.get(Uid(v), v) for v in value))
                case "epic", str():
                    file.set_key("parent_task_id", remotes.get(Uid(value), value))
                case _:
                    file.set_key(name, value)
        assert file.identity is not None
        file.set_identity(replace(file.identity, base={**file.identity.base, **base}))
        self._save(found)

    def close(self, present: Present, state: State, comment: str, now: datetime.datetime) -> None:
        """Set the last status, or move the file to the archive; say why in a comment."""
        found = self._found[present.uid]
        identity = found.file.identity
        assert identity is not None
        if state is State.DONE:
            found.file.set_key("status", self._statuses()[-1])
            found.file.add_comment(comment, _stamp(now))
            self._save(found)
            return
        # First the mark, then the move: cut short in between, the next run only moves.
        if not identity.is_closed:
            found.file.set_identity(replace(identity, is_closed=True))
            found.file.add_comment(comment, _stamp(now))
            self._save(found)
        self._move(found, ARCHIVE)

    def reopen(self, present: Present, comment: str, now: datetime.datetime) -> None:
        """Move the file back, under a new number if its own has been given away."""
        found = self._found[present.uid]
        assert found.file.identity is not None
        number = re.sub(r"\D", "", present.remote)
        if any((self._folder / TASKS).glob(f"task-{number} - *.md")):
            found.file.set_key("id", f"TASK-{self._next_number()}")
        found.file.set_identity(replace(found.file.identity, is_closed=False))
        found.file.add_comment(comment, _stamp(now))
        self._save(found)
        self._move(found, TASKS)

    def _save(self, found: _Found) -> None:
        self._translated(lambda: write_atomic(found.path, found.file.text()))

    def _move(self, found: _Found, folder: str) -> None:
        name = re.sub(r"^task-\d+", found.file.word("id").lower(), found.path.name)
        target = self._folder / folder / name

        def move() -> None:
            if target.exists():
                raise UserError(f"{target} exists already", fix="Move it away, then run this again.")
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                found.path.rename(target)
            except OSError as problem:
                raise UserError(f"{target} cannot be written: {problem.strerror}") from problem

        self._translated(move)
        assert found.file.identity is not None
        uid = Uid(found.file.identity.uid)
        self._found[uid] = _Found(target, folder, found.file)

    def _translated(self, write: Any) -> None:
        """Turn a file error into one of the tracker, so that a sync can say how far it came."""
        try:
            write()
        except UserError as error:
            raise TrackerError(error.message, fix=error.fix) from error

    def _next_number(self) -> int:
        """Return a number above every one in use, archived ones included."""
        highest = 0
        for folder in FOLDERS:
            for path in (self._folder / folder).glob("*.md"):
                if numbered := re.match(r"task-(\d{1,9})", path.name, re.IGNORECASE):
                    highest = max(highest, int(numbered[1]))
        return highest + 1


def _stamp(now: datetime.datetime) -> str:
    return now.strftime("%Y-%m-%d %H:%M")


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _slug(title: str) -> str:
    """Return the title as the client puts it into a file's name, at most 80 characters."""
    text = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "-", title)
    text = re.sub(r"['(),!@#$%^&+=\[\]{};]", "", text)
    text = re.sub(r"-+", "-", re.sub(r"\s+", "-", text)).strip("-")
    short = text.encode()[:80].decode(errors="ignore").rstrip("-")
    return short or "untitled"
