"""The only importer of the MILP solver: a few columns and rows in, what HiGHS says of them out.

HiGHS computes in floats. What leaves here are candidates and prices; `solver.py` decides.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .searching import Watcher

Objective = Mapping[int, int]
"""Integer weight per column; the weighted sum of the columns is made as small as possible."""

Row = tuple[dict[int, int], int]
"""Weights and the least that their sum may be."""

_FEASIBLE = 2
"""HiGHS' kSolutionStatusFeasible."""

_COARSE = 1 << 17
"""Beside a larger number in a row HiGHS may overlook a 1."""

_BITS = 15
"""Of a part of such a number."""


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

    def at_least(self, row: Objective, least: int) -> None:
        """Ask that the weighted sum be at least `least`; divides by the common divisor."""
        weights = {n: weight for n, weight in row.items() if weight}
        divisor = math.gcd(*weights.values()) or 1
        scaled = {n: weight // divisor for n, weight in weights.items()}
        self.rows.append((scaled, -(-least // divisor)))


class Highs:
    """Runs HiGHS within a time that all runs share, and stops at once on Ctrl-C."""

    def __init__(self, seconds: float, watch: Watcher) -> None:
        """Start with the whole time."""
        self.stage = ""
        self.is_interrupted = False
        self._seconds = seconds
        self._watch = watch

    def duals(
        self, free: Sequence[int], most: Sequence[int], rows: Sequence[Row], weights: Objective
    ) -> Sequence[float]:
        """Return the duals of the linear relaxation; zeros where there are none to be had."""
        if free and rows and not self.is_interrupted:
            solver = _loaded(free, most, rows, weights, is_integer=False)
            self._run(solver)
            duals: list[float] = list(solver.getSolution().row_dual)
            if len(duals) == len(rows):
                return duals
        return [0.0] * len(rows)

    def minimise(
        self,
        free: Sequence[int],
        most: Sequence[int],
        rows: Sequence[Row],
        weights: Objective,
        start: Sequence[int] | None = None,
    ) -> tuple[list[int] | None, bool]:
        """Return the best values of the free columns, and whether the search was complete.

        `start` are values that hold. None: nothing was found.
        """
        fine = Fine(rows, most)
        columns = [*free, *range(len(most), len(fine.most))]
        solver = _loaded(columns, fine.most, fine.rows, weights, is_integer=True)
        for k in range(len(free), len(columns)):
            solver.changeColBounds(k, -1.0, float(fine.most[columns[k]]))
        if start is not None:
            import highspy

            solution = highspy.HighsSolution()
            solution.col_value = [float(value) for value in fine.carried(free, start)]
            solver.setSolution(solution)
        self._run(solver)
        values = None
        if solver.getInfo().primal_solution_status == _FEASIBLE:
            values = [round(value) for value in solver.getSolution().col_value[: len(free)]]
        return values, solver.getModelStatus().name in ("kOptimal", "kInfeasible")

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


class Fine:
    """The same rows in numbers that a float can tell apart.

    HiGHS lets a row be missed by a millionth of its largest number. Where that may be 1 or more,
    a row is taken in two, as in adding on paper: M a + b >= M s + t, with b and t from 0 to M - 1,
    holds where a + c >= s does for a whole number c with M c <= b - t. That is the carry, which
    gets a column of its own; it is -1 or more.
    """

    def __init__(self, rows: Sequence[Row], most: Sequence[int]) -> None:
        """Take the rows in parts until each is fine enough."""
        self.most = [*most]
        self.rows: list[Row] = []
        self._carries: list[tuple[Objective, int]] = []
        for row in rows:
            self._add(row)

    def carried(self, free: Sequence[int], values: Sequence[int]) -> list[int]:
        """Return the values of the free columns, and those of the carries that go with them."""
        all_values = dict(zip(free, values, strict=True))
        for column, (fine, least) in enumerate(self._carries, len(self.most) - len(self._carries)):
            sum_of_fine = sum(weight * all_values[n] for n, weight in fine.items())
            all_values[column] = (sum_of_fine - least) >> _BITS
        return list(all_values.values())

    def _add(self, row: Row) -> None:
        weights, least = row
        unit = math.gcd(*weights.values()) or 1
        if max(map(abs, weights.values()), default=0) <= _COARSE * unit:
            self.rows.append(row)
            return
        mask = (1 << _BITS) - 1
        weights, least = {n: w // unit for n, w in weights.items()}, -(-least // unit)
        fine = {n: w & mask for n, w in weights.items() if w & mask}
        carry = len(self.most)
        highest = sum(w * self.most[n] for n, w in fine.items()) - (least & mask)
        self.most.append(max(highest >> _BITS, -1))
        self._carries.append((fine, least & mask))
        self.rows.append((fine | {carry: -(1 << _BITS)}, least & mask))
        coarse = {n: w >> _BITS for n, w in weights.items() if w >> _BITS}
        self._add((coarse | {carry: 1}, least >> _BITS))


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
    solver.HandleUserInterrupt = True  # without it, cancelSolve waits for the end of the search
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
