"""What a roadmap brings by the end of each quarter: the exact score of what is finished by then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .assessment import Assessment
from .calendar import quarters_of
from .plan import Standing, Upgrade
from .rubric import ModeRef, Rubric
from .score import modes_today, score_modes

if TYPE_CHECKING:
    from .roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class QuarterEnd:
    """The end of a quarter: the upgrades that are finished in it, and where the system stands."""

    id: str
    end: date
    standing: Standing
    upgrades: tuple[ModeRef, ...]


def standing_after(
    rubric: Rubric, assessment: Assessment, upgrades: Iterable[Upgrade] = ()
) -> Standing:
    """Return where the system stands when these upgrades are done; nothing is moved down."""
    modes = modes_today(rubric, assessment)
    for upgrade in upgrades:
        item = upgrade.item
        if item.rank(upgrade.to_mode) > item.rank(modes[item.id]):
            modes[item.id] = upgrade.to_mode
    return Standing(*score_modes(rubric, modes, assessment.waivers.keys()))


def quarter_ends(
    rubric: Rubric, assessment: Assessment, roadmap: Roadmap
) -> tuple[QuarterEnd, ...]:
    """Return every quarter from the start to the last day, or to the end that was asked for.

    An upgrade brings its points when it is finished: one that ends in April counts for nothing in
    the first quarter. Waivers are those of today.
    """
    start = roadmap.window.start
    last = max(start, roadmap.window.end or start, roadmap.last_day or start)
    found: list[QuarterEnd] = []
    for name, end in quarters_of(start, last):
        done = [placed for placed in roadmap.activities if placed.end <= end]
        mine = tuple(p.ref for p in done if not found or p.end > found[-1].end)
        standing = standing_after(rubric, assessment, [p.activity.upgrade for p in done])
        found.append(QuarterEnd(name, end, standing, mine))
    return tuple(found)
