"""What a Jira holds: projects, issues and how they hang together, and who changed what."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .jira_schemes import IssueType, Named, Scheme, Status, Workflow

START = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
PERMISSIONS = frozenset(
    {
        "BROWSE_PROJECTS",
        "CREATE_ISSUES",
        "EDIT_ISSUES",
        "TRANSITION_ISSUES",
        "LINK_ISSUES",
        "ADD_COMMENTS",
        "SCHEDULE_ISSUES",
        "MANAGE_SPRINTS_PERMISSION",
        "ADMINISTER_PROJECTS",
    }
)


@dataclass(slots=True)
class Token:
    """A token of an account, and what the account may do."""

    login: str
    email: str
    permissions: set[str] = field(default_factory=lambda: set(PERMISSIONS))
    is_expired: bool = False


@dataclass(slots=True)
class Version:
    """A version of a project; periods of a roadmap can be versions."""

    id: str
    name: str
    start_date: str | None = None
    release_date: str | None = None
    is_archived: bool = False


@dataclass(slots=True)
class Sprint:
    """A sprint of a board."""

    id: int
    name: str
    board: Board
    start_date: str | None = None
    end_date: str | None = None
    state: str = "future"


@dataclass(slots=True)
class Board:
    """A board of a project; only a scrum board has sprints."""

    id: int
    name: str
    type: str = "scrum"
    sprints: list[Sprint] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an issue."""

    id: str
    author: str
    body: str
    at: datetime.datetime


@dataclass(slots=True, eq=False)
class Issue:
    """An issue. `custom` holds values by the id of the custom field."""

    id: int
    key: str
    project: Project
    type: IssueType
    status: Status
    author: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    summary: str = ""
    description: str | None = None
    labels: list[str] = field(default_factory=list)
    priority: Named | None = None
    components: list[Named] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    due_date: str | None = None
    estimate_seconds: int | None = None
    parent: Issue | None = None
    epic: Issue | None = None
    sprint: Sprint | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    resolution: Named | None = None
    resolved_at: datetime.datetime | None = None
    moved_at: datetime.datetime | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    old_keys: set[str] = field(default_factory=set)
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link; of "Blocks", `source` is the blocker and `target` is what waits."""

    id: str
    type: Named
    source: Issue
    target: Issue


@dataclass(slots=True, eq=False)
class Project:
    """A project. `hidden` names the fields that are on no screen, `required` what must be sent.

    What `dropped` names (as attributes of an issue) is taken at creation and lost, without a word,
    as rules of an administrator's own can do. Issues with a word of `refused` in their summary
    are not created.
    """

    id: str
    key: str
    name: str
    workflow: Workflow
    is_archived: bool = False
    is_team_managed: bool = False
    hidden: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    versions: list[Version] = field(default_factory=list)
    components: list[Named] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)
    last_number: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody did something to an issue."""

    issue: int
    key: str
    who: str
    what: str


