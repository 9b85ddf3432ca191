"""Read the tracker, compute the changes, apply them one by one.

Every step can be the last one: a run that was cut short is continued by the next, because each
ticket carries its identity and what we last wrote.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .core.assessment import Assessment
from .core.backlog import backlog
from .core.changes import Change, ChangeSet, Op, compute_changes
from .core.rubric import ItemId, Rubric
from .core.tickets import Kind, Present, State, Ticket, Uid, Value, base_of
from .errors import Conflict, TrackerError
from .plans import PlanOnFile
from .rendering import Renderer
from .trackers.base import Tracker


@dataclass(frozen=True, slots=True)
class Step:
    """A change with its outcome. `error` is empty when it was applied."""

    change: Change
    remote: str | None = None
    is_applied: bool = False
    error: str = ""


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
) -> ChangeSet:
    """Return what would bring the tracker in line with the plan.

    `only` keeps the changes of one item's ticket and of the epic that a new one needs.

    Raises:
        TrackerError: the tracker cannot be read completely.
    """
    changes = compute_changes(wanted, tracker.read(plan.id), force=force)
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
            if possible == present:
                continue
            change = replace(change, fields={"needs": (present, possible)})  # noqa: PLW2901
        kept.append(change)
    return ChangeSet(tuple(kept), changes.present, changes.managed)


def check_guard(changes: ChangeSet) -> None:
    """Refuse changes that look like a mistake.

    Raises:
        Conflict: more than ten tickets, and more than 30 % of all, would be closed.
    """
    if changes.is_sweeping:
        raise Conflict(
            f"this would close {changes.counts['close']} of {changes.managed} tickets, "
            "more than 30 %",
            fix="Look at `maturity-planner diff`; if it is meant, add --force.",
        )


def apply(
    tracker: Tracker, plan: str, changes: ChangeSet, now: datetime.datetime
) -> Iterator[Step]:
    """Apply the changes in order and yield each with its outcome.

    After a failure nothing more is tried: what depends on it could not succeed.
    """
    if not changes.pending:
        yield from (Step(change, change.remote) for change in changes.changes)
        return
    tracker.prepare(plan)
    there: dict[Uid, Present] = {ticket.uid: ticket for ticket in changes.present}
    failed = ""
    for change in changes.changes:
        if change.op is Op.KEEP:
            yield Step(change, change.remote)
            continue
        if failed:
            yield Step(change, change.remote, error="not tried after the failure before it")
            continue
        try:
            _apply_one(tracker, change, there, now)
        except TrackerError as error:
            failed = error.message
            yield Step(change, change.remote, error=failed)
            continue
        yield Step(change, there[change.uid].remote, is_applied=True)


def _apply_one(
    tracker: Tracker, change: Change, there: dict[Uid, Present], now: datetime.datetime
) -> None:
    remotes = {uid: present.remote for uid, present in there.items()}
    values: dict[str, Value] = {name: pair[1] for name, pair in change.fields.items()}
    match change.op:
        case Op.CREATE:
            assert change.ticket is not None
            there[change.uid] = tracker.create(change.ticket, remotes, now)
        case Op.UPDATE | Op.LINK:
            assert change.ticket is not None
            ours = change.ticket.fields()
            base = base_of({name: ours[name] for name in values})
            if change.op is Op.LINK:
                # What was not written now and not before is still to come (see `_of_item`).
                known = (*values["needs"], *there[change.uid].base.get("needs", ()))
                base["needs"] = tuple(need for need in base["needs"] if need in known)
            tracker.update(there[change.uid], values, base, remotes)
        case Op.CLOSE:
            comment = f"Closed by maturity-planner: {change.why}."
            tracker.close(there[change.uid], State(str(values["state"])), comment, now)
        case Op.REOPEN:
            comment = f"Opened again by maturity-planner: {change.why}."
            tracker.reopen(there[change.uid], comment, now)


def changes_data(
    tracker: Tracker, changes: ChangeSet, steps: Sequence[Step] | None = None
) -> dict[str, Any]:
    """Return the result of `diff` and `sync` for JSON (contract, section 4)."""
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
