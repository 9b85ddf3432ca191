"""The shape of `roadmap.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    model_validator,
)

from .plan import Amount, PlanId
from .values import Date, Id, Line, Ref, Shape

WorkingDay = Annotated[int, Field(ge=0, le=1_000_000)]


class ActivityShape(Shape):
    """An upgrade in time; `end` is its last day, `end_day` the working day after it."""

    item: Id
    to: Id
    start: Date
    end: Date
    start_day: WorkingDay
    end_day: WorkingDay
    people: dict[Id, Annotated[int, Field(ge=1, le=1000)]]
    sprint: Id

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start or self.end_day <= self.start_day:
            raise ValueError(f"it ends on {self.end}, before it starts on {self.start}")
        return self


class SprintShape(Shape):
    """A sprint, its first and its last day, and the upgrades that are finished in it."""

    id: Id
    start: Date
    end: Date
    used_days: Amount
    capacity_days: Amount
    upgrades: list[Ref]

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"the sprint ends on {self.end}, before it starts on {self.start}")
        return self


class AskedShape(Shape):
    """What was asked for: when work can start, and by when all should be done, if at all."""

    start: Date
    end: Date | None


class RoadmapFile(Shape):
    """The plan placed in time."""

    schema_: Annotated[Literal["maturity-planner/roadmap/v1"], Field(alias="schema")]
    plan: PlanId
    system: Line
    rubric: Line
    asked: AskedShape
    status: Literal["optimal", "feasible"]
    ties_settled: bool = True
    finish: Date | None
    makespan_days: WorkingDay
    bound_days: WorkingDay
    activities: list[ActivityShape]
    sprints: list[SprintShape]
    left: Annotated[
        list[Ref], Field(description="Upgrades of the plan that are left for a later quarter.")
    ] = []
