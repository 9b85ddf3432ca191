"""Wanted against present: which steps, in which order, and why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.places import PLAN, epic, ticket
from maturity_planner.core.changes import (
    GUARDED,
    Op,
    compute_changes,
    merge_set,
    still_due,
)
from maturity_planner.core.tickets import Present, State, Ticket, Uid, Value, base_of, digest

Names = tuple[str, ...]


def written(wanted: Ticket, number: int = 1, **changes: object) -> Present:
    """The ticket as a tracker holds it right after we wrote it."""
    found = Present(
        uid=wanted.uid,
        kind=wanted.kind,
        remote=f"T-{number}",
        reference=f"board T-{number}",
        title=wanted.title,
        state=State.OPEN,
        fields=wanted.fields(),
        base=base_of(wanted.fields()),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def edited(found: Present, **fields: Value) -> Present:
    return replace(found, fields={**found.fields, **fields})


EPIC, A, B = epic("data"), ticket("a"), ticket("b", needs=("a",))


def test_steps_come_in_the_order_of_work() -> None:
    gone, back = ticket("gone"), ticket("back")
    there = [
        written(gone, 1),
        written(back, 2, state=State.NOT_DONE, is_closed_by_us=True),
        edited(written(A, 3), title="Ana's"),
    ]
    changes = compute_changes([EPIC, A, B, replace(back, body="New.")], there)
    assert [(c.op, c.uid) for c in changes.changes] == [
        (Op.CREATE, EPIC.uid),
        (Op.CREATE, B.uid),
        (Op.LINK, B.uid),
        (Op.REOPEN, back.uid),
        (Op.UPDATE, back.uid),
        (Op.CLOSE, gone.uid),
        (Op.KEEP, A.uid),
    ]
    assert changes.counts == {
        "create": 2,
        "update": 1,
        "close": 1,
        "reopen": 1,
        "link": 1,
        "keep": 1,
    }
    assert len(changes.pending) == 6
    assert changes.managed == 4


def test_equal_sides_have_no_difference() -> None:
    assert compute_changes([EPIC, A], [written(EPIC), written(A)]).changes == ()


def test_creation_names_what_it_writes() -> None:
    change = compute_changes([EPIC], []).changes[0]
    assert change.fields == {
        "title": (None, "Section data"),
        "body": (None, "The section."),
        "labels": (None, ("maturity", "data")),
    }


def test_blank_space_is_no_difference() -> None:
    found = edited(written(A), body="What to do.  \n\n\n\n- **Wanted:** Automatic\n")
    assert compute_changes([A], [found]).changes == ()


def test_text_that_was_never_ours_is_replaced() -> None:
    found = written(A, base={})
    changes = compute_changes([replace(A, body="New.")], [found])
    assert [(c.op, set(c.fields)) for c in changes.changes] == [(Op.UPDATE, {"body"})]


@pytest.mark.parametrize(
    ("base", "present", "wanted", "merged"),
    [
        ((), (), ("a",), ("a",)),
        (("a",), ("a", "x"), ("b",), ("x", "b")),
        (("a", "b"), ("b",), ("a", "b"), ("b",)),
        (("a",), ("x", "a"), ("a",), ("x", "a")),
        ((), ("a",), ("a",), ("a",)),
        (("a",), ("a",), (), ()),
    ],
)
def test_sets_are_merged_three_ways(
    base: tuple[str, ...],
    present: tuple[str, ...],
    wanted: tuple[str, ...],
    merged: tuple[str, ...],
) -> None:
    found = written(A, base={"labels": base}, fields={"labels": present})
    assert merge_set(found, "labels", wanted) == merged


def test_closed_tickets_are_not_touched() -> None:
    for state in (State.DONE, State.NOT_DONE):
        found = edited(written(A, state=state), body="Old.")
        assert compute_changes([A], [found]).pending == ()
        assert compute_changes([], [found]).changes == ()


@pytest.mark.parametrize("state", [State.DONE, State.NOT_DONE])
def test_a_planned_upgrade_whose_ticket_is_closed_is_told(state: State) -> None:
    (kept,) = compute_changes([A], [written(A, state=state)]).changes
    assert kept.op is Op.KEEP
    assert "open it again" in kept.why
    settled = replace(A, is_settled=True)
    assert compute_changes([settled], [written(A, state=state)]).changes == ()


def test_no_ticket_is_made_for_what_the_assessment_holds_already() -> None:
    assert compute_changes([replace(A, is_settled=True)], []).changes == ()


def test_a_need_without_a_ticket_is_not_linked() -> None:
    settled = replace(A, is_settled=True)
    needy = ticket("b", needs=(A.uid,))
    changes = compute_changes([settled, needy], []).changes
    assert [change.op for change in changes] == [Op.CREATE]


def test_ticket_of_ours_that_is_open_only_loses_the_mark() -> None:
    found = written(A, is_closed_by_us=True)
    assert [c.op for c in compute_changes([A], [found]).changes] == [Op.REOPEN]


def test_epic_is_done_when_its_work_is() -> None:
    wanted: list[Ticket] = []
    there = [written(EPIC), written(A, state=State.DONE)]
    close = compute_changes(wanted, there).changes[0]
    assert (close.op, close.fields["state"][1]) == (Op.CLOSE, State.DONE)
    close = compute_changes(wanted, [written(EPIC)]).changes[0]
    assert (close.op, close.fields["state"][1]) == (Op.CLOSE, State.NOT_DONE)


def test_epic_waits_for_work_in_progress_unless_forced() -> None:
    there = [written(EPIC), written(A, state=State.IN_PROGRESS)]
    assert [c.op for c in compute_changes([], there).changes] == [Op.KEEP, Op.KEEP]
    assert [c.op for c in compute_changes([], there, force=True).changes] == [Op.CLOSE, Op.CLOSE]


def test_fingerprint_names_exactly_the_steps() -> None:
    first = compute_changes([EPIC, A], [])
    assert first.fingerprint == compute_changes([EPIC, A], []).fingerprint
    others = [
        compute_changes([EPIC], []),
        compute_changes([EPIC, replace(A, body="New.")], []),
        compute_changes([EPIC, A], [written(EPIC)]),
        compute_changes([], []),
    ]
    assert len({first.fingerprint, *(other.fingerprint for other in others)}) == 5
    kept = compute_changes([A], [edited(written(A), title="Ana's")])
    assert kept.fingerprint == compute_changes([], []).fingerprint


@pytest.mark.parametrize(
    ("closed", "stay", "is_sweeping"),
    [(GUARDED, 0, False), (GUARDED + 1, 0, True), (11, 25, True), (11, 26, False)],
)
def test_closing_many_is_sweeping(closed: int, stay: int, is_sweeping: bool) -> None:
    tickets = [ticket(f"t{n}") for n in range(closed + stay)]
    there = [written(found) for found in tickets]
    assert compute_changes(tickets[closed:], there).swept() == closed * is_sweeping
    rewritten = compute_changes([replace(found, body="New.") for found in tickets], there)
    assert rewritten.swept() == 0
    many = len(tickets) > GUARDED
    assert rewritten.swept(updates=True) == len(tickets) * many


def test_base_remembers_elements_of_sets_and_digests_of_texts() -> None:
    fields: dict[str, Value] = {"labels": ("a",), "body": "x", "acceptance": ("y", "z")}
    assert base_of(fields) == {
        "labels": ("a",),
        "body": digest("x"),
        "acceptance": digest(("y", "z")),
    }
    assert digest("x") != digest("y")


def test_identity_holds_the_plan() -> None:
    assert A.uid == Uid(f"{PLAN}.a.automated")


def test_what_was_written_but_not_remembered_is_still_to_be_remembered() -> None:
    wanted = replace(A, title="New")
    (change,) = compute_changes([wanted], [written(A)]).changes
    there = replace(written(A), fields={**written(A).fields, "title": "New"})
    left = still_due(change, there, digest)
    assert left
    assert left.fields == {"title": ("New", "New")}
    assert still_due(change, edited(written(A), title="Ana's"), digest) is None
