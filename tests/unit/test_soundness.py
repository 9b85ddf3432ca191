from __future__ import annotations

import itertools
from typing import Any

import pytest

from builders import document, item, mode, rubric
from maturity_planner.core.assessment_soundness import assessment_faults
from maturity_planner.core.circles import MOST_CIRCLES
from maturity_planner.core.plan_soundness import plan_faults
from maturity_planner.core.rubric_soundness import rubric_faults
from maturity_planner.errors import Fault

TINY = rubric({"s": [item("a"), item("b")]})


def messages(faults: list[Fault]) -> list[str]:
    return [fault.message for fault in faults]


def only(faults: list[Fault]) -> Fault:
    (fault,) = faults
    return fault


def needy(name: str, *, manual: list[Any] | None = None, automated: list[Any] | None = None) -> Any:
    """An item whose modes have these needs."""
    needs = {"manual": manual or [], "automated": automated or []}
    return item(name, modes={key: mode(1, needs=value) for key, value in needs.items()})


def test_ids_are_unique() -> None:
    built = document({"s": [item("a"), item("a")], "t": [item("a")]})
    built["sections"][1]["id"] = "s"
    built["modes"].append({"id": "manual", "points": 2})
    built["scoring"]["bands"] = [{"id": "x", "up_to": 1}, {"id": "x"}]
    faults = rubric_faults(built)
    assert [(f.message, f.path) for f in faults] == [
        ('mode "manual" stands twice', ("modes", 2, "id")),
        ('section "s" stands twice', ("sections", 1, "id")),
        ('item "a" stands twice', ("sections", 0, "items", 1, "id")),
        ('item "a" stands twice', ("sections", 1, "items", 0, "id")),
        ('band "x" stands twice', ("scoring", "bands", 1, "id")),
    ]


def test_modes_rise_and_none_is_implied() -> None:
    modes = [{"id": "none", "points": 2}, {"id": "low", "points": 1}, {"id": "top", "points": 1}]
    built = document({"s": [item("a", modes={"low": mode()})]}, modes=modes)
    assert messages(rubric_faults(built)) == [
        'the mode "none" is implied and cannot be defined',
        'mode "low" has no more points than "none" before it',
        'mode "top" has no more points than "low" before it',
    ]


def test_bands_rise_and_only_the_last_is_open() -> None:
    bands: list[dict[str, Any]] = [
        {"id": "a", "up_to": 2},
        {"id": "b", "up_to": 2},
        {"id": "c"},
        {"id": "d", "up_to": 3},
    ]
    faults = rubric_faults(document({"s": [item("a")]}, bands=bands))
    assert [(f.message, f.path[2:]) for f in faults] == [
        ('band "b" does not end above the band before it', (1, "up_to")),
        ('band "c" has no up_to', (2, "up_to")),
        ('band "d" is the last one and has an up_to', (3, "up_to")),
    ]


def test_a_mean_needs_a_weight() -> None:
    sections = {"s": [item("a")], "t": [item("b")]}
    weightless = document(sections, overall="mean", weights={"s": 0, "t": 0})
    assert "weighted mean does not exist" in only(rubric_faults(weightless)).message
    assert rubric_faults(document(sections, overall="mean", weights={"s": 0})) == []
    assert rubric_faults(document(sections, weights={"s": 0, "t": 0})) == []


def test_levels_are_asked_for_where_they_count() -> None:
    items = [item("a", level=1), item("b"), item("c", level=None)]
    faults = rubric_faults(document({"s": items}, section="levels"))
    assert messages(faults) == ['item "b" has no level', 'item "c" has no level']
    assert rubric_faults(document({"s": items})) == []


def test_an_unknown_mode_of_an_item_suggests_the_nearest() -> None:
    fault = only(rubric_faults(document({"s": [item("a", modes={"automatd": mode()})]})))
    assert fault.message == 'unknown mode "automatd" of item "a"'
    assert fault.fix == 'Did you mean "automated"?'
    assert fault.path == ("sections", 0, "items", 0, "modes", "automatd")


