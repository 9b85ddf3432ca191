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

    item: Id
    section: Id
    from_: Annotated[Id, Field(alias="from")]
    to: Id
    cost_days: Amount
    effort_days: Amount
    points: Amount
    why: Text
    needed_by: list[Ref]


class ChoiceShape(Shape):
    """Another plan for the same request."""

    score: Amount | None = None
    cost_days: Amount
    upgrades: list[UpgradeShape]


class StandingShape(Shape):
    """An overall score and the score of each section."""

    score: Amount
    sections: dict[Id, Amount]


PlanId = Annotated[
    str,
    of_form("[0-9a-f]{8}", "12ab34cd: 8 hexadecimal digits"),
    text_schema("[0-9a-f]{8}", 8),
    Field(description="Names the plan in the tracker; kept when it is made again."),
]


class PlanFile(Shape):
    """The chosen upgrades, what was asked for, and what is proven."""

    schema_: Annotated[Literal["maturity-planner/plan/v1"], Field(alias="schema")]
    id: PlanId
    system: Line
    rubric: Line
    status: Literal["optimal", "feasible", "infeasible"]
    ties_settled: bool = True
    target: Amount | None
    section_targets: dict[Id, Amount]
    budget: Amount | None
    horizon_quarters: Amount
    cost_days: Amount
    bound_days: Amount
    effort_days: Amount
    upkeep_days_per_quarter: Amount
    upgrades: list[UpgradeShape]
    before: StandingShape
    after: StandingShape
    alternatives: list[ChoiceShape]
    alternatives_complete: bool = True
    because: list[Text]
