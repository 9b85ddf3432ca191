"""What only Jira does: screens, types, rights, workflows, links, texts, calls counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from builders import NOW
from contract.jira_place import DataCenterPlace, JiraPlace
from contract.patience import hasty
from contract.places import OTHER_PLAN, PLAN, epic, present, sync, ticket, uid_of
from contract.test_github_tracker import large_plan
from fakes.faults import Fault, Kind
from fakes.jira import LOGIN, TOKEN, FakeJira
from fakes.jira_schemes import FieldDefinition, Named, Status, Transition
from fakes.wire import Answer, Request
from maturity_planner.applying import Step, apply
from maturity_planner.core.changes import Op, compute_changes
from maturity_planner.core.finding import Finding, Grade
from maturity_planner.core.tickets import State, Ticket
from maturity_planner.errors import (
    AuthError,
    ConfigError,
    MaturityError,
    NotFound,
    RateLimited,
    TrackerError,
)
from maturity_planner.trackers.jira import JiraTracker
from maturity_planner.trackers.patience import Patience

WANTED = [epic("data"), ticket("a"), ticket("b", needs=("a",), rank=3)]
A, B = uid_of("a"), uid_of("b")
LABEL = f"mp-{PLAN}"
NewJira = Callable[..., FakeJira]


@pytest.fixture
def place(jira: FakeJira, tmp_path: Path) -> JiraPlace:
    return place_of(jira, tmp_path)


def place_of(jira: FakeJira, folder: Path) -> JiraPlace:
    return (JiraPlace if jira.is_cloud else DataCenterPlace)(folder, jira)


def tracker_of(place: JiraPlace, patience: Patience | None = None, **more: Any) -> JiraTracker:
    settings = {**place.settings(), **more}
    return JiraTracker(settings, place.folder, "fraud-scoring", patience or hasty())


def steps(tracker: JiraTracker, wanted: list[Ticket]) -> list[Step]:
    fitting = [tracker.fit(one) for one in wanted]
    changes = compute_changes(fitting, tracker.read(PLAN), digest=tracker.digest)
    return list(apply(tracker, PLAN, changes, NOW))


def refused(place: JiraPlace, wanted: list[Ticket] | None = None, **more: Any) -> MaturityError:
    """The error that a sync ends with; nothing may have been written."""
    with pytest.raises(MaturityError) as stop:
        steps(tracker_of(place, **more), wanted or WANTED)
    assert place.jira.changes(LOGIN) == []
    assert stop.value.fix
    assert stop.value.exit_code in (3, 4)
    assert TOKEN not in str((stop.value.message, stop.value.fix))
    return stop.value


def findings(place: JiraPlace, **more: Any) -> dict[str, Finding]:
    """What doctor tells, by name."""
    found = {finding.name: finding for finding in tracker_of(place, **more).examine()}
    assert TOKEN not in str(found)
    assert all(f.fix for f in found.values() if f.grade is not Grade.OK)
    return found


# Calls --------------------------------------------------------------------------------


def calls(jira: FakeJira, work: Callable[[], object]) -> int:
    """How many requests the work takes."""
    before = len(jira.exchanges)
    work()
    return len(jira.exchanges) - before


def test_calls_of_a_large_plan(place: JiraPlace) -> None:
    wanted, jira = large_plan(), place.jira
    assert calls(jira, lambda: sync(place.tracker(), wanted)) <= 80  # of which 60 are links
    assert len(jira.issues) == 110
    assert sum(bool(issue.parent or issue.epic) for issue in jira.issues) == 100
    assert len(jira.world.links) == 60
    assert calls(jira, lambda: sync(place.tracker(), wanted)) <= 3
    assert calls(jira, lambda: place.tracker().read(PLAN)) <= 2


def test_lost_notes_cost_reads_only(place: JiraPlace, tmp_path: Path) -> None:
    sync(place.tracker(), WANTED)
    before = len(place.jira.server.writes)
    place.folder = tmp_path / "elsewhere"
    place.folder.mkdir()
    each = 0 if place.jira.is_cloud else 1 + len(WANTED)  # the field of epics, the properties
    assert calls(place.jira, lambda: sync(place.tracker(), WANTED)) == 2 + each
    assert len(place.jira.server.writes) == before


# What is written ----------------------------------------------------------------------


def test_issues_have_epics_links_labels_and_estimates(place: JiraPlace) -> None:
    jira, scheme = place.jira, place.jira.world.scheme
    jira.project.components.append(Named(jira.world.short_id(), "ML platform"))
    wanted = [WANTED[0], replace(WANTED[1], effort_days=Fraction(5, 2)), WANTED[2]]
    sync(tracker_of(place, components=["ml platform"]), wanted)
    top, first, second = jira.issues
    assert [one.type.name for one in jira.issues] == ["Epic", "Task", "Task"]
    assert [one.parent or one.epic for one in jira.issues] == [None, top, top]
    (link,) = jira.world.links.values()
    assert (link.type.name, link.source, link.target) == ("Blocks", first, second)
    assert first.labels == [LABEL, "maturity", "data"]
    assert first.priority
    assert (first.priority.name, first.estimate_seconds) == ("Medium", 20 * 3600)
    assert first.custom[scheme.points.id] == 2.5
    assert [one.name for one in first.components] == ["ML platform"]
    assert (first.description or "").rstrip().splitlines()[-1].startswith("mp")
    assert first.properties["mp"]["uid"] == A


@pytest.mark.parametrize(
    "title", ["t" * 300, "one\ntwo\r\nthree", "\N{ROCKET}" * 200, "x \N{ROCKET}"]
)
def test_titles_that_jira_refuses_are_made_to_fit(place: JiraPlace, title: str) -> None:
    wanted = [WANTED[0], ticket("a", title=title)]
    sync(place.tracker(), wanted)
    summary = place.issue(A).summary
    assert "\n" not in summary
    assert len(summary.encode("utf-16-le")) <= 2 * 255
    assert sync(place.tracker(), wanted).changes == ()


def test_what_is_too_long_is_cut_and_says_so(place: JiraPlace) -> None:
    long = ticket("a", body="many words " * 4000, acceptance=("one criterion",) * 9000)
    sync(place.tracker(), [WANTED[0], long])
    assert "did not fit into an issue" in (place.issue(A).description or "")
    assert sync(place.tracker(), [WANTED[0], long]).changes == ()


def test_labels_hold_no_blanks(place: JiraPlace) -> None:
    wanted = [WANTED[0], ticket("a", labels=("Data & Features", "x" * 300, " "))]
    sync(place.tracker(), wanted)
    assert place.issue(A).labels == [LABEL, "Data-&-Features", "x" * 255]
    assert sync(place.tracker(), wanted).changes == ()


def test_links_in_texts_are_no_edits(place: JiraPlace) -> None:
    body = "See https://example.org/a-b_c and [this](https://example.org/x).\n\n- a\n\n\n- b `c-d`"
    wanted = [WANTED[0], ticket("a", body=body, acceptance=("It is at https://example.org/y",))]
    sync(place.tracker(), wanted)
    assert sync(place.tracker(), wanted).changes == ()
    wanted[1] = replace(wanted[1], body=f"{body} More.")
    assert [c.op for c in sync(place.tracker(), wanted).changes] == [Op.UPDATE]
    assert sync(place.tracker(), wanted).changes == ()


def test_a_person_s_long_text_leaves_no_room(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    place.people.edit(
        place.issue(A).key, description=f"{place.issue(A).description}\n{'x' * 32_000}"
    )
    step = steps(place.tracker(), [WANTED[0], ticket("a", body="More words. " * 90), WANTED[2]])[0]
    assert "Jira takes 32767" in step.error
    assert "Shorten" in step.fix


# Projects that are set up in another way ------------------------------------------------


def test_a_project_that_is_not_there(place: JiraPlace) -> None:
    error = refused(place, project="NOTHING")
    assert isinstance(error, NotFound)
    assert "has no project NOTHING, or does not show it" in error.message
    assert findings(place, project="NOTHING")["project"].grade is Grade.FAULT


def test_an_archived_project(place: JiraPlace) -> None:
    place.jira.project.is_archived = True
    assert "FRAUD is archived" in refused(place).message
    assert "archived" in findings(place)["screens"].detail


@pytest.mark.parametrize("more", [{"epic_type": "Chore"}, {"ticket_type": "Chore"}])
def test_a_type_that_is_not_there(place: JiraPlace, more: dict[str, Any]) -> None:
    error = refused(place, **more)
    assert "the project has no type Chore" in error.message
    assert "there are: Bug" in error.fix


def test_a_project_without_epics(place: JiraPlace) -> None:
    types = place.jira.world.scheme.types
    types[:] = [one for one in types if one.level < 1]
    assert "the project has no type for epics" in refused(place).message


@pytest.mark.parametrize("name", ["labels", "description"])
def test_fields_that_we_cannot_do_without(place: JiraPlace, name: str) -> None:
    place.jira.project.hidden.add(name)
    assert f"FRAUD takes no {name} for a new Epic" in refused(place).message
    assert findings(place)["screens"].grade is Grade.FAULT


def test_a_field_of_theirs_that_is_required(place: JiraPlace) -> None:
    place.jira.project.required.add(place.jira.world.scheme.text.id)
    error = refused(place)
    assert "FRAUD wants Story Points of old for a new Epic" in error.message
    assert "default" in error.fix


def test_what_is_on_no_screen_is_left_out_and_told(place: JiraPlace) -> None:
    scheme, project = place.jira.world.scheme, place.jira.project
    project.hidden |= {"priority", scheme.points.id, "timetracking", "components"}
    if place.jira.is_cloud:
        project.hidden.add(scheme.estimate.id)
    wanted = [WANTED[0], replace(WANTED[1], effort_days=Fraction(2)), WANTED[2]]
    sync(tracker_of(place, components=["ML"]), wanted)
    assert sync(tracker_of(place, components=["ML"]), wanted).changes == ()
    told = findings(place, components=["ML"])["fields"]
    assert told.grade is Grade.WARNING
    for what in ("component ML", "priority", "story points", "original estimate"):
        assert what in told.detail


def test_a_priority_that_the_project_lacks_is_left_out(place: JiraPlace) -> None:
    scheme = place.jira.world.scheme
    scheme.priorities[:] = [one for one in scheme.priorities if one.name != "Medium"]
    sync(place.tracker(), WANTED)
    assert place.issue(A).priority is None
    assert sync(place.tracker(), WANTED).changes == ()


def test_story_points_can_be_named(place: JiraPlace) -> None:
    scheme = place.jira.world.scheme
    own = FieldDefinition("customfield_10", "Size", "number", custom="x:float")
    scheme.fields.append(own)
    wanted = [WANTED[0], replace(WANTED[1], effort_days=Fraction(2))]
    sync(tracker_of(place, fields={"story_points": own.id}), wanted)
    assert place.issue(A).custom[own.id] == 2


@pytest.mark.parametrize("name", ["Blockiert", "blockiert"])
def test_links_of_another_name(place: JiraPlace, name: str) -> None:
    kinds = place.jira.world.scheme.link_types
    kinds[1] = Named(kinds[1].id, "Blockiert", "wird blockiert von", "blockiert")
    error = refused(place)
    assert 'there is no kind of link called "Blocks"' in error.message
    assert "there are: Relates, Blockiert, Duplicate" in error.fix
    sync(tracker_of(place, link_type=name), WANTED)
    assert len(place.jira.world.links) == 1
    assert sync(tracker_of(place, link_type=name), WANTED).changes == ()


def test_a_project_that_a_team_manages(new_jira: NewJira, tmp_path: Path) -> None:
    place = JiraPlace(tmp_path, new_jira("cloud", is_team_managed=True))
    wanted = [WANTED[0], replace(WANTED[1], effort_days=Fraction(3)), WANTED[2]]
    sync(place.tracker(), wanted)
    assert place.issue(A).custom[place.jira.world.scheme.estimate.id] == 3
    sync(place.tracker(), wanted[:2])
    found = present(place.tracker())[B]
    assert (found.state, found.is_closed_by_us) == (State.NOT_DONE, True)
    place.people.close(place.issue(A).key, None)
    assert present(place.tracker())[A].state is State.DONE


def test_a_board_puts_fifty_at_a_time_below_an_epic(new_jira: NewJira, tmp_path: Path) -> None:
    place = DataCenterPlace(tmp_path, new_jira("dc", base_path="/jira"))
    place.jira.project.hidden.add(place.jira.world.scheme.epic_link.id)
    wanted = [epic("data"), epic("model"), *(ticket(f"t{n}", rank=n) for n in range(60))]
    sync(place.tracker(), wanted)
    assert sum(issue.epic is not None for issue in place.jira.issues) == 60
    assert sync(place.tracker(), wanted).changes == ()
    wanted[-1] = replace(wanted[-1], epic=epic("model").uid)
    assert [c.op for c in sync(place.tracker(), wanted).changes] == [Op.UPDATE]
    assert sync(place.tracker(), wanted).changes == ()
    assert "through the board" in findings(place)["epics"].detail
    found = present(place.tracker())[wanted[2].uid]
    assert found.reference.startswith(f"{place.jira.base_url}/browse/FRAUD-")


def test_a_ticket_can_leave_its_epic(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    wanted = [WANTED[0], replace(WANTED[1], epic=None), WANTED[2]]
    assert [c.op for c in sync(place.tracker(), wanted).changes] == [Op.UPDATE]
    assert (place.issue(A).parent or place.issue(A).epic) is None
    assert sync(place.tracker(), wanted).changes == ()


# Workflows -----------------------------------------------------------------------------


def test_a_workflow_without_an_end(place: JiraPlace) -> None:
    place.jira.project.workflow = place.jira.world.scheme.workflow(has_end=False)
    sync(place.tracker(), WANTED)
    (step,) = steps(place.tracker(), WANTED[:2])
    assert "cannot be moved from" in step.error
    assert "a status that is done" in step.error
    assert "give its workflow a way there" in step.fix


def test_a_way_that_wants_a_field(place: JiraPlace) -> None:
    scheme = place.jira.world.scheme
    place.jira.project.workflow = scheme.workflow(screen={scheme.text.id: True})
    sync(place.tracker(), WANTED)
    (step,) = steps(place.tracker(), WANTED[:2])
    assert "Finish wants Story Points of old" in step.error
    assert "by hand" in step.fix
    assert place.issue(B).status.category == "new"
    place.people.close(place.issue(B).key, "Won't Do")
    assert sync(place.tracker(), WANTED[:2]).pending == ()
    assert place.issue(B).comments == []


def test_a_resolution_is_chosen_where_the_way_has_one(place: JiraPlace) -> None:
    scheme = place.jira.world.scheme
    names = ("Neu", "In Arbeit", "Erledigt")
    place.jira.project.workflow = scheme.workflow(names, screen={"resolution": True})
    sync(place.tracker(), WANTED)
    sync(place.tracker(), WANTED[:2])
    found = place.issue(B)
    assert found.resolution
    assert (found.status.name, found.resolution.name) == ("Erledigt", "Won't Do")
    assert present(place.tracker())[B].state is State.NOT_DONE


def test_a_resolution_that_is_required_is_not_made_up(place: JiraPlace) -> None:
    scheme = place.jira.world.scheme
    place.jira.project.workflow = scheme.workflow(screen={"resolution": True})
    del scheme.resolutions[1:]
    sync(place.tracker(), WANTED)
    (step,) = steps(place.tracker(), WANTED[:2])
    assert "Finish wants Resolution" in step.error
    assert place.issue(B).status.category != "done"


def test_a_status_that_says_not_done_is_chosen(place: JiraPlace) -> None:
    flow = place.jira.project.workflow
    ended = Status(place.jira.world.short_id(), "Rejected", "done")
    flow.statuses.append(ended)
    flow.transitions.append(Transition("7", "Reject", flow.statuses[0], ended))
    flow.sets_resolution = False
    sync(place.tracker(), WANTED)
    sync(place.tracker(), WANTED[:2])
    assert place.issue(B).status is ended


# Rights and tokens ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        ("EDIT_ISSUES", "edit issues"),
        ("TRANSITION_ISSUES", "move issues to another status"),
        ("LINK_ISSUES", "link issues"),
        ("ADD_COMMENTS", "comment"),
    ],
)
def test_a_right_is_missing(place: JiraPlace, permission: str, words: str) -> None:
    place.jira.tokens[TOKEN].permissions.remove(permission)
    error = refused(place)
    assert isinstance(error, AuthError)
    assert f"the account may not {words} in FRAUD" in error.message
    assert findings(place)["rights"].detail == f"the account may not {words}"


def test_nothing_may_be_created(place: JiraPlace) -> None:
    place.jira.tokens[TOKEN].permissions.remove("CREATE_ISSUES")
    error = refused(place)
    assert isinstance(error, AuthError)
    assert "may not create issues in FRAUD" in error.message


def test_nothing_may_be_seen(place: JiraPlace) -> None:
    place.jira.tokens[TOKEN].permissions.clear()
    assert "does not show it to" in refused(place).message


def test_a_wrong_token_is_told_from_an_empty_project(place: JiraPlace) -> None:
    error = refused(place, token_command="echo wrong")  # noqa: S106
    assert isinstance(error, AuthError)
    assert "does not accept the token" in error.message
    place.jira.tokens[TOKEN].is_expired = True
    assert isinstance(refused(place), AuthError)
    assert findings(place)["token"].grade is Grade.FAULT
    error = refused(place, token_command="printf 'a\\001b'")  # noqa: S106
    assert isinstance(error, AuthError)


def test_addresses_that_cannot_be_used(tmp_path: Path) -> None:
    for url in ("http://jira.example.com", "ftp://x", "acme.atlassian.net", "", "https://a:b@c.d"):
        with pytest.raises(ConfigError):
            JiraTracker({"server": url, "project": "FRAUD"}, tmp_path, "x")
    for key in ("fraud", "F", "", 'F" OR project = "X'):
        with pytest.raises(ConfigError):
            JiraTracker({"server": "https://x.org", "project": key}, tmp_path, "x")


# Answers that are none of Jira's ---------------------------------------------------------


def always(place: JiraPlace, monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """Let the server answer that, whatever it is asked."""
    monkeypatch.setattr(place.jira, "answer", lambda _: answer)
    monkeypatch.setattr(place.jira, "violations", list)


def test_a_redirection_is_not_followed(place: JiraPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    to = Answer(302, b"", {"Location": "https://example.org/login"})
    always(place, monkeypatch, to)
    error = refused(place)
    assert "elsewhere: https://example.org/login" in error.message
    assert "tracker.jira" in error.fix


def test_a_page_in_place_of_an_answer(place: JiraPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"})
    always(place, monkeypatch, page)
    error = refused(place)
    assert isinstance(error, TrackerError)
    assert "cannot be reached" in error.message


def test_a_captcha_is_named(place: JiraPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    wants = {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://x/login"}
    always(place, monkeypatch, Answer(403, b"<html></html>", wants))
    error = refused(place)
    assert isinstance(error, AuthError)
    assert "captcha" in error.message
    assert "browser" in error.fix


def test_something_else_than_jira(place: JiraPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    always(place, monkeypatch, Answer(200, b"{}"))
    assert "does not answer as a Jira does" in refused(place).message


# Pauses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        (Kind.TOO_MANY, 7),
        (Kind.TOO_MANY_DATE, 7),
        (Kind.TOO_MANY_SILENT, 60),
        (Kind.UNAVAILABLE, 7),
    ],
)
def test_pauses_are_made_and_said(place: JiraPlace, kind: Kind, seconds: int) -> None:
    place.jira.fail(Fault(kind, nth=2, seconds=7))
    said: list[str] = []
    waits: list[float] = []
    patience = Patience(say=said.append, sleep=waits.append, between_writes=0)
    sync(tracker_of(place, patience), WANTED)
    assert len(place.jira.issues) == 3
    assert seconds - 1 <= sum(waits) <= seconds + 2
    assert "asks for a pause" in said[0]


def test_pauses_without_end_end(place: JiraPlace) -> None:
    place.jira.fail(Fault(Kind.TOO_MANY, times=99, seconds=5000, matches=lambda _: True))
    error = refused(place)
    assert isinstance(error, RateLimited)
    assert error.fix.startswith("Wait that long")


def is_read(request: Request) -> bool:
    return not request.is_write


@pytest.mark.parametrize(
    "kind", [Kind.DROP_AFTER, Kind.ERROR_BEFORE, Kind.GARBAGE_AFTER, Kind.TRUNCATED_AFTER]
)
def test_reads_are_tried_again(place: JiraPlace, kind: Kind) -> None:
    sync(place.tracker(), WANTED)
    place.jira.fail(Fault(kind, times=3, matches=is_read))
    assert len(place.tracker().read(PLAN)) == 3
    place.jira.server.faults.clear()
    place.jira.fail(Fault(kind, times=4, matches=is_read))
    with pytest.raises(TrackerError, match="cannot be reached") as stop:
        place.tracker().read(PLAN)
    assert stop.value.fix


# What people do to issues ---------------------------------------------------------------


def test_a_label_that_was_taken_off_makes_no_second_issue(place: JiraPlace, tmp_path: Path) -> None:
    sync(place.tracker(), WANTED)
    for issue in list(place.jira.issues):
        place.people.remove_label(issue.key, LABEL)
    place.folder = tmp_path / "elsewhere"
    place.folder.mkdir()
    sync(place.tracker(), WANTED)
    assert len(place.jira.issues) == 3
    assert all(LABEL in issue.labels for issue in place.jira.issues)
    assert sync(place.tracker(), WANTED).changes == ()


def test_a_label_that_a_rule_drops_is_noticed(place: JiraPlace) -> None:
    place.jira.project.dropped.add("labels")
    first, *_ = steps(place.tracker(), WANTED)
    assert "dropped its labels" in first.error
    assert "rule" in first.fix
    assert len(place.jira.issues) == 1
    place.jira.project.dropped.clear()
    sync(place.tracker(), WANTED)
    assert len(place.jira.issues) == 3
    assert sync(place.tracker(), WANTED).changes == ()


def test_a_copy_of_an_issue_counts_only_when_the_original_is_gone(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    issue = place.issue(A)
    copy = place.people.create(issue.summary, issue.description, tuple(issue.labels))
    said: list[str] = []
    assert sync(tracker_of(place, hasty(said.append)), WANTED).changes == ()
    assert said == [
        f"Two issues hold the ticket {A}: {issue.key} and {copy.key}. {issue.key} counts; "
        f"take the label {LABEL} off {copy.key}."
    ]
    place.people.delete(issue.key)
    assert present(place.tracker())[A].remote == copy.key


def test_of_two_issues_with_one_property_the_older_counts(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    issue = place.issue(A)
    copy = place.people.create("Copy", issue.description, tuple(issue.labels))
    copy.properties = dict(issue.properties)
    said: list[str] = []
    assert sync(tracker_of(place, hasty(said.append)), WANTED).changes == ()
    assert f"{issue.key} and {copy.key}. {issue.key} counts" in said[0]


def test_the_last_line_may_go(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    issue = place.issue(A)
    text = (issue.description or "").rsplit("----", 1)[0]
    place.people.edit(issue.key, description=text)
    assert sync(place.tracker(), WANTED).pending == ()
    assert len(place.jira.issues) == 3


def test_a_lost_property_is_no_lost_ticket(place: JiraPlace, tmp_path: Path) -> None:
    named = [WANTED[0], ticket("a-b"), ticket("b", needs=("a-b",), rank=3)]
    sync(place.tracker(), named)
    place.issue(uid_of("a-b")).properties.clear()
    place.folder = tmp_path / "elsewhere"
    place.folder.mkdir()
    assert sync(place.tracker(), named).pending == ()
    assert len(place.jira.issues) == 3
    assert present(place.tracker())[uid_of("a-b")].state is State.OPEN


def test_an_issue_that_is_deleted_while_a_sync_runs(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    tracker = place.tracker()
    new = [tracker.fit(one) for one in [WANTED[0], ticket("a", body="New."), WANTED[2]]]
    changes = compute_changes(new, tracker.read(PLAN), digest=tracker.digest)
    place.people.delete(place.issue(A).key)
    (step,) = apply(tracker, PLAN, changes, NOW)
    assert step.error
    assert step.fix


@pytest.mark.parametrize("is_noted", [True, False])
def test_an_issue_that_people_move_stays_ours(
    place: JiraPlace, tmp_path: Path, is_noted: bool
) -> None:
    sync(place.tracker(), WANTED)
    place.people.move(place.issue(A).key, place.jira.add_project("OTHER"))
    if not is_noted:
        place.folder = tmp_path / "elsewhere"
        place.folder.mkdir()
    assert sync(place.tracker(), WANTED).changes == ()
    changed = [WANTED[0], ticket("a", body="New."), WANTED[2]]
    assert [one.uid for one in sync(place.tracker(), changed).changes] == [A]
    assert "New." in place.everything(A)
    assert len(place.jira.issues) == 3


def test_two_projects_with_one_plan_do_not_see_each_other(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    place.jira.add_project("OTHER")
    other = tracker_of(place, project="OTHER")
    sync(other, WANTED)
    assert [i.key for i in place.jira.issues][3:] == ["OTHER-1", "OTHER-2", "OTHER-3"]
    assert sync(place.tracker(), WANTED).changes == ()


def test_text_that_is_written_while_a_sync_runs_is_kept(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    tracker = place.tracker()
    new = [tracker.fit(one) for one in [WANTED[0], ticket("a", body="New."), WANTED[2]]]
    changes = compute_changes(new, tracker.read(PLAN), digest=tracker.digest)
    place.write_above(A, "Ana was here.")
    assert [s.error for s in apply(tracker, PLAN, changes, NOW)] == [""]
    assert place.everything(A).count("Ana was here.") == 1
    tracker = place.tracker()
    old = [tracker.fit(one) for one in WANTED]
    changes = compute_changes(old, tracker.read(PLAN), digest=tracker.digest)
    place.write_inside(A, "Ana was here, too.")
    (step,) = apply(tracker, PLAN, changes, NOW)
    assert step.error == ""
    assert "Ana was here, too." in place.everything(A)
    assert "New." in place.everything(A)


def test_issues_of_others_and_of_another_plan_are_never_touched(place: JiraPlace) -> None:
    theirs = [epic("data", plan=OTHER_PLAN), ticket("a", plan=OTHER_PLAN)]
    sync(place.tracker(), theirs, plan=OTHER_PLAN)
    foreign = {
        place.people.create("Their own", "mp-uid: x").key,
        *(i.key for i in place.jira.issues),
    }
    before = len(place.jira.changes(LOGIN))
    sync(place.tracker(), WANTED)
    sync(place.tracker(), [])
    assert foreign.isdisjoint(change.key for change in place.jira.changes(LOGIN)[before:])


def test_all_is_well(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    found = findings(place)
    assert {finding.grade for finding in found.values()} == {Grade.OK}
    assert set(found) >= {"server", "token", "project", "rights", "types", "epics", "links"}


# Whose doing it was --------------------------------------------------------------------


def test_what_people_close_between_our_look_and_our_write_is_theirs(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    tracker = place.tracker()
    left = compute_changes(
        [tracker.fit(one) for one in WANTED[:2]], tracker.read(PLAN), digest=tracker.digest
    )
    place.move_to(B, State.DONE)
    assert [step.error for step in apply(tracker, PLAN, left, NOW)] == [""]
    assert place.issue(B).comments == []
    assert present(place.tracker())[B].state is State.DONE


def test_what_people_begin_between_our_look_and_our_write_stays(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    tracker = place.tracker()
    left = compute_changes(
        [tracker.fit(one) for one in WANTED[:2]], tracker.read(PLAN), digest=tracker.digest
    )
    place.move_to(B, State.IN_PROGRESS)
    assert [step.error for step in apply(tracker, PLAN, left, NOW)] == [""]
    assert present(place.tracker())[B].state is State.IN_PROGRESS


def test_what_a_person_finishes_after_our_closing_failed_is_done(place: JiraPlace) -> None:
    scheme = place.jira.world.scheme
    place.jira.project.workflow = scheme.workflow(screen={scheme.text.id: True})
    sync(place.tracker(), WANTED)
    assert steps(place.tracker(), WANTED[:2])[0].error
    place.people.close(place.issue(B).key)
    found = present(place.tracker())[B]
    assert (found.state, found.is_closed_by_us) == (State.DONE, False)


def test_finished_again_without_a_resolution_is_done(new_jira: NewJira, tmp_path: Path) -> None:
    place = place_of(new_jira("cloud", is_team_managed=True), tmp_path)
    sync(place.tracker(), WANTED)
    sync(place.tracker(), WANTED[:2])
    assert present(place.tracker())[B].state is State.NOT_DONE
    key = place.issue(B).key
    place.people.reopen(key)
    place.jira.world.pass_time(86_400)
    place.people.start(key)
    place.people.close(key, None)
    assert present(place.tracker())[B].state is State.DONE


def test_the_zone_of_whoever_asks_changes_nothing(
    place: JiraPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(place.tracker(), WANTED)
    sync(place.tracker(), WANTED[:2])
    zone = timezone(timedelta(hours=5))

    def when(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S.000%z")

    monkeypatch.setattr("fakes.jira_shapes.when", when)
    found = present(place.tracker())[B]
    assert (found.state, found.is_closed_by_us) == (State.NOT_DONE, True)


def test_a_status_that_means_not_done_counts_whatever_the_resolution(place: JiraPlace) -> None:
    place.jira.project.workflow.statuses.append(Status("77", "Rejected", "done"))
    sync(place.tracker(), WANTED)
    place.people.close(place.issue(B).key, "Done", status="Rejected")
    assert present(place.tracker())[B].state is State.NOT_DONE


@pytest.mark.parametrize(
    "above",
    [
        "{panel:title=On hold until May}{panel}\n\N{POLICE CARS REVOLVING LIGHT}\n",
        "Note of Ana above\n\n",
        "See below\n{quote}\n\n",
    ],
)
def test_what_stands_above_stays_to_the_letter(place: JiraPlace, above: str) -> None:
    place.jira.world.rewrites_texts = False
    sync(place.tracker(), WANTED)
    issue = place.issue(A)
    place.people.edit(issue.key, description=f"{above}{issue.description}")
    sync(place.tracker(), [WANTED[0], ticket("a", body="New."), WANTED[2]])
    assert (place.issue(A).description or "").startswith(f"{above}New.")


def test_signs_of_comparison_are_words(place: JiraPlace) -> None:
    less, more = ticket("a", body="An error rate < 5 %."), ticket("a", body="An error rate > 5 %.")
    sync(place.tracker(), [WANTED[0], less])
    assert [one.uid for one in sync(place.tracker(), [WANTED[0], more]).changes] == [A]


def test_a_long_body_gets_the_room_that_criteria_leave(place: JiraPlace) -> None:
    words = "word " * 5_500
    assert len(place.tracker().fit(ticket("a", body=words)).body) > 27_000


def test_a_line_like_ours_in_a_text_is_none(place: JiraPlace) -> None:
    wanted = [WANTED[0], ticket("a", body="What to do.\n\nmp-uid: other.thing\n\nMore.")]
    sync(place.tracker(), wanted)
    assert sync(place.tracker(), wanted).changes == ()


def test_a_label_that_was_taken_off_comes_back(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    place.people.remove_label(place.issue(A).key, LABEL)
    assert sync(place.tracker(), WANTED).changes == ()
    changed = [WANTED[0], ticket("a", body="New."), WANTED[2]]
    sync(place.tracker(), changed)
    assert LABEL in place.issue(A).labels
    assert len(place.jira.issues) == 3


def test_tickets_of_an_epic_that_was_deleted_go_below_the_new_one(place: JiraPlace) -> None:
    sync(place.tracker(), WANTED)
    place.delete(f"{PLAN}.data")
    sync(place.tracker(), WANTED)
    made = place.issue(f"{PLAN}.data")
    assert {(i.parent or i.epic) for i in place.jira.issues if i is not made} == {made}
    assert sync(place.tracker(), WANTED).changes == ()


def test_a_cloud_without_an_address_says_that_first(cloud: FakeJira, tmp_path: Path) -> None:
    place = place_of(cloud, tmp_path)
    error = refused(place, email="")
    assert "does not accept the token" in error.message
    assert "FRAUD" not in error.message
    assert error.fix.startswith("On Jira Cloud, write the account's `email`")
