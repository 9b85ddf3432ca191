from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from builders import TODAY, assessment, item, mode, rubric
from maturity_planner.core.assessment import build_assessment
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.score import NextLevel, score_assessment
from maturity_planner.files import load_rubric
from maturity_planner.resources import bundled_rubrics

DONE = [{"id": "done", "points": 1}]


def ml_test_score() -> Rubric:
    return load_rubric(bundled_rubrics()["ml-test-score"])


def ml_answers(points: Fraction) -> dict[str, str]:
    """Answers that give each of the four sections the same points."""
    answers: dict[str, str] = {}
    for section in ml_test_score().sections:
        halves = int(points * 2)
        for part in section.items:
            mode_id = ["none", "manual", "automated"][min(2, halves)]
            halves -= min(2, halves)
            answers[part.id] = mode_id
    return answers


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("0", "0"),
        ("0.5", "1"),
        ("1", "1"),
        ("1.5", "2"),
        ("2", "2"),
        ("2.5", "3"),
        ("3", "3"),
        ("3.5", "4"),
        ("5", "4"),
        ("5.5", "5"),
        ("7", "5"),
    ],
)
def test_bands_of_breck_et_al_2017_table_v(score: str, band: str) -> None:
    points = Fraction(score)
    found = score_assessment(ml_test_score(), assessment(ml_answers(points)))
    assert found.score == points
    assert found.band is not None
    assert found.band.id == band


def test_the_final_score_of_breck_et_al_2017_is_the_minimum_of_the_four_sections() -> None:
    answers = ml_answers(Fraction(7)) | {
        "monitor-3-training-serving-skew": "none",
        "monitor-1-dependency-notifications": "manual",
    }
    found = score_assessment(ml_test_score(), assessment(answers))
    assert found.score == Fraction("5.5")
    assert [part.section.id for part in found.sections if part.sets_score] == ["monitor"]


def test_unanswered_items_count_as_none_and_are_said_to_be_open() -> None:
    tiny = rubric({"s": [item("a"), item("b")]})
    found = score_assessment(tiny, assessment({"a": "manual"}))
    assert (found.score, found.at_best) == (Fraction(1, 2), Fraction(3, 2))
    assert [part.id for part in found.unanswered] == ["b"]


def test_a_waived_item_scores_nothing_in_sums_and_lowers_what_can_be_reached() -> None:
    tiny = rubric({"s": [item("a"), item("b")]})
    waivers = {"a": {"reason": "no", "owner": "x", "until": "2026-11-20"}}
    found = score_assessment(tiny, assessment({"a": "automated", "b": "manual"}, waivers))
    assert found.score == Fraction(1, 2)
    assert found.sections[0].at_most == 1
    assert not found.unanswered


def test_a_waiver_counts_up_to_and_including_its_last_day() -> None:
    given = {
        "system": "s",
        "rubric": "tiny",
        "answers": {"a": "manual"},
        "waivers": {"a": {"reason": "no", "owner": "x", "until": "2026-11-19"}},
    }
    expired = build_assessment(given, TODAY)
    assert not expired.waivers
    assert [waiver.item for waiver in expired.expired] == ["a"]


def levels(answers: dict[str, str], **waived: str) -> Fraction:
    tiny = rubric(
        {
            "s": [
                item("a", level=1, modes={"done": mode()}),
                item("b", level=2, modes={"done": mode()}),
                item("c", level=2, optional=True, modes={"done": mode()}),
            ],
            "t": [item("d", level=3, modes={"done": mode()})],
        },
        section="levels",
        modes=DONE,
    )
    waivers = {name: {"reason": "r", "owner": "o", "until": "2099-01-01"} for name in waived}
    return score_assessment(tiny, assessment(answers, waivers)).score


def test_a_section_has_the_highest_level_up_to_which_all_its_criteria_hold() -> None:
    assert levels({}) == 0
    assert levels({"a": "done"}) == 1
    assert levels({"b": "done"}) == 0
    # t has no criterion below level 3, so it passes levels 1 and 2
    assert levels({"a": "done", "b": "done"}) == 2
    assert levels({"a": "done", "b": "done", "d": "done"}) == 3


def test_the_way_to_the_next_level_is_counted() -> None:
    tiny = rubric(
        {"s": [item(n, level=1, modes={"done": mode()}) for n in "ab"]},
        section="levels",
        modes=DONE,
    )
    (part,) = score_assessment(tiny, assessment({"a": "done"})).sections
    assert part.next_level == NextLevel(level=1, met=1, total=2)
    (part,) = score_assessment(tiny, assessment({"a": "done", "b": "done"})).sections
    assert part.next_level is None


def test_optional_and_waived_items_do_not_count_for_a_level() -> None:
    assert levels({"a": "done", "b": "done", "c": "none"}) == 2
    assert levels({"a": "done", "d": "done"}, b="waived") == 3


def test_a_mean_is_weighted_and_exact() -> None:
    tiny = rubric(
        {"s": [item("a")], "t": [item("b")]},
        overall="mean",
        weights={"s": 1, "t": 2},
    )
    found = score_assessment(tiny, assessment({"a": "manual", "b": "automated"}))
    assert found.score == Fraction(5, 6)
    assert all(part.sets_score for part in found.sections)


def test_points_are_weighted_exactly() -> None:
    tiny = rubric({"s": [item(f"i{n}", weight=Decimal("0.1")) for n in range(3)]})
    found = score_assessment(tiny, assessment({f"i{n}": "automated" for n in range(3)}))
    assert found.score == Fraction(3, 10)  # 0.1 + 0.1 + 0.1 is not 0.3 in floats
