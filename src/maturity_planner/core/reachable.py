"""Which overall scores a rubric can give at all, whatever the answers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from .rubric import OverallRule, Rubric, Section, SectionRule
from .score import UNIT, score_modes

MOST_STEPS = 200_000
"""Where more sums than this would have to be looked at, the scores are not listed."""


def highest_score(rubric: Rubric) -> Fraction:
    """Return the score with every item at its top mode."""
    top = {item.id: item.top.id for item in rubric.items.values()}
    return score_modes(rubric, top, frozenset())[0]


def reachable_scores(rubric: Rubric) -> frozenset[Fraction] | None:
    """Return every overall score that some answers give; None where there are too many.

    Under `minimum` a score of one section is the overall one when no other section is lower,
    and all others may be at their best.
    """
    found = []
    for section in rubric.sections:
        scores = _section_scores(rubric, section)
        if scores is None:
            return None
        found.append(scores)
    if rubric.overall_rule is OverallRule.MINIMUM:
        most = min(map(max, found))
        return frozenset(score for scores in found for score in scores if score <= most)
    total = sum(section.weight for section in rubric.sections)
    parts = [
        {score * section.weight / total for score in scores}
        for section, scores in zip(rubric.sections, found, strict=True)
    ]
    return _sums(parts)


def _section_scores(rubric: Rubric, section: Section) -> frozenset[Fraction] | None:
    if rubric.section_rule is SectionRule.SUM:
        units = [
            {Fraction(0), *(Fraction(item.points(mode), UNIT) for mode in item.modes)}
            for item in section.items
        ]
        return _sums(units)
    levels = rubric.levels
    lowest_unmet = {item.level for item in section.items if not item.optional}
    stops = [n for n, level in enumerate(levels) if level in lowest_unmet]
    return frozenset({Fraction(levels[-1]), *(Fraction(levels[n - 1] if n else 0) for n in stops)})


def _sums(parts: Iterable[Iterable[Fraction]]) -> frozenset[Fraction] | None:
    """Return every sum of one number of each part."""
    sums = {Fraction(0)}
    steps = 0
    for part in parts:
        choices = frozenset(part)
        steps += len(sums) * len(choices)
        if steps > MOST_STEPS:
            return None
        sums = {total + choice for total in sums for choice in choices}
    return frozenset(sums)
