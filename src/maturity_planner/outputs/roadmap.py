"""A roadmap as plain data, for `--json` and for `roadmap.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.plan import Standing
from ..core.quantity import plain
from ..core.rubric import ModeRef
from .plan import standing_data

if TYPE_CHECKING:
    from ..core.fitting import Fit
    from ..core.odds import Odds
    from ..core.quarters import QuarterEnd
    from ..core.roadmap import Roadmap

Data = dict[str, Any]


def placed_data(roadmap: Roadmap) -> Data:
    """Return what stands in the file and in JSON alike: who does what when, and what is proven."""
    last = roadmap.last_day
    return {
        "status": roadmap.status.value,
        "ties_settled": roadmap.are_ties_settled,
        "finish": last.isoformat() if last else None,
        "makespan_days": roadmap.makespan,
        "bound_days": roadmap.bound,
        "activities": [
            {
                "item": placed.activity.upgrade.item.id,
                "to": placed.activity.upgrade.to_mode,
                "start": placed.start.isoformat(),
                "end": placed.end.isoformat(),
                "start_day": placed.start_day,
                "end_day": placed.end_day,
                "people": dict(placed.activity.people),
                "sprint": placed.sprint,
            }
            for placed in roadmap.activities
        ],
        "sprints": [
            {
                "id": sprint.id,
                "start": sprint.start.isoformat(),
                "end": sprint.end.isoformat(),
                "used_days": plain(sprint.used),
                "capacity_days": plain(sprint.capacity),
                "upgrades": [str(ref) for ref in sprint.upgrades],
            }
            for sprint in roadmap.sprints
        ],
    }


def roadmap_data(
    roadmap: Roadmap,
    sure: Odds | None,
    quarters: Sequence[QuarterEnd],
    before: Standing,
    after: Standing,
    left: Sequence[ModeRef],
) -> Data:
    """Return the roadmap with its odds and what it brings (`roadmap`).

    `end` is the end that was asked for, else the day on which all is done.
    """
    end = roadmap.window.end or roadmap.last_day
    on_time = sure.on_time if sure else None
    return {
        "start": roadmap.window.start.isoformat(),
        "end": end.isoformat() if end else None,
        "on_time_probability": None if on_time is None else plain(on_time),
        **placed_data(roadmap),
        "unplaced": [str(ref) for ref in roadmap.unplaced],
        "because": list(roadmap.because),
        "odds": odds_data(sure) if sure else None,
        "quarters": [
            {
                "id": quarter.id,
                "end": quarter.end.isoformat(),
                **standing_data(quarter.standing),
                "upgrades": [str(ref) for ref in quarter.upgrades],
            }
            for quarter in quarters
        ],
        "before": standing_data(before),
        "after": standing_data(after),
        "score": plain(after.score),
        "left": [str(ref) for ref in left],
    }


def odds_data(sure: Odds) -> Data:
    """Return what the simulation says."""
    return {
        "samples": sure.courses,
        "seed": sure.seed,
        "mean_days": plain(sure.mean_days),
        "days": {str(share): days for share, days in sure.days.items()},
        "dates": {str(share): day.isoformat() for share, day in sure.dates.items()},
        "critical": {item: plain(chance) for item, chance in sure.critical.items()},
    }


def fit_data(fit: Fit, wanted: Fraction) -> Data:
    """Return what `--fit` has chosen, and what is proven about that."""
    return {
        "score": plain(fit.plan.after.score),
        "wanted_score": plain(wanted),
        "upgrades": [str(upgrade.ref) for upgrade in fit.plan.upgrades],
        "is_best": fit.is_best or fit.next_score is None,
        "next_score": None if fit.next_score is None else plain(fit.next_score),
        "least_effort_days": None if fit.least_effort is None else plain(fit.least_effort),
        "capacity_days": plain(fit.capacity),
        "undecided": [plain(score) for score in fit.undecided],
    }
