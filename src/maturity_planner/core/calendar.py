"""Working days, quarters and sprints: from a day's number to its date and back.

A working day is a Monday to Friday that is no holiday. Day 0 is the first one from the start on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..errors import UsageError

MOST_WORKING_DAYS = 100_000
"""Some 380 years: what takes longer is a slip of the keyboard, and dates end in the year 9999."""

MOST_YEARS = 50
"""How far away an end may be."""

FIRST_START, LAST_START = date(1000, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days from a start on."""

    start: date
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people work on that day.

        >>> Calendar(date(2027, 1, 4), frozenset([date(2027, 1, 6)])).is_working(date(2027, 1, 6))
        False
        """
        return day.weekday() < 5 and day not in self.holidays

    def number(self, day: date) -> int:
        """Return how many working days lie between the start and that day, the day left out.

        For a working day it is its number, and 0 for all before the start.

        >>> Calendar(date(2027, 1, 1)).number(date(2027, 1, 4))  # a Friday, the next Monday
        1
        """
        if day <= self.start:
            return 0
        free = (h for h in self.holidays if self.start <= h < day and h.weekday() < 5)
        return _weekdays(day) - _weekdays(self.start) - sum(1 for _ in free)

    def date_of(self, number: int) -> date:
        """Return the date of the working day with that number.

        >>> Calendar(date(2027, 1, 1), frozenset([date(2027, 1, 4)])).date_of(1)
        datetime.date(2027, 1, 5)
        """
        day = self.start + timedelta(number // 5 * 7)  # no later than the day that is looked for
        while not (self.is_working(day) and self.number(day) == number):
            missing = number - self.number(day)
            day += timedelta(missing // 5 * 7 or 1)
        return day

    def days_until(self, last: date) -> int:
        """Return how many working days there are up to and including the last one."""
        return self.number(last) + (last >= self.start and self.is_working(last))


def _weekdays(day: date) -> int:
    """Return the Mondays to Fridays before a day, counted from the first Monday there is."""
    weeks, rest = divmod(day.toordinal() - 1, 7)  # 0001-01-01 is a Monday
    return weeks * 5 + min(rest, 5)


@dataclass(frozen=True, slots=True)
class Window:
    """When there is to work: from `start` on and, where an end is set, up to and including it."""

    start: date
    end: date | None = None


def quarter(text: str) -> Window:
    """Return the first and the last day of a quarter.

    Raises:
        UsageError: the text names none.

    >>> quarter("2027-Q1").end
    datetime.date(2027, 3, 31)
    """
    found = re.fullmatch(r"([1-9][0-9]{3})-Q([1-4])", text.strip().upper())
    if not found or int(found[1]) >= LAST_START.year:
        raise UsageError(f'"{text}" is no quarter', fix="Write it like 2027-Q1.")
    year, month = int(found[1]), 3 * int(found[2])
    after = date(year + month // 12, month % 12 + 1, 1)
    return Window(date(year, month - 2, 1), after - timedelta(1))


def quarter_of(day: date) -> str:
    """Return the quarter that a day is in.

    >>> quarter_of(date(2027, 3, 31))
    '2027-Q1'
    """
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_after(quarter_id: str, count: int = 1) -> str:
    """Return the quarter that is so many later.

    >>> quarter_after("2026-Q4"), quarter_after("2027-Q1", 0)
    ('2027-Q1', '2027-Q1')
    """
    first = quarter(quarter_id).start
    months = 12 * first.year + first.month - 1 + 3 * count
    return f"{months // 12}-Q{months % 12 // 3 + 1}"


def quarters_of(start: date, last: date) -> Iterator[tuple[str, date]]:
    """Yield the quarters from the one with the start to the one with the last day; their ends.

    >>> [name for name, _ in quarters_of(date(2026, 12, 31), date(2027, 4, 1))]
    ['2026-Q4', '2027-Q1', '2027-Q2']
    """
    while start <= last:
        name = quarter_of(start)
        end = quarter(name).end
        assert end is not None
        yield name, end
        start = end + timedelta(1)


def window(
    today: date,
    *,
    start: date | None = None,
    end: date | None = None,
    quarter_id: str | None = None,
    quarters: int = 1,
    holidays: frozenset[date] = frozenset(),
) -> Window:
    """Return when there is to work; a start or an end of its own wins over the quarter's.

    Without a start it is the quarter's first day or, when the quarter has begun, today. Several
    `quarters` in a row end with the last one.

    Raises:
        UsageError: the quarter is over, or there is no working day from the start to the end.
    """
    named = Window(today) if quarter_id is None else quarter(quarter_id)
    last = named if quarter_id is None else quarter(quarter_after(quarter_id, quarters - 1))
    if quarter_id and last.end and last.end < (start or today) and end is None:
        than = "today" if start is None else "the start"
        raise UsageError(
            f"the quarter {quarter_of(last.end)} ended on {last.end}, before {than}, "
            f"{start or today}",
            fix=f"Name one that is not over: --quarter {quarter_of(start or today)}",
        )
    chosen = Window(start or max(named.start, today), end or last.end)
    if chosen.start >= LAST_START:
        raise UsageError(
            f"the start {chosen.start} is after {LAST_START - timedelta(days=1)}",
            fix="Name an earlier one.",
        )
    if chosen.start < FIRST_START:
        raise UsageError(
            f"the start {chosen.start} is before {FIRST_START}", fix="Name a later one."
        )
    if chosen.end is None:
        return chosen
    if chosen.end.year - chosen.start.year > MOST_YEARS:
        raise UsageError(
            f"the end {chosen.end} is more than {MOST_YEARS} years after the start",
            fix="Name an earlier one.",
        )
    if chosen.end < chosen.start:
        raise UsageError(
            f"the end, {chosen.end}, is before the start, {chosen.start}",
            fix="Name a later --end or an earlier --start.",
        )
    if not Calendar(chosen.start, holidays).days_until(chosen.end):
        raise UsageError(
            f"there is no working day from {chosen.start} to {chosen.end}",
            fix="Name a later --end, or look at the holidays of [team].",
        )
    return chosen


@dataclass(frozen=True, slots=True)
class SprintDates:
    """When a sprint is: its number in the roadmap, from 1, its first and its last day."""

    number: int
    start: date
    end: date

    @property
    def id(self) -> str:
        """The sprint's name."""
        return f"sprint-{self.number}"


def sprints(start: date, weeks: int, last: date) -> Iterator[SprintDates]:
    """Yield the sprints of so many weeks, cut from the start on, up to the one with the last day.

    >>> [str(sprint.end) for sprint in sprints(date(2027, 1, 4), 2, date(2027, 1, 18))]
    ['2027-01-17', '2027-01-31']
    """
    number = 1
    while start <= last:
        after = start + timedelta(weeks=weeks)
        yield SprintDates(number, start, after - timedelta(1))
        number, start = number + 1, after
