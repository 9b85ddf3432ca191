"""Our fake of GitHub's projects takes what GitHub's GraphQL takes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from github import Auth, Github

from fakes.github import TOKEN, FakeGitHub
from fakes.shapes import node

HEAD = 'repositoryOwner(login: "ACME") { ... on ProjectV2Owner { projectV2(number: 7) {'


@pytest.fixture
def ask(github: FakeGitHub) -> Callable[..., dict[str, Any]]:
    """Sends a query and returns the whole answer."""
    github.add_project().add_field("Start date")
    client = Github(auth=Auth.Token(TOKEN), base_url=github.base_url, retry=None)

    def send(query: str, **variables: Any) -> dict[str, Any]:
        requester = client.requester
        content = {"query": query, "variables": variables}
        url = requester.graphql_url
        answer: dict[str, Any] = requester.requestJsonAndCheck("POST", url, input=content)[1]
        return answer

    return send


def query(part: str, variables: str = "") -> str:
    """Return a query for a part of the project."""
    return f"query {variables} {{ {HEAD} {part} }} }} }} }}"


def kind_of(answer: dict[str, Any]) -> str:
    error = answer["errors"][0]
    return str(error.get("type") or error["extensions"]["code"])


@pytest.mark.parametrize(
    "part",
    [
        "id name",
        "items(first: 5) { nodes { values { nodes { id } } } }",
        "fields(first: 5, named: true) { nodes { __typename } }",
        "fields(first: 5) { nodes { id } }",
        "items(first: $after) { totalCount }",
    ],
)
def test_what_github_does_not_know_is_an_error(
    ask: Callable[..., dict[str, Any]], part: str
) -> None:
    assert ask(query("id items(first: 5) { totalCount }"))["data"]
    assert kind_of(ask(query(part))) == "undefinedField"


def test_pages_have_a_hundred_items_at_most(
    github: FakeGitHub, ask: Callable[..., dict[str, Any]]
) -> None:
    for _ in range(3):
        github.world.projects[0].add()
    items = "items(first: 2, after: $after) { totalCount nodes { id } pageInfo { endCursor } }"
    found = ask(query(items, "($after: String)"), after="2")["data"]["repositoryOwner"][
        "projectV2"
    ]["items"]
    assert (found["totalCount"], len(found["nodes"]), found["pageInfo"]["endCursor"]) == (3, 1, "3")
    for first in ("(first: 101)", "(first: 0)", ""):
        answer = ask(query(f"items{first} {{ totalCount }}"))
        assert kind_of(answer) == "EXCESSIVE_PAGINATION"


def test_values_have_to_fit_their_fields(
    github: FakeGitHub, ask: Callable[..., dict[str, Any]]
) -> None:
    project, issue = github.world.projects[0], github.people.create("One")
    add = "mutation($input: AddProjectV2ItemByIdInput!) { addProjectV2ItemById(input: $input)"
    sent = {"projectId": project.id, "contentId": node("I", issue.id)}
    items = [ask(f"{add} {{ item {{ id }} }} }}", input=sent)["data"] for _ in range(2)]
    assert items[0] == items[1]
    assert len(project.items) == 1
    kind = "UpdateProjectV2ItemFieldValue"
    update = f"mutation($input: {kind}Input!) {{ u{kind[1:]}(input: $input) {{ projectV2Item "
    ids = {"projectId": project.id, "itemId": project.items[0].id}
    for name, value, expected in (
        ("Start date", {"date": "2027-01-04"}, ""),
        ("Start date", {"text": "2027-01-04"}, "UNPROCESSABLE"),
        ("Start date", {"date": "4 January"}, "undefinedField"),
        ("Size", {"date": "2027-01-04"}, "UNPROCESSABLE"),
        ("Size", {"number": 3}, ""),
    ):
        sent = {**ids, "fieldId": project.field(name).id, "value": value}  # type: ignore[dict-item]
        answer = ask(f"{update} {{ id }} }} }}", input=sent)
        assert ("errors" in answer and kind_of(answer)) == (expected or False)
    assert project.dates(issue) == {"Start date": "2027-01-04"}
    make = "mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input)"
    sent = {"projectId": project.id, "name": "START DATE", "dataType": "DATE"}
    assert kind_of(ask(f"{make} {{ clientMutationId }} }}", input=sent)) == "undefinedField"
    made = ask(f"{make} {{ projectV2Field {{ __typename }} }} }}", input=sent)
    assert kind_of(made) == "UNPROCESSABLE"
