"""The tickets of one plan as Jira holds them: found by label and property, read without a write.

A Cloud's index lags: what was just created may be missing from a search. So what an earlier run
noted is asked for by key, and before anything is created the newest keys of the project are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core.tickets import Kind, Present, State, Uid, Value
from .base import LastRead
from .jira_client import Client
from .jira_issue import Issue, Memory
from .jira_notebook import Notebook
from .jira_search import Search
from .jira_text import digest, take_apart

UNKNOWN = ("title", "body", "acceptance", "priority", "epic")
WONT_DO = (
    *("Won't Do", "Won't Fix", "Duplicate", "Cannot Reproduce", "Declined", "Rejected"),
    *("Cancelled", "Canceled"),
)
"""Names of resolutions and statuses that mean closed without the work being done."""


class Tickets:
    """What was read last, by identity, and as it has become since by our own writes."""

    def __init__(
        self, client: Client, project: str, settings: Mapping[str, Any], notebook: Notebook
    ) -> None:
        """Read through the client, and remember in the notebook."""
        self._forget("")
        self.link_type = str(settings.get("link_type") or "Blocks")
        self._client = client
        self._project = project
        self._notebook = notebook
        names = settings.get("wont_do") or WONT_DO
        self.wont_do = frozenset(str(name).lower() for name in names)
        epic_link = str((settings.get("fields") or {}).get("epic_link") or "")
        self.search = Search(
            client, project, notebook, link_type=self.link_type, epic_link=epic_link
        )

    def _forget(self, plan: str) -> None:
        """Begin anew with a plan; what is looked up for each issue is kept ready."""
        self.plan = plan
        self.found: LastRead[Issue] = LastRead()
        self._uids: dict[str, Uid] = {}
        self._newest, self._settled = Uid(""), 0
        self._hidden: dict[Uid, Issue] | None = None

    @property
    def label(self) -> str:
        """The label of every issue of the plan."""
        return f"mp-{self.plan}"

    # Reading ---------------------------------------------------------------------------

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan in the order of their numbers.

        Raises:
            TrackerError: the list could not be read to its end.
        """
        self._forget(plan)
        # In any project, as people move issues; the project is named so that a wrong one shows.
        ours = f'labels = "{self.label}"'
        query = f'(project = "{self._project}" OR {ours}) AND {ours}'
        issues = {issue.id: issue for issue in self.search.search(query)}
        noted = set(self._notebook.keys(plan)) - {issue.key for issue in issues.values()}
        for issue in self.search.by_key(sorted(noted)):
            issues.setdefault(issue.id, issue)
        self._take(issues[number] for number in sorted(issues))
        self.save()
        return [self.present(issue) for issue in self.found.values()]

    def save(self) -> None:
        """Note keys and memories for the next run."""
        self._notebook.save(self.plan, self.found)

    def _take(self, issues: Iterable[Issue]) -> None:
        """Remember the issues as the tickets that they say they are.

        The property tells first: a copy of an issue has its label and text, but not that. Where
        it is lost, the line in the text tells, and nothing there counts as written by us.
        """
        copies = []
        for issue in map(self._with_memory, issues):
            if issue.memory is None:
                copies.append(issue)
            elif self._is_ours(issue):
                if first := self.found.get(issue.uid):
                    self._say_double(first, issue)
                else:
                    self.remember(issue)
        for issue in copies:
            uid = take_apart(issue.text, None).uid
            if first := self.found.get(uid):
                self._say_double(first, issue)
            elif uid.startswith(f"{self.plan}.") and self._is_here(issue):
                memory = Memory(uid, dict.fromkeys(UNKNOWN, ""))
                self.remember(replace(issue, memory=memory))

    def _say_double(self, first: Issue, other: Issue) -> None:
        self._client.patience.say(
            f"Two issues hold the ticket {first.uid}: {first.key} and {other.key}. "
            f"{first.key} counts; take the label {self.label} off {other.key}."
        )

    def _with_memory(self, issue: Issue) -> Issue:
        """Return the issue with its property, which a Data Center tells one by one."""
        if self.search.is_cloud or issue.memory:
            return issue
        stamp = take_apart(issue.text, None).stamp
        memory = self._notebook.memory(self.plan, issue, stamp)
        return replace(issue, memory=memory or self.search.property_of(issue))

    def _is_here(self, issue: Issue) -> bool:
        return issue.key.rpartition("-")[0] == self._project

    def _is_ours(self, issue: Issue) -> bool:
        """Whether the issue was made for the plan in this project, wherever people moved it."""
        is_at_home = issue.ours.home == self._project if issue.ours.home else self._is_here(issue)
        return is_at_home and issue.uid.startswith(f"{self.plan}.")

    # What a search does not show -------------------------------------------------------

    def hidden(self) -> dict[Uid, Issue]:
        """Return tickets of the plan that carry no label any more, or are not in the index yet.

        Without a look at them they would be made again. Looked for once a run.
        """
        if self._hidden is None:
            words = r'description ~ "\"mp uid\""'
            without = f'(labels IS EMPTY OR labels != "{self.label}")'
            query = f'project = "{self._project}" AND {words} AND {without}'
            known = [issue.key for issue in self.found.values()]
            issues = [*self.search.search(query), *self.search.newest(known)]
            mine = [i for i in map(self._with_memory, issues) if i.memory is not None]
            self._hidden = {
                issue.uid: issue
                for issue in sorted(mine, key=lambda issue: -issue.id)
                if issue.uid.startswith(f"{self.plan}.") and issue.uid not in self.found
            }
        return self._hidden

    # As tickets ------------------------------------------------------------------------

    def present(self, issue: Issue) -> Present:
        """Return the issue as a ticket."""
        parts, memory = issue.parts, issue.ours
        state = issue.state(self.wont_do)
        ours = list(memory.base.get("labels", ()))

        def order(label: str) -> int:  # Jira sorts them: ours come first, in our order
            return ours.index(label) if label in ours else len(ours)

        fields: dict[str, Value] = {
            "title": issue.title,
            "body": parts.body,
            "acceptance": tuple(text for text, _ in parts.criteria),
            "labels": tuple(sorted((x for x in issue.labels if x != self.label), key=order)),
            "priority": issue.priority.lower(),
            "epic": self.parent(issue),
            "milestone": _milestone(issue),
            "due": issue.due,
            "needs": tuple(self._named(key) for key in issue.blockers),
            **memory.left_out,
        }
        return Present(
            uid=issue.uid,
            kind=issue.kind,
            remote=issue.key,
            reference=f"{self._client.server}/browse/{issue.key}",
            title=issue.title,
            state=state,
            fields=fields,
            base=self._true_base(issue, fields),
            is_closed_by_us=bool(memory.closed)
            and (not state.is_closed or issue.is_as_we_closed_it),
            # Without a note of how we left it, a run was cut short before it closed it.
            is_reopened=bool(memory.closed and memory.left) and not state.is_closed,
            closed_on=issue.closed_on if state.is_closed else None,
        )

    def _named(self, key: str) -> str:
        """Return the uid of the ticket with that key; the key when it is not ours."""
        return self._uids.get(key, Uid(key))

    def of_key(self, key: str) -> Issue | None:
        """Return the ticket of ours with that key."""
        uid = self._uids.get(key)
        return self.found[uid] if uid else None

    def parent(self, issue: Issue) -> str:
        """Return the epic's uid, or the key of a foreign parent; empty without one."""
        if issue.kind is Kind.EPIC or not issue.parent:
            return ""  # an epic of ours may hang wherever people like
        return self._named(issue.parent)

    def _true_base(self, issue: Issue, fields: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what we wrote last, without links that the newest issues never got."""
        base = dict(issue.ours.base)
        if self.is_unsettled(issue):
            if not fields["epic"]:
                base.pop("epic", None)
            if "needs" in base:
                base["needs"] = tuple(n for n in base["needs"] if n in fields["needs"])
        return base

    def is_unsettled(self, issue: Issue) -> bool:
        """Whether the issue may lack links that its memory claims.

        Those that were created together with the newest one may, until a run has ended well.
        """
        newest = self.found[self._newest]
        is_last = bool(issue.ours.batch) and issue.ours.batch == newest.ours.batch
        return is_last and newest.id > self._settled

    def unsettled(self) -> list[Issue]:
        """Return the issues that may lack links, the newest last."""
        issues = sorted(self.found.values(), key=lambda issue: issue.id)
        return [issue for issue in issues if self.is_unsettled(issue)]

    def remember(self, issue: Issue) -> Issue:
        """Take note of the issue, or of what a write of ours made of it."""
        self.found[issue.uid] = issue
        self._uids[issue.key] = issue.uid
        if self._newest not in self.found or issue.id >= self.found[self._newest].id:
            self._newest = issue.uid
        self._settled = max(self._settled, issue.ours.settled)
        return issue

    def state(self, issue: Issue) -> State:
        """Return where the issue stands."""
        return issue.state(self.wont_do)


def _milestone(issue: Issue) -> str:
    """Return the version that we gave it; else, if we once did, what people made of that."""
    ours = issue.ours.base.get("milestone")
    if ours is None:
        return ""
    return next((v for v in issue.versions if digest(v) == ours), ", ".join(issue.versions))
