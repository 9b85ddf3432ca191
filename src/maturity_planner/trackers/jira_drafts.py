"""An issue as it is going to be made: its fields, and what we shall remember of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..core.tickets import Kind, Ticket, Uid, base_of
from .jira_issue import Issue, Memory
from .jira_project import Project
from .jira_text import Text, digest

CHOSEN = ("priority", "milestone", "due")
"""Fields that a project may have no place for."""

HOURS_A_DAY = 8
"""Of a person-day in Jira's time tracking, as it comes."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Makes drafts for one project; `label` is that of every issue of the plan."""

    project: Project
    label: str
    is_cloud: bool
    has_versions: bool = True

    def draft(self, ticket: Ticket, group: Sequence[Ticket], remotes: Mapping[Uid, str]) -> Issue:
        """Return the issue as it shall be made together with the group; it has no key yet."""
        known = {*remotes, *(other.uid for other in group)}
        fields = {name: value for name, value in ticket.fields().items() if name != "needs"}
        if ticket.needs and known.issuperset(ticket.needs):
            fields["needs"] = ticket.needs
        batch = group[0].uid if ticket.epic or ticket.needs else ""
        left_out = {
            name: str(fields[name])
            for name in CHOSEN
            if fields.get(name) and self.chosen(ticket.kind, name, str(fields[name])) is None
        }
        memory = Memory(
            ticket.uid, base_of(fields, digest), left_out, batch=batch, home=self.project.key
        )
        held = {name: str(fields.get(name, "")) for name in CHOSEN if name not in left_out}
        criteria = tuple((text, False) for text in ticket.acceptance)
        text = Text(ticket.body, criteria, uid=ticket.uid, stamp=self.stamp(memory)).text()
        parent = remotes[ticket.epic] if ticket.epic else ""
        return Issue(
            key="",
            id=0,
            title=ticket.title,
            text=text,
            labels=(self.label, *ticket.labels),
            priority=held.get("priority", ""),
            versions=tuple(filter(None, [held.get("milestone")])),
            due=held.get("due", ""),
            category="new",
            status="",
            resolution="",
            closed_at="",
            parent=parent,
            blockers={},
            memory=memory,
            effort_days=ticket.effort_days,
        )

    def chosen(self, kind: Kind, name: str, value: str) -> dict[str, Any] | None:
        """Return the field of a request for one of `CHOSEN`; None when Jira has no place for it."""
        screen = self.project.screen(kind)
        match name:
            case "priority":
                choice = screen.choice("priority", value)
                return {"priority": choice} if choice else None
            case "milestone" if self.has_versions and "fixVersions" in screen.fields:
                return {"fixVersions": [{"name": value}]}
            case "due" if "duedate" in screen.fields:
                return {"duedate": value or None}
        return None

    def stamp(self, memory: Memory) -> str:
        """Return what tells a Data Center's issue which memory is its own."""
        return "" if self.is_cloud else memory.stamp

    def content(self, draft: Issue) -> dict[str, Any]:
        """Return the request that makes an issue of the draft."""
        project, kind = self.project, draft.kind
        screen = project.screen(kind)
        fields: dict[str, Any] = {
            "project": {"key": self.project.key},
            "issuetype": {"id": screen.id},
            "summary": draft.title,
            "description": draft.text,
            "labels": list(draft.labels),
        }
        values = {"priority": draft.priority, "milestone": "".join(draft.versions)}
        for name, value in {**values, "due": draft.due}.items():
            fields |= (self.chosen(kind, name, value) if value else None) or {}
        if kind is Kind.EPIC:
            if project.epic_name:
                fields[project.epic_name] = draft.title
        else:
            fields |= self._work(draft)
            if draft.parent and project.parent:
                fields[project.parent] = self.relation(draft.parent)
        return {"fields": fields, "properties": draft.ours.properties()}

    def _work(self, draft: Issue) -> dict[str, Any]:
        """Return what people plan by: estimates, set once and theirs from then on, components."""
        project, days = self.project, draft.effort_days
        fields: dict[str, Any] = {}
        if project.components:
            fields["components"] = list(project.components)
        if days and project.points:
            fields[project.points] = int(days) if days.denominator == 1 else float(days)
        if days and "timetracking" in project.ticket.fields:
            fields["timetracking"] = {"originalEstimate": _hours(days)}
        return fields

    def relation(self, epic: str) -> Any:
        """Return what the field of the epic takes."""
        return {"key": epic} if self.is_cloud else epic


def _hours(days: Fraction) -> str:
    """Return person-days as Jira writes a time.

    >>> _hours(Fraction(5, 2)), _hours(Fraction(1, 100))
    ('20h', '5m')
    """
    minutes = round(days * HOURS_A_DAY * 60)
    hours, rest = divmod(max(1, minutes), 60)
    return " ".join(f"{n}{unit}" for n, unit in ((hours, "h"), (rest, "m")) if n)
