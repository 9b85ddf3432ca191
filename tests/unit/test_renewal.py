from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from builders import TODAY, assessment, item, mode, rubric
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.plan import Standing
from maturity_planner.core.quantity import to_cents
from maturity_planner.core.renewal import find_lapses, if_not_renewed, quarters_later

COSTLY = {"manual": mode(1, upkeep_days=2), "automated": mode(3, upkeep_days=1)}
RUBRIC = rubric({"s": [item(name, modes=COSTLY) for name in ("a", "b")] + [item("c")]})


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def shown(on: str, **answers: Any) -> Assessment:
    return replace(assessment(answers), date=day(on))


@pytest.mark.parametrize(
    ("on", "later"), [("2026-11-30", "2027-02-28"), ("2026-01-01", "2026-04-01")]
)
def test_a_quarter_later(on: str, later: str) -> None:
    assert quarters_later(day(on), 1) == day(later)
    assert quarters_later(day(on), 0) == day(on)
    assert quarters_later(day(on), 40_000) == datetime.date.max


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2026-08-20", []),  # due today
        ("2026-08-19", [False]),
        ("2026-05-20", [False]),  # the last day of grace
        ("2026-05-19", [True]),
    ],
)
def test_when_evidence_lapses(on: str, state: list[bool]) -> None:
    lapses = find_lapses(RUBRIC, shown(on, a="manual"), TODAY, 1)
    assert [lapse.has_lapsed for lapse in lapses] == state


def test_what_has_lapsed_counts_as_none_if_not_renewed() -> None:
    claimed = shown("2026-05-19", a="manual", b={"mode": "manual", "date": "2026-08-19"})
    lapses = find_lapses(RUBRIC, claimed, TODAY, 1)
    assert [(lapse.item.id, lapse.has_lapsed) for lapse in lapses] == [("a", True), ("b", False)]
    assert (lapses[0].due, lapses[0].until) == (day("2026-08-19"), day("2026-11-19"))
    assert lapses[0].effort == to_cents(2)
    half = if_not_renewed(RUBRIC, claimed, lapses)
    assert half == Standing(half.score, {"s": half.score})
    assert half.score * 2 == 1
    at_once = find_lapses(RUBRIC, claimed, TODAY, 0)
    assert if_not_renewed(RUBRIC, claimed, at_once).score == 0


@pytest.mark.parametrize(
    "answers", [{"a": "automated"}, {"c": "manual"}, {"a": "none"}, {"a": None}, {}]
)
def test_what_never_ages(answers: dict[str, Any]) -> None:
    assert find_lapses(RUBRIC, shown("2020-01-01", **answers), TODAY, 0) == ()


def test_neither_what_has_no_date_nor_what_is_waived_lapses() -> None:
    assert find_lapses(RUBRIC, assessment({"a": "manual"}), TODAY, 0) == ()
    waived = assessment(
        {"a": "manual"}, {"a": {"reason": "r", "owner": "o", "until": "2027-01-01"}}
    )
    assert find_lapses(RUBRIC, replace(waived, date=day("2020-01-01")), TODAY, 0) == ()


def test_the_rubric_says_how_long_evidence_holds() -> None:
    modes = [{"id": "manual", "points": 1, "review_quarters": 2}, {"id": "automated", "points": 2}]
    never = {"manual": mode(1, review_quarters=0), "automated": mode(1, review_quarters=4)}
    model = rubric({"s": [item("a"), item("b", modes=never)]}, modes=modes)
    assert [
        [mode.review_quarters for mode in item.modes.values()] for item in model.items.values()
    ] == [[2, 0], [0, 4]]
    claimed = shown("2026-05-19", a="manual", b="automated")
    assert [lapse.item.id for lapse in find_lapses(model, claimed, TODAY, 1)] == ["a"]
