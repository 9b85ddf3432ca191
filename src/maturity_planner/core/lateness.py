"""Why a plan does not fit before its end, and by how many working days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from .activities import Activity
from .quantity import plural, shown
from .scheduling_problem import SchedulingProblem
from .team import Team


def lateness(
    work: Sequence[Activity],
    team: Team,
    problem: SchedulingProblem,
    days: int,
    end: date,
    found: int,
    bound: int,
) -> Iterator[str]:
    """Yield what is too long for `days` working days: the chain of needs, the load of each role.

    `found` is the shortest schedule, `bound` what every one takes at least. When neither a chain
    nor a role is too long on its own, that is said.
    """
    there = f"{_days(days)} to {end}"
    if bound <= days:
        yield (
            f"The shortest way that was found takes {_days(found)}, {found - days} more than the "
            f"{there}; nothing proves that there is no shorter one."
        )
        return
    single = list(_singles(work, team, problem, days, there))
    yield from single
    if not single:
        yield (
            f"The plan takes at least {_days(bound)}, {bound - days} more than the {there}: "
            "no chain of needs and no role's load is too long alone, but together they are."
        )
    if found > bound or single:
        exact = "the shortest way takes" if found == bound else "the shortest way found takes"
        yield f"In all {exact} {_days(found)}, {found - days} too many."


def _singles(
    work: Sequence[Activity], team: Team, problem: SchedulingProblem, days: int, there: str
) -> Iterator[str]:
    chain = problem.chain()
    length = sum(problem.tasks[n].days for n in chain)
    if length > days:
        named = " -> ".join(str(work[n].ref) for n in chain)
        yield f"{named} takes {_days(length)} in a row, {length - days} more than the {there}."
    for group, role in enumerate((*team.people, "")[: len(problem.people)]):
        needed = problem.days_for(group)
        if needed > days:
            load = shown(problem.load(group) * team.focus)
            can = shown(sum(problem.free(group, days)) * team.focus)
            who = f'The load of "{role}"' if role else "The load of all people together"
            yield (
                f"{who} is {load} person-days, and they have {can} in the {there}: that takes "
                f"{_days(needed)}, {needed - days} too many."
            )


def _days(count: int) -> str:
    return plural(count, "working day")
