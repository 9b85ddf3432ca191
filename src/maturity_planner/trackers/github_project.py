"""The dates of tickets in a project of GitHub, whose roadmap view shows them.

A ticket's issue is an item of the project, and its dates are values of two of the project's fields.
Only GraphQL knows them. All is looked at before it is written, so that nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..core.finding import Finding, Grade
from ..core.tickets import digest
from ..errors import AuthError, Conflict, NotFound, TrackerError
from .calling import Pages
from .github_client import GRAPHQL, Client
from .github_errors import PROJECT_RIGHTS
from .github_issue import Issue
from .patience import unusable_answer

DATES = {"start": "project_start", "due": "project_target"}
"""Fields of a ticket, and the settings that name the project's fields for them."""

NAMES = {"start": "Start date", "due": "Target date"}

_QUERY = """
query($owner: String!, $number: Int!, $after: String) {
  repositoryOwner(login: $owner) {
    ... on ProjectV2Owner {
      projectV2(number: $number) {
        id
        title
        viewerCanUpdate
        fields(first: 100) { nodes { ... on ProjectV2FieldCommon { id name dataType } } }
        items(first: 100, after: $after) {
          pageInfo { hasNextPage endCursor }
          nodes {
            id
            isArchived
            content { ... on Issue { number repository { nameWithOwner } } }
            fieldValues(first: 100) {
              nodes {
                ... on ProjectV2ItemFieldDateValue {
                  date
                  field { ... on ProjectV2FieldCommon { id } }
                }
              }
            }
          }
        }
      }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Item:
    """What the project holds of an issue; dates by the ids of their fields."""

    id: str
    is_archived: bool = False
    dates: Mapping[str, str] = field(default_factory=dict)


class Project:
    """One project, of an organisation or of a person, as it was read last."""

    def __init__(self, client: Client, repository: str, settings: Mapping[str, Any]) -> None:
        """Keep the settings; nothing is sent."""
        self._client = client
        self._repository = repository
        self._owner = str(settings.get("project_owner") or repository.partition("/")[0])
        self._number = int(settings["project"])
        self._names = {n: str(settings.get(key) or NAMES[n]) for n, key in DATES.items()}
        self._id = self._title = ""
        self._is_open_to_us = False
        self._fields: dict[str, str] = {}
        self._items: dict[int, Item] = {}

    @property
    def name(self) -> str:
        """What a person would call it."""
        return f"project {self._number} of {self._owner}"

    # Reading -------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the fields, and all items that are issues of the repository.

        Raises:
            TrackerError: it could not be read to its end, or a field holds something else.
        """
        self._items = {}
        after: str | None = None
        pages = Pages(self._client.name, self.name)
        while True:
            page = self._page(after)
            try:
                self._items.update(self._issues(page["items"]["nodes"]))
                following = page["items"]["pageInfo"]
                after = following["endCursor"] if following["hasNextPage"] else None
            except (KeyError, TypeError, AttributeError) as error:
                raise self._strange() from error
            if after is None:
                return
            pages.turn(after)

    def _page(self, after: str | None = None) -> dict[str, Any]:
        """Return the project with a page of its items, and take note of its fields."""
        asked = {"owner": self._owner, "number": self._number, "after": after}
        try:
            answer = self._client.ask(GRAPHQL, {"query": _QUERY, "variables": asked})
        except NotFound as missing:
            raise self._missing() from missing
        try:
            page = (answer.get("repositoryOwner") or {}).get("projectV2")
            if not page:
                raise self._missing()
            self._id, self._title = str(page["id"]), str(page["title"])
            self._is_open_to_us = bool(page["viewerCanUpdate"])
            self._fields = dict(self._dated(page["fields"]["nodes"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise self._strange() from error
        return dict(page)

    def _dated(self, fields: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
        """Yield which fields of the project hold our dates: our word, and the field's id."""
        wanted = {name.casefold(): ours for ours, name in self._names.items()}
        for one in filter(None, fields):
            ours = wanted.get(str(one.get("name")).casefold())
            if ours and one["dataType"] != "DATE":
                raise Conflict(
                    f'the field "{one["name"]}" of {self.name} is not for dates',
                    fix=f"Rename it in the project, or name another one: `{DATES[ours]}` in "
                    "[tracker.github]; a field that is missing is made.",
                )
            if ours:
                yield ours, str(one["id"])

    def _issues(self, items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Item]]:
        for one in filter(None, items):
            content = one["content"] or {}  # neither a draft nor what the token may not see
            home = content.get("repository", {}).get("nameWithOwner", "")
            if home.lower() == self._repository.lower():
                values = [value for value in one["fieldValues"]["nodes"] if value]
                dates = {str(v["field"]["id"]): str(v["date"])[:10] for v in values}
                yield int(content["number"]), Item(str(one["id"]), bool(one["isArchived"]), dates)

    def dates(self, issue: Issue) -> dict[str, str]:
        """Return the dates of the issue; empty where there is none, or no item on the board."""
        item = self._items.get(issue.number)
        held = item.dates if item and not item.is_archived else {}
        return {name: held.get(self._fields.get(name, ""), "") for name in DATES}

    def places(self, names: Iterable[str]) -> dict[str, str]:
        """Return, to be remembered, which fields of which project hold dates of those names."""
        return {f"{name}_in": self._place(name) for name in names if name in DATES}

    def known(self, base: Mapping[str, Any]) -> dict[str, Any]:
        """Return what we wrote last without dates that went into other fields or projects."""
        elsewhere = {name for name in DATES if base.get(f"{name}_in") != self._place(name)}
        return {name: value for name, value in base.items() if name not in elsewhere}

    def _place(self, name: str) -> str:
        return digest(self._fields[name]) if name in self._fields else ""

    # Writing -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the fields that are missing, and see that we may write.

        Raises:
            AuthError: we may not.
        """
        if not self._is_open_to_us:
            raise self._forbidden()
        missing = {
            name: {"projectId": self._id, "dataType": "DATE", "name": self._names[name]}
            for name in DATES
            if name not in self._fields
        }
        if missing:
            answer = "projectV2Field { ... on ProjectV2FieldCommon { id } }"
            made = self._change("createProjectV2Field", answer, missing)
            self._fields |= {name: str(one["id"]) for name, one in made.items()}

    def write(self, issue: Issue, dates: Mapping[str, str]) -> None:
        """Give the issue's item these dates; it is made when it is missing.

        Raises:
            Conflict: the item is archived, which GitHub does not change.
        """
        there = self.dates(issue)
        wanted = {name: day for name, day in dates.items() if there[name] != day}
        if not wanted:
            return
        self.prepare()
        item = self._items.get(issue.number) or self._added(issue)
        if item.is_archived:
            raise Conflict(
                f"{self._repository}{issue.name} is archived in {self.name}, and gets no dates",
                fix="Restore it (Archived items, in the project's menu), then run this again.",
            )
        inputs = {
            name: {
                "projectId": self._id,
                "itemId": item.id,
                "fieldId": self._fields[name],
                "value": {"date": day},
            }
            for name, day in wanted.items()
        }
        self._change("updateProjectV2ItemFieldValue", "projectV2Item { id }", inputs)
        held = {self._fields[name]: day for name, day in wanted.items()}
        self._items[issue.number] = replace(item, dates={**item.dates, **held})

    def _added(self, issue: Issue) -> Item:
        """Return the item of the issue; GitHub makes none where there is one."""
        inputs = {"added": {"projectId": self._id, "contentId": issue.node}}
        made = self._change("addProjectV2ItemById", "item { id isArchived }", inputs)["added"]
        item = Item(str(made["id"]), bool(made["isArchived"]))
        self._items[issue.number] = item
        return item

    def _change(self, call: str, answer: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Call a mutation once for each of the inputs, in one request, and return the answers."""
        kind = f"{call[0].upper()}{call[1:]}Input!"
        heads = ", ".join(f"${name}: {kind}" for name in inputs)
        parts = " ".join(f"{name}: {call}(input: ${name}) {{ {answer} }}" for name in inputs)
        content = {"query": f"mutation({heads}) {{ {parts} }}", "variables": dict(inputs)}
        found = self._client.write("POST", GRAPHQL, content)
        part = answer.partition(" ")[0]
        try:
            return {name: dict(found[name][part]) for name in inputs}
        except (KeyError, TypeError) as error:
            raise self._strange() from error

    # What can be wrong ---------------------------------------------------------------------

    def _missing(self) -> NotFound:
        return NotFound(
            f"{self._owner} has no project {self._number}, or does not show it to this token",
            fix="Check `project` and `project_owner` in [tracker.github]: they are in the "
            f"project's address. {PROJECT_RIGHTS}",
        )

    def _forbidden(self) -> AuthError:
        return AuthError(
            f"the token may not change {self.name}",
            fix=f"Let its account write to the project, or use another token. {PROJECT_RIGHTS}",
        )

    def _strange(self) -> TrackerError:
        return unusable_answer(self._client.name, f"about {self.name}")

    def examine(self) -> Iterator[Finding]:
        """Yield what `doctor` tells; reads only."""
        self._page()
        scopes = self._client.get(f"/repos/{self._repository}")[0].get("x-oauth-scopes")
        is_scoped = scopes is None or "project" in scopes.replace(" ", "").split(",")
        if not self._is_open_to_us or not is_scoped:
            error = self._forbidden()
            yield Finding("project", Grade.FAULT, error.message, error.fix)
            return
        names = " and ".join(f'"{name}"' for name in self._names.values())
        missing = [self._names[name] for name in DATES if name not in self._fields]
        later = " (made by the first sync of a roadmap)" if missing else ""
        yield Finding("project", Grade.OK, f"{self.name}, {self._title}: dates in {names}{later}")
