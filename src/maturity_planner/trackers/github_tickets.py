"""The tickets of one plan as GitHub holds them: found by label and block, read without a write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..core.quantity import plural
from ..core.tickets import Kind, Present, State, Uid, Value, digest
from ..errors import Conflict, Fault, NotFound
from .base import LastRead
from .block import Block, Broken
from .github_client import Client
from .github_errors import Moved
from .github_issue import PRIORITY, Issue, read_issue, same_label
from .github_links import Links
from .github_project import DATES, Project
from .github_repository import renamed, switched_off
from .patience import unusable_answer

_TASK = re.compile(r"[-*] \[[ xX]\] (#\d+)\s*")
NEED = re.compile(r"Needs (\S+#\d+|#\d+)\s*")
"""A line that stands in for a link."""


class Tickets:
    """What was read last, by identity, and as it has become since by our own writes."""

    def __init__(
        self,
        client: Client,
        target: str,
        links: Links,
        assignees: Sequence[str],
        project: Project | None = None,
    ) -> None:
        """Read through the client; whoever is in `assignees` has not begun to work by that.

        Dates are in the project, if there is one.
        """
        self._forget("")
        self._client = client
        self._target = target
        self._links = links
        self._assignees = assignees
        self._project = project
        self._unlabelled: dict[Uid, Issue] | None = None

    def _forget(self, plan: str) -> None:
        """Begin anew with a plan; what is looked up for each issue is kept ready."""
        self.plan = plan
        self.found: LastRead[Issue] = LastRead()
        self._uids: dict[str, Uid] = {}
        self._holders: dict[str, dict[Uid, None]] = {}
        self._newest = self._settled = 0

    @property
    def label(self) -> str:
        """The label of every issue of the plan."""
        return f"mp:{self.plan}"

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers.

        Raises:
            Conflict: issues that only a person can sort out, all of them named.
            TrackerError: the list could not be read to its end.
        """
        self._forget(plan)
        faults = []
        for issue in self._issues(labels=self.label):
            if not any(same_label(label, self.label) for label in issue.labels):
                raise unusable_answer("GitHub", "a search for our label")
            try:
                self.take(issue)
            except Broken as broken:
                fault = f"carries our label {self.label}, but our block in its text: {broken}"
                fix = (
                    "Restore the text from the issue's history (edited, above it), or take the "
                    "label off: then it is a ticket no longer, and a new one is made."
                )
                faults.append(Fault(fault, fix, file=f"{self._target}{issue.name}"))
            self._client.patience.count(len(self.found))
        if faults:
            issues = plural(len(faults), "issue")
            raise Conflict(
                f"{issues} of {self._target} must be put right by hand; nothing was changed",
                faults=faults,
            )
        if self._project:
            self._project.read()
        for issue in list(self.found.values()):
            self.remember(replace(issue, needs=self.needs_of(issue)))
        return [self.present(issue) for issue in self.found.values()]

    def _issues(self, **query: str) -> Iterator[Issue]:
        try:
            for data in self._client.items(
                f"/repos/{self._target}/issues",
                state="all",
                sort="created",
                direction="asc",
                **query,
            ):
                if "pull_request" not in data:
                    yield read_issue(data, self._target)
        except Moved as moved:
            raise renamed(self._client, moved, self._target) from moved
        except NotFound as missing:
            if "has been disabled" in missing.message:
                raise switched_off(self._target) from missing
            raise

    def take(self, issue: Issue) -> None:
        """Remember the issue as the ticket that its block says it is."""
        block = Block.parse(issue.text)
        if block is None:
            raise Broken("it is not there")
        uid = block.mark.uid
        if not uid.startswith(f"{self.plan}."):
            return  # a ticket of another plan that somebody gave our label
        if uid in self.found:
            first = self.found[uid].name
            self._client.patience.say(
                f"Two issues of {self._target} hold the ticket {uid}: {first} and {issue.name}. "
                f"{first} counts; take the label {self.label} off {issue.name}."
            )
            return
        self.remember(replace(issue, block=block))

    def _named(self, name: str) -> str:
        """Return the uid of the ticket with that name; the name when it is not ours."""
        return self._uids.get(name, name)

    def needs_of(self, issue: Issue) -> tuple[str, ...]:
        """Return what the issue needs; asked for only when the number is not the one we wrote."""
        lines = [NEED.fullmatch(line) for line in issue.ours.links]
        needs = [self._named(line[1]) for line in lines if line]
        if issue.blockers is not None:
            written = [n for n in issue.ours.mark.base.get("needs", ()) if n not in needs]
            if issue.blockers == len(written):
                needs += written
            else:
                needs += map(self._named, self._links.blockers(issue))
        return tuple(dict.fromkeys(needs))

    def parent(self, issue: Issue) -> str:
        """Return the epic's uid, or the name of a foreign parent; empty without one."""
        if issue.kind is Kind.EPIC:
            return ""  # an epic of ours may hang wherever people like
        if issue.parent:
            return self._named(issue.parent)
        return next((epic.uid for epic in self.holders(issue)), "")

    def holders(self, issue: Issue) -> list[Issue]:
        """Return the issues whose task list, which stands in for sub-issues, names the issue."""
        return [self.found[uid] for uid in self._holders.get(issue.name, ())]

    def present(self, issue: Issue) -> Present:
        """Return the issue as a ticket."""
        mark, labels = issue.ours.mark, [x for x in issue.labels if not same_label(x, self.label)]
        priorities = [x[len(PRIORITY) :] for x in labels if x.lower().startswith(PRIORITY)]
        own = {label.lower(): label for label in mark.base.get("labels", ())}
        fields: dict[str, Value] = {
            "title": issue.title,
            "body": issue.ours.body,
            "acceptance": tuple(text for text, _ in issue.ours.criteria),
            "labels": tuple(
                own.get(x.lower(), x) for x in labels if not x.lower().startswith(PRIORITY)
            ),
            "priority": min(priorities, key=lambda p: digest(p) != mark.base.get("priority"))
            if priorities
            else "",
            "epic": self.parent(issue),
            "milestone": issue.milestone,
            "needs": issue.needs,
        }
        if self._project:
            fields |= self._project.dates(issue)
        return Present(
            uid=issue.uid,
            kind=issue.kind,
            remote=issue.name,
            reference=f"{self._target}{issue.name}",
            title=issue.title,
            state=self._state(issue),
            fields=fields,
            base=self._true_base(issue, fields),
            is_closed_by_us=bool(mark.closed)
            and (not issue.state.is_closed or issue.state == mark.closed),
            is_reopened=bool(mark.closed) and not issue.state.is_closed,
            closed_on=issue.closed_on,
        )

    def _state(self, issue: Issue) -> State:
        is_taken = any(login not in self._assignees for login in issue.assignees)
        is_begun = is_taken or any(ticked for _, ticked in issue.ours.criteria)
        return State.IN_PROGRESS if issue.state is State.OPEN and is_begun else issue.state

    def _true_base(self, issue: Issue, fields: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what we wrote last, without links and dates that the newest issue never got."""
        base = dict(issue.ours.mark.base)
        if self._project:
            base = self._project.known(base)
        if self.is_unsettled(issue):
            for name in ("epic", *DATES):
                if not fields.get(name):
                    base.pop(name, None)
            needs = base.get("needs", ())
            base["needs"] = tuple(need for need in needs if need in fields["needs"])
        return base

    def is_unsettled(self, issue: Issue) -> bool:
        """Whether the issue may lack links that its first line claims: the newest one may."""
        return issue.ours.mark.is_new and issue.number == self._newest > self._settled

    def oldest(self) -> Issue:
        """Return the first issue of the plan."""
        return min(self.found.values(), key=lambda issue: issue.number)

    def without_label(self) -> dict[Uid, Issue]:
        """Return tickets of the plan whose label somebody took off; looked for once a run.

        The list by label does not show them, so without this they would be made again. Anybody
        can copy our block into an issue of a public repository; who belongs to it is believed.
        """
        if self._unlabelled is None:
            self._unlabelled = {}
            for issue in self._issues():
                try:
                    block = Block.parse(issue.text)
                except Broken:
                    continue
                if block and issue.is_trusted and block.mark.uid.startswith(f"{self.plan}."):
                    found = replace(issue, block=block)
                    self._unlabelled.setdefault(block.mark.uid, found)
        return self._unlabelled

    def remember(self, issue: Issue) -> Issue:
        """Take note of the issue, or of what a write of ours made of it."""
        old = self.found.get(issue.uid)
        for name in tasks(old.ours.links) if old else ():
            self._holders[name].pop(issue.uid, None)
        for name in tasks(issue.ours.links):
            self._holders.setdefault(name, {})[issue.uid] = None
        self.found[issue.uid] = issue
        self._uids[issue.name] = issue.uid
        self._newest = max(self._newest, issue.number)
        self._settled = max(self._settled, issue.ours.mark.settled)
        return issue

    def of_name(self, name: str) -> Issue | None:
        """Return the ticket of ours with that name."""
        uid = self._uids.get(name)
        return self.found[uid] if uid else None


def tasks(lines: Iterable[str]) -> list[str]:
    """Return the names in a task list that stands in for sub-issues."""
    return [found[1] for line in lines if (found := _TASK.fullmatch(line))]
