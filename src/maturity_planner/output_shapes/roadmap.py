"""The result of `roadmap`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .score import StandingOut
from .values import ModeName, Number, Output


class ActivityOut(Output):
    """An upgrade in time: `end` is its last day, `end_day` the working day after it."""

    item: str
    to: str
    start: str
    end: str
    start_day: int
    end_day: int
    people: Annotated[dict[str, int], Field(description="By role; empty: one person of any role.")]
    sprint: Annotated[str, Field(description="The sprint in which it is finished.")]


class SprintOut(Output):
    """A sprint: person-days of people who are occupied, and of those who are there."""

    id: str
    start: str
    end: str
    used_days: Number
    capacity_days: Number
    upgrades: list[ModeName]


class OddsOut(Output):
    """What the simulation says: working days and dates by which all is done, by per cent."""

    samples: int
    seed: int
    mean_days: Number
    days: dict[str, int]
    dates: dict[str, str]
    critical: Annotated[
        dict[str, Number],
        Field(description="Each item's chance that a delay of it delays the end."),
    ]


class QuarterOut(StandingOut):
    """Where the system stands at a quarter's end, by what is finished then."""

    id: str
    end: str
    upgrades: Annotated[list[ModeName], Field(description="Finished in this quarter.")]


class FitOut(Output):
    """What --fit has chosen. `is_best`: no plan that reaches `next_score` can fit."""

    score: Number
    wanted_score: Number
    upgrades: list[ModeName]
    is_best: bool
    next_score: Number | None
    least_effort_days: Number | None
    capacity_days: Number
    undecided: list[Number]


class RoadmapOut(Output):
    """The plan in time; days are working days from the start, `end_day` is not included."""

    status: Literal["optimal", "feasible", "infeasible"]
    ties_settled: bool
    start: str
    end: Annotated[
        str | None, Field(description="The end asked for, else the day on which all is done.")
    ]
    finish: Annotated[str | None, Field(description="The day on which all is done.")]
    makespan_days: int
    bound_days: int
    on_time_probability: Number | None
    activities: list[ActivityOut]
    sprints: list[SprintOut]
    unplaced: list[ModeName]
    because: list[str]
    odds: OddsOut | None
    quarters: list[QuarterOut]
    before: StandingOut
    after: StandingOut
    score: Annotated[Number, Field(description="The overall score when all is done.")]
    left: Annotated[list[ModeName], Field(description="Of plan.yaml, for a later quarter.")]
    fit: FitOut | None = None
