from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from builders import document, item, mode, rubric
from maturity_planner.core.reachable import highest_score, reachable_scores
from maturity_planner.core.rubric import build_rubric
from maturity_planner.core.rubric_warnings import WarningCode, warnings_of
from maturity_planner.documents import dump_yaml
from maturity_planner.errors import Fault
from maturity_planner.linting import rubric_warnings
from maturity_planner.resources import bundled_rubrics

ROOT = Path(__file__).parents[2]


def warnings(sections: dict[str, list[dict[str, Any]]], **keys: Any) -> list[Fault]:
    return warnings_of(rubric(sections, **keys))


def only(found: list[Fault], code: WarningCode) -> Fault:
    (warning,) = found
    assert warning.code == code
    return warning


def needing(name: str, *needs: Any, manual: tuple[Any, ...] = (), **keys: Any) -> dict[str, Any]:
    modes = {"manual": mode(1, needs=list(manual)), "automated": mode(3, needs=list(needs))}
    return item(name, modes=modes, **keys)


@pytest.mark.parametrize("name", bundled_rubrics())
def test_the_built_in_rubrics_have_no_warnings(name: str) -> None:
    path = bundled_rubrics()[name]
    assert rubric_warnings(path.read_text(encoding="utf-8"), path) == []


def test_every_code_is_explained_in_the_docs() -> None:
    page = (ROOT / "docs" / "rubric-warnings.md").read_text(encoding="utf-8")
    assert [code for code in WarningCode if f"| `{code}` |" not in page] == []


def test_an_item_without_points_that_nothing_needs() -> None:
    idle = item("a", weight=0)
    warning = only(warnings({"s": [idle, item("b")]}), WarningCode.IDLE_ITEM)
    assert warning.path == ("sections", 0, "items", 0, "weight")
    assert warning.message.startswith('item "a" gives no points and nothing needs it')
    assert warnings({"s": [idle, needing("b", "a@manual")]}) == []
    assert warnings({"s": [idle, needing("b", {"soft": "a@manual"})]}) == []


def test_an_optional_item_that_nothing_needs_counts_for_no_level() -> None:
    idle = item("a", level=1, optional=True)
    found = warnings({"s": [idle, item("b", level=1)]}, section="levels")
    assert only(found, WarningCode.IDLE_ITEM).path[-1] == "optional"
    assert warnings({"s": [idle, needing("b", "a@manual", level=1)]}, section="levels") == []


@pytest.mark.parametrize(
    ("overall", "what"),
    [("minimum", "keeps the score at 0"), ("mean", "lowers the mean")],
)
def test_a_section_without_points(overall: str, what: str) -> None:
    sections = {"s": [item("a", weight=0)], "t": [needing("b", "a@manual")]}
    warning = only(warnings(sections, overall=overall), WarningCode.IDLE_SECTION)
    assert what in warning.message
    weights = {"s": 0}
    if overall == "mean":  # the section says itself that it does not count
        assert warnings(sections, overall=overall, weights=weights) == []


def test_a_section_of_optional_items_raises_a_mean_for_ever() -> None:
    sections = {
        "s": [item("a", level=1, optional=True)],
        "t": [needing("b", "a@manual", level=1)],
    }
    warning = only(warnings(sections, section="levels", overall="mean"), WarningCode.IDLE_SECTION)
    assert "raises the mean" in warning.message
    assert warnings(sections, section="levels") == []


def test_keys_that_change_no_score() -> None:
    found = warnings({"s": [item("a", optional=True)]}, weights={"s": 2})
    assert [(f.code, f.path) for f in found] == [
        (WarningCode.WITHOUT_EFFECT, ("sections", 0, "weight")),
        (WarningCode.WITHOUT_EFFECT, ("sections", 0, "items", 0, "optional")),
    ]
    weighty = {"s": [item("a", weight=2, level=1)]}
    warning = only(warnings(weighty, section="levels"), WarningCode.WITHOUT_EFFECT)
    assert warning.path[-1] == "weight"
    assert warnings({"s": [item("a", weight=2)]}, overall="mean", weights={"s": 2}) == []


