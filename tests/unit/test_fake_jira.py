"""Our fakes of Jira tell the truth: spoken to with the real client, held against Atlassian's own
descriptions of Cloud and Data Center."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jira import JIRA, JIRAError

from fakes.jira import EMAIL, LOGIN, TOKEN, FakeJira

Start = Callable[..., FakeJira]
FLAVOURS = ("cloud", "dc")


def connect(fake: FakeJira, token: str = TOKEN, email: str = EMAIL) -> JIRA:
    """Return a client that does not try again."""
    auth: dict[str, Any] = (
        {"basic_auth": (email, token)} if fake.is_cloud else {"token_auth": token}
    )
    return JIRA(fake.base_url, max_retries=0, timeout=(3, 3), **auth)


@pytest.fixture(params=FLAVOURS)
def jira(request: pytest.FixtureRequest, new_jira: Start) -> FakeJira:
    return new_jira(request.param)


@pytest.fixture
def client(jira: FakeJira) -> Iterator[JIRA]:
    made = connect(jira)
    yield made
    made.close()


@pytest.fixture
def cloud(new_jira: Start) -> FakeJira:
    return new_jira("cloud")


@pytest.fixture
def dc(new_jira: Start) -> FakeJira:
    return new_jira("dc")


def raw(client: JIRA, method: str, path: str, sent: object = None, **query: Any) -> Any:
    """Return the content of an answer to a request that the client has no good call for."""
    url = f"{client.server_url}/rest/{path if path.startswith('agile') else 'api/2/' + path}"
    body = None if sent is None else json.dumps(sent)
    answer = client._session.request(method, url, data=body, params=query)
    return answer.json() if answer.content else None


def wrong(status: int, call: Callable[[], object]) -> dict[str, Any]:
    """Return the content of the error with which the call is refused."""
    with pytest.raises(JIRAError) as caught:
        call()
    assert caught.value.status_code == status
    content: dict[str, Any] = caught.value.response.json()
    return content


def fields(fake: FakeJira, **more: Any) -> dict[str, Any]:
    """Return the fields of a task."""
    of = {"project": {"key": fake.project.key}, "issuetype": {"name": "Task"}, "summary": "One"}
    return of | more


def test_it_tells_its_flavour_and_what_the_token_may_do(jira: FakeJira, client: JIRA) -> None:
    assert client._is_cloud == jira.is_cloud
    myself = client.myself()
    assert (myself["emailAddress"], "accountId" in myself) == (EMAIL, jira.is_cloud)
    asked = {"permissions": "CREATE_ISSUES,LINK_ISSUES"} if jira.is_cloud else {}
    jira.tokens[TOKEN].permissions.remove("LINK_ISSUES")
    found = raw(client, "GET", "mypermissions", projectKey="FRAUD", **asked)["permissions"]
    assert found["CREATE_ISSUES"]["havePermission"]
    assert not found["LINK_ISSUES"]["havePermission"]
    project = client.project("FRAUD")
    assert [kind.name for kind in project.issueTypes][:2] == ["Bug", "Epic"]
    levels = [getattr(kind, "hierarchyLevel", None) for kind in project.issueTypes]
    assert levels == ([0, 1, 0, 0, -1] if jira.is_cloud else [None] * 5)
    wrong(404, lambda: client.project("NONE"))


def test_an_issue_is_created_with_everything(jira: FakeJira, client: JIRA) -> None:
    scheme = jira.world.scheme
    client.create_version("2027-Q1", "FRAUD", releaseDate="2027-03-31")
    raw(client, "POST", "component", {"name": "model", "project": "FRAUD"})
    board = raw(client, "GET", "agile/1.0/board", projectKeyOrId="FRAUD")["values"][0]
    sprint = raw(client, "POST", "agile/1.0/sprint", {"name": "S1", "originBoardId": board["id"]})
    sent = fields(
        jira,
        description="h1. Text",
        labels=["mp-1"],
        priority={"name": "High"},
        components=[{"name": "model"}],
        fixVersions=[{"name": "2027-Q1"}],
        duedate="2027-03-01",
        timetracking={"originalEstimate": "1w 2d"},
    ) | {scheme.points.id: 5, scheme.sprint.id: sprint["id"]}
    made = raw(client, "POST", "issue", {"fields": sent, "properties": [{"key": "mp", "value": 1}]})
    found = client.issue(made["key"]).fields
    assert (found.summary, found.description, found.labels) == ("One", "h1. Text", ["mp-1"])
    assert (found.priority.name, found.components[0].name) == ("High", "model")
    assert (found.fixVersions[0].name, found.duedate) == ("2027-Q1", "2027-03-01")
    assert found.timetracking.originalEstimateSeconds == 7 * 28_800
    assert (found.status.statusCategory.key, found.resolution) == ("new", None)
    assert getattr(found, scheme.points.id) == 5
    shown = getattr(found, scheme.sprint.id)[0]
    assert (shown.name if jira.is_cloud else "name=S1" in shown) in ("S1", True)
    assert raw(client, "GET", f"issue/{made['key']}/properties/mp")["value"] == 1
    assert [change.what for change in jira.changes()] == ["create"]
