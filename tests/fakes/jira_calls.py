"""A call on its way through the fake Jira: who asks for what, and what may be seen and done."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from .jira_shapes import Shapes
from .jira_world import Issue, Project, Token, World
from .wire import Answer, Refused, Request, data

API = "/rest/api/2"
AGILE = "/rest/agile/1.0"


def trouble(
    status: int,
    *messages: str,
    headers: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> Answer:
    """Return an error in the shape that Jira gives to most: messages, and faults by field."""
    content = {"errorMessages": list(messages), "errors": dict(fields or {})}
    return data(status, content, headers)


def refused(status: int, /, *messages: str, **fields: str) -> Refused:
    """Return the refusal of a request."""
    return Refused(trouble(status, *messages, fields=fields))


@dataclass(slots=True)
class Call:
    """One request. `token` is None for an anonymous one; `version` is that of the interface."""

    world: World
    shapes: Shapes
    request: Request
    token: Token | None
    names: dict[str, str]
    version: int

    @property
    def is_cloud(self) -> bool:
        """Whether this is a Cloud site."""
        return self.shapes.is_cloud

    @property
    def who(self) -> str:
        """The account that asks."""
        return self.token.login if self.token else "anonymous"

    def may(self, permission: str) -> bool:
        """Whether the account has the permission, which is the same in all projects."""
        return self.token is not None and permission in self.token.permissions

    def sees(self, issue: Issue) -> bool:
        """Whether the account may know that the issue is there."""
        return self.may("BROWSE_PROJECTS") and issue.project in self.world.projects

    def project(self) -> Project:
        """Return the project in the path."""
        name = self.names["projectIdOrKey"]
        found = self.world.project_of(name)
        if found is None or not self.may("BROWSE_PROJECTS"):
            raise refused(404, f"No project could be found with key '{name}'.")
        return found

    def issue(self, name: str = "") -> Issue:
        """Return the issue of that name, by default the one in the path."""
        found = self.world.find(name or self.names["issueIdOrKey"])
        if found is None or not self.sees(found):
            if self.is_cloud:
                text = "Issue does not exist or you do not have permission to see it."
                raise refused(404, text)
            raise refused(404, "Issue Does Not Exist")
        return found

    def need(self, permission: str, status: int, message: str) -> None:
        """Refuse without the permission."""
        if not self.may(permission):
            raise refused(status, message)

    def sent(self, *known: str) -> dict[str, Any]:
        """Return the body."""
        body = self.request.json()
        self.check_keys(body, known)
        return body

    def check_keys(self, content: Collection[str], known: Collection[str]) -> None:
        """Refuse keys that a Data Center does not know, even with null; a Cloud ignores them."""
        unknown = [key for key in content if key not in known]
        if unknown and not self.is_cloud:
            raise refused(400, f'Unrecognized field "{unknown[0]}", not marked as ignorable')

    def many(self, name: str) -> list[str]:
        """Return the values of a parameter that can be repeated, or hold commas."""
        pairs = self.request.pairs
        values = [part for key, text in pairs if key == name for part in text.split(",")]
        return [value for value in values if value]

    def page(self, items: Sequence[Any], key: str, *, most: int = 50) -> Answer:
        """Return the page that was asked for, counted from `startAt`."""
        query = self.request.query
        start = int(query.get("startAt", 0))
        size = min(most, int(query.get("maxResults", most)))
        is_last = start + size >= len(items)
        frame: dict[str, Any] = {"startAt": start, "maxResults": size, "total": len(items)}
        # Cloud's pages of the create screens say nothing about being the last.
        frame |= {"isLast": is_last} if key == "values" else {}
        return data(200, frame | {key: list(items[start : start + size])})


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked for, by whom and where it is to be had."""

    method: str
    template: str
    handler: Callable[[Call], Answer]
    only: str = ""
    is_open: bool = False

    def match(self, path: str) -> dict[str, str] | None:
        """Return the names in the path, or None when it is another one."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template)
        found = re.fullmatch(pattern, path)
        return {k: unquote(v) for k, v in found.groupdict().items()} if found else None
