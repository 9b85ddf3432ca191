"""The real client sees the same of the foreign server and of our own fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from github import Auth, Github, GithubException, UnknownObjectException

from contract.emulate import OTHER, REPOSITORY, TOKEN, emulated
from contract.patience import hasty
from contract.places import PLAN, epic, present, sync, ticket
from fakes.github import FakeGitHub
from fakes.world import Token
from maturity_planner.core.tickets import State
from maturity_planner.trackers.github import GitHubTracker

pytestmark = pytest.mark.foreign


@pytest.fixture
def connect() -> Iterator[Callable[[str], Github]]:
    with ExitStack() as stack:

        def make(url: str) -> Github:
            client = Github(
                auth=Auth.Token(TOKEN),
                base_url=url,
                retry=None,
                timeout=10,
                seconds_between_requests=0,
                seconds_between_writes=0,
            )
            stack.callback(client.close)
            return client

        yield make


def story(client: Github) -> list[object]:
    """Create, list, change and close issues; return what a client sees of it."""
    client.get_repo(OTHER).create_issue("Elsewhere")
    repo = client.get_repo(REPOSITORY)
    due = repo.create_milestone("2027-Q1")
    for number in range(35):
        repo.create_issue(f"Issue {number}", "Text", labels=["plan"], milestone=due)
    repo.get_issue(2).edit(state="closed", state_reason="not_planned")
    repo.get_issue(3).edit(title="Other", body="Words")
    repo.get_issue(3).add_to_labels("data")
    repo.get_issue(4).remove_from_labels("plan")
    with pytest.raises(GithubException) as caught:
        repo.get_issue(4).remove_from_labels("plan")
    assert caught.value.status == 404
    repo.get_issue(5).create_comment("Why.")
    seen: list[object] = [
        (
            issue.number,
            issue.number == issue.id,
            issue.title,
            issue.body,
            issue.state,
            issue.state_reason,
            [label.name for label in issue.labels],
            issue.milestone.title if issue.milestone else None,
            issue.comments,
        )
        for issue in repo.get_issues(state="all", sort="created", direction="asc")
    ]
    seen.append([issue.number for issue in repo.get_issues(labels=["plan", "data"])])
    seen.append(len(list(repo.get_issues())))
    seen.append([label.name for label in repo.get_labels() if label.name in ("plan", "data")])
    seen.append((repo.permissions.push, repo.has_issues, repo.archived, repo.full_name))
    return seen


def test_our_fake_answers_as_the_foreign_server_does(
    tmp_path: Path,
    new_github: Callable[..., FakeGitHub],
    connect: Callable[[str], Github],
) -> None:
    ours = new_github()
    ours.world.add_repo(OTHER)
    ours.tokens[TOKEN] = Token("acme")
    with emulated(tmp_path) as url:
        theirs = story(connect(url))
    assert story(connect(ours.base_url)) == theirs


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_it_lacks_sub_issues(tmp_path: Path, connect: Callable[[str], Github]) -> None:
    with emulated(tmp_path) as url:
        issue = connect(url).get_repo(REPOSITORY).create_issue("One")
        with pytest.raises(UnknownObjectException):
            issue.get_sub_issues().totalCount  # noqa: B018 - it asks


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_same_sync_against_a_server_that_nobody_here_wrote(tmp_path: Path) -> None:
    with emulated(tmp_path) as url:
        # Its ids begin with its numbers; one issue elsewhere keeps them apart.
        settings = {"base_url": url, "token_command": f"echo {TOKEN}"}

        def tracker(name: str = REPOSITORY) -> GitHubTracker:
            return GitHubTracker({**settings, "repository": name}, tmp_path, "x", hasty())

        sync(tracker(OTHER), [epic("other")])
        sections = ("data", "model")
        wanted = [
            *map(epic, sections),
            *(ticket(f"t{n}", epic=sections[n % 2], rank=n) for n in range(108)),
        ]
        wanted[-1] = ticket("last", needs=("t0", "t1"), epic="data", rank=200)
        sync(tracker(), wanted)
        assert sync(tracker(), wanted).changes == ()
        found = present(tracker())
        assert len(found) == 110
        assert len(found[wanted[-1].uid].fields["needs"]) == 2
        changes = sync(tracker(), [*wanted[:-2], ticket("new", body="New.", rank=201)])
        assert changes.counts["close"] == 2
        assert sync(tracker(), wanted).counts["reopen"] == 2
        assert {one.state for one in tracker().read(PLAN)} == {State.OPEN, State.NOT_DONE}
