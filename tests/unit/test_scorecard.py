"""Results of OpenSSF Scorecard, and the rubric of its checks."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from maturity_planner.core.assessment import Answer, Assessment
from maturity_planner.core.rubric import ItemId, Rubric
from maturity_planner.core.score import score_assessment
from maturity_planner.errors import UserError
from maturity_planner.files import load_rubric
from maturity_planner.importers.scorecard import claim_checks, load_result
from maturity_planner.resources import bundled_rubrics

WEIGHTS = {
    **dict.fromkeys(["Dangerous-Workflow", "Webhooks"], Fraction(10)),
    **dict.fromkeys(
        [
            *("Binary-Artifacts", "Branch-Protection", "Code-Review", "Dependency-Update-Tool"),
            *("Maintained", "Signed-Releases", "Token-Permissions", "Vulnerabilities"),
        ],
        Fraction(15, 2),
    ),
    **dict.fromkeys(
        [
            *("Fuzzing", "Packaging", "Pinned-Dependencies"),
            *("SAST", "SBOM", "Security-Policy"),
        ],
        Fraction(5),
    ),
    **dict.fromkeys(["CI-Tests", "CII-Best-Practices", "Contributors", "License"], Fraction(5, 2)),
}


def load() -> Rubric:
    return load_rubric(bundled_rubrics()["openssf-scorecard"])


def result(tmp_path: Path, **keys: Any) -> Path:
    path = tmp_path / "result.json"
    data = {
        "date": "2026-11-19T10:00:00Z",
        "repo": {"name": "github.com/acme/oven", "commit": "0123456789abcdef"},
        "scorecard": {"version": "v5.1.0", "commit": "x"},
        "score": 6.3,
        "checks": [],
        "metadata": None,
        **keys,
    }
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def check(name: str, score: Any, **keys: Any) -> dict[str, Any]:
    return {"name": name, "score": score, "reason": "because", "details": None, **keys}


def score_of(rubric: Rubric, scores: dict[str, int], tmp_path: Path) -> Fraction:
    path = result(tmp_path, checks=[check(name, score) for name, score in scores.items()])
    claims = claim_checks(load_result(path), rubric).claims
    answers = {claim.item: Answer(claim.mode) for claim in claims}
    return score_assessment(rubric, Assessment("s", rubric.id, None, answers, {})).score


def test_the_rubric_has_the_20_checks_with_their_weights() -> None:
    rubric = load()
    assert {ItemId(f"ossf-{name.lower()}") for name in WEIGHTS} == set(rubric.items)
    for section in rubric.sections:
        for item in section.items:
            name = item.title.partition(":")[0]
            assert Fraction(section.weight * item.weight, 10_000**2) == WEIGHTS[name], name
    assert sum(section.weight for section in rubric.sections) == sum(WEIGHTS.values()) * 10_000


@pytest.mark.parametrize("points", [0, 10])
def test_all_checks_alike_score_just_that(points: int, tmp_path: Path) -> None:
    assert score_of(load(), dict.fromkeys(WEIGHTS, points), tmp_path) == points


def test_each_check_counts_with_its_risk_and_is_rounded_down(tmp_path: Path) -> None:
    rubric = load()
    for name, weight in WEIGHTS.items():
        item = rubric.items[ItemId(f"ossf-{name.lower()}")]
        for score in range(11):
            steps = [mode.points // 10_000 for mode in item.modes.values()]
            reached = max((p for p in steps if p <= score), default=0)
            assert score_of(rubric, {name: score}, tmp_path) == weight * reached / 120, name


def test_what_scorecard_cannot_tell_is_no_answer_and_what_we_do_not_know_is_told(
    tmp_path: Path,
) -> None:
    checks = [check("License", -1), check("Shiny-New", 7), check("SAST", 8, reason=None)]
    found = claim_checks(load_result(result(tmp_path, checks=checks)), load())
    assert [(unread.what, unread.why) for unread in found.unread] == [
        ("License", "inconclusive, so no answer: because"),
        ("Shiny-New", "openssf-scorecard has no item for this check"),
    ]
    (claim,) = found.claims
    assert (claim.item, claim.mode) == ("ossf-sast", "most")
    assert claim.evidence == (
        "OpenSSF Scorecard 5.1.0 - SAST 8 of 10, github.com/acme/oven at 0123456789ab",
    )
    assert claim.date == datetime.date(2026, 11, 19)


def test_what_is_not_needed_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text('{"checks": [{"name": "SAST", "score": 10, "reason": "a\\nb"}]}')
    found = load_result(path)
    assert (found.day, found.score, found.repository) == (None, None, "")
    (claim,) = claim_checks(found, load()).claims
    assert claim.evidence == ("OpenSSF Scorecard - SAST 10 of 10: a b",)


def test_a_result_without_a_date_says_so(tmp_path: Path) -> None:
    found = claim_checks(
        load_result(result(tmp_path, date=None, checks=[check("SAST", 8)])), load()
    )
    why = "the result has none, so its answers have none either"
    assert [(unread.what, unread.why) for unread in found.unread] == [("date", why)]
    assert found.claims[0].date is None


def test_what_nobody_sees_is_left_out_and_told(tmp_path: Path) -> None:
    reason = "good\u202e \u200bnews"
    checks = [check("SAST", 8, reason=reason), check("License", 8, reason=reason)]
    found = claim_checks(load_result(result(tmp_path, checks=checks)), load())
    assert all(claim.evidence[0].endswith(": good news") for claim in found.claims)
    assert [unread.what for unread in found.unread] == ["U+200B, U+202E"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"checks": [],\n "checks": []}', (2, 2)),
        ('{"checks": [{"name": "SAST",\n  "score": 1, "score": 9}]}', (2, 15)),
        ('{"checks": [], "metadata": {"a": 1,\n"a": 2}}', (2, 1)),
        ('{"checks": [], "checks": "\\ud800"}', None),
    ],
)
def test_a_key_that_stands_twice_is_a_fault(
    tmp_path: Path, text: str, place: tuple[int, int] | None
) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as stop:
        load_result(path)
    fault = stop.value.faults[0]
    assert "stands twice in one mapping" in fault.message
    assert fault.file == str(path)
    assert place is None or (fault.line, fault.column) == place


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"checks": None}, '"checks" should be a list'),
        ({"checks": [7]}, "a check should be a mapping"),
        ({"checks": [check("", 7)]}, 'the "name" of a check should be a short text'),
        ({"checks": [check("A", 11)]}, "a whole number from -1 to 10"),
        ({"checks": [check("A", 0.5)]}, "a whole number from -1 to 10"),
        ({"checks": [check("A", True)]}, "a whole number from -1 to 10"),
        ({"checks": [check("A", None)]}, "a whole number from -1 to 10"),
        ({"checks": [check("A", 1), check("a", 1)]}, 'the check "a" stands twice'),
        ({"checks": [check("A", 1, reason=7)]}, '"reason" should be a text'),
        ({"repo": []}, None),
        ({"repo": [1]}, '"repo" should be a mapping'),
        ({"repo": {"name": 1}}, '"name" should be a text'),
        ({"date": "yesterday"}, '"date" should start with a day'),
        ({"date": 20261119}, '"date" should start with a day'),
        ({"date": "20261119T0"}, '"date" should start with a day'),
        ({"score": "6"}, '"score" should be a number'),
        ({"score": -1}, None),
    ],
)
def test_results_that_are_none(tmp_path: Path, keys: dict[str, Any], fault: str | None) -> None:
    path = result(tmp_path, **keys)
    if fault is None:
        load_result(path)
        return
    with pytest.raises(UserError) as stop:
        load_result(path)
    (found,) = stop.value.faults
    assert fault in found.message
    assert (found.file, found.line) == (str(path), 1)
    assert found.column > 1 or "checks" in fault


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"x"', "[" * 100_000, '{"checks": [], "score": NaN}', "1" * 10_000]
)
def test_texts_that_are_no_result(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as stop:
        load_result(path)
    assert stop.value.faults


def test_faults_are_placed_where_the_json_is_odd_for_yaml(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text('{\n"checks": 7, "a": "\\ud800"}', encoding="utf-8")
    with pytest.raises(UserError) as stop:
        load_result(path)
    assert stop.value.faults[0].line in (1, 2)
