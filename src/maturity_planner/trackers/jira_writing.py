"""Changes to an issue, with what we remember of them, in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import Changed, Conflict
from .jira_client import API, Client
from .jira_issue import MOST_TEXT, Issue, Memory, size
from .jira_text import Text
from .jira_tickets import Tickets


class Writer:
    """Writes to issues of one project."""

    def __init__(self, client: Client, tickets: Tickets, *, is_cloud: bool) -> None:
        """Write through the client, and let `tickets` remember."""
        self._client = client
        self._tickets = tickets
        self._is_cloud = is_cloud

    def write(
        self,
        issue: Issue,
        memory: Memory,
        text: Text | None = None,
        fields: Mapping[str, Any] | None = None,
        steps: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    ) -> Issue:
        """Write memory and more in one request, unless somebody changed the issue since.

        A Data Center's text tells which memory is its own, so there it changes with it.
        """
        sent = dict(fields or {})
        now = issue
        if text is not None or "summary" in sent or self._stamp(memory):
            now = self._tickets.search.issue(issue.key)
            whole = self._merged(issue, now, text or issue.parts, memory)
            if "summary" in sent and now.title != issue.title:
                raise changed(issue)
            if whole != now.text:
                sent["description"] = whole
        content: dict[str, Any] = {"fields": sent, "properties": memory.properties()}
        if steps:
            content["update"] = dict(steps)
        self._client.write("PUT", f"{API}/issue/{issue.key}", content)
        written = replace(
            issue,
            title=str(sent.get("summary", now.title)),
            text=str(sent.get("description", now.text)),
            memory=memory,
        )
        return self._tickets.remember(written)

    def _merged(self, issue: Issue, now: Issue, text: Text, memory: Memory) -> str:
        """Return the whole text, with what people wrote around ours since it was read."""
        if now.text != issue.text:
            theirs = replace(now, memory=issue.memory).parts
            if (theirs.body, theirs.criteria) != (issue.parts.body, issue.parts.criteria):
                raise changed(issue)
            text = replace(text, before=theirs.before, after=theirs.after)
        whole = replace(text, uid=issue.uid, stamp=self._stamp(memory)).text()
        if size(whole) > MOST_TEXT:
            raise Conflict(
                f"{issue.key} would get {size(whole)} characters; Jira takes {MOST_TEXT}",
                fix="Shorten what people wrote around our text in it, then run this again.",
            )
        return whole

    def _stamp(self, memory: Memory) -> str:
        return "" if self._is_cloud else memory.stamp


def changed(issue: Issue) -> Changed:
    """Return the error for an issue that is no longer as it was read."""
    return Changed(
        f"{issue.key} was changed by somebody else at the same time",
        fix="Run this again; their change is untouched.",
    )
