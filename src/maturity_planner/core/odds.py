"""How sure a roadmap is: its end as a distribution, by simulation.

An effort of low, likely and high days is PERT-beta distributed (Malcolm, Roseboom, Clark and
Fazar 1959): a beta distribution on [low, high] with the mean (low + 4 likely + high) / 6. One
number is certain. What makes one effort larger than thought often makes others larger, too: with a
correlation c, efforts follow a Gaussian copula with one common factor: z = sqrt(c) common +
sqrt(1 - c) own.

Each course keeps the roadmap as it was decided: the same order on the same people (`handover.py`),
each activity rounded up to whole days as in the plan. Work that is done early lets the next one
start early. People who are away keep work waiting until they are back, also work that is late and
runs into their absence, when too few are left for it. That others could lend people is not counted.

The same seed gives the same numbers: PCG64's own bits, for which numpy promises that they stay,
become normal deviates by the Box-Muller formula here and betas by tables of our own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from .activities import Activity
from .handover import Links, links
from .roadmap import Roadmap
from .rubric import ItemId

DrawWatcher = Callable[[int, int], None]
"""Is told of how many activities, out of how many, the efforts are drawn: the better part of it."""

COURSES = 10_000
LIKELIHOODS = (50, 80, 95)
"""Per cent: the dates by which all is done in so many of the courses."""

_STEPS = 2048
"""Of the tables; with twice as many no effort changes by more than a thousandth of its range."""

_FARTHEST = 6.0
"""Standard deviations that the tables reach; beyond lie two deviates in a thousand million."""


@dataclass(frozen=True, slots=True)
class Odds:
    """The chance to be done by the end, if there is one, and what the courses say besides.

    `days` and `dates` are the working days, and the day, by which all is done in 50, 80 and 95
    per cent of the courses. `critical` is each item's chance that a delay of it delays the end.
    """

    courses: int
    seed: int
    on_time: Fraction | None
    days: Mapping[int, int]
    dates: Mapping[int, date]
    critical: Mapping[ItemId, Fraction]
    mean_days: Fraction


def _unwatched(done: int, of: int) -> None:
    """Nobody looks."""


def odds(
    roadmap: Roadmap, *, seed: int = 0, courses: int = COURSES, watch: DrawWatcher = _unwatched
) -> Odds | None:
    """Return how sure the roadmap is; None when there is nothing to do."""
    if not roadmap.activities:
        return None
    chain = links(roadmap.problem, [placed.start_day for placed in roadmap.activities])
    work = [placed.activity for placed in roadmap.activities]
    durations = draw_days(work, roadmap, seed, courses, watch)
    closed = [roadmap.problem.closed(number) for number in range(len(work))]
    ends = finish(durations, chain, closed)
    makespans = ends.max(axis=0)
    is_critical = critical(chain, ends)
    calendar, until = roadmap.calendar, roadmap.window.end
    ranked = sorted(int(days) for days in makespans)
    days = {share: ranked[-(-courses * share // 100) - 1] for share in LIKELIHOODS}
    on_time = None
    if until is not None:
        there = calendar.days_until(until)
        on_time = Fraction(sum(1 for taken in ranked if taken <= there), courses)
    return Odds(
        courses=courses,
        seed=seed,
        on_time=on_time,
        days=days,
        dates={share: calendar.date_of(count - 1) for share, count in days.items()},
        critical={
            activity.upgrade.item.id: Fraction(int(row.sum()), courses)
            for activity, row in zip(work, is_critical, strict=True)
        },
        mean_days=Fraction(sum(ranked), courses),
    )


def draw_days(
    work: list[Activity], roadmap: Roadmap, seed: int, courses: int, watch: DrawWatcher = _unwatched
) -> Any:
    """Return working days, a row per activity and a column per course."""
    import numpy as np

    team = roadmap.team
    normal = _normals(len(work) + 1, courses, seed)
    shared = math.sqrt(team.correlation)
    own = math.sqrt(1 - team.correlation)
    rows = np.empty((len(work), courses), np.int64)
    for row, activity in zip(range(len(work)), work, strict=True):
        watch(row, len(work))
        effort = activity.effort
        if effort.low == effort.high:
            rows[row] = activity.days
            continue
        deviates = shared * normal[0] + own * normal[row + 1]
        a = float(1 + 4 * (effort.likely - effort.low) / (effort.high - effort.low))
        share = np.interp(deviates, *_beta_table(a))
        per_day = activity.heads * team.focus
        low, spread = effort.low / per_day, (effort.high - effort.low) / per_day
        rows[row] = np.maximum(1, np.ceil(float(low) + float(spread) * share))
    return rows


def _normals(rows: int, courses: int, seed: int) -> Any:
    """Return normal deviates from PCG64's bits, by the formula of Box and Muller (1958)."""
    import numpy as np

    pairs = -(-courses // 2)
    bits = np.random.PCG64(seed).random_raw(rows * pairs * 2).reshape(rows, 2, pairs)
    uniform = ((bits >> np.uint64(11)) + np.uint64(1)) / 2.0**53  # over 0, at most 1
    radius = np.sqrt(-2 * np.log(uniform[:, 0]))
    angle = 2 * math.pi * uniform[:, 1]
    both = np.concatenate((radius * np.cos(angle), radius * np.sin(angle)), axis=1)
    return both[:, :courses]


def _beta_table(a: float) -> tuple[Any, Any]:
    """Return normal deviates and the values of a beta(a, 6 - a) with the same probability.

    The density is summed up over t where x = sin(t)**2, which is smooth at both ends.
    """
    import numpy as np

    angles = np.linspace(0, math.pi / 2, _STEPS + 1)
    middle = (angles[1:] + angles[:-1]) / 2
    density = np.sin(middle) ** (2 * a - 1) * np.cos(middle) ** (2 * (6 - a) - 1)
    below = np.concatenate(([0.0], np.cumsum(density)))
    deviates = np.linspace(-_FARTHEST, _FARTHEST, _STEPS + 1)
    chances = np.array([math.erfc(-z / math.sqrt(2)) / 2 for z in deviates])
    return deviates, np.interp(chances, below / below[-1], np.sin(angles) ** 2)


def finish(durations: Any, chain: Links, closed: Sequence[Sequence[tuple[int, int]]] = ()) -> Any:
    """Return the day that each activity is finished by in each course: the longest path to it.

    In the spans of `closed`, by activity, its people are away: it waits, or pauses.
    """
    import numpy as np

    ends = np.zeros_like(durations)
    for number in chain.order:
        start = _ready(ends, chain, number)
        end = start + durations[number]
        for first, last in closed[number] if closed else ():
            pause = np.where(start >= first, last - start, last - first)
            end = end + np.where((start < last) & (end > first), pause, 0)
        ends[number] = end
    return ends


def _ready(ends: Any, chain: Links, number: int) -> Any:
    """Return the day that everything is there for an activity in each course."""
    import numpy as np

    ready = np.full(ends.shape[1], chain.not_before[number])
    for before in chain.after[number]:
        np.maximum(ready, ends[before], out=ready)
    return ready


def critical(chain: Links, ends: Any) -> Any:
    """Return where an activity is on a longest path: it cannot end later without a later end."""
    import numpy as np

    latest = np.empty_like(ends)
    latest[:] = ends.max(axis=0)
    for number in reversed(chain.order):
        start = latest[number] - (ends[number] - _ready(ends, chain, number))
        for before in chain.after[number]:
            latest[before] = np.minimum(latest[before], start)
    return latest == ends
