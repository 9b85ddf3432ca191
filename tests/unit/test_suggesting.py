"""Links between rubrics suggest answers, from answers that are there, and only higher ones."""

from __future__ import annotations

from typing import Any

import pytest

from builders import document, item, mode
from maturity_planner.core.assessment_soundness import assessment_faults
from maturity_planner.core.rubric import ItemId, ModeId, Rubric, build_rubric
from maturity_planner.core.rubric_soundness import rubric_faults
from maturity_planner.core.suggesting import suggest
from maturity_planner.files import load_rubric
from maturity_planner.resources import bundled_rubrics

PARTLY = {"ref": "one/a@automated", "partly": True, "why": "the easy half", "basis": "estimate"}


def named(name: str, *items: dict[str, Any]) -> Rubric:
    built = document({"s": list(items)}) | {"id": name}
    assert rubric_faults(built) == []
    return build_rubric(built)


ONE = named("one", item("a"), item("b"))
TWO = named(
    "two",
    item(
        "x",
        modes={
            "manual": mode(1, suggested_by=["one/a@manual"]),
            "automated": mode(1, suggested_by=[PARTLY, "one/b@manual", "three/z@manual"]),
        },
    ),
    item("y", modes={"manual": mode(1, suggested_by=["one/gone@manual", "one/a@other"])}),
)
X = TWO.items[ItemId("x")]


def found(**answered: str) -> tuple[str, str | None, list[str], bool] | None:
    modes = {ItemId(name): ModeId(value) for name, value in answered.items()}
    suggestion = suggest([ONE, TWO], X, modes)
    if suggestion is None:
        return None
    reasons = [str(reason) for reason in suggestion.because]
    return suggestion.mode, suggestion.today, reasons, suggestion.is_partial


def test_an_answer_suggests_what_links_to_its_mode_or_a_lower_one() -> None:
    assert found(a="manual") == ("manual", None, ["a of one is answered: manual"], False)
    assert found(a="automated") == (
        "automated",
        None,
        ["in part, as a of one is answered: automated (the easy half)"],
        True,
    )
    both = found(a="automated", b="automated")
    assert both is not None
    assert len(both[2]) == 2
    assert not both[3]


def test_only_answers_that_are_there_and_are_not_none_suggest() -> None:
    assert found() is None
    assert found(a="none") is None
    assert found(z="manual") is None


def test_what_is_answered_as_high_already_needs_no_suggestion() -> None:
    assert found(a="manual", x="manual") is None
    assert found(a="manual", x="automated") is None
    higher = found(b="manual", x="manual")
    assert higher is not None
    assert higher[:2] == ("automated", "manual")
    lower = found(a="manual", x="none")
    assert lower is not None
    assert lower[1] == "none"


def test_links_that_lead_nowhere_suggest_nothing() -> None:
    modes = {ItemId("a"): ModeId("automated")}
    assert suggest([ONE, TWO], TWO.items[ItemId("y")], modes) is None
    assert suggest([TWO], X, modes) is None


def test_a_rubric_is_not_linked_to_itself() -> None:
    own = document({"s": [item("a", modes={"manual": mode(1, suggested_by=["tiny/a@manual"])})]})
    (fault,) = rubric_faults(own)
    assert fault.message == 'item "a" is linked to its own rubric'
    own["sections"][0]["items"][0]["modes"]["manual"]["suggested_by"] = [{"ref": None}]
    assert rubric_faults(own) == []


def test_rubrics_that_share_an_item_do_not_go_together() -> None:
    (shared,) = assessment_faults({"rubric": ["one", "four"]}, ONE, named("four", item("b")))
    assert shared.message == 'the rubrics "one" and "four" both have the item "b"'
    (same,) = assessment_faults({"rubric": ["one", "o.yaml"]}, ONE, named("one", item("q")))
    assert same.message == 'two of the rubrics have the id "one"'
    assert assessment_faults({"rubric": ["one", "two"], "answers": {"x": "manual"}}, ONE, TWO) == []


@pytest.mark.parametrize("name", list(bundled_rubrics()))
def test_every_built_in_link_leads_to_a_mode_and_says_that_it_is_an_estimate(name: str) -> None:
    known = {other: load_rubric(path) for other, path in bundled_rubrics().items()}
    links = [
        link
        for own in known[name].items.values()
        for one in own.modes.values()
        for link in one.suggested_by
    ]
    for link in links:
        assert link.ref.mode in known[link.rubric].items[link.ref.item].modes
        assert link.basis == "estimate"
    expected = {"google-mlops": 15, "azure-mlops": 13, "ml-test-score": 4}
    assert len(links) == expected.get(name, 0)
