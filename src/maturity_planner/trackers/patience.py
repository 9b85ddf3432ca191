"""Waiting as a service asks for it, and saying so: between writes, after refusals, in doubt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

BETWEEN_WRITES: float = 1
"""Seconds; GitHub asks for them."""

IN_DOUBT: float = 20
"""After so many seconds a request whose answer was lost is done or will never be."""

FIRST_RETRY: float = 1
"""Seconds before a read that failed is tried again; doubled each time."""


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Patience:
    """How long to wait for what, in seconds.

    Clock and sleep are here so that tests need not wait. `most`: the longest that one request is
    waited for when it is refused; `tries`: how often one thing is tried whose answer gets lost.
    """

    say: Callable[[str], None] = _silent
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)
    clock: Callable[[], float] = time.time
    between_writes: float = field(default_factory=lambda: BETWEEN_WRITES)
    in_doubt: float = field(default_factory=lambda: IN_DOUBT)
    first_retry: float = field(default_factory=lambda: FIRST_RETRY)
    most: float = 900
    tries: int = 4
    _last_write: float = 0

    def before_write(self) -> None:
        """Wait until the next write may be sent."""
        due = self._last_write + self.between_writes - self.clock()
        if 0 < due <= self.between_writes:  # else the clock was set back
            self.sleep(due)

    def after_write(self) -> None:
        """Remember when the last write ended."""
        self._last_write = self.clock()

    def wait(self, seconds: float, why: str) -> None:
        """Wait, and say what for when it is long enough to be wondered about."""
        if seconds >= 2:
            self.say(f"{why}; waiting {seconds:.0f} s")
        self.sleep(seconds)
