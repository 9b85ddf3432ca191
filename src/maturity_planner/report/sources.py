"""What a report is made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.assessment import Assessment
from ..core.plan import Plan
from ..core.rubric import Rubric
from ..plans import PlanOnFile
from ..roadmaps import RoadmapOnFile
from .past import Recorded

if TYPE_CHECKING:
    from ..core.odds import Odds
    from ..core.proposals import Tracked


class Sources(NamedTuple):
    """What a report is made from; what is None was not there or not asked for.

    `planned_rubric` is the other rubric that the plan on file is for, if it is for another one.

    `grace`: quarters for which evidence past its review still counts.
    """

    rubric: Rubric
    assessment: Assessment
    target: Fraction | None
    now: datetime
    grace: int = 1
    past: tuple[Recorded, ...] = ()
    plan: PlanOnFile | None = None
    planned_rubric: str = ""
    roadmap: RoadmapOnFile | None = None
    odds: Odds | None = None
    frontier: Sequence[Plan] | None = None
    has_all_steps: bool = True
    tickets: Sequence[Tracked] | None = None
