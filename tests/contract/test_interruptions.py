"""People at work while a sync waits, and syncs that are cut short between two writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builders import NOW
from contract.jira_place import JiraPlace
from contract.places import PLACES, PLAN, GitHubPlace, Place, epic, sync, ticket, uid_of
from fakes.faults import Fault, Kind
from fakes.github import FakeGitHub
from fakes.jira import FakeJira
from fakes.wire import Request
from maturity_planner.applying import Step, apply
from maturity_planner.core.changes import ChangeSet, Op, compute_changes
from maturity_planner.core.tickets import Present, State, Ticket
from maturity_planner.state import Journal
from maturity_planner.trackers.base import Tracker

A, B = uid_of("a"), uid_of("b")
WANTED = [epic("data"), ticket("a"), ticket("b")]
OTHER = [epic("data"), ticket("a", title="Ours anew", body="New words."), ticket("b")]
REMOTE = [name for name in PLACES if name != "local"]


@pytest.fixture(params=REMOTE)
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    new_github: Callable[..., FakeGitHub],
    new_jira: Callable[..., FakeJira],
) -> GitHubPlace | JiraPlace:
    kind = PLACES[request.param]
    if issubclass(kind, GitHubPlace):
        return kind(tmp_path, new_github())
    assert issubclass(kind, JiraPlace)
    return kind(tmp_path, new_jira(kind.flavour))


def fake(place: GitHubPlace | JiraPlace) -> FakeGitHub | FakeJira:
    return place.github if isinstance(place, GitHubPlace) else place.jira


def is_edit(request: Request) -> bool:
    """Whether the request changes the issue itself."""
    path = request.path.rsplit("/", 1)[0]
    return request.method in ("PATCH", "PUT") and path.endswith(("/issues", "/issue"))


def is_creation(request: Request) -> bool:
    """Whether the request makes issues."""
    ends = ("/issues", "/issue", "/issue/bulk")
    return request.method == "POST" and request.path.endswith(ends)


def meanwhile(
    place: GitHubPlace | JiraPlace,
    wanted: list[Ticket],
    kind: Kind,
    work: Callable[[], None],
) -> list[Step]:
    """Sync; in the first long pause somebody does their work."""
    fake(place).fail(Fault(kind, nth=1, times=1, seconds=300, matches=is_edit))
    tracker, pauses = place.tracker(), list[float]()

    def sleep(seconds: float) -> None:
        if seconds >= 10 and not pauses:
            pauses.append(seconds)
            work()

    tracker.patience.sleep = sleep
    steps = list(apply(tracker, PLAN, changes(tracker, wanted), NOW))
    assert pauses
    return steps


def changes(
    tracker: Tracker, wanted: list[Ticket], unfinished: frozenset[str] = frozenset()
) -> ChangeSet:
    fitting = [tracker.fit(one) for one in wanted]
    return compute_changes(
        fitting, tracker.read(PLAN), digest=tracker.digest, unfinished=unfinished
    )


def run(
    tracker: Tracker,
    wanted: list[Ticket],
    journal: Journal,
) -> list[Step]:
    due = changes(tracker, wanted, journal.unfinished())
    return list(apply(tracker, PLAN, due, NOW, journal=journal))


def held(place: Place, uid: str) -> Present:
    return next(one for one in place.tracker().read(PLAN) if one.uid == uid)


@pytest.mark.parametrize("kind", [Kind.TOO_MANY, Kind.DROP_BEFORE])
def test_what_a_person_edits_while_we_wait_stays(
    place: GitHubPlace | JiraPlace, kind: Kind
) -> None:
    sync(place.tracker(), WANTED)
    steps = meanwhile(place, OTHER, kind, lambda: place.set_title(A, "Ana knows better"))
    assert not [step.error for step in steps if step.error]
    assert "Ana knows better" in place.everything(A)
    assert "Ours anew" not in place.everything(A)
    assert "New words." in place.everything(A)


@pytest.mark.parametrize("kind", [Kind.TOO_MANY, Kind.DROP_BEFORE])
def test_what_a_person_writes_above_while_we_wait_stays(
    place: GitHubPlace | JiraPlace, kind: Kind
) -> None:
    sync(place.tracker(), WANTED)
    meanwhile(place, OTHER, kind, lambda: place.write_above(A, "Ana was here."))
    assert "Ana was here." in place.everything(A)
    assert "New words." in place.everything(A)


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.DONE])
def test_what_a_person_takes_on_while_we_wait_is_not_closed(
    place: GitHubPlace | JiraPlace, state: State
) -> None:
    sync(place.tracker(), WANTED)
    steps = meanwhile(place, WANTED[:2], Kind.DROP_BEFORE, lambda: place.move_to(B, state))
    assert not [step.error for step in steps if step.error]
    assert held(place, B).state is state


def test_parts_of_an_update_that_was_cut_short_are_ours(
    place: GitHubPlace | JiraPlace, tmp_path: Path
) -> None:
    needing = [epic("data"), ticket("a"), ticket("b", labels=("maturity", "new"), needs=("a",))]
    high = [replace(one, priority="high") if one.epic else one for one in needing]
    sync(place.tracker(), WANTED)
    journal = Journal(tmp_path, lambda: 1000)
    fake(place).fail(Fault(Kind.TOO_MANY, nth=1, times=9, seconds=5000, matches=is_edit))
    steps = run(place.tracker(), high, journal)
    assert any(step.error for step in steps)
    fake(place).server.faults.clear()
    steps = run(place.tracker(), high, journal)
    assert not [step.error for step in steps if step.error]
    assert changes(place.tracker(), high).pending == ()
    back = sync(place.tracker(), WANTED)
    assert Op.KEEP not in {change.op for change in back.changes}
    text = held(place, B)
    assert (text.fields["labels"], text.fields["needs"]) == (("maturity", "data"), ())


def test_a_refused_request_is_not_in_doubt(place: GitHubPlace | JiraPlace, tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda: 1000)
    creates = Fault(Kind.TOO_MANY, nth=1, times=9, seconds=5000, matches=is_creation)
    fake(place).fail(creates)
    steps = run(place.tracker(), WANTED, journal)
    assert "asks for a pause" in steps[0].error
    assert journal.doubts(20) == 0


def test_a_link_that_a_person_removed_stays_so_when_the_newest_ticket_goes(
    place: GitHubPlace | JiraPlace,
) -> None:
    wanted = [epic("data"), ticket("a"), ticket("b", needs=("a",)), ticket("c", rank=4)]
    sync(place.tracker(), wanted)
    place.set_needs(B, [])
    place.delete(uid_of("c"))
    assert changes(place.tracker(), wanted[:3]).changes == ()


def test_what_a_person_opened_again_stays_open(place: GitHubPlace | JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    sync(place.tracker(), WANTED[:2])
    place.move_to(B, State.OPEN)
    left = changes(place.tracker(), WANTED[:2])
    assert [(one.op, one.uid) for one in left.changes] == [(Op.KEEP, B)]
    assert "--force" in left.changes[0].why
    before = place.everything(B).count("Opened again")
    wanted = sync(place.tracker(), WANTED)
    assert [(one.op, one.uid) for one in wanted.changes] == [(Op.UPDATE, B)]
    assert place.everything(B).count("Opened again") == before
    assert changes(place.tracker(), WANTED).changes == ()
    place.move_to(B, State.NOT_DONE)
    assert [one.op for one in changes(place.tracker(), WANTED).changes] == [Op.KEEP]


def test_the_journal_tells_what_was_changed_in_part(tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda: 1000)
    journal.intend("update", A, "o/r")
    journal.intend("update", B, "o/r")
    journal.done(A, "#1")
    assert journal.unfinished() == {B}
    assert journal.doubts(20) == 0
    assert all(json.loads(line) for line in (tmp_path / "journal.jsonl").read_bytes().splitlines())
