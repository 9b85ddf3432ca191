"""Our fake of GitHub tells the truth: spoken to with the real client, held against GitHub's own
description of its interface."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from github import (
    Auth,
    BadCredentialsException,
    Github,
    GithubException,
    RateLimitExceededException,
    UnknownObjectException,
)
from github.GithubRetry import GithubRetry
from github.Issue import Issue
from github.Repository import Repository

from fakes import DESCRIPTION
from fakes.github import LOGIN, TOKEN, FakeGitHub, Features, Right, Token
from fakes.openapi import violations
from fakes.wire import Exchange, Request, data

NAME = "acme/fraud-model"
Connect = Callable[..., Github]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes clients that neither wait nor try again."""
    with ExitStack() as stack:

        def make(fake: FakeGitHub, token: str = TOKEN, **options: Any) -> Github:
            quick: dict[str, Any] = {"retry": None, "seconds_between_requests": 0}
            quick |= {"seconds_between_writes": 0, "timeout": 3, **options}
            client = Github(auth=Auth.Token(token), base_url=fake.base_url, **quick)
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture
def repo(github: FakeGitHub, connect: Connect) -> Repository:
    return connect(github).get_repo(NAME)


def issue_of(status: int, call: Callable[[], object]) -> GithubException:
    """Return the error with which the call is refused."""
    with pytest.raises(GithubException) as caught:
        call()
    assert caught.value.status == status
    return caught.value


def raw(client: Github, method: str, path: str, **sent: Any) -> tuple[int, dict[str, Any], Any]:
    """Return status, headers and text of a request that the client has no call for."""
    status, headers, text = client.requester.requestJson(method, path, **sent)
    return status, headers, text


def test_a_repository_tells_what_the_token_may_do(github: FakeGitHub, connect: Connect) -> None:
    client = connect(github)
    repo = client.get_repo(NAME)
    assert (repo.full_name, repo.owner.type) == (NAME, "Organization")
    assert (repo.has_issues, repo.archived, repo.private) == (True, False, False)
    assert repo.permissions.push
    assert client.get_user().login == LOGIN
    assert client.get_rate_limit().resources.core.remaining == 4998
    github.tokens[TOKEN].right = Right.TRIAGE
    permissions = client.get_repo(NAME).permissions
    assert (permissions.push, permissions.triage) == (False, True)


def test_an_issue_is_created_changed_and_closed(github: FakeGitHub, repo: Repository) -> None:
    due = repo.create_milestone("2027-Q1")
    issue = repo.create_issue("One", "Text", milestone=due, labels=["x"], assignees=["ana"])
    assert issue.id > 2**31 > issue.number == 1
    assert [label.name for label in issue.labels] == ["x"]
    assert repo.get_label("X").name == "x"
    assert issue.milestone is not None
    assert (issue.milestone.title, issue.assignees[0].login) == ("2027-Q1", "ana")
    issue.edit(title="Other", state="closed", state_reason="not_planned")
    found = repo.get_issue(1)
    assert (found.title, found.body, found.state) == ("Other", "Text", "closed")
    assert found.state_reason == "not_planned"
    assert found.closed_at is not None
    issue.edit(state_reason="completed")
    issue.edit(state="closed", state_reason="duplicate")
    assert repo.get_issue(1).state_reason == "not_planned"
    issue.edit(state="open")
    assert repo.get_issue(1).state_reason == "reopened"
    issue.create_comment("Why.")
    assert [comment.body for comment in issue.get_comments()] == ["Why."]
    assert [c.what for c in github.changes()] == [
        *("create", "edit title", "state not_planned", "state reopened", "comment")
    ]


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("title", {"title": "x" * 257}),
        ("title", {"title": " "}),
        ("body", {"title": "x", "body": "x" * 65_537}),
        ("milestone", {"title": "x", "milestone": 9}),
        ("assignees", {"title": "x", "assignees": ["nobody"]}),
        ("name", {"title": "x", "labels": ["x" * 51]}),
        ("type", {"title": "x", "type": "Epic"}),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(
    github: FakeGitHub, connect: Connect, field: str, sent: dict[str, Any]
) -> None:
    client = connect(github)
    requester = client.requester
    path = f"/repos/{NAME}/issues"
    error = issue_of(422, lambda: requester.requestJsonAndCheck("POST", path, input=sent))
    assert error.data["errors"][0]["field"] == field
    assert github.issues == []


