"""The JSON that Jira makes of what it holds."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from .jira_schemes import CATEGORIES, FieldDefinition, IssueType, Named, Status, Transition
from .jira_world import Board, Comment, Issue, Link, Project, Sprint, Version, World

CLOUD_ID = "5f1c7d2e-0c43-4a53-9d0e-0f3f1d7a9b21"
COLOURS = {"new": "blue-gray", "indeterminate": "yellow", "done": "green"}
SECONDS = {"w": 144_000, "d": 28_800, "h": 3600, "m": 60}
"""Working time: a week has five days, a day eight hours."""


def when(at: datetime.datetime) -> str:
    """Return the time as Jira writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def span(seconds: int) -> str:
    """Return a working time as Jira writes it, for example "1w 2d 4h"."""
    parts = []
    for unit, size in SECONDS.items():
        count, seconds = divmod(seconds, size)
        parts += [f"{count}{unit}"] if count else []
    return " ".join(parts) or "0m"


def document(text: str) -> dict[str, Any]:
    """Return the text as version 3 of the interface has it."""
    blocks = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
        for line in text.split("\n")
    ]
    return {"version": 1, "type": "doc", "content": blocks}


class Shapes:
    """Makes JSON for version 2 or 3 of the interface of one flavour."""

    def __init__(self, base_url: str, world: World, *, is_cloud: bool, version: int = 2) -> None:
        self.world, self.is_cloud, self.version = world, is_cloud, version
        # A Cloud's own links lead through another host, where tokens of accounts mean nothing.
        host = f"https://api.atlassian.com/ex/jira/{CLOUD_ID}" if is_cloud else base_url
        self.api = f"{host}/rest/api/{version}"
        self.agile = f"{host}/rest/agile/1.0"

    def user(self, login: str) -> dict[str, Any]:
        """An account: known by an id on a Cloud, by its name elsewhere."""
        shape: dict[str, Any] = {
            "displayName": login.title(),
            "active": True,
            "timeZone": "Etc/UTC",
        }
        if self.is_cloud:
            number = f"557058:{login}"
            url = f"{self.api}/user?accountId={number}"
            return shape | {"self": url, "accountId": number, "accountType": "atlassian"}
        url = f"{self.api}/user?username={login}"
        return shape | {"self": url, "name": login, "key": f"JIRAUSER{len(login)}0100"}

    def named(self, kind: str, one: Named) -> dict[str, Any]:
        """A priority, a resolution, a component or a type of link."""
        shape = {"self": f"{self.api}/{kind}/{one.id}", "id": one.id, "name": one.name}
        return shape | ({"inward": one.inward, "outward": one.outward} if one.inward else {})

    def category(self, key: str) -> dict[str, Any]:
        """A status category."""
        number, name = CATEGORIES[key]
        url = f"{self.api}/statuscategory/{number}"
        return {"self": url, "id": number, "key": key, "colorName": COLOURS[key], "name": name}

    def status(self, status: Status) -> dict[str, Any]:
        """A status with its category."""
        return {
            "self": f"{self.api}/status/{status.id}",
            "description": "",
            "id": status.id,
            "name": status.name,
            "statusCategory": self.category(status.category),
        }

    def type(self, kind: IssueType) -> dict[str, Any]:
        """A type of issue; only a Cloud tells its level."""
        level = {"hierarchyLevel": kind.level} if self.is_cloud else {}
        return {
            "self": f"{self.api}/issuetype/{kind.id}",
            "id": kind.id,
            "name": kind.name,
            "description": "",
            "subtask": kind.level < 0,
            **level,
        }

    def project(self, project: Project) -> dict[str, Any]:
        """A project as issues show it."""
        url = f"{self.api}/project/{project.id}"
        return {"self": url, "id": project.id, "key": project.key, "name": project.name}

    def version_of_project(self, project: Project, version: Version) -> dict[str, Any]:
        """A version."""
        dates = {"startDate": version.start_date, "releaseDate": version.release_date}
        return {
            "self": f"{self.api}/version/{version.id}",
            "id": version.id,
            "name": version.name,
            "archived": version.is_archived,
            "released": False,
            "projectId": int(project.id),
            **{name: date for name, date in dates.items() if date},
        }

    def schema(self, one: FieldDefinition) -> dict[str, Any]:
        """What kind of values a field takes."""
        shape: dict[str, Any] = {"type": one.type} | ({"items": one.items} if one.items else {})
        if one.custom:
            number = int(one.id.removeprefix("customfield_"))
            return shape | {"custom": one.custom, "customId": number}
        return shape | {"system": one.id}

    def field(self, one: FieldDefinition) -> dict[str, Any]:
        """A field in the list of all."""
        return {
            "id": one.id,
            **({"key": one.id} if self.is_cloud else {}),
            "name": one.name,
            "custom": bool(one.custom),
            "orderable": True,
            "navigable": True,
            "searchable": True,
            "clauseNames": one.jql_names,
            "schema": self.schema(one),
        }

    def on_screen(self, one: FieldDefinition, *, is_required: bool) -> dict[str, Any]:
        """A field on a screen."""
        takes_many = ["add", "set", "remove"] if one.type == "array" else ["set"]
        return {
            "required": is_required,
            "schema": self.schema(one),
            "name": one.name,
            **({"key": one.id} if self.is_cloud else {}),
            "fieldId": one.id,
            "hasDefaultValue": False,
            "operations": takes_many,
        }

    def transition(self, way: Transition, *, has_fields: bool) -> dict[str, Any]:
        """A transition, with the fields on its screen if they were asked for."""
        shape = {"id": way.id, "name": way.name, "to": self.status(way.target)}
        if has_fields:
            on_screen = {
                one.id: self.on_screen(one, is_required=way.screen[one.id])
                for one in self.world.scheme.fields
                if one.id in way.screen
            }
            for shown in on_screen.values():
                del shown["fieldId"]
            if resolution := on_screen.get("resolution"):
                choices = [self.named("resolution", one) for one in self.world.scheme.resolutions]
                resolution["allowedValues"] = choices
            shape["fields"] = on_screen
        return shape | ({"hasScreen": bool(way.screen)} if self.is_cloud else {})

    def comment(self, issue: Issue, comment: Comment) -> dict[str, Any]:
        """A comment."""
        return {
            "self": f"{self.api}/issue/{issue.id}/comment/{comment.id}",
            "id": comment.id,
            "author": self.user(comment.author),
            "updateAuthor": self.user(comment.author),
            "body": comment.body,
            "created": when(comment.at),
            "updated": when(comment.at),
        }

    def board(self, board: Board) -> dict[str, Any]:
        """A board."""
        url = f"{self.agile}/board/{board.id}"
        return {"id": board.id, "self": url, "name": board.name, "type": board.type}

    def sprint(self, sprint: Sprint) -> dict[str, Any]:
        """A sprint."""
        dates = {"startDate": sprint.start_date, "endDate": sprint.end_date}
        return {
            "id": sprint.id,
            "self": f"{self.agile}/sprint/{sprint.id}",
            "state": sprint.state,
            "name": sprint.name,
            "originBoardId": sprint.board.id,
            **{name: date for name, date in dates.items() if date},
        }

    def reference(self, issue: Issue) -> dict[str, Any]:
        """An issue as its links and children show it."""
        fields: dict[str, Any] = {"summary": issue.summary, "status": self.status(issue.status)}
        if issue.priority:
            fields["priority"] = self.named("priority", issue.priority)
        fields["issuetype"] = self.type(issue.type)
        return {
            "id": str(issue.id),
            "key": issue.key,
            "self": f"{self.api}/issue/{issue.id}",
            "fields": fields,
        }

    def link(self, link: Link, seen_from: Issue | None = None) -> dict[str, Any]:
        """A link. An issue shows only the other end: the blocker what is `outwardIssue` to it."""
        shape: dict[str, Any] = {
            "id": link.id,
            "self": f"{self.api}/issueLink/{link.id}",
            "type": self.named("issueLinkType", link.type),
        }
        if seen_from is not link.source:
            shape["inwardIssue"] = self.reference(link.source)
        if seen_from is not link.target:
            shape["outwardIssue"] = self.reference(link.target)
        return shape

    def issue(self, issue: Issue, wanted: Collection[str]) -> dict[str, Any]:
        """An issue with the fields that are wanted, which is what its `fields` say."""
        shape: dict[str, Any] = {"id": str(issue.id)}
        if self.is_cloud and not set(wanted) - {"id"}:
            return shape
        shape |= {"self": f"{self.api}/issue/{issue.id}", "key": issue.key, "expand": "names"}
        fields = self._values(issue)
        if not {"*all", "*navigable"} & set(wanted):
            fields = {name: value for name, value in fields.items() if name in wanted}
        for name in wanted:
            fields.pop(name.removeprefix("-") if name.startswith("-") else "", None)
        return shape | {"fields": fields}

    def _values(self, issue: Issue) -> dict[str, Any]:
        scheme = self.world.scheme
        text = issue.description
        shown = document(text) if text is not None and self.version == 3 else text
        values: dict[str, Any] = {
            "summary": issue.summary,
            "description": shown,
            "issuetype": self.type(issue.type),
            "project": self.project(issue.project),
            "labels": sorted(issue.labels),
            "priority": issue.priority and self.named("priority", issue.priority),
            "components": [self.named("component", one) for one in issue.components],
            "fixVersions": [self.version_of_project(issue.project, v) for v in issue.versions],
            "duedate": issue.due_date,
            "timetracking": self._time(issue),
            "timeoriginalestimate": issue.estimate_seconds,
            "status": self.status(issue.status),
            "resolution": issue.resolution and self.named("resolution", issue.resolution),
            "resolutiondate": issue.resolved_at and when(issue.resolved_at),
            "statuscategorychangedate": when(issue.moved_at or issue.created_at),
            "created": when(issue.created_at),
            "updated": when(issue.updated_at),
            "creator": self.user(issue.author),
            "reporter": self.user(issue.author),
            "assignee": None,
            "issuelinks": [self.link(x, issue) for x in self.world.links_of(issue)],
            "subtasks": [],
            "comment": {"comments": [self.comment(issue, c) for c in issue.comments]},
            **{one.id: issue.custom.get(one.id) for one in scheme.fields if one.custom},
            scheme.sprint.id: issue.sprint and [self._sprint_value(issue.sprint)],
            scheme.epic_link.id: issue.epic and issue.epic.key,
        }
        if self.is_cloud and issue.parent:
            values["parent"] = self.reference(issue.parent)
        return values

    def _time(self, issue: Issue) -> dict[str, Any]:
        seconds = issue.estimate_seconds
        if seconds is None:
            return {}
        text = span(seconds)
        return {"originalEstimate": text, "originalEstimateSeconds": seconds}

    def _sprint_value(self, sprint: Sprint) -> dict[str, Any] | str:
        """Return what the field of an issue says: an object on a Cloud, elsewhere a text of old."""
        if self.is_cloud:
            board = {"boardId": sprint.board.id, "goal": ""}
            return {"id": sprint.id, "name": sprint.name, "state": sprint.state, **board}
        parts = f"id={sprint.id},rapidViewId={sprint.board.id},state={sprint.state.upper()}"
        kind = "com.atlassian.greenhopper.service.sprint.Sprint@1f0e"
        return f"{kind}[{parts},name={sprint.name},goal=,sequence={sprint.id}]"
