"""From a maturity assessment to the cheapest plan, its tickets, and back to the score.

What there is for Python is in `api`, and is imported when it is asked for: the command starts
without it.

>>> import maturity_planner
>>> from maturity_planner.resources import bundled
>>> system = maturity_planner.load(bundled("examples") / "fraud-scoring")
>>> maturity_planner.score(system).band.title
'Some tests but serious gaps possible'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import (
        Assessment,
        ChangeSet,
        MaturityError,
        Plan,
        Roadmap,
        Rubric,
        Score,
        Status,
        System,
        Upgrade,
        changes,
        frontier,
        load,
        plan,
        schedule,
        score,
    )

__version__ = "0.1.0"

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


def __getattr__(name: str) -> Any:
    """Return a part of the surface for Python."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import api

    return getattr(api, name)


def __dir__() -> list[str]:
    """Return what there is, asked for or not."""
    return sorted({*globals(), *__all__})
