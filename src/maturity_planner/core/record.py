"""What is remembered of a score: what it was computed from, and why it is another one now."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from .assessment import Assessment
from .quantity import plain
from .rubric import NONE, Item, Rubric
from .score import Score

if TYPE_CHECKING:
    from .lineage import History

MOST_NAMED = 3
"""Answers that a cause names; all of them stand among the facts of the record."""

MERGED = "histories merged"
"""How the cause of a record starts that brings branches together, or stands on one of them."""

Change = tuple[str | None, str | None]
"""The mode before (None: no record says) and now (None: the rubric has no such item)."""


@dataclass(frozen=True, slots=True)
class RubricMark:
    """Which rubric it was; the digest covers all of it that a score depends on."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a score follows from. Items that are not among the modes are at `none`."""

    system: str
    rubric: RubricMark
    modes: Mapping[str, str]
    waivers: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Record:
    """A recorded score, and the answers that changed since the one before.

    `facts` is None for what earlier versions recorded: only the score and a cause. `beside`
    holds the ids of the other rubrics of the same assessment: their records are no part of this
    one's past. `after` names the records that this one was made after, the one that its answers
    changed from first; None where the line does not say. `parents` are those, `before` is the one
    to compare with: None where there is none, or nobody knows which.
    """

    when: datetime
    score: Fraction
    sections: Mapping[str, Fraction]
    cause: str
    answers: Mapping[str, Change]
    facts: Facts | None
    beside: tuple[str, ...] = ()
    after: tuple[str, ...] | None = None
    id: str = ""
    parents: tuple[Record, ...] = field(default=(), compare=False, repr=False)
    before: Record | None = field(default=None, compare=False, repr=False)

    def is_past_of(self, rubric: str, beside: Collection[str]) -> bool:
        """Return whether this is comparable with a later score of the rubric, beside others."""
        mine = self.facts.rubric.id if self.facts else rubric
        return mine == rubric or not (mine in beside or rubric in self.beside)


def as_recorded(score: Fraction) -> Fraction:
    """Return the score as it reads in a record, so that equal ones compare equal.

    >>> as_recorded(Fraction(3, 2)), as_recorded(Fraction(2, 3)) == Fraction(2, 3)
    (Fraction(3, 2), False)
    """
    return Fraction(str(plain(score)))


def rubric_mark(rubric: Rubric) -> RubricMark:
    """Return which rubric this is; titles, efforts and needs are no part of the digest."""
    parts = [
        (rubric.section_rule.value, rubric.overall_rule.value),
        *((section.id, section.weight) for section in rubric.sections),
        *(
            (i.section, i.id, i.level, i.optional, i.weight, *_points(i))
            for i in rubric.items.values()
        ),
    ]
    text = "\n".join(" ".join(map(str, part)) for part in parts)
    return RubricMark(rubric.id, rubric.version, hashlib.sha256(text.encode()).hexdigest()[:12])


def _points(item: Item) -> Iterator[str]:
    return (f"{mode.id}={mode.points}" for mode in item.modes.values())


def facts_of(rubric: Rubric, assessment: Assessment) -> Facts:
    """Return what the score of this assessment follows from."""
    modes = {item.id: assessment.mode(item) for item in rubric.items.values()}
    return Facts(
        assessment.system,
        rubric_mark(rubric),
        {item: mode for item, mode in modes.items() if mode != NONE},
        {item: waiver.until for item, waiver in assessment.waivers.items()},
    )


def changed_answers(before: Facts | None, now: Facts, rubric: Rubric) -> dict[str, Change]:
    """Return the answers that differ, in the order of the rubric, then those of other items."""
    if before is None:
        return {item: (None, mode) for item, mode in now.modes.items()}
    changed: dict[str, Change] = {}
    for item in [*rubric.items, *(item for item in before.modes if item not in rubric.items)]:
        old = before.modes.get(item, NONE)
        new = now.modes.get(item, NONE) if item in rubric.items else None
        if old != new:
            changed[item] = (old, new)
    return changed


def follow(before: Facts | None, answers: Mapping[str, Change]) -> dict[str, str]:
    """Return the modes after the changes: the way back from changes to what they led to."""
    modes = dict(before.modes) if before else {}
    for item, (_, now) in answers.items():
        if now is None or now == NONE:
            modes.pop(item, None)
        else:
            modes[item] = now
    return modes


def make_record(
    rubric: Rubric,
    assessment: Assessment,
    score: Score,
    past: History,
    when: datetime,
    *,
    accepted: str = "",
    by_accepted: Set[str] = frozenset(),
) -> Record | None:
    """Return the record of a score, or None when nothing has changed since the last one.

    `accepted` says which tickets were accepted, and changes of the items `by_accepted` follow from
    those. Where branches were merged, the record tells what it adds to the last line, and brings
    all of them together. It is never dated before the last one: lines go by time.
    """
    before, known, heads = past.last, past.known, past.heads
    facts = facts_of(rubric, assessment)
    answers = changed_answers(known, facts, rubric)
    overall = as_recorded(score.score)
    sections = {str(part.section.id): as_recorded(part.score) for part in score.sections}
    is_same = before is not None and (before.score, before.sections) == (overall, sections)
    if is_same and facts == known and not accepted and len(heads) == 1:
        return None
    causes = [accepted] if accepted else []
    state = past.facts
    if known is None or state is None:
        causes.append("first record" if before is None else "first record of the answers")
    else:
        left = changed_answers(state, facts, rubric)
        merged = {item: change for item, change in answers.items() if item not in left}
        if len(heads) > 1:
            causes.append(f"{MERGED}: {named_changes(merged)}" if merged else MERGED)
        edited = {item: change for item, change in left.items() if item not in by_accepted}
        causes += _causes(state, facts, edited, assessment)
        if not causes and before and before.facts:  # its score does not follow from its answers
            causes.append(MERGED)
    return Record(
        when=max(when, before.when) if before else when,
        score=overall,
        sections=sections,
        cause="; ".join(causes) or "computed anew",
        answers=answers,
        facts=facts,
        beside=assessment.beside,
        after=tuple(head.id for head in reversed(heads)),
    )


def _causes(
    before: Facts, now: Facts, edited: Mapping[str, Change], assessment: Assessment
) -> Iterator[str]:
    if before.system != now.system:
        yield f"another system: {before.system} -> {now.system}"
    if before.rubric != now.rubric:
        old, new = (" ".join(filter(None, [r.id, r.version])) for r in (before.rubric, now.rubric))
        yield f"rubric changed: {old} -> {new}" if old != new else f"rubric changed: {new} edited"
    if edited:
        yield f"assessment edited: {named_changes(edited)}"
    expired = {str(waiver.item): waiver.until for waiver in assessment.expired}
    for item in {**before.waivers, **now.waivers}:
        old_end, new_end = before.waivers.get(item), now.waivers.get(item)
        if old_end is None:
            yield f"waiver given: {item} until {new_end}"
        elif item in expired:
            yield f"waiver expired: {item} on {expired[item]}"
        elif new_end is None:
            yield f"waiver withdrawn: {item}"
        elif old_end != new_end:
            yield f"waiver changed: {item} until {new_end}"


def named_changes(answers: Mapping[str, Change], most: int = MOST_NAMED) -> str:
    """Return the changes for people, the first few by name.

    >>> named_changes({"a": ("none", "manual"), "b": ("manual", None)}, most=1)
    'a none -> manual and 1 more'
    """
    named = [f"{i} {old or '?'} -> {new or 'gone'}" for i, (old, new) in answers.items()]
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more
