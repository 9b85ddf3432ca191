from __future__ import annotations

import random
import threading
from typing import Any

import pytest

from maturity_planner.core.highs import Model
from maturity_planner.core.solver import Solution, solve


def hard_model(size: int = 120) -> tuple[Model, dict[int, int]]:
    """Many covers that overlap: far more than a blink for any solver."""
    chance = random.Random(7)  # noqa: S311
    model = Model([1] * size)
    for _ in range(size):
        row = {n: chance.randint(1, 99) for n in chance.sample(range(size), 30)}
        model.at_least(row, sum(row.values()) // 2)
    return model, {n: chance.randint(50, 150) for n in range(size)}


def run(
    model: Model, objective: dict[int, int], *, seconds: float = 10, start: list[int] | None = None
) -> Solution:
    size = len(model.most)
    found = solve(model, [("", objective)], start=start, settled=size, seconds=seconds)
    assert found is not None
    return found


def test_rows_are_divided_by_what_their_weights_share() -> None:
    model = Model([1] * 2)
    model.at_least({0: 4, 1: 6}, 5)
    assert model.rows == [({0: 2, 1: 3}, 3)]
    model.at_least({}, -1)
    assert model.rows[-1] == ({}, -1)


def test_the_least_values_are_found_and_proven() -> None:
    model = Model([1] * 3)
    model.at_least({0: 1, 1: 1, 2: 1}, 2)
    found = run(model, {0: 3, 1: 1, 2: 2})
    assert found.values == (0, 1, 1)
    assert (found.proven, found.is_settled, found.bound) == (1, True, 3)


def test_ties_go_to_the_first_in_order() -> None:
    model = Model([1] * 4)
    model.at_least(dict.fromkeys(range(4), 1), 2)
    assert run(model, dict.fromkeys(range(4), 1)).values == (1, 1, 0, 0)


def test_a_column_can_hold_more_than_one() -> None:
    model = Model([7])
    model.at_least({0: 2}, 5)
    assert run(model, {0: 1}).values == (3,)


def test_what_cannot_hold_has_no_answer() -> None:
    model = Model([1, 1])
    model.at_least({0: 1, 1: 1}, 2)
    model.at_least({0: -1, 1: -1}, -1)
    assert solve(model, [("", {0: 1})], start=None, settled=2, seconds=10) is None


def test_a_search_that_is_cut_short_says_so_and_its_bound_holds() -> None:
    model, cost = hard_model()
    found = run(model, cost, seconds=0.3, start=[1] * len(model.most))
    total = sum(weight for n, weight in cost.items() if found.values[n])
    assert found.bound <= total
    assert not found.proven or found.bound == total


def test_ctrl_c_returns_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(threading.Thread):
        """A worker whose first wait is interrupted, as Ctrl-C does to the main thread."""

        waits = 0

        def join(self, timeout: Any = None) -> None:
            self.waits += 1
            if self.waits == 1:
                raise KeyboardInterrupt
            super().join(timeout)

    monkeypatch.setattr("maturity_planner.core.highs.threading.Thread", Interrupted)
    model, cost = hard_model()
    found = run(model, cost, seconds=600, start=[1] * len(model.most))
    assert found.is_interrupted
    assert not found.is_settled


def test_ctrl_c_ends_the_search_among_whole_numbers_at_once() -> None:
    calls = []

    def watch(_: str) -> None:
        calls.append("")
        if len(calls) == 20:  # a second: the linear relaxation has long been solved
            raise KeyboardInterrupt

    model, cost = hard_model()
    found = solve(model, [("", cost)], start=[1] * 120, settled=120, seconds=60, watch=watch)
    assert found is not None
    assert found.is_interrupted
    assert not found.is_settled
    assert len(calls) < 400  # twenty a second, so that the rest of the minute would be 1,200


def test_a_start_loses_what_it_does_not_need() -> None:
    model = Model([1] * 3)
    model.at_least({0: 1, 1: 1, 2: 1}, 1)
    found = run(model, {0: 3, 1: 1, 2: 2}, seconds=0, start=[1, 1, 1])
    assert found.values == (0, 1, 0)
