"""A small 0/1 model in, an exact answer and a proven bound out.

The only importer of the MILP solver (HiGHS). It finds candidates; Python's integers decide: every
answer is checked against the integer rows and counted again, and a lower bound is the Lagrangian
one of the linear relaxation, with the solver's duals rounded to fractions of 2**40 (any duals
give a valid bound, so their error cannot make it wrong).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Objective = Mapping[int, int]
"""Integer weight per column; the weighted sum of the columns is made as small as possible."""

Watcher = Callable[[str], None]
"""Is told, about twenty times a second, what the search is busy with."""

Row = tuple[dict[int, int], int]
"""Weights and the least that their sum may be."""

_SCALE = 1 << 40
_FEASIBLE = 2
"""HiGHS' kSolutionStatusFeasible."""

_CHUNK = 20
"""Binaries that one objective can put in order with weights 2**0 to 2**19, exact in a float."""


@dataclass(slots=True)
class Model:
    """Columns, numbered from 0, and rows `sum of weight x column >= least`, all in integers.

    A column takes whole values from 0 to its entry in `most`; one with 1 there is a binary.
    """

    most: list[int]
    rows: list[Row] = field(default_factory=list)

    def add_column(self, most: int = 1) -> int:
        """Add a column and return its number."""
        self.most.append(most)
        return len(self.most) - 1

    def at_least(self, row: Mapping[int, int], least: int) -> None:
        """Ask that the weighted sum be at least `least`; divides by the common divisor."""
        weights = {n: weight for n, weight in row.items() if weight}
        divisor = math.gcd(*weights.values()) or 1
        scaled = {n: weight // divisor for n, weight in weights.items()}
        self.rows.append((scaled, -(-least // divisor)))


@dataclass(frozen=True, slots=True)
class Solution:
    """The values found, whether every objective is proven, and a bound of the first one."""

    values: tuple[int, ...]
    is_proven: bool
    bound: int
    is_interrupted: bool = False


class OutOfTime(Exception):
    """The time was up before anything was found."""


def solve(
    model: Model,
    objectives: Sequence[tuple[str, Objective]],
    *,
    start: Sequence[int] | None,
    settled: int,
    seconds: float,
    watch: Watcher = lambda _: None,
) -> Solution | None:
    """Return the values that are least by the first objective, then the second, and so on.

    Among values that tie in all of them it is those whose first difference, in the order of the
    first `settled` columns, is a 1: the same values whatever path the solver takes. `start` are
    values that hold, if some are known. Each objective comes with a name for `watch`. Ctrl-C and
    the end of the time return the best values so far. None: nothing holds.

    Raises:
        KeyboardInterrupt: before any values were found.
        OutOfTime: the same.
    """
    search = _Search(model, start, seconds, watch)
    bound = 0
    for stage, (name, objective) in enumerate(objectives):
        search.stage = name
        is_proven, least = search.minimise(objective)
        if search.values is None:
            if search.is_interrupted:
                raise KeyboardInterrupt
            if not search.is_complete:
                raise OutOfTime
            return None
        bound = least if stage == 0 else bound
        if not is_proven:
            return Solution(tuple(search.values), False, bound, search.is_interrupted)
    search.stage = "settling ties"
    is_proven = search.settle(settled)
    return Solution(tuple(search.best()), is_proven, bound, search.is_interrupted)


class _Search:
    """One lexicographic search; binaries that are the same in every optimum become fixed."""

    def __init__(
        self, model: Model, start: Sequence[int] | None, seconds: float, watch: Watcher
    ) -> None:
        self.most = model.most
        self.values = None if start is None else list(start)
        self.stage = ""
        self.is_interrupted = False
        self.is_complete = True
        self._rows = list(model.rows)
        self._fixed: dict[int, int] = {}
        self._seconds = seconds
        self._watch = watch
        assert self.values is None or self._holds(self.values), "the start does not hold"

    def best(self) -> list[int]:
        assert self.values is not None
        return self.values

    def minimise(self, objective: Objective, *, keep: bool = True) -> tuple[bool, int]:
        """Make the objective as small as it can be; return whether that is proven, and a bound.

        With `keep` the least value becomes a row, and what it rules out becomes fixed.
        """
        unit = math.gcd(*objective.values()) or 1
        weights = {n: weight // unit for n, weight in objective.items() if weight}
        rows, constant = self._reduced(weights)
        free = [n for n in range(len(self.most)) if n not in self._fixed]
        duals = self._duals(free, rows, weights)
        reduced, low = _lagrangian(free, self.most, rows, weights, duals)
        bound = -(-low // _SCALE) + constant
        if self.values is None or _count(weights, self.values) > bound:
            self.is_complete = self._improve(free, rows, weights, constant)
            if self.values is None or not self.is_complete:
                return False, bound * unit
        found = _count(weights, self.values)
        if keep:
            for n in free:
                if self.most[n] == 1 and abs(reduced[n]) > (found - constant) * _SCALE - low:
                    self._fixed[n] = int(reduced[n] < 0)
            self._rows.append(({n: -weight for n, weight in weights.items()}, -found))
        return True, found * unit

    def settle(self, count: int) -> bool:
        """Choose among the values that still tie; return whether the choice is proven.

        First it looks for any other values that tie, which most often do not exist; then it puts
        the binaries that can differ in order.
        """
        loose: set[int] = set()
        while True:
            values = self.best()
            asked = [n for n in range(count) if n not in self._fixed and n not in loose]
            if not asked:
                break
            is_proven, _ = self.minimise({n: 1 if values[n] else -1 for n in asked}, keep=False)
            if not is_proven:
                return False
            differing = {n for n in asked if self.best()[n] != values[n]}
            if not differing:
                break
            loose |= differing
        for n in range(count):
            if n not in loose:
                self._fixed.setdefault(n, self.best()[n])
        order = sorted(loose)
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            if not self.minimise({n: -(1 << (_CHUNK - k)) for k, n in enumerate(chunk)})[0]:
                return False
        return True

    def _reduced(self, weights: Objective) -> tuple[list[Row], int]:
        """Return the rows without the fixed columns, and what those add to the objective."""
        constant = sum(w * self._fixed.get(n, 0) for n, w in weights.items())
        rows = []
        for row, least in self._rows:
            free = {n: w for n, w in row.items() if n not in self._fixed}
            rest = least - sum(w * self._fixed.get(n, 0) for n, w in row.items())
            if sum(w * self.most[n] for n, w in free.items() if w < 0) < rest:
                rows.append((free, rest))
        return rows, constant

    def _duals(
        self, free: Sequence[int], rows: Sequence[Row], weights: Objective
    ) -> Sequence[float]:
        """Return the duals of the linear relaxation; zeros where there are none to be had."""
        if free and rows and not self.is_interrupted:
            solver = _loaded(free, self.most, rows, weights, is_integer=False)
            self._run(solver)
            duals: list[float] = list(solver.getSolution().row_dual)
            if len(duals) == len(rows):
                return duals
        return [0.0] * len(rows)

    def _improve(
        self, free: Sequence[int], rows: Sequence[Row], weights: Objective, constant: int
    ) -> bool:
        """Look for better values; return whether the search was complete."""
        wanted = list(rows)
        if self.values is not None:
            best = _count(weights, self.values) - constant
            wanted.append(({n: -weights[n] for n in free if n in weights}, 1 - best))
        if any(
            sum(w * self.most[n] for n, w in row.items() if w > 0) < least for row, least in wanted
        ):
            return True  # a row that nothing can meet: there are no better values
        solver = _loaded(free, self.most, wanted, weights, is_integer=True)
        self._run(solver)
        if solver.getInfo().primal_solution_status == _FEASIBLE:
            values = [self._fixed.get(n, 0) for n in range(len(self.most))]
            for n, value in zip(free, solver.getSolution().col_value, strict=True):
                values[n] = round(value)
            if not self._holds(values):
                raise ArithmeticError("the solver's answer does not hold in integers")
            self.values = values
        return solver.getModelStatus().name in ("kOptimal", "kInfeasible")

    def _holds(self, values: Sequence[int]) -> bool:
        return all(_count(row, values) >= least for row, least in self._rows)

    def _run(self, solver: Any) -> None:
        """Run the solver beside the main thread, so that Ctrl-C is heard at once."""
        solver.setOptionValue("time_limit", max(0.01, self._seconds))
        worker = threading.Thread(target=solver.run, daemon=True)
        worker.start()
        while worker.is_alive():
            try:
                worker.join(0.05)
                self._watch(self.stage)
            except KeyboardInterrupt:
                self.is_interrupted = True
                self._seconds = 0
                solver.cancelSolve()
        self._seconds -= solver.getRunTime()


def _count(weights: Mapping[int, int], values: Sequence[int]) -> int:
    return sum(weight * values[n] for n, weight in weights.items())


def _lagrangian(
    free: Sequence[int],
    most: Sequence[int],
    rows: Sequence[Row],
    weights: Objective,
    duals: Sequence[float],
) -> tuple[dict[int, int], int]:
    """Return reduced costs and a lower bound for these duals, both in 1 / _SCALE."""
    reduced = {n: weights.get(n, 0) * _SCALE for n in free}
    low = 0
    for (row, least), dual in zip(rows, duals, strict=True):
        price = int(dual * _SCALE)
        if price > 0:
            low += price * least
            for n, weight in row.items():
                reduced[n] -= price * weight
    return reduced, low + sum(cost * most[n] for n, cost in reduced.items() if cost < 0)


def _loaded(
    free: Sequence[int],
    most: Sequence[int],
    rows: Sequence[Row],
    weights: Objective,
    *,
    is_integer: bool,
) -> Any:
    """Return a HiGHS instance with the problem in it."""
    import highspy
    import numpy as np

    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("threads", 1),  # one thread: the same path on every machine
        ("random_seed", 0),
    ):
        solver.setOptionValue(option, value)
    column = {n: k for k, n in enumerate(free)}
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(free), len(rows)
    problem.col_cost_ = np.array([weights.get(n, 0) for n in free], float)
    problem.col_lower_ = np.zeros(len(free))
    problem.col_upper_ = np.array([most[n] for n in free], float)
    problem.row_lower_ = np.array([least for _, least in rows], float)
    problem.row_upper_ = np.full(len(rows), highspy.kHighsInf)
    matrix = problem.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(row) for row, _ in rows)], dtype=np.int32)
    matrix.index_ = np.array([column[n] for row, _ in rows for n in row], np.int32)
    matrix.value_ = np.array([w for row, _ in rows for w in row.values()], float)
    if is_integer:
        problem.integrality_ = [highspy.HighsVarType.kInteger] * len(free)
    solver.passModel(problem)
    return solver
