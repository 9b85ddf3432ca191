"""What `diff`, `sync` and `track` share: the tracker of the project and the tickets wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import output

if TYPE_CHECKING:
    from ..core.assessment import Assessment
    from ..core.changes import Change, ChangeSet
    from ..core.rubric import Rubric
    from ..core.tickets import Ticket
    from ..plans import PlanOnFile
    from ..sync import Step
    from ..trackers.base import Tracker
    from .context import Context

SIGNS = {"create": "+", "update": "~", "link": "~", "reopen": "+", "close": "-", "keep": "!"}
COLORS = {"+": "green", "~": "yellow", "-": "red", "!": "magenta", "x": "red"}
AGAIN = "Make it again: maturity-planner roadmap"
WIDTH = 60
"""How much of a value is shown."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is needed to compare a plan with its tickets."""

    tracker: Tracker
    plan: PlanOnFile
    rubric: Rubric
    assessment: Assessment
    path: Path

    def wanted(self, context: Context) -> tuple[Ticket, ...]:
        """The tickets that the plan asks for."""
        from ..rendering import Renderer
        from ..sync import wanted_tickets

        renderer = Renderer(context.project.templates, self.path.name)
        tickets = wanted_tickets(self.plan, self.rubric, self.assessment, renderer)
        return self._in_time(context, tickets)

    def _in_time(self, context: Context, tickets: tuple[Ticket, ...]) -> tuple[Ticket, ...]:
        """Return the tickets with the dates of the roadmap, if there is one of this plan."""
        from ..core.backlog import ticket_uid
        from ..roadmaps import load_roadmap, with_dates

        path = context.project.roadmap
        roadmap = load_roadmap(path, self.rubric)
        if roadmap is None:
            return tickets
        if roadmap.plan != self.plan.id:
            output.note(f"{path.name} is of another plan and left aside. {AGAIN}")
            return tickets
        is_open = {ticket.uid for ticket in tickets if not ticket.is_settled}
        todo = [u for u in self.plan.upgrades if ticket_uid(self.plan.id, u) in is_open]
        if missing := roadmap.missing(todo):
            count = output.plural(len(missing), "upgrade")
            output.note(f"{path.name} is out of date: {count} of the plan not in it. {AGAIN}")
        return with_dates(tickets, self.plan.upgrades, roadmap)


def open_desk(context: Context, *, to_plan: bool = False) -> Desk:
    """Return the project's tracker, plan, rubric and assessment; see `Context.load`.

    Of several rubrics it is the one that the plan was made for.
    """
    from ..plans import load_plan
    from ..trackers import open_tracker

    project = context.project
    rubric, assessment, path = context.load(None, None, to_plan=to_plan, as_planned=True)
    plan = load_plan(project.plan, rubric)
    kind = project.tracker
    tracker = open_tracker(kind, project.tracker_settings(kind), project.root, assessment.system)
    tracker.patience.say = output.note
    return Desk(tracker, plan, rubric, assessment, path)


def describe(changes: Iterable[Change], *, verbose: bool) -> list[str]:
    """Return a line a change, like `+ create  epic  Title`; fields below when verbose."""
    lines = []
    for change in changes:
        lines.append(line_of(change, SIGNS[change.op.value]))
        if verbose or change.op.value in ("update", "keep"):
            lines += _field_lines(change)
    return lines


def line_of(change: Change, sign: str, remark: str = "", remote: str | None = None) -> str:
    """Return the line of one change; `remote` names a ticket that it has just created."""
    remote = remote or change.remote
    name = f"{output.clean(remote)}  " if remote else ""
    if change.op.value == "link":
        needs = ", ".join(_short(uid) for uid in change.fields["needs"][1])
        remark = remark or (f"needs {needs}" if needs else "no longer needs anything")
    reason = remark or change.why
    tail = f"  ({output.clean(reason)})" if reason else ""
    text = f"{sign} {change.op.value:6}  {change.kind.value:6}  {name}{output.clean(change.title)}"
    return click.style(text, fg=COLORS[sign]) + tail


def _short(uid: str) -> str:
    return "@".join(uid.split(".")[1:]) or uid


def _field_lines(change: Change) -> list[str]:
    lines = []
    for name, (present, wanted) in change.fields.items():
        before, after = _previews(present, wanted)
        lines.append(f"      {name}: {before} -> {after}")
        if (change.op.value, name, present) == ("keep", "body", ""):
            # Emptying it further changes nothing: only what we wrote last counts as not edited.
            lines.append(
                "      (restore the description from the ticket's history to get ours back)"
            )
    return lines


def _previews(present: Any, wanted: Any) -> tuple[str, str]:
    """Return both values in one line each; of two long ones, where they differ first."""
    if _is_nothing(present) or _is_nothing(wanted):
        return _preview(present), _preview(wanted)
    is_text = isinstance(present, str)
    before, after = (_lines(present), _lines(wanted)) if is_text else (present, wanted)
    if not is_text and max(len(", ".join(before)), len(", ".join(after))) <= WIDTH:
        return _preview(present), _preview(wanted)
    if is_text and before == after:  # they differ in blank lines only
        before, after = present.splitlines(), wanted.splitlines()
    at = _first_difference(before, after)
    left, right = (part[at] if at < len(part) else "" for part in (before, after))
    if _one_line(left) != _one_line(right):  # else they differ in blank space only
        left, right = _one_line(left), _one_line(right)
    left, right = output.clean(left), output.clean(right)
    first = _first_difference(left, right)
    missing = "(no line)" if is_text else "(no element)"
    return _cut(left, first) or missing, _cut(right, first) or missing


def _first_difference(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(text: str) -> list[str]:
    """Return the lines that hold something, as the comparison looks at them."""
    return [line.rstrip() for line in text.strip().splitlines() if line.strip()]


def _one_line(text: str) -> str:
    return " ".join(output.clean(text).split())


def _cut(line: str, at: int) -> str:
    """Return at most `WIDTH` characters of the line, the one at `at` among them."""
    if len(line) <= WIDTH:
        return line
    begin = min(max(0, at - WIDTH // 3), len(line) - WIDTH)
    text = line[begin : begin + WIDTH]
    if begin:
        text = f"...{text[3:]}"
    return text if begin + WIDTH == len(line) else f"{text[:-3]}..."


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", ())


def _preview(value: Any) -> str:
    """Return a value in one line of at most `WIDTH` characters."""
    if _is_nothing(value):
        return "nothing"
    return _cut(_one_line(", ".join(value) if isinstance(value, tuple) else str(value)), 0)


def summary(changes: ChangeSet) -> str:
    """Return the closing line: what there is to do, counted."""
    if not changes.pending:
        kept = changes.counts["keep"]
        kept_text = f" ({kept} kept as people left them)" if kept else ""
        return f"Nothing to change: the tickets match the plan{kept_text}."
    parts = [f"{count} to {op}" for op, count in changes.counts.items() if count and op != "keep"]
    if changes.counts["keep"]:
        parts.append(f"{changes.counts['keep']} kept as people left them")
    return ", ".join(parts) + f". Fingerprint {changes.fingerprint}."


def failed(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that could not be applied."""
    return [step for step in steps if step.error]
