"""Waiting as a service asks for it, and saying so: between writes, after refusals, in doubt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Patience:
    """How long to wait for what. Clock and sleep are here so that tests need not wait.

    `between_writes`: the pause that GitHub asks for. `in_doubt`: after so long a request whose
    answer was lost is done or will never be. `most`: the longest that one request is waited for.
    `tries`: how often one thing is tried.
    """

    say: Callable[[str], None] = _silent
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    between_writes: float = 1
    in_doubt: float = 20
    most: float = 900
    tries: int = 4
    first_retry: float = 1
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