@pytest.mark.parametrize("source", ["automated", "nonsense", "none"])
def test_less_effort_comes_from_a_lower_mode_of_the_item(source: str) -> None:
    modes = {"manual": mode(), "automated": mode(from_={source: 1})}
    fault = only(rubric_faults(document({"s": [item("a", modes=modes)]})))
    assert fault.message == f'"from" names "{source}", which is not a lower mode of this item'
    assert fault.fix == "Lower modes: manual."


@pytest.mark.parametrize(
    ("need", "message", "fix"),
    [
        ("dta@manual", 'item "b" needs "dta", which is not in the rubric', 'Did you mean "data"?'),
        ("b@manual", 'item "b" needs itself', "Remove this need."),
        (
            "data@manul",
            'item "b" needs "data@manul", but this rubric has no mode "manul"',
            'Did you mean "manual"?',
        ),
        (
            {"soft": "single@automated"},
            'item "b" needs "single@automated", but item "single" has no mode "automated"',
            'Modes of "single": manual.',
        ),
        (
            {"any_of": ["data@manual", "dta@manual"]},
            'item "b" needs "dta", which is not in the rubric',
            'Did you mean "data"?',
        ),
    ],
)
def test_a_need_names_a_mode_that_there_is(need: Any, message: str, fix: str) -> None:
    items = [item("data"), item("single", modes={"manual": mode()}), needy("b", automated=[need])]
    fault = only(rubric_faults(document({"s": items})))
    assert (fault.message, fault.fix) == (message, fix)
    assert fault.path == ("sections", 0, "items", 2, "modes", "automated", "needs", 0)


def test_a_circle_is_named_in_full() -> None:
    items = [
        needy("a", manual=["b@manual"]),
        needy("b", manual=["c@automated"]),
        needy("c", manual=["a@manual"]),
    ]
    fault = only(rubric_faults(document({"s": items})))
    circle = fault.message.removeprefix("these modes need each other in a circle: ").split(" -> ")
    assert circle[0] == circle[-1]
    steps = set(itertools.pairwise(circle))
    assert steps == {
        ("a@manual", "b@manual"),
        ("b@manual", "c@automated"),
        ("c@automated", "c@manual"),  # a mode has the needs of the modes below it
        ("c@manual", "a@manual"),
    }
    assert fault.path[-2] == "needs"


def test_every_circle_is_told() -> None:
    items = [
        needy("a", manual=["b@manual"]),
        needy("b", manual=["a@manual"]),
        needy("c", automated=["d@automated"]),
        needy("d", automated=["c@automated"]),
    ]
    assert len(rubric_faults(document({"s": items}))) == 2


def test_many_circles_are_told_up_to_a_number() -> None:
    pairs = range(MOST_CIRCLES + 5)
    items = [needy(f"a{n}", manual=[f"b{n}@manual"]) for n in pairs]
    items += [needy(f"b{n}", manual=[f"a{n}@manual"]) for n in pairs]
    assert len(rubric_faults(document({"s": items}))) == MOST_CIRCLES


def test_soft_needs_and_crossed_modes_are_no_circle() -> None:
    items = [
        needy("a", automated=["b@manual"]),
        needy("b", manual=[{"soft": "a@automated"}], automated=["a@manual"]),
    ]
    assert rubric_faults(document({"s": items})) == []


def test_a_circle_is_told_beside_other_faults() -> None:
    items = [needy("a", manual=["b@manual", "c@manual"]), needy("b", manual=["a@manual"])]
    found = messages(rubric_faults(document({"s": items})))
    assert len(found) == 2
    assert found[0] == 'item "a" needs "c", which is not in the rubric'
    assert "in a circle" in found[1]


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"modes": None, "sections": None, "scoring": None},
        {"modes": [None, {}], "sections": [None, {"items": None}, {"items": [None, {}]}]},
        {
            "scoring": {
                "section": None,
                "overall": "mean",
                "bands": [None, {"id": None}, {"up_to": 1}],
            }
        },
        {"sections": [{"id": "s", "items": [{"id": "a", "modes": None}]}]},
        {"sections": [{"items": [{"id": "a", "modes": {"manual": None}}]}]},
        {
            "sections": [
                {"items": [{"id": "a", "modes": {"manual": {"from": None, "needs": None}}}]}
            ]
        },
        {
            "sections": [
                {
                    "items": [
                        {
                            "id": "a",
                            "modes": {
                                "manual": {
                                    "needs": [
                                        None,
                                        {},
                                        {"any_of": [None, "b@manual"]},
                                        {"soft": None},
                                    ]
                                }
                            },
                        }
                    ]
                }
            ]
        },
    ],
)
def test_what_another_fault_left_out_is_no_stumbling_block(damaged: dict[str, Any]) -> None:
    known = {"modes": [{"id": "manual", "points": 1}], "scoring": {"section": "sum"}}
    for fault in rubric_faults({**known, **damaged}):
        assert "None" not in fault.message


