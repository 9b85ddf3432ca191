"""Wanted minus present: which tickets to create, update, link, close and reopen, and why not.

A field is merged three ways, with what we wrote last as the base: a text that a person has
edited since stays as it is, and of a set only our own additions are ever taken back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .tickets import SETS, Digest, Kind, Present, State, Ticket, Uid, Value, digest

GUARDED = 10
GUARD_PERCENT = 30


_CLOSED = {
    State.DONE: "done, but not in the assessment: `track --accept` it, or open it again",
    State.NOT_DONE: "closed by a person, but planned: open it again, or waive the item",
}


class Op(StrEnum):
    """What happens to a ticket; `keep` says that a person's edit stands in the way."""

    CREATE = "create"
    UPDATE = "update"
    CLOSE = "close"
    REOPEN = "reopen"
    LINK = "link"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Change:
    """One step. `fields` maps a name to what is present and what is wanted."""

    op: Op
    kind: Kind
    uid: Uid
    title: str
    remote: str | None
    fields: Mapping[str, tuple[Value | None, Value]] = field(default_factory=dict)
    why: str = ""
    ticket: Ticket | None = None
    present: Present | None = None

    @property
    def is_completion(self) -> bool:
        """Whether it only writes what the ticket never held: its creation was cut short."""
        base = self.present.base if self.present else {}
        return self.op is Op.UPDATE and not any(name in base for name in self.fields)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The steps in the order in which they have to be made."""

    changes: tuple[Change, ...]
    present: tuple[Present, ...]
    managed: int

    @property
    def pending(self) -> tuple[Change, ...]:
        """The steps that write something."""
        return tuple(change for change in self.changes if change.op is not Op.KEEP)

    @property
    def counts(self) -> dict[str, int]:
        """How many steps of each kind, in a fixed order."""
        return {op.value: sum(change.op is op for change in self.changes) for op in Op}

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that name exactly these steps."""
        steps = [
            [c.op, c.uid, c.remote, {k: list(v) for k, v in c.fields.items()}] for c in self.pending
        ]
        return hashlib.sha256(json.dumps(steps, sort_keys=True).encode()).hexdigest()[:12]

    def swept(self, *, updates: bool = False) -> int:
        """Return how many tickets would be closed if they are so many that it looks like a mistake.

        With `updates` those that would be changed count as well. 0 when they are few.
        """
        ops = (Op.CLOSE, Op.UPDATE) if updates else (Op.CLOSE,)
        counted = (c for c in self.changes if c.op in ops and not c.is_completion)
        count = len({change.uid for change in counted})
        return count if count > GUARDED and count * 100 > self.managed * GUARD_PERCENT else 0


def compute_changes(
    wanted: Sequence[Ticket],
    present: Sequence[Present],
    *,
    force: bool = False,
    digest: Digest = digest,
    unfinished: Collection[str] = (),
) -> ChangeSet:
    """Return the steps that bring the tracker in line with the wanted tickets.

    `wanted` comes in the order of work, epics first. A ticket that a person closed stays
    closed, which is said while the assessment lacks its mode; one in progress is closed only
    with `force`. `digest` is that of the tracker: two texts are one if it is the same. Of
    `unfinished` tickets some fields were written without being remembered as ours.
    """
    there = {ticket.uid: ticket for ticket in present}
    creates: list[Change] = []
    reopened: list[Change] = []
    updates: list[Change] = []
    links: list[Change] = []
    kept: list[Change] = []
    known: set[Uid] = set(there)
    available = {*there, *(ticket.uid for ticket in wanted if not ticket.is_settled)}
    for given in wanted:
        ticket = replace(given, needs=tuple(uid for uid in given.needs if uid in available))
        found = there.get(ticket.uid)
        if found is None:
            if ticket.is_settled:
                continue  # no ticket for work that is done
            creates.append(_create(ticket))
            if ticket.needs:
                # Right after it where possible: then at most one ticket is ever without links.
                steps = creates if known.issuperset(ticket.needs) else links
                steps.append(_link(ticket, None, (), ticket.needs))
            known.add(ticket.uid)
            continue
        if found.is_closed_by_us and not found.is_reopened:
            state = {"state": (found.state, State.OPEN)}
            reopened.append(_change(Op.REOPEN, ticket, found, state, "it is in the plan again"))
        elif found.state.is_closed:
            if found.kind is Kind.TICKET and not ticket.is_settled:
                kept.append(_change(Op.KEEP, ticket, found, {}, _CLOSED[found.state]))
            continue
        if ticket.epic and ticket.epic not in there:  # somebody deleted it, and it is made anew
            found = replace(found, base={n: v for n, v in found.base.items() if n != "epic"})
        updates += _update(ticket, found, digest, found.uid in unfinished)
        kept += _kept(ticket, found, digest)
        links += _links(ticket, found)
    closes, more_kept = _leftovers({ticket.uid for ticket in wanted}, present, force)
    ordered = (*creates, *reopened, *updates, *links, *closes, *kept, *more_kept)
    return ChangeSet(ordered, tuple(present), max(len(present), len(wanted)))


def _create(ticket: Ticket) -> Change:
    fields: dict[str, tuple[Value | None, Value]] = {
        name: (None, value) for name, value in ticket.fields().items() if value and name != "needs"
    }
    return Change(Op.CREATE, ticket.kind, ticket.uid, ticket.title, None, fields, "", ticket)


def _change(
    op: Op,
    ticket: Ticket,
    found: Present,
    fields: Mapping[str, tuple[Value | None, Value]],
    why: str = "",
) -> Change:
    return Change(op, found.kind, found.uid, found.title, found.remote, fields, why, ticket, found)


