"""The surface for Python: what the commands do, as functions of a loaded system.

Nothing here prints, asks, or writes a file. Numbers are exact: a float counts as the decimal that
it is written as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .config import Project, find_project
from .core.assessment import Assessment
from .core.calendar import window
from .core.changes import ChangeSet
from .core.plan import COST_UNIT, Plan, Request, Status, Upgrade, unbeaten
from .core.planner import Planner
from .core.quantity import as_fraction
from .core.roadmap import Roadmap
from .core.roadmap import schedule as schedule_upgrades
from .core.rubric import Rubric
from .core.score import Score, score_assessment
from .core.searching import DEFAULT_SECONDS, Watcher
from .core.solver import OutOfTime
from .errors import MaturityError, Undecided, UsageError
from .loading import load_part
from .lookup import find_section
from .pins import option_pins, settings_pins

__all__ = [
    "Assessment",
    "ChangeSet",
    "MaturityError",
    "Plan",
    "Roadmap",
    "Rubric",
    "Score",
    "Status",
    "System",
    "Upgrade",
    "changes",
    "frontier",
    "load",
    "plan",
    "schedule",
    "score",
]

Number = int | float | str | Decimal | Fraction
"""How a caller may write a score or days; text is a decimal number."""


@dataclass(frozen=True, slots=True)
class System:
    """A system as its files say: the rubric it is judged by, and what is claimed as of a day.

    `path` is the assessment's file; `project` holds the settings that plans and roadmaps go by.

    >>> from maturity_planner.resources import bundled
    >>> system = load(bundled("examples") / "fraud-scoring", today=date(2026, 11, 20))
    >>> system.project.target, system.path.name, str(system.today)
    (Fraction(2, 1), 'assessment.yaml', '2026-11-20')
    """

    rubric: Rubric
    assessment: Assessment
    project: Project
    path: Path
    today: date


def load(
    folder: str | Path = ".",
    *,
    assessment: str | Path | None = None,
    rubric: str | None = None,
    today: date | None = None,
) -> System:
    """Return the system of a project: its folder, or one inside it.

    Args:
        folder: where to look for settings, here and upwards.
        assessment: another file than the settings' (`assessment.yaml`).
        rubric: id or file of another rubric than the assessment's. Of an assessment of several
            it is, without this, the one that the plan on file was made for, else the first.
        today: decides which waivers hold and when a roadmap starts; the day in UTC by default.

    Raises:
        UserError: a file cannot be used, with every fault in it by line and column.

    >>> from maturity_planner.resources import bundled
    >>> system = load(bundled("examples") / "fraud-scoring")
    >>> system.assessment.system, system.rubric.id, len(system.rubric.items)
    ('fraud-scoring', 'ml-test-score', 28)
    """
    project = find_project(Path(folder).absolute())
    path = project.assessment if assessment is None else Path(assessment)
    day = today or datetime.now(UTC).date()
    return System(*load_part(project, path, rubric, day, as_planned=True), project, path, day)


def score(system: System) -> Score:
    """Return where the system stands, section by section and item by item.

    >>> from maturity_planner.resources import bundled
    >>> score(load(bundled("examples") / "fraud-scoring")).score
    Fraction(1, 2)
    """
    return score_assessment(system.rubric, system.assessment)


def plan(
    system: System,
    target: Number | None = None,
    *,
    section_targets: Mapping[str, Number] | None = None,
    budget: Number | None = None,
    horizon: Number | None = None,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    alternatives: int = 0,
    seconds: float = DEFAULT_SECONDS,
    watch: Watcher = lambda _: None,
) -> Plan:
    """Return the cheapest upgrades that reach the target, or the best score for the budget.

    As with the command, the settings' target counts when nothing else is asked for, and so do
    their horizon and their pins. A plan says in `status` what is proven about it; an infeasible
    one says in `because` what stands in the way.

    Args:
        system: what was loaded.
        target: the wanted score.
        section_targets: wanted scores of single sections, by id.
        budget: person-days of cost to spend at most.
        horizon: quarters of upkeep that count.
        include: ITEM or ITEM@MODE to upgrade in any case.
        exclude: ITEM or ITEM@MODE to leave out.
        alternatives: how many of the next best plans to find.
        seconds: how long one search may take.
        watch: is told what the search is busy with.

    Raises:
        UsageError: nothing is asked for, or something that there is not.
        ConfigError: the pins of the settings cannot be used.
        RubricError: the needs of the rubric lead in a circle.
        Undecided: the time was up before anything was found.

    >>> from maturity_planner.resources import bundled
    >>> found = plan(load(bundled("examples") / "fraud-scoring"), 1)
    >>> [str(upgrade.ref) for upgrade in found.upgrades]
    ['monitor-6-compute-performance@automated']
    >>> found.status.value, found.before.score, found.after.score
    ('optimal', Fraction(1, 2), Fraction(1, 1))
    """
    sections = {
        find_section(system.rubric, name).id: _exact(number, f"the target of {name}")
        for name, number in (section_targets or {}).items()
    }
    wanted = system.project.target
    if target is not None or sections or budget is not None:
        wanted = None if target is None else _exact(target, "the target")
    elif wanted is None:
        raise UsageError(
            "no target: what score should the plan reach?",
            fix="Give one, or a budget, or put `target = T` into maturity.toml.",
        )
    request = Request(
        wanted,
        sections,
        _horizon(system, horizon),
        None if budget is None else int(_exact(budget, "the budget") * COST_UNIT),
        **_pins(system, include, exclude),
    )
    planner = Planner(system.rubric, system.assessment, seconds, watch)
    try:
        return planner.plan(request, alternatives=alternatives)
    except OutOfTime:
        raise _undecided() from None


def frontier(
    system: System,
    *,
    horizon: Number | None = None,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    seconds: float = DEFAULT_SECONDS,
    watch: Watcher = lambda _: None,
) -> tuple[Plan, ...]:
    """Return a plan for every pair of cost and score that no other pair beats, rising in both.

    The arguments are those of `plan`; `seconds` count anew for each of the plans.

    Raises:
        UsageError: a pin names what there is not, or the horizon is no number.
        ConfigError: the pins of the settings cannot be used.
        RubricError: the needs of the rubric lead in a circle.
        Undecided: the time was up before anything was found for one of them.

    >>> from maturity_planner.resources import bundled
    >>> points = frontier(load(bundled("examples") / "fraud-scoring"))
    >>> [str(point.after.score) for point in points][:4]
    ['1/2', '1', '3/2', '2']
    """
    request = Request(None, horizon=_horizon(system, horizon), **_pins(system, include, exclude))
    planner = Planner(system.rubric, system.assessment, seconds, watch)
    try:
        return tuple(unbeaten(list(planner.frontier(request))))
    except OutOfTime:
        raise _undecided() from None


def schedule(
    system: System,
    plan: Plan,
    *,
    start: date | None = None,
    end: date | None = None,
    seconds: float = DEFAULT_SECONDS,
    watch: Watcher = lambda _: None,
) -> Roadmap:
    """Return the plan placed in time, in the fewest working days, against the settings' team.

    One that does not fit before the `end` is infeasible; `because` says why. Sprints and holidays
    are those of the team.

    Args:
        system: what was loaded.
        plan: what is to be placed.
        start: the first day to work on; the system's `today` by default.
        end: the last day to work on; by default there is no end.
        seconds: how long the search may take. The best roadmap found by then is a result; its
            `status` tells whether it is proven.
        watch: is told what the search is busy with.

    Raises:
        RoadmapError: something can never be placed, whatever the order.
        UsageError: there is no time from the start to the end.

    >>> from maturity_planner.resources import bundled
    >>> system = load(bundled("examples") / "fraud-scoring")
    >>> roadmap = schedule(system, plan(system, 1), start=date(2026, 11, 20))
    >>> roadmap.makespan, str(roadmap.last_day)
    (4, '2026-11-25')
    """
    team = system.project.team
    time = window(system.today, start=start, end=end, holidays=team.holidays)
    rubric, assessment = system.rubric, system.assessment
    return schedule_upgrades(
        rubric, assessment, plan.upgrades, team, time, seconds=seconds, watch=watch
    )


def changes(system: System, *, say: Callable[[str], None] = lambda _: None) -> ChangeSet:
    """Return the tickets wanted against those present: what `sync` would change.

    Wanted is what the plan on file asks for, with the dates of its roadmap. Reads the project's
    tracker; `say` is told when plan or roadmap are out of date, or the tracker asks for a pause.

    Raises:
        PlanError: there is no plan on file, or it was made for another rubric.
        RoadmapError: the roadmap on file cannot be used.
        TemplateError: a template of the tickets cannot be used.
        ConfigError: the user has not permitted what the settings do with the token.
        TrackerError: the tracker cannot be read completely.

    >>> import shutil, tempfile
    >>> from maturity_planner.outputs.plan import plan_data
    >>> from maturity_planner.plans import write_plan
    >>> from maturity_planner.resources import bundled
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copy = shutil.copytree(bundled("examples") / "fraud-scoring", Path(folder) / "copy")
    ...     system = load(copy)
    ...     data = plan_data(plan(system, 1))
    ...     write_plan(copy / "plan.yaml", data, system.assessment, system.rubric)
    ...     [change.title for change in changes(system).pending]
    ['ML Test Score: Monitoring', 'Computing performance has not regressed (automatic)']
    """
    from .desk import open_desk

    desk = open_desk(system.project, system.rubric, system.assessment, system.path, say=say)
    return desk.changes(desk.wanted())


def _exact(number: Number, what: str) -> Fraction:
    found = number if isinstance(number, Fraction) else as_fraction(str(number))
    if found is None or found < 0 or (found * COST_UNIT).denominator != 1:
        raise UsageError(
            f"{what} is {number!r}", fix="Give a number from 0 up with four decimals at most."
        )
    return found


def _horizon(system: System, horizon: Number | None) -> Fraction:
    return system.project.horizon if horizon is None else _exact(horizon, "the horizon")


def _pins(system: System, include: Iterable[str], exclude: Iterable[str]) -> dict[str, Any]:
    models = system.rubric, system.assessment
    asked = option_pins(*models, include, exclude)
    return settings_pins(system.project, *models, asked).joined(asked)._asdict()


def _undecided() -> Undecided:
    return Undecided(
        "the time was up before anything was found: nobody knows yet whether there is a way",
        fix="Raise `seconds`.",
    )
