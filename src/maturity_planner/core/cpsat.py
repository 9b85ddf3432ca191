"""The only importer of CP-SAT: a problem in, the best schedule by one goal after the other out.

CP-SAT decides in integers; what it computes with floats are hints of its own.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .heuristic import tails
from .scheduling_problem import SchedulingProblem, Starts
from .searching import Watcher


@dataclass(frozen=True, slots=True)
class Wish:
    """A task that would rather start when one of several others is finished."""

    task: int
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What one search brought; `units` of deterministic time were used."""

    starts: Starts | None = None
    is_proven: bool = False
    value: int = 0
    bound: int = 0
    units: float = 0


class CpSat:
    """Runs CP-SAT within a time that all runs share, and stops at once on Ctrl-C."""

    def __init__(self, seconds: float, watch: Watcher) -> None:
        """Start with the whole time."""
        self.seconds = seconds
        self.is_interrupted = False
        self._watch = watch

    def run(
        self,
        model: Model,
        stage: str,
        hint: Starts,
        *,
        seconds: float = math.inf,
        units: float = math.inf,
        threads: int = 1,
    ) -> Run:
        """Search from the hint on; nothing is found where there is no time left.

        `units` limit CP-SAT's deterministic time: with one thread, every machine comes as far.
        """
        if self.is_interrupted or self.seconds <= 0 or units <= 0:
            return Run()
        solver = model.solver(hint)
        solver.parameters.num_workers = threads
        # Else CP-SAT takes Ctrl-C for itself, in a thread that cannot, and aborts the process.
        solver.parameters.catch_sigint_signal = False
        solver.parameters.max_time_in_seconds = min(seconds, self.seconds)
        solver.parameters.max_deterministic_time = units
        # Beside the main thread, so that Ctrl-C is heard at once.
        worker = threading.Thread(target=model.solve, args=(solver,), daemon=True)
        worker.start()
        is_busy = True
        while is_busy:
            try:
                worker.join(0.05)
                self._watch(stage)
            except KeyboardInterrupt:
                self.is_interrupted = True
            is_busy = worker.is_alive()
            if self.is_interrupted and is_busy:
                solver.stop_search()
        self.seconds -= solver.wall_time
        return model.outcome(solver)


class Model:
    """The problem as CP-SAT has it: an interval a task, a cumulative resource a group."""

    def __init__(self, problem: SchedulingProblem, last: int) -> None:
        """State every rule, and that all is done by the last day."""
        from ortools.sat.python import cp_model

        self.last = last
        self._level = 1
        self._model = cp_model.CpModel()
        new = self._model
        rest = tails(problem)
        self.starts = [
            new.new_int_var(first, last - rest[n], f"start {n}")
            for n, first in enumerate(problem.earliest())
        ]
        self._ends = [s + t.days for s, t in zip(self.starts, problem.tasks, strict=True)]
        spans = [
            new.new_fixed_size_interval_var(start, task.days, f"span {n}")
            for n, (start, task) in enumerate(zip(self.starts, problem.tasks, strict=True))
        ]
        for number, task in enumerate(problem.tasks):
            for need in task.after:
                new.add_bool_or(self._is_after(number, other) for other in need)
        for group, people in enumerate(problem.people):
            users = [n for n, task in enumerate(problem.tasks) if task.people.get(group)]
            taken = [problem.tasks[n].people[group] for n in users]
            gaps = [gap for gap in problem.gaps if gap.group == group and gap.first < last]
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
        for wish in wishes:
            is_broken = self._model.new_bool_var("broken")
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

    def outcome(self, solver: Any) -> Run:
        """Return what the solver has found."""
        response = solver.response_proto
        name, units = solver.status_name(response.status), response.deterministic_time
        if name not in ("OPTIMAL", "FEASIBLE"):  # its bound means nothing yet
            return Run(units=units)
        bound = math.ceil(response.best_objective_bound - 1e-6)
        starts = tuple(solver.value(start) for start in self.starts)
        return Run(starts, name == "OPTIMAL", round(solver.objective_value), bound, units)
