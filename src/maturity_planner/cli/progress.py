"""A long search: what it is busy with, on the terminal, and Ctrl-C, which ends it with a result."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from fractions import Fraction

QUIET_SECONDS = 1
"""Nothing is shown about a search that is shorter."""


class Progress:
    """One line that writes over itself, and is gone when the search is over.

    The first Ctrl-C stops the search the next time that it reports: what it has found by then
    is a result. The second one is an ordinary interruption.
    """

    def __init__(
        self, stream: TextIO, clock: Callable[[], float], *, columns: int, is_shown: bool
    ) -> None:
        """Show lines of less than `columns` on the stream."""
        self.is_stopped = False
        self.found = ""
        self._stream = stream
        self._clock = clock
        self._columns = columns
        self._is_shown = is_shown
        self._start = clock()
        self._line = ""

    def watch(self, stage: str) -> None:
        """Hear what the search is busy with (`core.highs.Watcher`).

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        seconds = int(self._clock() - self._start)
        if self._is_shown and seconds >= QUIET_SECONDS:
            done = f"{self.found}, " if self.found else ""
            what = "ending" if self.is_stopped else stage
            line = f"Planning: {what}, {done}{seconds} s  (Ctrl-C takes the best so far)"
            self._write(line[: self._columns - 1])
        if self.is_stopped:
            raise KeyboardInterrupt

    def stop(self, *_: Any) -> None:
        """Take note of Ctrl-C; as a handler of SIGINT.

        Raises:
            KeyboardInterrupt: it is the second one.
        """
        if self.is_stopped:
            raise KeyboardInterrupt
        self.is_stopped = True

    def clear(self) -> None:
        """Take the line away."""
        if self._line:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, line: str) -> None:
        if line != self._line:
            # Spaces rather than an escape code: they clear the rest on every terminal.
            self._stream.write("\r" + line.ljust(len(self._line)))
            self._stream.flush()
            self._line = line


@contextmanager
def searching(stream: TextIO, clock: Callable[[], float], *, quiet: bool) -> Iterator[Progress]:
    """Give a search its progress: shown on a terminal only, and not when `quiet`.

    Raises:
        Undecided: the time was up, and nothing is known.
    """
    from ..core.solver import OutOfTime
    from ..errors import Undecided

    is_shown = stream.isatty() and not quiet
    progress = Progress(stream, clock, columns=_columns(stream), is_shown=is_shown)
    before = signal.getsignal(signal.SIGINT)
    is_heard = before is signal.default_int_handler  # a job in the background ignores Ctrl-C
    if is_heard:
        signal.signal(signal.SIGINT, progress.stop)
    try:
        yield progress
    except OutOfTime:
        raise Undecided(
            "the time was up before anything was found: nobody knows yet whether there is a way",
            fix="Give it more time: --time-limit SECONDS",
        ) from None
    finally:
        if is_heard:
            signal.signal(signal.SIGINT, before)
        progress.clear()


def seconds_of(limit: Fraction | None) -> float:
    """Return the time that one search may take."""
    from ..core.planner import DEFAULT_SECONDS

    return DEFAULT_SECONDS if limit is None else float(limit)


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