def _is_edited(name: str, found: Present, digest: Digest) -> bool:
    """Whether a person has changed the text since we wrote it."""
    return name in found.base and digest(found.fields.get(name, "")) != found.base[name]


def _differing(
    ticket: Ticket, found: Present, digest: Digest
) -> dict[str, tuple[Value | None, Value]]:
    return {
        name: (found.fields.get(name, ""), value)
        for name, value in ticket.fields().items()
        if name not in SETS and digest(found.fields.get(name, "")) != digest(value)
    }


def _update(ticket: Ticket, found: Present, digest: Digest, is_unfinished: bool) -> list[Change]:
    differing = _differing(ticket, found, digest)
    fields = {n: pair for n, pair in differing.items() if not _is_edited(n, found, digest)}
    merged = merge_set(found, "labels", ticket.labels)
    if merged != found.fields.get("labels", ()):
        fields["labels"] = (found.fields.get("labels", ()), merged)
    if is_unfinished:
        fields |= {n: p for n, p in _unremembered(ticket, found, digest).items() if n not in fields}
    why = "somebody opened it again" if found.is_reopened else ""
    return [_change(Op.UPDATE, ticket, found, fields, why)] if fields or why else []


def _unremembered(
    ticket: Ticket, found: Present, digest: Digest
) -> dict[str, tuple[Value | None, Value]]:
    """Return the fields that are as wanted, but not in our memory of what we wrote."""
    fields: dict[str, tuple[Value | None, Value]] = {}
    for name, value in ticket.fields().items():
        present, base = found.fields.get(name, ""), found.base.get(name, ())
        if name in SETS:
            is_new = any(one in present and one not in base for one in value)
        else:
            is_new = digest(present) == digest(value) != base
        if is_new:
            fields[name] = (present, tuple(present) if name in SETS else value)
    return fields


def still_due(change: Change, found: Present, digest: Digest) -> Change | None:
    """Return what is left of a change after the tracker was read again; None for nothing.

    What people did meanwhile wins as it would have before.
    """
    if change.op in (Op.CLOSE, Op.REOPEN):
        is_begun = found.state is State.IN_PROGRESS and change.present != found
        was_begun = change.present is not None and change.present.state is State.IN_PROGRESS
        if change.op is Op.CLOSE and (found.state.is_closed or (is_begun and not was_begun)):
            return None
        return None if change.op is Op.REOPEN and not found.is_closed_by_us else change
    fields: dict[str, tuple[Value | None, Value]] = {}
    for name, (_, wanted) in change.fields.items():
        present = found.fields.get(name, "")
        if name in SETS and change.ticket:
            ours = change.ticket.fields()[name]
            assert isinstance(ours, tuple)
            fields[name] = (present, merge_set(found, name, ours))
        elif digest(present) == digest(wanted) or not _is_edited(name, found, digest):
            # As wanted, but not remembered: what wrote it was cut short before it could note it.
            fields[name] = (present, wanted)
    return replace(change, fields=fields, present=found) if fields else None


def _kept(ticket: Ticket, found: Present, digest: Digest) -> list[Change]:
    differing = _differing(ticket, found, digest)
    fields = {n: pair for n, pair in differing.items() if _is_edited(n, found, digest)}
    return [_change(Op.KEEP, ticket, found, fields, "edited by a person")] if fields else []


def merge_set(found: Present, name: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the set after adding what we newly want and taking back what we no longer want."""
    base = set(found.base.get(name, ()))
    present = tuple(found.fields.get(name, ()))
    kept = tuple(value for value in present if value not in base or value in wanted)
    return kept + tuple(value for value in wanted if value not in base and value not in present)


def _links(ticket: Ticket, found: Present) -> list[Change]:
    merged = merge_set(found, "needs", ticket.needs)
    present = tuple(found.fields.get("needs", ()))
    return [] if merged == present else [_link(ticket, found, present, merged)]


def _link(
    ticket: Ticket, found: Present | None, present: tuple[str, ...], wanted: tuple[str, ...]
) -> Change:
    remote = found.remote if found else None
    fields: dict[str, tuple[Value | None, Value]] = {"needs": (present, wanted)}
    return Change(Op.LINK, ticket.kind, ticket.uid, ticket.title, remote, fields, "", ticket, found)


def _leftovers(
    wanted: set[Uid], present: Sequence[Present], force: bool
) -> tuple[list[Change], list[Change]]:
    """Return what to close because it left the plan, and what stays although it did."""
    closes: list[Change] = []
    kept: list[Change] = []
    with_done_work = {
        str(ticket.fields.get("epic", "")) for ticket in present if ticket.state is State.DONE
    }
    with_kept_work = {
        str(ticket.fields.get("epic", ""))
        for ticket in present
        if ticket.state is State.IN_PROGRESS and ticket.uid not in wanted and not force
    }
    for found in present:
        if found.uid in wanted or found.state.is_closed:
            continue
        state, why = State.NOT_DONE, "it left the plan"
        if found.kind is Kind.EPIC and found.uid in with_done_work:
            state, why = State.DONE, "its tickets are done or left the plan"
        op = Op.CLOSE
        if found.state is State.IN_PROGRESS and not force:
            op, why = Op.KEEP, f"{why}, but somebody is working on it; --force closes it"
        elif found.is_reopened and not force:
            op, why = Op.KEEP, f"{why}, but somebody opened it again; --force closes it"
        elif found.uid in with_kept_work:
            op, why = Op.KEEP, "the plan left it, but somebody is working on a ticket of it"
        change = Change(
            op,
            found.kind,
            found.uid,
            found.title,
            found.remote,
            {"state": (found.state, state)},
            why,
            present=found,
        )
        (closes if op is Op.CLOSE else kept).append(change)
    return closes, kept
