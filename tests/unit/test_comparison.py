from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

from builders import TODAY, assessment, item, mode, rubric
from maturity_planner.core.assessment import Assessment, as_of
from maturity_planner.core.comparison import Comparison, ItemMove, compare
from maturity_planner.core.record import facts_of
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.score import score_assessment

RUBRIC = rubric({"data": [item("a", weight=2), item("b")], "model": [item("c")]})
WAIVED = {"reason": "r", "owner": "o", "until": "2026-12-01"}
HALF = Fraction(1, 2)
ONE = Fraction(1)


def compared(
    before: Assessment, now: Assessment, model: Rubric = RUBRIC, old_model: Rubric = RUBRIC
) -> Comparison:
    then = score_assessment(old_model, before)
    return compare(
        model,
        score_assessment(model, now),
        facts_of(model, now),
        then.score,
        {str(part.section.id): part.score for part in then.sections},
        facts_of(old_model, before),
    )


def test_sections_and_items_up_and_down() -> None:
    found = compared(
        assessment({"a": "manual", "c": "automated"}), assessment({"a": "automated", "c": "manual"})
    )
    assert [found.before, found.now, found.change] == [ONE, HALF, -HALF]
    assert [(s.section, s.before, s.now, s.change) for s in found.sections] == [
        ("data", ONE, Fraction(2), ONE),
        ("model", ONE, HALF, -HALF),
    ]
    assert found.items == (
        ItemMove("a", "data", "manual", "automated", Fraction(1)),
        ItemMove("c", "model", "automated", "manual", -HALF),
    )
    assert not found.is_other_rubric


def test_waivers_that_were_given_and_ended() -> None:
    answers: dict[str, Any] = {"a": "manual", "b": "automated"}
    before, now = assessment(answers, {"a": WAIVED}), assessment(answers, {"b": WAIVED})
    assert compared(before, now).items == (
        ItemMove("a", "data", "manual", "manual", Fraction(1), "ended"),
        ItemMove("b", "data", "automated", "automated", Fraction(-1), "given"),
    )


def test_another_rubric() -> None:
    modes = [{"id": "done", "points": 1}]
    modes_of = {"done": mode(1)}
    built = rubric(
        {"data": [item("a", modes=modes_of)], "new": [item("n", modes=modes_of)]},
        modes=modes,
    )
    found = compared(assessment({"a": "manual", "c": "manual"}), assessment({"a": "done"}), built)
    assert found.is_other_rubric
    assert [(s.section, s.title, s.before, s.now, s.change) for s in found.sections] == [
        ("data", "data", ONE, ONE, Fraction(0)),
        ("new", "new", None, Fraction(0), None),
        ("model", "model", HALF, None, None),
    ]
    assert found.items == (
        ItemMove("a", "data", "manual", "done", None),
        ItemMove("c", None, "manual", None, None),
    )


def test_a_mean_that_does_not_end_is_what_was_recorded_of_it() -> None:
    model = rubric({"a": [item("x")], "b": [item("y")], "c": [item("z")]}, overall="mean")
    claimed = assessment({"x": "automated", "y": "automated"})
    score = score_assessment(model, claimed)
    assert score.score == Fraction(2, 3)
    recorded = Fraction(str(2 / 3))
    found = compare(model, score, facts_of(model, claimed), recorded, {}, None)
    assert found.change == 0
    assert (found.items, found.is_other_rubric) == (None, False)


def test_waivers_as_of_a_day() -> None:
    claimed = assessment({}, {"a": WAIVED})
    later = as_of(claimed, datetime.date(2026, 12, 2))
    assert (list(later.waivers), [waiver.item for waiver in later.expired]) == ([], ["a"])
    assert as_of(later, TODAY) == claimed
