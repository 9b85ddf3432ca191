"""What every test starts from: an own cache, a fixed clock, no settings of whoever runs it.

The network is off; tests that take a fake service may speak to the loopback.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from fakes import DESCRIPTION
from fakes.github import FakeGitHub
from fakes.jira import FakeJira


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the real home, clock and terminal settings out of the tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795166400")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("GH_CONFIG_DIR", str(tmp_path_factory.mktemp("gh")))
    tokens = ("GITHUB_TOKEN", "GH_TOKEN", "JIRA_TOKEN", "JIRA_API_TOKEN")
    own = ("MATURITY_PLANNER_SERVER", "MATURITY_PLANNER_TOKEN_COMMAND")
    permits = ("GITHUB_API_URL", "GH_HOST", *own)
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", *tokens, *permits):
        monkeypatch.delenv(name, raising=False)


def pytest_configure() -> None:
    """Let Ctrl-C be one again: what a shell starts in the background ignores it from birth."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that take a fake service connect to 127.0.0.1 and nowhere else."""
    for item in items:
        if {"new_github", "new_jira"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so when the fakes were not held against the official description."""
    if not DESCRIPTION.exists():
        terminalreporter.write_line(f"NOTE: exchanges not validated, {DESCRIPTION} is missing")


@pytest.fixture
def new_github() -> Iterator[Callable[..., FakeGitHub]]:
    """Starts fakes of GitHub; every exchange with them has to fit GitHub's own description."""
    fakes: list[FakeGitHub] = []
    with ExitStack() as stack:

        def start(**options: Any) -> FakeGitHub:
            fakes.append(stack.enter_context(FakeGitHub(**options)))
            return fakes[-1]

        yield start
    assert [wrong for fake in fakes for wrong in fake.violations()] == []


@pytest.fixture
def github(new_github: Callable[..., FakeGitHub]) -> FakeGitHub:
    """A fake of GitHub with one empty repository, acme/fraud-model."""
    return new_github()


@pytest.fixture
def new_jira() -> Iterator[Callable[..., FakeJira]]:
    """Starts fakes of Jira, "cloud" or "dc"; exchanges have to fit Atlassian's descriptions."""
    fakes: list[FakeJira] = []
    with ExitStack() as stack:

        def start(flavour: str = "cloud", **options: Any) -> FakeJira:
            fakes.append(stack.enter_context(FakeJira(flavour, **options)))
            return fakes[-1]

        yield start
    assert [wrong for fake in fakes for wrong in fake.violations()] == []


@pytest.fixture
def cloud(new_jira: Callable[..., FakeJira]) -> FakeJira:
    """A fake of Jira Cloud with one empty project, FRAUD."""
    return new_jira("cloud")


@pytest.fixture
def dc(new_jira: Callable[..., FakeJira]) -> FakeJira:
    """A fake of a Jira Data Center with one empty project, FRAUD."""
    return new_jira("dc")


@pytest.fixture(params=["cloud", "dc"])
def jira(request: pytest.FixtureRequest, new_jira: Callable[..., FakeJira]) -> FakeJira:
    """A fake of Jira, of one flavour after the other."""
    return new_jira(request.param)
