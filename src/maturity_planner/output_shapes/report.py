"""The result of `report`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .roadmap import OddsOut
from .score import ScoreOut
from .values import ModeName, Number, Output


class BeforeOut(Output):
    """Where the system stood before the last movement; no cause: it is not recorded yet."""

    since: str
    score: Number
    sections: dict[str, Number]
    cause: str


class StepOut(Output):
    """What reaching a score costs at least, when that is proven."""

    score: Number
    cost_days: Number
    effort_days: Number
    upgrades: list[ModeName]
    proven: bool


class PlannedOut(Output):
    """An upgrade of the plan, its days where the roadmap places it; `left`: for later."""

    upgrade: ModeName
    title: str
    from_: Annotated[str, Field(alias="from")]
    effort_days: Number
    cost_days: Number
    points: Number
    why: str
    done: bool
    start: str | None
    end: str | None
    left: bool


class PlanPartOut(Output):
    """The plan on file; cost and effort are of what is left to do."""

    target: Number | None
    cost_days: Number
    effort_days: Number
    horizon_quarters: Number
    after: Number
    proven: bool
    upgrades: list[PlannedOut]


class RoadmapPartOut(Output):
    """The roadmap on file: first day, last day, the end that was asked for.

    `overdue`: upgrades whose last day is over; there are no odds then.
    """

    start: str
    finish: str
    asked_end: str | None
    overdue: list[ModeName] = []
    on_time_probability: Number | None
    odds: OddsOut | None


class DayOut(Output):
    """The points of all sections on a day."""

    day: str
    points: Number


class BurnUpOut(Output):
    """What the roadmap expects, and what was recorded."""

    planned: list[DayOut]
    done: list[DayOut]


class TicketPartOut(Output):
    """A ticket and where it stands."""

    remote: str
    title: str
    upgrade: ModeName
    state: Literal["open", "in_progress", "done", "not_done"]
    closed_on: str | None


class ItemPartOut(Output):
    """What shows how an item is done, and the mode that the plan wants."""

    id: str
    title: str
    evidence: list[str]
    note: str
    planned: str | None


class WaiverOut(Output):
    """An accepted exemption; an expired one no longer counts."""

    item: str
    reason: str
    owner: str
    until: str
    expired: bool


class ReportOut(Output):
    """All that a report says, long texts cut; what is null is explained in `missing`."""

    made_on: str
    as_of: str | None
    target: Number | None
    gap: Number | None
    score: ScoreOut
    unmet_needs: list[str]
    change: BeforeOut | None
    frontier: list[StepOut] | None
    plan: PlanPartOut | None
    roadmap: RoadmapPartOut | None
    burn_up: BurnUpOut | None
    tickets: list[TicketPartOut] | None
    items: list[ItemPartOut]
    waivers: list[WaiverOut]
    missing: dict[str, str]
