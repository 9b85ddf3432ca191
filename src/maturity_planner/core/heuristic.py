"""Schedules without a search: one task after the other, each as early as it fits.

The serial schedule generation scheme with fixed priorities (Kolisch 1996). Its schedules keep
every rule; they are where the search starts, and the answer when there is no time for one.
"""

from __future__ import annotations

from collections.abc import Sequence

from .scheduling_problem import SchedulingProblem, Starts


class Board:
    """Who is free on each day, while tasks are placed."""

    def __init__(self, problem: SchedulingProblem) -> None:
        """Start with everybody who is there."""
        self._problem = problem
        self._horizon = problem.horizon()
        groups = range(len(problem.people))
        self._free = [problem.free(group, self._horizon) for group in groups]

    def first_day(self, number: int, earliest: int) -> int:
        """Return the first day from the earliest on that the task fits on."""
        task = self._problem.tasks[number]
        start = earliest
        day = start
        while day < start + task.days:
            if any(self._free[group][day] < people for group, people in task.people.items()):
                start = day + 1
            day += 1
        return start

    def take(self, number: int, start: int, sign: int = 1) -> None:
        """Occupy the task's people from the day on; `sign` -1 gives them back."""
        task = self._problem.tasks[number]
        for group, people in task.people.items():
            free = self._free[group]
            for day in range(start, start + task.days):
                free[day] -= sign * people


def serial(problem: SchedulingProblem, priority: Sequence[int]) -> Starts:
    """Return the schedule that places, of the tasks that are ready, always the most urgent one.

    The lower a task's priority number, the more urgent; the first of equals goes first.

    >>> from .scheduling_problem import Task
    >>> one = SchedulingProblem((Task(2, {0: 1}), Task(3, {0: 1}), Task(1, {0: 1}, ((1,),))), (1,))
    >>> serial(one, [3, 1, 2])
    (4, 0, 3)
    """
    board = Board(problem)
    starts: dict[int, int] = {}
    left = sorted(range(len(problem.tasks)), key=lambda n: (priority[n], n))
    while left:
        number = next(n for n in left if _is_ready(problem, n, starts))
        left.remove(number)
        start = board.first_day(number, _released(problem, number, starts))
        board.take(number, start)
        starts[number] = start
    return tuple(starts[n] for n in range(len(problem.tasks)))


def _is_ready(problem: SchedulingProblem, number: int, starts: dict[int, int]) -> bool:
    return all(any(other in starts for other in need) for need in problem.tasks[number].after)


def _released(problem: SchedulingProblem, number: int, starts: dict[int, int]) -> int:
    """Return the day from which on something of all that the task waits for is finished."""
    return max(
        (
            min(starts[other] + problem.tasks[other].days for other in need if other in starts)
            for need in problem.tasks[number].after
        ),
        default=0,
    )


def tails(problem: SchedulingProblem) -> list[int]:
    """Return how many days of work wait for each task's end, along single needs, its own included.

    >>> from .scheduling_problem import Task
    >>> tails(SchedulingProblem((Task(2, {}), Task(3, {}, ((0,),))), ()))
    [5, 3]
    """
    starts = problem.earliest()
    found = [task.days for task in problem.tasks]
    for number in sorted(range(len(found)), key=lambda n: -starts[n]):
        for need in problem.tasks[number].after:
            if len(need) == 1:
                other = need[0]
                found[other] = max(found[other], problem.tasks[other].days + found[number])
    return found


def short_schedules(problem: SchedulingProblem) -> list[Starts]:
    """Return schedules by several rules: longest tail, then most work, then longest task first."""
    work = [task.days * sum(task.people.values()) for task in problem.tasks]
    rules = (tails(problem), work, [task.days for task in problem.tasks])
    return [serial(problem, [-value for value in rule]) for rule in rules]


def left_shifted(problem: SchedulingProblem, starts: Starts) -> Starts:
    """Return the schedule with each task moved as early as the others allow, first ones first.

    Nothing ends later than before.
    """
    board = Board(problem)
    for number, start in enumerate(starts):
        board.take(number, start)
    days = dict(enumerate(starts))
    for number in sorted(days, key=lambda n: (days[n], n)):
        board.take(number, days[number], -1)
        earliest = _released(problem, number, days)
        days[number] = min(days[number], board.first_day(number, earliest))
        board.take(number, days[number])
    return tuple(days[n] for n in range(len(starts)))
