"""A small 0/1 model in, an exact lexicographic answer and a proven bound out.

HiGHS finds candidates; Python's integers decide: every answer is checked against the integer rows
and counted again, and a lower bound is the Lagrangian one of the linear relaxation, with the
solver's duals rounded to fractions of 2**40 (any duals give a valid bound, so their error cannot
make it wrong).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .highs import Highs, Model, Objective, Row
from .searching import Watcher

_SCALE = 1 << 40
_CHUNK = 20
"""Binaries that one objective can put in order with weights 2**0 to 2**19, exact in a float."""

_JOINED = 1 << 30
_SAFE = 1 << 37
_LARGEST = 1 << 40
"""Sizes of an objective: of several in one, of a priced one, and where a float is not trusted."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The values found, and what is known about them.

    `proven` counts the objectives, in their order, in which nothing is better. All of them are, and
    what ties is settled, when it `is_settled`. `bound` is one of the first objective.
    """

    values: tuple[int, ...]
    proven: int
    is_settled: bool
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
    highs = Highs(seconds, watch)
    search = _Search(model, start, highs)
    search.trim(objectives[0][1])
    steps = _steps(model.most, objectives)
    proven = 0
    bound: int | None = None
    for step in steps:
        highs.stage = step.name
        is_proven, least = search.minimise(step.weights)
        if search.values is None:
            if highs.is_interrupted:
                raise KeyboardInterrupt
            if not search.is_complete:
                raise OutOfTime
            return None
        if is_proven:
            proven += step.objectives
        if bound is None:
            first = _count(objectives[0][1], search.values)
            bound = first if is_proven else min(first, step.bound(least))
        if not is_proven:
            return Solution(tuple(search.values), proven, False, bound, highs.is_interrupted)
    highs.stage = "settling ties"
    is_settled = search.settle(settled)
    return Solution(
        tuple(search.best()), len(objectives), is_settled, bound or 0, highs.is_interrupted
    )


@dataclass(slots=True)
class _Step:
    """Objectives that are made least in one search: the first by far the dearest, and so on.

    The first one is `factor` x what it was in `unit`, and all others together are at most `rest`.
    """

    name: str
    weights: Objective
    unit: int
    factor: int = 1
    rest: int = 0
    objectives: int = 1

    def bound(self, least: int) -> int:
        """Return a bound of the first objective, given one of all together."""
        return -(-(least - self.rest) // self.factor) * self.unit

    def joined(self, weights: Objective, most: Sequence[int]) -> _Step | None:
        """Return a step that makes this least, too; None when the figures get too large."""
        span = _size(weights, most)
        factor = span + 1
        both = {n: factor * weight for n, weight in self.weights.items()}
        for n, weight in weights.items():
            both[n] = both.get(n, 0) + weight
        if _size(both, most) > _JOINED:
            return None
        rest = self.rest * factor + sum(w * most[n] for n, w in weights.items() if w > 0)
        return _Step(self.name, both, self.unit, self.factor * factor, rest, self.objectives + 1)


def _steps(most: Sequence[int], objectives: Sequence[tuple[str, Objective]]) -> list[_Step]:
    """Return the objectives, several in one step where that is exact; repeated ones are free."""
    steps: list[_Step] = []
    seen: list[Objective] = []
    for name, objective in objectives:
        unit = math.gcd(*objective.values()) or 1
        weights = {n: weight // unit for n, weight in objective.items() if weight}
        if weights in seen:
            steps[-1].objectives += 1
        elif steps and (joined := steps[-1].joined(weights, most)):
            steps[-1] = joined
        else:
            steps.append(_Step(name, weights, unit))
        seen.append(weights)
    return steps


class _Search:
    """One lexicographic search; binaries that are the same in every optimum become fixed."""

    def __init__(self, model: Model, start: Sequence[int] | None, highs: Highs) -> None:
        self.most = model.most
        self.values = None if start is None else list(start)
        self.is_complete = True
        self._highs = highs
        self._rows = model.rows
        self._settled: list[tuple[Objective, int]] = []
        self._prices: list[int] = []
        self._fixed: dict[int, int] = {}
        assert self.values is None or self._holds(self.values), "the start does not hold"

    def trim(self, objective: Objective) -> None:
        """Take binaries out of the start, the dearest first, as long as every row holds."""
        if self.values is None:
            return
        spare = [_count(row, self.values) - least for row, least in self._rows]
        uses: dict[int, list[tuple[int, int]]] = {}
        for k, (row, _) in enumerate(self._rows):
            for n, weight in row.items():
                uses.setdefault(n, []).append((k, weight))
        for n in sorted(objective, key=lambda n: (-objective[n], n)):
            mine = uses.get(n, [])
            is_useful = self.values[n] and self.most[n] == 1 and objective[n] > 0
            if is_useful and all(spare[k] >= weight for k, weight in mine):
                self.values[n] = 0
                for k, weight in mine:
                    spare[k] -= weight

    def best(self) -> list[int]:
        assert self.values is not None
        return self.values

    def minimise(self, objective: Objective) -> tuple[bool, int]:
        """Make the objective as small as it can be; return whether that is proven, and a bound.

        The least value is settled, and what it rules out becomes fixed.
        """
        unit = math.gcd(*objective.values()) or 1
        weights = {n: weight // unit for n, weight in objective.items() if weight}
        free = self._free()
        caps = self._caps()
        rows = [*map(self._cut, caps), *self._open(self._rows)]
        duals = self._highs.duals(free, self.most, rows, weights)
        reduced, low = _lagrangian(free, self.most, rows, weights, duals)
        constant = sum(w * self._fixed.get(n, 0) for n, w in weights.items())
        bound = -(-low // _SCALE) + constant
        if self.values is None or _count(weights, self.values) > bound:
            self.is_complete = self._improve(weights, duals[: len(caps)])
            if self.values is None or not self.is_complete:
                return False, bound * unit
        found = _count(weights, self.values)
        for n in free:
            if self.most[n] == 1 and abs(reduced[n]) > (found - constant) * _SCALE - low:
                self._fixed[n] = int(reduced[n] < 0)
        self._settled.append((weights, found))
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
            if not self._differ(asked):
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

    def _differ(self, asked: Sequence[int]) -> bool:
        """Look for values that tie and differ in one of these; return whether that is complete.

        Either some do differ, or a column of its own has to be 1: the search ends as soon as it
        has shown that everything else is dearer than that.
        """
        values = self.best()
        way_out = len(self.most)
        self.most = [*self.most, 1]
        self.values = [*values, 1]
        row = {n: -1 if values[n] else 1 for n in asked} | {way_out: 1}
        least = 1 - sum(values[n] for n in asked)
        self._rows = [*self._rows, (row, least)]
        is_complete = self._improve({way_out: 1}, [])
        self.most, self._rows = self.most[:-1], self._rows[:-1]
        self.values = self.best()[:-1]
        return is_complete

    def _free(self) -> list[int]:
        return [n for n in range(len(self.most)) if n not in self._fixed]

    def _caps(self) -> list[Row]:
        """Return what is settled as rows."""
        return [(_negative(weights), -least) for weights, least in self._settled]

    def _cut(self, row: Row) -> Row:
        """Return the row without the fixed columns."""
        weights, least = row
        rest = least - sum(w * self._fixed.get(n, 0) for n, w in weights.items())
        return {n: w for n, w in weights.items() if n not in self._fixed}, rest

    def _open(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows that the fixed columns do not meet already, without those."""
        return [
            (weights, least)
            for weights, least in map(self._cut, rows)
            if sum(w * self.most[n] for n, w in weights.items() if w < 0) < least
        ]

    def _improve(self, weights: Objective, duals: Sequence[float]) -> bool:
        """Look for better values that keep what is settled; return whether that was complete.

        Stated as rows, what is settled makes the search slow. Prices in the objective do not,
        and they may be any: where a minimum of all together has the least value of everything
        settled, it is the minimum looked for. Prices that prove too low are raised, and
        where the figures become too large for a float, rows it is.
        """
        self._raise_prices(weights, duals)
        while self.values is not None:
            priced = self._priced(weights, self._prices)
            if self._size(priced) > _LARGEST:
                break
            found, is_complete = self._search(priced, self._rows, self.values)
            found = found or self.values
            lost = [k for k, (row, least) in enumerate(self._settled) if _count(row, found) > least]
            if not lost and _count(weights, found) <= _count(weights, self.values):
                self.values = found
            if not lost or not is_complete:
                return is_complete
            for k in lost:
                self._prices[k] *= 16
        rows = [*self._caps(), *self._rows]
        while True:
            goal = []
            if self.values is not None:
                goal = [(_negative(weights), 1 - _count(weights, self.values))]
            better, is_complete = self._search(weights, [*rows, *goal])
            self.values = better or self.values
            # In an objective of large numbers a float may overlook what is a little better.
            if not better or not is_complete or self._size(weights) <= _JOINED:
                return is_complete

    def _raise_prices(self, weights: Objective, duals: Sequence[float]) -> None:
        """Let each price be a good multiple of its dual, and the first as high as is safe."""
        self._prices += [1] * (len(self._settled) - len(self._prices))
        for k, dual in enumerate(duals):
            self._prices[k] = max(self._prices[k], 8 * math.ceil(dual) + 1)
        if self._prices:
            rest = self._size(self._priced(weights, [0, *self._prices[1:]]))
            first = max(1, self._size(self._settled[0][0]))
            self._prices[0] = max(self._prices[0], min(rest + 1, (_SAFE - rest) // first))

    def _priced(self, weights: Objective, prices: Sequence[int]) -> Objective:
        priced = dict(weights)
        for price, (settled, _) in zip(prices, self._settled, strict=True):
            for n, weight in settled.items():
                priced[n] = priced.get(n, 0) + price * weight
        return priced

    def _size(self, weights: Objective) -> int:
        free = {n: weight for n, weight in weights.items() if n not in self._fixed}
        return _size(free, self.most)

    def _search(
        self, weights: Objective, rows: Sequence[Row], start: Sequence[int] | None = None
    ) -> tuple[list[int] | None, bool]:
        """Return the best values under these rows, None without any, and whether that is proven."""
        free = self._free()
        cut = self._open(rows)
        if any(
            sum(w * self.most[n] for n, w in row.items() if w > 0) < least for row, least in cut
        ):
            return None, True  # a row that nothing can meet
        first = None if start is None else [start[n] for n in free]
        found, is_complete = self._highs.minimise(free, self.most, cut, weights, first)
        if found is None:
            return None, is_complete
        chosen = self._fixed | dict(zip(free, found, strict=True))
        values = [chosen[n] for n in range(len(self.most))]
        if not all(_count(row, values) >= least for row, least in rows):
            return None, False  # a float took for true what is not
        return values, is_complete

    def _holds(self, values: Sequence[int]) -> bool:
        return all(_count(row, values) >= least for row, least in self._rows)


def _count(weights: Objective, values: Sequence[int]) -> int:
    return sum(weight * values[n] for n, weight in weights.items())


def _size(weights: Objective, most: Sequence[int]) -> int:
    return sum(abs(weight) * most[n] for n, weight in weights.items())


def _negative(weights: Objective) -> dict[int, int]:
    return {n: -weight for n, weight in weights.items()}


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
