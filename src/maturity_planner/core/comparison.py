"""A score then and now: which sections moved, and the answers and waivers that moved them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .record import Facts, as_recorded
from .rubric import NONE, Item, Rubric
from .score import UNIT, Score


@dataclass(frozen=True, slots=True)
class SectionMove:
    """A section's score then and now; None: it was, or is, not in the rubric."""

    section: str
    title: str
    before: Fraction | None
    now: Fraction | None

    @property
    def change(self) -> Fraction | None:
        """How far it moved."""
        return None if self.before is None or self.now is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class ItemMove:
    """An item whose mode or waiver changed, and by how much its points did.

    `points` is None where today's rubric cannot tell: it has no such item or mode. `waiver` is
    "given" or "ended" when that changed.
    """

    item: str
    section: str | None
    before: str
    now: str | None
    points: Fraction | None
    waiver: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The score now against an earlier one; `items` is None where no answers are on record."""

    before: Fraction
    now: Fraction
    sections: tuple[SectionMove, ...]
    items: tuple[ItemMove, ...] | None
    is_other_rubric: bool

    @property
    def change(self) -> Fraction:
        """How far the score moved."""
        return self.now - self.before


def compare(
    rubric: Rubric,
    score: Score,
    now: Facts,
    before_score: Fraction,
    before_sections: Mapping[str, Fraction],
    before: Facts | None,
) -> Comparison:
    """Return what has changed since an earlier score; points are those of today's rubric."""
    sections = {
        str(part.section.id): (part.section.title, as_recorded(part.score))
        for part in score.sections
    }
    then = {section: as_recorded(value) for section, value in before_sections.items()}
    gone = {section: (section, None) for section in then if section not in sections}
    return Comparison(
        before=as_recorded(before_score),
        now=as_recorded(score.score),
        sections=tuple(
            SectionMove(section, title, then.get(section), value)
            for section, (title, value) in {**sections, **gone}.items()
        ),
        items=None if before is None else _moved(rubric, before, now),
        is_other_rubric=before is not None and before.rubric != now.rubric,
    )


def _moved(rubric: Rubric, before: Facts, now: Facts) -> tuple[ItemMove, ...]:
    """Return the items that changed, in the order of the rubric, then those it has no longer."""
    moves = []
    for item in rubric.items.values():
        old, new = before.modes.get(item.id, NONE), now.modes.get(item.id, NONE)
        was, is_ = item.id in before.waivers, item.id in now.waivers
        if (old, was) != (new, is_):
            old_points = _points(item, old, is_waived=was)
            new_points = _points(item, new, is_waived=is_)
            change = None if old_points is None or new_points is None else new_points - old_points
            waiver = "" if was == is_ else "given" if is_ else "ended"
            moves.append(ItemMove(item.id, item.section, old, new, change, waiver))
    gone = (item for item in before.modes if item not in rubric.items)
    return (*moves, *(ItemMove(item, None, before.modes[item], None, None) for item in gone))


def _points(item: Item, mode: str, *, is_waived: bool) -> Fraction | None:
    if is_waived or mode == NONE:
        return Fraction(0)
    known = {str(one): one for one in item.modes}
    return Fraction(item.points(known[mode]), UNIT) if mode in known else None
