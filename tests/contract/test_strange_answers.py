"""Answers that are no answers: of another form, without an end, too large. Found by fuzzing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.jira_place import DataCenterPlace, JiraPlace
from contract.places import (
    OTHER_PLAN,
    PLACES,
    PLAN,
    GitHubPlace,
    GitHubProjectPlace,
    Place,
    epic,
    present,
    sync,
    ticket,
    uid_of,
)
from fuzz.services import MakePlace, conversation, replay
from maturity_planner.errors import NotFound, TrackerError
from maturity_planner.trackers import calling
from maturity_planner.trackers.github_errors import grave_errors, message_of
from maturity_planner.trackers.github_issue import read_issue
from maturity_planner.trackers.jira_client import message_of as message_of_jira
from maturity_planner.trackers.jira_issue import Memory

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
LARGE = float("inf")  # what JSON's 1e999 is read as


def every(*keys: str, value: Any) -> Callable[[Any], Any]:
    """Return a change: the value in the place of each key of that name, wherever it stands."""

    def change(tree: Any) -> Any:
        if isinstance(tree, list):
            return [change(one) for one in tree]
        if isinstance(tree, dict):
            return {k: value if k in keys else change(inner) for k, inner in tree.items()}
        return tree

    return change


GITHUB = [
    ("/issues", every("body", value="nothing of ours")),
    ("/issues", every("number", value=LARGE)),
    ("/issues", lambda _: ["x"]),
    ("/issues", lambda _: 5),
    ("", every("permissions", value="all")),
    ("", every("owner", value="me")),
    ("/issue-types", lambda _: ["Epic"]),
    ("/milestones", lambda _: [{"title": "x"}]),
    ("/rate_limit", lambda _: {"resources": []}),
    ("/graphql", every("repositoryOwner", value="me")),
    ("/graphql", every("hasNextPage", value=True)),
]
JIRA = [
    ("/mypermissions", every("CREATE_ISSUES", value="yes")),
    ("/issueLinkType", every("issueLinkTypes", value=["Blocks"])),
    ("/issueLinkType", every("issueLinkTypes", value=5)),
    ("/issuetypes", every("issueTypes", "values", value=["Task"])),
    ("/issuetypes", every("total", value="")),
    ("/issuetypes/1", every("allowedValues", value=["x"])),
    ("/issuetypes/1", every("fields", "values", value=["x"])),
    ("/field", lambda _: ["x"]),
    ("/search", every("total", value=LARGE)),
    ("/search", every("total", value=[])),
    ("/search/jql", every("issues", value=["MAT-1"])),
    ("/search/jql", lambda tree: {**tree, "isLast": False, "nextPageToken": "again"}),
    ("/search/jql", lambda tree: {**tree, "isLast": False}),
    ("/issue/bulk", every("issues", value=5)),
    ("/issue/bulk", every("errors", value=["x"])),
    ("/issue/bulk", every("id", value=LARGE)),
    ("/comment", every("comments", value=["x"])),
    ("/transitions", every("transitions", value=["x"])),
    ("/transitions", every("to", value="Done")),
]
CASES = [
    *((make, *case) for make in (GitHubPlace, GitHubProjectPlace) for case in GITHUB),
    *((make, *case) for make in (JiraPlace, DataCenterPlace) for case in JIRA),
]


@pytest.mark.parametrize(("make", "ending", "change"), CASES)
def test_an_answer_of_another_form_is_an_error_and_no_bug(
    make: MakePlace, ending: str, change: Callable[[Any], Any]
) -> None:
    answers = json.loads(conversation(make))
    for answer in answers:
        path = answer[0].partition(" ")[2]
        if path.endswith(ending) if ending else path.count("/") == 3:
            answer[3] = change(answer[3])
    replay(make, json.dumps(answers).encode())


@pytest.mark.parametrize("make", [GitHubPlace, JiraPlace, DataCenterPlace])
def test_any_answer_may_nest_deeper_than_can_be_read(make: MakePlace, tmp_path: Path) -> None:
    tracker = make(tmp_path).tracker()
    deep = '{"a":' * 100_000
    setattr(tracker._client, "sent", lambda *_: (200, {}, deep))  # noqa: B010
    with pytest.raises(TrackerError, match="cannot be reached"):
        tracker.read(PLAN)


@pytest.mark.parametrize("make", [GitHubPlace, JiraPlace, DataCenterPlace])
@pytest.mark.parametrize(
    "wait", ["²", "9" * 400, "Fri, 20 Nov 99999999999999999999 09:30:00 GMT", "-1", "", "x"]
)
def test_any_pause_that_is_asked_for_is_a_number(
    make: MakePlace, wait: str, tmp_path: Path
) -> None:
    tracker = make(tmp_path).tracker()
    headers = {"retry-after": wait, "x-ratelimit-remaining": "0", "x-ratelimit-reset": "²"}
    assert tracker._client._pause(headers) >= 0


def test_a_page_that_leads_to_itself_ends_the_list(tmp_path: Path) -> None:
    client = GitHubPlace(tmp_path).tracker()._client
    headers = {"link": f'<{client.base_url}/x?page=2>; rel="next"'}
    setattr(client, "sent", lambda *_: (200, headers, "[{}]"))  # noqa: B010
    with pytest.raises(TrackerError, match="pages that never end"):
        list(client.items("/x"))


def test_a_list_with_ever_new_pages_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_PAGES", 3)
    pages = calling.Pages("GitHub", "/x")
    for number in range(3):
        pages.turn(number)
    with pytest.raises(TrackerError, match="GitHub answered /x with pages that never end"):
        pages.turn(3)


@pytest.mark.parametrize("errors", [5, "x", {"a": 1}, [5], None])
def test_errors_in_an_answer_may_be_anything(errors: Any) -> None:
    content = {"message": "No.", "errors": errors, "errorMessages": errors}
    assert message_of(content).startswith("No.")
    assert isinstance(message_of_jira(content), str)
    assert grave_errors(content) == []
    assert grave_errors({"errors": [{"path": 5, "message": "x"}]}) != []


def test_numbers_without_end_are_no_issue_and_no_memory() -> None:
    assert Memory.read({"v": 1, "uid": "a.b", "base": {}, "turn": LARGE}) is None
    with pytest.raises(
        TrackerError, match="answered about an issue of o/r with something that was not"
    ):
        read_issue(
            {
                "repository_url": "x/repos/o/r",
                "id": 1,
                "closed_at": None,
                "number": LARGE,
                "title": "",
                "body": "",
            },
            "o/r",
        )


@pytest.mark.parametrize("make", PLACES.values(), ids=PLACES)
def test_a_ticket_that_a_second_reading_lacks_is_gone(make: type[Place], tmp_path: Path) -> None:
    place = make(tmp_path)
    tracker = place.tracker()
    sync(tracker, [epic("data"), ticket("schema")])
    held = present(tracker)[uid_of("schema")]
    assert list(tracker.read(OTHER_PLAN)) == []
    with pytest.raises(NotFound, match="is not there any more"):
        tracker.update(held, {"title": "Another"}, {}, {})
