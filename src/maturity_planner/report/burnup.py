"""Points over time: what was recorded against what plan and roadmap expect.

The amount is the sum of the sections' scores: the overall score of a rubric that takes the lowest
section stands still until the last piece is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ..core.assessment import Assessment
from ..core.plan import Upgrade
from ..core.rubric import Rubric
from ..core.score import modes_today, score_modes, section_score
from .past import Recorded

Series = tuple[tuple[date, Fraction], ...]


class BurnUp(NamedTuple):
    """Two series of day and points: `planned` from the roadmap, `done` from history and today."""

    planned: Series
    done: Series


def burn_up(
    rubric: Rubric,
    assessment: Assessment,
    dated: Sequence[tuple[date, Upgrade]],
    start: date,
    past: Sequence[Recorded],
    today: date,
) -> BurnUp:
    """Return the burn-up; the plan's series starts from the modes that the plan started from."""
    modes = modes_today(rubric, assessment)
    for _, upgrade in dated:
        modes[upgrade.item.id] = upgrade.from_mode
    waived = assessment.waivers.keys()

    def points() -> dict[str, Fraction]:
        return score_modes(rubric, modes, waived)[1]

    sections = {section.id: section for section in rubric.sections}
    scores = points()
    total = sum(scores.values(), Fraction())
    planned = {start: total}
    for end, upgrade in sorted(dated, key=lambda pair: (pair[0], pair[1].item.position)):
        modes[upgrade.item.id] = upgrade.to_mode
        section = sections[upgrade.item.section]  # no other score moves
        before = scores[section.id]
        scores[section.id] = section_score(rubric, section, modes, waived)
        total += scores[section.id] - before
        planned[end] = total
    done = {
        record.when.date(): sum(record.standing.sections.values(), Fraction())
        for record in past
        if record.standing.sections.keys() == sections.keys() and record.when.date() <= today
    }
    modes = modes_today(rubric, assessment)
    done[today] = sum(points().values(), Fraction())
    return BurnUp(tuple(planned.items()), tuple(sorted(done.items())))
