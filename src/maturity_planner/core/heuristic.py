"""Schedules without a search: one task after the other, each as early as it fits.

The serial schedule generation scheme with fixed priorities (Kolisch 1996). Its schedules keep
every rule; they are where the search starts, and the answer when there is no time for one.
"""

from __future__ import annotations

from collections.abc import Sequence

from .project import Project, Starts


class Board:
    """Who is free on each day, while tasks are placed."""

    def __init__(self, project: Project) -> None:
        """Start with everybody who is there."""
        self._project = project
        self._horizon = project.horizon()
        groups = range(len(project.people))
        self._free = [project.free(group, self._horizon) for group in groups]

    def first_day(self, number: int, earliest: int) -> int:
        """Return the first day from the earliest on that the task fits on."""
        task = self._project.tasks[number]
        start = earliest
        day = start
        while day < start + task.days:
            if any(self._free[group][day] < people for group, people in task.people.items()):
                start = day + 1
            day += 1
        return start

    def take(self, number: int, start: int, sign: int = 1) -> None:
        """Occupy the task's people from the day on; `sign` -1 gives them back."""
        task = self._project.tasks[number]
        for group, people in task.people.items():
            free = self._free[group]
            for day in range(start, start + task.days):
                free[day] -= sign * people


def serial(project: Project, priority: Sequence[int]) -> Starts:
    """Return the schedule that places, of the tasks that are ready, always the most urgent one.

    The lower a task's priority number, the more urgent; the first of equals goes first.

    >>> from .project import Task
    >>> one = Project((Task(2, {0: 1}), Task(3, {0: 1}), Task(1, {0: 1}, ((1,),))), (1,))
    >>> serial(one, [3, 1, 2])
    (4, 0, 3)
    """
    board = Board(project)
    starts: dict[int, int] = {}
    left = sorted(range(len(project.tasks)), key=lambda n: (priority[n], n))
    while left:
        number = next(n for n in left if _is_ready(project, n, starts))
        left.remove(number)
        start = board.first_day(number, _released(project, number, starts))
        board.take(number, start)
        starts[number] = start
    return tuple(starts[n] for n in range(len(project.tasks)))


def _is_ready(project: Project, number: int, starts: dict[int, int]) -> bool:
    return all(any(other in starts for other in need) for need in project.tasks[number].after)


def _released(project: Project, number: int, starts: dict[int, int]) -> int:
    """Return the day from which on something of all that the task waits for is finished."""
    return max(
        (
            min(starts[other] + project.tasks[other].days for other in need if other in starts)
            for need in project.tasks[number].after
        ),
        default=0,
    )


def tails(project: Project) -> list[int]:
    """Return how many days of work wait for each task's end, along single needs, its own included.

    >>> from .project import Task
    >>> tails(Project((Task(2, {}), Task(3, {}, ((0,),))), ()))
    [5, 3]
    """
    starts = project.earliest()
    found = [task.days for task in project.tasks]
    for number in sorted(range(len(found)), key=lambda n: -starts[n]):
        for need in project.tasks[number].after:
            if len(need) == 1:
                other = need[0]
                found[other] = max(found[other], project.tasks[other].days + found[number])
    return found


def short_schedules(project: Project) -> list[Starts]:
    """Return schedules by several rules: longest tail, then most work, then longest task first."""
    work = [task.days * sum(task.people.values()) for task in project.tasks]
    rules = (tails(project), work, [task.days for task in project.tasks])
    return [serial(project, [-value for value in rule]) for rule in rules]


def left_shifted(project: Project, starts: Starts) -> Starts:
    """Return the schedule with each task moved as early as the others allow, first ones first.

    Nothing ends later than before.
    """
    board = Board(project)
    for number, start in enumerate(starts):
        board.take(number, start)
    days = dict(enumerate(starts))
    for number in sorted(days, key=lambda n: (days[n], n)):
        board.take(number, days[number], -1)
        earliest = _released(project, number, days)
        days[number] = min(days[number], board.first_day(number, earliest))
        board.take(number, days[number])
    return tuple(days[n] for n in range(len(starts)))
