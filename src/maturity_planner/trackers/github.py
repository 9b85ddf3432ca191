"""Tickets as GitHub issues: epics with sub-issues, needs as "blocked by", one label a plan.

The identity of a ticket, and what we wrote last, travel inside the request that creates it, so
that a lost answer or a lost `.maturity/` never makes a second one. The links of a new issue come
in requests of their own right after it, and are remembered before they are made. So only the
newest issue of a plan can lack some: what its first line claims is compared with what is there
until a sync has ended well or the next one has looked (`Mark.is_new`).
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.addresses import GITHUB, REPOSITORY_PATTERN
from ..core.finding import Finding
from ..core.tickets import Kind, Milestone, Present, State, Ticket, Uid, Value, base_of, digest
from ..credentials import read_token
from ..errors import AuthError, Changed, ConfigError, NotFound, TrackerError
from .block import Block, Broken, Mark
from .github_client import Client
from .github_errors import RIGHTS
from .github_issue import (
    MOST_TEXT,
    PRIORITY,
    Issue,
    fitted,
    read_issue,
    same_label,
)
from .github_links import Links
from .github_project import DATES, Project
from .github_repository import (
    check_repository,
    ensure_milestones,
    examine,
    get_repository,
    issue_types,
)
from .github_tickets import NEED, Tickets, tasks
from .patience import AGAIN, Patience

TYPES = {Kind.EPIC: "Epic", Kind.TICKET: "Task"}


class GitHubTracker:
    """The issues of one repository; see `base.Tracker` for what each method promises."""

    kind = "github"
    is_remote = True
    batch = 1
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
            ConfigError: they name no repository, or an address that cannot be used.
        """
        self.target = str(settings.get("repository", ""))
        if not re.fullmatch(REPOSITORY_PATTERN, self.target):
            raise ConfigError(
                f'tracker.github.repository is "{self.target}"',
                fix='Write repository = "OWNER/NAME" in [tracker.github].',
            )
        self.patience = patience or Patience()
        self._client = Client(
            str(settings.get("base_url") or GITHUB),
            lambda: read_token("github", settings, os.environ, root),
            self.patience,
        )
        self._assignees = [str(login) for login in settings.get("assignees") or ()]
        self._links = Links(self._client, self.target)
        self._project = (
            Project(self._client, self.target, settings) if settings.get("project") else None
        )
        self._tickets = Tickets(
            self._client, self.target, self._links, self._assignees, self._project
        )
        self._types: set[str] | None = None
        self._milestones: Mapping[str, int] = {}

    @property
    def _path(self) -> str:
        return f"/repos/{self.target}"

    def _at(self, issue: Issue, rest: str = "") -> str:
        return f"{self._path}/issues/{issue.number}{rest}"

    def fit(self, ticket: Ticket) -> Ticket:
        """Return the ticket with texts and labels that GitHub takes."""
        return fitted(ticket, with_dates=self._project is not None)

    def tidy(self) -> None:
        """Nothing to do: what a run leaves behind is in the issues themselves."""

    def examine(self) -> Iterator[Finding]:
        """Yield what `doctor` tells; reads only, and does not wait for a used-up limit."""
        self.patience.most = 0
        return examine(self._client, self.target, self._project)

    # Reading ---------------------------------------------------------------------------

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers.

        Raises:
            Conflict: issues that only a person can sort out, all of them named.
            TrackerError: the list could not be read to its end.
        """
        return self._tickets.read(plan)

    # Writing ---------------------------------------------------------------------------

    def prepare(self, plan: str, milestones: Sequence[Milestone]) -> None:
        """Make sure that all we are going to write will be taken, labels and types included.

        Raises:
            AuthError: without push access GitHub drops labels in silence.
        """
        if self._types is None:
            data = get_repository(self._client, self.target)
            check_repository(data, self.target)
            self._types = issue_types(self._client, data, self.target)
        if milestones:
            self._milestones = ensure_milestones(self._client, self.target, milestones)
            if self._project:
                self._project.prepare()
        self.settle()

    def settle(self) -> None:
        """Write into the newest issue which of its links there are, and into the oldest that.

        Either may be deleted: then the other one still tells.
        """
        for issue in list(self._tickets.found.values()):
            if self._tickets.is_unsettled(issue):
                base = self._tickets.present(issue).base
                mark = replace(issue.ours.mark, base=base, is_new=False)
                self._patch(issue, replace(issue.ours, mark=mark))
                oldest = self._tickets.oldest()
                mark = replace(oldest.ours.mark, settled=issue.number)
                self._patch(oldest, replace(oldest.ours, mark=mark))

    def create(
        self, tickets: Sequence[Ticket], remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Iterator[Present]:
        """Create issues with label and block, and make each a sub-issue of its epic."""
        for ticket in tickets:
            yield self._create(ticket, remotes)

    def _create(self, ticket: Ticket, remotes: Mapping[Uid, str]) -> Present:
        lost = self._tickets.without_label().get(ticket.uid)
        issue = self._adopted(lost, ticket) if lost else self._created(ticket, remotes)
        is_ours = lost is None or self._tickets.is_unsettled(issue)
        if ticket.epic and is_ours and not self._tickets.parent(issue):
            issue = self._set_parent(issue, remotes[ticket.epic])
        if self._project and is_ours:
            self._project.write(issue, _dates(ticket.fields()))
        return self._tickets.present(issue)

    def _created(self, ticket: Ticket, remotes: Mapping[Uid, str]) -> Issue:
        fields = {name: value for name, value in ticket.fields().items() if name != "needs"}
        if ticket.needs and all(need in remotes for need in ticket.needs):
            fields["needs"] = ticket.needs
        base, dates = base_of(fields), _dates(fields)
        if self._project and dates:
            self._project.prepare()  # its fields are remembered with what they will hold
            base |= self._project.places(dates)
        mark = Mark(ticket.uid, base, is_new=bool(ticket.epic or ticket.needs or dates))
        criteria = tuple((text, False) for text in ticket.acceptance)
        content: dict[str, Any] = {
            "title": ticket.title,
            "body": Block(mark, ticket.body, criteria).text(),
            "labels": [self._tickets.label, *ticket.labels, *_priority(ticket.priority)],
        }
        if ticket.milestone:
            content["milestone"] = self._milestones[ticket.milestone.name]
        if self._assignees:
            content["assignees"] = self._assignees
        if TYPES[ticket.kind] in (self._types or ()):
            content["type"] = TYPES[ticket.kind]
        issue = read_issue(self._client.write("POST", f"{self._path}/issues", content), self.target)
        self._check_created(issue)
        try:
            self._tickets.take(issue)
            return self._tickets.found[ticket.uid]
        except (Broken, NotFound) as error:
            raise TrackerError(
                f"GitHub made {self.target}{issue.name}, but not with the text that was sent",
                fix=f"Look at it in a browser. {AGAIN}",
            ) from error

    def _check_created(self, issue: Issue) -> None:
        if any(same_label(label, self._tickets.label) for label in issue.labels):
            return
        raise AuthError(
            f"GitHub made {self.target}{issue.name}, but dropped its labels: "
            "the token may not push to the repository",
            fix=f"Use another token; the next sync takes {issue.name} up. {RIGHTS}",
        )

    def _adopted(self, issue: Issue, ticket: Ticket) -> Issue:
        # One without any label is one whose labels GitHub dropped when it was made.
        more = () if issue.labels else (*ticket.labels, *_priority(ticket.priority))
        labels = [self._tickets.label, *more]
        self._client.write("POST", self._at(issue, "/labels"), {"labels": labels})
        found = replace(issue, labels=(*issue.labels, *labels), needs=self._tickets.needs_of(issue))
        return self._tickets.remember(found)

    def update(
        self,
        present: Present,
        fields: Mapping[str, Value],
        base: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> None:
        """Change labels, links and dates, then texts, and what we remember, in one request."""
        issue = self._with_links(self._tickets.found[present.uid], present, fields, remotes)
        if self._project:
            self._project.write(issue, _dates(fields))
            base = {**base, **self._project.places(base)}
        block, mark = issue.ours, issue.ours.mark
        # Whoever opened it again does not want it closed by us.
        closed = mark.closed if issue.state.is_closed else ""
        block = replace(block, mark=replace(mark, base={**mark.base, **base}, closed=closed))
        if isinstance(body := fields.get("body"), str):
            block = replace(block, body=body)
        if isinstance(criteria := fields.get("acceptance"), tuple):
            block = replace(block, criteria=block.with_criteria(criteria))
        if isinstance(needs := fields.get("needs"), tuple) and issue.blockers is None:
            block, issue = self._with_needs(block, needs), replace(issue, needs=needs)
        content: dict[str, Any] = {k: v for k, v in fields.items() if k == "title"}
        if "milestone" in fields:
            content["milestone"] = self._milestones.get(str(fields["milestone"]))
        if block != issue.ours or content:
            self._patch(issue, block, **content)

    def _with_links(
        self,
        issue: Issue,
        present: Present,
        fields: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> Issue:
        """Add and remove what an issue holds singly: labels, its epic, what it needs."""
        for name, value in fields.items():
            match name, value:
                case "labels", tuple():
                    issue = self._set_labels(issue, present.fields["labels"], value)
                case "priority", str():
                    old = _priority(str(present.fields["priority"]))
                    issue = self._set_labels(issue, old, _priority(value))
                case "epic", str():
                    issue = self._set_parent(issue, remotes.get(Uid(value), ""))
                case "needs", tuple() if issue.blockers is not None:
                    issue = self._set_needs(issue, value)
        return issue

    def close(self, present: Present, state: State, comment: str, now: datetime.datetime) -> None:
        """Say why in a comment, then close and remember that it was us in one request."""
        reason = "completed" if state is State.DONE else "not_planned"
        self._turn(present, comment, state.value, state="closed", state_reason=reason)

    def reopen(self, present: Present, comment: str, now: datetime.datetime) -> None:
        """Say why in a comment, then open it, and forget that we closed it, in one request."""
        self._turn(present, comment, "", state="open")

    def _turn(self, present: Present, comment: str, closed: str, **content: str) -> None:
        issue = self._tickets.found[present.uid]
        now = read_issue(self._client.get(self._at(issue))[1], self.target)
        if (now.state, now.assignees) != (issue.state, issue.assignees):
            raise self._changed(issue)
        mark = replace(issue.ours.mark, closed=closed, turn=issue.ours.mark.turn + 1)
        # A run that was cut short after the comment finds it here, and does not say it twice.
        said = f"<!-- mp:said {mark.uid} {mark.turn} -->"
        path = self._at(issue, "/comments")
        is_said = issue.comments and any(
            said in str(item.get("body")) for item in self._client.items(path)
        )
        if not is_said:
            self._client.write("POST", path, {"body": f"{comment}\n\n{said}"})
        self._patch(issue, replace(issue.ours, mark=mark), **content)

    def _patch(self, issue: Issue, block: Block, **content: Any) -> Issue:
        """Write the block and more, unless somebody changed the issue since it was read.

        What people wrote around the block meanwhile is kept.
        """
        now = read_issue(self._client.get(self._at(issue))[1], self.target)
        if now.text != issue.text:
            try:
                theirs = Block.parse(now.text)
            except Broken:
                theirs = None
            if theirs is None or replace(theirs, before="", after="") != replace(
                issue.ours, before="", after=""
            ):
                raise self._changed(issue)
            block = replace(block, before=theirs.before, after=theirs.after)
        if now.title != issue.title and "title" in content:
            raise self._changed(issue)
        text = block.text()
        if len(text) > MOST_TEXT:
            raise TrackerError(
                f"{self.target}{issue.name} would get {len(text)} characters; "
                f"GitHub takes {MOST_TEXT}",
                fix="Shorten what people wrote around our block in it, then run this again.",
            )
        sent = {"body": text, **content} if text != now.text else content
        if sent:
            data = self._client.write("PATCH", self._at(issue), sent)
            now = read_issue(data, self.target)
        written = replace(now, block=block, needs=issue.needs, text=text)
        return self._tickets.remember(written)

    def _changed(self, issue: Issue) -> Changed:
        return Changed(
            f"{self.target}{issue.name} was changed by somebody else at the same time",
            fix="Run this again; their change is untouched.",
        )

    def _set_labels(self, issue: Issue, old: Value, new: Value) -> Issue:
        """Add and remove single labels; those of others are never sent."""
        added = [label for label in new if label not in old]
        removed = [label for label in old if label not in new]
        if added:
            self._client.write("POST", self._at(issue, "/labels"), {"labels": added})
        for label in removed:
            try:
                self._client.write("DELETE", self._at(issue, f"/labels/{quote(label, safe='')}"))
            except NotFound:
                continue  # somebody was faster
        gone = {label.lower() for label in removed}
        kept = (label for label in issue.labels if label.lower() not in gone)
        return self._tickets.remember(replace(issue, labels=(*kept, *added)))

    def _set_parent(self, issue: Issue, name: str) -> Issue:
        """Make it a sub-issue of the issue with that name, or of none when it is empty."""
        epic, old = self._tickets.of_name(name), self._tickets.of_name(issue.parent or "")
        if issue.parent is None:
            return self._set_tasks(issue, epic)
        if epic:
            self._links.adopt(epic, issue)
        elif old:
            self._links.release(old, issue)
        return self._tickets.remember(replace(issue, parent=name))

    def _set_tasks(self, issue: Issue, epic: Issue | None) -> Issue:
        """Stand in for sub-issues: one line in the task list of the epic's block."""
        for other in self._tickets.holders(issue):
            if other is not epic:
                links = tuple(x for x in other.ours.links if issue.name not in tasks((x,)))
                self._patch(other, replace(other.ours, links=links))
        if epic and issue.name not in tasks(epic.ours.links):
            links = (*epic.ours.links, f"- [ ] {issue.name}")
            self._patch(epic, replace(epic.ours, links=links))
        return self._tickets.found[issue.uid]

    def _set_needs(self, issue: Issue, wanted: Sequence[str]) -> Issue:
        """Add and remove single "blocked by" links; those to issues that are not ours stay."""
        for need in wanted:
            blocker = self._tickets.found.get(Uid(need))
            if need not in issue.needs and blocker:
                self._links.block(issue, blocker)
                issue = self._tickets.remember(replace(issue, needs=(*issue.needs, need)))
        for need in issue.needs:
            blocker = self._tickets.found.get(Uid(need))
            if need not in wanted and blocker:
                self._links.unblock(issue, blocker)
        return self._tickets.remember(replace(issue, needs=tuple(wanted)))

    def _with_needs(self, block: Block, wanted: Sequence[str]) -> Block:
        """Stand in for links: lines in the ticket's own block."""
        names = [
            self._tickets.found[Uid(n)].name if n in self._tickets.found else n for n in wanted
        ]
        links = [line for line in block.links if not NEED.fullmatch(line)]
        return replace(block, links=(*links, *(f"Needs {name}" for name in names)))


def _priority(priority: str) -> tuple[str, ...]:
    return (f"{PRIORITY}{priority}",) if priority else ()


def _dates(fields: Mapping[str, Value]) -> dict[str, str]:
    return {name: str(fields[name]) for name in DATES if name in fields}