def test_needs_of_what_was_left_out_are_not_blamed() -> None:
    built = document({"s": [item("a"), needy("b", manual=["c@manual"])]})
    built["sections"][0]["items"][0] = None
    assert rubric_faults(built) == []
    built["sections"].append(None)
    assert rubric_faults(built) == []


def test_modes_are_not_blamed_when_some_were_left_out() -> None:
    built = document({"s": [item("a")]})
    built["modes"][1] = {"id": None, "points": 1}
    assert rubric_faults(built) == []


def test_an_assessment_names_items_and_modes_that_there_are() -> None:
    faults = assessment_faults(
        {
            "answers": {
                "a": "manul",
                "b": {"mode": "x", "effort_days": {"manual": 1, "y": 1}, "upkeep_days": {"z": 1}},
                "aa": "manual",
            },
            "waivers": {"c": {}},
        },
        TINY,
    )
    assert [(f.message, f.path) for f in faults] == [
        ('unknown item "aa"', ("answers", "aa")),
        ('unknown item "c"', ("waivers", "c")),
        ('unknown mode "manul" of item "a"', ("answers", "a")),
        ('effort_days names the unknown mode "y"', ("answers", "b", "effort_days", "y")),
        ('upkeep_days names the unknown mode "z"', ("answers", "b", "upkeep_days", "z")),
        ('unknown mode "x" of item "b"', ("answers", "b", "mode")),
    ]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"answers": None, "waivers": None},
        {"answers": {"a": None, "b": "none"}},
        {"answers": {"a": {}, "b": {"mode": None, "effort_days": None}}, "waivers": {"a": None}},
    ],
)
def test_a_sound_assessment(document: dict[str, Any]) -> None:
    assert assessment_faults(document, TINY) == []


def test_a_plan_names_upgrades_that_there_are() -> None:
    upgrades = [
        {"item": "c", "from": "none", "to": "manual"},
        {"item": "a", "from": "nun", "to": "automatd"},
        {"item": "a", "from": "none", "to": "manual"},
        {"item": "b", "from": "automated", "to": "manual"},
        {"item": "b", "from": "none", "to": "none"},
    ]
    assert [(f.message, f.path) for f in plan_faults({"upgrades": upgrades}, TINY)] == [
        ('unknown item "c"', ("upgrades", 0, "item")),
        ('unknown mode "nun" of item "a"', ("upgrades", 1, "from")),
        ('unknown mode "automatd" of item "a"', ("upgrades", 1, "to")),
        ('item "a" is upgraded twice', ("upgrades", 2, "item")),
        ('"manual" of item "b" is no higher than "automated"', ("upgrades", 3, "to")),
        ('item "b" is upgraded twice', ("upgrades", 4, "item")),
        ('"none" of item "b" is no higher than "none"', ("upgrades", 4, "to")),
    ]


def test_an_upgrade_is_in_the_section_of_its_item() -> None:
    upgrade = {"item": "a", "section": "t", "from": "none", "to": "manual"}
    fault = only(plan_faults({"upgrades": [upgrade]}, TINY))
    assert (fault.message, fault.path) == (
        'item "a" is not in the section "t"',
        ("upgrades", 0, "section"),
    )
    assert plan_faults({"upgrades": [{**upgrade, "section": "s"}]}, TINY) == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"upgrades": None},
        {"upgrades": [None, {}, {"item": None}, {"item": "a"}]},
        {"upgrades": [{"item": "a", "from": None, "to": "manual", "section": None}]},
    ],
)
def test_a_plan_with_parts_left_out_by_other_faults(document: dict[str, Any]) -> None:
    assert plan_faults(document, TINY) == []