class World:
    """Everything, and the only place where it is changed; each change is on record.

    A new issue is missing from searches for `lag_seconds` by the fake's own clock and for
    `lag_reads` searches that would have found it. With `doubles_links` the same link can be made
    twice, as some servers let it. With `rewrites_texts` descriptions come back with other marks
    than they were sent with, as on a Cloud.
    """

    def __init__(self, *, is_cloud: bool, seed: int) -> None:
        numbers = random.Random(seed)  # noqa: S311 - ids that nobody can know, no secrets
        self._ids = iter(numbers.sample(range(10_100, 99_999), 400))
        self.scheme = Scheme(is_cloud=is_cloud, new_id=self.short_id)
        self.projects: list[Project] = []
        self.issues: dict[int, Issue] = {}
        self.links: dict[str, Link] = {}
        self.history: list[Change] = []
        self.now = START
        self.doubles_links = False
        self.rewrites_texts = is_cloud
        self.lag_seconds = 0
        self.lag_reads = 0
        self._last_id = 200_000

    def short_id(self) -> str:
        """Return an id for what there is little of, in no order."""
        return str(next(self._ids))

    def next_id(self) -> int:
        """Return an id for what there is much of: later ones are higher."""
        self._last_id += 3
        return self._last_id

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.now += datetime.timedelta(seconds=seconds)

    def add_project(self, key: str, workflow: Workflow, *, board: str = "scrum") -> Project:
        """Create a project with a board."""
        project = Project(self.short_id(), key, f"Project {key}", workflow)
        project.boards.append(Board(int(self.short_id()), f"{key} board", board))
        self.projects.append(project)
        return project

    def record(self, issue: Issue, who: str, what: str) -> None:
        """Note the change; a second passes."""
        self.pass_time(1)
        issue.updated_at = self.now
        self.history.append(Change(issue.id, issue.key, who, what))

    def add_issue(
        self, project: Project, kind: IssueType, values: dict[str, Any], who: str
    ) -> Issue:
        """Create an issue with checked values."""
        project.last_number += 1
        key, status = f"{project.key}-{project.last_number}", project.workflow.statuses[0]
        issue = Issue(self.next_id(), key, project, kind, status, who, self.now, self.now, **values)
        self.issues[issue.id] = issue
        self.record(issue, who, "create")
        return issue

    def set(self, issue: Issue, values: dict[str, Any], who: str) -> None:
        """Change fields."""
        for name, value in values.items():
            setattr(issue, name, value)
        self.record(issue, who, "edit " + ", ".join(sorted(values)))

    def set_status(self, issue: Issue, status: Status, resolution: Named | None, who: str) -> None:
        """Give it another status; only what is done has a resolution."""
        if status.category != issue.status.category:
            issue.moved_at = self.now
        issue.status = status
        self.record(issue, who, f"status {status.name}")
        issue.resolution = resolution
        issue.resolved_at = self.now if resolution else None

    def add_comment(self, issue: Issue, body: str, who: str) -> Comment:
        """Add a comment."""
        self.record(issue, who, "comment")
        issue.comments.append(Comment(str(self.next_id()), who, body, self.now))
        return issue.comments[-1]

    def add_link(self, kind: Named, source: Issue, target: Issue, who: str) -> Link:
        """Link two issues."""
        link = Link(str(self.next_id()), kind, source, target)
        self.links[link.id] = link
        self.record(source, who, f"link {target.key}")
        self.record(target, who, f"link {source.key}")
        return link

    def remove_link(self, link: Link, who: str) -> None:
        """Take a link away."""
        del self.links[link.id]
        self.record(link.source, who, f"unlink {link.target.key}")
        self.record(link.target, who, f"unlink {link.source.key}")

    def links_of(self, issue: Issue) -> list[Link]:
        """Return the links at an issue, oldest first."""
        return [link for link in self.links.values() if issue in (link.source, link.target)]

    def move(self, issue: Issue, to: Project, who: str) -> None:
        """Move it to another project: it keeps its id, and the old key still finds it."""
        issue.old_keys.add(issue.key)
        to.last_number += 1
        issue.key, issue.project = f"{to.key}-{to.last_number}", to
        issue.status = to.workflow.statuses[0]
        self.record(issue, who, "move")

    def forget(self, issue: Issue, who: str) -> None:
        """Delete it for good."""
        for link in self.links_of(issue):
            self.remove_link(link, who)
        for other in self.issues.values():
            other.parent = None if other.parent is issue else other.parent
            other.epic = None if other.epic is issue else other.epic
        self.record(issue, who, "delete")
        del self.issues[issue.id]

    def find(self, name: str) -> Issue | None:
        """Return the issue with the id, the key, or a key that it once had."""
        for issue in self.issues.values():
            if name.upper() in {str(issue.id), issue.key, *issue.old_keys}:
                return issue
        return None

    def project_of(self, name: str) -> Project | None:
        """Return the project with the id or key."""
        found = (p for p in self.projects if name.upper() in (p.key, p.id))
        return next(found, None)

    def indexed(self, issues: Iterable[Issue], reconciled: Iterable[int]) -> list[Issue]:
        """Return those of the issues that a search sees, now that it has been made."""
        seen, known = [], set(reconciled)
        for issue in issues:
            age = (self.now - issue.created_at).total_seconds()
            late = issue.misses >= self.lag_reads and age >= self.lag_seconds
            issue.misses += 1
            if late or issue.id in known:
                seen.append(issue)
        return seen
