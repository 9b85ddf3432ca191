"""The scheduling problem in whole numbers: tasks, what they wait for, how many people there are.

It is the resource-constrained project scheduling problem (Pritsker, Watters and Wolfe 1969; PS |
prec | Cmax in the notation of Brucker et al. 1999): a task runs without a break and keeps its
people all that time. Two things are more general. A task can wait for one of several others, and
people can be away for a while.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Starts = tuple[int, ...]
"""The day that each task starts on."""


@dataclass(frozen=True, slots=True)
class Task:
    """What takes so many days, at least one, and so many people of each group all that time.

    `after` holds what it waits for: of each tuple of tasks, by number, one has to be finished.
    """

    days: int
    people: Mapping[int, int]
    after: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """So many people of a group are away from the first day up to before the last."""

    group: int
    first: int
    last: int
    people: int


@dataclass(frozen=True, slots=True)
class SchedulingProblem:
    """Tasks, the number of people in each group, and when some of them are away."""

    tasks: tuple[Task, ...]
    people: tuple[int, ...]
    gaps: tuple[Gap, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.tasks

    def closed(self, number: int) -> list[tuple[int, int]]:
        """Return the spans of days, the last left out, in which too few are there for the task.

        >>> SchedulingProblem((Task(2, {0: 1}),), (1,), (Gap(0, 1, 4, 1),)).closed(0)
        [(1, 4)]
        """
        edges = sorted({day for gap in self.gaps for day in (gap.first, gap.last)})
        spans: list[tuple[int, int]] = []
        for first, last in itertools.pairwise(edges):
            if any(
                self.people[group] - self._away(group, first) < count
                for group, count in self.tasks[number].people.items()
            ):
                is_next = bool(spans) and spans[-1][1] == first
                spans.append((spans.pop()[0] if is_next else first, last))
        return spans

    def _away(self, group: int, day: int) -> int:
        mine = (gap for gap in self.gaps if gap.group == group and gap.first <= day < gap.last)
        return sum(gap.people for gap in mine)

    def horizon(self) -> int:
        """Return a day by which all is done, whatever the order, if each task starts when it can.

        From the day on which everybody is back, somebody is at work every day until the last task
        is done. Who goes away only later than that does not matter.

        >>> tasks = Task(2, {0: 1}), Task(3, {0: 1})
        >>> SchedulingProblem(tasks, (1,), (Gap(0, 1, 4, 1),)).horizon()
        9
        """
        back, work = 0, sum(task.days for task in self.tasks)
        for gap in sorted(self.gaps, key=lambda gap: gap.first):
            if gap.first < back + work:
                back = max(back, gap.last)
        return back + work

    def makespan(self, starts: Sequence[int]) -> int:
        """Return the day by which everything is done."""
        return max((s + t.days for s, t in zip(starts, self.tasks, strict=True)), default=0)

    def free(self, group: int, until: int) -> list[int]:
        """Return how many people of a group are there on each day."""
        there = [self.people[group]] * until
        for gap in self.gaps:
            if gap.group == group:
                for day in range(gap.first, min(gap.last, until)):
                    there[day] -= gap.people
        return there

    def earliest(self) -> Starts:
        """Return the first day that each task can start on if there were people enough.

        Tasks are finished in the order of time, so that the first of several that a task waits
        for is known when it is.

        >>> chain = Task(2, {}), Task(5, {}), Task(1, {}, ((0, 1),))
        >>> SchedulingProblem(chain, ()).earliest()
        (0, 0, 2)
        """
        starts: dict[int, int] = {}
        finished: set[int] = set()
        events: list[tuple[int, int]] = []

        def start(number: int, day: int) -> None:
            starts[number] = day
            heappush(events, (day + self.tasks[number].days, number))

        waiting = self._followers()
        for number, task in enumerate(self.tasks):
            if not task.after:
                start(number, 0)
        while events:
            day, number = heappop(events)
            finished.add(number)
            for other in waiting[number]:
                if other not in starts and all(
                    finished.intersection(need) for need in self.tasks[other].after
                ):
                    start(other, day)
        assert len(starts) == len(self.tasks), "tasks wait for each other in a circle"
        return tuple(starts[number] for number in range(len(self.tasks)))

    def _followers(self) -> list[list[int]]:
        followers: list[list[int]] = [[] for _ in self.tasks]
        for number, task in enumerate(self.tasks):
            for other in dict.fromkeys(o for need in task.after for o in need):
                followers[other].append(number)
        return followers

    def chain(self) -> tuple[int, ...]:
        """Return the longest chain of tasks that wait for each other, the first one first.

        >>> SchedulingProblem((Task(2, {}), Task(5, {}), Task(1, {}, ((0,),))), ()).chain()
        (1,)
        """
        if self.is_empty:
            return ()
        starts = self.earliest()
        ends = [start + task.days for start, task in zip(starts, self.tasks, strict=True)]
        chain = [max(range(len(ends)), key=lambda n: (ends[n], -n))]
        while needs := self.tasks[chain[-1]].after:
            firsts = [min(need, key=lambda n: (ends[n], n)) for need in needs]
            chain.append(max(firsts, key=lambda n: (ends[n], -n)))
        return tuple(reversed(chain))

    def load(self, group: int) -> int:
        """Return the person-days that the tasks ask of a group."""
        return sum(task.days * task.people.get(group, 0) for task in self.tasks)

    def days_for(self, group: int) -> int:
        """Return how many days the load of a group takes at least: nobody is ever idle.

        >>> tasks = Task(4, {0: 1}), Task(2, {0: 2})
        >>> SchedulingProblem(tasks, (2,), (Gap(0, 1, 3, 2),)).days_for(0)
        6
        """
        left = self.load(group)
        if not left:
            return 0
        day = 0
        changes = {d for gap in self.gaps if gap.group == group for d in (gap.first, gap.last)}
        for change in sorted(changes):
            there = self.people[group] - self._away(group, day)
            if there * (change - day) >= left:
                return day - (-left // there)
            left -= there * (change - day)
            day = change
        return day - (-left // self.people[group])

    def bound(self) -> int:
        """Return days that every schedule takes at least: longest chain and load of every group."""
        starts = self.earliest()
        loads = (self.days_for(group) for group in range(len(self.people)))
        return max(self.makespan(starts), max(loads, default=0))

    def breaches(self, starts: Sequence[int]) -> Iterator[str]:
        """Yield what is wrong with a schedule; nothing when it keeps every rule."""
        ends = [start + task.days for start, task in zip(starts, self.tasks, strict=True)]
        for number, task in enumerate(self.tasks):
            if starts[number] < 0:
                yield f"task {number} starts before the first day"
            for need in task.after:
                if not any(ends[other] <= starts[number] for other in need):
                    yield f"task {number} starts before one of {need} is finished"
        for group in range(len(self.people)):
            there = self.free(group, max(ends, default=0))
            for number, task in enumerate(self.tasks):
                for day in range(max(0, starts[number]), ends[number]):
                    there[day] -= task.people.get(group, 0)
            if short := [day for day, people in enumerate(there) if people < 0]:
                yield f"group {group} has too few people on day {short[0]}"
