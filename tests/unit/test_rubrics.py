"""The built-in rubrics are complete and say what their sources say."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from maturity_planner.core.rubric import ItemId, ModeId, Rubric
from maturity_planner.files import load_rubric
from maturity_planner.resources import bundled_rubrics

SHARED = Path(__file__).parents[3] / "shared" / "rubric-facts.md"


def load(name: str) -> Rubric:
    return load_rubric(bundled_rubrics()[name])


def test_ml_test_score_has_28_tests_in_both_modes_and_43_needs() -> None:
    rubric = load("ml-test-score")
    assert [len(section.items) for section in rubric.sections] == [7, 7, 7, 7]
    assert all(list(item.modes) == ["manual", "automated"] for item in rubric.items.values())
    needs = [n for i in rubric.items.values() for m in i.modes.values() for n in m.needs]
    assert Counter(need.hard for need in needs) == {True: 22, False: 21}
    assert all(need.why and need.source for need in needs)
    assert sum(need.source == "paper" for need in needs) == 8


def test_ml_test_score_adds_up_to_73_days_by_hand_and_210_automated() -> None:
    items = load("ml-test-score").items.values()
    by_hand, automated = zip(*(i.modes.values() for i in items), strict=True)
    assert sum((mode.effort.likely for mode in by_hand), Fraction(0)) == 73
    assert sum((mode.effort.likely for mode in automated), Fraction(0)) == 210


def test_upkeep_of_work_by_hand_is_two_fifths_of_its_likely_effort() -> None:
    for item in load("ml-test-score").items.values():
        manual, automated = item.modes.values()
        assert Fraction(manual.upkeep, 100) == manual.effort.likely * Fraction(2, 5)
        assert automated.upkeep == 0


def test_effort_after_work_by_hand_reuses_its_definitions() -> None:
    for item in load("ml-test-score").items.values():
        manual, automated = (mode.effort for mode in item.modes.values())
        less = item.top.effort_from[ModeId("manual")]
        for part in ("low", "likely", "high"):
            whole, done = getattr(automated, part), getattr(manual, part)
            expected = max(whole * Fraction(2, 5), whole - done * Fraction(3, 5))
            assert getattr(less, part) == expected


def test_google_has_59_criteria_on_three_levels() -> None:
    items = load("google-mlops").items.values()
    assert Counter(item.level for item in items) == {0: 4, 1: 27, 2: 28}
    assert sum(item.optional for item in items) == 6


def test_google_pays_for_one_trigger_and_for_restated_components_once() -> None:
    items = load("google-mlops").items
    trigger = items[ItemId("gcp-l1-trigger-automatic")]
    assert trigger.top.effort.expected == 0
    choice = next(need for need in trigger.top.needs if len(need.any_of) > 1)
    assert {ref.item for ref in choice.any_of} == {
        f"gcp-l1-trigger-{kind}" for kind in ("schedule", "new-data", "performance", "distribution")
    }
    for store in ("feature-store", "metadata-store"):
        restated = items[ItemId(f"gcp-l2-{store}")]
        assert restated.top.effort.expected == 0
        assert any(n.any_of[0].item == f"gcp-l1-{store}" and n.hard for n in restated.top.needs)


def test_azure_has_47_criteria_of_the_edition_of_2025() -> None:
    rubric = load("azure-mlops")
    assert rubric.version == "2025"
    assert Counter(item.level for item in rubric.items.values()) == {1: 9, 2: 15, 3: 13, 4: 10}
    outcome = next(section for section in rubric.sections if section.id == "outcome")
    assert all(item.optional for item in outcome.items)
    likely = Counter[int | None]()
    for item in rubric.items.values():
        likely[item.level] += int(item.top.effort.likely * 2)
    assert {level: total / 2 for level, total in likely.items()} == {1: 35, 2: 82, 3: 75, 4: 50}


@pytest.mark.parametrize("name", list(bundled_rubrics()))
def test_every_item_can_become_a_ticket(name: str) -> None:
    for item in load(name).items.values():
        assert item.summary.endswith("."), item.id
        for mode in item.modes.values():
            assert mode.evidence, item.id
            assert mode.acceptance, item.id
            assert mode.basis == "estimate", item.id


@pytest.mark.parametrize("name", list(bundled_rubrics()))
def test_every_figure_says_in_the_file_that_it_is_an_estimate(name: str) -> None:
    text = bundled_rubrics()[name].read_text(encoding="utf-8")
    figures = text.count("effort_days: {")
    assert figures == len(re.findall(r"(?<!, )basis: estimate", text))


@pytest.mark.skipif(not SHARED.exists(), reason="the page of sources is not part of the project")
def test_ids_and_titles_are_those_of_the_page_of_sources() -> None:
    text = SHARED.read_text(encoding="utf-8")
    named = re.findall(r"^\*\*\w+ \d - (.+?)\*\* `([a-z0-9-]+)`$", text, re.MULTILINE)
    items = load("ml-test-score").items
    assert [(item.title, item.id) for item in items.values()] == named
    for prefix, name in (("gcp-", "google-mlops"), ("az-", "azure-mlops")):
        rows = re.findall(rf"^\| `({prefix}[a-z0-9-]+)` \|", text, re.MULTILINE)
        assert sorted(rows) == sorted(load(name).items)