def test_a_mode_that_no_item_has() -> None:
    found = warnings({"s": [item("a", modes={"automated": mode(1)})]})
    warning = only(found, WarningCode.UNUSED_MODE)
    assert warning.path == ("modes", 0)


def bands(*ends: Any) -> list[dict[str, Any]]:
    return [{"id": str(n)} | ({} if e is None else {"up_to": e}) for n, e in enumerate(ends)]


def test_bands_above_the_highest_score() -> None:
    found = warnings({"s": [item("a"), item("b")], "t": [item("c")]}, bands=bands(0, 1, 3, None))
    assert [(f.message, f.path[-1]) for f in found] == [
        ('band "2" starts above 1; the highest score is 1', 2),
        ('band "3" starts above 3; the highest score is 1', 3),
    ]


def test_bands_that_no_score_lands_in() -> None:
    found = warnings({"s": [item("a")]}, bands=bands(Decimal("0.1"), Decimal("0.4"), None))
    warning = only(found, WarningCode.UNREACHABLE_BAND)
    assert warning.message == 'no score that there can be lies in the band "1"'
    staged = {"s": [item("a", level=0), item("b", level=2)], "t": [item("c", level=2)]}
    keys: dict[str, Any] = {"section": "levels"}
    assert warnings(staged, bands=bands(0, None), **keys) == []
    assert [f.path[-1] for f in warnings(staged, bands=bands(0, 1, None), **keys)] == [1]


def test_the_scores_that_there_can_be() -> None:
    half, one = Fraction(1, 2), Fraction(1)
    model = rubric({"s": [item("a"), item("b")], "t": [item("c")]})
    assert reachable_scores(model) == frozenset({Fraction(0), half, one})
    mean = rubric({"s": [item("a")], "t": [item("c")]}, overall="mean", weights={"t": 3})
    assert reachable_scores(mean) == frozenset(Fraction(n, 8) for n in range(9))
    assert highest_score(mean) == 1


def test_too_many_scores_are_not_listed_and_bands_are_still_held_to_the_highest() -> None:
    many = [item(f"i{n}", weight=Decimal(n * n + 1) / 1000) for n in range(60)]
    for overall in ("minimum", "mean"):
        model = rubric({"s": many}, overall=overall, bands=bands(1, 1000, None))
        assert reachable_scores(model) is None
        assert [f.path[-1] for f in warnings_of(model)] == [2]


def test_a_lower_mode_that_costs_more() -> None:
    modes = {"manual": mode(5), "automated": mode({"low": 1, "likely": 2, "high": 3})}
    warning = only(warnings({"s": [item("a", modes=modes)]}), WarningCode.DEAR_LOWER_MODE)
    assert (
        '"manual" of item "a" takes 5 days, "automated" with more points only 2 days'
        in warning.message
    )
    assert warning.path[-2:] == ("manual", "effort_days")
    modes = {"manual": mode(2, upkeep_days=1), "automated": mode(2)}
    warning = only(warnings({"s": [item("a", modes=modes)]}), WarningCode.DEAR_LOWER_MODE)
    assert "takes 1 day a quarter to keep up" in warning.message
    for saves in ({"upkeep_days": 0}, {"upkeep_days": 2}):
        modes = {"manual": mode(2, **saves), "automated": mode(3, upkeep_days=1)}
        assert warnings({"s": [item("a", modes=modes)]}) == []


def test_a_step_that_costs_more_than_starting_from_nothing() -> None:
    modes = {"manual": mode(1), "automated": mode(3, from_={"manual": 4})}
    warning = only(warnings({"s": [item("a", modes=modes)]}), WarningCode.DEAR_STEP)
    assert warning.path[-2:] == ("from", "manual")


