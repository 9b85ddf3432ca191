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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.tickets import Kind, Present, State, Ticket, Uid, Value, base_of, digest
from ..credentials import read_token
from ..errors import AuthError, ConfigError, Conflict, Fault, NotFound, TrackerError
from .base import Finding
from .block import Block, Broken, Mark
from .github_client import AGAIN, PUBLIC, RIGHTS, Client, Moved
from .github_issue import (
    MOST_TEXT,
    PRIORITY,
    Issue,
    fitted,
    read_issue,
    same_label,
)
from .github_links import Links
from .github_repository import (
    check_repository,
    examine,
    get_repository,
    issue_types,
    renamed,
    switched_off,
)
from .patience import Patience

TYPES = {Kind.EPIC: "Epic", Kind.TICKET: "Task"}
_TASK = re.compile(r"[-*] \[[ xX]\] (#\d+)\s*")
_NEED = re.compile(r"Needs (\S+#\d+|#\d+)\s*")


class GitHubTracker:
    """The issues of one repository; see `base.Tracker` for what each method promises."""

    kind = "github"
    is_remote = True

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
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self.target):
            raise ConfigError(
                f'tracker.github.repository is "{self.target}"',
                fix='Write repository = "OWNER/NAME" in [tracker.github].',
            )
        self.patience = patience or Patience()
        self._client = Client(
            str(settings.get("base_url") or PUBLIC),
            lambda: read_token("github", settings, os.environ, root),
            self.patience,
        )
        self._assignees = [str(login) for login in settings.get("assignees") or ()]
        self._links = Links(self._client, self.target)
        self._plan = ""
        self._found: dict[Uid, Issue] = {}
        self._types: set[str] | None = None
        self._unlabelled: dict[Uid, Issue] | None = None

    @property
    def _path(self) -> str:
        return f"/repos/{self.target}"

    @property
    def _label(self) -> str:
        return f"mp:{self._plan}"

    def _at(self, issue: Issue, rest: str = "") -> str:
        return f"{self._path}/issues/{issue.number}{rest}"

    def fit(self, ticket: Ticket) -> Ticket:
        """Return the ticket with texts and labels that GitHub takes."""
        return fitted(ticket)

    def tidy(self) -> None:
        """Nothing to do: what a run leaves behind is in the issues themselves."""

    def examine(self) -> Iterator[Finding]:
        """Yield what `doctor` tells; reads only, and does not wait for a used-up limit."""
        self.patience.most = 0
        return examine(self._client, self.target)

    # Reading ---------------------------------------------------------------------------

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers.

        Raises:
            Conflict: issues that only a person can sort out, all of them named.
            TrackerError: the list could not be read to its end.
        """
        self._plan, self._found, faults = plan, {}, []
        for issue in self._issues(labels=self._label):
            if not any(same_label(label, self._label) for label in issue.labels):
                raise TrackerError("GitHub lists issues that were not asked for", fix=AGAIN)
            try:
                self._take(issue)
            except Broken as broken:
                fault = f"carries our label {self._label}, but our block in its text: {broken}"
                fix = (
                    "Restore the text from the issue's history (edited, above it), or take the "
                    "label off: then it is a ticket no longer, and a new one is made."
                )
                faults.append(Fault(fault, fix, file=f"{self.target}{issue.name}"))
        if faults:
            issues = "1 issue" if len(faults) == 1 else f"{len(faults)} issues"
            raise Conflict(
                f"{issues} of {self.target} must be put right by hand; nothing was changed",
                faults=faults,
            )
        for uid, issue in self._found.items():
            self._found[uid] = replace(issue, needs=self._read_needs(issue))
        return [self._present(issue) for issue in self._found.values()]

    def _issues(self, **query: str) -> Iterator[Issue]:
        try:
            for data in self._client.items(
                f"{self._path}/issues", state="all", sort="created", direction="asc", **query
            ):
                if "pull_request" not in data:
                    yield read_issue(data, self.target)
        except Moved as moved:
            raise renamed(self._client, moved, self.target) from moved
        except NotFound as missing:
            if "has been disabled" in missing.message:
                raise switched_off(self.target) from missing
            raise

    def _take(self, issue: Issue) -> None:
        """Remember the issue as the ticket that its block says it is."""
        block = Block.parse(issue.text)
        if block is None:
            raise Broken("it is not there")
        uid = block.mark.uid
        if not uid.startswith(f"{self._plan}."):
            return  # a ticket of another plan that somebody gave our label
        if uid in self._found:
            first = self._found[uid].name
            self.patience.say(
                f"Two issues of {self.target} hold the ticket {uid}: {first} and {issue.name}. "
                f"{first} counts; take the label {self._label} off {issue.name}, or close it."
            )
            return
        self._found[uid] = replace(issue, block=block)

    def _named(self, name: str) -> str:
        """Return the uid of the ticket with that name; the name when it is not ours."""
        return next((i.uid for i in self._found.values() if i.name == name), name)

    def _read_needs(self, issue: Issue) -> tuple[str, ...]:
        """Return what the issue needs; asked for only when the number is not the one we wrote."""
        lines = [_NEED.fullmatch(line) for line in issue.ours.links]
        needs = [self._named(line[1]) for line in lines if line]
        if issue.blockers is not None:
            written = [n for n in issue.ours.mark.base.get("needs", ()) if n not in needs]
            if issue.blockers == len(written):
                needs += written
            else:
                needs += map(self._named, self._links.blockers(issue))
        return tuple(dict.fromkeys(needs))

    def _parent(self, issue: Issue) -> str:
        """Return the epic's uid, or the name of a foreign parent; empty without one."""
        if issue.kind is Kind.EPIC:
            return ""  # an epic of ours may hang wherever people like
        if issue.parent:
            return self._named(issue.parent)
        holders = (e for e in self._found.values() if issue.name in _tasks(e.ours.links))
        return next((epic.uid for epic in holders), "")

    def _present(self, issue: Issue) -> Present:
        mark, labels = issue.ours.mark, [x for x in issue.labels if not same_label(x, self._label)]
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
            "epic": self._parent(issue),
            "needs": issue.needs,
        }
        return Present(
            uid=issue.uid,
            kind=issue.kind,
            remote=issue.name,
            reference=f"{self.target}{issue.name}",
            title=issue.title,
            state=self._state(issue),
            fields=fields,
            base=self._true_base(issue, fields),
            is_closed_by_us=bool(mark.closed)
            and (not issue.state.is_closed or issue.state == mark.closed),
            closed_on=issue.closed_on,
        )

    def _state(self, issue: Issue) -> State:
        is_taken = any(login not in self._assignees for login in issue.assignees)
        is_begun = is_taken or any(ticked for _, ticked in issue.ours.criteria)
        return State.IN_PROGRESS if issue.state is State.OPEN and is_begun else issue.state

    def _true_base(self, issue: Issue, fields: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what we wrote last, without links that the newest issue never got."""
        base = dict(issue.ours.mark.base)
        if self._is_unsettled(issue):
            if not fields["epic"]:
                base.pop("epic", None)
            needs = base.get("needs", ())
            base["needs"] = tuple(need for need in needs if need in fields["needs"])
        return base

    def _is_unsettled(self, issue: Issue) -> bool:
        newest = max(other.number for other in self._found.values())
        return issue.ours.mark.is_new and issue.number == newest

    # Writing ---------------------------------------------------------------------------

    def prepare(self, plan: str) -> None:
        """Make sure that all we are going to write will be taken, labels and types included.

        Raises:
            AuthError: without push access GitHub drops labels in silence.
        """
        if self._types is None:
            data = get_repository(self._client, self.target)
            check_repository(data, self.target)
            self._types = issue_types(self._client, data, self.target)
        self.settle()

    def settle(self) -> None:
        """Write into the newest issue which of its links there are."""
        for issue in list(self._found.values()):
            if self._is_unsettled(issue):
                mark = replace(issue.ours.mark, base=self._present(issue).base, is_new=False)
                self._patch(issue, replace(issue.ours, mark=mark))

    def create(self, ticket: Ticket, remotes: Mapping[Uid, str], now: datetime.datetime) -> Present:
        """Create the issue with its label and block, then make it a sub-issue of its epic."""
        if ticket.uid in self._without_label():
            return self._adopted(self._without_label()[ticket.uid])
        fields = {name: value for name, value in ticket.fields().items() if name != "needs"}
        if ticket.needs and all(need in remotes for need in ticket.needs):
            fields["needs"] = ticket.needs
        mark = Mark(ticket.uid, base_of(fields), is_new=bool(ticket.epic or ticket.needs))
        criteria = tuple((text, False) for text in ticket.acceptance)
        content: dict[str, Any] = {
            "title": ticket.title,
            "body": Block(mark, ticket.body, criteria).text(),
            "labels": [self._label, *ticket.labels, *_priority(ticket.priority)],
        }
        if self._assignees:
            content["assignees"] = self._assignees
        if TYPES[ticket.kind] in (self._types or ()):
            content["type"] = TYPES[ticket.kind]
        issue = read_issue(self._client.write("POST", f"{self._path}/issues", content), self.target)
        self._check_created(issue)
        self._take(issue)
        issue = self._found[ticket.uid]
        if ticket.epic:
            issue = self._set_parent(issue, remotes[ticket.epic])
        return self._present(issue)

    def _check_created(self, issue: Issue) -> None:
        if any(same_label(label, self._label) for label in issue.labels):
            return
        raise AuthError(
            f"GitHub made {self.target}{issue.name}, but dropped its labels: "
            "the token may not push to the repository",
            fix=f"Use another token; the next sync takes {issue.name} up. {RIGHTS}",
        )

    def _without_label(self) -> dict[Uid, Issue]:
        """Return tickets of the plan whose label somebody took off; looked for once a run.

        The list by label does not show them, so without this they would be made again.
        """
        if self._unlabelled is None:
            self._unlabelled = {}
            for issue in self._issues():
                try:
                    block = Block.parse(issue.text)
                except Broken:
                    continue
                if block and block.mark.uid.startswith(f"{self._plan}."):
                    found = replace(issue, block=block)
                    self._unlabelled.setdefault(block.mark.uid, found)
        return self._unlabelled

    def _adopted(self, issue: Issue) -> Present:
        self._client.write("POST", self._at(issue, "/labels"), {"labels": [self._label]})
        found = replace(issue, labels=(*issue.labels, self._label), needs=self._read_needs(issue))
        return self._present(self._remember(found))

    def update(
        self,
        present: Present,
        fields: Mapping[str, Value],
        base: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> None:
        """Change labels and links singly, then texts, and what we remember, in one request."""
        issue = self._found[present.uid]
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
        block, mark = issue.ours, issue.ours.mark
        block = replace(block, mark=replace(mark, base={**mark.base, **base}))
        if isinstance(body := fields.get("body"), str):
            block = replace(block, body=body)
        if isinstance(criteria := fields.get("acceptance"), tuple):
            block = replace(block, criteria=block.with_criteria(criteria))
        if isinstance(needs := fields.get("needs"), tuple) and issue.blockers is None:
            block, issue = self._with_needs(block, needs), replace(issue, needs=needs)
        if block != issue.ours or "title" in fields:
            self._patch(issue, block, **{k: v for k, v in fields.items() if k == "title"})

    def close(self, present: Present, state: State, comment: str, now: datetime.datetime) -> None:
        """Say why in a comment, then close and remember that it was us in one request."""
        reason = "completed" if state is State.DONE else "not_planned"
        self._turn(present, comment, state.value, state="closed", state_reason=reason)

    def reopen(self, present: Present, comment: str, now: datetime.datetime) -> None:
        """Say why in a comment, then open it, and forget that we closed it, in one request."""
        self._turn(present, comment, "", state="open")

    def _turn(self, present: Present, comment: str, closed: str, **content: str) -> None:
        issue = self._found[present.uid]
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
        self._found[written.uid] = written
        return written

    def _changed(self, issue: Issue) -> Conflict:
        return Conflict(
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
        return self._remember(replace(issue, labels=(*kept, *added)))

    def _remember(self, issue: Issue) -> Issue:
        self._found[issue.uid] = issue
        return issue

    def _of_name(self, name: str) -> Issue | None:
        return next((i for i in self._found.values() if i.name == name), None)

    def _set_parent(self, issue: Issue, name: str) -> Issue:
        """Make it a sub-issue of the issue with that name, or of none when it is empty."""
        epic, old = self._of_name(name), self._of_name(issue.parent or "")
        if issue.parent is None:
            return self._set_tasks(issue, epic)
        if epic:
            self._links.adopt(epic, issue)
        elif old:
            self._links.release(old, issue)
        return self._remember(replace(issue, parent=name))

    def _set_tasks(self, issue: Issue, epic: Issue | None) -> Issue:
        """Stand in for sub-issues: one line in the task list of the epic's block."""
        for other in list(self._found.values()):
            if other is not epic and issue.name in _tasks(other.ours.links):
                links = tuple(x for x in other.ours.links if issue.name not in _tasks((x,)))
                self._patch(other, replace(other.ours, links=links))
        if epic and issue.name not in _tasks(epic.ours.links):
            links = (*epic.ours.links, f"- [ ] {issue.name}")
            self._patch(epic, replace(epic.ours, links=links))
        return self._found[issue.uid]

    def _set_needs(self, issue: Issue, wanted: Sequence[str]) -> Issue:
        """Add and remove single "blocked by" links; those to issues that are not ours stay."""
        for need in wanted:
            blocker = self._found.get(Uid(need))
            if need not in issue.needs and blocker:
                self._links.block(issue, blocker)
                issue = self._remember(replace(issue, needs=(*issue.needs, need)))
        for need in issue.needs:
            blocker = self._found.get(Uid(need))
            if need not in wanted and blocker:
                self._links.unblock(issue, blocker)
        return self._remember(replace(issue, needs=tuple(wanted)))

    def _with_needs(self, block: Block, wanted: Sequence[str]) -> Block:
        """Stand in for links: lines in the ticket's own block."""
        names = [self._found[Uid(n)].name if n in self._found else n for n in wanted]
        links = [line for line in block.links if not _NEED.fullmatch(line)]
        return replace(block, links=(*links, *(f"Needs {name}" for name in names)))


def _priority(priority: str) -> tuple[str, ...]:
    return (f"{PRIORITY}{priority}",) if priority else ()


def _tasks(lines: Iterable[str]) -> list[str]:
    """Return the names in a task list that stands in for sub-issues."""
    return [found[1] for line in lines if (found := _TASK.fullmatch(line))]
