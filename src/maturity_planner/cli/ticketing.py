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
        return wanted_tickets(self.plan, self.rubric, self.assessment, renderer)


def open_desk(context: Context) -> Desk:
    """Return the project's tracker, plan, rubric and assessment."""
    from ..plans import load_plan
    from ..trackers import open_tracker

    project = context.project
    rubric, assessment, path = context.load(None, None)
    plan = load_plan(project.plan, rubric)
    kind = project.tracker
    tracker = open_tracker(kind, project.tracker_settings(kind), project.root, assessment.system)
    return Desk(tracker, plan, rubric, assessment, path)


def describe(changes: Iterable[Change], *, verbose: bool) -> list[str]:
    """Return a line a change, like `+ create  epic  Title`; fields below when verbose."""
    lines = []
    for change in changes:
        lines.append(line_of(change, SIGNS[change.op.value]))
        if verbose or change.op.value in ("update", "keep"):
            lines += _field_lines(change)
    return lines


def line_of(change: Change, sign: str, remark: str = "") -> str:
    """Return the line of one change."""
    remote = f"{change.remote}  " if change.remote else ""
    if change.op.value == "link":
        need = change.fields["needs"][1]
        remark = remark or "needs " + ", ".join(_short(uid) for uid in need)
    reason = remark or change.why
    tail = f"  ({output.clean(reason)})" if reason else ""
    text = (
        f"{sign} {change.op.value:6}  {change.kind.value:6}  {remote}{output.clean(change.title)}"
    )
    return click.style(text, fg=COLORS[sign]) + tail


def _short(uid: str) -> str:
    return "@".join(uid.split(".")[1:])


def _field_lines(change: Change) -> list[str]:
    lines = []
    for name, (present, wanted) in change.fields.items():
        lines.append(f"      {name}: {_preview(present)} -> {_preview(wanted)}")
    return lines


def _preview(value: Any) -> str:
    """Return a value in one line of at most 60 characters."""
    if value is None or value in ("", ()):
        return "nothing"
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    line = " ".join(output.clean(text).split())
    return line if len(line) <= 60 else f"{line[:57]}..."


def summary(changes: ChangeSet) -> str:
    """Return the closing line: what there is to do, counted."""
    if not changes.pending:
        kept = changes.counts["keep"]
        kept_text = f" ({output.plural(kept, 'edit')} by people kept)" if kept else ""
        return f"Nothing to change: the tickets match the plan{kept_text}."
    parts = [f"{count} to {op}" for op, count in changes.counts.items() if count and op != "keep"]
    if changes.counts["keep"]:
        parts.append(f"{changes.counts['keep']} kept as people edited them")
    return ", ".join(parts) + f". Fingerprint {changes.fingerprint}."


def failed(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that could not be applied."""
    return [step for step in steps if step.error]