def test_a_state_reason_that_does_not_exist_is_refused(
    github: FakeGitHub, repo: Repository
) -> None:
    issue = repo.create_issue("One")
    issue_of(422, lambda: issue.edit(state="closed", state_reason="wontfix"))
    assert github.issues[0].state == "open"
    wrong = [one for one in github.violations() if "wontfix" in one]
    assert bool(wrong) == DESCRIPTION.exists()
    github.server.forget()


def test_longest_texts_are_taken(repo: Repository) -> None:
    issue = repo.create_issue("x" * 256, "x" * 65_536, labels=["x" * 50])
    assert len(issue.body) == 65_536
    issue_of(422, lambda: repo.create_label("x" * 51, "ededed"))
    issue_of(422, lambda: repo.create_label("y", "ededed", "x" * 101))
    assert repo.create_label("z", "ff0000", "x" * 100).color == "ff0000"
    issue_of(422, lambda: repo.create_label("Z", "ff0000"))


def test_lists_filter_by_all_labels_state_and_time(github: FakeGitHub, repo: Repository) -> None:
    people = github.people
    people.create("One", labels=("Plan", "data"))
    people.create("Two", labels=("plan",))
    people.create("Three", labels=("other, with comma",))
    people.create_pull_request("Four", labels=("plan",))
    people.close(2)

    def numbers(**query: Any) -> list[int]:
        return [issue.number for issue in repo.get_issues(**query)]

    assert numbers() == [4, 3, 1]
    assert numbers(state="all", labels=["PLAN"]) == [4, 2, 1]
    assert numbers(state="all", labels=["plan", "Data"]) == [1]
    assert numbers(labels=["other, with comma"]) == []
    assert numbers(state="all", since=github.issues[1].updated_at) == [2]
    assert numbers(state="all", sort="created", direction="asc") == [1, 2, 3, 4]
    assert [bool(issue.pull_request) for issue in repo.get_issues()] == [True, False, False]


def test_pages_are_linked_by_the_number_of_the_repository(
    github: FakeGitHub, connect: Connect
) -> None:
    for number in range(250):
        github.people.create(f"Issue {number}", labels=("plan",))
    client = connect(github, per_page=100, lazy=True)
    found = list(client.get_repo(NAME).get_issues(state="all", labels=["plan"]))
    assert [issue.number for issue in found] == list(range(250, 0, -1))
    paths = [exchange.request.path for exchange in github.exchanges]
    numbered = f"/repositories/{github.repo.id}/issues"
    assert paths == [f"/repos/{NAME}/issues", numbered, numbered]
    assert github.calls == {"GET /repos/{owner}/{repo}/issues": 3}


def test_a_page_that_has_not_changed_costs_nothing(github: FakeGitHub, connect: Connect) -> None:
    client = connect(github)
    github.people.create("One")
    path = f"/repos/{NAME}/issues"
    _, headers, _ = raw(client, "GET", path)
    known = {"If-None-Match": headers["etag"]}
    left = github.limits.remaining
    assert raw(client, "GET", path, headers=known)[0] == 304
    assert github.limits.remaining == left
    github.people.close(1)
    assert raw(client, "GET", path, headers=known)[0] == 200


def test_labels_are_added_and_removed_singly(repo: Repository) -> None:
    issue = repo.create_issue("One", labels=["a"])
    issue.add_to_labels("b", "A")
    assert [label.name for label in issue.get_labels()] == ["a", "b"]
    issue.remove_from_labels("B")
    error = issue_of(404, lambda: issue.remove_from_labels("B"))
    assert error.data["message"] == "Label does not exist"
    issue.edit(labels=["kind/of c"])
    assert [label.name for label in issue.get_labels()] == ["kind/of c"]
    issue.remove_from_labels("kind/of c")
    assert repo.get_label("kind/of c").color == "ededed"


def test_people_are_assigned_singly(repo: Repository) -> None:
    issue = repo.create_issue("One", assignees=["ana"])
    issue.add_to_assignees("ben", "nobody")
    assert [user.login for user in issue.assignees] == ["ana", "ben"]
    issue.remove_from_assignees("ana")
    assert [user.login for user in repo.get_issue(1).assignees] == ["ben"]


