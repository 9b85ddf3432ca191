"""From answers to a score: items into sections, sections into one number, the number into a band.

docs/glossary.md has the rules at its end. ML Test Score is sum and minimum (Breck et al.
2017, section VI), the staged models are levels and minimum.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

from .assessment import Assessment
from .quantity import POINT
from .rubric import Band, Item, ItemId, ModeId, OverallRule, Rubric, Section, SectionRule, is_met

UNIT = POINT * POINT
"""Weight x points comes in units of 1e-8."""

Modes = Mapping[ItemId, ModeId]
Waived = Set[ItemId]


@dataclass(frozen=True, slots=True)
class NextLevel:
    """How many of the criteria that count for a section's next level are met."""

    level: int
    met: int
    total: int


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A section's score, what it could reach with every item at its top mode, and its part.

    `next_level` is None for sums, and for a section at its highest level.
    """

    section: Section
    score: Fraction
    at_most: Fraction
    sets_score: bool
    next_level: NextLevel | None


@dataclass(frozen=True, slots=True)
class ItemScore:
    """An item's mode today and the points it brings."""

    item: Item
    mode: ModeId
    points: Fraction
    is_answered: bool
    is_waived: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Where a system stands. `at_best`: the score if every unanswered item were at its top."""

    score: Fraction
    at_best: Fraction
    band: Band | None
    sections: tuple[SectionScore, ...]
    items: tuple[ItemScore, ...]

    @property
    def unanswered(self) -> tuple[Item, ...]:
        """The items that nobody has answered, waived ones left out."""
        return tuple(i.item for i in self.items if not i.is_answered and not i.is_waived)


def modes_today(rubric: Rubric, assessment: Assessment) -> dict[ItemId, ModeId]:
    """Return each item's mode; `none` where nobody has answered."""
    return {item.id: assessment.mode(item) for item in rubric.items.values()}


def section_score(rubric: Rubric, section: Section, modes: Modes, waived: Waived) -> Fraction:
    """Return the section's score under the rubric's section rule.

    `sum`: weight x points of its items; a waived item scores 0. `levels`: the highest level of
    the rubric whose criteria, and those of all lower levels, are at their top mode; 0 when not
    even the lowest one is. Optional and waived items do not count there.
    """
    if rubric.section_rule is SectionRule.SUM:
        units = sum(i.points(modes[i.id]) for i in section.items if i.id not in waived)
        return Fraction(units, UNIT)
    unmet = [c.level or 0 for c in criteria(section, waived) if modes[c.id] != c.top.id]
    passed = [level for level in rubric.levels if not unmet or level < min(unmet)]
    return Fraction(passed[-1] if passed else 0)


def lowered_score(
    rubric: Rubric, item: Item, mode: ModeId, lower: ModeId, score: Fraction
) -> Fraction:
    """Return what a section score becomes when one item, not waived, goes back to a lower mode."""
    if rubric.section_rule is SectionRule.SUM:
        return score - Fraction(item.points(mode) - item.points(lower), UNIT)
    if item.optional or mode != item.top.id:
        return score
    passed = [level for level in rubric.levels if level < (item.level or 0)]
    return min(score, Fraction(passed[-1] if passed else 0))


def criteria(section: Section, waived: Waived) -> tuple[Item, ...]:
    """Return the items that count for a section's level."""
    return tuple(i for i in section.items if not i.optional and i.id not in waived)


def next_level(rubric: Rubric, section: Section, modes: Modes, waived: Waived) -> NextLevel | None:
    """Return how far the section is on its way to the lowest level that it has not reached."""
    counted = criteria(section, waived)
    unmet = [c.level or 0 for c in counted if modes[c.id] != c.top.id]
    if rubric.section_rule is SectionRule.SUM or not unmet:
        return None
    level = min(unmet)
    mine = [c for c in counted if c.level == level]
    return NextLevel(level, sum(modes[c.id] == c.top.id for c in mine), len(mine))


def overall_score(rubric: Rubric, scores: Mapping[str, Fraction]) -> Fraction:
    """Return the lowest section score, or the mean of all weighted by the sections' weights."""
    if rubric.overall_rule is OverallRule.MINIMUM:
        return min(scores.values())
    total = sum(section.weight for section in rubric.sections)
    weighted = sum((section.weight * scores[section.id] for section in rubric.sections), Fraction())
    return weighted / total


def score_modes(
    rubric: Rubric, modes: Modes, waived: Waived
) -> tuple[Fraction, dict[str, Fraction]]:
    """Return the overall score and the score of each section."""
    scores: dict[str, Fraction] = {
        section.id: section_score(rubric, section, modes, waived) for section in rubric.sections
    }
    return overall_score(rubric, scores), scores


def band_of(rubric: Rubric, score: Fraction) -> Band | None:
    """Return the band that the score lies in; `up_to` is a closed bound. None without bands."""
    return next((b for b in rubric.bands if b.up_to is None or score <= b.up_to), None)


def score_assessment(rubric: Rubric, assessment: Assessment) -> Score:
    """Return the score with what makes it up."""
    modes = modes_today(rubric, assessment)
    waived = assessment.waivers.keys()
    overall, scores = score_modes(rubric, modes, waived)
    top = {item.id: item.top.id for item in rubric.items.values()}
    hopeful = {
        item.id: modes[item.id] if assessment.is_answered(item) else top[item.id]
        for item in rubric.items.values()
    }
    at_best, _ = score_modes(rubric, hopeful, waived)
    _, at_most = score_modes(rubric, top, waived)
    by_minimum = rubric.overall_rule is OverallRule.MINIMUM
    return Score(
        score=overall,
        at_best=at_best,
        band=band_of(rubric, overall),
        sections=tuple(
            SectionScore(
                section,
                scores[section.id],
                at_most[section.id],
                scores[section.id] == overall if by_minimum else section.weight > 0,
                next_level(rubric, section, modes, waived),
            )
            for section in rubric.sections
        ),
        items=tuple(
            ItemScore(
                item,
                modes[item.id],
                Fraction(0 if item.id in waived else item.points(modes[item.id]), UNIT),
                assessment.is_answered(item),
                item.id in waived,
            )
            for item in rubric.items.values()
        ),
    )


def unmet_needs(rubric: Rubric, assessment: Assessment) -> list[str]:
    """Return a sentence for each claim whose needs are not met."""
    modes = modes_today(rubric, assessment)
    return [
        f"{item.id} is claimed {modes[item.id]}, but its need {need} is not met."
        for item in rubric.items.values()
        for need in item.needs(modes[item.id])
        if need.hard and not is_met(need, modes, rubric)
    ]
