"""Who waits for whom in a schedule: the needs that it keeps, and the people that are handed on.

The links make the schedule's order explicit. Each task takes its people from those who have had
them before (the resource flow of Artigues, Michelon and Reusser 2003), so that every set of
durations, placed by the links alone, has people enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .scheduling_problem import SchedulingProblem


@dataclass(frozen=True, slots=True)
class Links:
    """What each task waits for: other tasks, and a first day for people who are away before."""

    after: tuple[tuple[int, ...], ...]
    not_before: tuple[int, ...]
    order: tuple[int, ...]


def links(problem: SchedulingProblem, starts: Sequence[int]) -> Links:
    """Return the links of a schedule, its tasks in the order of their starts.

    Of several tasks that one waits for it is the one that is finished first. People come from
    tasks that are linked anyway where they can, else from those who have been free for longest.

    >>> from .scheduling_problem import Task
    >>> one = SchedulingProblem((Task(2, {0: 1}), Task(3, {0: 1}), Task(1, {0: 1})), (2,))
    >>> links(one, (0, 0, 2)).after
    ((), (), (0,))
    """
    tasks = problem.tasks
    ends = [start + task.days for start, task in zip(starts, tasks, strict=True)]
    after: list[set[int]] = [
        {min(need, key=lambda n: (ends[n], n)) for need in task.after} for task in tasks
    ]
    not_before = [0] * len(tasks)
    for group, count in enumerate(problem.people):
        _hand_on(problem, group, count, starts, after, not_before)
    order = sorted(range(len(tasks)), key=lambda n: (starts[n], n))
    return Links(tuple(tuple(sorted(own)) for own in after), tuple(not_before), tuple(order))


def _hand_on(
    problem: SchedulingProblem,
    group: int,
    count: int,
    starts: Sequence[int],
    after: list[set[int]],
    not_before: list[int],
) -> None:
    """Give everybody of a group to tasks and absences in the order of time, and note who waits."""
    takers = [
        (gap.first, -1, gap.last, gap.people) for gap in problem.gaps if gap.group == group
    ] + [
        (starts[n], n, starts[n] + task.days, task.people[group])
        for n, task in enumerate(problem.tasks)
        if task.people.get(group)
    ]
    # The day that each person is free from, the task that they had last (-1 for none), and the
    # day on which they are back from an absence after it.
    free: list[tuple[int, int, int]] = [(0, -1, 0)] * count
    for start, number, end, people in sorted(takers):
        ready = [person for person in free if person[0] <= start]
        linked = after[number] if number >= 0 else ()
        ready.sort(key=lambda person: (person[1] not in linked, person))
        for person in ready[:people]:
            free.remove(person)
            _, giver, back = person
            if number < 0:
                free.append((end, giver, end))
                continue
            if giver >= 0:
                after[number].add(giver)
            not_before[number] = max(not_before[number], back)
            free.append((end, number, 0))
