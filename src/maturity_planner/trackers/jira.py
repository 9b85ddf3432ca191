"""Tickets as Jira issues, on Cloud and Data Center: epics, "Blocks" links, one label a plan.

The identity of a ticket, and what we wrote last, are an entity property that travels inside the
request that creates the issue, so that a lost answer or a lost `.maturity/` never makes a second
one. Up to fifty issues are created by one request; their links follow at once, and are
remembered before they are made. Which of them are there is compared with what is claimed until a
sync has ended well or the next one has looked (`Memory.batch`).
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.addresses import KEY_PATTERN
from ..core.finding import Finding
from ..core.tickets import Milestone, Present, State, Ticket, Uid, Value
from ..credentials import read_token
from ..errors import ConfigError, NotFound
from .jira_client import API, Client
from .jira_closing import Closing
from .jira_creation import Creation
from .jira_drafts import Drafts
from .jira_examine import Examination
from .jira_issue import Issue, fitted
from .jira_notebook import Notebook
from .jira_project import load_project
from .jira_server import check_rights, ensure_versions, link_type, put_into_epic
from .jira_text import Text, digest
from .jira_tickets import Tickets
from .jira_writing import Writer
from .patience import Patience


@dataclass(frozen=True, slots=True)
class _Work:
    """What writes, once it is known how the project takes it."""

    drafts: Drafts
    creation: Creation
    writer: Writer
    closing: Closing
    link_type: str


class JiraTracker:
    """The issues of one project; see `base.Tracker` for what each method promises."""

    kind = "jira"
    is_remote = True
    batch = 50
    digest = staticmethod(digest)

    def __init__(
        self,
        settings: Mapping[str, Any],
        root: Path,
        system: str,
        patience: Patience | None = None,
    ) -> None:
        """Keep the settings; nothing is sent.

        Raises:
            ConfigError: they name no project, or an address that cannot be used.
        """
        self.target = str(settings.get("project", ""))
        if not re.fullmatch(KEY_PATTERN, self.target):
            raise ConfigError(
                f'tracker.jira.project is "{self.target}"',
                fix='Write project = "KEY" in [tracker.jira], in capital letters.',
            )
        self.patience = patience or Patience(between_writes=0)
        self._settings = settings
        self._client = Client(
            str(settings.get("server", "")),
            str(settings.get("email") or ""),
            lambda: read_token("jira", settings, os.environ, root),
            self.patience,
        )
        notebook = Notebook(root, self._client.server, self.target)
        self._tickets = Tickets(self._client, self.target, settings, notebook)
        self._work: _Work | None = None
        self._has_versions = bool(settings.get("versions", True))

    def fit(self, ticket: Ticket) -> Ticket:
        """Return the ticket with texts and labels that Jira takes, the texts as wiki markup."""
        return fitted(ticket)

    def tidy(self) -> None:
        """Nothing to do: what a run leaves behind is in the issues themselves."""

    def examine(self) -> Iterator[Finding]:
        """Yield what `doctor` tells; reads only, and does not wait for a used-up limit."""
        self.patience.most = 0
        return Examination(
            self._client, self.target, self._settings, self._tickets.link_type
        ).findings()

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers."""
        return self._tickets.read(plan)

    # Writing ---------------------------------------------------------------------------

    def prepare(self, plan: str, milestones: Sequence[Milestone]) -> None:
        """Make sure that all we are going to write will be taken.

        Raises:
            TrackerError: a right, a type, a field or a kind of link is missing.
        """
        if self._work is None:
            is_cloud = self._tickets.search.is_cloud
            project = load_project(self._client, self.target, self._settings, is_cloud=is_cloud)
            link = link_type(self._client, self._tickets.link_type)
            check_rights(self._client, self.target, is_cloud=is_cloud)
            drafts = Drafts(project, self._tickets.label, is_cloud, self._has_versions)
            writer = Writer(self._client, self._tickets, is_cloud=is_cloud)
            self._work = _Work(
                drafts,
                Creation(self._client, self._tickets, drafts),
                writer,
                Closing(self._client, self._tickets, writer),
                link,
            )
        if milestones and self._has_versions:
            ensure_versions(self._client, self.target, milestones)
        self.settle()

    def settle(self) -> None:
        """Write into the newest issues which of their links there are, and into the oldest that.

        Either may be deleted: then the other one still tells.
        """
        for found in list(self._tickets.found.values()):
            is_labelled = self._tickets.label in found.labels
            issue = found if is_labelled else self._at_work.creation.adopted(found)
            if issue.is_closed_in_part:
                self._at_work.closing.finish(issue)
        waiting = self._tickets.unsettled()
        for issue in waiting:
            base = self._tickets.present(issue).base
            if issue is waiting[-1] or base != issue.ours.base:
                self._at_work.writer.write(issue, replace(issue.ours, base=base, batch=""))
        if waiting:
            oldest = min(self._tickets.found.values(), key=lambda issue: issue.id)
            self._at_work.writer.write(oldest, replace(oldest.ours, settled=waiting[-1].id))
        self._tickets.save()

    def create(
        self, tickets: Sequence[Ticket], remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Iterator[Present]:
        """Create issues with label and property, all of them in one request where possible."""
        created = self._at_work.creation.create(tickets, remotes)
        yield from map(self._tickets.present, created)

    @property
    def _at_work(self) -> _Work:
        assert self._work is not None, "prepare comes first"
        return self._work

    def update(
        self,
        present: Present,
        fields: Mapping[str, Value],
        base: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> None:
        """Change links singly, then all else, and what we remember, in one request."""
        issue = self._tickets.found[present.uid]
        sent: dict[str, Any] = {}
        steps: dict[str, Sequence[Mapping[str, Any]]] = {}
        left_out = dict(issue.ours.left_out)
        for name, value in fields.items():
            match name, value:
                case "title", str():
                    sent["summary"] = value
                case "labels", tuple():
                    steps["labels"] = _steps(present.fields["labels"], value)
                case "epic", str():
                    sent |= self._set_epic(issue, remotes.get(Uid(value), ""))
                case "needs", tuple():
                    issue = self._set_needs(issue, value)
                case (("priority" | "due" | "milestone"), str()):
                    left_out.pop(name, None)
                    chosen = self._at_work.drafts.chosen(issue.kind, name, value)
                    if chosen is None:
                        left_out[name] = value
                    elif name == "milestone":
                        steps["fixVersions"] = _versions(str(present.fields[name]), value)
                    else:
                        sent |= chosen
        # Whoever opened it again does not want it closed by us.
        closed = issue.ours.closed if issue.category == "done" else ""
        base = {**issue.ours.base, **base}
        memory = replace(issue.ours, base=base, closed=closed, left_out=left_out)
        text = _with_texts(issue.parts, fields)
        if sent or steps or text != issue.parts or memory != issue.ours:
            self._at_work.writer.write(
                issue, memory, text if text != issue.parts else None, sent, steps
            )

    def close(self, present: Present, state: State, comment: str, now: datetime.datetime) -> None:
        """Close it unless somebody was faster, and say why in a comment."""
        self._at_work.closing.close(self._tickets.found[present.uid], state, comment)

    def reopen(self, present: Present, comment: str, now: datetime.datetime) -> None:
        """Open it unless somebody was faster, and forget that we closed it."""
        self._at_work.closing.reopen(self._tickets.found[present.uid], comment)

    def _set_epic(self, issue: Issue, epic: str) -> dict[str, Any]:
        """Return the field that puts the issue below the epic; without one the board does it."""
        self._tickets.remember(replace(issue, parent=epic))
        if self._at_work.drafts.project.parent:
            return {
                self._at_work.drafts.project.parent: self._at_work.drafts.relation(epic)
                if epic
                else None
            }
        put_into_epic(self._client, epic or "none", [issue.key])
        return {}

    def _set_needs(self, issue: Issue, wanted: Sequence[str]) -> Issue:
        """Add and remove single links; those to issues that are not ours stay."""
        held = self._tickets.present(issue).fields["needs"]
        for need in wanted:
            blocker = self._tickets.found.get(Uid(need))
            if need not in held and blocker:
                # The blocker is the inward issue, whatever its name suggests.
                content = {
                    "type": {"id": self._at_work.link_type},
                    "inwardIssue": {"key": blocker.key},
                    "outwardIssue": {"key": issue.key},
                }
                self._client.write("POST", f"{API}/issueLink", content)
                issue = replace(issue, blockers={**issue.blockers, blocker.key: ""})
                self._tickets.remember(issue)
        for key, link in list(issue.blockers.items()):
            blocker = self._tickets.of_key(key)
            if blocker and blocker.uid not in wanted and link:
                self._unlink(link)
                kept = {k: v for k, v in issue.blockers.items() if k != key}
                issue = self._tickets.remember(replace(issue, blockers=kept))
        return issue

    def _unlink(self, link: str) -> None:
        try:
            self._client.write("DELETE", f"{API}/issueLink/{link}")
        except NotFound:
            return  # somebody was faster


def _with_texts(text: Text, fields: Mapping[str, Value]) -> Text:
    """Return the description with our parts of it anew."""
    if isinstance(body := fields.get("body"), str):
        text = replace(text, body=body)
    if isinstance(criteria := fields.get("acceptance"), tuple):
        text = replace(text, criteria=text.with_criteria(criteria))
    return text


def _steps(old: Value, new: Value) -> list[dict[str, str]]:
    """Return what adds and removes single labels; those of others are never sent."""
    return [
        *({"add": label} for label in new if label not in old),
        *({"remove": label} for label in old if label not in new),
    ]


def _versions(old: str, new: str) -> list[dict[str, Any]]:
    """Return what puts the new version in the old one's place, beside those of people."""
    taken = [{"remove": {"name": old}}] if old else []
    return [*taken, {"add": {"name": new}}]