def three(repo: Repository) -> list[Issue]:
    """Create three issues."""
    return [repo.create_issue(name) for name in ("One", "Two", "Three")]


def test_sub_issues_go_by_id_and_have_one_parent(github: FakeGitHub, repo: Repository) -> None:
    one, two, three_ = three(repo)
    assert one.add_sub_issue(three_.id).number == 1, "the answer is the parent"
    issue_of(404, lambda: one.add_sub_issue(two.number))
    issue_of(422, lambda: one.add_sub_issue(three_))
    issue_of(422, lambda: two.add_sub_issue(three_))
    issue_of(422, lambda: three_.add_sub_issue(one))
    github.people.close(3)
    found = {issue.number: issue.raw_data for issue in repo.get_issues(state="all")}
    assert found[1]["sub_issues_summary"] == {"total": 1, "completed": 1, "percent_completed": 100}
    assert found[3]["parent_issue_url"] == found[1]["url"]
    assert "parent_issue_url" not in found[1]
    path, moved = f"{two.url}/sub_issues", {"sub_issue_id": three_.id, "replace_parent": True}
    repo.requester.requestJsonAndCheck("POST", path, input=moved)
    assert [sub.number for sub in two.get_sub_issues()] == [3]
    assert repo.requester.requestJsonAndCheck("GET", f"{three_.url}/parent")[1]["number"] == 2
    two.remove_sub_issue(three_.id)
    issue_of(404, lambda: two.remove_sub_issue(three_.id))
    issue_of(404, lambda: repo.requester.requestJsonAndCheck("GET", f"{three_.url}/parent"))


def test_a_parent_holds_a_hundred_and_closed_ones_count(
    github: FakeGitHub, repo: Repository
) -> None:
    epic = repo.create_issue("Epic")
    for number in range(2, 103):
        github.people.create(f"Issue {number}")
        github.people.close(number)
        if number < 102:
            github.people.move(number, 1)
    error = issue_of(422, lambda: epic.add_sub_issue(github.repo.issues[102].id))
    assert "100 sub-issues" in error.data["message"]


def test_dependencies_go_by_id(github: FakeGitHub, repo: Repository) -> None:
    one, two, three_ = three(repo)
    three_.add_blocked_by(one)
    three_.add_blocked_by(two)
    issue_of(422, lambda: three_.add_blocked_by(two))
    issue_of(422, lambda: one.add_blocked_by(three_))
    pull = repo.get_issue(github.people.create_pull_request("Four").number)
    issue_of(422, lambda: one.add_blocked_by(pull))
    path = f"{one.url}/dependencies/blocked_by"
    by_number = {"issue_id": two.number}
    issue_of(404, lambda: repo.requester.requestJsonAndCheck("POST", path, input=by_number))
    github.people.close(1)
    assert [blocker.number for blocker in three_.get_blocked_by()] == [1, 2]
    assert [blocked.number for blocked in one.get_blocking()] == [3]
    summary = repo.get_issue(3).raw_data["issue_dependencies_summary"]
    assert (summary["blocked_by"], summary["total_blocked_by"]) == (1, 2)
    three_.remove_blocked_by(one)
    assert [blocker.number for blocker in three_.get_blocked_by()] == [2]
    issue_of(404, lambda: three_.remove_blocked_by(one))


def test_types_are_set_by_name_where_the_organisation_has_them(
    new_github: Callable[..., FakeGitHub], connect: Connect
) -> None:
    github = new_github(types=("Epic", "Task"))
    client = connect(github)
    requester = client.requester
    for path in (f"/repos/{NAME}/issue-types", "/orgs/acme/issue-types"):
        _, types = requester.requestJsonAndCheck("GET", path)
        assert [kind["name"] for kind in types] == ["Epic", "Task"]
    sent = {"title": "One", "type": "Epic"}
    _, made = requester.requestJsonAndCheck("POST", f"/repos/{NAME}/issues", input=sent)
    assert made["type"]["name"] == "Epic"
    kind = client.get_repo(NAME).get_issue(1).type
    assert kind is not None
    assert kind.name == "Epic"
    github.repo.is_organization = False
    assert raw(client, "GET", f"/repos/{NAME}/issue-types")[0] == 404


