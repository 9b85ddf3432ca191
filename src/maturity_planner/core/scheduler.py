"""A problem in, the best schedule by several goals in order and a proven bound out.

The order of the goals: the fewest days; then each weighted sum of ends; then the fewest wishes out
of order; then the earliest start of the first task, of the second one, and so on, so that one
schedule is left. Each goal is searched with what is proven of those before it kept. All but one
of the searches have a single thread and limits in CP-SAT's own deterministic time: the same path on
every machine. The exception is a proof of the fewest days that such a search has not found; where
it has to choose the schedule, or the clock ends a search, ties are not settled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .cpsat import CpSat, Model, Run, Wish
from .heuristic import left_shifted, short_schedules
from .scheduling_problem import SchedulingProblem, Starts
from .searching import Watcher

MOST_THREADS = 2

FIRST_SHARE = 5
"""One thread gets a fifth of the time to prove the fewest days, two get what is left of it."""

LATER_SHARE = 4
"""The goals after the fewest days get a quarter of the time, or what is left of it."""

UNITS_A_SECOND = 0.1
"""Of CP-SAT's deterministic time. A usual core does 0.15 to 1.5, so that the clock comes last."""

_LARGEST = 1 << 52
"""Weighted sums stay below: exact in the float that CP-SAT reports them in."""


@dataclass(frozen=True, slots=True)
class Goals:
    """What counts after the fewest days: sums of weight x end, each a weight per task; wishes."""

    weights: tuple[tuple[int, ...], ...] = ()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule, and what is known about it: none takes less than `bound` days.

    It `is_settled` when no goal, to the last, allows a better one.
    """

    starts: Starts
    bound: int
    is_settled: bool
    is_interrupted: bool = False


def place(
    problem: SchedulingProblem,
    goals: Goals,
    *,
    seconds: float,
    watch: Watcher = lambda _: None,
) -> Found:
    """Return the best schedule that could be found in that time.

    >>> from .scheduling_problem import Task
    >>> two = SchedulingProblem((Task(2, {0: 1}), Task(3, {0: 1})), (1,))
    >>> place(two, Goals(((1, 9),)), seconds=10).starts
    (3, 0)
    """
    if problem.is_empty:
        return Found((), 0, is_settled=True)
    search = _Search(problem, goals, seconds, watch)
    search.prove_days()
    if search.bound == problem.makespan(search.best):
        search.settle()
    if not search.is_settled:
        search.tidy()
    assert not list(problem.breaches(search.best)), "the search broke a rule"
    return Found(search.best, search.bound, search.is_settled, search.is_interrupted)


class _Search:
    """Goes from goal to goal.

    `best` is the best schedule known; `hint` is the best that does not depend on the clock.
    """

    def __init__(
        self, problem: SchedulingProblem, goals: Goals, seconds: float, watch: Watcher
    ) -> None:
        self._problem = problem
        self._goals = goals
        self._whole = seconds
        self._cpsat = CpSat(seconds, watch)
        self.best = self.hint = min(short_schedules(problem), key=problem.makespan)
        self.bound = problem.bound()
        self.is_settled = False

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody pressed Ctrl-C."""
        return self._cpsat.is_interrupted

    def prove_days(self) -> None:
        """Search for the fewest days, until they are proven or the time is up."""
        if self.bound == self._problem.makespan(self.best):
            return
        model = Model(self._problem, self._problem.makespan(self.best))
        model.minimise_days(self.bound)
        share, stage = self._whole / FIRST_SHARE, "proving the days"
        units = share * UNITS_A_SECOND
        first = self._cpsat.run(model, stage, self.hint, seconds=share, units=units)
        self.best = self.hint = first.starts or self.hint
        second = Run()
        if not first.is_proven:
            second = self._cpsat.run(model, stage, self.hint, threads=MOST_THREADS)
            self.best = second.starts or self.best
        self.bound = max(self.bound, first.bound, second.bound)

    def settle(self) -> None:
        """Search for the best by the other goals among the schedules with the fewest days."""
        self._cpsat.seconds = min(self._cpsat.seconds, self._whole / LATER_SHARE)
        self._units = self._whole / LATER_SHARE * UNITS_A_SECOND
        model = Model(self._problem, self._problem.makespan(self.best))
        sums = (_fitting(weights, model.last) for weights in self._goals.weights if any(weights))
        for weights in dict.fromkeys(sums):  # one section is often both the weakest and the whole
            if not self._improve(model, model.sum_of_ends(weights), "bringing value early"):
                return
        if self._goals.wishes:
            broken = model.broken(self._goals.wishes)
            if not self._improve(model, broken, "ordering what would rather wait"):
                return
        self.is_settled = self._start_early(model)

    def _start_early(self, model: Model) -> bool:
        for number, earliest in enumerate(self._problem.earliest()):
            if self.best[number] == earliest:
                model.fix(number, earliest)
            elif not self._improve(model, model.starts[number], "settling ties"):
                return False
        return True

    def _improve(self, model: Model, goal: Any, stage: str) -> bool:
        """Take the best schedule by the goal and keep to it; False when it is not proven."""
        model.minimise(goal)
        run = self._cpsat.run(model, stage, self.hint, units=self._units)
        self._units -= run.units
        if run.starts:
            self.best = self.hint = run.starts
        if run.is_proven:
            model.keep(goal, run.value)
        return run.is_proven

    def tidy(self) -> None:
        """Start what can start earlier, where no goal suffers."""
        shifted = left_shifted(self._problem, self.best)
        if self._worth(shifted) <= self._worth(self.best):
            self.best = shifted

    def _worth(self, starts: Starts) -> tuple[int, ...]:
        return (self._problem.makespan(starts), *worth(self._problem, self._goals, starts))


def worth(problem: SchedulingProblem, goals: Goals, starts: Starts) -> tuple[int, ...]:
    """Return what a schedule is worth by the goals, the less the better: sums and broken wishes."""
    ends = [start + task.days for start, task in zip(starts, problem.tasks, strict=True)]
    sums = (sum(w * e for w, e in zip(weights, ends, strict=True)) for weights in goals.weights)
    broken = (starts[wish.task] < min(ends[n] for n in wish.after) for wish in goals.wishes)
    return (*sums, sum(broken))


def _fitting(weights: Sequence[int], last: int) -> tuple[int, ...]:
    """Return the weights in units that keep their sum small enough, by halves."""
    divisor = math.gcd(*weights)
    fitting = [weight // divisor for weight in weights]
    while sum(fitting) * last >= _LARGEST:
        fitting = [weight // 2 for weight in fitting]
    return tuple(fitting)
