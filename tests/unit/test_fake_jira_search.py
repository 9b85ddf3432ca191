"""What can be found in our fakes of Jira, by whom, and how late."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from jira import JIRA

from fakes import DESCRIPTION
from fakes.jira import EMAIL, TOKEN, FakeJira, Token
from fakes.jira_client import connect, fields, raw, searched, wrong


@pytest.fixture
def client(jira: FakeJira) -> Iterator[JIRA]:
    made = connect(jira)
    yield made
    made._session.close()


def test_queries(jira: FakeJira, client: JIRA) -> None:
    people, other = jira.people, jira.add_project("OTHER")
    for number in range(3):
        people.create(f"Issue {number}", labels=("mp-1",) if number else ())
    people.create("Foreign", labels=("mp-1",), project=other)
    jira.world.pass_time(7200)
    people.add_label("FRAUD-1", "late")
    for jql, found in {
        'project = FRAUD AND labels = "mp-1" ORDER BY key': "FRAUD-2 FRAUD-3",
        "project = 'fraud' and labels = mp-1": "FRAUD-3 FRAUD-2",
        f"project = {jira.project.id} ORDER BY updated DESC, key ASC": "FRAUD-1 FRAUD-3 FRAUD-2",
        "key in (FRAUD-3, OTHER-1) ORDER BY created desc": "OTHER-1 FRAUD-3",
        'labels = "mp-1" AND updated >= "-1h"': "",
        "project = FRAUD AND updated >= '2026-11-20 10:00'": "FRAUD-1",
        'project = FRAUD AND updated >= "2026/11/20" ORDER BY key': "FRAUD-1 FRAUD-2 FRAUD-3",
    }.items():
        assert " ".join(searched(client, jql)) == found, jql


@pytest.mark.parametrize(
    "jql",
    [
        "project = NONE",
        "key in (FRAUD-1, FRAUD-9)",
        'project = FRAUD AND updated >= "yesterday"',
        "project = FRAUD AND status = Done",
        "project = FRAUD OR labels = x",
        "project = FRAUD AND issue.property[mp].uid = x",
        'labels ~ "x"',
        "project = FRAUD ORDER BY rank",
        "project = FRAUD ORDER key",
        "key in (FRAUD-1 FRAUD-1)",
        "project =",
        "project = FRAUD AND",
    ],
)
def test_other_queries_are_refused(jira: FakeJira, client: JIRA, jql: str) -> None:
    jira.people.create("One")
    assert wrong(400, lambda: searched(client, jql))["errorMessages"]


def test_a_cloud_pages_by_token_and_shows_properties(cloud: FakeJira) -> None:
    client = connect(cloud)
    good = {"fields": fields(cloud), "properties": [{"key": "mp", "value": 7}]}
    for _ in range(5):
        raw(client, "POST", "issue/bulk", {"issueUpdates": [good] * 50})
    jql = "project = FRAUD ORDER BY key"
    first = raw(client, "GET", "search/jql", jql=jql, maxResults=100, properties="mp")
    assert set(first) == {"issues", "isLast", "nextPageToken"}
    assert [set(one) for one in first["issues"]] == [{"id", "properties"}] * 100
    assert first["issues"][0]["properties"] == {"mp": 7}
    asked = {"jql": jql, "fields": ["summary"], "nextPageToken": first["nextPageToken"]}
    second = raw(client, "POST", "search/jql", asked)
    assert second["issues"][0]["key"] == "FRAUD-101"
    assert list(second["issues"][0]["fields"]) == ["summary"]
    wrong(400, lambda: raw(client, "POST", "search/jql", {**asked, "jql": "project = FRAUD"}))
    wrong(400, lambda: raw(client, "POST", "search/jql", {**asked, "nextPageToken": "x"}))
    wrong(400, lambda: raw(client, "GET", "search/jql", jql="ORDER BY key"))
    six = {"jql": jql, "properties": list("abcdef")}
    wrong(400, lambda: raw(client, "POST", "search/jql", six))
    cloud.server.forget()
    assert len(searched(client, jql)) == 250
    assert cloud.calls["GET /rest/api/2/search/jql"] == 3
    found = client.enhanced_search_issues(jql, use_post=True, fields=["labels"], maxResults=1)
    assert len(found) == 1
    assert raw(client, "GET", "issue/FRAUD-1", properties="mp")["properties"] == {"mp": 7}


def test_the_old_search_is_gone_from_a_cloud(cloud: FakeJira) -> None:
    client = connect(cloud)
    for call in (
        lambda: raw(client, "GET", "search", jql="project = FRAUD"),
        lambda: raw(client, "POST", "search", {"jql": "project = FRAUD"}),
    ):
        assert "removed" in wrong(410, call)["errorMessages"][0]


def test_the_index_of_a_cloud_lags(cloud: FakeJira) -> None:
    client, jql = connect(cloud), "project = FRAUD"
    cloud.world.lag_reads = 2
    made = client.create_issue(fields(cloud), prefetch=False)
    assert searched(client, jql) == []
    assert client.issue(made.key).fields.summary == "One"
    assert searched(client, jql, reconcileIssues=[int(made.id)]) == ["FRAUD-1"]
    assert searched(client, jql) == ["FRAUD-1"]
    cloud.world.lag_reads, cloud.world.lag_seconds = 0, 60
    cloud.world.pass_time(60)
    client.create_issue(fields(cloud), prefetch=False)
    assert searched(client, jql) == ["FRAUD-1"]
    cloud.world.pass_time(60)
    assert searched(client, jql) == ["FRAUD-2", "FRAUD-1"]


def test_issues_are_fetched_by_key_in_bulk(cloud: FakeJira) -> None:
    client = connect(cloud)
    cloud.world.lag_seconds = 60
    good = {"fields": fields(cloud), "properties": [{"key": "mp", "value": 7}]}
    raw(client, "POST", "issue/bulk", {"issueUpdates": [good] * 3})
    asked = {"issueIdsOrKeys": ["FRAUD-3", "FRAUD-9", "fraud-1"], "properties": ["mp"]}
    answer = raw(client, "POST", "issue/bulkfetch", {**asked, "fields": ["summary"]})
    assert [one["key"] for one in answer["issues"]] == ["FRAUD-1", "FRAUD-3"]
    assert answer["issues"][0]["properties"] == {"mp": 7}
    assert [one["id"] for one in answer["issueErrors"]] == ["FRAUD-9"]
    many = {"issueIdsOrKeys": [f"FRAUD-{number}" for number in range(101)]}
    wrong(400, lambda: raw(client, "POST", "issue/bulkfetch", many))


def test_a_data_center_counts_pages_and_is_strict(dc: FakeJira) -> None:
    client = connect(dc)
    for number in range(120):
        dc.people.create(f"Issue {number}")
    asked: dict[str, Any] = {"jql": "project = FRAUD", "startAt": 100, "maxResults": 100}
    page = raw(client, "POST", "search", {**asked, "fields": ["labels"]})
    assert (page["total"], page["startAt"], len(page["issues"])) == (120, 100, 20)
    assert list(page["issues"][0]["fields"]) == ["labels"]
    text = wrong(400, lambda: raw(client, "POST", "search", {**asked, "properties": ["mp"]}))
    assert "properties" in text["errorMessages"][0]
    sent = {"fields": fields(dc), "props": []}
    wrong(400, lambda: raw(client, "POST", "issue", sent))
    wrong(404, lambda: raw(client, "POST", "search/jql", {"jql": "project = FRAUD"}))
    wrong(404, lambda: raw(client, "POST", "issue/bulkfetch", {"issueIdsOrKeys": ["FRAUD-1"]}))
    assert "properties" not in raw(client, "GET", "issue/FRAUD-1", properties="mp")
    found = [one for one in dc.violations() if "unknown" in one or "not in" in one]
    assert bool(found) == DESCRIPTION.exists()
    dc.server.forget()


def test_a_cloud_hides_what_you_may_not_see(cloud: FakeJira) -> None:
    cloud.people.create("One")
    cloud.tokens["visitor"] = Token("eve", "eve@example.org", set())
    cloud.tokens["old"] = Token("eve", "eve@example.org", is_expired=True)
    eve = "eve@example.org"
    for token, email in (("wrong", EMAIL), (TOKEN, eve), ("old", eve), ("visitor", eve)):
        client = connect(cloud, token, email)
        wrong(404, partial(client.issue, "FRAUD-1"))
        wrong(404, partial(client.project, "FRAUD"))
        wrong(400, partial(client.create_issue, fields(cloud)))
        wrong(400, partial(searched, client, "project = FRAUD"))
    assert client.myself()["accountId"] == "557058:eve"
    answer = wrong(401, lambda: connect(cloud, "wrong").myself())
    assert "authenticated" in answer["errorMessages"][0]
    text = wrong(404, lambda: connect(cloud, "wrong").issue("FRAUD-1"))["errorMessages"][0]
    assert text == "Issue does not exist or you do not have permission to see it."


def test_a_data_center_sends_wrong_tokens_away(dc: FakeJira) -> None:
    client = connect(dc, "wrong")
    for call in (lambda: client.myself(), lambda: client.issue("FRAUD-1")):
        wrong(401, call)
    dc.tokens["visitor"] = Token("eve", "eve@example.org", set())
    dc.people.create("One")
    visitor = connect(dc, "visitor")
    assert wrong(404, lambda: visitor.issue("FRAUD-1"))["errorMessages"] == ["Issue Does Not Exist"]
