"""The search itself: known optima, bounds when the time is short, Ctrl-C."""

from __future__ import annotations

import random

import pytest

from maturity_planner.core.cpsat import CpSat, Model, Wish
from maturity_planner.core.heuristic import short_schedules
from maturity_planner.core.scheduler import Goals, place, worth
from maturity_planner.core.scheduling_problem import SchedulingProblem, Starts, Task

BOOKSHELF = SchedulingProblem(
    (
        Task(3, {0: 2}),
        Task(4, {0: 3}),
        Task(2, {0: 4}, ((0,),)),
        Task(2, {0: 4}, ((1,),)),
        Task(1, {0: 3}, ((1,),)),
        Task(4, {0: 2}, ((3,),)),
    ),
    (4,),
)
"""Six tasks for four people; their load alone would fit into eleven days."""


def problem(tasks: int, seed: int, people: int = 6) -> SchedulingProblem:
    """A random problem of three groups in which most tasks get in each other's way."""
    numbers = random.Random(seed)  # noqa: S311 (a test needs no secrets)
    found = []
    for n in range(tasks):
        before = numbers.sample(range(n), min(n, numbers.randint(0, 2)))
        use = {group: numbers.randint(1, people - 2) for group in range(3)}
        found.append(Task(numbers.randint(1, 9), use, tuple((other,) for other in before)))
    return SchedulingProblem(tuple(found), (people,) * 3)


def test_nothing_to_do() -> None:
    found = place(SchedulingProblem((), ()), Goals(), seconds=1)
    assert (found.starts, found.bound, found.is_settled) == ((), 0, True)


def test_a_project_with_a_known_optimum() -> None:
    # By hand: of 1, 2, 3, 4 and 5 no two fit beside each other (5 follows 3, which follows 1), so
    # that they take 4 + 2 + 2 + 1 + 4 days in a row; 0 fits beside 5, and 2 after that.
    found = place(BOOKSHELF, Goals(), seconds=10)
    assert BOOKSHELF.makespan(found.starts) == found.bound == 13
    assert found.is_settled


def test_value_comes_early_then_wishes_then_the_first_tasks() -> None:
    three = SchedulingProblem((Task(2, {0: 1}), Task(2, {0: 1}), Task(2, {0: 1})), (1,))
    assert place(three, Goals(), seconds=5).starts == (0, 2, 4)
    assert place(three, Goals(((0, 0, 1),)), seconds=5).starts == (2, 4, 0)
    goals = Goals(((0, 0, 1), (1, 3, 1)), (Wish(0, (1,)), Wish(2, (0, 1))))
    assert place(three, goals, seconds=5).starts == (4, 2, 0)
    assert place(three, Goals((), (Wish(0, (1, 2)),)), seconds=5).starts == (2, 0, 4)
    wishes = Goals((), (Wish(0, (1,)), Wish(1, (0,))))
    assert place(three, wishes, seconds=5).starts == (0, 2, 4)


def test_weights_beyond_what_a_float_holds_are_no_problem() -> None:
    two = SchedulingProblem((Task(2, {0: 1}), Task(3, {0: 1})), (1,))
    assert place(two, Goals(((3, 10**20),)), seconds=5).starts == (3, 0)


def test_without_time_the_answer_is_a_schedule_and_a_bound() -> None:
    hard = problem(40, 1)
    found = place(hard, Goals((tuple(range(40)),)), seconds=0)
    assert not list(hard.breaches(found.starts))
    assert hard.bound() == found.bound < hard.makespan(found.starts)
    assert not found.is_settled
    assert not found.is_interrupted


def test_the_clock_ends_a_search_that_does_not_end() -> None:
    hard = problem(60, 2)
    found = place(hard, Goals(), seconds=0.6)
    assert hard.bound() <= found.bound < hard.makespan(found.starts)
    assert (found.is_settled, found.is_interrupted) == (False, False)


def test_ctrl_c_takes_the_best_so_far() -> None:
    hard, stages = problem(60, 2), []

    def watch(stage: str) -> None:
        stages.append(stage)
        if len(stages) > 3:
            raise KeyboardInterrupt

    found = place(hard, Goals((tuple(range(60)),)), seconds=60, watch=watch)
    assert found.is_interrupted
    assert not list(hard.breaches(found.starts))
    assert set(stages) == {"proving the days"}


def test_ctrl_c_while_ties_are_settled_keeps_the_proof() -> None:
    easy = SchedulingProblem(tuple(Task(days, {0: 1}) for days in (5, 4, 4, 3, 3, 2, 2, 1)), (3,))

    def watch(stage: str) -> None:
        if stage == "bringing value early":
            raise KeyboardInterrupt

    goals = Goals(((1, 2, 3, 4, 5, 6, 7, 8),), (Wish(0, (1,)),))
    found = place(easy, goals, seconds=60, watch=watch)
    assert found.bound == easy.makespan(found.starts) == 8
    assert found.is_interrupted
    assert not found.is_settled


def test_a_search_that_finds_nothing_says_nothing() -> None:
    hard = problem(60, 2)
    best = min(short_schedules(hard), key=hard.makespan)
    model = Model(hard, hard.bound() + 1)
    model.minimise_days(hard.bound())
    assert CpSat(60, lambda _: None).run(model, "", best, units=1e-6).starts is None


def test_a_wish_is_not_given_up_for_an_earlier_start() -> None:
    free = SchedulingProblem((Task(2, {0: 1}), Task(2, {0: 1}), Task(5, {0: 1})), (3,))
    goals = Goals((), (Wish(0, (1,)),))
    assert place(free, goals, seconds=60).starts == (2, 0, 0)

    def stop_at(wanted: str) -> Starts:
        def watch(stage: str) -> None:
            if stage == wanted:
                raise KeyboardInterrupt

        return place(free, goals, seconds=60, watch=watch).starts

    tied = stop_at("settling ties")
    assert tied[0] >= tied[1] + 2
    assert not list(free.breaches(stop_at("ordering what would rather wait")))


def test_no_goal_suffers_when_what_is_left_is_tidied() -> None:
    for seed in range(5):
        hard = problem(12, seed)
        goals = Goals((tuple(range(12)),), (Wish(3, (7,)), Wish(2, (5, 6))))
        quick = place(hard, goals, seconds=0)
        whole = place(hard, goals, seconds=30)
        ranks = [(hard.makespan(f.starts), *worth(hard, goals, f.starts)) for f in (whole, quick)]
        assert ranks[0] <= ranks[1]


@pytest.mark.parametrize("seed", range(3))
def test_the_same_project_has_the_same_schedule(seed: int) -> None:
    some = problem(20, seed)
    goals = Goals((tuple(n % 3 for n in range(20)),))
    assert place(some, goals, seconds=60) == place(some, goals, seconds=60)
