"""A long search: what it is busy with, on the terminal, and Ctrl-C, which ends it with a result."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import output

if TYPE_CHECKING:
    from fractions import Fraction

    from ..core.plan import Plan, Request
    from ..core.planner import Planner
    from .waiting import Waiting


class Progress:
    """Shows a search on a line of the terminal, and hears Ctrl-C.

    The first Ctrl-C stops the search the next time that it reports: what it has found by then
    is a result. The second one is an ordinary interruption.
    """

    def __init__(self, line: Waiting) -> None:
        """Show the search on that line; it reports so often that nothing else has to tick."""
        self.is_stopped = False
        self.found = ""
        self._line = line
        self._stage = ""

    def watch(self, stage: str) -> None:
        """Hear what the search is busy with (`core.searching.Watcher`).

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        self._stage = stage
        self._line.tell(self._words)
        if self.is_stopped:
            raise KeyboardInterrupt

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self._line.elapsed

    def stop(self, *_: Any) -> None:
        """Take note of Ctrl-C; as a handler of SIGINT.

        Raises:
            KeyboardInterrupt: it is the second one.
        """
        if self.is_stopped:
            raise KeyboardInterrupt
        self.is_stopped = True

    def _words(self) -> str:
        what = "ending" if self.is_stopped else self._stage
        done = f"{self.found}, " if self.found else ""
        return f"Planning: {what}, {done}{self._line.seconds} s  (Ctrl-C takes the best so far)"


@contextmanager
def searching(line: Waiting) -> Iterator[Progress]:
    """Give a search its progress, shown on the line.

    Raises:
        Undecided: the time was up, and nothing is known.
    """
    from ..core.solver import OutOfTime
    from ..errors import Undecided

    progress = Progress(line)
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
        line.close()


def points_found(
    planner: Planner, request: Request, progress: Progress, seconds: float
) -> tuple[list[Plan], bool]:
    """Return the points of the frontier, and whether those are all.

    After so many seconds in all, or Ctrl-C, it is those found by then.

    Raises:
        OutOfTime: that is none.
    """
    from ..core.plan import unbeaten
    from ..core.solver import OutOfTime

    plans: list[Plan] = []
    try:
        for plan in planner.frontier(request, lambda: seconds - progress.elapsed):
            if plan.is_interrupted:
                return unbeaten(plans), False  # it stands for no more than where the search was
            plans.append(plan)
            progress.found = f"{output.plural(len(plans), 'point')} found"
    except KeyboardInterrupt:
        return unbeaten(plans), False
    except OutOfTime:
        if not plans:
            raise
        return unbeaten(plans), False
    return unbeaten(plans), True


def seconds_of(limit: Fraction | None) -> float:
    """Return the time that one search may take."""
    from ..core.searching import DEFAULT_SECONDS

    return DEFAULT_SECONDS if limit is None else float(limit)
