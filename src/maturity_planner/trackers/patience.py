"""Waiting as a service asks for it, and saying so: between writes, after refusals, in doubt."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from ..errors import LimitReached, RateLimited, TrackerError

BETWEEN_WRITES: float = 1
"""Seconds; GitHub asks for them."""

IN_DOUBT: float = 20
"""After so many seconds a request whose answer was lost is done or will never be."""

FIRST_PAUSE: float = 60
"""Seconds after a refusal that does not say how long; doubled each time. GitHub asks for them."""

FIRST_RETRY: float = 1
"""Seconds before a read that failed is tried again; doubled each time."""

AGAIN = "Run this again; it goes on from here."

REFUSED = f"Put right what it names (a setting, a right, a field). {AGAIN}"
"""What to do about a definite no: asked once more, the service would refuse it once more."""

LOOK = f"Check the server's address in the settings, and what answers there. {AGAIN}"
"""What to do about an answer that another service, or a proxy, may have given."""


def unusable_answer(name: str, what: str) -> TrackerError:
    """Return the error for an answer of another form than the question wants."""
    return TrackerError(f"{name} answered {what} with something that was not asked for", fix=LOOK)


def _silent(_: object) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Patience:
    """How long to wait for what, in seconds.

    Clock and sleep are here so that tests need not wait. `most`: the longest that one request is
    waited for when it is refused; `tries`: how often one thing is tried whose answer gets lost.

    The rest is for whoever watches: `count` is told how many tickets were read so far, `pause` how
    long it takes and, with 0, that it is over; `aside` leaves the terminal to another program.
    """

    say: Callable[[str], None] = _silent
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)
    clock: Callable[[], float] = time.time
    between_writes: float = field(default_factory=lambda: BETWEEN_WRITES)
    in_doubt: float = field(default_factory=lambda: IN_DOUBT)
    first_retry: float = field(default_factory=lambda: FIRST_RETRY)
    most: float = 900
    tries: int = 4
    count: Callable[[int], None] = _silent
    pause: Callable[[float], None] = _silent
    aside: Callable[[], AbstractContextManager[None]] = nullcontext
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
        self.pause(seconds)
        self.sleep(seconds)
        self.pause(0)


@dataclass(slots=True)
class Pauses:
    """The pauses that were asked for on behalf of one thing that we want done."""

    patience: Patience
    waited: float = 0
    count: int = 0

    def take(self, refused: RateLimited) -> None:
        """Wait as long as the service asks, or longer each time when it does not say.

        Raises:
            LimitReached: that would be too long all in all.
        """
        seconds = refused.seconds or FIRST_PAUSE * 2**self.count
        self.waited, self.count = self.waited + seconds, self.count + 1
        if self.waited > self.patience.most:
            raise LimitReached(
                f"{refused.message}, for {duration(seconds)} from now",
                seconds,
                fix=f"Wait that long. {AGAIN}",
            ) from refused
        self.patience.wait(seconds, refused.message)


def duration(seconds: float) -> str:
    """Return a time as a person would say it.

    >>> duration(3), duration(50), duration(271), duration(5400)
    ('a few seconds', 'about 50 s', 'about 5 min', 'about 1 h 30 min')
    """
    if seconds < 10:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds / 10) * 10} s"
    minutes = -(-int(seconds) // 60)
    return f"about {minutes} min" if minutes < 60 else f"about {minutes // 60} h {minutes % 60} min"
