"""Whatever goes wrong at whichever write: after one more run everything is there exactly once."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from builders import NOW, document, item, mode
from contract.places import PLAN, GitHubPlace, epic, ticket
from fakes.faults import Fault, Kind
from fakes.github import LOGIN, TOKEN, FakeGitHub
from maturity_planner.cli import main
from maturity_planner.core.changes import compute_changes
from maturity_planner.core.tickets import Ticket
from maturity_planner.documents import dump_yaml
from maturity_planner.sync import apply
from maturity_planner.trackers import calling, patience
from maturity_planner.trackers.github import GitHubTracker
from maturity_planner.trackers.patience import Patience

SECTIONS = ("data", "model", "infra", "monitor")
LINKS = {2: (0,), 3: (0, 1), 5: (2,), 6: (3,), 7: (3,), 9: (5, 6), 11: (9, 10)}
SLOW = (Kind.HELD, Kind.LATE_AFTER)
QUICK = [kind for kind in Kind if not kind.kills and kind not in SLOW]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def wanted() -> list[Ticket]:
    """12 tickets in 4 epics with 10 links."""
    tickets = [
        ticket(
            f"t{n}",
            epic=SECTIONS[n % 4],
            needs=tuple(f"t{m}" for m in LINKS.get(n, ())),
            rank=n + 5,
        )
        for n in range(12)
    ]
    assert sum(len(one.needs) for one in tickets) == 10
    return [*map(epic, SECTIONS), *tickets]


def changed() -> list[Ticket]:
    """The same plan later: two tickets left it, one came, texts and links are others."""
    tickets = [one for one in wanted() if not re.search(r"\.t(10|11)\.", one.uid)]
    tickets[4] = ticket("t0", epic="model", labels=("maturity", "new"), rank=5)
    tickets[5] = ticket("t1", epic="model", body="New.", needs=("t0",), rank=6)
    return [*tickets, ticket("t12", epic="infra", needs=("t1", "t2"), rank=17)]


def run(tracker: GitHubTracker, plan: list[Ticket]) -> list[str]:
    """Sync, and return what went wrong."""
    changes = compute_changes(plan, tracker.read(PLAN))
    return [step.error for step in apply(tracker, PLAN, changes, NOW) if step.error]


def uids(github: FakeGitHub) -> Counter[str]:
    found = (re.findall(r"<!-- mp:begin v1 uid=(\S+)", i.body or "") for i in github.issues)
    return Counter(itertools.chain.from_iterable(found))


def check(github: FakeGitHub, plan: list[Ticket], foreign: set[int]) -> None:
    """Everything is there once, hangs together, and nothing of others was touched."""
    mine = {one.uid: one for one in plan}
    counted = uids(github)
    assert {uid: counted[uid] for uid in mine} == dict.fromkeys(mine, 1)
    assert set(counted.values()) == {1}
    for issue in github.issues:
        (uid,) = re.findall(r"<!-- mp:begin v1 uid=(\S+)", issue.body or "") or [None]
        if uid not in mine:
            continue
        parent = issue.parent and re.findall(r"uid=(\S+)", issue.parent.body or "")[0]
        blockers = [re.findall(r"uid=(\S+)", i.body or "")[0] for i in issue.blocked_by]
        assert (uid, parent, sorted(blockers)) == (uid, mine[uid].epic, sorted(mine[uid].needs))
        comments = [re.sub(r"<!--.*", "", comment.body) for comment in issue.comments]
        assert len(comments) == len(set(comments))
    assert foreign.isdisjoint(change.number for change in github.changes(LOGIN))
    assert github.violations() == []


def strangers(github: FakeGitHub) -> set[int]:
    return {github.people.create(f"Theirs {n}", "Text").number for n in range(3)}


def writes_of(plans: list[list[Ticket]], folder: Path) -> int:
    """How many writes the last of the plans takes after the others."""
    with FakeGitHub() as github:
        place = GitHubPlace(folder, github)
        for plan in plans:
            github.server.forget()
            assert run(place.tracker(), plan) == []
        return len(github.server.writes)


def survive(
    kind: Kind, nth: int, plans: list[list[Ticket]], folder: Path, waits: Patience | None = None
) -> bool:
    """Let a fault strike at the nth write of the last plan; return whether it did."""
    with FakeGitHub() as github:
        place, foreign = GitHubPlace(folder, github), strangers(github)
        for plan in plans[:-1]:
            assert run(place.tracker(), plan) == []
        fault = github.fail(Fault(kind, nth=nth, seconds=1.5 if waits else 1))
        tracker = place.tracker()
        if waits:
            tracker = GitHubTracker(_settings(github), folder, "x", waits)
        run(tracker, plans[-1])
        github.server.faults.clear()
        assert run(place.tracker(), plans[-1]) == []
        check(github, plans[-1], foreign)
        assert compute_changes(plans[-1], place.tracker().read(PLAN)).pending == ()
        return bool(fault.fired)


def _settings(github: FakeGitHub) -> dict[str, str]:
    return {
        "repository": github.repo.full_name,
        "base_url": github.base_url,
        "token_command": f"echo {TOKEN}",
    }


PLANS = {"new": [wanted()], "changed": [wanted(), changed()]}


@pytest.mark.parametrize("kind", QUICK)
@pytest.mark.parametrize("name", PLANS)
def test_faults_at_some_writes(tmp_path: Path, kind: Kind, name: str) -> None:
    count = writes_of(PLANS[name], tmp_path)
    for nth in (1, count // 3, count * 2 // 3, count):
        assert survive(kind, nth, PLANS[name], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", QUICK)
@pytest.mark.parametrize("name", PLANS)
def test_faults_at_every_write(
    tmp_path: Path, kind: Kind, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    count = writes_of(PLANS[name], tmp_path)
    struck = [survive(kind, nth, PLANS[name], tmp_path) for nth in range(1, count + 1)]
    tell(capsys, f"{kind}, {name} plan", struck)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SLOW)
def test_answers_that_come_too_late(
    tmp_path: Path,
    kind: Kind,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(calling, "SECONDS", 1)
    waits = Patience(between_writes=0, in_doubt=1, first_retry=0, sleep=time.sleep)
    count = writes_of(PLANS["new"], tmp_path)
    some = range(1, count + 1, 4)
    tell(capsys, f"{kind}", [survive(kind, nth, PLANS["new"], tmp_path, waits) for nth in some])


def tell(capsys: pytest.CaptureFixture[str], what: str, struck: list[bool]) -> None:
    with capsys.disabled():
        print(f"\n{what}: {sum(struck)} faults survived of {len(struck)}", end="")  # noqa: T201
    assert all(struck)


# The real command, killed ---------------------------------------------------------------

# The command as it is, but for the pauses between its requests.
COMMAND = """
import runpy
from maturity_planner.trackers import patience
patience.BETWEEN_WRITES = patience.FIRST_RETRY = 0
patience.IN_DOUBT = 0.2
runpy.run_module("maturity_planner", run_name="__main__", alter_sys=True)
"""


class Command:
    """The real command in a project of its own, against a fake."""

    def __init__(self, folder: Path, github: FakeGitHub) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        sections = {name: [item(f"{name}-{n}") for n in range(3)] for name in SECTIONS}
        for name in SECTIONS[1:]:
            before = SECTIONS[SECTIONS.index(name) - 1]
            for n, one in enumerate(sections[name]):
                more = ["model-0@automated"] if one["id"] == "model-2" else []
                needs = [f"{before}-{n}@automated", *more]
                one["modes"] = {"manual": mode(1), "automated": mode(3, needs=needs)}
        (folder / "rubrics").mkdir()
        (folder / "rubrics/tiny.yaml").write_text(dump_yaml(document(sections)))
        (folder / "maturity.toml").write_text(
            f'[tracker]\nkind = "github"\n[tracker.github]\n'
            f'repository = "{github.repo.full_name}"\nbase_url = "{github.base_url}"\n'
        )
        (folder / "assessment.yaml").write_text(
            "schema: maturity-planner/assessment/v1\nsystem: tiny-system\nrubric: tiny\n"
            "date: 2026-11-01\nanswers: {}\n"
        )
        assert self.again("plan", "--target", "3") == 0

    def again(self, *arguments: str) -> int:
        """Run the command in this process, which takes a fraction of the time."""
        said = io.StringIO()
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            return main.run(list(arguments))

    def run(self, *arguments: str) -> int:
        """Run the command in a process of its own, which can be killed."""
        mine = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**mine, "GITHUB_TOKEN": TOKEN, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        return self.process.wait(60)

    def pid(self) -> int:
        assert self.process
        return self.process.pid


def killed(folder: Path, kind: Kind, nth: int) -> int:
    """Kill the command at its nth write, run it again, and return how many writes it made."""
    with FakeGitHub() as github:
        foreign = strangers(github)
        command = Command(folder, github)
        github.fail(Fault(kind, nth=nth, victim=command.pid))
        assert command.run("sync", "--yes") == (-signal.SIGKILL if nth else 0)
        github.server.faults.clear()
        assert command.again("sync", "--yes") == 0
        before = len(github.server.writes)
        assert command.again("sync", "--yes") == 0
        assert len(github.server.writes) == before
        counted = uids(github)
        assert set(counted.values()) == {1}
        assert len(counted) == 16
        assert sum(len(issue.blocked_by) for issue in github.issues) == 10
        assert sum(len(issue.children) for issue in github.issues) == 12
        assert foreign.isdisjoint(change.number for change in github.changes(LOGIN))
        assert github.violations() == []
        return before


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process do not pause between requests either."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setattr(patience, "BETWEEN_WRITES", 0)
    monkeypatch.setattr(patience, "FIRST_RETRY", 0)
    monkeypatch.setattr(patience, "IN_DOUBT", 0.2)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", [Kind.KILL_BEFORE, Kind.KILL_AFTER])
def test_the_command_is_killed_at_a_write(tmp_path: Path, kind: Kind) -> None:
    killed(tmp_path, kind, 20)


@pytest.mark.slow
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", [Kind.KILL_BEFORE, Kind.KILL_AFTER])
def test_the_command_is_killed_at_every_write(
    tmp_path: Path, kind: Kind, capsys: pytest.CaptureFixture[str]
) -> None:
    def folder(n: int) -> Path:
        (tmp_path / str(n)).mkdir()
        return tmp_path / str(n)

    count = killed(folder(0), kind, 0)
    tell(capsys, kind, [bool(killed(folder(n), kind, n)) for n in range(1, count + 1)])
