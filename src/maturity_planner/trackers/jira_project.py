"""What a project has to be so that a sync can work in it: types, fields, links and rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.tickets import Kind
from ..errors import AuthError, Conflict
from .calling import Pages, taken_apart
from .jira_client import API, Client
from .jira_server import EPIC_LINK, get_project
from .patience import unusable_answer

EPIC_NAME = ":gh-epic-label"
POINTS = ("Story Points", "Story point estimate")
_OURS = {"project", "issuetype", "summary", "description", "labels", "priority", "parent"}


@dataclass(frozen=True, slots=True)
class Screen:
    """A type of issue and the fields that can be set when one is created: id -> what Jira says."""

    id: str
    name: str
    fields: Mapping[str, Mapping[str, Any]]

    @taken_apart("the values that a field takes")
    def choice(self, name: str, wanted: str) -> dict[str, str] | None:
        """Return one of the values that a field takes, named without regard to capitals."""
        for value in self.fields.get(name, {}).get("allowedValues") or ():
            if str(value.get("name", "")).lower() == wanted.lower():
                return {"id": str(value["id"])}
        return None

    @taken_apart("the fields of a screen")
    def custom(self, ending: str) -> str:
        """Return the id of the field whose kind ends so; empty when it is on no screen."""
        for name, one in self.fields.items():
            if str((one.get("schema") or {}).get("custom", "")).endswith(ending):
                return name
        return ""

    def missing(self, given: set[str]) -> list[str]:
        """Return the names of fields that have to be filled and that we have nothing for."""
        return [
            str(one.get("name", name))
            for name, one in self.fields.items()
            if one.get("required") and not one.get("hasDefaultValue") and name not in given
        ]


@dataclass(frozen=True, slots=True)
class Project:
    """How tickets become issues of one project.

    `parent` is the field by which a ticket names its epic; empty where only the board's interface
    can tell. Of the other fields those that are on no screen are empty.
    """

    key: str
    epic: Screen
    ticket: Screen
    parent: str
    epic_name: str
    points: str
    components: tuple[dict[str, str], ...] = ()
    left_out: tuple[str, ...] = field(default=())

    def screen(self, kind: Kind) -> Screen:
        """Return the screen for epics or tickets."""
        return self.epic if kind is Kind.EPIC else self.ticket


@taken_apart("the project and its screens")
def load_project(
    client: Client, key: str, settings: Mapping[str, Any], *, is_cloud: bool
) -> Project:
    """Return how tickets become issues of the project.

    Raises:
        TrackerError: there is no such project, or no ticket could be created in it as it is.
    """
    data = get_project(client, key)
    if data.get("archived"):
        raise Conflict(
            f"the project {key} is archived: nothing can be written",
            fix="Restore it, or name another one in [tracker.jira].",
        )
    types = [t for t in _pages(client, f"{_meta(key)}", "issueTypes") if not t.get("subtask")]
    if not types:
        raise AuthError(
            f"the account may not create issues in {key}",
            fix="Ask who administers the project for the right to create issues.",
        )
    epic = _epic_type(types, settings, is_cloud=is_cloud)
    ticket = _ticket_type(types, epic, settings)
    names = settings.get("fields") or {}
    screens = _screen(client, key, epic), _screen(client, key, ticket)
    parent = "parent" if is_cloud else str(names.get("epic_link") or screens[1].custom(EPIC_LINK))
    points = str(names.get("story_points") or _points(screens[1]))
    components, absent = _components(screens[1], settings)
    absent += [
        name
        for name, is_there in (
            ("priority", "priority" in screens[1].fields),
            ("story points", points in screens[1].fields),
            ("original estimate", "timetracking" in screens[1].fields),
        )
        if not is_there
    ]
    found = Project(
        key,
        *screens,
        parent if parent in screens[1].fields else "",
        str(names.get("epic_name") or screens[0].custom(EPIC_NAME)),
        points if points in screens[1].fields else "",
        components,
        tuple(absent),
    )
    _check(found)
    return found


def _meta(key: str) -> str:
    return f"{API}/issue/createmeta/{key}/issuetypes"


def _pages(client: Client, path: str, name: str) -> list[Any]:
    """Return all entries of a paged list, whose name differs between the flavours."""
    found: list[Any] = []
    pages = Pages(client.name, path)
    while True:
        pages.turn(len(found))
        content = client.get_object(path, startAt=str(len(found)), maxResults="50")
        page = content.get(name, content.get("values"))
        if not isinstance(page, list):
            raise unusable_answer(client.name, path)
        found += page
        if not page or len(found) >= int(content.get("total", len(found))):
            return found


def _epic_type(types: list[Any], settings: Mapping[str, Any], *, is_cloud: bool) -> Any:
    wanted = settings.get("epic_type")
    for one in types:
        is_epic = one.get("hierarchyLevel") == 1 if is_cloud else one.get("name") == "Epic"
        if one.get("name") == wanted if wanted else is_epic:
            return one
    names = ", ".join(str(one.get("name")) for one in types)
    raise Conflict(
        f"the project has no type {wanted}" if wanted else "the project has no type for epics",
        fix=f'Write epic_type = "NAME" in [tracker.jira]; there are: {names}.',
    )


def _ticket_type(types: list[Any], epic: Any, settings: Mapping[str, Any]) -> Any:
    wanted = settings.get("ticket_type")
    usable = [t for t in types if t is not epic and t.get("hierarchyLevel", 0) == 0]
    for name in [wanted] if wanted else ["Task", "Story", *(t.get("name") for t in usable)]:
        for one in usable:
            if one.get("name") == name:
                return one
    names = ", ".join(str(one.get("name")) for one in usable)
    raise Conflict(
        f"the project has no type {wanted}" if wanted else "the project has no type for tickets",
        fix=f'Write ticket_type = "NAME" in [tracker.jira]; there are: {names or "none"}.',
    )


def _screen(client: Client, key: str, kind: Any) -> Screen:
    fields = _pages(client, f"{_meta(key)}/{kind['id']}", "fields")
    by_id = {str(one.get("fieldId") or one.get("key")): one for one in fields}
    return Screen(str(kind["id"]), str(kind["name"]), by_id)


def _points(screen: Screen) -> str:
    """Return the field for points, which is known by its kind or by its name."""
    named = (n for n, one in screen.fields.items() if one.get("name") in POINTS)
    return screen.custom(":jsw-story-points") or next(named, "")


def _components(
    screen: Screen, settings: Mapping[str, Any]
) -> tuple[tuple[dict[str, str], ...], list[str]]:
    """Return the components to set, and what of the settings cannot be set."""
    wanted = [str(name) for name in settings.get("components") or ()]
    found = [(name, screen.choice("components", name)) for name in wanted]
    return (
        tuple(one for _, one in found if one),
        [f"component {name}" for name, one in found if not one],
    )


def _check(project: Project) -> None:
    """Refuse screens on which no ticket of ours can be made.

    Raises:
        Conflict: labels or descriptions cannot be set, or something is required that we lack.
    """
    ours = _OURS | {project.epic_name, project.parent, project.points, "components", "timetracking"}
    for screen in (project.epic, project.ticket):
        absent = [n for n in ("summary", "description", "labels") if n not in screen.fields]
        if absent:
            raise Conflict(
                f"{project.key} takes no {' and no '.join(absent)} for a new {screen.name}: "
                "tickets could not be found again",
                fix=f"Put the field on the create screen of {screen.name}, or choose another type.",
            )
        if missing := screen.missing(ours):
            raise Conflict(
                f"{project.key} wants {', '.join(missing)} for a new {screen.name}, "
                "and we have nothing to put there",
                fix="Make it optional, give it a default, or choose another type in "
                "[tracker.jira] (ticket_type, epic_type).",
            )
