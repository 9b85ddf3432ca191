"""The shape of `roadmap.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    model_validator,
)

from .plan import Amount, PlanId
from .values import Date, Id, Line, Ref, Shape

_AGAIN = "Make it again: maturity-planner roadmap"

WorkingDay = Annotated[int, Field(ge=0, le=1_000_000)]


class ActivityShape(Shape):
    """An upgrade in time; `end` is its last day, `end_day` the working day after it."""

    item: Annotated[Id, Field(description="The item that is upgraded.")]
    to: Annotated[Id, Field(description="The mode that it gets.")]
    start: Annotated[Date, Field(description="The first day of work.")]
    end: Annotated[Date, Field(description="The last day of work.")]
    start_day: Annotated[
        WorkingDay, Field(description="The working day on which it starts; the first one is 0.")
    ]
    end_day: Annotated[WorkingDay, Field(description="The working day after its last one.")]
    people: Annotated[
        dict[Id, Annotated[int, Field(ge=1, le=1000)]],
        Field(description="Who does it, as role: how many at once; empty: one of any."),
    ]
    sprint: Annotated[Id, Field(description="The sprint in which it is finished.")]

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"it ends on {self.end}, before it starts on {self.start}\n{_AGAIN}")
        if self.end_day <= self.start_day:
            told = f"end_day {self.end_day} is not after start_day {self.start_day}"
            raise ValueError(f"{told}\n{_AGAIN}")
        return self


class SprintShape(Shape):
    """A sprint, its first and its last day, and the upgrades that are finished in it."""

    id: Annotated[Id, Field(description="How tickets name the sprint.")]
    start: Annotated[Date, Field(description="Its first day.")]
    end: Annotated[Date, Field(description="Its last day.")]
    used_days: Annotated[Amount, Field(description="Person-days that the plan takes of it.")]
    capacity_days: Annotated[Amount, Field(description="Person-days that there are.")]
    upgrades: Annotated[list[Ref], Field(description="What is finished in it, as ITEM@MODE.")]

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            told = f"the sprint ends on {self.end}, before it starts on {self.start}"
            raise ValueError(f"{told}\n{_AGAIN}")
        return self


class AskedShape(Shape):
    """What was asked for: when work can start, and by when all should be done, if at all."""

    start: Annotated[Date, Field(description="When work can start.")]
    end: Annotated[Date | None, Field(description="By when all should be done.")]


class RoadmapFile(Shape):
    """The plan placed in time."""

    schema_: Annotated[
        Literal["maturity-planner/roadmap/v1"],
        Field(alias="schema", description="Says what this file is."),
    ]
    plan: Annotated[PlanId, Field(description="The `id` of the plan that it places.")]
    system: Annotated[Line, Field(description="The system of the assessment.")]
    rubric: Annotated[Line, Field(description="The id of the rubric.")]
    asked: Annotated[AskedShape, Field(description="What was asked for.")]
    status: Annotated[
        Literal["optimal", "feasible"],
        Field(
            description="`optimal`: proven that it cannot be done in fewer days; `feasible`: the "
            "time was up."
        ),
    ]
    ties_settled: Annotated[
        bool, Field(description="False when the time was up before the rule for ties had chosen.")
    ] = True
    finish: Annotated[Date | None, Field(description="The day on which all is done.")]
    makespan_days: Annotated[
        WorkingDay, Field(description="Working days from the start until all is done.")
    ]
    bound_days: Annotated[
        WorkingDay,
        Field(description="No roadmap takes fewer; equal to `makespan_days` when that is proven."),
    ]
    activities: Annotated[list[ActivityShape], Field(description="The upgrades in time.")]
    sprints: Annotated[list[SprintShape], Field(description="The sprints that it reaches into.")]
    left: Annotated[
        list[Ref], Field(description="Upgrades of the plan that are left for a later quarter.")
    ] = []
