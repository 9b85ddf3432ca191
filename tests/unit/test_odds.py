"""The odds against closed forms on a chain, and against another simulation on a diamond."""

from __future__ import annotations

import datetime
import math
import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core.calendar import Window
from maturity_planner.core.odds import Odds, odds
from maturity_planner.core.plan import Upgrade
from maturity_planner.core.roadmap import Roadmap, schedule
from maturity_planner.core.rubric import ModeId, Rubric
from maturity_planner.core.team import Absence, Team

MONDAY = datetime.date(2027, 1, 4)
ONE = Team({"dev": 1})
MANY = 20_000


def item_of(name: str, days: Any, *needs: str) -> dict[str, Any]:
    return item(name, modes={"manual": mode(days, needs=list(needs))})


def effort(low: int, likely: int, high: int) -> dict[str, int]:
    return {"low": low, "likely": likely, "high": high}


def placed(built: Rubric, team: Team, end: datetime.date | None = None) -> Roadmap:
    upgrades = [
        Upgrade(i, ModeId("none"), ModeId("manual"), 0, i.top.effort.expected, 1)
        for i in built.items.values()
    ]
    return schedule(built, assessment(), upgrades, team, Window(MONDAY, end))


def odds_of(built: Rubric, team: Team = ONE, end: datetime.date | None = None, **keys: Any) -> Odds:
    found = odds(placed(built, team, end), **keys)
    assert found is not None
    return found


def rubric_of(*items: dict[str, Any]) -> Rubric:
    modes = [{"id": "manual", "points": 1}]
    return rubric({"a": list(items)}, modes=modes)


# Closed forms --------------------------------------------------------------------------------


def below(x: Fraction, a: int, b: int) -> Fraction:
    """The chance that a beta(a, b) with whole parameters is at most x: a binomial sum."""
    n = a + b - 1
    return sum((math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1)), Fraction())


def days_of(low: int, likely: int, high: int, focus: Fraction) -> dict[int, Fraction]:
    """The chance of each number of whole days; for parameters a and b that are whole numbers."""
    a = 1 + Fraction(4 * (likely - low), high - low)
    assert a.denominator == 1
    first, last = math.ceil(low / focus), math.ceil(high / focus)

    def at_most(day: int) -> Fraction:
        share = min(Fraction(1), max(Fraction(0), (day * focus - low) / (high - low)))
        return below(share, int(a), 6 - int(a))

    return {day: at_most(day) - at_most(day - 1) for day in range(max(1, first), last + 1)}


