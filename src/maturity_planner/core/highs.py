"""The only importer of the MILP solver: a few columns and rows in, what HiGHS says of them out.

HiGHS computes in floats. What leaves here are candidates and prices; `solver.py` decides.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Objective = Mapping[int, int]
"""Integer weight per column; the weighted sum of the columns is made as small as possible."""

Row = tuple[dict[int, int], int]
"""Weights and the least that their sum may be."""

Watcher = Callable[[str], None]
"""Is told, about twenty times a second, what the search is busy with."""

_FEASIBLE = 2
"""HiGHS' kSolutionStatusFeasible."""


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
        solver = _loaded(free, most, rows, weights, is_integer=True)
        if start is not None:
            import highspy

            solution = highspy.HighsSolution()
            solution.col_value = [float(value) for value in start]
            solver.setSolution(solution)
        self._run(solver)
        values = None
        if solver.getInfo().primal_solution_status == _FEASIBLE:
            values = [round(value) for value in solver.getSolution().col_value]
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
