"""A sync with a remote tracker: how far it is, how long it will take, and a pause when asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from . import output

if TYPE_CHECKING:
    from ..core.changes import Change

CELLS = 20


class SyncProgress:
    """One line on the terminal that writes over itself, and is gone when the sync is over."""

    def __init__(
        self,
        stream: TextIO,
        clock: Callable[[], float],
        writes: int,
        *,
        between_writes: float,
        is_shown: bool,
    ) -> None:
        """Count to that many writes, each of which takes at least the pause before it."""
        self._stream = stream
        self._clock = clock
        self._writes = writes
        self._least = between_writes
        self._is_shown = is_shown
        self._start = clock()
        self._done = 0
        self._line = ""

    def add(self, writes: int) -> None:
        """Take note of writes that were made."""
        self._done += writes
        self.show()

    def seconds_left(self) -> float:
        """Return an estimate: the writes left, as slow as those before or as we are allowed."""
        pace = (self._clock() - self._start) / self._done if self._done else 0
        return max(pace, self._least) * max(0, self._writes - self._done)

    def show(self) -> None:
        """Write the line anew."""
        if self._is_shown and self._done < self._writes:
            from ..trackers.patience import duration

            part = "#" * (self._done * CELLS // self._writes)
            self._write(
                f"[{part.ljust(CELLS, '.')}] {self._done} of {self._writes} writes, "
                f"{duration(self.seconds_left())} left  (Ctrl-C stops; run it again to go on)"
            )

    def clear(self) -> None:
        """Take the line away."""
        if self._line:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def say(self, text: str) -> None:
        """Print a message above the line."""
        self.clear()
        output.note(text)
        self.show()

    def _write(self, line: str) -> None:
        # Spaces rather than an escape code: they clear the rest on every terminal.
        line = line[: output.terminal_width() - 1]
        self._stream.write("\r" + line.ljust(len(self._line)))
        self._stream.flush()
        self._line = line


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
