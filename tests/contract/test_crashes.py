"""Whatever goes wrong at whichever write: after one more run everything is there exactly once."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from builders import NOW, document, item, mode
from contract.places import PLAN, epic, ticket
from contract.sites import EVERY, SITES, JiraSite, LaggingSite, Site
from fakes.faults import Fault, Kind
from maturity_planner.applying import apply
from maturity_planner.cli import main
from maturity_planner.core.changes import ChangeSet, compute_changes
from maturity_planner.core.tickets import Ticket, Uid
from maturity_planner.documents import dump_yaml
from maturity_planner.trackers import calling, patience
from maturity_planner.trackers.base import Tracker
from maturity_planner.trackers.patience import Patience

SECTIONS = ("data", "model", "infra", "monitor")
LINKS = {2: (0,), 3: (0, 1), 5: (2,), 6: (3,), 7: (3,), 9: (5, 6), 11: (9, 10)}
SLOW = (Kind.HELD, Kind.LATE_AFTER)
QUICK = [kind for kind in Kind if not kind.kills and kind not in SLOW]

NewFolder = Callable[[], Path]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


class Tally:
    """Counts the faults of each tracker, and those of them that a sync survived."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.survived: Counter[str] = Counter()

    def add(self, name: str, has_struck: bool) -> None:
        """Count one; a fault that never struck was none."""
        self.tried[name] += 1
        assert has_struck
        self.survived[name] += 1


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Tells at the end how many faults were tried and survived."""
    counted = Tally()
    yield counted
    plugins = request.config.pluginmanager
    reporter, capture = plugins.get_plugin("terminalreporter"), plugins.get_plugin("capturemanager")
    if reporter and capture:
        with capture.global_and_fixture_disabled():  # else it goes where tests print
            for name, tried in counted.tried.items():
                reporter.write_line(f"{name}: {counted.survived[name]} faults survived of {tried}")


@pytest.fixture
def new_folder(tmp_path: Path) -> NewFolder:
    """Makes folders: what one sync leaves behind is nothing to the next."""
    numbers = itertools.count()

    def make() -> Path:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return folder

    return make


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


def run(tracker: Tracker, plan: list[Ticket]) -> list[str]:
    """Sync, and return what went wrong."""
    return [step.error for step in apply(tracker, PLAN, due(tracker, plan), NOW) if step.error]


def due(tracker: Tracker, plan: list[Ticket]) -> ChangeSet:
    """What there is to do."""
    fitting = [tracker.fit(one) for one in plan]
    return compute_changes(fitting, tracker.read(PLAN), digest=tracker.digest)


def check(site: Site, plan: list[Ticket], foreign: set[str]) -> None:
    """Everything is there once, hangs together, and nothing of others was touched."""
    mine, found = {one.uid: one for one in plan}, site.found()
    counted = Counter(one.uid for one in found)
    assert {uid: counted[uid] for uid in mine} == dict.fromkeys(mine, 1)
    assert set(counted.values()) == {1}
    for one in found:
        if wanted := mine.get(Uid(one.uid)):
            assert (one.uid, one.parent, one.needs) == (one.uid, wanted.epic, sorted(wanted.needs))
        assert len(one.comments) == len(set(one.comments))
    assert foreign.isdisjoint(site.touched())
    assert site.violations() == []


@functools.cache
def writes_of(name: str, plans: str) -> int:
    """How many writes the last of the plans takes after the others."""
    with tempfile.TemporaryDirectory() as folder, SITES[name](Path(folder)) as site:
        for plan in PLANS[plans]:
            site.server.forget()
            assert run(site.tracker(), plan) == []
        return len(site.server.writes)


def survive(
    site: Site, fault: Fault, plans: list[list[Ticket]], waits: Patience | None = None
) -> bool:
    """Let a fault strike at a write of the last plan; return whether it did."""
    with site:
        foreign = site.strangers()
        for plan in plans[:-1]:
            assert run(site.tracker(), plan) == []
        site.fail(fault)
        run(site.tracker(waits), plans[-1])
        site.server.faults.clear()
        assert run(site.tracker(), plans[-1]) == []
        check(site, plans[-1], foreign)
        assert due(site.tracker(), plans[-1]).pending == ()
        return bool(fault.fired)


PLANS = {"new": [wanted()], "changed": [wanted(), changed()]}
CASES = [(name, kind) for name, site in SITES.items() for kind in QUICK if kind in site.kinds]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_fault_at_some_write(tmp_path: Path, name: str, kind: Kind) -> None:
    # Each kind at another write, of one plan or the other.
    number = zlib.crc32(f"{name} {kind}".encode())
    plans = [*PLANS][number % 2]
    nth = number // 2 % writes_of(name, plans) + 1
    assert survive(SITES[name](tmp_path), Fault(kind, nth), PLANS[plans])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), CASES)
@pytest.mark.parametrize("plans", PLANS)
def test_faults_at_every_write(
    new_folder: NewFolder, tally: Tally, name: str, kind: Kind, plans: str
) -> None:
    step = SITES[name].step
    for nth in range(1 + QUICK.index(kind) % step, writes_of(name, plans) + 1, step):
        tally.add(name, survive(SITES[name](new_folder()), Fault(kind, nth), PLANS[plans]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", SLOW)
@pytest.mark.parametrize("name", SITES)
def test_answers_that_come_too_late(
    new_folder: NewFolder, tally: Tally, name: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "SECONDS", 1)
    waits = Patience(between_writes=0, in_doubt=1, first_retry=0, sleep=time.sleep)
    for nth in range(1, writes_of(name, "new") + 1, 4 if EVERY else 8):
        fault = Fault(kind, nth, seconds=1.5)
        tally.add(name, survive(SITES[name](new_folder()), fault, PLANS["new"], waits))


@pytest.mark.parametrize("fault", [None, Kind.DROP_AFTER, Kind.GARBAGE_AFTER])
@pytest.mark.parametrize("name", [name for name in SITES if name.startswith("jira")])
def test_some_of_fifty_are_refused(tmp_path: Path, name: str, fault: Kind | None) -> None:
    kind = SITES[name]
    assert issubclass(kind, JiraSite)
    with kind(tmp_path) as site:
        foreign, rules = site.strangers(), site.jira.project.refused
        rules |= {"t3", "t8"}
        if fault:
            site.fail(Fault(fault, nth=2))
        errors = run(site.tracker(), wanted())
        assert "A rule of this project does not allow such an issue." in errors[0]
        assert set(errors[1:]) == {"not tried after the failure before it"}
        assert len(site.found()) == 14
        rules.clear()
        assert run(site.tracker(), wanted()) == []
        check(site, wanted(), foreign)
        assert due(site.tracker(), wanted()).pending == ()


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.BAD_GATEWAY_AFTER])
@pytest.mark.parametrize("nth", [1, 2, 6])
def test_neither_notes_nor_the_index_are_needed(
    new_folder: NewFolder, kind: Kind, nth: int
) -> None:
    with LaggingSite(new_folder()) as site:
        foreign = site.strangers()
        tracker = site.tracker(Patience(sleep=lambda _: None, between_writes=0, tries=1))
        site.fail(Fault(kind, nth))
        assert "no clear answer" in run(tracker, wanted())[0]
        site.server.faults.clear()
        site.place.folder = new_folder()
        assert run(site.tracker(), wanted()) == []
        check(site, wanted(), foreign)
        assert due(site.tracker(), wanted()).pending == ()


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

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.token = {site.variable: site.token}
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
        (folder / "maturity.toml").write_text(site.settings())
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
            env={**mine, **self.token, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        return self.process.wait(60)

    def pid(self) -> int:
        assert self.process
        return self.process.pid


def killed(site: Site, folder: Path, kind: Kind, nth: int) -> int:
    """Kill the command at its nth write, run it again, and return how many writes it made."""
    with site:
        foreign = site.strangers()
        command = Command(folder, site)
        site.fail(Fault(kind, nth, victim=command.pid))
        assert command.run("sync", "--yes") == (-signal.SIGKILL if nth else 0)
        site.server.faults.clear()
        assert command.again("sync", "--yes") == 0
        before = len(site.server.writes)
        assert command.again("sync", "--yes") == 0
        assert len(site.server.writes) == before
        found = site.found()
        assert len({one.uid for one in found}) == len(found) == 16
        assert sum(len(one.needs) for one in found) == 10
        assert sum(one.parent is not None for one in found) == 12
        assert foreign.isdisjoint(site.touched())
        assert site.violations() == []
        return before


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process do not pause between requests either."""
    for site in SITES.values():
        monkeypatch.setenv(site.variable, site.token)
    monkeypatch.setattr(patience, "BETWEEN_WRITES", 0)
    monkeypatch.setattr(patience, "FIRST_RETRY", 0)
    monkeypatch.setattr(patience, "IN_DOUBT", 0.2)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("name", "kind", "nth"),
    [
        ("github", Kind.KILL_BEFORE, 20),
        ("jira-cloud", Kind.KILL_AFTER, 2),
        ("jira-dc", Kind.KILL_AFTER, 5),
    ],
)
def test_the_command_is_killed_at_a_write(
    new_folder: NewFolder, name: str, kind: Kind, nth: int
) -> None:
    killed(SITES[name](new_folder()), new_folder(), kind, nth)


@pytest.mark.slow
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", [Kind.KILL_BEFORE, Kind.KILL_AFTER])
@pytest.mark.parametrize("name", SITES)
def test_the_command_is_killed_at_every_write(
    new_folder: NewFolder, tally: Tally, name: str, kind: Kind
) -> None:
    count = killed(SITES[name](new_folder()), new_folder(), kind, 0)
    step = SITES[name].step * (1 if EVERY else 2)  # a process for each
    first = 1 if EVERY or kind is Kind.KILL_BEFORE else 1 + step // 2
    for nth in range(first, count + 1, step):
        tally.add(name, bool(killed(SITES[name](new_folder()), new_folder(), kind, nth)))
