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
from ..core.score import modes_today, score_modes
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

    def points() -> Fraction:
        return sum(score_modes(rubric, modes, waived)[1].values(), Fraction())

    planned = {start: points()}
    for end, upgrade in sorted(dated, key=lambda pair: (pair[0], pair[1].item.position)):
        modes[upgrade.item.id] = upgrade.to_mode
        planned[end] = points()
    known = {section.id for section in rubric.sections}
    done = {
        record.when.date(): sum(record.standing.sections.values(), Fraction())
        for record in past
        if {*record.standing.sections} == known and record.when.date() <= today
    }
    modes = modes_today(rubric, assessment)
    done[today] = points()
    return BurnUp(tuple(planned.items()), tuple(sorted(done.items())))
