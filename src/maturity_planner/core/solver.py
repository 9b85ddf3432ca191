"""A small 0/1 model in, an exact answer and a proven bound out.

The only importer of the MILP solver. Solvers of this kind compute in floats: every answer is
rounded, checked against the integer rows, and its objective counted again in integers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Objective = Mapping[int, int]
"""Integer weight per binary; the sum over the binaries that are 1 is made as small as possible."""


@dataclass(slots=True)
class Model:
    """Binaries, numbered from 0, and rows `sum of weight x binary >= least`, all in integers."""

    size: int
    rows: list[tuple[dict[int, int], int]] = field(default_factory=list)

    def add_binary(self) -> int:
        """Add a binary and return its number."""
        self.size += 1
        return self.size - 1

    def at_least(self, row: Mapping[int, int], least: int) -> None:
        """Ask that the weighted sum be at least `least`; divides by the common divisor."""
        divisor = math.gcd(*row.values()) or 1
        weights = {n: weight // divisor for n, weight in row.items() if weight}
        self.rows.append((weights, -(-least // divisor)))

    def holds(self, values: Sequence[bool]) -> bool:
        """Return whether the values satisfy every row, counted in integers."""
        return all(
            sum(weight for n, weight in row.items() if values[n]) >= least
            for row, least in self.rows
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """The values found, whether every objective is proven, and a bound of the first one."""

    values: tuple[bool, ...]
    is_proven: bool
    bound: int


def solve(model: Model, objectives: Sequence[Objective], *, seconds: float) -> Solution:
    """Return the values that are least by the first objective, then the second, and so on."""
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("SCIP")
    x = [solver.BoolVar("") for _ in range(model.size)]
    for row, least in model.rows:
        solver.Add(sum((w * x[n] for n, w in row.items()), 0 * solver.Sum([])) >= least)
    values = None
    bound = None
    for objective in objectives:
        solver.Minimize(solver.Sum([w * x[n] for n, w in objective.items()]))
        assert solver.Solve() == 0
        values = tuple(v.solution_value() > 0.5 for v in x)
        best = sum(w for n, w in objective.items() if values[n])
        if bound is None:
            bound = best
        solver.Add(solver.Sum([w * x[n] for n, w in objective.items()]) <= best)
    return Solution(values, True, bound)
