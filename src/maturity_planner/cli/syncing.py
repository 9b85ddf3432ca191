"""A tracker at work, seen from the terminal: tickets read, writes made, how long it will take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .waiting import Waiting, on_stderr, waiting

if TYPE_CHECKING:
    from ..core.changes import Change
    from ..trackers.base import Tracker
    from ..trackers.patience import Patience
    from .context import Context


class SyncProgress:
    """How many writes of a sync are made, on a line of the terminal."""

    def __init__(self, line: Waiting, writes: int, *, between_writes: float) -> None:
        """Count to that many writes, each of which takes at least the pause before it."""
        self.line = line
        self._writes = writes
        self._least = between_writes
        self._done = 0
        self.add(0)

    def add(self, writes: int) -> None:
        """Take note of writes that were made."""
        self._done = min(self._writes, self._done + writes)
        self.line.tell(self._words, (self._done, self._writes))

    def seconds_left(self) -> float:
        """Return an estimate: the writes left, as slow as those before or as we are allowed."""
        pace = self.line.seconds / self._done if self._done else 0
        return max(pace, self._least) * (self._writes - self._done)

    def _words(self) -> str:
        from ..trackers.patience import duration

        left = duration(self.seconds_left())
        return f"{self._done} of {self._writes} writes, {left} left  (Ctrl-C stops it for now)"


@contextmanager
def asking(context: Context, tracker: Tracker, what: str) -> Iterator[Waiting]:
    """Show what the tracker is asked for, how many tickets it told, and what it waits for."""
    with waiting(context, what) as line, _heard(line, tracker.patience):
        tracker.patience.count = lambda count: line.busy(f"{what}, {count} so far")
        yield line


@contextmanager
def reading(context: Context, tracker: Tracker) -> Iterator[None]:
    """Show that the tickets are read."""
    with asking(context, tracker, f"Reading the tickets of {tracker.target}"):
        yield


@contextmanager
def writing(context: Context, tracker: Tracker, writes: int) -> Iterator[SyncProgress]:
    """Show how far the writes are; nothing but writes is counted, whatever else is read."""
    patience = tracker.patience
    least = patience.between_writes if tracker.is_remote else 0
    line = on_stderr(context)
    progress = SyncProgress(line, writes, between_writes=least)
    with line.ticking(), _heard(line, patience):
        yield progress


@contextmanager
def _heard(line: Waiting, patience: Patience) -> Iterator[None]:
    """Let pauses be shown on the line, and everything that is said come out above it."""
    before = patience.say, patience.count, patience.pause, patience.aside

    def say(text: str) -> None:
        with line.aside():
            before[0](text)

    patience.say, patience.pause, patience.aside = say, line.pause, line.aside
    try:
        yield
    finally:
        patience.say, patience.count, patience.pause, patience.aside = before


def writes_of(change: Change) -> int:
    """Return how many writes a change takes, about."""
    match change.op.value:
        case "create":
            ticket = change.ticket
            return 1 + bool(ticket and ticket.epic) + 2 * bool(ticket and ticket.start)
        case "link":
            present, wanted = (set(side or ()) for side in change.fields["needs"])
            return len(present ^ wanted) + (change.present is not None)
        case "close" | "reopen":
            return 2
        case "update":
            return len(change.fields)
    return 0
