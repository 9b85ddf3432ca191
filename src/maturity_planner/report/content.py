"""All that a report says, as data: every format tells the same.

What cannot be said for want of a file is `missing`, with what would make it. Tuples with names:
making a dozen dataclasses takes as long as making the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.rubric import OverallRule

if TYPE_CHECKING:
    from ..core.odds import Odds
    from ..core.plan import Standing
    from ..core.renewal import Lapse
    from ..core.rubric import ModeRef, Rubric
    from ..core.score import Score
    from .burnup import BurnUp
    from .past import Recorded


class SectionLine(NamedTuple):
    """A section's score, and what the plan makes of it; `sets_score`: it is the lowest.

    Of one that `is_empty` nothing counts for a level.
    """

    id: str
    title: str
    score: Fraction
    at_most: Fraction
    sets_score: bool
    after: Fraction | None
    is_empty: bool = False


class Change(NamedTuple):
    """The last movement of the score; `cause` is empty when nobody has recorded it yet."""

    since: date
    before: Standing
    cause: str


class Step(NamedTuple):
    """A step up: what reaching a score costs at least, in person-days."""

    score: Fraction
    cost: Fraction
    effort: Fraction
    upgrades: tuple[ModeRef, ...]
    is_proven: bool


class PlannedLine(NamedTuple):
    """An upgrade of the plan, in time where a roadmap places it."""

    ref: ModeRef
    title: str
    section: str
    from_mode: str
    to_mode: str
    effort: Fraction
    cost: Fraction
    points: Fraction
    why: str
    is_done: bool
    start: date | None = None
    end: date | None = None
    sprint: str = ""
    is_left: bool = False


class Planned(NamedTuple):
    """The plan: its upgrades, and what is left of them to do."""

    target: Fraction | None
    lines: tuple[PlannedLine, ...]
    cost: Fraction
    effort: Fraction
    horizon: Fraction
    after: Fraction
    is_proven: bool


class InTime(NamedTuple):
    """The roadmap: from when to when, by when it was asked for, and how sure that is.

    `overdue` are the upgrades whose last day is over; without odds nobody has asked, or they are
    no longer true.
    """

    start: date
    finish: date
    asked_end: date | None
    lines: tuple[PlannedLine, ...]
    odds: Odds | None
    overdue: tuple[PlannedLine, ...] = ()


class TicketLine(NamedTuple):
    """A ticket and where it stands."""

    remote: str
    title: str
    ref: ModeRef
    state: str
    closed_on: date | None


class WaiverLine(NamedTuple):
    """A waiver with its end; one that `is_expired` no longer counts."""

    item: str
    title: str
    reason: str
    owner: str
    until: date
    is_expired: bool


class ItemLine(NamedTuple):
    """An item as it stands: a cell of the heat map. `share` is 0 for none and 1 for the top."""

    id: str
    title: str
    section: str
    level: int | None
    mode: str
    mode_title: str
    share: Fraction
    points: Fraction
    best_points: Fraction
    is_answered: bool
    is_waived: bool
    evidence: tuple[str, ...]
    note: str
    planned: str
    needs: tuple[tuple[str, bool], ...]


class Report(NamedTuple):
    """A whole report. What is None is explained in `missing` by its field's name."""

    system: str
    rubric: Rubric
    rubric_title: str
    rubric_version: str
    source: str
    as_of: date | None
    made_on: date
    score: Score
    band: str
    target: Fraction | None
    sections: tuple[SectionLine, ...]
    items: tuple[ItemLine, ...]
    beside: tuple[str, ...]
    waivers: tuple[WaiverLine, ...]
    lapses: tuple[Lapse, ...]
    if_not_renewed: Standing
    unmet: tuple[str, ...]
    past: tuple[Recorded, ...]
    change: Change | None
    frontier: tuple[Step, ...] | None
    has_all_steps: bool
    plan: Planned | None
    roadmap: InTime | None
    burn_up: BurnUp | None
    tickets: tuple[TicketLine, ...] | None
    missing: Mapping[str, str]

    @property
    def is_lowest(self) -> bool:
        """Whether the lowest section sets the score."""
        return self.rubric.overall_rule is OverallRule.MINIMUM
