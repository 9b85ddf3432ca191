from __future__ import annotations

import datetime
from datetime import date

import pytest

from maturity_planner.core.calendar import (
    Calendar,
    Window,
    quarter,
    quarter_of,
    sprints,
    window,
)
from maturity_planner.errors import UsageError

FRIDAY = date(2027, 1, 1)
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("start", [FRIDAY + datetime.timedelta(n) for n in range(7)])
@pytest.mark.parametrize("holidays", [(), (4, 5, 6, 7, 8), (1, 2, 4, 11, 12)])
def test_numbers_and_dates_as_one_counts_them_by_hand(start: date, holidays: tuple[int]) -> None:
    calendar = Calendar(start, frozenset(date(2027, 1, day) for day in holidays))
    number = 0
    for offset in range(60):
        day = start + datetime.timedelta(offset)
        assert calendar.number(day) == number
        is_free = day.weekday() >= 5 or (day.month == 1 and day.day in holidays)
        assert calendar.is_working(day) is not is_free
        assert calendar.days_until(day) == number + (not is_free)
        if not is_free:
            assert calendar.date_of(number) == day
            number += 1


def test_what_is_before_the_start_counts_nothing() -> None:
    calendar = Calendar(FRIDAY, frozenset([date(2026, 12, 31)]))
    assert calendar.number(date(2026, 1, 1)) == 0
    assert calendar.days_until(date(2026, 12, 31)) == 0


def test_a_calendar_reaches_far() -> None:
    assert Calendar(date(9000, 1, 1)).date_of(100_000) == date(9383, 4, 23)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-Q1", date(2027, 1, 1), date(2027, 3, 31)),
        ("2028-q2", date(2028, 4, 1), date(2028, 6, 30)),
        (" 2027-Q3 ", date(2027, 7, 1), date(2027, 9, 30)),
        ("2027-Q4", date(2027, 10, 1), date(2027, 12, 31)),
    ],
)
def test_quarters(text: str, first: date, last: date) -> None:
    assert quarter(text) == Window(first, last)
    assert quarter_of(first) == quarter_of(last) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "2027", "2027-Q5", "Q1-2027", "9999-Q4", "0000-Q1"])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(UsageError, match="is no quarter") as caught:
        quarter(text)
    assert "2027-Q1" in caught.value.fix


def test_a_window_starts_today_unless_told_otherwise() -> None:
    assert window(TODAY) == Window(TODAY, None)
    assert window(TODAY, start=FRIDAY, end=date(2027, 2, 1)) == Window(FRIDAY, date(2027, 2, 1))


def test_a_quarter_starts_on_its_first_day_or_today() -> None:
    assert window(TODAY, quarter_id="2027-Q1") == Window(FRIDAY, date(2027, 3, 31))
    assert window(TODAY, quarter_id="2026-Q4") == Window(TODAY, date(2026, 12, 31))
    early = window(TODAY, quarter_id="2026-Q4", start=date(2026, 10, 1), end=date(2026, 11, 30))
    assert early == Window(date(2026, 10, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("keys", "message", "fix"),
    [
        ({"quarter_id": "2026-Q3"}, "ended on 2026-09-30, before today, 2026-11-20", "2026-Q4"),
        (
            {"quarter_id": "2026-Q4", "start": FRIDAY},
            "ended on 2026-12-31, before the start, 2027-01-01",
            "2027-Q1",
        ),
        ({"end": date(2026, 11, 19)}, "the end, 2026-11-19, is before the start", "--end"),
        (
            {"start": date(2027, 1, 2), "end": date(2027, 1, 3)},
            "no working day from 2027-01-02 to 2027-01-03",
            "later --end",
        ),
        (
            {"start": FRIDAY, "end": FRIDAY, "holidays": frozenset([FRIDAY])},
            "no working day",
            "holidays",
        ),
        ({"end": date(2077, 1, 1)}, "2077-01-01 is more than 50 years after the start", "earlier"),
        ({"start": date(9999, 12, 31)}, "is after 8999-12-31", "earlier"),
    ],
)
def test_windows_in_which_nobody_can_work(keys: dict[str, object], message: str, fix: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        window(TODAY, **keys)  # type: ignore[arg-type]
    assert fix in caught.value.fix


def test_sprints_are_cut_from_the_start() -> None:
    found = list(sprints(FRIDAY, 3, date(2027, 2, 12)))
    assert [(s.id, s.start, s.end) for s in found] == [
        ("sprint-1", FRIDAY, date(2027, 1, 21)),
        ("sprint-2", date(2027, 1, 22), date(2027, 2, 11)),
        ("sprint-3", date(2027, 2, 12), date(2027, 3, 4)),
    ]
