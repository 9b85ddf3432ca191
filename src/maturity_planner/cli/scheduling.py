"""What `roadmap` does between reading and printing: the window, the schedule, the fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.calendar import Window, quarter_of, window
from ..core.fitting import Fit, best_in_time
from ..core.plan import Plan, Request, Standing, Status
from ..core.planner import Planner
from ..core.quantity import POINT, shown
from ..core.quarters import standing_after
from ..core.roadmap import Roadmap, schedule
from ..core.rubric import ModeRef
from ..core.score import modes_today
from ..core.team import Team
from ..errors import ConfigError, RoadmapError, UsageError
from .output import again

if TYPE_CHECKING:
    from ..config import Project
    from ..plans import PlanOnFile


@dataclass(frozen=True, slots=True)
class Asked:
    """The options about time."""

    start: date | None = None
    end: date | None = None
    quarter: str | None = None
    quarters: int | None = None

    def window(self, today: date, team: Team, *, fit: bool) -> Window:
        """Return when there is to work.

        Raises:
            UsageError: the options contradict each other, or leave no time.
        """
        if self.end and self.quarters:
            raise UsageError("--quarters and --end both say when to end", fix="Leave one out.")
        if fit and not (self.end or self.quarter or self.quarters):
            raise UsageError(
                "--fit needs an end to fit before",
                fix="Add --end DATE, --quarter 2027-Q1 or --quarters N.",
            )
        name = self.quarter
        if name is None and self.quarters:
            name = quarter_of(self.start or today)
        return window(
            today,
            start=self.start,
            end=self.end,
            quarter_id=name,
            quarters=self.quarters or 1,
            holidays=team.holidays,
        )


@dataclass(frozen=True, slots=True)
class Made:
    """A roadmap: where it starts and leads to, what `--fit` chose, what of the plan is left out.

    `wanted` is where the whole plan leads.
    """

    roadmap: Roadmap
    before: Standing
    after: Standing
    wanted: Standing
    fit: Fit | None = None
    left: tuple[ModeRef, ...] = ()


def make(
    planner: Planner,
    plan: PlanOnFile,
    pins: Mapping[str, Any],
    team: Team,
    time: Window,
    *,
    fit: bool,
) -> Made:
    """Return the plan in time or, when it does not fit and `fit` is asked for, the best that does.

    Raises:
        RoadmapError: something can never be placed, whatever the order.
    """
    rubric, answers = planner.rubric, planner.assessment
    before, wanted = standing_after(rubric, answers), standing_after(rubric, answers, plan.upgrades)
    whole, trouble = None, None
    try:
        whole = schedule(
            rubric,
            answers,
            plan.upgrades,
            team,
            time,
            seconds=planner.seconds,
            watch=planner.watch,
        )
    except RoadmapError as error:
        trouble = error
    is_fitting = whole and whole.status is not Status.INFEASIBLE
    if fit and not is_fitting and not (whole and whole.is_interrupted):
        request = Request(None, horizon=plan.horizon, **pins)
        if found := best_in_time(planner, request, wanted.score, team, time):
            left = _left(planner, plan, found.plan)
            return Made(found.roadmap, before, found.plan.after, wanted, found, left)
    if trouble:
        raise trouble
    assert whole is not None
    return Made(whole, before, wanted, wanted)


def _left(planner: Planner, plan: PlanOnFile, chosen: Plan) -> tuple[ModeRef, ...]:
    """Return the upgrades of the plan that are neither done nor chosen."""
    today = modes_today(planner.rubric, planner.assessment)
    mine = {upgrade.item.id: upgrade for upgrade in chosen.upgrades}
    left = []
    for upgrade in plan.upgrades:
        item, found = upgrade.item, mine.get(upgrade.item.id)
        reached = max(item.rank(today[item.id]), item.rank(found.to_mode) if found else 0)
        if item.rank(upgrade.to_mode) > reached:
            left.append(upgrade.ref)
    return tuple(left)


def with_places(error: RoadmapError, project: Project) -> RoadmapError:
    """Return the error with the lines of the settings that its faults are about."""
    from ..config import PYPROJECT, TABLE
    from ..files import read_text
    from ..toml_documents import parse_toml

    if project.source is None:
        return error
    within = TABLE if project.source.name == PYPROJECT else ()
    document = parse_toml(read_text(project.source, ConfigError), with_marks=True)
    faults = []
    for fault in error.faults:
        placed = fault
        if fault.path and any(
            known[: len(within) + 1] == (*within, fault.path[0]) for known in document.marks
        ):
            line, column = document.place((*within, *fault.path))
            placed = fault._replace(file=str(project.source), line=line, column=column)
        faults.append(placed)
    return RoadmapError(error.message, fix=error.fix, faults=faults)


def plan_command(fit: Fit, plan: PlanOnFile, project: Project) -> str:
    """Return the command that makes plan.yaml the plan that fits.

    A target has four decimals at most; one that is rounded down asks for the same plan.
    """
    score = fit.plan.after.score
    target = shown(Fraction((score * POINT).__floor__(), POINT), 4)
    horizon = "" if plan.horizon == project.horizon else f" --horizon {shown(plan.horizon)}"
    return again(f"plan --target {target}{horizon}")
