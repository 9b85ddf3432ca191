"""Projects of a GitHub: fields, items with values in them, and what people do there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .world import Issue

BUILT_IN = {"Title": "TITLE", "Assignees": "ASSIGNEES", "Status": "SINGLE_SELECT", "Size": "NUMBER"}


@dataclass(slots=True)
class Field:
    """A field of a project."""

    id: str
    name: str
    kind: str


@dataclass(slots=True, eq=False)
class Item:
    """An item; without an issue it is a draft. `is_redacted`: the token may not see its issue."""

    id: str
    issue: Issue | None = None
    values: dict[str, str] = field(default_factory=dict)
    is_archived: bool = False
    is_redacted: bool = False


@dataclass(slots=True, eq=False)
class Project:
    """A project of an account. `writes` are the values that were set through the interface."""

    owner: str
    number: int
    title: str = "Quarter"
    is_hidden: bool = False
    is_read_only: bool = False
    fields: list[Field] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    writes: int = 0
    last: int = 0

    def __post_init__(self) -> None:
        for name, kind in BUILT_IN.items():
            self.add_field(name, kind)

    @property
    def id(self) -> str:
        """Its id in GraphQL."""
        return f"PVT_{self.owner}{self.number}"

    def _next(self, kind: str) -> str:
        self.last += 1
        return f"{kind}_{self.owner}{self.number}x{self.last}"

    def add_field(self, name: str, kind: str = "DATE") -> Field:
        """Add a field."""
        self.fields.append(Field(self._next("PVTF"), name, kind))
        return self.fields[-1]

    def remove_field(self, name: str) -> None:
        """Delete a field with all its values."""
        found = self.field(name)
        self.fields.remove(found)
        for item in self.items:
            item.values.pop(found.id, None)

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return next(one for one in self.fields if one.name == name)

    def add(self, issue: Issue | None = None) -> Item:
        """Add an issue, or a draft; there is one item of an issue at most."""
        found = [item for item in self.items if issue and item.issue is issue]
        if not found:
            found = [Item(self._next("PVTI"), issue)]
            self.items += found
        return found[0]

    def item(self, issue: Issue) -> Item:
        """Return the one item of the issue."""
        (found,) = (item for item in self.items if item.issue is issue)
        return found

    def remove(self, issue: Issue) -> None:
        """Take the issue off the project."""
        self.items.remove(self.item(issue))

    def set(self, issue: Issue, name: str, value: str) -> None:
        """Give a field of the issue's item a value."""
        self.item(issue).values[self.field(name).id] = value

    def dates(self, issue: Issue) -> dict[str, str]:
        """Return the values of the issue's fields for dates, by their names."""
        return dict(sorted(self._dates(self.item(issue))))

    def _dates(self, item: Item) -> Iterator[tuple[str, str]]:
        for one in self.fields:
            if one.kind == "DATE" and one.id in item.values:
                yield one.name, item.values[one.id]
