"""A plan into epics and tickets in the order of work."""

from __future__ import annotations

from typing import Any

from builders import assessment, item, mode, rubric
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.backlog import TicketFacts, backlog, epic_uid, ticket_uid
from maturity_planner.core.plan import Upgrade
from maturity_planner.core.quantity import Cents
from maturity_planner.core.rubric import ItemId, ModeId, ModeRef, Rubric

PLAN = "0123abcd"


def upgrades(given: Rubric, today: Any = None, **wanted: str) -> list[Upgrade]:
    """Upgrades from today's modes, in rubric order."""
    known: Assessment = assessment(today)
    return [
        Upgrade(item, known.mode(item), ModeId(wanted[item.id]), 1, Cents(1), 1)
        for item in given.items.values()
        if item.id in wanted
    ]


def tickets(
    given: Rubric, today: dict[str, Any] | None = None, **wanted: str
) -> tuple[TicketFacts, ...]:
    known: Assessment = assessment(today)
    return backlog(PLAN, upgrades(given, today, **wanted), given, known)[1]


def test_a_need_that_was_accepted_since_the_plan_was_made_stays_linked() -> None:
    given = rubric({"s": [item("a"), needing("b", "a@manual")]})
    planned = upgrades(given, a="manual", b="manual")
    found = backlog(PLAN, planned, given, assessment({"a": "manual"}))[1]
    assert [uid for uid, _, _ in found[1].needs] == [f"{PLAN}.a.manual"]


def order(found: tuple[TicketFacts, ...]) -> list[str]:
    return [facts.upgrade.item.id for facts in found]


def needing(name: str, *needs: Any) -> dict[str, Any]:
    return item(name, modes={"manual": mode(1, needs=list(needs)), "automated": mode(3)})


def test_one_epic_a_section_that_the_plan_touches() -> None:
    given = rubric({"s": [item("a"), item("b")], "t": [item("c")], "u": [item("d")]})
    epics, found = backlog(
        PLAN, upgrades(given, a="manual", b="automated", d="manual"), given, assessment()
    )
    assert [(e.uid, [u.item.id for u in e.upgrades]) for e in epics] == [
        (f"{PLAN}.s", ["a", "b"]),
        (f"{PLAN}.u", ["d"]),
    ]
    assert [(t.uid, t.epic) for t in found] == [
        (f"{PLAN}.a.manual", f"{PLAN}.s"),
        (f"{PLAN}.b.automated", f"{PLAN}.s"),
        (f"{PLAN}.d.manual", f"{PLAN}.u"),
    ]
    assert epic_uid(PLAN, "s") == epics[0].uid
    assert found[1].mode is given.items[ItemId("b")].modes[ModeId("automated")]


def test_identity_does_not_change_with_the_plan() -> None:
    given = rubric({"s": [item("a")]})
    first, second = (upgrades(given, a=mode) for mode in ("manual", "automated"))
    assert ticket_uid(PLAN, first[0]) == f"{PLAN}.a.manual"
    assert ticket_uid(PLAN, second[0]) == f"{PLAN}.a.automated"


def test_needs_come_first_and_are_linked() -> None:
    given = rubric({"s": [needing("a", "b@manual"), item("b"), item("c")]})
    found = tickets(given, a="automated", b="automated", c="manual")
    assert order(found) == ["b", "a", "c"]
    assert [(uid, need.any_of) for uid, _, need in found[1].needs] == [
        (f"{PLAN}.b.automated", (ModeRef(ItemId("b"), ModeId("manual")),))
    ]
    assert [facts.after for facts in found] == [(), (), ()]


def test_need_that_holds_today_is_not_linked() -> None:
    given = rubric({"s": [needing("a", "b@manual"), item("b")]})
    found = tickets(given, {"b": "manual"}, a="manual", b="automated")
    assert order(found) == ["a", "b"]
    assert found[0].needs == ()


def test_only_what_meets_one_of_several_is_linked() -> None:
    given = rubric(
        {"s": [needing("a", {"any_of": ["b@automated", "c@manual"]}), item("b"), item("c")]}
    )
    found = tickets(given, a="manual", b="manual", c="manual")
    assert order(found) == ["b", "c", "a"]
    assert [uid for uid, _, _ in found[2].needs] == [f"{PLAN}.c.manual"]


def test_soft_needs_order_the_work_where_that_costs_nothing() -> None:
    given = rubric({"s": [needing("a", {"soft": "b@manual", "why": "cheaper"}), item("b")]})
    found = tickets(given, a="manual", b="manual")
    assert order(found) == ["b", "a"]
    assert [need.why for _, _, need in found[1].after] == ["cheaper"]
    assert found[1].needs == ()


def test_hard_needs_win_over_soft_ones() -> None:
    given = rubric({"s": [needing("a", {"soft": "b@manual"}), needing("b", "a@manual")]})
    found = tickets(given, a="manual", b="manual")
    assert order(found) == ["a", "b"]
    assert found[0].after == ()


def test_modes_that_need_each_other_crosswise_still_get_an_order() -> None:
    cross = [
        item("a", modes={"manual": mode(1), "automated": mode(1, needs=["b@manual"])}),
        item("b", modes={"manual": mode(1), "automated": mode(1, needs=["a@manual"])}),
    ]
    found = tickets(rubric({"s": cross}), a="automated", b="automated")
    assert order(found) == ["a", "b"]
    assert [[uid for uid, _, _ in facts.needs] for facts in found] == [[], [f"{PLAN}.a.automated"]]


def test_two_needs_of_one_ticket_are_one_link() -> None:
    given = rubric(
        {
            "s": [
                item(
                    "a",
                    modes={
                        "manual": mode(1, needs=["b@manual", "c@manual"]),
                        "automated": mode(1, needs=["b@automated"]),
                    },
                ),
                item("b"),
                item("c"),
            ]
        }
    )
    found = tickets(given, a="automated", b="automated", c="manual")
    assert [uid for uid, _, _ in found[2].needs] == [f"{PLAN}.b.automated", f"{PLAN}.c.manual"]
