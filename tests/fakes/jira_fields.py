"""Reads what is sent for the fields of an issue, and finds fault with it as Jira does."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .jira_calls import Call
from .jira_schemes import FieldDefinition, IssueType, Named
from .jira_shapes import SECONDS
from .jira_texts import given_back
from .jira_world import Issue, Project, Sprint, Version

MAX_SUMMARY, MAX_TEXT, MAX_LABEL = 255, 32_767, 255
NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
Reader = Callable[[Any], dict[str, Any]]
Choice = TypeVar("Choice", Named, Version)


class WrongValue(Exception):
    """A value that a field does not take, with the message for it."""


class FieldReader:
    """Reads fields of an issue of one type in one project; `issue` is None for a new one.

    `values` is what to set on the issue, `errors` what is wrong, by field.
    """

    def __init__(self, call: Call, project: Project, kind: IssueType, issue: Issue | None) -> None:
        self.call, self.world, self.scheme = call, call.world, call.world.scheme
        self.project, self.kind, self.issue = project, kind, issue
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.screen = {
            one.id: one for one in self.scheme.screen_of(kind) if one.id not in project.hidden
        }

    def read(self, fields: dict[str, Any], update: dict[str, Any]) -> None:
        """Read all that was sent."""
        for name, value in fields.items():
            self._take(name, value)
        for name, operations in update.items():
            self._take(name, self._updated(name, operations))
        if self.issue is None:
            self._check_required({**fields, **update})

    def required(self) -> set[str]:
        """The fields without which no such issue can be created."""
        always = {"summary", "issuetype", "project"} | (self.project.required & set(self.screen))
        return always | {self.scheme.epic_name.id} & set(self.screen)

    def _check_required(self, sent: dict[str, Any]) -> None:
        for name in sorted(self.required() - {"issuetype", "project"}):
            if sent.get(name) in (None, "", []) and name not in self.errors:
                label = self.screen[name].name
                text = f"{label} is required."
                text = "You must specify a summary of the issue." if name == "summary" else text
                self.errors[name] = text

    def _take(self, name: str, value: Any) -> None:
        if name in ("project", "issuetype") and self.issue is None:
            return
        if name not in self.screen:
            self.errors[name] = NOT_ON_SCREEN.format(name)
            return
        try:
            self.values |= self._reader(self.screen[name])(value)
        except WrongValue as wrong:
            self.errors[name] = str(wrong)

    def _updated(self, name: str, operations: Sequence[dict[str, Any]]) -> Any:
        """Return the whole value that adding to, and removing from, a field leads to."""
        if name not in ("labels", "components", "fixVersions"):
            return next(iter(operations[-1].values()))
        if name == "labels":
            now: list[Any] = list(self.issue.labels) if self.issue else []
        else:
            attribute = {"components": "components", "fixVersions": "versions"}[name]
            held = getattr(self.issue, attribute) if self.issue else []
            now = [{"name": one.name} for one in held]
        for operation in operations:
            for verb, value in operation.items():
                now = {
                    "set": value,
                    "add": now + [value] * (value not in now),
                    "remove": [one for one in now if one != value],
                }[verb]
        return now

    def _reader(self, one: FieldDefinition) -> Reader:
        scheme = self.scheme
        readers: dict[str, Reader] = {
            "summary": self._summary,
            "description": self._description,
            "labels": self._labels,
            "priority": lambda v: {"priority": v and _chosen(scheme.priorities, v, "priority")},
            "components": self._components,
            "fixVersions": self._versions,
            "duedate": self._due_date,
            "timetracking": self._estimate,
            "parent": self._parent,
            scheme.sprint.id: self._sprint,
            scheme.epic_link.id: self._epic,
        }
        return readers.get(one.id) or (lambda value: self._custom(one, value))

    def _summary(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, str):
            raise WrongValue("Operation value must be a string")
        if not value.strip():
            raise WrongValue("You must specify a summary of the issue.")
        if "\n" in value or "\r" in value:
            raise WrongValue("The summary is invalid because it contains newline characters.")
        if len(value) > MAX_SUMMARY:
            raise WrongValue("Summary can't exceed 255 characters.")
        if self.issue is None and self.project.refused & set(value.split()):
            raise WrongValue("A rule of this project does not allow such an issue.")
        return {"summary": value}

    def _description(self, value: Any) -> dict[str, Any]:
        """Read the text: version 2 takes wiki markup, version 3 a document."""
        if value is not None and self.call.version == 3:
            if not isinstance(value, dict):
                raise WrongValue("Operation value must be an Atlassian Document")
            value = "\n".join(_texts(value))
        if value is not None and not isinstance(value, str):
            raise WrongValue("Operation value must be a string")
        if value and len(value) > MAX_TEXT:
            raise WrongValue(
                "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
            )
        if value and self.world.rewrites_texts:
            value = given_back(value)
        return {"description": value}

    def _labels(self, value: Any) -> dict[str, Any]:
        for label in value:
            if re.search(r"\s", label):
                raise WrongValue(f"The label '{label}' contains spaces which is invalid.")
            if len(label) > MAX_LABEL:
                raise WrongValue(f"The label '{label}' exceeds the maximum length of 255.")
        return {"labels": [*dict.fromkeys(value)]}

    def _components(self, value: Any) -> dict[str, Any]:
        held = self.project.components
        return {"components": [_chosen(held, one, "Component") for one in value]}

    def _versions(self, value: Any) -> dict[str, Any]:
        held = [v for v in self.project.versions if not v.is_archived]
        return {"versions": [_chosen(held, one, "Version") for one in value]}

    def _due_date(self, value: Any) -> dict[str, Any]:
        if value is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            raise WrongValue("Error parsing date string: " + str(value))
        return {"due_date": value}

    def _estimate(self, value: Any) -> dict[str, Any]:
        text = (value or {}).get("originalEstimate")
        if text is None:
            return {}
        total = 0
        for part in str(text).split():
            found = re.fullmatch(r"(\d+)([wdhm])", part)
            if not found:
                raise WrongValue("The original estimate specified is not valid.")
            total += int(found[1]) * SECONDS[found[2]]
        return {"estimate_seconds": total}

    def _parent(self, value: Any) -> dict[str, Any]:
        if value is None:
            return {"parent": None}
        above = self._other(value.get("key") or value.get("id"))
        if above.type.level != self.kind.level + 1 or above.project is not self.project:
            raise WrongValue("Given parent work item does not belong to appropriate hierarchy.")
        return {"parent": above}

    def _epic(self, value: Any) -> dict[str, Any]:
        if value is None:
            return {"epic": None}
        above = self._other(value)
        if above.type.level != 1:
            raise WrongValue(f"Issue '{above.key}' is not an epic.")
        return {"epic": above}

    def _other(self, name: Any) -> Issue:
        found = self.world.find(str(name))
        if found is None:
            raise WrongValue(f"Could not find issue by id or key: {name}")
        return found

    def _sprint(self, value: Any) -> dict[str, Any]:
        if value is None:
            return {"sprint": None}
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongValue("Number value expected as the Sprint id.")
        return {"sprint": find_sprint(self.world.projects, value)}

    def _custom(self, one: FieldDefinition, value: Any) -> dict[str, Any]:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and one.type == "number" and not is_number:
            raise WrongValue("Operation value must be a number")
        if value is not None and one.type == "string" and not isinstance(value, str):
            raise WrongValue("Operation value must be a string")
        held = self.values.get("custom") or (self.issue.custom if self.issue else {})
        return {"custom": {**held, one.id: value}}


def find_sprint(projects: Sequence[Project], number: int) -> Sprint:
    """Return the sprint, on whichever board."""
    boards = [board for project in projects for board in project.boards]
    for sprint in (sprint for board in boards for sprint in board.sprints):
        if sprint.id == number:
            return sprint
    raise WrongValue(f"Issue can be assigned only to an existing sprint: {number}")


def _chosen(choices: Sequence[Choice], sent: Any, what: str) -> Choice:
    """Return the choice that is sent by its id or name."""
    for one in choices:
        if isinstance(sent, dict) and (one.id == sent.get("id") or one.name == sent.get("name")):
            return one
    said = sent.get("name") or sent.get("id") if isinstance(sent, dict) else sent
    raise WrongValue(f"{what} name '{said}' is not valid")


def _texts(node: dict[str, Any]) -> list[str]:
    """Return the texts of a document, one a paragraph."""
    if node.get("type") == "text":
        return [str(node.get("text", ""))]
    inside = [_texts(child) for child in node.get("content", [])]
    if node.get("type") == "paragraph":
        return ["".join("".join(texts) for texts in inside)]
    return [text for texts in inside for text in texts]