def test_a_level_that_needs_a_higher_one() -> None:
    high = item("b", level=2)
    sections = {"s": [needing("a", "b@manual", level=1), high, item("c", level=1)]}
    warning = only(warnings(sections, section="levels"), WarningCode.LEVEL_INVERSION)
    assert warning.message == 'item "a" of level 1 needs b@manual of level 2'
    for need in ({"soft": "b@manual"}, {"any_of": ["b@manual", "c@manual"]}):
        sections["s"][0] = needing("a", need, level=1)
        assert warnings(sections, section="levels") == []


@pytest.mark.parametrize(
    ("manual", "automated", "place"),
    [
        ((), ("b@manual", "b@manual"), ("automated", "needs", 1)),
        ((), ("b@manual", "b@automated"), ("automated", "needs", 0)),
        (("b@automated",), ("b@manual",), ("automated", "needs", 0)),
        ((), ("b@manual", {"soft": "b@manual"}), ("automated", "needs", 1)),
        ((), ("b@manual", {"any_of": ["c@manual", "b@manual"]}), ("automated", "needs", 1)),
        ((), ({"any_of": ["b@manual", "b@automated"]},), ("needs", 0, "any_of", 1)),
        ((), ({"any_of": ["b@manual", "b@manual"]},), ("needs", 0, "any_of", 1)),
    ],
)
def test_needs_that_others_imply(manual: Any, automated: Any, place: Any) -> None:
    needy = needing("a", *automated, manual=manual)
    warning = only(warnings({"s": [needy, item("b"), item("c")]}), WarningCode.REDUNDANT_NEED)
    assert warning.path[-len(place) :] == place


def test_needs_that_only_look_alike() -> None:
    for manual, automated in (
        (["b@manual"], ["b@automated"]),
        ([{"soft": "b@manual"}], ["b@manual"]),
        ([{"any_of": ["b@manual", "c@manual"]}], ["b@manual"]),
        # What b needs binds the upgrade of b alone: the second need says something.
        (["b@manual"], ["c@manual"]),
    ):
        needy = needing("a", *automated, manual=tuple(manual))
        giver = needing("b", manual=("c@manual",))
        assert warnings({"s": [needy, giver, item("c")]}) == []


def test_titles_that_look_alike() -> None:
    alike = [item("a", title="Tests  run"), item("b", title="tests run")]
    warning = only(warnings({"s": alike}), WarningCode.DUPLICATE_TITLE)
    assert 'the same title as "a"' in warning.message


def test_a_warning_has_its_place_and_can_be_ignored_on_its_line() -> None:
    built = document({"s": [item("a", optional=True), item("b", optional=True)]})
    text = dump_yaml(built).replace(
        "optional: true", "optional: true  # ignore: x, without-effect", 1
    )
    (warning,) = rubric_warnings(text, Path("tiny.yaml"))
    line = text.split("\n")[warning.line - 1]
    assert line.strip() == "optional: true"
    assert line[warning.column - 1 :] == "optional: true"
    assert str(warning).startswith(f"tiny.yaml:{warning.line}:{warning.column}: warning: ")
    assert "[without-effect]" in str(warning)


def test_a_rubric_is_known_by_the_name_of_its_file() -> None:
    text = dump_yaml(document({"s": [item("a")]}))
    (warning,) = rubric_warnings(text, Path("rubrics/other.yaml"))
    assert (warning.code, warning.line) == (WarningCode.FILE_NAME, 2)
    assert rubric_warnings(text, Path("rubrics/tiny.yaml")) == []
    assert rubric_warnings(text, Path("elsewhere/other.yaml")) == []


def test_a_lone_carriage_return_is_a_line_break() -> None:
    built = document({"s": [item("a", optional=True)]})
    text = dump_yaml(built).replace("optional: true", "optional: true # ignore: without-effect")
    assert rubric_warnings(text.replace("\n", "\r"), Path("tiny.yaml")) == []
    assert build_rubric(built).id == "tiny"