def test_an_older_enterprise_server_lacks_the_new(
    new_github: Callable[..., FakeGitHub], connect: Connect
) -> None:
    features = Features(sub_issues=False, dependencies=False, issue_types=False)
    client = connect(new_github(features=features, base_path="/api/v3"), per_page=2)
    repo = client.get_repo(NAME)
    one, two, _ = three(repo)
    assert len(list(repo.get_issues())) == 3
    assert not {"parent_issue_url", "sub_issues_summary", "type"} & set(one.raw_data)
    assert "issue_dependencies_summary" not in one.raw_data
    issue_of(404, lambda: one.add_sub_issue(two))
    issue_of(404, lambda: list(one.get_sub_issues()))
    issue_of(404, lambda: one.add_blocked_by(two))
    assert raw(client, "GET", f"/repos/{NAME}/issue-types")[0] == 404


def test_tokens_are_checked(github: FakeGitHub, connect: Connect) -> None:
    client = connect(github, "wrong")
    with pytest.raises(BadCredentialsException):
        client.get_repo(NAME)
    github.tokens["expired"] = Token("ben", is_expired=True)
    issue_of(401, lambda: connect(github, "expired").get_repo(NAME))
    github.tokens["reader"] = Token("ben", Right.READ)
    repo = connect(github, "reader").get_repo(NAME)
    assert issue_of(403, lambda: repo.create_issue("One")).data["message"].startswith("Resource")
    github.repo.is_private = True
    github.tokens["stranger"] = Token("eve", Right.NONE)
    with pytest.raises(UnknownObjectException):
        connect(github, "stranger").get_repo(NAME)


def test_without_push_rights_much_is_dropped_silently(
    new_github: Callable[..., FakeGitHub], connect: Connect
) -> None:
    github = new_github(types=("Epic",))
    connect(github).get_repo(NAME).create_milestone("Q1")
    github.tokens[TOKEN].right = Right.VISITOR
    repo = connect(github).get_repo(NAME)
    sent = {"title": "x", "labels": ["a"], "milestone": 1, "assignees": ["ana"], "type": "Epic"}
    path = f"/repos/{NAME}/issues"
    _, made = repo.requester.requestJsonAndCheck("POST", path, input=sent)
    assert (made["labels"], made["milestone"], made["assignees"]) == ([], None, [])
    assert made["type"] is None
    github.people.create("Two")
    issue_of(403, lambda: repo.get_issue(2).edit(title="Mine"))
    issue_of(403, lambda: repo.get_issue(1).add_to_labels("a"))
    issue_of(403, lambda: repo.create_label("a", "ededed"))


def test_a_renamed_repository_redirects(github: FakeGitHub, connect: Connect) -> None:
    github.people.create("One", labels=("plan",))
    client = connect(github)
    old = client.get_repo(NAME)
    github.people.rename_repository("risk-model")
    assert client.get_repo(NAME).full_name == "acme/risk-model"
    status, headers, _ = raw(client, "POST", f"/repos/{NAME}/issues", input={"title": "Two"})
    assert (status, headers["location"]) == (
        307,
        f"{github.base_url}/repositories/{github.repo.id}/issues",
    )
    lost = old.create_issue("Two")
    assert lost.number is None, "the client takes the redirection for a success"
    assert len(github.issues) == 1
    github.people.close(1)
    assert list(old.get_issues(state="all")) == [], "it drops the query on the way"


def test_issues_that_went_away(github: FakeGitHub, repo: Repository) -> None:
    three(repo)
    elsewhere = github.world.add_repo("acme/other")
    github.people.create("Four")
    new = github.people.transfer(1, elsewhere)
    assert new.number == 1
    found = repo.get_issue(1)
    assert (found.id, found.repository.full_name) == (new.id, "acme/other")
    github.people.delete(2)
    assert issue_of(410, lambda: repo.get_issue(2)).data["message"] == "This issue was deleted"
    issue_of(404, lambda: repo.get_issue(99))
    elsewhere.is_private, elsewhere.rights[LOGIN] = True, Right.NONE
    issue_of(404, lambda: repo.get_issue(1))


def test_a_repository_can_be_archived_or_have_no_issues(
    github: FakeGitHub, repo: Repository
) -> None:
    github.repo.is_archived = True
    error = issue_of(403, lambda: repo.create_issue("One"))
    assert "archived" in error.data["message"]
    assert list(repo.get_issues()) == []
    github.repo.is_archived, github.repo.has_issues = False, False
    issue_of(410, lambda: repo.create_issue("One"))
    issue_of(410, lambda: list(repo.get_issues()))


