"""Closed tickets into proposed answers: the way back from the tracker to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .assessment import Assessment
from .rubric import NONE, Item, ItemId, ModeId, ModeRef, Rubric
from .tickets import Kind, Present, State


@dataclass(frozen=True, slots=True)
class Tracked:
    """A ticket with the upgrade that it stands for."""

    present: Present
    item: Item
    to_mode: ModeId


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggested change of an answer, and what shows it.

    `evidence` is added to the answer, or, for a ticket that was opened again, taken back.
    """

    item: Item
    from_mode: ModeId
    to_mode: ModeId
    because: str
    remote: str
    evidence: str
    is_taken_back: bool = False

    @property
    def ref(self) -> ModeRef:
        """ITEM@MODE after the proposal."""
        return ModeRef(self.item.id, self.to_mode)


def evidence_of(present: Present, before: ModeId) -> str:
    """Return the evidence that a done ticket gives; it remembers the mode of before."""
    closed = f" on {present.closed_on}" if present.closed_on else ""
    return f"{present.reference}, done{closed}, was {before}"


def _before(text: str, present: Present) -> ModeId | None:
    """Return the mode of before that evidence of this very ticket remembers."""
    is_mine = text.startswith(f"{present.reference}, done")
    return ModeId(text.rpartition(", was ")[2]) if is_mine and ", was " in text else None


def tracked_tickets(rubric: Rubric, present: Sequence[Present]) -> tuple[Tracked, ...]:
    """Return the tickets whose item and mode the rubric knows, in rubric order."""
    found = []
    for ticket in present:
        parts = ticket.uid.split(".")
        if ticket.kind is Kind.EPIC or len(parts) != 3:
            continue
        item = rubric.items.get(ItemId(parts[1]))
        if item is not None and parts[2] in item.modes:
            found.append(Tracked(ticket, item, ModeId(parts[2])))
    return tuple(sorted(found, key=lambda t: (t.item.position, t.item.rank(t.to_mode))))


def propose(assessment: Assessment, tracked: Sequence[Tracked]) -> tuple[Proposal, ...]:
    """Return the changes of answers that the tickets' states suggest.

    Done proposes the mode that the ticket stands for, unless the item is there already, or the
    ticket is its evidence: then it was accepted and a person has lowered the answer since. A ticket
    that was accepted as evidence and is no longer done proposes the mode of before. Closed in
    any other way proposes nothing.
    """
    highest: dict[ItemId, Proposal] = {}
    for ticket in tracked:
        item, present = ticket.item, ticket.present
        mode = assessment.mode(item)
        answer = assessment.answers.get(item.id)
        mine = [e for e in (answer.evidence if answer else ()) if _before(e, present)]
        if present.state is State.DONE:
            if item.rank(ticket.to_mode) > item.rank(mode) and not mine:
                because = f"{present.reference} is done"
                highest[item.id] = Proposal(
                    item, mode, ticket.to_mode, because, present.remote, evidence_of(present, mode)
                )
        elif mine and mode == ticket.to_mode and item.id not in highest:
            remembered = _before(mine[0], present)
            before = remembered if remembered and remembered in item.modes else NONE
            state = "closed without being done" if present.state.is_closed else "open again"
            highest[item.id] = Proposal(
                item,
                mode,
                before,
                f"{present.reference} is {state}",
                present.remote,
                mine[0],
                is_taken_back=True,
            )
    return tuple(highest.values())
