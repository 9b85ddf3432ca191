from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core.calendar import Window, quarter_after, window
from maturity_planner.core.plan import Upgrade
from maturity_planner.core.quarters import quarter_ends, standing_after
from maturity_planner.core.roadmap import schedule
from maturity_planner.core.rubric import ModeId
from maturity_planner.core.team import Team
from maturity_planner.errors import UsageError

BUILT = rubric({"s": [item(f"x{n}", modes={"manual": mode(40)}) for n in range(3)]})
TODAY = date(2027, 1, 4)


def upgrades(count: int = 3) -> list[Upgrade]:
    items = list(BUILT.items.values())[:count]
    manual = ModeId("manual")
    return [
        Upgrade(i, ModeId("none"), manual, 0, i.modes[manual].effort.expected, 1) for i in items
    ]


def test_what_ends_in_the_next_quarter_counts_for_nothing_in_this_one() -> None:
    roadmap = schedule(BUILT, assessment(), upgrades(), Team({"dev": 1}), Window(TODAY))
    ends = quarter_ends(BUILT, assessment(), roadmap)
    assert [(q.id, q.end, q.standing.score, [str(u) for u in q.upgrades]) for q in ends] == [
        ("2027-Q1", date(2027, 3, 31), Fraction(1, 2), ["x0@manual"]),
        ("2027-Q2", date(2027, 6, 30), Fraction(3, 2), ["x1@manual", "x2@manual"]),
    ]


def test_quarters_reach_to_the_end_that_was_asked_for() -> None:
    until = Window(TODAY, date(2027, 10, 1))
    roadmap = schedule(BUILT, assessment(), upgrades(1), Team({"dev": 1}), until)
    ends = quarter_ends(BUILT, assessment(), roadmap)
    assert [q.id for q in ends] == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]
    empty = schedule(BUILT, assessment(), [], Team({"dev": 1}), Window(TODAY))
    assert [q.id for q in quarter_ends(BUILT, assessment(), empty)] == ["2027-Q1"]


def test_nothing_is_moved_down() -> None:
    done = assessment({"x0": "manual"})
    low = [Upgrade(upgrades()[0].item, ModeId("none"), ModeId("none"), 0, upgrades()[0].effort, 0)]
    assert standing_after(BUILT, done, low).score == Fraction(1, 2)


def test_several_quarters_in_a_row() -> None:
    found = window(TODAY, quarter_id="2027-Q1", quarters=3)
    assert found == Window(TODAY, date(2027, 9, 30))
    assert quarter_after("2026-Q2", 7) == "2028-Q1"
    assert window(TODAY, quarter_id="2026-Q4", quarters=3) == Window(TODAY, date(2027, 6, 30))
    with pytest.raises(UsageError, match="ended on 2026-12-31"):
        window(TODAY, quarter_id="2026-Q3", quarters=2)
