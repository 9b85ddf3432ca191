"""A plan on file against an assessment that has moved on."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core.drift import changes_since, open_though_done, to_do
from maturity_planner.core.plan import Request
from maturity_planner.core.planner import Planner
from maturity_planner.core.tickets import Kind, Present, State, Ticket, Uid

GIVEN = rubric(
    {
        "s": [
            item("a", modes={"manual": mode(1), "automated": mode(3, from_={"manual": 2})}),
            item("b", modes={"automated": mode(4)}),
        ],
        "t": [item("c"), item("d")],
    }
)
WAIVED = {"reason": "r", "owner": "o", "until": "2027-01-01"}


def since(
    answers: dict[str, Any],
    waivers: dict[str, Any] | None = None,
    *,
    today: dict[str, Any] | None = None,
) -> list[str]:
    """What has changed since a plan of a@automated, c and d by hand was made."""
    plan = Planner(GIVEN, assessment(today)).plan(Request(Fraction(1)))
    assert [str(u.ref) for u in plan.upgrades] == ["a@automated", "c@manual", "d@manual"]
    now = assessment(answers, waivers)
    return list(changes_since(GIVEN, now, plan.upgrades, plan.before.sections))


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"a": "automated"},
        {"a": "manual", "c": "manual"},
        {"a": "automated", "c": "automated", "d": "automated"},
        {"a": {"mode": "automated", "effort_days": {"automated": 9}}},
        {"a": "none"},
    ],
)
def test_what_was_planned_is_no_change(answers: dict[str, Any]) -> None:
    assert since(answers) == []


@pytest.mark.parametrize(
    ("answers", "waivers", "told"),
    [
        ({"b": "automated"}, {}, ["s was 0, now 1"]),
        ({"a": {"effort_days": {"automated": 9}}}, {}, ["a@automated was 3 days, now 9"]),
        ({}, {"d": WAIVED}, ["d is waived"]),
    ],
)
def test_what_nobody_planned_is_told(
    answers: dict[str, Any], waivers: dict[str, Any], told: list[str]
) -> None:
    assert since(answers, waivers) == told


def test_an_item_that_fell_back_is_told() -> None:
    plan = Planner(GIVEN, assessment({"b": "automated"})).plan(Request(Fraction(1)))
    found = changes_since(GIVEN, assessment(), plan.upgrades, plan.before.sections)
    assert list(found) == ["s was 1, now 0"]


def test_a_section_that_the_rubric_has_no_longer_is_told() -> None:
    before = {"gone": Fraction(3, 2)}
    assert list(changes_since(GIVEN, assessment(), (), before)) == ["gone was 1.5"]


def test_what_is_to_do_is_what_the_assessment_lacks() -> None:
    plan = Planner(GIVEN, assessment()).plan(Request(Fraction(1)))
    left = to_do(plan.upgrades, assessment({"a": "manual", "c": "automated"}))
    assert [str(upgrade.ref) for upgrade in left] == ["a@automated", "d@manual"]


def test_open_tickets_of_work_that_is_done() -> None:
    def present(uid: str, state: State) -> Present:
        return Present(Uid(uid), Kind.TICKET, uid, uid, uid, state, {})

    wanted = [
        Ticket(Uid("p.s"), Kind.EPIC, "S", "", is_settled=True),
        Ticket(Uid("p.a.manual"), Kind.TICKET, "A", "", is_settled=True),
        Ticket(Uid("p.b.manual"), Kind.TICKET, "B", "", is_settled=True),
        Ticket(Uid("p.c.manual"), Kind.TICKET, "C", ""),
    ]
    states = {"p.s": State.OPEN, "p.a.manual": State.IN_PROGRESS}
    states |= {"p.b.manual": State.DONE, "p.c.manual": State.OPEN}
    found = open_though_done(wanted, [present(uid, state) for uid, state in states.items()])
    assert [ticket.uid for ticket in found] == ["p.a.manual"]
