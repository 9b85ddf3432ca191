"""Pins that stand in the settings: found in the rubric, and beside those of the options."""

from __future__ import annotations

from typing import Any

import pytest

from builders import assessment, item, rubric
from maturity_planner.core.pins import Pins, parse_pin, parse_pins, pin_faults

RUBRIC = rubric({"s": [item("one"), item("two")]})
WAIVER = {"two": {"reason": "r", "owner": "o", "until": "2099-01-01"}}


def messages(plan: Any) -> list[tuple[tuple[str | int, ...], str, str]]:
    faults = pin_faults({"plan": plan}, RUBRIC, assessment({}, WAIVER))
    return [(fault.path, fault.message, fault.fix) for fault in faults]


def test_settings_without_pins_have_no_faults() -> None:
    assert pin_faults({}, RUBRIC, assessment()) == []
    assert messages("plan.yaml") == []
    assert messages({"file": "x.yaml"}) == []
    assert messages({"include": ["one@manual"], "exclude": ["one@automated"]}) == []


def test_unknown_names_are_told_with_the_nearest() -> None:
    assert messages({"include": ["ona"], "exclude": ["one@manul", "two"]}) == [
        (("plan", "include", 0), 'unknown item "ona"', 'Did you mean "one"?'),
        (
            ("plan", "exclude", 0),
            'unknown mode "manul" of item "one"',
            'Did you mean "manual"?',
        ),
    ]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"include": ["one"], "exclude": ["one"]}, "one is included, and one is excluded."),
        ({"include": ["two"]}, "two is included, but two is waived until 2099-01-01."),
        (
            {"include": ["one@manual", "one@automated"]},
            "one@automated and one@manual are included: a plan holds one mode of an item.",
        ),
    ],
)
def test_contradictions_are_faults(plan: Any, message: str) -> None:
    ((path, told, fix),) = messages(plan)
    assert (path, told) == (("plan", "include"), message)
    assert fix == "Take one of the two out."


def test_what_is_no_text_is_left_to_the_shape() -> None:
    assert messages({"include": [None, "one"], "exclude": None}) == []


def test_an_option_about_an_item_replaces_every_pin_of_it() -> None:
    ours = Pins(parse_pins(["a", "b"]), parse_pins(["c@manual", "d", "d"]))
    theirs = Pins(exclude=parse_pins(["a@manual", "c"]))
    kept = ours.besides(theirs)
    assert kept == Pins((parse_pin("b"),), (parse_pin("d"),))
    assert kept.joined(theirs).exclude == tuple(map(parse_pin, ("d", "a@manual", "c")))