def test_the_limit_can_be_used_up(github: FakeGitHub, connect: Connect) -> None:
    client = connect(github)
    github.limits.use_up(seconds=0.9)
    with pytest.raises(RateLimitExceededException) as caught:
        client.get_repo(NAME)
    headers = caught.value.headers or {}
    assert headers["x-ratelimit-remaining"] == "0"
    assert int(headers["x-ratelimit-reset"]) == github.limits.reset
    assert client.get_rate_limit().resources.core.remaining == 0
    github.limits.reset = 0
    assert client.get_repo(NAME).full_name == NAME


@pytest.mark.parametrize("wait", [0, None])
def test_creating_too_fast_is_refused(
    github: FakeGitHub, connect: Connect, wait: int | None
) -> None:
    github.limits.burst, github.limits.retry_after = 2, wait
    retry = GithubRetry(total=2, read=0, other=0, status_forcelist=[429], secondary_rate_wait=0)
    repo = connect(github, retry=retry).get_repo(NAME)
    assert [repo.create_issue(f"Issue {n}").number for n in range(5)] == [1, 2, 3, 4, 5]
    assert github.calls["POST /repos/{owner}/{repo}/issues"] == 7


def test_search_does_not_see_the_newest(github: FakeGitHub, connect: Connect) -> None:
    client = connect(github)
    github.people.create("One", labels=("plan",))
    query = f"repo:{NAME} label:plan is:issue"
    assert client.search_issues(query).totalCount == 1
    github.world.search_lag_seconds = 30
    assert client.search_issues(query).totalCount == 0


def test_people_are_told_from_the_token(github: FakeGitHub, repo: Repository) -> None:
    people = github.people
    mine, theirs = repo.create_issue("Mine", labels=["plan"]), people.create("Theirs")
    people.edit(1, title="Ours", body="Hand-made")
    people.add_label(1, "urgent")
    people.remove_label(1, "plan")
    people.start(1)
    people.move(1, theirs.number)
    people.block(1, 2)
    people.block(1, 2, undo=True)
    people.move(1, None)
    people.close(1, "duplicate")
    people.reopen(1)
    people.comment(1, "Hm.")
    people.delete_label("urgent")
    found = repo.get_issue(mine.number)
    assert (found.title, found.body, found.comments) == ("Ours", "Hand-made", 1)
    assert [user.login for user in found.assignees] == ["ana"]
    assert found.labels == []
    assert {change.number for change in github.changes()} == {1}
    assert len(github.changes()) == 1
    assert {change.number for change in github.changes("ana")} == {1, 2}


def test_nothing_but_the_loopback_can_be_reached(github: FakeGitHub) -> None:
    socket.create_connection(("127.0.0.1", github.server.port), timeout=1).close()
    with pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_requests_outside_the_description_have_to_be_allowed(
    github: FakeGitHub, connect: Connect
) -> None:
    assert raw(connect(github), "GET", "/meta")[0] == 404
    assert bool(github.violations()) == DESCRIPTION.exists()
    github.allowed.add("GET /meta")
    assert github.violations() == []


def test_the_description_catches_what_does_not_fit() -> None:
    if not DESCRIPTION.exists():
        pytest.skip("GitHub's description is not here")

    def fault(method: str, template: str, sent: bytes, status: int, returned: object) -> str:
        path = template.format(owner="o", repo="r", issue_number=1)
        request = Request(method, path, {}, {}, sent)
        exchange = Exchange(request, path, template, data(status, returned))
        return " | ".join(violations([exchange], "http://127.0.0.1:1"))

    issues, refused = "/repos/{owner}/{repo}/issues", {"message": "x", "documentation_url": "x"}
    assert "title: [] is not valid" in fault("POST", issues, b'{"title":[]}', 403, refused)
    assert "unknown property typ" in fault("POST", issues, b'{"title":"a","typ":1}', 403, refused)
    assert "'number' is a required" in fault("POST", issues, b'{"title":"a"}', 201, {"id": 1})
    assert "418 is not in" in fault("POST", issues, b'{"title":"a"}', 418, refused)
    assert "not in the description" in fault("GET", "/meta", b"", 200, {})
    assert fault("POST", issues, b'{"title":"a"}', 429, refused) == ""
