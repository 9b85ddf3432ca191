"""The shape of `plan.yaml`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    WithJsonSchema,
)

from .values import Id, Line, Ref, Shape, Text, check_number, of_form, text_schema

Amount = Annotated[Decimal, BeforeValidator(check_number), WithJsonSchema({"type": "number"})]


class UpgradeShape(Shape):
    """One item moved to a higher mode."""

    item: Annotated[Id, Field(description="The item that is upgraded.")]
    section: Annotated[Id, Field(description="The section of the item.")]
    from_: Annotated[Id, Field(alias="from", description="Its mode today.")]
    to: Annotated[Id, Field(description="The mode that is planned.")]
    cost_days: Annotated[
        Amount, Field(description="Expected effort, and what the upkeep adds over the horizon.")
    ]
    effort_days: Annotated[Amount, Field(description="Expected person-days.")]
    points: Annotated[Amount, Field(description="What it adds to its section.")]
    why: Annotated[Text, Field(description="The reason that it is in the plan.")]
    needed_by: Annotated[list[Ref], Field(description="Upgrades of the plan that need it.")]


class ChoiceShape(Shape):
    """Another plan for the same request."""

    score: Annotated[
        Amount | None,
        Field(description="The overall score after it; plans of earlier versions lack it."),
    ] = None
    cost_days: Annotated[Amount, Field(description="What all of it costs.")]
    upgrades: Annotated[
        list[UpgradeShape], Field(description="Its upgrades, in the order of the rubric.")
    ]


class StandingShape(Shape):
    """An overall score and the score of each section."""

    score: Annotated[Amount, Field(description="The overall score.")]
    sections: Annotated[dict[Id, Amount], Field(description="The score of each section.")]


PlanId = Annotated[
    str,
    of_form("[0-9a-f]{8}", "12ab34cd: 8 hexadecimal digits"),
    text_schema("[0-9a-f]{8}", 8),
    Field(description="Names the plan in the tracker; kept when it is made again."),
]


class PlanFile(Shape):
    """The chosen upgrades, what was asked for, and what is proven."""

    schema_: Annotated[
        Literal["maturity-planner/plan/v1"],
        Field(alias="schema", description="Says what this file is."),
    ]
    id: PlanId
    system: Annotated[Line, Field(description="The system of the assessment.")]
    rubric: Annotated[Line, Field(description="The id of the rubric.")]
    status: Annotated[
        Literal["optimal", "feasible", "infeasible"],
        Field(
            description="`optimal`: proven to be the cheapest; `feasible`: the time was up; "
            "`infeasible`: out of reach."
        ),
    ]
    ties_settled: Annotated[
        bool, Field(description="False when the time was up before the rule for ties had chosen.")
    ] = True
    target: Annotated[Amount | None, Field(description="The overall score that was asked for.")]
    section_targets: Annotated[
        dict[Id, Amount], Field(description="The scores that were asked for of single sections.")
    ]
    budget: Annotated[Amount | None, Field(description="The most that it may cost.")]
    horizon_quarters: Annotated[
        Amount, Field(description="How many quarters of upkeep count as cost.")
    ]
    cost_days: Annotated[Amount, Field(description="What all upgrades cost.")]
    bound_days: Annotated[
        Amount, Field(description="No plan costs less; equal to `cost_days` when that is proven.")
    ]
    effort_days: Annotated[Amount, Field(description="Expected person-days of all upgrades.")]
    upkeep_days_per_quarter: Annotated[
        Amount,
        Field(description="What the plan adds to a quarter's upkeep; negative where it saves."),
    ]
    upgrades: Annotated[
        list[UpgradeShape], Field(description="The upgrades, in the order of the rubric.")
    ]
    before: Annotated[StandingShape, Field(description="Where the system stands today.")]
    after: Annotated[StandingShape, Field(description="Where it stands after the plan.")]
    alternatives: Annotated[
        list[ChoiceShape], Field(description="The next best plans, if asked for.")
    ]
    alternatives_complete: Annotated[
        bool, Field(description="False when the time was up before all were found.")
    ] = True
    because: Annotated[
        list[Text], Field(description="Why no plan reaches the target; empty where one does.")
    ]
