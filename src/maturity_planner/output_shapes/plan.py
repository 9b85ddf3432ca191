"""Results of `plan` and `frontier`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .score import StandingOut
from .values import ModeName, Number, Output


class UpgradeOut(Output):
    """One item moved to a higher mode."""

    item: str
    section: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    cost_days: Number
    effort_days: Number
    points: Number
    why: str
    needed_by: list[ModeName]


class ChoiceOut(Output):
    """Another plan."""

    score: Number
    cost_days: Number
    upgrades: list[UpgradeOut]


class OtherOut(Output):
    """The plan made again under one more condition, and its difference to the plan.

    The difference in cost is `more_days`; where it is not proven, it lies between
    `least_more_days` and that. `unknown`: nothing was found in time.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    cost_days: Number | None
    bound_days: Number | None
    more_days: Number | None
    least_more_days: Number | None
    score: Number | None
    upgrades: list[ModeName]
    because: list[str]


class ForcedOut(OtherOut):
    """The plan when it has to hold an upgrade.

    The upgrade would be chosen if it cost less than `chosen_at_days` or, with `wins_tie`, as much;
    null: it would not be chosen even for nothing, or that is not known.
    """

    upgrade: ModeName
    own_cost_days: Number
    chosen_at_days: Number | None
    wins_tie: bool | None


class ExplainedOut(Output):
    """Why an item is in the plan (`upgrade`), or what it would take (`forced`)."""

    item: str
    mode: Annotated[str, Field(description="The item's mode today.")]
    upgrade: ModeName | None
    why: str | None
    needed_by: list[ModeName]
    without: OtherOut | None
    forced: list[ForcedOut]


class RenewalOut(Output):
    """Evidence that is to be shown again: what upkeep of a quarter costs."""

    item: str
    mode: str
    due: str
    effort_days: Number


class PlanOut(Output):
    """The chosen upgrades, what was asked for, and what is proven.

    `explained` with --explain; `renewals`, which are no part of the costs, with --renew.
    """

    status: Literal["optimal", "feasible", "infeasible"]
    ties_settled: Annotated[
        bool,
        Field(description="False when the time was up before the rule for ties had chosen."),
    ]
    target: Number | None
    section_targets: dict[str, Number]
    budget: Number | None
    horizon_quarters: Number
    cost_days: Number
    bound_days: Number
    effort_days: Number
    upkeep_days_per_quarter: Number
    upgrades: list[UpgradeOut]
    before: StandingOut
    after: StandingOut
    alternatives: list[ChoiceOut]
    alternatives_complete: Annotated[
        bool, Field(description="False when the time was up before all were found.")
    ]
    because: list[str]
    explained: ExplainedOut | None = None
    renewals: list[RenewalOut] | None = None


class PointOut(Output):
    """A pair of cost and score that no other pair beats; proven when it is `optimal`."""

    score: Number
    status: Literal["optimal", "feasible"]
    cost_days: Number
    bound_days: Number
    effort_days: Number
    upgrades: list[ModeName]


class FrontierOut(Output):
    """From what costs nothing to the best score; `complete` when each is proven and none lacks."""

    complete: bool
    points: list[PointOut]
