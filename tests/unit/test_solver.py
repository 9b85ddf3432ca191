from __future__ import annotations

import random
import threading
from typing import Any

import pytest

from maturity_planner.core import solver
from maturity_planner.core.solver import Model, OutOfTime, solve


def hard_model(size: int = 120) -> tuple[Model, dict[int, int]]:
    """Many covers that overlap: far more than a blink for any solver."""
    chance = random.Random(7)  # noqa: S311
    model = Model(size)
    for _ in range(size):
        row = {n: chance.randint(1, 99) for n in chance.sample(range(size), 30)}
        model.at_least(row, sum(row.values()) // 2)
    return model, {n: chance.randint(50, 150) for n in range(size)}


def test_rows_are_divided_by_what_their_weights_share() -> None:
    model = Model(2)
    model.at_least({0: 4, 1: 6}, 5)
    assert model.rows == [({0: 2, 1: 3}, 3)]
    model.at_least({}, -1)
    assert model.rows[-1] == ({}, -1)


def test_the_least_values_are_found_and_proven() -> None:
    model = Model(3)
    model.at_least({0: 1, 1: 1, 2: 1}, 2)
    found = solve(model, [{0: 3, 1: 1, 2: 2}], seconds=10)
    assert found.values == (False, True, True)
    assert (found.is_proven, found.bound) == (True, 3)


def test_ties_go_to_the_first_in_order() -> None:
    model = Model(4)
    model.at_least(dict.fromkeys(range(4), 1), 2)
    assert solve(model, [dict.fromkeys(range(4), 1)], seconds=10).values == (
        True,
        True,
        False,
        False,
    )


def test_a_search_that_is_cut_short_says_so_and_its_bound_holds() -> None:
    model, cost = hard_model()
    try:
        found = solve(model, [cost], seconds=0.3)
    except OutOfTime:
        return  # nothing was found in that time: said as well
    total = sum(weight for n, weight in cost.items() if found.values[n])
    assert found.bound <= total
    assert not found.is_proven or found.bound == total


def test_without_values_at_the_end_of_the_time_there_is_no_answer() -> None:
    search = solver._Search(hard_model()[0], seconds=1)
    with pytest.raises(OutOfTime):
        search.best()


def test_ctrl_c_stops_the_search_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(threading.Thread):
        """A worker whose first wait is interrupted, as Ctrl-C does to the main thread."""

        waits = 0

        def join(self, timeout: Any = None) -> None:
            self.waits += 1
            if self.waits == 1 and timeout is not None:
                raise KeyboardInterrupt
            super().join(timeout)

    monkeypatch.setattr("maturity_planner.core.solver.threading.Thread", Interrupted)
    model, cost = hard_model()
    with pytest.raises(KeyboardInterrupt):
        solve(model, [cost], seconds=600)
