"""What can go wrong between a client and a server, at a request of the test's choice."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum

from .wire import Answer, Request


class Kind(StrEnum):
    """What happens. `before`: the request has no effect; `after`: it has, the answer is lost.

    `held`: it has one, but only when the client has long given up.
    """

    KILL_BEFORE = "kill-before"
    KILL_AFTER = "kill-after"
    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"
    LATE_AFTER = "late-after"
    HELD = "held"
    ERROR_BEFORE = "500-before"
    BAD_GATEWAY_AFTER = "502-after"
    GARBAGE_AFTER = "garbage-after"
    TRUNCATED_AFTER = "truncated-after"
    PAGE_AFTER = "page-after"
    SECONDARY = "403-secondary"
    SECONDARY_SILENT = "403-secondary-silent"
    TOO_MANY = "429"
    TOO_MANY_DATE = "429-date"
    TOO_MANY_SILENT = "429-silent"
    UNAVAILABLE = "503"
    UNAVAILABLE_SILENT = "503-silent"

    @property
    def kills(self) -> bool:
        """Whether the client's process ends."""
        return self in (Kind.KILL_BEFORE, Kind.KILL_AFTER)

    @property
    def is_after(self) -> bool:
        """Whether the request is processed before things go wrong."""
        return self.endswith("-after") or self is Kind.HELD


SECONDARY_LIMIT = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)

Problem = Callable[[int, str, Mapping[str, str]], Answer]


def is_write(request: Request) -> bool:
    """Whether the request may change something."""
    return request.is_write


@dataclass(slots=True)
class Fault:
    """A fault at the nth request (from 1) that `matches`, and at the `times - 1` after it.

    `victim` returns the process to kill, `seconds` is how late an answer comes, how long a
    request is held, or how long a refused client is asked to wait. `fired` counts how often it
    has struck.
    """

    kind: Kind
    nth: int = 1
    times: int = 1
    matches: Callable[[Request], bool] = is_write
    victim: Callable[[], int] | None = None
    seconds: float = 1
    fired: int = 0
    seen: int = 0

    def strikes(self, request: Request) -> bool:
        """Count the request, and tell whether this is the one."""
        if not self.matches(request):
            return False
        self.seen += 1
        hit = self.nth <= self.seen < self.nth + self.times
        self.fired += hit
        return hit

    def kill(self) -> None:
        """End the client as the kernel would."""
        assert self.victim is not None, "a kill needs a victim"
        os.kill(self.victim(), signal.SIGKILL)

    def refusal(self, problem: Problem) -> Answer | None:
        """Return the answer that stands in for processing the request, if there is one.

        `problem` gives it the shape of the service.
        """
        retry = {"Retry-After": str(int(self.seconds))}
        match self.kind:
            case Kind.ERROR_BEFORE:
                return problem(500, "Server Error", {})
            case Kind.SECONDARY:
                return problem(403, SECONDARY_LIMIT, retry)
            case Kind.SECONDARY_SILENT:
                return problem(403, SECONDARY_LIMIT, {})
            case Kind.TOO_MANY:
                return problem(429, SECONDARY_LIMIT, retry)
            case Kind.TOO_MANY_DATE:
                date = formatdate(time.time() + self.seconds, usegmt=True)
                return problem(429, SECONDARY_LIMIT, {"Retry-After": date})
            case Kind.TOO_MANY_SILENT:
                return problem(429, SECONDARY_LIMIT, {})
            case Kind.UNAVAILABLE:
                return problem(503, "Service Unavailable", retry)
            case Kind.UNAVAILABLE_SILENT:
                return problem(503, "Service Unavailable", {})
            case _:
                return None

    def spoiled(self, answer: Answer) -> bytes:
        """Return the bytes that the client gets in place of the answer to a request done."""
        match self.kind:
            case Kind.BAD_GATEWAY_AFTER:
                page = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
                return Answer(502, page, {"Content-Type": "text/html"}).encode()
            case Kind.GARBAGE_AFTER:
                return Answer(answer.status, b"{\x00 nobody knows", dict(answer.headers)).encode()
            case Kind.PAGE_AFTER:
                # As of a proxy that wants somebody to log in.
                return Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}).encode()
            case Kind.TRUNCATED_AFTER:
                whole = answer.encode()
                return whole[: len(whole) - max(1, len(answer.body) // 2)]
            case _:
                return answer.encode()


@dataclass(slots=True)
class Faults:
    """The faults that are due. The first that strikes wins."""

    due: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Let the fault happen, and return it."""
        self.due.append(fault)
        return fault

    def strike(self, request: Request) -> Fault | None:
        """Count the request for every fault and return the one that happens at it."""
        hits = [fault for fault in self.due if fault.strikes(request)]
        return hits[0] if hits else None

    def clear(self) -> None:
        """Let nothing more go wrong."""
        self.due.clear()
