"""Native links between issues: sub-issues and "blocked by", asked for by id, told by name.

Each is made once whatever happens: when GitHub refuses one, a look tells whether it is there.
"""

from __future__ import annotations

from typing import Any

from ..errors import NotFound
from .calling import taken_apart
from .github_client import Client
from .github_errors import Refused
from .github_issue import Issue, name_of


class Links:
    """The links of one repository's issues."""

    def __init__(self, client: Client, repository: str) -> None:
        """Speak through the client."""
        self._client = client
        self._repository = repository

    def _at(self, issue: Issue, rest: str) -> str:
        return f"/repos/{self._repository}/issues/{issue.number}/{rest}"

    def blockers(self, issue: Issue) -> list[str]:
        """Return the names of the issues that it waits for."""
        items = self._client.items(self._at(issue, "dependencies/blocked_by"))
        return [name_of(str(item.get("url")), self._repository) for item in items]

    def block(self, issue: Issue, by: Issue) -> None:
        """Let the issue wait for another one."""
        path = self._at(issue, "dependencies/blocked_by")
        try:
            self._client.write("POST", path, {"issue_id": by.id})
        except Refused:
            if by.name not in self.blockers(issue):
                raise

    def unblock(self, issue: Issue, by: Issue) -> None:
        """Let the issue no longer wait for another one."""
        self._without(issue, f"dependencies/blocked_by/{by.id}")

    def adopt(self, parent: Issue, issue: Issue) -> None:
        """Make the issue a sub-issue of the parent, whatever it was before."""
        content: dict[str, Any] = {"sub_issue_id": issue.id}
        if issue.parent:
            content["replace_parent"] = True
        try:
            # The answer is the parent, not the sub-issue.
            self._client.write("POST", self._at(parent, "sub_issues"), content)
        except Refused as refused:
            if self._parent_id(issue) != parent.id:
                raise Refused(
                    refused.message,
                    fix=f"Take sub-issues that are closed out of {parent.name}, "
                    "then run this again.",
                ) from refused

    @taken_apart("the parent of an issue")
    def _parent_id(self, issue: Issue) -> int:
        try:
            return int(self._client.get(self._at(issue, "parent"))[1]["id"])
        except NotFound:
            return 0

    def release(self, parent: Issue, issue: Issue) -> None:
        """Make the issue no sub-issue of the parent any more."""
        self._without(parent, "sub_issue", {"sub_issue_id": issue.id})

    def _without(self, issue: Issue, rest: str, content: Any = None) -> None:
        try:
            self._client.write("DELETE", self._at(issue, rest), content)
        except NotFound:
            return  # somebody was faster
