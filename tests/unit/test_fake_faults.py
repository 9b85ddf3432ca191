"""Faults on purpose: what the real client sees of them, and what has been done nevertheless."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests
from github import Auth, Github, GithubException

from fakes.faults import Fault, Kind
from fakes.github import TOKEN, FakeGitHub

NAME = "acme/fraud-model"
CLIENT = """
import sys
from github import Auth, Github
client = Github(auth=Auth.Token(sys.argv[2]), base_url=sys.argv[1], retry=None, timeout=3,
                lazy=True, seconds_between_requests=0, seconds_between_writes=0)
for number in range(3):
    client.get_repo("acme/fraud-model").create_issue(f"Issue {number}")
"""


@pytest.fixture
def client(github: FakeGitHub) -> Iterator[Github]:
    made = Github(
        auth=Auth.Token(TOKEN),
        base_url=github.base_url,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
        timeout=1,
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("kind", "error", "created"),
    [
        (Kind.DROP_BEFORE, requests.ConnectionError, 2),
        (Kind.DROP_AFTER, requests.ConnectionError, 3),
        (Kind.LATE_AFTER, requests.ReadTimeout, 3),
        (Kind.ERROR_BEFORE, GithubException, 2),
        (Kind.BAD_GATEWAY_AFTER, GithubException, 3),
        (Kind.GARBAGE_AFTER, ValueError, 3),
        (Kind.TRUNCATED_AFTER, requests.exceptions.ChunkedEncodingError, 3),
        (Kind.SECONDARY, GithubException, 2),
        (Kind.SECONDARY_SILENT, GithubException, 2),
        (Kind.TOO_MANY, GithubException, 2),
    ],
)
def test_the_second_write_fails(
    github: FakeGitHub, client: Github, kind: Kind, error: type[Exception], created: int
) -> None:
    fault = github.fail(Fault(kind, 2, seconds=1.2))
    repo = client.get_repo(NAME)
    repo.create_issue("Issue 0")
    with pytest.raises(error):
        repo.create_issue("Issue 1")
    repo.create_issue("Issue 2")
    assert fault.fired == 1
    assert len(github.issues) == created
    assert len(github.server.writes) == 3
    assert [exchange.fault for exchange in github.server.writes] == ["", kind, ""]
    assert github.calls["POST /repos/{owner}/{repo}/issues"] == 3


def test_a_page_of_somebody_else_looks_like_success(github: FakeGitHub, client: Github) -> None:
    github.fail(Fault(Kind.PAGE_AFTER))
    assert client.get_repo(NAME).create_issue("Issue 0").number is None
    assert len(github.issues) == 1


def test_a_request_is_processed_when_the_client_has_given_up(
    github: FakeGitHub, client: Github
) -> None:
    github.fail(Fault(Kind.HELD, seconds=5))
    repo = client.get_repo(NAME)
    with pytest.raises(requests.ReadTimeout):
        repo.create_issue("Issue 0")
    repo.create_issue("Issue 1")
    assert [issue.title for issue in github.issues] == ["Issue 1"]
    end = time.monotonic() + 30
    while len(github.issues) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert [issue.title for issue in github.issues] == ["Issue 1", "Issue 0"]


def test_a_fault_at_the_requests_that_match(github: FakeGitHub, client: Github) -> None:
    github.fail(Fault(Kind.ERROR_BEFORE, times=2, matches=lambda request: request.method == "GET"))
    for _ in range(2):
        with pytest.raises(GithubException):
            client.get_repo(NAME)
    assert client.get_repo(NAME).full_name == NAME
    github.server.faults.clear()
    assert github.server.faults.strike(github.exchanges[0].request) is None


@pytest.mark.parametrize(("kind", "created"), [(Kind.KILL_BEFORE, 1), (Kind.KILL_AFTER, 2)])
def test_the_client_is_killed_at_its_second_write(
    github: FakeGitHub, kind: Kind, created: int
) -> None:
    fault = github.fail(Fault(kind, 2))
    command = [sys.executable, "-c", CLIENT, github.base_url, TOKEN]
    with subprocess.Popen(command) as process:
        fault.victim = lambda: process.pid
        assert process.wait(timeout=20) == -9
    assert len(github.issues) == created