def total(*parts: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """The chances of the sum of independent numbers of days."""
    found = {0: Fraction(1)}
    for part in parts:
        sums: dict[int, Fraction] = {}
        for (x, p), (y, q) in ((one, other) for one in found.items() for other in part.items()):
            sums[x + y] = sums.get(x + y, Fraction(0)) + p * q
        found = sums
    return found


CHAIN = [(1, 2, 5), (0, 6, 8), (2, 6, 10), (4, 4, 8)]


@pytest.mark.parametrize("focus", [Fraction(1), Fraction(3, 5), Fraction(1, 10)])
def test_a_chain_agrees_with_the_sum_of_its_parts(focus: Fraction) -> None:
    items = [
        item_of(f"x{n}", effort(*days), *([f"x{n - 1}@manual"] if n else []))
        for n, days in enumerate(CHAIN)
    ]
    team = Team({"dev": 1}, focus)
    expected = total(*(days_of(*days, focus) for days in CHAIN))
    mean = sum(day * chance for day, chance in expected.items())
    variance = sum((day - mean) ** 2 * chance for day, chance in expected.items())
    end = MONDAY + datetime.timedelta(int(mean) // 5 * 7 + 4)
    end_day = int(mean) // 5 * 5 + 5
    found = odds_of(rubric_of(*items), team, end, courses=MANY)
    error = 5 * math.sqrt(variance / MANY)
    assert abs(found.mean_days - mean) < error
    assert found.on_time is not None
    chance = sum(chance for day, chance in expected.items() if day <= end_day)
    assert abs(found.on_time - chance) < 5 * math.sqrt(chance * (1 - chance) / MANY)
    for share, day in found.days.items():
        at_most = sum(chance for taken, chance in expected.items() if taken <= day)
        before = sum(chance for taken, chance in expected.items() if taken < day)
        assert before - Fraction(2, 100) < Fraction(share, 100) < at_most + Fraction(2, 100)
    assert set(found.critical.values()) == {Fraction(1)}


def test_the_beta_table_is_exact_enough() -> None:
    for days in [(0, 0, 1), (0, 1, 4), (0, 1, 2), (0, 3, 4), (0, 1, 1)]:
        low, likely, high = (1_000 * d for d in days)
        expected = days_of(low, likely, high, Fraction(1))
        mean = sum(day * chance for day, chance in expected.items())
        found = odds_of(rubric_of(item_of("x", effort(low, likely, high))), courses=MANY)
        spread = high / math.sqrt(12 * MANY)
        assert abs(found.mean_days - mean) < 5 * spread


def test_what_goes_wrong_together_spreads_more() -> None:
    parts = [(0, 1, 4), (0, 2, 4), (0, 1, 2)]
    items = [item_of(f"x{n}", effort(*(100 * d for d in days))) for n, days in enumerate(parts)]

    def spread(correlation: Fraction) -> float:
        found = odds_of(rubric_of(*items), Team({"dev": 1}, correlation=correlation), courses=MANY)
        return found.days[95] - found.days[50]

    wide, narrow = spread(Fraction(1)), spread(Fraction(0))
    assert narrow < spread(Fraction(1, 2)) < wide
    # All alike: the 95 % of the sum is the sum of the 95 %.
    shares = [odds_of(rubric_of(one), courses=MANY).days[95] for one in items]
    alike = odds_of(rubric_of(*items), Team({"dev": 1}, correlation=Fraction(1)), courses=MANY)
    assert abs(alike.days[95] - sum(shares)) < 0.01 * sum(shares)


# A diamond ----------------------------------------------------------------------------------


def test_a_diamond_agrees_with_a_plain_simulation() -> None:
    days = {"a": (1, 2, 5), "b": (2, 4, 12), "c": (3, 5, 8), "d": (1, 1, 4)}
    items = [
        item_of("a", effort(*days["a"])),
        item_of("b", effort(*days["b"]), "a@manual"),
        item_of("c", effort(*days["c"]), "a@manual"),
        item_of("d", effort(*days["d"]), "b@manual", "c@manual"),
    ]
    found = odds_of(rubric_of(*items), Team({"dev": 2}), MONDAY.replace(day=20), courses=MANY)
    numbers = random.Random(7)  # noqa: S311 (a test needs no secrets)
    ends, by_b, by_c = [], 0, 0
    for _ in range(MANY):
        taken = {}
        for name, (low, likely, high) in days.items():
            a = 1 + 4 * (likely - low) / (high - low)
            taken[name] = math.ceil(low + (high - low) * numbers.betavariate(a, 6 - a))
        ends.append(taken["a"] + max(taken["b"], taken["c"]) + taken["d"])
        by_b += taken["b"] >= taken["c"]
        by_c += taken["c"] >= taken["b"]
    error = 0.02
    assert found.on_time is not None
    assert abs(found.on_time - sum(end <= 13 for end in ends) / MANY) < error
    assert abs(float(found.mean_days) - sum(ends) / MANY) < 0.1
    critical = {str(name): float(chance) for name, chance in found.critical.items()}
    assert critical["a"] == critical["d"] == 1
    assert abs(critical["b"] - by_b / MANY) < error
    assert abs(critical["c"] - by_c / MANY) < error


# What is certain ----------------------------------------------------------------------------


def test_efforts_of_one_number_are_certain() -> None:
    built = rubric_of(item_of("x", Decimal("2.5")), item_of("y", effort(3, 3, 3), "x@manual"))
    found = odds_of(built, end=MONDAY.replace(day=11))
    assert found.on_time == 1
    assert set(found.days.values()) == {6}
    assert set(found.dates.values()) == {MONDAY.replace(day=11)}
    assert odds_of(built, end=MONDAY.replace(day=8)).on_time == 0
    assert odds_of(built).on_time is None


def test_people_who_are_away_keep_the_next_work_waiting() -> None:
    away = Absence("dev", MONDAY.replace(day=7), MONDAY.replace(day=8), 1)
    team = Team({"dev": 1}, absences=(away,))
    built = rubric_of(item_of("x", effort(1, 2, 3)), item_of("y", 2))
    found = odds_of(built, team)
    assert found.days == {50: 7, 80: 7, 95: 7}
    assert found.critical == {"x": 0, "y": 1}


def test_the_same_people_one_after_the_other() -> None:
    built = rubric_of(item_of("x", effort(1, 2, 6)), item_of("y", effort(1, 2, 6)))
    alone, two = odds_of(built), odds_of(built, Team({"dev": 2}))
    assert alone.mean_days > two.mean_days
    assert alone.critical == {"x": 1, "y": 1}


def test_nothing_to_do_is_sure() -> None:
    built = rubric_of(item_of("x", 1))
    roadmap = schedule(built, assessment(), [], ONE, Window(MONDAY))
    assert odds(roadmap) is None


def test_the_same_seed_has_the_same_odds() -> None:
    built = rubric_of(*(item_of(f"x{n}", effort(1, 3, 9)) for n in range(4)))
    roadmap = placed(built, Team({"dev": 2}), MONDAY.replace(day=15))
    assert odds(roadmap, seed=3) == odds(roadmap, seed=3)
    first, second = odds(roadmap, seed=3), odds(roadmap, seed=4)
    assert first is not None
    assert second is not None
    assert first.mean_days != second.mean_days
    assert odds(roadmap, courses=1) is not None


def test_the_numbers_are_those_of_every_machine() -> None:
    built = rubric_of(*(item_of(f"x{n}", effort(1, 3, 9)) for n in range(4)))
    found = odds(placed(built, Team({"dev": 2}, correlation=Fraction(3, 10))), seed=1)
    assert found is not None
    critical = [chance * found.courses for chance in found.critical.values()]
    assert found.mean_days * found.courses == 93_054
    assert critical == [Fraction(count) for count in (5742, 5840, 5742, 5840)]


# People who are away -------------------------------------------------------------------------

AWAY = Absence("dev", datetime.date(2027, 1, 14), datetime.date(2027, 2, 12), 1)


def test_late_work_waits_for_whoever_is_away() -> None:
    built = rubric_of(item_of("a", effort(3, 4, 20)), item_of("b", 5))
    team = Team({"dev": 1}, absences=(AWAY,))
    found = odds_of(built, team, datetime.date(2027, 2, 19), seed=1, courses=MANY)
    assert found.on_time is not None

    def course(draw: float) -> int:
        """The day all is done: 8 days until she goes, 22 without her."""
        days = max(1, math.ceil(3 + 17 * draw))
        end = days if days <= 8 else days + 22
        start = max(end, 30)  # the roadmap has b after her return
        return start + 5

    chance = random.Random(7)  # noqa: S311 - a simulation, no secret
    a, b = 1 + Fraction(4, 17), 5 - Fraction(4, 17)
    ends = [course(chance.betavariate(float(a), float(b))) for _ in range(MANY)]
    there = 8 + 22 + 5
    on_time = sum(end <= there for end in ends) / MANY
    assert abs(float(found.on_time) - on_time) < 0.02
    assert 0.5 < on_time < 0.9


def test_a_day_off_never_makes_the_end_more_likely() -> None:
    built = rubric_of(item_of("a", effort(3, 4, 20)), item_of("b", effort(3, 4, 20)))
    end = datetime.date(2027, 1, 29)
    off = Absence("dev", datetime.date(2027, 1, 13), datetime.date(2027, 1, 13), 1)
    plain = odds_of(built, ONE, end, courses=MANY)
    away = odds_of(built, Team({"dev": 1}, absences=(off,)), end, courses=MANY)
    assert plain.on_time is not None
    assert away.on_time is not None
    assert away.on_time < plain.on_time


def test_an_absence_without_an_end_is_one() -> None:
    gone = Absence("dev", datetime.date(2027, 2, 1), datetime.date.max, 1)
    built = rubric_of(item_of("a", 5))
    assert placed(built, Team({"dev": 1}, absences=(gone,))).makespan == 5
