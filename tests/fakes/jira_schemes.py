"""What an administrator sets up in a Jira: types, fields, priorities, resolutions, workflows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

GREENHOPPER = "com.pyxis.greenhopper.jira"
FIELD_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes"
CATEGORIES = {"new": (2, "To Do"), "indeterminate": (4, "In Progress"), "done": (3, "Done")}
"""The status categories with their ids: the same in every Jira."""


@dataclass(frozen=True, slots=True)
class Named:
    """A priority, a resolution, a component or a type of link (with its two descriptions)."""

    id: str
    name: str
    inward: str = ""
    outward: str = ""


@dataclass(frozen=True, slots=True)
class IssueType:
    """A type of issue; `level` is 1 for epics and -1 for sub-tasks."""

    id: str
    name: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """A status; `category` is new, indeterminate or done."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one status to another; `screen` tells of each field there if it is required."""

    id: str
    name: str
    source: Status
    target: Status
    screen: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class Workflow:
    """Statuses, the first of which is that of a new issue, and the ways between them."""

    statuses: list[Status]
    transitions: list[Transition]
    sets_resolution: bool = True

    def status(self, name: str) -> Status:
        """Return the status of that name."""
        return next(status for status in self.statuses if status.name == name)

    def ways_from(self, status: Status) -> list[Transition]:
        """Return the transitions that are open to an issue with that status."""
        return [way for way in self.transitions if way.source == status]


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field. `custom` is what makes a field of somebody's own recognisable, unlike its id."""

    id: str
    name: str
    type: str
    items: str = ""
    custom: str = ""

    @property
    def jql_names(self) -> list[str]:
        """What the field is called in queries."""
        if not self.custom:
            return [self.id]
        return [f"cf[{self.id.removeprefix('customfield_')}]", self.name]


SYSTEM = [
    FieldDefinition("summary", "Summary", "string"),
    FieldDefinition("description", "Description", "string"),
    FieldDefinition("issuetype", "Issue Type", "issuetype"),
    FieldDefinition("project", "Project", "project"),
    FieldDefinition("labels", "Labels", "array", "string"),
    FieldDefinition("priority", "Priority", "priority"),
    FieldDefinition("components", "Components", "array", "component"),
    FieldDefinition("fixVersions", "Fix versions", "array", "version"),
    FieldDefinition("duedate", "Due date", "date"),
    FieldDefinition("timetracking", "Time tracking", "timetracking"),
    FieldDefinition("parent", "Parent", "issuelink"),
    FieldDefinition("resolution", "Resolution", "resolution"),
    FieldDefinition("resolutiondate", "Resolved", "datetime"),
    FieldDefinition("status", "Status", "status"),
    FieldDefinition("statuscategorychangedate", "Status Category Changed", "datetime"),
    FieldDefinition("issuelinks", "Linked Issues", "array", "issuelinks"),
    FieldDefinition("comment", "Comment", "comments-page"),
    FieldDefinition("assignee", "Assignee", "user"),
    FieldDefinition("creator", "Creator", "user"),
    FieldDefinition("created", "Created", "datetime"),
    FieldDefinition("updated", "Updated", "datetime"),
]
CLOUD_ONLY = ("parent", "statuscategorychangedate")
READ_ONLY = {
    *("resolution", "resolutiondate", "status", "issuelinks", "comment"),
    "statuscategorychangedate",
    *("assignee", "creator", "created", "updated"),
}
"""Fields that are on no create screen here."""


class Scheme:
    """What all projects of one Jira share. Every id but those of categories is made up anew."""

    def __init__(self, *, is_cloud: bool, new_id: Callable[[], str]) -> None:
        self.is_cloud = is_cloud
        self._new_id = new_id
        levels = {"Bug": 0, "Epic": 1, "Story": 0, "Task": 0, "Sub-task": -1}
        self.types = [IssueType(new_id(), name, level) for name, level in levels.items()]
        urgency = ("Highest", "High", "Medium", "Low", "Lowest")
        self.priorities = [Named(new_id(), name) for name in urgency]
        ends = ("Done", "Won't Do", "Duplicate", "Cannot Reproduce", "Declined")
        self.resolutions = [Named(new_id(), name) for name in ends]
        self.link_types = [
            Named(new_id(), "Relates", "relates to", "relates to"),
            Named(new_id(), "Blocks", "is blocked by", "blocks"),
            Named(new_id(), "Duplicate", "is duplicated by", "duplicates"),
        ]
        self.sprint = self._custom("Sprint", "array", f"{GREENHOPPER}:gh-sprint", "json")
        self.epic_link = self._custom("Epic Link", "any", f"{GREENHOPPER}:gh-epic-link")
        self.epic_name = self._custom("Epic Name", "string", f"{GREENHOPPER}:gh-epic-label")
        self.points = self._custom("Story Points", "number", f"{FIELD_TYPES}:float")
        self.text = self._custom("Story Points of old", "string", f"{FIELD_TYPES}:textfield")
        own = [self.text, self.sprint, self.epic_link, self.epic_name, self.points]
        if is_cloud:
            name = "Story point estimate"
            self.estimate = self._custom(name, "number", f"{GREENHOPPER}:jsw-story-points")
            own.append(self.estimate)
        self.fields = [f for f in SYSTEM if is_cloud or f.id not in CLOUD_ONLY] + own

    def _custom(self, name: str, kind: str, custom: str, items: str = "") -> FieldDefinition:
        return FieldDefinition(f"customfield_{self._new_id()}", name, kind, items, custom)

    def workflow(
        self,
        names: tuple[str, str, str] = ("To Do", "In Progress", "Done"),
        *,
        has_end: bool = True,
        screen: dict[str, bool] | None = None,
        sets_resolution: bool = True,
    ) -> Workflow:
        """Return a workflow in which only work that was begun can be finished.

        Without an end there is no way to done; `screen` is shown on the way there.
        """
        new, begun, done = (
            Status(self._new_id(), name, category)
            for name, category in zip(names, CATEGORIES, strict=True)
        )
        ways = [("Start work", new, begun), ("Put back", begun, new), ("Reopen", done, new)]
        transitions = [Transition(self._new_id(), *way) for way in ways]
        if has_end:
            transitions.append(Transition(self._new_id(), "Finish", begun, done, screen or {}))
        return Workflow([new, begun, done], transitions, sets_resolution)

    def screen_of(self, kind: IssueType) -> list[FieldDefinition]:
        """Return the fields that can be set when an issue of the type is created or changed."""
        hidden = set(READ_ONLY)
        if self.is_cloud:
            hidden |= {self.epic_link.id, self.epic_name.id}
        if kind.level == 1:
            hidden |= {self.epic_link.id, "parent"}
        else:
            hidden.add(self.epic_name.id)
        return [one for one in self.fields if one.id not in hidden]
