"""The only importer of CP-SAT: a project in, the best schedule by several goals and a bound out.

The order of the goals: the fewest days; then each weighted sum of ends; then the fewest wishes out
of order; then the earliest start of the first task, of the second one, and so on, so that one
schedule is left. Each goal is searched with what is proven of those before it kept. All but one
of the searches have a single thread and limits in CP-SAT's own deterministic time: the same path on
every machine. The exception is a proof of the fewest days that such a search has not found; where
it has to choose the schedule, or the clock ends a search, ties are not settled.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .heuristic import left_shifted, short_schedules, tails
from .project import Project, Starts

Watcher = Callable[[str], None]
"""Is told, about twenty times a second, what the search is busy with."""

MOST_THREADS = 2

LATER_SHARE = 4
"""The goals after the fewest days get a quarter of the time, or what is left of it."""

UNITS_A_SECOND = 0.1
"""Of CP-SAT's deterministic time. Two cores of today do 0.15 to 0.5: the clock comes second."""

_LARGEST = 1 << 52
"""Weighted sums stay below: exact in the float that CP-SAT reports them in."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A task that would rather start when one of several others is finished."""

    task: int
    after: tuple[int, ...]


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
    project: Project,
    goals: Goals,
    *,
    seconds: float,
    watch: Watcher = lambda _: None,
) -> Found:
    """Return the best schedule that could be found in that time.

    >>> from .project import Task
    >>> two = Project((Task(2, {0: 1}), Task(3, {0: 1})), (1,))
    >>> place(two, Goals(((1, 9),)), seconds=10).starts
    (3, 0)
    """
    if project.is_empty:
        return Found((), 0, is_settled=True)
    search = _Search(project, goals, seconds, watch)
    search.prove_days()
    if search.bound == project.makespan(search.best):
        search.settle()
    if not search.is_settled:
        search.tidy()
    assert not list(project.breaches(search.best)), "the search broke a rule"
    return Found(search.best, search.bound, search.is_settled, search.is_interrupted)


class _Search:
    """Goes from goal to goal.

    `best` is the best schedule known; `hint` is the best that does not depend on the clock.
    """

    def __init__(self, project: Project, goals: Goals, seconds: float, watch: Watcher) -> None:
        self._project = project
        self._goals = goals
        self._whole = self._seconds = seconds
        self._watch = watch
        self.best = self.hint = min(short_schedules(project), key=project.makespan)
        self.bound = project.bound()
        self.is_settled = False
        self.is_interrupted = False

    def prove_days(self) -> None:
        """Search for the fewest days, until they are proven or the time is up."""
        if self.bound == self._project.makespan(self.best):
            return
        model = _Model(self._project, self._project.makespan(self.best))
        model.minimise_days(self.bound)
        half = self._whole / 2
        run = self._run(model, "proving the days", half, half * UNITS_A_SECOND)
        self.hint = run.starts or self.hint
        if not run.is_proven:
            self.best = self.hint
            run = self._run(model, "proving the days", self._seconds, threads=MOST_THREADS)
        self.best = run.starts or self.best
        self.bound = max(self.bound, run.bound)

    def settle(self) -> None:
        """Search for the best by the other goals among the schedules with the fewest days."""
        self._seconds = min(self._seconds, self._whole / LATER_SHARE)
        self._units = self._seconds * UNITS_A_SECOND
        model = _Model(self._project, self._project.makespan(self.best))
        sums = (_fitting(weights, model.last) for weights in self._goals.weights if any(weights))
        for weights in dict.fromkeys(sums):  # one section is often both the weakest and the whole
            if not self._improve(model, model.sum_of_ends(weights), "bringing value early"):
                return
        if self._goals.wishes:
            broken = model.broken(self._goals.wishes)
            if not self._improve(model, broken, "ordering what would rather wait"):
                return
        self.is_settled = self._start_early(model)

    def _start_early(self, model: _Model) -> bool:
        for number, earliest in enumerate(self._project.earliest()):
            if self.best[number] == earliest:
                model.fix(number, earliest)
            elif not self._improve(model, model.starts[number], "settling ties"):
                return False
        return True

    def _improve(self, model: _Model, goal: Any, stage: str) -> bool:
        """Take the best schedule by the goal and keep to it; False when it is not proven."""
        model.minimise(goal)
        run = self._run(model, stage, self._seconds, self._units)
        self._units -= run.units
        if run.starts:
            self.best = self.hint = run.starts
        if run.is_proven:
            model.keep(goal, run.value)
        return run.is_proven

    def tidy(self) -> None:
        """Start what can start earlier, where no goal suffers."""
        shifted = left_shifted(self._project, self.best)
        if self._worth(shifted) <= self._worth(self.best):
            self.best = shifted

    def _worth(self, starts: Starts) -> tuple[int, ...]:
        return (self._project.makespan(starts), *worth(self._project, self._goals, starts))

    def _run(
        self,
        model: _Model,
        stage: str,
        seconds: float,
        units: float = math.inf,
        threads: int = 1,
    ) -> _Run:
        """Search beside the main thread, so that Ctrl-C is heard at once."""
        if self.is_interrupted or self._seconds <= 0 or units <= 0:
            return _Run(None, False, 0, 0, 0)
        solver = model.solver(self.hint if threads == 1 else self.best)
        solver.parameters.num_workers = threads
        solver.parameters.max_time_in_seconds = min(seconds, self._seconds)
        solver.parameters.max_deterministic_time = units
        worker = threading.Thread(target=model.solve, args=(solver,), daemon=True)
        worker.start()
        while worker.is_alive():
            try:
                worker.join(0.05)
                self._watch(stage)
            except KeyboardInterrupt:
                self.is_interrupted = True
            if self.is_interrupted:
                solver.stop_search()
        self._seconds -= solver.wall_time
        return model.outcome(solver)


