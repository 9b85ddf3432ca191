"""The real client against the foreign server: what our own fake is measured by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from github import Auth, Github, UnknownObjectException

from contract.emulate import OTHER, REPOSITORY, TOKEN, emulated

pytestmark = [pytest.mark.foreign, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Github]:
    with emulated(tmp_path) as url:
        made = Github(
            auth=Auth.Token(TOKEN),
            base_url=url,
            retry=None,
            timeout=10,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        yield made
        made.close()


def test_issues_are_created_listed_and_closed(client: Github) -> None:
    client.get_repo(OTHER).create_issue("Elsewhere")
    repo = client.get_repo(REPOSITORY)
    due = repo.create_milestone("2027-Q1")
    for number in range(35):
        repo.create_issue(f"Issue {number}", "Text", labels=["plan"], milestone=due)
    assert (repo.get_issue(1).id, repo.get_issue(1).number) == (2, 1)
    repo.get_issue(2).edit(state="closed", state_reason="not_planned")
    repo.get_issue(3).add_to_labels("data")
    found = {issue.number: issue for issue in repo.get_issues(state="all", labels=["plan"])}
    assert sorted(found) == list(range(1, 36))
    assert (found[2].state, found[2].state_reason) == ("closed", "not_planned")
    assert [label.name for label in found[3].labels] == ["plan", "data"]
    assert len(list(repo.get_issues())) == 34
    with pytest.raises(UnknownObjectException):
        list(found[1].get_sub_issues())
