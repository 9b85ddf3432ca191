"""The simulation of a roadmap, with how far it is on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .waiting import waiting

if TYPE_CHECKING:
    from ..core.odds import Odds
    from ..core.roadmap import Roadmap
    from .context import Context


def simulated(context: Context, roadmap: Roadmap, *, seed: int = 0) -> Odds | None:
    """Return how sure the roadmap is; None when there is nothing to do."""
    from ..core.odds import COURSES, odds

    what = f"Simulating {COURSES:,} courses"
    with waiting(context, what) as line:
        return odds(roadmap, seed=seed, watch=lambda done, of: line.busy(what, (done, of)))
