"""Places that hold tickets, with what people do there: one class a tracker.

A tracker joins the contract tests by adding its class to `PLACES`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from builders import NOW
from maturity_planner.core.changes import ChangeSet, compute_changes
from maturity_planner.core.tickets import Kind, Present, State, Ticket, Uid
from maturity_planner.sync import apply
from maturity_planner.trackers.base import Tracker
from maturity_planner.trackers.local import LocalTracker

PLAN = "0123abcd"
OTHER_PLAN = "ffffffff"


class Place(Protocol):
    """What people do to the ticket of an identity, in the tracker's own ways."""

    def __init__(self, folder: Path) -> None: ...

    def tracker(self) -> Tracker: ...

    def everything(self, uid: str) -> str: ...

    def set_title(self, uid: str, title: str) -> None: ...

    def write_above(self, uid: str, text: str) -> None: ...

    def write_inside(self, uid: str, text: str) -> None: ...

    def comment(self, uid: str, text: str) -> None: ...

    def set_labels(self, uid: str, labels: list[str]) -> None: ...

    def set_needs(self, uid: str, remotes: list[str]) -> None: ...

    def tick(self, uid: str, criterion: str) -> None: ...

    def is_ticked(self, uid: str, criterion: str) -> bool: ...

    def add_criterion(self, uid: str, text: str) -> None: ...

    def move_to(self, uid: str, state: State) -> None: ...

    def lose_our_memory(self) -> None: ...


class LocalPlace:
    """The files of the local tracker, edited as people and the Backlog.md client do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tracker(self) -> Tracker:
        return LocalTracker({}, self.folder, "fraud-scoring")

    def path(self, uid: str) -> Path:
        found = [
            path
            for path in sorted((self.folder / "backlog").glob("**/*.md"))
            if f'<!-- mp {{"uid": "{uid}"' in path.read_text(encoding="utf-8")
        ]
        assert len(found) == 1, (uid, found)
        return found[0]

    def everything(self, uid: str) -> str:
        return self.path(uid).read_text(encoding="utf-8")

    def replace(self, uid: str, pattern: str, text: str) -> None:
        path = self.path(uid)
        changed, count = re.subn(
            pattern,
            lambda _: text,
            path.read_text(encoding="utf-8"),
            count=1,
            flags=re.DOTALL | re.MULTILINE,
        )
        assert count == 1, pattern
        path.write_text(changed, encoding="utf-8")

    def set_title(self, uid: str, title: str) -> None:
        quoted = title.replace("'", "''")
        self.replace(uid, r"^title:.*?\n(?=[a-z])", f"title: '{quoted}'\n")

    def write_above(self, uid: str, text: str) -> None:
        self.replace(uid, r"^<!-- mp:begin -->$", f"{text}\n\n<!-- mp:begin -->")

    def write_inside(self, uid: str, text: str) -> None:
        self.replace(uid, r"^<!-- mp:end -->$", f"{text}\n<!-- mp:end -->")

    def comment(self, uid: str, text: str) -> None:
        entry = f"author: '@ana'\ncreated: 2026-11-20 10:00\n---\n{text}\n---\n"
        end = "<!-- COMMENTS:END -->"
        if end in self.everything(uid):
            self.replace(uid, re.escape(end), f"\n{entry}{end}")
        else:
            section = f"## Comments\n\n<!-- COMMENTS:BEGIN -->\n{entry}{end}\n\n"
            self.replace(uid, r'^<!-- mp \{"uid', section + '<!-- mp {"uid')

    def set_labels(self, uid: str, labels: list[str]) -> None:
        lines = "".join(f"  - {label}\n" for label in labels)
        self.replace(
            uid, r"^labels:.*?\n(?=[a-z])", f"labels:\n{lines}" if labels else "labels: []\n"
        )

    def set_needs(self, uid: str, remotes: list[str]) -> None:
        names = ", ".join(remotes)
        self.replace(uid, r"^dependencies:.*?\n(?=[a-z])", f"dependencies: [{names}]\n")

    def tick(self, uid: str, criterion: str) -> None:
        number = re.search(rf"- \[.\] (#\d+) {re.escape(criterion)}$", self.everything(uid), re.M)
        assert number
        self.replace(uid, rf"^- \[.\] {number[1]} ", f"- [x] {number[1]} ")

    def is_ticked(self, uid: str, criterion: str) -> bool:
        return bool(
            re.search(rf"^- \[x\] #\d+ {re.escape(criterion)}$", self.everything(uid), re.M)
        )

    def add_criterion(self, uid: str, text: str) -> None:
        self.replace(uid, r"^<!-- AC:END -->$", f"- [ ] #99 {text}\n<!-- AC:END -->")

    def move_to(self, uid: str, state: State) -> None:
        if state is State.NOT_DONE:
            path = self.path(uid)
            path.rename(self.folder / "backlog" / "archive" / "tasks" / path.name)
            return
        columns = {State.OPEN: "To Do", State.IN_PROGRESS: "In Progress", State.DONE: "Done"}
        self.replace(uid, r"^status:.*?$", f"status: {columns[state]}")

    def lose_our_memory(self) -> None:
        """Nothing to do: all that this tracker remembers is in the files."""


PLACES: list[type[Place]] = [LocalPlace]


def epic(name: str, *, plan: str = PLAN, body: str = "The section.", rank: int = 1) -> Ticket:
    """An epic as the renderer makes it."""
    return Ticket(
        uid=Uid(f"{plan}.{name}"),
        kind=Kind.EPIC,
        title=f"Section {name}",
        body=body,
        labels=("maturity", name),
        rank=rank,
    )


def ticket(
    name: str,
    *,
    plan: str = PLAN,
    title: str = "",
    body: str = "What to do.\n\n- **Wanted:** Automatic",
    acceptance: tuple[str, ...] = ("It runs in CI.", "It is linked here."),
    labels: tuple[str, ...] = ("maturity", "data"),
    needs: tuple[str, ...] = (),
    epic: str = "data",
    rank: int = 2,
) -> Ticket:
    """A ticket as the renderer makes it; `needs` and `epic` by their names."""
    return Ticket(
        uid=Uid(f"{plan}.{name}.automated"),
        kind=Kind.TICKET,
        title=title or f"Item {name}",
        body=body,
        acceptance=acceptance,
        labels=labels,
        priority="medium",
        epic=Uid(f"{plan}.{epic}"),
        needs=tuple(Uid(f"{plan}.{need}.automated") for need in needs),
        rank=rank,
    )


def uid_of(name: str, plan: str = PLAN) -> str:
    """The identity of a ticket by its name."""
    return f"{plan}.{name}.automated"


def sync(
    tracker: Tracker, wanted: list[Ticket], *, plan: str = PLAN, force: bool = False
) -> ChangeSet:
    """Bring the tracker in line, and return what was to do; every step has to succeed."""
    tracker.tidy()
    changes = compute_changes(wanted, tracker.read(plan), force=force)
    steps = list(apply(tracker, plan, changes, NOW))
    assert [step.error for step in steps if step.error] == []
    return changes


def present(tracker: Tracker, plan: str = PLAN) -> dict[str, Present]:
    """What the tracker holds, by identity."""
    return {found.uid: found for found in tracker.read(plan)}
