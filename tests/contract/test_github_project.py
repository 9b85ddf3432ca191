"""Dates of tickets in a project of GitHub: written once, kept where people change them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import NOW
from contract.places import PLAN, GitHubProjectPlace, epic, present, sync, ticket, uid_of
from fakes.faults import Fault, Kind
from fakes.github import LOGIN, TOKEN, FakeGitHub
from fakes.wire import Request
from maturity_planner.applying import apply
from maturity_planner.core.changes import ChangeSet, Op, compute_changes
from maturity_planner.core.finding import Grade
from maturity_planner.core.tickets import Milestone, Ticket, Uid
from maturity_planner.errors import AuthError, Conflict, LimitReached, NotFound, TrackerError
from maturity_planner.state import Journal
from maturity_planner.trackers.github import GitHubTracker

A, B = uid_of("a"), uid_of("b")
FIRST, LAST = date(2027, 1, 4), date(2027, 3, 26)
PARTS = [Milestone("Sprint 1", FIRST, date(2027, 1, 17)), Milestone("Sprint 2", FIRST, LAST)]


def timed(one: Ticket, start: date, days: int, part: int = 0) -> Ticket:
    due = start + timedelta(days=days)
    return replace(one, milestone=PARTS[part], start=start, due=due)


EPIC = replace(epic("data"), start=FIRST, due=LAST)
WANTED = [
    EPIC,
    timed(ticket("a"), FIRST, 4),
    timed(ticket("b", needs=("a",), rank=3), date(2027, 1, 11), 8),
]
HELD = {
    EPIC.uid: {"Start date": "2027-01-04", "Target date": "2027-03-26"},
    A: {"Start date": "2027-01-04", "Target date": "2027-01-08"},
    B: {"Start date": "2027-01-11", "Target date": "2027-01-19"},
}
MOVED = [*WANTED[:2], timed(ticket("b", needs=("a",), rank=3), date(2027, 1, 18), 8)]
UNDATED = [epic("data"), ticket("a"), ticket("b", needs=("a",), rank=3)]


@pytest.fixture
def place(new_github: Callable[..., FakeGitHub], tmp_path: Path) -> GitHubProjectPlace:
    return GitHubProjectPlace(tmp_path, new_github())


def board(place: GitHubProjectPlace) -> dict[str, dict[str, str]]:
    return {one.uid: place.dates(one.uid) for one in WANTED}


def due(tracker: GitHubTracker, wanted: list[Ticket], **more: Any) -> ChangeSet:
    return compute_changes([tracker.fit(one) for one in wanted], tracker.read(PLAN), **more)


def is_mutation(request: Request) -> bool:
    is_graphql = request.path.endswith("/graphql")
    return is_graphql and str(request.json()["query"]).startswith("mutation")


def mutations(github: FakeGitHub) -> list[str]:
    """Return what was asked of GraphQL that writes."""
    sent = [one.request for one in github.exchanges if is_mutation(one.request)]
    return [one.json()["query"].partition(": ")[2].partition("!")[0] for one in sent]


# What is written -----------------------------------------------------------------------------


def test_a_roadmap_s_dates_are_on_the_board_once(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    assert board(place) == HELD
    assert present(place.tracker())[Uid(B)].fields["start"] == "2027-01-11"
    assert [one.name for one in place.project.fields].count("Start date") == 1
    place.github.server.forget()
    assert sync(place.tracker(), WANTED).changes == ()
    assert place.github.calls == {"POST /graphql": 1, "GET /repos/{owner}/{repo}/issues": 1}


def test_dates_take_two_calls_a_ticket(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    assert mutations(place.github) == [
        "CreateProjectV2FieldInput",
        *["AddProjectV2ItemByIdInput", "UpdateProjectV2ItemFieldValueInput"] * 3,
    ]
    assert place.project.writes == 6
    place.github.server.forget()
    changes = sync(place.tracker(), MOVED)
    assert [(c.op, c.uid, set(c.fields)) for c in changes.changes] == [
        (Op.UPDATE, B, {"start", "due"})
    ]
    assert len(mutations(place.github)) == 1
    assert place.dates(B) == {"Start date": "2027-01-18", "Target date": "2027-01-26"}
    assert sync(place.tracker(), MOVED).changes == ()


def test_one_date_that_moves_is_written_alone(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    sync(place.tracker(), [*WANTED[:2], replace(WANTED[2], due=LAST)])
    assert place.project.writes == 7
    assert place.dates(B) == {"Start date": "2027-01-11", "Target date": "2027-03-26"}


def test_without_a_roadmap_the_project_is_left_alone(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), UNDATED)
    sync(place.tracker(), [])
    assert mutations(place.github) == []
    assert len(place.project.items) == 1


def test_without_the_setting_dates_go_nowhere(place: GitHubProjectPlace) -> None:
    tracker = place.tracker_with(project=None)
    sync(tracker, WANTED)
    assert "POST /graphql" not in place.github.calls
    assert sync(place.tracker_with(project=None), WANTED).changes == ()
    changes = sync(place.tracker(), WANTED)  # the setting comes later
    assert [(c.op, set(c.fields)) for c in changes.changes] == [(Op.UPDATE, {"start", "due"})] * 3
    assert board(place) == HELD
    assert sync(place.tracker(), WANTED).changes == ()


def test_tickets_that_get_their_dates_later(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), UNDATED)
    sync(place.tracker(), WANTED)
    assert board(place) == HELD
    assert sync(place.tracker(), UNDATED).changes == ()
    assert board(place) == HELD


def test_an_issue_that_is_on_the_board_already_is_one_item(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), UNDATED)
    place.project.add(place.issue(A))  # as a workflow of the project does
    sync(place.tracker(), WANTED)
    assert len(place.project.items) == 4
    assert board(place) == HELD


def test_what_others_have_in_the_project_is_left_alone(place: GitHubProjectPlace) -> None:
    theirs = place.people.create("Theirs")
    other = place.github.world.add_repo("acme/other")
    place.project.add_field("Start date")
    for number in range(1, 4):
        issue = place.github.world.add_issue(other, f"Other {number}", None, "ana")
        place.project.add(issue)
        place.project.set(issue, "Start date", "2020-01-01")
    place.project.add(place.people.create_pull_request("Request"))
    place.project.add(theirs)
    hidden = place.project.add(place.github.world.add_issue(other, "Secret", None, "ana"))
    hidden.is_redacted = True
    before = [dict(item.values) for item in place.project.items]
    sync(place.tracker(), WANTED)
    sync(place.tracker(), MOVED)
    assert [dict(item.values) for item in place.project.items[: len(before)]] == before
    assert board(place)[A] == HELD[A]
    assert theirs.number not in {change.number for change in place.github.changes(LOGIN)}


def test_a_large_project_is_read_by_pages(place: GitHubProjectPlace) -> None:
    for _ in range(250):
        place.project.add()
    sync(place.tracker(), WANTED)
    place.github.server.forget()
    assert sync(place.tracker(), WANTED).changes == ()
    assert place.github.calls["POST /graphql"] == 3


def test_fields_may_have_other_names_and_owners(
    new_github: Callable[..., FakeGitHub], tmp_path: Path
) -> None:
    place = GitHubProjectPlace(tmp_path, new_github(base_path="/api/v3"))
    theirs = place.github.add_project("Widgets", 12)
    theirs.add_field("BEGIN")
    settings = {"project": 12, "project_owner": "widgets", "project_start": "Begin"}
    sync(place.tracker_with(**settings, project_target="End"), WANTED)
    assert theirs.dates(place.issue(A)) == {"BEGIN": "2027-01-04", "End": "2027-01-08"}
    assert len(place.project.items) == 1
    assert sync(place.tracker_with(**settings, project_target="End"), WANTED).changes == ()


def test_a_project_may_be_a_person_s(place: GitHubProjectPlace) -> None:
    place.github.repo.is_organization = False
    sync(place.tracker(), WANTED)
    assert board(place) == HELD


# What people do --------------------------------------------------------------------------------


def test_a_date_that_a_person_moved_is_kept(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    place.project.set(place.issue(B), "Target date", "2027-02-28")
    changes = sync(place.tracker(), MOVED)
    assert [(c.op, c.uid, set(c.fields)) for c in changes.changes] == [
        (Op.UPDATE, B, {"start"}),
        (Op.KEEP, B, {"due"}),
    ]
    assert place.dates(B) == {"Start date": "2027-01-18", "Target date": "2027-02-28"}
    left = due(place.tracker(), MOVED)
    assert [(c.op, set(c.fields)) for c in left.changes] == [(Op.KEEP, {"due"})]


@pytest.mark.parametrize("how", ["remove", "archive", "clear"])
def test_what_a_person_takes_off_the_board_stays_off(place: GitHubProjectPlace, how: str) -> None:
    sync(place.tracker(), WANTED)
    match how:
        case "remove":
            place.project.remove(place.issue(B))
        case "archive":
            place.project.item(place.issue(B)).is_archived = True
        case _:
            place.project.item(place.issue(B)).values.clear()
    for wanted in (WANTED, MOVED):
        left = sync(place.tracker(), wanted)
        assert [(c.op, c.uid, set(c.fields)) for c in left.changes] == [
            (Op.KEEP, B, {"start", "due"})
        ]
    assert place.project.writes == 6


def test_an_item_that_is_archived_before_its_first_dates(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), UNDATED)
    place.project.add(place.issue(A)).is_archived = True
    tracker = place.tracker()
    steps = list(apply(tracker, PLAN, due(tracker, WANTED), NOW))
    (error,) = (step for step in steps if "archived in project 7 of acme" in step.error)
    assert "Restore it" in error.fix
    place.project.item(place.issue(A)).is_archived = False
    sync(place.tracker(), WANTED)
    assert board(place) == HELD


def test_dates_go_into_another_project_as_well(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    second = place.github.add_project(number=8)
    place.project.set(place.issue(B), "Target date", "2027-02-28")
    changes = sync(place.tracker_with(project=8), WANTED)
    assert {c.op for c in changes.changes} == {Op.UPDATE}
    assert {one.uid: second.dates(place.issue(one.uid)) for one in WANTED} == HELD
    assert sync(place.tracker_with(project=8), WANTED).changes == ()


def test_a_field_that_was_deleted_is_made_again(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    place.project.remove_field("Target date")
    changes = sync(place.tracker(), WANTED)
    assert [(c.op, set(c.fields)) for c in changes.changes] == [(Op.UPDATE, {"due"})] * 3
    assert board(place) == HELD
    assert sync(place.tracker(), WANTED).changes == ()


# Whatever breaks off -----------------------------------------------------------------------------

KINDS = [
    *(Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.BAD_GATEWAY_AFTER, Kind.GARBAGE_AFTER),
    *(Kind.TOO_MANY, Kind.SECONDARY_SILENT),
]


def survives(
    github: FakeGitHub, folder: Path, fault: Fault, plans: list[list[Ticket]], *, is_cut: bool
) -> bool:
    """Sync the last plan with a fault, `is_cut` so that it ends the run, and then once more."""
    place = GitHubProjectPlace(folder, github)
    for plan in plans[:-1]:
        sync(place.tracker(), plan)
    journal = Journal(folder, lambda: 1000)
    github.fail(fault)
    tracker = place.tracker()
    tracker.patience.tries = 1 if is_cut else 4
    try:
        list(apply(tracker, PLAN, due(tracker, plans[-1]), NOW, journal=journal))
    except TrackerError:
        assert is_cut
    github.server.faults.clear()
    tracker = place.tracker()
    changes = due(tracker, plans[-1], unfinished=journal.unfinished())
    steps = list(apply(tracker, PLAN, changes, NOW, journal=journal))
    assert [step.error for step in steps if step.error] == []
    assert Op.KEEP not in {change.op for change in changes.changes}
    assert len(place.project.items) == 4
    names = [one.name for one in place.project.fields]
    assert (names.count("Start date"), names.count("Target date")) == (1, 1)
    for one in plans[-1]:
        day = {"Start date": str(one.start), "Target date": str(one.due)}
        assert place.dates(one.uid) == day
    assert due(place.tracker(), plans[-1]).changes == ()
    back = sync(place.tracker(), WANTED)  # all of it was remembered as ours
    assert Op.KEEP not in {change.op for change in back.changes}
    assert board(place) == HELD
    return bool(fault.fired)


@pytest.mark.parametrize("is_cut", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["new", "moved"])
def test_faults_at_every_write_to_the_project(
    new_github: Callable[..., FakeGitHub], tmp_path: Path, kind: Kind, name: str, is_cut: bool
) -> None:
    later = [timed(replace(one, milestone=None), date(2027, 2, 1), 9, 1) for one in WANTED]
    plans = {"new": [WANTED], "moved": [WANTED, later]}[name]
    count = 7 if name == "new" else 3
    struck = []
    for nth in range(1, count + 1):
        (folder := tmp_path / str(nth)).mkdir()
        fault = Fault(kind, nth=nth, matches=is_mutation, seconds=5000 if is_cut else 7)
        struck.append(survives(new_github(), folder, fault, plans, is_cut=is_cut))
    assert all(struck)


def test_a_date_that_a_person_moves_while_we_wait_stays(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    place.github.fail(Fault(Kind.TOO_MANY, seconds=300, matches=is_mutation))
    tracker = place.tracker()

    def sleep(seconds: float) -> None:
        if seconds == 300:
            place.project.set(place.issue(B), "Target date", "2027-02-28")

    tracker.patience.sleep = sleep
    sync(tracker, MOVED)
    assert place.dates(B) == {"Start date": "2027-01-18", "Target date": "2027-02-28"}
    assert [(c.op, set(c.fields)) for c in due(place.tracker(), MOVED).changes] == [
        (Op.KEEP, {"due"})
    ]


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.BAD_GATEWAY_AFTER, Kind.TRUNCATED_AFTER])
def test_reading_the_board_is_tried_again(place: GitHubProjectPlace, kind: Kind) -> None:
    sync(place.tracker(), WANTED)

    def is_query(request: Request) -> bool:
        return request.path == "/graphql" and not is_mutation(request)

    place.github.fail(Fault(kind, times=3, matches=is_query))
    assert sync(place.tracker(), WANTED).changes == ()
    place.github.fail(Fault(kind, times=4, matches=is_query))
    with pytest.raises(TrackerError, match="cannot be reached"):
        place.tracker().read(PLAN)


def test_a_pause_that_graphql_asks_for_is_made(place: GitHubProjectPlace) -> None:
    said: list[str] = []
    message = "API rate limit exceeded for user ID 4011."
    pause = {"errors": [{"type": "RATE_LIMITED", "message": message}]}
    place.github.world.graphql_says += [pause, pause]
    tracker = place.tracker()
    tracker.patience.say = said.append
    sync(tracker, WANTED)
    assert board(place) == HELD
    assert [line.partition(";")[0] for line in said] == [
        f"127.0.0.1:{place.github.server.port} asks for a pause"
    ] * 2
    place.github.world.graphql_says += [pause] * 99
    with pytest.raises(LimitReached):
        place.tracker().read(PLAN)


# What can be wrong ---------------------------------------------------------------------------


def refused(place: GitHubProjectPlace, **more: object) -> TrackerError:
    """The error that a sync ends with; no issue may have been written."""
    tracker = place.tracker_with(**more)
    with pytest.raises(TrackerError) as stop:
        list(apply(tracker, PLAN, due(tracker, WANTED), NOW))
    assert place.github.issues == []
    assert stop.value.fix
    (fault,) = (f for f in place.tracker_with(**more).examine() if f.grade is Grade.FAULT)
    assert fault.name == "project"
    return stop.value


def test_a_project_that_is_not_there(place: GitHubProjectPlace) -> None:
    for more in ({"project": 9}, {"project_owner": "nobody"}):
        error = refused(place, **more)
        assert isinstance(error, NotFound)
        assert "has no project" in error.message
        assert "`project_owner`" in error.fix
    place.project.is_hidden = True
    assert "acme has no project 7, or does not show it" in refused(place).message


@pytest.mark.parametrize("scopes", [("repo",), ()])
def test_a_token_without_the_scope(place: GitHubProjectPlace, scopes: tuple[str, ...]) -> None:
    place.github.tokens[TOKEN].scopes = scopes
    error = refused(place)
    assert isinstance(error, AuthError)
    assert "the scope `project`" in error.fix


def test_a_token_that_may_only_read_projects(place: GitHubProjectPlace) -> None:
    place.github.tokens[TOKEN].scopes = ("repo", "read:project")
    tracker = place.tracker()
    with pytest.raises(AuthError) as stop:
        list(apply(tracker, PLAN, due(tracker, WANTED), NOW))
    error = stop.value
    assert "the scope `project`" in error.fix
    assert place.github.issues == []
    (fault,) = (f for f in place.tracker().examine() if f.grade is Grade.FAULT)
    assert "may not change project 7 of acme" in fault.detail
    sync(place.tracker(), UNDATED)  # without dates nothing is asked of the project


def test_an_account_that_may_only_read_the_project(place: GitHubProjectPlace) -> None:
    place.project.is_read_only = True
    assert "may not change project 7 of acme" in refused(place).message


def test_a_right_that_ends_in_the_middle(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    tracker = place.tracker()
    changes = due(tracker, MOVED)
    place.project.is_read_only = True
    (step,) = (one for one in apply(tracker, PLAN, changes, NOW) if one.error)
    assert "forbids this with the project: Resource not accessible" in step.error
    assert "Projects: read and write" in step.fix


def test_an_item_that_goes_in_the_middle(place: GitHubProjectPlace) -> None:
    sync(place.tracker(), WANTED)
    tracker = place.tracker()
    changes = due(tracker, MOVED)
    place.project.remove(place.issue(B))
    (step,) = (one for one in apply(tracker, PLAN, changes, NOW) if one.error)
    assert "does not find a part of the project" in step.error
    assert [c.op for c in due(place.tracker(), MOVED).changes] == [Op.KEEP]


def test_a_field_of_that_name_for_something_else(place: GitHubProjectPlace) -> None:
    place.project.add_field("target date", "TEXT")
    error = refused(place)
    assert isinstance(error, Conflict)
    assert 'the field "target date" of project 7 of acme is not for dates' in error.message
    assert "`project_target`" in error.fix


def test_a_server_without_projects(
    place: GitHubProjectPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maturity_planner.trackers import github_project

    older = github_project._QUERY.replace("ProjectV2Owner", "ProjectV9Owner")
    monkeypatch.setattr(github_project, "_QUERY", older)
    error = refused(place)
    assert "knows no projects with fields" in error.message
    assert "remove `project`" in error.fix


QUARTER = {"id": "PVT_1", "title": "Quarter", "viewerCanUpdate": True}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"data": None}, "cannot be reached: it answered without data"),
        ({"data": {"repositoryOwner": {"projectV2": {"id": "PVT_1"}}}}, "not asked for"),
        (
            {"data": {"repositoryOwner": {"projectV2": {**QUARTER, "fields": {"nodes": []}}}}},
            "answered about project 7 of acme with something that was not asked for",
        ),
        (
            {"errors": [{"message": "Something went wrong while executing your query."}]},
            "cannot be reached",
        ),
        (
            {"errors": [{"message": "API rate limit exceeded for user ana.", "path": None}]},
            "asks for a pause",
        ),
        ({"errors": [{"message": "Odd.", "extensions": None}]}, "the project: Odd"),
    ],
)
def test_answers_that_nobody_expects(
    place: GitHubProjectPlace, said: dict[str, Any], message: str
) -> None:
    place.github.world.graphql_says += [said] * 99
    with pytest.raises(TrackerError, match=message) as stop:
        place.tracker().read(PLAN)
    assert stop.value.fix


def test_a_write_that_is_answered_strangely(place: GitHubProjectPlace) -> None:
    tracker = place.tracker()
    changes = due(tracker, WANTED)
    place.github.world.graphql_says.append({"data": {"start": None}})
    with pytest.raises(TrackerError, match="was not asked for"):
        list(apply(tracker, PLAN, changes, NOW))
    sync(place.tracker(), WANTED)
    assert board(place) == HELD


# doctor ----------------------------------------------------------------------------------------


def project_of(place: GitHubProjectPlace) -> str:
    found = list(place.tracker().examine())
    assert {finding.grade for finding in found} == {Grade.OK}
    return next(finding.detail for finding in found if finding.name == "project")


def test_doctor_tells_which_fields_are_used(place: GitHubProjectPlace) -> None:
    place.github.tokens[TOKEN].scopes = ("repo", "project")
    words = 'project 7 of acme, Quarter: dates in "Start date" and "Target date"'
    assert project_of(place) == f"{words} (made by the first sync of a roadmap)"
    sync(place.tracker(), WANTED)
    assert project_of(place) == words


def test_no_secret_and_no_query_in_a_message(place: GitHubProjectPlace) -> None:
    place.project.is_hidden = True
    error = refused(place)
    assert TOKEN not in error.message + error.fix
    assert "query" not in error.message
