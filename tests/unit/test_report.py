"""What a report is made from: the past, the burn-up, the last movement."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from builders import NOW, assessment, item, rubric
from maturity_planner.core.plan import Standing, Upgrade
from maturity_planner.core.quantity import Cents
from maturity_planner.core.rubric import ItemId, ModeId
from maturity_planner.report.building import build_report
from maturity_planner.report.burnup import burn_up
from maturity_planner.report.past import Recorded, read_past
from maturity_planner.report.sources import Sources

BUILT = rubric({"s": [item("a"), item("b")], "t": [item("c")]})
TODAY = NOW.date()


def recorded(days_ago: int, s: Fraction, t: Fraction, cause: str = "why") -> Recorded:
    standing = Standing(min(s, t), {"s": s, "t": t})
    return Recorded(NOW - timedelta(days_ago), standing, cause)


def test_the_last_movement_is_from_the_last_record_that_says_something_else() -> None:
    half, none = Fraction(1, 2), Fraction(0)
    known = assessment({"a": "manual", "b": "none", "c": "none"})
    given = Sources(BUILT, known, None, NOW)
    old, new = recorded(9, none, none, "old"), recorded(5, half, none, "first")
    again = recorded(2, half, none, "again")
    assert build_report(given).change is None
    assert build_report(given._replace(past=(again,))).change is None
    change = build_report(given._replace(past=(old, new, again))).change
    assert change is not None
    assert (change.since, change.cause) == ((NOW - timedelta(9)).date(), "first")
    change = build_report(given._replace(past=(old,))).change
    assert change is not None
    assert change.cause == ""


def test_the_burn_up_starts_where_the_plan_started() -> None:
    a = BUILT.items[ItemId("a")]
    to = ModeId("automated")
    upgrade = Upgrade(a, ModeId("none"), to, 1, Cents(1), 1)
    start, end = date(2026, 11, 2), date(2026, 11, 6)
    known = assessment({"a": "automated", "c": "manual"})
    stranger = Recorded(NOW, Standing(Fraction(0), {"x": Fraction(9)}), "")
    past = (recorded(10, Fraction(0), Fraction(1, 2)), stranger)
    found = burn_up(BUILT, known, [(end, upgrade)], start, past, TODAY)
    assert found.planned == ((start, Fraction(1, 2)), (end, Fraction(3, 2)))
    assert found.done == ((date(2026, 11, 10), Fraction(1, 2)), (TODAY, Fraction(3, 2)))


def test_the_past_is_read_exactly_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    assert read_past(path) == ()
    path.write_text(
        '{"when": "2026-11-02T00:00:00", "score": 0.1, "sections": {"s": 0.1}, "cause": "b"}\n'
        '{"when": "2026-11-01T00:00:00Z", "score": true, "sections": {}, "cause": ""}\n'
        '{"when": "2026-11-01T00:00:00Z", "score": NaN, "sections": {}, "cause": ""}\n'
        '{"when": "2026-11-01T00:00:00Z", "score": 0, "sections": {"s": 0}, "cause": "a"}',
        encoding="utf-8",
    )
    first, second = read_past(path)
    assert (first.cause, second.cause) == ("a", "b")
    assert second.standing.sections == {"s": Fraction(1, 10)}
