"""A small 0/1 model in, an exact answer and a proven bound out.

The only importer of the MILP solver (HiGHS). It finds candidates; Python's integers decide: every
answer is checked against the integer rows and counted again, and a lower bound is the Lagrangian
one of the linear relaxation, with the solver's duals rounded to fractions of 2**40 (any duals
give a valid bound, so their error cannot make it wrong).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Objective = Mapping[int, int]
"""Integer weight per binary; the sum over the binaries that are 1 is made as small as possible."""

Row = tuple[dict[int, int], int]
"""Weights and the least that their sum may be."""

_SCALE = 1 << 40
_CHUNK = 20
"""Binaries that one objective can put in order with weights 2**0 to 2**19, exact in a float."""


@dataclass(slots=True)
class Model:
    """Binaries, numbered from 0, and rows `sum of weight x binary >= least`, all in integers."""

    size: int
    rows: list[Row] = field(default_factory=list)

    def add_binary(self) -> int:
        """Add a binary and return its number."""
        self.size += 1
        return self.size - 1

    def at_least(self, row: Mapping[int, int], least: int) -> None:
        """Ask that the weighted sum be at least `least`; divides by the common divisor."""
        weights = {n: weight for n, weight in row.items() if weight}
        divisor = math.gcd(*weights.values()) or 1
        scaled = {n: weight // divisor for n, weight in weights.items()}
        self.rows.append((scaled, -(-least // divisor)))


@dataclass(frozen=True, slots=True)
class Solution:
    """The values found, whether every objective is proven, and a bound of the first one."""

    values: tuple[bool, ...]
    is_proven: bool
    bound: int


class OutOfTime(Exception):
    """The time was up before anything was found."""


def solve(model: Model, objectives: Sequence[Objective], *, seconds: float) -> Solution:
    """Return the values that are least by the first objective, then the second, and so on.

    Among values that tie in all of them it is those whose first difference, in the order of the
    binaries, is a 1: the same values whatever path the solver takes. The model has to have
    a solution.

    Raises:
        OutOfTime: nothing was found in the given time.
    """
    search = _Search(model, seconds)
    bound = 0
    for stage, objective in enumerate(objectives):
        is_proven, least = search.minimise(objective)
        bound = least if stage == 0 else bound
        if not is_proven:
            return Solution(tuple(search.best()), False, bound)
    is_proven = search.settle()
    return Solution(tuple(search.best()), is_proven, bound)


class _Search:
    """One lexicographic search; binaries that are the same in every optimum become fixed."""

    def __init__(self, model: Model, seconds: float) -> None:
        self._size = model.size
        self._rows = list(model.rows)
        self._fixed: dict[int, bool] = {}
        self._values: list[bool] | None = None
        self._seconds = seconds

    def best(self) -> list[bool]:
        if self._values is None:
            raise OutOfTime("no plan was found in the time given")
        return self._values

    def minimise(self, objective: Objective, *, keep: bool = True) -> tuple[bool, int]:
        """Make the objective as small as it can be; return whether that is proven, and a bound.

        With `keep` the least value becomes a row, and what it rules out becomes fixed.
        """
        unit = math.gcd(*objective.values()) or 1
        weights = {n: weight // unit for n, weight in objective.items() if weight}
        rows, constant = self._reduced(weights)
        free = [n for n in range(self._size) if n not in self._fixed]
        duals = _relaxation(free, rows, weights, self)
        reduced, low = _lagrangian(free, rows, weights, duals)
        bound = -(-low // _SCALE) + constant
        found = None if self._values is None else _count(weights, self._values)
        if found is None or found > bound:
            is_complete = self._improve(free, rows, weights, constant)
            found = None if self._values is None else _count(weights, self._values)
            if not is_complete:
                return False, bound * unit
        assert found is not None, "the model has no solution"
        if keep:
            for n in free:
                if abs(reduced[n]) > (found - constant) * _SCALE - low:
                    self._fixed[n] = reduced[n] < 0
            self._rows.append(({n: -weight for n, weight in weights.items()}, -found))
        return True, found * unit

    def settle(self) -> bool:
        """Choose among the values that still tie; return whether the choice is proven.

        First it looks for any other values that tie, which most often do not exist; then it puts
        the binaries that can differ in order.
        """
        loose: set[int] = set()
        while True:
            values = self.best()
            asked = [n for n in range(self._size) if n not in self._fixed and n not in loose]
            if not asked:
                break
            is_proven, _ = self.minimise({n: 1 if values[n] else -1 for n in asked}, keep=False)
            if not is_proven:
                return False
            differing = {n for n in asked if self.best()[n] != values[n]}
            if not differing:
                break
            loose |= differing
        for n in range(self._size):
            if n not in loose:
                self._fixed.setdefault(n, self.best()[n])
        order = sorted(loose)
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            if not self.minimise({n: -(1 << (_CHUNK - k)) for k, n in enumerate(chunk)})[0]:
                return False
        return True

    def _reduced(self, weights: Objective) -> tuple[list[Row], int]:
        """Return the rows without the fixed binaries, and what those add to the objective."""
        constant = sum(w for n, w in weights.items() if self._fixed.get(n))
        rows = []
        for row, least in self._rows:
            free = {n: w for n, w in row.items() if n not in self._fixed}
            rest = least - sum(w for n, w in row.items() if self._fixed.get(n))
            if sum(w for w in free.values() if w < 0) < rest:
                rows.append((free, rest))
        return rows, constant

    def _improve(
        self, free: Sequence[int], rows: Sequence[Row], weights: Objective, constant: int
    ) -> bool:
        """Look for better values; return whether the search was complete."""
        wanted = list(rows)
        if self._values is not None:
            best = _count(weights, self._values) - constant
            wanted.append(({n: -weights.get(n, 0) for n in free if n in weights}, 1 - best))
        status, found = _highs(free, wanted, weights, self)
        if found is not None:
            values = [self._fixed.get(n, False) for n in range(self._size)]
            for n, value in zip(free, found, strict=True):
                values[n] = value > 0.5
            if not self._holds(values):
                raise ArithmeticError("the solver's answer does not hold in integers")
            self._values = values
        return status in ("Optimal", "Infeasible")

    def _holds(self, values: Sequence[bool]) -> bool:
        return all(_count(row, values) >= least for row, least in self._rows)

    def spend(self, seconds: float) -> None:
        """Take time off what is left."""
        self._seconds -= seconds

    @property
    def seconds(self) -> float:
        """The time that is left."""
        return max(0.01, self._seconds)


def _count(weights: Mapping[int, int], values: Sequence[bool]) -> int:
    return sum(weight for n, weight in weights.items() if values[n])


def _lagrangian(
    free: Sequence[int], rows: Sequence[Row], weights: Objective, duals: Sequence[float]
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
    return reduced, low + sum(cost for cost in reduced.values() if cost < 0)


def _relaxation(
    free: Sequence[int], rows: Sequence[Row], weights: Objective, search: _Search
) -> Sequence[float]:
    """Return the duals of the linear relaxation; zeros where there are none to be had."""
    if not free or not rows:
        return [0.0] * len(rows)
    solver = _loaded(free, rows, weights, search, is_integer=False)
    _run(solver, search)
    duals: list[float] = list(solver.getSolution().row_dual)
    return duals if len(duals) == len(rows) else [0.0] * len(rows)


def _highs(
    free: Sequence[int], rows: Sequence[Row], weights: Objective, search: _Search
) -> tuple[str, list[float] | None]:
    """Return the status of the integer problem and the values of the free binaries, if any."""
    if any(sum(w for w in row.values() if w > 0) < least for row, least in rows):
        return "Infeasible", None
    if not free:
        return "Optimal", []
    solver = _loaded(free, rows, weights, search, is_integer=True)
    _run(solver, search)
    has_values = solver.getInfo().primal_solution_status == 2  # kSolutionStatusFeasible
    values: list[float] = list(solver.getSolution().col_value)
    return solver.getModelStatus().name[1:], values if has_values else None


def _loaded(
    free: Sequence[int],
    rows: Sequence[Row],
    weights: Objective,
    search: _Search,
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
        ("time_limit", search.seconds),
    ):
        solver.setOptionValue(option, value)
    column = {n: k for k, n in enumerate(free)}
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(free), len(rows)
    problem.col_cost_ = np.array([weights.get(n, 0) for n in free], float)
    problem.col_lower_ = np.zeros(len(free))
    problem.col_upper_ = np.ones(len(free))
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


def _run(solver: Any, search: _Search) -> None:
    """Run the solver beside the main thread, so that Ctrl-C is heard at once."""
    worker = threading.Thread(target=solver.run, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.05)
    except KeyboardInterrupt:
        solver.cancelSolve()
        worker.join()
        raise
    search.spend(solver.getRunTime())
