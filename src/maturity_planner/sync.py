"""What a plan asks of a tracker: the tickets, and the changes that are missing there.

`applying` makes the changes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from .applying import Step
from .core.assessment import Assessment
from .core.backlog import backlog
from .core.changes import ChangeSet, Op, compute_changes
from .core.rubric import ItemId, Rubric
from .core.tickets import Kind, Ticket, Value
from .errors import Conflict
from .plans import PlanOnFile
from .rendering import Renderer
from .trackers.base import Tracker


def wanted_tickets(
    plan: PlanOnFile, rubric: Rubric, assessment: Assessment, renderer: Renderer
) -> tuple[Ticket, ...]:
    """Return the epics and tickets that the plan asks for, with their texts."""
    epics, tickets = backlog(plan.id, plan.upgrades, rubric, assessment)
    open_work = {
        uid
        for facts in tickets
        if (item := facts.upgrade.item).rank(assessment.mode(item)) < facts.mode.rank
        for uid in (facts.uid, facts.epic)
    }
    target: Fraction | None = plan.target
    return tuple(
        replace(ticket, is_settled=ticket.uid not in open_work)
        for ticket in renderer.tickets(rubric, assessment, epics, tickets, target)
    )


def pending_changes(
    tracker: Tracker,
    plan: PlanOnFile,
    wanted: Sequence[Ticket],
    *,
    force: bool = False,
    only: ItemId | None = None,
    unfinished: Collection[str] = (),
) -> ChangeSet:
    """Return what would bring the tracker in line with the plan.

    `only` keeps the changes of one item's ticket and of the epic that a new one needs. Of
    `unfinished` tickets a run that was cut short may have written parts (`state.Journal`).

    Raises:
        TrackerError: the tracker cannot be read completely.
    """
    fitting = [tracker.fit(ticket) for ticket in wanted]
    present = tracker.read(plan.id)
    changes = compute_changes(
        fitting, present, force=force, digest=tracker.digest, unfinished=unfinished
    )
    return changes if only is None else _of_item(changes, only)


def _of_item(changes: ChangeSet, item: ItemId) -> ChangeSet:
    """Return the changes of the item's tickets and the epics that new ones need.

    A need whose ticket is not there yet is linked later, by the sync that creates it.
    """
    mine = [c for c in changes.changes if c.kind is Kind.TICKET and c.uid.split(".")[1] == item]
    epics = {c.ticket.epic for c in mine if c.ticket}
    created = {Op.CREATE, Op.REOPEN}
    chosen = [c for c in changes.changes if c in mine or (c.op in created and c.uid in epics)]
    there = {t.uid for t in changes.present} | {c.uid for c in chosen if c.op is Op.CREATE}
    kept = []
    for change in chosen:
        if change.op is Op.LINK:
            present, wanted = (tuple(side or ()) for side in change.fields["needs"])
            possible = tuple(n for n in wanted if n in there or n in present)
            if possible != present:
                kept.append(replace(change, fields={"needs": (present, possible)}))
        else:
            kept.append(change)
    return ChangeSet(tuple(kept), changes.present, changes.managed)


def check_guard(changes: ChangeSet, *, is_remote: bool) -> None:
    """Refuse changes that look like a mistake.

    Raises:
        Conflict: more than ten tickets, and more than 30 % of all, would be closed; in a remote
            tracker, closed or changed.
    """
    if swept := changes.swept(updates=is_remote):
        what = "change or close" if is_remote else "close"
        raise Conflict(
            f"this would {what} {swept} of {changes.managed} tickets, more than 30 %",
            fix="Look at `maturity-planner diff`; if it is meant, add --force.",
        )


def changes_data(
    tracker: Tracker, changes: ChangeSet, steps: Sequence[Step] | None = None
) -> dict[str, Any]:
    """Return the result of `diff` and `sync` for JSON; `output_shapes` holds its schema."""
    outcomes = steps if steps is not None else [Step(c, c.remote) for c in changes.changes]
    return {
        "tracker": tracker.kind,
        "target": tracker.target,
        "changes": [
            {
                "op": step.change.op.value,
                "kind": step.change.kind.value,
                "uid": step.change.uid,
                "title": step.change.title,
                "remote": step.remote,
                "fields": {
                    name: [_plain(v) for v in pair] for name, pair in step.change.fields.items()
                },
                "why": step.change.why,
                "applied": step.is_applied,
                "error": step.error or None,
            }
            for step in outcomes
        ],
        "counts": changes.counts,
        "fingerprint": changes.fingerprint,
    }


def _plain(value: Value | None) -> Any:
    return list(value) if isinstance(value, tuple) else value
