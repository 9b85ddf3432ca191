from __future__ import annotations

import pytest

from maturity_planner.core.heuristic import left_shifted, serial, short_schedules, tails
from maturity_planner.core.scheduling_problem import Gap, SchedulingProblem, Task


def test_an_empty_project_takes_no_time() -> None:
    empty = SchedulingProblem((), (2,))
    assert empty.is_empty
    assert (empty.chain(), empty.bound(), empty.horizon(), empty.makespan(())) == ((), 0, 0, 0)


def test_of_several_tasks_the_first_to_be_finished_counts() -> None:
    either = SchedulingProblem((Task(4, {}), Task(2, {}), Task(1, {}, ((0, 1), (1,)))), ())
    assert either.earliest() == (0, 0, 2)
    assert either.chain() == (0,)
    both = SchedulingProblem((Task(4, {}), Task(2, {}), Task(3, {}, ((0,), (1,)))), ())
    assert both.chain() == (0, 2)
    assert both.bound() == 7


def test_alternatives_may_wait_for_the_one_that_has_the_choice() -> None:
    loop = SchedulingProblem((Task(1, {}, ((1, 2),)), Task(1, {}, ((0,),)), Task(5, {})), ())
    assert loop.earliest() == (5, 6, 0)
    assert serial(loop, [0, 0, 0]) == (5, 6, 0)


def test_a_circle_is_a_bug_of_ours() -> None:
    with pytest.raises(AssertionError, match="circle"):
        SchedulingProblem((Task(1, {}, ((1,),)), Task(1, {}, ((0,),))), ()).earliest()


def test_the_load_waits_for_those_who_are_away() -> None:
    tasks = (Task(4, {0: 1}), Task(3, {0: 1}))
    assert SchedulingProblem(tasks, (2,)).days_for(0) == 4
    assert SchedulingProblem(tasks, (1,)).days_for(0) == 7
    assert SchedulingProblem(tasks, (1,), (Gap(0, 2, 5, 1), Gap(0, 6, 7, 1))).days_for(0) == 11
    assert SchedulingProblem(tasks, (1,), (Gap(0, 7, 9, 1),)).days_for(0) == 7
    assert SchedulingProblem(tasks, (2, 1), (Gap(1, 0, 9, 1),)).bound() == 4


def test_free_people_day_by_day() -> None:
    problem = SchedulingProblem((), (3, 1), (Gap(0, 1, 3, 2), Gap(0, 2, 9, 1), Gap(1, 0, 1, 1)))
    assert problem.free(0, 5) == [3, 1, 0, 2, 2]
    assert problem.free(1, 2) == [0, 1]


def test_breaches_are_all_told() -> None:
    tasks = (Task(2, {0: 1}), Task(2, {0: 1}), Task(1, {0: 1}, ((0, 1),)))
    problem = SchedulingProblem(tasks, (1,), (Gap(0, 4, 5, 1),))
    assert not list(problem.breaches((0, 2, 5)))
    assert list(problem.breaches((-1, 2, 0))) == [
        "task 0 starts before the first day",
        "task 2 starts before one of (0, 1) is finished",
        "group 0 has too few people on day 0",
    ]
    assert "group 0 has too few people on day 4" in list(problem.breaches((0, 3, 5)))


def test_heuristics_keep_every_rule() -> None:
    tasks = (
        Task(3, {0: 1}),
        Task(2, {0: 1}, ((0,),)),
        Task(2, {0: 2}, ((0, 1),)),
        Task(4, {0: 1}),
    )
    problem = SchedulingProblem(tasks, (2,), (Gap(0, 1, 2, 1), Gap(0, 3, 6, 2)))
    assert tails(problem) == [5, 2, 2, 4]
    for starts in short_schedules(problem):
        assert not list(problem.breaches(starts))
        assert problem.makespan(starts) <= problem.horizon()


def test_what_has_a_gap_before_it_moves_left() -> None:
    tasks = (Task(2, {0: 1}), Task(1, {0: 1}, ((0,),)), Task(1, {0: 1}), Task(8, {1: 1}))
    problem = SchedulingProblem(tasks, (1, 1))
    assert left_shifted(problem, (3, 9, 8, 0)) == (0, 3, 2, 0)
    assert left_shifted(problem, (0, 2, 3, 0)) == (0, 2, 3, 0)


def test_who_goes_away_when_all_is_done_does_not_matter() -> None:
    gaps = (Gap(0, 10**9, 10**9 + 5, 1), Gap(0, 4, 9, 1), Gap(0, 0, 2, 1))
    assert SchedulingProblem((Task(3, {0: 1}),), (1,), gaps).horizon() == 12
    assert serial(SchedulingProblem((Task(3, {0: 1}),), (1,), gaps), [0]) == (9,)
