"""What only GitHub does: calls counted, rights, redirections, limits, and links of its own."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import NOW
from contract.patience import hasty
from contract.places import PLAN, GitHubPlace, epic, present, sync, ticket, uid_of
from fakes.faults import Fault, Kind
from fakes.github import LOGIN, TOKEN, FakeGitHub, Features, Right
from fakes.people import People
from fakes.wire import Request
from maturity_planner.applying import Step, apply
from maturity_planner.core.changes import Op, compute_changes
from maturity_planner.core.finding import Grade
from maturity_planner.core.tickets import State, Ticket
from maturity_planner.errors import (
    AuthError,
    ConfigError,
    Conflict,
    MaturityError,
    NotFound,
    RateLimited,
    TrackerError,
)
from maturity_planner.trackers.github import GitHubTracker
from maturity_planner.trackers.patience import Patience

WANTED = [epic("data"), ticket("a"), ticket("b", needs=("a",), rank=3)]
A, B = uid_of("a"), uid_of("b")
NAME = "acme/fraud-model"


@pytest.fixture
def place(github: FakeGitHub, tmp_path: Path) -> GitHubPlace:
    return GitHubPlace(tmp_path, github)


def tracker_of(github: FakeGitHub, patience: Patience | None = None, **more: Any) -> GitHubTracker:
    settings = {"repository": NAME, "base_url": github.base_url, "token_command": f"echo {TOKEN}"}
    return GitHubTracker(settings | more, Path(), "fraud-scoring", patience or hasty())


def calls(github: FakeGitHub, work: Callable[[], object]) -> int:
    """How many requests the work takes."""
    before = len(github.exchanges)
    work()
    return len(github.exchanges) - before


def steps(tracker: GitHubTracker, wanted: list[Ticket]) -> list[Step]:
    changes = compute_changes([tracker.fit(one) for one in wanted], tracker.read(PLAN))
    return list(apply(tracker, PLAN, changes, NOW))


# Calls --------------------------------------------------------------------------------


def large_plan() -> list[Ticket]:
    """100 tickets in 10 epics with 60 links."""
    sections = [f"s{n}" for n in range(10)]
    tickets = [
        ticket(
            f"t{n}",
            epic=sections[n // 10],
            needs=tuple(f"t{m}" for m in (n - 3, n - 7)[: 1 + (n % 3 == 0)]) if n >= 55 else (),
            rank=n,
        )
        for n in range(100)
    ]
    assert sum(len(one.needs) for one in tickets) == 60
    return [*map(epic, sections), *tickets]


def test_calls_of_a_large_plan(place: GitHubPlace) -> None:
    wanted = large_plan()
    assert calls(place.github, lambda: sync(place.tracker(), wanted)) <= 280
    assert len(place.github.issues) == 110
    assert sum(len(issue.children) for issue in place.github.issues) == 100
    assert sum(len(issue.blocked_by) for issue in place.github.issues) == 60
    assert calls(place.github, lambda: sync(place.tracker(), wanted)) <= 3
    assert calls(place.github, lambda: place.tracker().read(PLAN)) <= 2


def test_writes_come_no_closer_than_a_second(github: FakeGitHub) -> None:
    now = 1000.0
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    patience = Patience(sleep=sleep, clock=lambda: now)
    tracker = tracker_of(github, patience)
    changes = compute_changes(WANTED, tracker.read(PLAN))
    list(apply(tracker, PLAN, changes, NOW))
    writes = sum(exchange.is_write for exchange in github.exchanges)
    assert waits == [1] * (writes - 1)


# What is written ----------------------------------------------------------------------


def test_issues_have_links_labels_types_and_people(new_github: Callable[..., FakeGitHub]) -> None:
    github = new_github(types=("Epic", "Task", "Bug"))
    github.people.create("Somebody's own")
    sync(tracker_of(github, assignees=["ana"]), WANTED)
    _, top, first, second = github.issues
    assert [child.number for child in top.children] == [first.number, second.number]
    assert second.blocked_by == [first]
    assert first.label_names() == [f"mp:{PLAN}", "maturity", "data", "priority:medium"]
    assert [one.type and one.type.name for one in (top, first)] == ["Epic", "Task"]
    assert first.assignees == ["ana"]
    assert {one.state for one in present(tracker_of(github, assignees=["ana"])).values()} == {
        State.OPEN
    }
    assert present(tracker_of(github))[A].state is State.IN_PROGRESS
    assert present(tracker_of(github))[A].reference == f"{NAME}#{first.number}"


def test_text_of_people_is_kept_byte_for_byte(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    issue = place.issue(A)
    mine = "Pros \r\n====\r\n\r\n\tCons  \n\n"
    place.people.edit(issue.number, body=f"{mine}{issue.body}\r\n {mine}")
    sync(place.tracker(), [WANTED[0], ticket("a", body="New."), WANTED[2]])
    body = issue.body or ""
    assert body.startswith(mine)
    assert body.endswith(f"\r\n {mine}")
    assert "New." in body


def test_text_that_is_written_while_a_sync_runs_is_kept(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    new = [WANTED[0], ticket("a", body="New."), WANTED[2]]
    tracker = place.tracker()
    changes = compute_changes(new, tracker.read(PLAN))
    place.write_above(A, "Ana was here.")
    assert [s.error for s in apply(tracker, PLAN, changes, NOW)] == [""]
    assert place.everything(A).count("Ana was here.") == 1
    changes = compute_changes(WANTED, (tracker := place.tracker()).read(PLAN))
    place.write_inside(A, "Ana was here, too.")
    (step,) = apply(tracker, PLAN, changes, NOW)
    assert step.error == ""
    assert "Ana was here, too." in place.everything(A)


def test_labels_are_found_whatever_their_capitals(place: GitHubPlace) -> None:
    place.people.create("First", labels=("Data",))
    sync(place.tracker(), WANTED)
    assert sync(place.tracker(), WANTED).changes == ()
    sync(place.tracker(), [WANTED[0], ticket("a", labels=("maturity",)), WANTED[2]])
    assert place.issue(A).label_names() == [f"mp:{PLAN}", "maturity", "priority:medium"]


def test_what_is_too_long_is_cut_and_says_so(place: GitHubPlace) -> None:
    long = ticket(
        "a", title="t" * 300, body="b" * 66_000, acceptance=("c",) * 20_000, labels=("L x" * 40,)
    )
    sync(place.tracker(), [WANTED[0], long])
    issue = place.issue(A)
    assert len(issue.title) == 255
    assert "did not fit into an issue" in (issue.body or "")
    assert sync(place.tracker(), [WANTED[0], long]).changes == ()


def test_no_text_can_end_our_first_line(place: GitHubPlace) -> None:
    hostile = ticket("a", labels=("--> <img>", 'x"}', "-->"), title="--> & <!-- x")
    sync(place.tracker(), [WANTED[0], hostile])
    assert sync(place.tracker(), [WANTED[0], hostile]).changes == ()


def test_a_comment_is_made_once_though_the_close_fails(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    fault = Fault(Kind.TOO_MANY, times=1, matches=lambda r: r.method == "PATCH", seconds=5000)
    place.github.fail(fault)
    (step,) = steps(place.tracker(), WANTED[:2])
    assert "asks for a pause" in step.error
    (step,) = steps(place.tracker(), WANTED[:2])
    assert step.is_applied
    assert len(place.issue(B).comments) == 1
    assert place.issue(B).state_reason == "not_planned"


def test_an_epic_of_ours_may_hang_below_one_of_theirs(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    above = place.people.create("Initiative")
    place.people.move(place.issue(WANTED[0].uid).number, above.number)
    assert sync(place.tracker(), WANTED).changes == ()


@pytest.mark.parametrize("features", [Features(sub_issues=False), Features(dependencies=False)])
def test_lists_and_lines_stand_in_for_missing_links(
    new_github: Callable[..., FakeGitHub], features: Features
) -> None:
    github = new_github(features=features, base_path="/api/v3")
    wanted = [*WANTED, ticket("c", needs=("a", "b"), rank=4)]
    sync(tracker_of(github), wanted)
    top, first, second, third = github.issues
    if not features.sub_issues:
        assert f"\n- [ ] #{second.number}\n" in (top.body or "")
    if not features.dependencies:
        assert f"\nNeeds #{first.number}\nNeeds #{second.number}\n" in (third.body or "")
    assert sync(tracker_of(github), wanted).changes == ()
    wanted[3] = ticket("c", needs=("b",), rank=4, epic="model")
    sync(tracker_of(github), [*wanted, epic("model")])
    found = present(tracker_of(github))[uid_of("c")].fields
    assert (found["needs"], found["epic"]) == ((B,), f"{PLAN}.model")
    assert f"- [ ] #{third.number}" not in (top.body or "")
    assert sync(tracker_of(github), [*wanted, epic("model")]).changes == ()


# What people do to issues -------------------------------------------------------------


def test_a_label_that_was_taken_off_makes_no_second_issue(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    place.people.remove_label(place.issue(A).number, f"mp:{PLAN}")
    sync(place.tracker(), WANTED)
    assert f"mp:{PLAN}" in place.issue(A).label_names()
    place.people.delete_label(f"mp:{PLAN}")
    sync(place.tracker(), WANTED)
    assert len(place.github.issues) == 3
    assert sync(place.tracker(), WANTED).changes == ()


def test_a_closed_issue_without_its_label_is_opened_again_in_one_go(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    sync(place.tracker(), [])
    place.people.remove_label(place.issue(A).number, f"mp:{PLAN}")
    sync(place.tracker(), WANTED)
    there = place.tracker().read(PLAN)
    assert compute_changes(WANTED, there).pending == ()
    assert {one.state for one in there} == {State.OPEN}


def test_of_two_issues_with_one_identity_the_older_counts(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    copy = place.people.create("Copy", place.issue(A).body, (f"mp:{PLAN}",))
    said: list[str] = []
    tracker = tracker_of(place.github, hasty(said.append))
    assert sync(tracker, WANTED).changes == ()
    assert said == [
        f"Two issues of {NAME} hold the ticket {A}: #2 and #{copy.number}. #2 counts; "
        f"take the label mp:{PLAN} off #{copy.number}."
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<!-- mp:end -->", ""),
        ("<!-- mp:begin", "<!-- mp:begun"),
        (f"uid={PLAN}", "uid="),
        ('{"base":{', '{"base":'),
        ("<!-- mp:end -->", "<!-- mp:end -->\n<!-- mp:end -->"),
    ],
)
def test_a_broken_block_stops_everything_and_is_named(
    place: GitHubPlace, old: str, new: str
) -> None:
    sync(place.tracker(), WANTED)
    issue = place.issue(A)
    place.people.edit(issue.number, body=(issue.body or "").replace(old, new))
    with pytest.raises(Conflict, match="1 issue of acme/fraud-model must be put right") as stop:
        place.tracker().read(PLAN)
    (fault,) = stop.value.faults
    assert fault.file == f"{NAME}#{issue.number}"
    assert "Restore the text" in fault.fix


def test_an_emptied_text_is_a_broken_block(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    place.people.edit(place.issue(A).number, body="")
    with pytest.raises(Conflict):
        place.tracker().read(PLAN)


def test_a_deleted_ticket_is_made_again(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    place.people.delete(place.issue(A).number)
    assert [c.op for c in sync(place.tracker(), WANTED).changes] == [Op.CREATE]
    assert sync(place.tracker(), WANTED).changes == ()


@pytest.mark.parametrize("what", ["transfer", "delete"])
def test_an_issue_that_goes_while_a_sync_runs_is_not_written_elsewhere(
    place: GitHubPlace, what: str
) -> None:
    sync(place.tracker(), WANTED)
    tracker = place.tracker()
    new = [WANTED[0], ticket("a", body="New."), WANTED[2]]
    changes = compute_changes(new, tracker.read(PLAN))
    if what == "transfer":
        other = place.github.world.add_repo("acme/other")
        moved = place.people.transfer(place.issue(A).number, other)
    else:
        place.people.delete(place.issue(A).number)
    (step,) = apply(tracker, PLAN, changes, NOW)
    assert step.error
    assert step.fix
    if what == "transfer":
        assert "New." not in (moved.body or "")


def test_pull_requests_and_issues_of_others_are_never_touched(place: GitHubPlace) -> None:
    label = f"mp:{PLAN}"
    theirs = place.people.create("Their own", "Text")
    request = place.people.create_pull_request("Request", (label,))
    sync(place.tracker(), WANTED)
    sync(place.tracker(), [])
    numbers = {change.number for change in place.github.changes(LOGIN)}
    assert numbers.isdisjoint({theirs.number, request.number})


# What can be wrong with token and repository -------------------------------------------


def refused(github: FakeGitHub, wanted: list[Ticket] | None = None, **more: Any) -> MaturityError:
    """The error that a sync ends with; nothing may have been written."""
    with pytest.raises(MaturityError) as stop:
        steps(tracker_of(github, **more), WANTED if wanted is None else wanted)
    assert github.issues == []
    assert stop.value.fix
    assert TOKEN not in str((stop.value.message, stop.value.fix))
    return stop.value


def test_without_push_access_nothing_is_written(github: FakeGitHub) -> None:
    github.tokens[TOKEN].right = Right.TRIAGE
    error = refused(github)
    assert isinstance(error, AuthError)
    assert "may not push" in error.message


def test_dropped_labels_are_noticed_and_taken_up_later(
    github: FakeGitHub,
) -> None:
    sync(tracker_of(github), WANTED[:1])
    tracker = tracker_of(github)
    (top,) = tracker.read(PLAN)
    tracker.prepare(PLAN, [])
    github.tokens[TOKEN].right = Right.TRIAGE
    with pytest.raises(AuthError, match="made acme/fraud-model#2, but dropped its labels"):
        list(tracker.create(WANTED[1:2], {top.uid: top.remote}, NOW))
    github.tokens[TOKEN].right = Right.PUSH
    sync(tracker_of(github), WANTED)
    assert [issue.number for issue in github.issues[0].children] == [2, 3]
    assert sync(tracker_of(github), WANTED).changes == ()


def test_an_issue_of_a_stranger_is_never_taken_for_ours(
    github: FakeGitHub, new_github: Callable[..., FakeGitHub]
) -> None:
    sync(tracker_of(github), WANTED)
    public = new_github()
    stranger = People(public.world, public.repo, "mallory")
    public.repo.strangers.add("mallory")
    copies = [stranger.create(one.title, one.body) for one in github.issues]
    sync(tracker_of(public), WANTED)
    assert len(public.issues) == 6
    assert {change.number for change in public.changes(LOGIN)} == {4, 5, 6}
    assert [copy.label_names() for copy in copies] == [[]] * 3


def test_people_who_are_not_there_cannot_be_assigned(github: FakeGitHub) -> None:
    first = steps(tracker_of(github, assignees=["nobody"]), WANTED)[0]
    assert "assignees" in first.error
    assert "Correct `assignees`" in first.fix


def test_a_ticket_can_leave_its_epic(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    wanted = [WANTED[0], replace(WANTED[1], epic=None), WANTED[2]]
    assert [c.op for c in sync(place.tracker(), wanted).changes] == [Op.UPDATE]
    assert place.issue(A).parent is None
    assert sync(place.tracker(), wanted).changes == ()


def test_wrong_and_expired_tokens(github: FakeGitHub) -> None:
    assert isinstance(refused(github, token_command="echo wrong"), AuthError)  # noqa: S106
    github.tokens[TOKEN].is_expired = True
    error = refused(github)
    assert isinstance(error, AuthError)
    assert "expired" in error.fix
    assert isinstance(refused(github, token_command="printf 'a\\001b'"), AuthError)  # noqa: S106


def test_a_repository_that_is_not_there(github: FakeGitHub) -> None:
    error = refused(github, repository="acme/nothing")
    assert isinstance(error, NotFound)
    assert "acme/nothing" in error.message


def test_a_renamed_repository_is_called_by_its_new_name(github: FakeGitHub) -> None:
    github.people.rename_repository("risk-model")
    error = refused(github)
    assert isinstance(error, NotFound)
    assert "called acme/risk-model now" in error.message


def test_archived_and_without_issues(github: FakeGitHub) -> None:
    github.repo.is_archived = True
    assert "archived" in refused(github).message
    github.repo.is_archived, github.repo.has_issues = False, False
    assert "switched off" in refused(github).message


def test_a_used_up_limit_says_when_to_come_back(github: FakeGitHub) -> None:
    github.limits.use_up(3000)
    error = refused(github)
    assert isinstance(error, RateLimited)
    assert 2900 < error.seconds < 3100
    assert "API rate limit exceeded" in error.message


def test_a_person_s_long_text_leaves_no_room(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    issue = place.issue(A)
    place.people.edit(issue.number, body=f"{issue.body}{'x' * (65_536 - len(issue.body or ''))}")
    step = steps(place.tracker(), [WANTED[0], ticket("a", body="More words." * 9), WANTED[2]])[0]
    assert "GitHub takes 65536" in step.error
    assert "Shorten" in step.fix


def test_addresses_that_cannot_be_used() -> None:
    for url in ("http://github.example.com/api/v3", "ftp://x", "github.com", "http://[::1"):
        with pytest.raises(ConfigError):
            GitHubTracker({"repository": NAME, "base_url": url}, Path(), "x")
    with pytest.raises(ConfigError):
        GitHubTracker({"repository": "fraud-model"}, Path(), "x")


@pytest.mark.parametrize(
    "url",
    [
        "https://ana:s3cret@github.example.com/api/v3",
        "https://:s3cret@github.example.com",
        "http://ana:s3cret@github.example.com",
    ],
)
def test_a_password_in_an_address_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="base_url") as refused:
        GitHubTracker({"repository": NAME, "base_url": url}, Path(), "x")
    assert "s3" not in f"{refused.value.message} {refused.value.fix}"


def test_a_token_does_not_travel_through_a_proxy_in_the_clear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.test:3128")
    settings = {"repository": NAME, "base_url": "http://127.0.0.1:1"}
    with pytest.raises(ConfigError, match=r"through the proxy proxy\.test, unencrypted") as refused:
        GitHubTracker(settings, Path(), "x")
    assert "NO_PROXY" in refused.value.fix
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    GitHubTracker(settings, Path(), "x")


def test_certificates_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    settings = {"repository": NAME, "base_url": "https://127.0.0.1:1", "token_command": "echo x"}
    with pytest.raises(TrackerError, match="certificates to check") as refused:
        GitHubTracker(settings, tmp_path, "x", hasty()).read(PLAN)
    assert "REQUESTS_CA_BUNDLE" in refused.value.fix


# Limits and a network that fails -------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.SECONDARY, Kind.SECONDARY_SILENT, Kind.TOO_MANY])
def test_pauses_are_made_and_said(github: FakeGitHub, kind: Kind) -> None:
    github.fail(Fault(kind, nth=2, seconds=7))
    said: list[str] = []
    sync(tracker_of(github, hasty(said.append)), WANTED)
    assert len(github.issues) == 3
    seconds = 60 if kind is Kind.SECONDARY_SILENT else 7
    (line,) = said
    assert "asks for a pause (You have exceeded a secondary rate limit" in line
    assert line.endswith(f"; waiting {seconds} s")


def test_a_limit_that_is_soon_over_is_waited_for(github: FakeGitHub) -> None:
    github.limits.use_up(1)
    patience = Patience(sleep=time.sleep, between_writes=0)
    assert tracker_of(github, patience).read(PLAN) == []


def test_pauses_without_end_end(github: FakeGitHub) -> None:
    github.fail(Fault(Kind.SECONDARY_SILENT, times=99))
    first = steps(tracker_of(github), WANTED)[0]
    assert "asks for a pause" in first.error
    assert first.fix.startswith("Wait that long")


def is_get(request: Request) -> bool:
    return request.method == "GET"


@pytest.mark.parametrize(
    "kind", [Kind.DROP_AFTER, Kind.ERROR_BEFORE, Kind.GARBAGE_AFTER, Kind.TRUNCATED_AFTER]
)
def test_reads_are_tried_again(place: GitHubPlace, kind: Kind) -> None:
    sync(place.tracker(), WANTED)
    place.github.fail(Fault(kind, times=3, matches=is_get))
    assert len(place.tracker().read(PLAN)) == 3
    place.github.fail(Fault(kind, times=4, matches=is_get))
    with pytest.raises(TrackerError, match="cannot be reached") as stop:
        place.tracker().read(PLAN)
    assert stop.value.fix


def test_a_page_that_is_missing_closes_nothing(place: GitHubPlace) -> None:
    sections = ("data", "model")
    wanted = [*map(epic, sections), *(ticket(f"t{n}", epic=sections[n % 2]) for n in range(105))]
    sync(place.tracker(), wanted)
    second = Fault(Kind.GARBAGE_AFTER, times=99, matches=lambda r: r.query.get("page") == "2")
    place.github.fail(second)
    with pytest.raises(TrackerError):
        place.tracker().read(PLAN)


def test_an_epic_takes_a_hundred_tickets(place: GitHubPlace) -> None:
    wanted = [epic("data"), *(ticket(f"t{n}") for n in range(101))]
    last = steps(place.tracker(), wanted)[-1]
    assert "Parent cannot have more than 100 sub-issues" in last.error
    assert "Take sub-issues that are closed out of #1" in last.fix


def test_a_network_that_is_gone_in_the_middle(github: FakeGitHub) -> None:
    github.fail(Fault(Kind.DROP_BEFORE, nth=8, times=999, matches=lambda _: True))
    found = steps(tracker_of(github), WANTED)
    assert "cannot be reached" in found[2].error
    github.server.faults.clear()
    sync(tracker_of(github), WANTED)
    assert len(github.issues) == 3
    assert sync(tracker_of(github), WANTED).changes == ()


# doctor --------------------------------------------------------------------------------


def test_all_is_well(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    found = list(place.tracker().examine())
    assert {finding.grade for finding in found} == {Grade.OK}
    assert f"as {LOGIN}" in found[0].detail
    assert NAME in found[1].detail


def test_the_token_of_an_app_is_of_no_account(place: GitHubPlace) -> None:
    place.github.tokens[TOKEN].is_of_app = True
    sync(place.tracker(), WANTED)
    found = list(place.tracker().examine())
    assert {finding.grade for finding in found} == {Grade.OK}
    assert found[0].detail.endswith("of no account")


def test_what_stands_in_is_told(new_github: Callable[..., FakeGitHub]) -> None:
    features = Features(sub_issues=False, dependencies=False, issue_types=False)
    github = new_github(features=features, base_path="/api/v3")
    assert any("first one tells" in finding.detail for finding in tracker_of(github).examine())
    sync(tracker_of(github), WANTED)
    github.limits.remaining = 20
    details = {f.name: f for f in tracker_of(github).examine() if f.grade is Grade.WARNING}
    assert set(details) == {"sub-issues", "dependencies", "requests left"}


def test_a_fault_ends_the_examination(github: FakeGitHub) -> None:
    github.repo.is_archived = True
    found = list(tracker_of(github).examine())
    assert [finding.grade for finding in found] == [Grade.OK, Grade.FAULT]
    github.tokens.clear()
    (only,) = tracker_of(github).examine()
    assert only.grade is Grade.FAULT
    assert only.fix


def test_dates_of_closing_are_known(place: GitHubPlace) -> None:
    sync(place.tracker(), WANTED)
    place.move_to(A, State.DONE)
    found = present(place.tracker())[A]
    assert found.closed_on == datetime.date(2026, 11, 20)
    assert replace(found).state is State.DONE
