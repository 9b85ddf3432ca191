"""What every tracker promises: one suite, run against each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract.jira_place import JiraPlace
from contract.places import (
    OTHER_PLAN,
    PLACES,
    PLAN,
    GitHubPlace,
    Place,
    epic,
    present,
    sync,
    ticket,
    uid_of,
)
from fakes.github import FakeGitHub
from fakes.jira import FakeJira
from maturity_planner.core.changes import Op
from maturity_planner.core.tickets import Kind, Milestone, State, Ticket, Uid, Value
from maturity_planner.trackers import TRACKERS

WANTED = [epic("data"), ticket("a"), ticket("b", needs=("a",), rank=3)]
A, B = uid_of("a"), uid_of("b")


@pytest.fixture(params=PLACES)
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    new_github: Callable[..., FakeGitHub],
    new_jira: Callable[..., FakeJira],
) -> Place:
    kind = PLACES[request.param]
    if issubclass(kind, GitHubPlace):
        return kind(tmp_path, new_github())
    if issubclass(kind, JiraPlace):
        return kind(tmp_path, new_jira(kind.flavour))
    return kind(tmp_path)


def test_every_tracker_of_this_version_is_tested() -> None:
    assert {name.partition("-")[0] for name in PLACES} == set(TRACKERS)


def texts(place: Place, fields: Mapping[str, Value], wanted: Ticket) -> dict[str, str]:
    """What the place tells of the values apart, of the fields that are wanted."""
    names = place.tracker().fit(wanted).fields()
    return {name: place.tracker().digest(fields[name]) for name in names}


def test_empty_place_holds_nothing(place: Place) -> None:
    assert place.tracker().read(PLAN) == []


def test_create_and_read_back(place: Place) -> None:
    changes = sync(place.tracker(), WANTED)
    assert [c.op for c in changes.changes] == [Op.CREATE, Op.CREATE, Op.CREATE, Op.LINK]
    found = present(place.tracker())
    assert set(found) == {wanted.uid for wanted in WANTED}
    for wanted in WANTED:
        mine = found[wanted.uid]
        assert (mine.kind, mine.state, mine.title) == (wanted.kind, State.OPEN, wanted.title)
        fitting = place.tracker().fit(wanted)
        assert texts(place, mine.fields, wanted) == texts(place, fitting.fields(), wanted)
        assert mine.remote
        assert mine.reference
        assert not mine.is_closed_by_us
    assert found[WANTED[0].uid].kind is Kind.EPIC


def test_it_tells_how_many_tickets_it_has_read_so_far(place: Place) -> None:
    sync(place.tracker(), WANTED)
    tracker, told = place.tracker(), list[int]()
    tracker.patience.count = told.append
    tracker.read(PLAN)
    assert (sorted(told), told[-1]) == (told, len(WANTED))


def test_sync_twice_changes_nothing(place: Place) -> None:
    sync(place.tracker(), WANTED)
    before = {wanted.uid: place.everything(wanted.uid) for wanted in WANTED}
    assert sync(place.tracker(), WANTED).changes == ()
    assert {wanted.uid: place.everything(wanted.uid) for wanted in WANTED} == before


def test_one_field_is_updated_and_the_rest_left_alone(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.write_above(A, "Ana looks at this.")
    place.tick(A, "It runs in CI.")
    changes = sync(place.tracker(), [WANTED[0], ticket("a", body="Other words."), WANTED[2]])
    assert [(c.op, c.uid, set(c.fields)) for c in changes.changes] == [(Op.UPDATE, A, {"body"})]
    assert place.tracker().read(PLAN)[1].fields["body"] == "Other words."
    assert "Ana looks at this." in place.everything(A)
    assert "What to do." not in place.everything(A)
    assert place.is_ticked(A, "It runs in CI.")


def test_every_field_can_be_updated(place: Place) -> None:
    sync(place.tracker(), WANTED)
    other = ticket(
        "b",
        title="Another title: with 'quotes' # and more",
        body="Other words.",
        acceptance=("It is new.", "It runs in CI."),
        labels=("maturity", "model"),
        epic="model",
    )
    wanted = [WANTED[0], epic("model"), WANTED[1], other]
    sync(place.tracker(), wanted)
    found = present(place.tracker())[B]
    fitting = place.tracker().fit(other)
    assert texts(place, found.fields, other) == texts(place, fitting.fields(), other)
    assert sync(place.tracker(), wanted).changes == ()


def test_criteria_appear_where_there_were_none_and_go_again(place: Place) -> None:
    sync(place.tracker(), [WANTED[0], ticket("a", acceptance=())])
    for criteria in (("It is new.",), (), ("It is new.", "And more.")):
        wanted = [WANTED[0], ticket("a", acceptance=criteria)]
        assert [c.op for c in sync(place.tracker(), wanted).changes] == [Op.UPDATE]
        assert present(place.tracker())[A].fields["acceptance"] == criteria
        assert sync(place.tracker(), wanted).changes == ()


def test_equal_criteria_are_no_edit(place: Place) -> None:
    wanted = [WANTED[0], ticket("a", acceptance=("The same.", "The same."))]
    sync(place.tracker(), wanted)
    assert sync(place.tracker(), wanted).changes == ()


def test_labels_are_merged_as_a_set(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.set_labels(A, ["urgent", "maturity"])  # one added, our "data" taken away
    assert sync(place.tracker(), WANTED).changes == ()
    changes = sync(place.tracker(), [WANTED[0], ticket("a", labels=("data", "new")), WANTED[2]])
    assert [(c.op, set(c.fields)) for c in changes.changes] == [(Op.UPDATE, {"labels"})]
    assert set(present(place.tracker())[A].fields["labels"]) == {"urgent", "new"}


def test_needs_are_merged_as_a_set(place: Place) -> None:
    wanted = [*WANTED, ticket("c", rank=4)]
    sync(place.tracker(), wanted)
    there = present(place.tracker())
    mine, foreign = there[uid_of("c")].remote, place.foreign()
    place.set_needs(B, [there[A].remote, foreign])
    assert sync(place.tracker(), wanted).changes == ()
    wanted[2] = ticket("b", needs=("c",), rank=3)
    changes = sync(place.tracker(), wanted)
    assert [(c.op, c.uid) for c in changes.changes] == [(Op.LINK, B)]
    assert set(present(place.tracker())[B].fields["needs"]) == {foreign, uid_of("c")}
    assert mine in place.everything(B)
    assert sync(place.tracker(), wanted).changes == ()


def test_need_that_a_person_took_away_stays_away(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.set_needs(B, [])
    assert sync(place.tracker(), WANTED).changes == ()


@pytest.mark.parametrize("field", ["title", "body", "acceptance"])
def test_edited_text_is_kept_and_reported(place: Place, field: str) -> None:
    sync(place.tracker(), WANTED)
    match field:
        case "title":
            place.set_title(A, "Title of Ana")
        case "body":
            place.write_inside(A, "Line of Ana.")
        case "acceptance":
            place.add_criterion(A, "Criterion of Ana.")
    before, edited = place.everything(A), present(place.tracker())[A].fields[field]
    changes = sync(place.tracker(), WANTED)
    assert [(c.op, c.uid, set(c.fields), c.why) for c in changes.changes] == [
        (Op.KEEP, A, {field}, "edited by a person")
    ]
    assert place.everything(A) == before
    new = ticket("a", title="New title", body="New body.", acceptance=("New.",))
    sync(place.tracker(), [WANTED[0], new, WANTED[2]])
    assert "of Ana" in place.everything(A)
    fields = present(place.tracker())[A].fields
    assert fields == {**fields, **new.fields(), field: edited}


def test_what_people_write_around_our_text_survives(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.write_above(A, "Ana: see the wiki.\n\nPros\n=======\nCons")
    place.comment(A, "I take this one.")
    place.tick(A, "It is linked here.")
    assert sync(place.tracker(), WANTED).changes == ()
    sync(place.tracker(), [WANTED[0], ticket("a", body="New.", acceptance=("It is linked here.",))])
    text = place.everything(A)
    assert "Ana: see the wiki.\n\nPros\n=======\nCons" in text
    assert "I take this one." in text
    assert place.is_ticked(A, "It is linked here.")


@pytest.mark.parametrize("state", [State.DONE, State.NOT_DONE])
def test_what_a_person_closed_is_never_reopened(place: Place, state: State) -> None:
    sync(place.tracker(), WANTED)
    place.move_to(A, state)
    before = place.everything(A)
    assert sync(place.tracker(), WANTED).pending == ()
    assert sync(place.tracker(), [WANTED[0], ticket("a", body="New."), WANTED[2]]).pending == ()
    assert place.everything(A) == before
    found = present(place.tracker())[A]
    assert (found.state, found.is_closed_by_us) == (state, False)


def test_what_left_the_plan_is_closed_with_a_comment(place: Place) -> None:
    sync(place.tracker(), WANTED)
    changes = sync(place.tracker(), WANTED[:2])
    assert [(c.op, c.uid, c.why) for c in changes.changes] == [(Op.CLOSE, B, "it left the plan")]
    found = present(place.tracker())[B]
    assert (found.state, found.is_closed_by_us) == (State.NOT_DONE, True)
    assert "Closed by maturity-planner: it left the plan." in place.everything(B)
    assert sync(place.tracker(), WANTED[:2]).changes == ()


def test_what_returns_to_the_plan_is_opened_again(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.comment(B, "Half done.")
    remote = present(place.tracker())[B].remote
    for _ in range(2):
        sync(place.tracker(), WANTED[:2])
        changes = sync(place.tracker(), WANTED)
        assert [(c.op, c.uid) for c in changes.changes] == [(Op.REOPEN, B)]
    found = present(place.tracker())[B]
    assert (found.state, found.is_closed_by_us, found.remote) == (State.OPEN, False, remote)
    assert found.fields["needs"] == (A,)
    assert "Half done." in place.everything(B)
    assert sync(place.tracker(), WANTED).changes == ()


def test_what_is_opened_again_gets_the_texts_of_today(place: Place) -> None:
    sync(place.tracker(), WANTED)
    sync(place.tracker(), WANTED[:2])
    changes = sync(place.tracker(), [*WANTED[:2], ticket("b", body="New.", needs=("a",))])
    assert [c.op for c in changes.changes] == [Op.REOPEN, Op.UPDATE]
    assert present(place.tracker())[B].fields["body"] == "New."


def test_what_a_person_finishes_after_we_closed_it_is_done(place: Place) -> None:
    sync(place.tracker(), WANTED)
    sync(place.tracker(), WANTED[:2])
    place.move_to(B, State.DONE)
    assert sync(place.tracker(), WANTED).pending == ()
    assert present(place.tracker())[B].state is State.DONE


def test_what_somebody_works_on_is_closed_only_with_force(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.move_to(B, State.IN_PROGRESS)
    changes = sync(place.tracker(), WANTED[:2])
    assert [(c.op, c.uid) for c in changes.changes] == [(Op.KEEP, B)]
    assert "--force" in changes.changes[0].why
    assert present(place.tracker())[B].state is State.IN_PROGRESS
    assert [c.op for c in sync(place.tracker(), WANTED[:2], force=True).changes] == [Op.CLOSE]
    assert present(place.tracker())[B].state is State.NOT_DONE


def test_ticket_with_a_ticked_criterion_is_closed_only_with_force(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.tick(B, "It runs in CI.")
    assert present(place.tracker())[B].state is State.IN_PROGRESS
    assert sync(place.tracker(), WANTED).changes == ()
    assert [(c.op, c.uid) for c in sync(place.tracker(), WANTED[:2]).changes] == [(Op.KEEP, B)]
    assert [c.op for c in sync(place.tracker(), WANTED[:2], force=True).changes] == [Op.CLOSE]
    assert present(place.tracker())[B].state is State.NOT_DONE


def test_epic_stays_while_somebody_works_on_one_of_its_tickets(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.move_to(B, State.IN_PROGRESS)
    changes = sync(place.tracker(), [])
    assert [(c.op, c.uid) for c in changes.changes] == [
        (Op.CLOSE, A),
        (Op.KEEP, WANTED[0].uid),
        (Op.KEEP, B),
    ]


def test_epic_with_done_work_is_closed_as_done_and_opened_for_more(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.move_to(A, State.DONE)
    place.move_to(B, State.DONE)
    changes = sync(place.tracker(), [])
    assert [(c.op, c.uid) for c in changes.changes] == [(Op.CLOSE, WANTED[0].uid)]
    found = present(place.tracker())[WANTED[0].uid]
    assert (found.state, found.is_closed_by_us) == (State.DONE, True)
    assert sync(place.tracker(), []).changes == ()
    more = [WANTED[0], ticket("c")]
    assert [c.op for c in sync(place.tracker(), more).changes] == [Op.CREATE, Op.REOPEN]
    assert present(place.tracker())[WANTED[0].uid].state is State.OPEN
    assert present(place.tracker())[A].state is State.DONE


def test_two_plans_in_one_place_do_not_see_each_other(place: Place) -> None:
    theirs = [epic("data", plan=OTHER_PLAN), ticket("a", plan=OTHER_PLAN)]
    sync(place.tracker(), WANTED)
    sync(place.tracker(), theirs, plan=OTHER_PLAN)
    assert sync(place.tracker(), WANTED).changes == ()
    assert sync(place.tracker(), theirs, plan=OTHER_PLAN).changes == ()
    sync(place.tracker(), [], plan=OTHER_PLAN)
    assert {found.state for found in place.tracker().read(PLAN)} == {State.OPEN}
    assert len({f.remote for p in (PLAN, OTHER_PLAN) for f in place.tracker().read(p)}) == 5


def test_tickets_are_found_after_their_titles_changed(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.set_title(A, "Item b")  # even by the title of another one
    changes = sync(place.tracker(), WANTED)
    assert [(c.op, c.uid) for c in changes.changes] == [(Op.KEEP, A)]


def test_all_that_we_remember_is_in_the_tracker(place: Place) -> None:
    sync(place.tracker(), WANTED)
    place.set_title(A, "Title of Ana")
    assert [(c.op, c.uid) for c in sync(place.tracker(), WANTED).changes] == [(Op.KEEP, A)]


FIRST = Milestone("Sprint 1 (2027-01-04)", date(2027, 1, 4), date(2027, 1, 17))
SECOND = Milestone("Sprint 2 (2027-01-18)", date(2027, 1, 18), date(2027, 1, 31))


def timed(name: str, milestone: Milestone, **more: Any) -> Ticket:
    return replace(
        ticket(name, **more), milestone=milestone, start=milestone.start, due=milestone.end
    )


def test_a_roadmap_s_milestones_are_made_once_and_moved(place: Place) -> None:
    placed = [WANTED[0], timed("a", FIRST), timed("b", FIRST, needs=("a",), rank=3)]
    sync(place.tracker(), placed)
    assert present(place.tracker())[Uid(A)].fields["milestone"] == FIRST.name
    assert sync(place.tracker(), placed).changes == ()
    moved = [*placed[:2], timed("b", SECOND, needs=("a",), rank=3)]
    changes = sync(place.tracker(), moved)
    assert [(one.op, one.uid) for one in changes.changes] == [(Op.UPDATE, B)]
    assert present(place.tracker())[Uid(B)].fields["milestone"] == SECOND.name
    sync(place.tracker(), placed)
    assert place.milestones() in ([], [FIRST.name, SECOND.name])


def test_without_a_roadmap_time_is_for_people(place: Place) -> None:
    placed = [WANTED[0], timed("a", FIRST), ticket("b", needs=("a",), rank=3)]
    sync(place.tracker(), placed)
    assert sync(place.tracker(), WANTED).changes == ()
    assert present(place.tracker())[Uid(A)].fields["milestone"] == FIRST.name


def test_a_ticket_that_gets_its_milestone_later(place: Place) -> None:
    sync(place.tracker(), WANTED)
    placed = [WANTED[0], timed("a", FIRST), WANTED[2]]
    assert [one.uid for one in sync(place.tracker(), placed).changes] == [A]
    assert sync(place.tracker(), placed).changes == ()
