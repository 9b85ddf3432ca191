"""What a foreign file says of items of ours, and what of it is new to an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..core.assessment import Answer
from ..core.rubric import ItemId, ModeId

Day = date  # the classes below have attributes of the name


@dataclass(frozen=True, slots=True)
class Claim:
    """How an item is done, as somebody else's file has it.

    Evidence that starts with `replaces` is what an earlier file of the same kind has said.
    """

    item: ItemId
    mode: ModeId
    evidence: tuple[str, ...] = ()
    note: str = ""
    date: Day | None = None
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the file that says nothing for the assessment, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Claims:
    """All that a file says, in its order, and what is left out of it."""

    claims: tuple[Claim, ...]
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What a claim changes: the mode (None: nobody had answered), evidence, note and date."""

    item: ItemId
    before: ModeId | None
    mode: ModeId
    added: tuple[str, ...]
    removed: tuple[str, ...]
    note: str
    date: Day | None


def find_changes(
    claims: Sequence[Claim], answers: Mapping[ItemId, Answer]
) -> tuple[NewAnswer, ...]:
    """Return what the claims change in the answers; one that says the same changes nothing.

    Evidence, notes and dates that only the assessment has stay there.
    """
    return tuple(
        change
        for claim in claims
        if (change := _change(claim, answers.get(claim.item, Answer(None)))) is not None
    )


def _change(claim: Claim, answer: Answer) -> NewAnswer | None:
    present = answer.evidence
    # An export writes several pieces into one cell.
    is_same = claim.evidence == present or "; ".join(claim.evidence) == "; ".join(present)
    added = () if is_same else tuple(text for text in claim.evidence if text not in present)
    old = (text for text in present if claim.replaces and text.startswith(claim.replaces))
    removed = tuple(text for text in old if text not in claim.evidence)
    note = claim.note if claim.note != answer.note else ""
    day = claim.date if claim.date != answer.date else None
    if claim.mode == answer.mode and not (added or removed or note or day):
        return None
    return NewAnswer(claim.item, answer.mode, claim.mode, added, removed, note, day)
