"""New issues: fifty by one request, and alone those that were refused in company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core.tickets import Ticket, Uid
from ..errors import Conflict, OutcomeUnknown
from .jira_client import API, Client, Refused
from .jira_drafts import Drafts
from .jira_issue import PROPERTY, Issue
from .jira_server import put_into_epic
from .jira_tickets import Tickets
from .patience import AGAIN


class Creation:
    """Creates the issues of one run."""

    def __init__(self, client: Client, tickets: Tickets, drafts: Drafts) -> None:
        """Write through the client, and let `tickets` remember what was made."""
        self._client = client
        self._tickets = tickets
        self._drafts = drafts
        self._is_checked = False
        self._has_properties = True

    def create(self, tickets: Sequence[Ticket], remotes: Mapping[Uid, str]) -> Iterator[Issue]:
        """Create issues with label and property, and yield each as it is there."""
        hidden = self._tickets.hidden()
        new = [ticket for ticket in tickets if ticket.uid not in hidden]
        for ticket in tickets:
            if ticket.uid in hidden:
                yield self.adopted(hidden[ticket.uid])
        drafts = [self._drafts.draft(ticket, new, remotes) for ticket in new]
        made = self._together(drafts) if len(drafts) > 1 else []
        self._put_into_epics(made)
        yield from made
        there = {issue.uid for issue in made}
        for draft in drafts:
            if draft.uid not in there:
                # What was refused in company is asked for alone: then its own reason is told.
                issue = self._alone(draft)
                self._put_into_epics([issue])
                yield issue

    def adopted(self, issue: Issue) -> Issue:
        """Give a ticket of ours that carries our label no more that label again."""
        if self._tickets.label not in issue.labels:
            label = {"update": {"labels": [{"add": self._tickets.label}]}}
            self._client.write("PUT", f"{API}/issue/{issue.key}", label)
            issue = replace(issue, labels=(*issue.labels, self._tickets.label))
        return self._tickets.remember(issue)

    def _together(self, drafts: Sequence[Issue]) -> list[Issue]:
        """Create the issues, and return those that came into being, in their order."""
        content = {"issueUpdates": [self._drafts.content(draft) for draft in drafts]}
        try:
            answer = self._client.write("POST", f"{API}/issue/bulk", content)
        except Refused:
            return []
        try:
            failed = {error.get("failedElementNumber") for error in answer.get("errors") or ()}
            made = list(answer.get("issues") or ())
        except (TypeError, AttributeError) as error:
            raise OutcomeUnknown("it does not tell which issues it made", fix=AGAIN) from error
        kept = [draft for place, draft in enumerate(drafts) if place not in failed]
        if len(made) != len(kept):
            raise OutcomeUnknown("it does not tell which issues it made", fix=AGAIN)
        return self._checked([_named(draft, data) for draft, data in zip(kept, made, strict=True)])

    def _alone(self, draft: Issue) -> Issue:
        answer = self._client.write("POST", f"{API}/issue", self._drafts.content(draft))
        return self._checked([_named(draft, answer)])[0]

    def _checked(self, issues: list[Issue]) -> list[Issue]:
        """Remember new issues; the first of a run is read again for what Jira dropped in silence.

        Raises:
            Conflict: our label did not stick, so that nobody would find the issues again.
        """
        for issue in issues:
            self._tickets.remember(issue)
        self._tickets.save()
        if issues and not self._is_checked:
            first = self._tickets.search.issue(issues[0].key)
            if self._tickets.label not in first.labels:
                raise Conflict(
                    f"Jira made {first.key}, but dropped its labels",
                    fix="Look for a rule or a field configuration of the project that does so; "
                    f"the next sync takes {first.key} up.",
                )
            memory = first.memory or self._tickets.search.property_of(first)
            self._has_properties = memory is not None
            self._is_checked = True
        if not self._has_properties:
            for issue in issues:
                path = f"{API}/issue/{issue.key}/properties/{PROPERTY}"
                self._client.write("PUT", path, issue.ours.data())
        return issues

    def _put_into_epics(self, issues: Sequence[Issue]) -> None:
        """Let the board put tickets below their epics where no field can."""
        if self._drafts.project.parent:
            return
        for epic in dict.fromkeys(issue.parent for issue in issues if issue.parent):
            keys = [issue.key for issue in issues if issue.parent == epic]
            put_into_epic(self._client, epic, keys)


def _named(draft: Issue, data: Mapping[str, Any]) -> Issue:
    try:
        return replace(draft, key=str(data["key"]), id=int(data["id"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise OutcomeUnknown("it does not tell which issue it made", fix=AGAIN) from error
