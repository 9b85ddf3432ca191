"""Closed tickets into proposals, and back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from builders import assessment, item, rubric
from maturity_planner.core.proposals import Proposal, evidence_of, propose, tracked_tickets
from maturity_planner.core.rubric import ModeId
from maturity_planner.core.tickets import Kind, Present, State, Uid

RUBRIC = rubric({"s": [item("a"), item("b")]})


def there(
    name: str, mode: str = "automated", state: State = State.DONE, number: int = 1, **keys: Any
) -> Present:
    """A ticket of the plan as a tracker holds it."""
    return Present(
        uid=Uid(f"0123abcd.{name}.{mode}"),
        kind=Kind.TICKET,
        remote=f"TASK-{number}",
        reference=f"backlog TASK-{number}",
        title=name,
        state=state,
        fields={},
        **keys,
    )


def proposals(answers: dict[str, Any], *tickets: Present) -> tuple[Proposal, ...]:
    return propose(assessment(answers), tracked_tickets(RUBRIC, tickets))


def test_done_proposes_the_mode_with_the_ticket_as_evidence() -> None:
    found = proposals({}, there("a", closed_on=datetime.date(2026, 11, 19)))
    assert [(str(p.ref), p.from_mode, p.because, p.remote, p.evidence) for p in found] == [
        (
            "a@automated",
            "none",
            "backlog TASK-1 is done",
            "TASK-1",
            "backlog TASK-1, done on 2026-11-19, was none",
        )
    ]


@pytest.mark.parametrize("state", [State.OPEN, State.IN_PROGRESS, State.NOT_DONE])
def test_anything_else_proposes_nothing(state: State) -> None:
    assert proposals({}, there("a", state=state)) == ()
    assert proposals({"a": "automated"}, there("a", state=state)) == ()


def test_an_answer_that_a_person_withdrew_is_not_proposed_again() -> None:
    (accepted,) = proposals({}, there("a"))
    for mode in ("none", "manual"):
        answer = {"mode": mode, "evidence": [accepted.evidence]}
        assert proposals({"a": answer}, there("a")) == ()


def test_what_the_assessment_says_already_is_not_proposed() -> None:
    assert proposals({"a": "automated"}, there("a")) == ()
    assert proposals({"a": "automated"}, there("a", "manual")) == ()


def test_highest_of_several_tickets_counts() -> None:
    tickets = [there("a", "automated", number=1), there("a", "manual", number=2)]
    found = proposals({}, *tickets)
    assert [(str(p.ref), p.remote) for p in found] == [("a@automated", "TASK-1")]


def accepted(present: Present, before: str = "none") -> dict[str, Any]:
    text = evidence_of(present, ModeId(before))
    return {"a": {"mode": "automated", "evidence": ["docs/a.md", text]}}


@pytest.mark.parametrize(
    ("state", "because"),
    [
        (State.OPEN, "backlog TASK-1 is open again"),
        (State.IN_PROGRESS, "backlog TASK-1 is open again"),
        (State.NOT_DONE, "backlog TASK-1 is closed without being done"),
    ],
)
def test_what_was_accepted_and_is_no_longer_done_is_taken_back(state: State, because: str) -> None:
    answers = accepted(there("a", closed_on=datetime.date(2026, 11, 19)), "manual")
    (found,) = proposals(answers, there("a", state=state))
    assert found.is_taken_back
    assert (found.from_mode, found.to_mode, found.because) == ("automated", "manual", because)
    assert found.evidence == "backlog TASK-1, done on 2026-11-19, was manual"


def test_mode_of_before_that_is_gone_means_none() -> None:
    answers = accepted(there("a"), "renamed")
    assert proposals(answers, there("a", state=State.OPEN))[0].to_mode == "none"


def test_evidence_of_another_ticket_is_not_taken_for_ours() -> None:
    answers = accepted(there("a", number=12))
    assert proposals(answers, there("a", state=State.OPEN, number=1)) == ()
    answers = {"a": {"mode": "automated", "evidence": ["backlog TASK-1, done by hand"]}}
    assert proposals(answers, there("a", state=State.OPEN)) == ()


def test_answer_that_a_person_changed_since_is_not_taken_back() -> None:
    answers = accepted(there("a"))
    answers["a"]["mode"] = "manual"
    assert proposals(answers, there("a", state=State.OPEN)) == ()


def test_done_ticket_of_the_item_wins_over_one_opened_again() -> None:
    answers = accepted(there("a", "manual"))
    answers["a"]["mode"] = "manual"
    tickets = [there("a", "manual", State.OPEN), there("a", "automated", number=2)]
    (found,) = proposals(answers, *tickets)
    assert (found.to_mode, found.is_taken_back) == ("automated", False)


def test_tickets_come_in_rubric_order_without_strangers() -> None:
    tickets = [
        there("b", number=1),
        there("a", "automated", number=2),
        there("a", "manual", number=3),
        there("unknown"),
        there("a", "unknown"),
        Present(Uid("0123abcd.s"), Kind.EPIC, "TASK-9", "", "", State.DONE, {}),
        Present(Uid("0123abcd.a.manual.x"), Kind.TICKET, "TASK-8", "", "", State.DONE, {}),
    ]
    found = tracked_tickets(RUBRIC, tickets)
    assert [t.present.remote for t in found] == ["TASK-3", "TASK-2", "TASK-1"]
