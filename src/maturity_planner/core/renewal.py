"""Evidence ages: what was shown by hand has to be shown again, or its points lapse.

The score itself follows from the answers alone (docs/files.md). What age does to it is told
beside it: the score if nothing is renewed.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .assessment import Assessment
from .plan import Standing
from .quantity import Cents
from .rubric import NONE, Item, ModeId, Rubric
from .score import modes_today, score_modes

MONTHS = 3
"""Months of a quarter."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """An answer whose evidence is older than its review period.

    `due` is the last day of that period, `until` the last one of the grace after it.
    """

    item: Item
    mode: ModeId
    shown_on: date
    due: date
    until: date
    has_lapsed: bool
    effort: Cents


def quarters_later(day: date, quarters: int) -> date:
    """Return the same day so many quarters later, or the last one of a shorter month.

    >>> quarters_later(date(2026, 11, 30), 1), quarters_later(date(9999, 12, 1), 1)
    (datetime.date(2027, 2, 28), datetime.date(9999, 12, 31))
    """
    years, month = divmod(day.year * 12 + day.month - 1 + MONTHS * quarters, 12)
    if years > date.max.year:
        return date.max
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def find_lapses(
    rubric: Rubric, assessment: Assessment, today: date, grace: int
) -> tuple[Lapse, ...]:
    """Return the answers whose evidence is too old, in the order of the rubric.

    Evidence is as old as its answer's date, else the assessment's; without either its age is not
    known and nothing lapses. Renewing one costs its upkeep of a quarter. A waived item has none.
    """
    found = []
    for item, mode, quarters in _ageing(rubric, assessment):
        shown_on = assessment.shown_on(item.id)
        if shown_on is None:
            continue
        due = quarters_later(shown_on, quarters)
        if due < today:
            until = quarters_later(due, grace)
            effort = assessment.upkeep(item, mode)
            found.append(Lapse(item, mode, shown_on, due, until, until < today, effort))
    return tuple(found)


def find_ageless(rubric: Rubric, assessment: Assessment) -> tuple[Item, ...]:
    """Return the items whose evidence would age if anything said when it was shown."""
    ageing = _ageing(rubric, assessment)
    return tuple(item for item, _, _ in ageing if assessment.shown_on(item.id) is None)


def find_early(rubric: Rubric, assessment: Assessment, today: date) -> tuple[Item, ...]:
    """Return the items that are answered with evidence of a day after today."""
    return tuple(
        item
        for item in rubric.items.values()
        if assessment.mode(item) != NONE and (assessment.shown_on(item.id) or today) > today
    )


def _ageing(rubric: Rubric, assessment: Assessment) -> Iterator[tuple[Item, ModeId, int]]:
    """Yield the answers whose evidence has to be shown again, and after how many quarters."""
    for item in rubric.items.values():
        mode = assessment.mode(item)
        quarters = 0 if mode == NONE else item.modes[mode].review_quarters
        if quarters and item.id not in assessment.waivers:
            yield item, mode, quarters


def if_not_renewed(rubric: Rubric, assessment: Assessment, lapses: Iterable[Lapse]) -> Standing:
    """Return where the system stands when what has lapsed counts as `none`."""
    lapsed = {lapse.item.id: NONE for lapse in lapses if lapse.has_lapsed}
    modes = modes_today(rubric, assessment) | lapsed
    return Standing(*score_modes(rubric, modes, assessment.waivers.keys()))
