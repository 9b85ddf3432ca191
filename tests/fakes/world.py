"""What a GitHub holds: repositories, issues and how they hang together, and who changed what."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .projects import Project

START = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
FIRST_ID = 3_235_871_000
"""Ids of today's issues are beyond 2^31 and have nothing to do with their numbers."""


class Right(IntEnum):
    """What a token may do in a repository. `VISITOR`: what anybody may in a public one."""

    NONE = 0
    READ = 1
    VISITOR = 2
    TRIAGE = 3
    PUSH = 4


@dataclass(slots=True)
class Token:
    """A token of an account; `right` holds for every repository that names no other.

    `is_of_app`: it belongs to no person, and may not ask who that would be. `scopes` are those of
    a classic token; None for one that has no such thing.
    """

    login: str
    right: Right = Right.PUSH
    is_expired: bool = False
    is_of_app: bool = False
    scopes: tuple[str, ...] | None = None


@dataclass(slots=True)
class Label:
    """A label of a repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(slots=True)
class IssueType:
    """A kind of issue that an organisation has defined."""

    id: int
    name: str
    is_enabled: bool = True


@dataclass(slots=True)
class Milestone:
    """A milestone of a repository."""

    id: int
    number: int
    title: str
    created_at: datetime.datetime
    description: str | None = None
    state: str = "open"
    due_on: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an issue."""

    id: int
    author: str
    body: str
    at: datetime.datetime


@dataclass(slots=True, eq=False)
class Issue:
    """An issue or, with `is_pull_request`, what the issue lists show of a pull request."""

    id: int
    number: int
    repo: Repo
    title: str
    body: str | None
    author: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    labels: list[Label] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    milestone: Milestone | None = None
    type: IssueType | None = None
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime.datetime | None = None
    closed_by: str | None = None
    parent: Issue | None = None
    children: list[Issue] = field(default_factory=list)
    blocked_by: list[Issue] = field(default_factory=list)
    blocking: list[Issue] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    is_pull_request: bool = False

    def label_names(self) -> list[str]:
        """The names of its labels."""
        return [label.name for label in self.labels]

    def ancestors(self) -> Iterator[Issue]:
        """The parent, its parent, and so on."""
        above = self.parent
        while above:
            yield above
            above = above.parent


@dataclass(slots=True, eq=False)
class Repo:
    """A repository. `old_names` redirect to it; `moved` tells where transferred issues went.

    `strangers` are accounts that open issues and do not belong to it.
    """

    id: int
    owner: str
    name: str
    is_organization: bool = True
    is_private: bool = False
    is_archived: bool = False
    has_issues: bool = True
    people: set[str] = field(default_factory=lambda: {"ana", "ben"})
    strangers: set[str] = field(default_factory=set)
    types: list[IssueType] = field(default_factory=list)
    rights: dict[str, Right] = field(default_factory=dict)
    old_names: set[str] = field(default_factory=set)
    issues: dict[int, Issue] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    moved: dict[int, Issue] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    last_number: int = 0

    @property
    def full_name(self) -> str:
        """Owner and name."""
        return f"{self.owner}/{self.name}"

    def rename(self, name: str) -> None:
        """Give it another name; the old one redirects."""
        self.old_names.add(self.full_name.lower())
        self.name = name

    def right_of(self, token: Token) -> Right:
        """What the token may do here."""
        right = self.rights.get(token.login, token.right)
        return right if self.is_private or right is not Right.NONE else Right.VISITOR


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody did something to an issue."""

    issue: int
    number: int
    who: str
    what: str


class World:
    """Everything, and the only place where it is changed; each change is on record."""

    def __init__(self) -> None:
        self.repos: list[Repo] = []
        self.projects: list[Project] = []
        self.graphql_says: list[dict[str, Any]] = []  # in place of what it would answer next
        self.history: list[Change] = []
        self.now = START
        self.search_lag_seconds = 0
        self._last_id = FIRST_ID

    def next_id(self) -> int:
        """Return an id that nothing else has."""
        self._last_id += 75
        return self._last_id

    def add_repo(self, full_name: str, types: tuple[str, ...] = ()) -> Repo:
        """Create a repository."""
        owner, name = full_name.split("/")
        kinds = [IssueType(self.next_id() % 100_000, kind) for kind in types]
        self.repos.append(Repo(1_300_000 + len(self.repos), owner, name, types=kinds))
        return self.repos[-1]

    def record(self, issue: Issue, who: str, what: str) -> None:
        """Note the change; a second passes."""
        self.now += datetime.timedelta(seconds=1)
        issue.updated_at = self.now
        self.history.append(Change(issue.id, issue.number, who, what))

    def add_issue(self, repo: Repo, title: str, body: str | None, who: str) -> Issue:
        """Open an issue."""
        repo.last_number += 1
        issue = Issue(self.next_id(), repo.last_number, repo, title, body, who, self.now, self.now)
        repo.issues[issue.number] = issue
        self.record(issue, who, "create")
        return issue

    def label(self, repo: Repo, name: str) -> Label:
        """Return the label, created when it is missing, as adding it to an issue does."""
        return repo.labels.setdefault(name.lower(), Label(self.next_id(), name))

    def set_state(self, issue: Issue, state: str, reason: str | None, who: str) -> None:
        """Open or close the issue; without a change the reason is ignored."""
        if state == issue.state:
            return
        issue.state = state
        if state == "closed":
            issue.state_reason = reason or "completed"
        else:
            issue.state_reason = "reopened"
        self.record(issue, who, f"state {issue.state_reason}")
        issue.closed_at = self.now if state == "closed" else None
        issue.closed_by = who if state == "closed" else None

    def add_comment(self, issue: Issue, body: str, who: str) -> Comment:
        """Add a comment."""
        self.record(issue, who, "comment")
        issue.comments.append(Comment(self.next_id(), who, body, self.now))
        return issue.comments[-1]

    def set_parent(self, issue: Issue, parent: Issue | None, who: str) -> None:
        """Make it a sub-issue of another one, or of none."""
        if issue.parent:
            issue.parent.children.remove(issue)
            self.record(issue.parent, who, "lose sub-issue")
        issue.parent = parent
        if parent:
            parent.children.append(issue)
            self.record(parent, who, "gain sub-issue")
        self.record(issue, who, "parent")

    def block(self, issue: Issue, blocker: Issue, who: str, *, undo: bool = False) -> None:
        """Let the issue wait for the blocker, or no longer."""
        if undo:
            issue.blocked_by.remove(blocker)
            blocker.blocking.remove(issue)
        else:
            issue.blocked_by.append(blocker)
            blocker.blocking.append(issue)
        self.record(issue, who, "unblock" if undo else "block")

    def forget(self, issue: Issue) -> None:
        """Take the issue out of its repository and of every relation."""
        for child in issue.children:
            child.parent = None
        if issue.parent:
            issue.parent.children.remove(issue)
        for blocked in issue.blocking:
            blocked.blocked_by.remove(issue)
        for blocker in issue.blocked_by:
            blocker.blocking.remove(issue)
        issue.parent, issue.children, issue.blocked_by, issue.blocking = None, [], [], []
        del issue.repo.issues[issue.number]

    def issue_of(self, id: int) -> Issue | None:  # noqa: A002 - the word of the service
        """Return the issue with the id, in whichever repository."""
        found = (i for repo in self.repos for i in repo.issues.values() if i.id == id)
        return next(found, None)