def worth(project: Project, goals: Goals, starts: Starts) -> tuple[int, ...]:
    """Return what a schedule is worth by the goals, the less the better: sums and broken wishes."""
    ends = [start + task.days for start, task in zip(starts, project.tasks, strict=True)]
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


@dataclass(frozen=True, slots=True)
class _Run:
    """What one search brought; `units` of deterministic time were used."""

    starts: Starts | None
    is_proven: bool
    value: int
    bound: int
    units: float


class _Model:
    """The project as CP-SAT has it: an interval a task, a cumulative resource a group."""

    def __init__(self, project: Project, last: int) -> None:
        """State every rule, and that all is done by the last day."""
        from ortools.sat.python import cp_model

        self.last = last
        self._level = 1
        self._model = cp_model.CpModel()
        new = self._model
        rest = tails(project)
        self.starts = [
            new.new_int_var(first, last - rest[n], f"start {n}")
            for n, first in enumerate(project.earliest())
        ]
        self._ends = [s + t.days for s, t in zip(self.starts, project.tasks, strict=True)]
        spans = [
            new.new_fixed_size_interval_var(start, task.days, f"span {n}")
            for n, (start, task) in enumerate(zip(self.starts, project.tasks, strict=True))
        ]
        for number, task in enumerate(project.tasks):
            for need in task.after:
                new.add_bool_or(self._is_after(number, other) for other in need)
        for group, people in enumerate(project.people):
            users = [n for n, task in enumerate(project.tasks) if task.people.get(group)]
            taken = [project.tasks[n].people[group] for n in users]
            gaps = [gap for gap in project.gaps if gap.group == group and gap.first < last]
            away = [
                new.new_fixed_size_interval_var(gap.first, gap.last - gap.first, "gap")
                for gap in gaps
            ]
            if users:
                demands = taken + [gap.people for gap in gaps]
                new.add_cumulative([spans[n] for n in users] + away, demands, people)

    def _is_after(self, number: int, other: int) -> Any:
        """Return a Boolean that only holds when the task starts after the other is finished."""
        holds = self._model.new_bool_var(f"{number} after {other}")
        self._model.add(self.starts[number] >= self._ends[other]).only_enforce_if(holds)
        return holds

    def minimise_days(self, bound: int) -> None:
        """Ask for the fewest days, of which there are no fewer than the bound."""
        days = self._model.new_int_var(bound, self.last, "days")
        self._model.add_max_equality(days, self._ends)
        self._model.minimize(days)

    def sum_of_ends(self, weights: Sequence[int]) -> Any:
        """Return the weighted sum of the ends."""
        return sum(weight * end for weight, end in zip(weights, self._ends, strict=True))

    def broken(self, wishes: Sequence[Wish]) -> Any:
        """Return the number of wishes that are not kept."""
        broken = []
        for n, wish in enumerate(wishes):
            is_broken = self._model.new_bool_var(f"wish {n} broken")
            kept = [self._is_after(wish.task, other) for other in wish.after]
            self._model.add_bool_or([is_broken, *kept])
            broken.append(is_broken)
        return sum(broken)

    def minimise(self, goal: Any) -> None:
        """Ask for the least of the goal."""
        # With all rules relaxed to linear ones, too, sums of ends are proven up to a hundred times
        # as fast: 13 tasks of one person each on a team of four in 0.3 s instead of 20 s and more.
        self._level = 2
        self._model.clear_objective()
        self._model.minimize(goal)

    def keep(self, goal: Any, value: int) -> None:
        """Allow only schedules that have this value."""
        self._model.add(goal <= value)

    def fix(self, number: int, start: int) -> None:
        """Start the task on this day."""
        self._model.add(self.starts[number] == start)

    def solver(self, hint: Starts) -> Any:
        """Return a solver that starts from the hint."""
        from ortools.sat.python import cp_model

        self._model.clear_hints()
        for variable, day in zip(self.starts, hint, strict=True):
            self._model.add_hint(variable, day)
        solver = cp_model.CpSolver()
        solver.parameters.linearization_level = self._level
        return solver

    def solve(self, solver: Any) -> None:
        """Run the solver."""
        solver.solve(self._model)

    def outcome(self, solver: Any) -> _Run:
        """Return what the solver has found."""
        response = solver.response_proto
        name, units = solver.status_name(response.status), response.deterministic_time
        bound = math.ceil(response.best_objective_bound - 1e-6)
        if name not in ("OPTIMAL", "FEASIBLE"):
            return _Run(None, False, 0, bound, units)
        starts = tuple(solver.value(start) for start in self.starts)
        return _Run(starts, name == "OPTIMAL", round(solver.objective_value), bound, units)
