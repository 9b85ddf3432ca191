"""A call on its way through the fake: who asks for what, with which right, and in pages."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from .faults import SECONDARY_LIMIT
from .shapes import Shapes
from .wire import Answer, Refused, Request, data, problem
from .world import START, Issue, Repo, Right, Token, World


@dataclass(slots=True)
class Limits:
    """The primary limit, and a secondary one: after `burst` creations the next is refused once.

    `retry_after` is what that refusal asks for; None leaves the header out.
    """

    limit: int = 5000
    remaining: int = 5000
    reset: int = int(START.timestamp()) + 3600
    burst: int | None = None
    retry_after: int | None = 1
    created: int = 0

    def use_up(self, seconds: float = 1) -> None:
        """Leave nothing until so many seconds from now, by the real clock."""
        self.remaining, self.reset = 0, math.ceil(time.time() + seconds)

    def headers(self) -> dict[str, str]:
        """What every answer says about the limit."""
        used = self.limit - self.remaining
        values = {"limit": self.limit, "remaining": self.remaining, "used": used}
        values["reset"] = self.reset
        return {f"X-RateLimit-{k.title()}": str(v) for k, v in values.items()} | {
            "X-RateLimit-Resource": "core"
        }

    def check(self, request: Request, login: str) -> None:
        """Refuse what is too much."""
        if self.remaining <= 0 and time.time() >= self.reset:
            self.remaining = self.limit
        if self.remaining <= 0:
            raise Refused(problem(403, f"API rate limit exceeded for user {login}."))
        if request.method != "POST" or self.burst is None:
            return
        if self.created >= self.burst:
            self.created = 0
            wait = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
            raise Refused(problem(403, SECONDARY_LIMIT, headers=wait))
        self.created += 1


@dataclass(slots=True)
class Call:
    """One request with everything that its path names."""

    world: World
    shapes: Shapes
    limits: Limits
    request: Request
    token: Token
    names: dict[str, str]
    found_repo: Repo | None = None
    found_issue: Issue | None = None

    @property
    def repo(self) -> Repo:
        """The repository in the path."""
        assert self.found_repo
        return self.found_repo

    @property
    def issue(self) -> Issue:
        """The issue in the path."""
        assert self.found_issue
        return self.found_issue

    @property
    def right(self) -> Right:
        """What the token may do in the repository."""
        return self.repo.right_of(self.token)

    @property
    def can_push(self) -> bool:
        """Whether labels, milestone, assignees and type are taken rather than dropped."""
        return self.right >= Right.PUSH

    def pages(self, items: Sequence[Any]) -> Answer:
        """Return the page that was asked for, with links to the others."""
        query = self.request.query
        size = min(100, max(1, int(query.get("per_page", "30"))))
        page = max(1, int(query.get("page", "1")))
        last = max(1, -(-len(items) // size))
        path = self.request.path.removeprefix(self.shapes.api_path)
        if self.found_repo:
            path = re.sub(r"^/repos/[^/]+/[^/]+", f"/repositories/{self.repo.id}", path)
        wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        if page == 1:
            del wanted["prev"], wanted["first"]
        if page >= last:
            del wanted["next"], wanted["last"]
        links = [
            f'<{self.shapes.api}{path}?{urlencode({**query, "page": str(n)})}>; rel="{rel}"'
            for rel, n in wanted.items()
        ]
        headers = {"Link": ", ".join(links)} if links else {}
        return data(200, items[(page - 1) * size : page * size], headers)


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked for, and the right that it takes."""

    method: str
    template: str
    handler: Callable[[Call], Answer]
    right: Right = Right.READ

    def match(self, request_path: str) -> dict[str, str] | None:
        """Return the names in the path, or None when it is another one."""
        # The name of a label may hold slashes, which clients do not always encode.
        whole = self.template.replace("{name}", "(?P<name>.+)")
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", whole)
        found = re.fullmatch(pattern, request_path)
        return {k: unquote(v) for k, v in found.groupdict().items()} if found else None
