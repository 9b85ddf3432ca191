"""What grows with the number of tickets: requests, CPU time and memory of our commands.

`python bench/load.py [TICKETS ...]` takes numbers of tickets, each twice the one before (250 to
2,000 without). Each project is a generated rubric (`rubrics.py`) of as many items, nothing of which
is done yet, with a plan for all of it. It is synced with every tracker for the first time, once
more when nothing has changed, and its states are read (`track`); then come the commands that read
the files alone. Trackers are the fakes of the tests, in processes of their own: only what our
command takes is measured, without the pauses that a service asks for. `x` is how many times as
much it is as for half the tickets; 2 is linear, and start-up hides a part of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from measuring import Run, measure, use_bytecode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

SIZES = (250, 500, 1_000, 2_000)
ITEMS_IN_SECTION = 20
TRACKERS = {
    "local files": "",
    "GitHub": "github",
    "Jira Cloud": "jira-cloud",
    "Jira Data Center": "jira-dc",
}
WORK = {"first sync": "sync --yes", "no-op sync": "sync --yes", "track": "track"}
READING = ("validate", "show", "graph", "report -o report.html", "history", "diff", "sync -n")
BAR = 2.3
"""The most that may come of twice as many tickets."""

# The command as it is, but for the pauses between its requests.
COMMAND = """
import runpy
from maturity_planner.trackers import patience
patience.BETWEEN_WRITES = 0
runpy.run_module("maturity_planner", run_name="__main__", alter_sys=True)
"""


# In processes of their own --------------------------------------------------------------


def write_project(folder: Path, items: int) -> None:
    """Write a rubric of that many items, of which nothing is done."""
    import yaml

    from rubrics import write_rubric, write_yaml

    write_rubric(folder, items, max(1, items // ITEMS_IN_SECTION))
    rubric, assessment = (folder / "rubric.yaml", folder / "assessment.yaml")
    document = yaml.safe_load(rubric.read_text(encoding="utf-8"))
    document["scoring"]["overall"] = "mean"  # of all points there are: all items are needed for it
    write_yaml(rubric, document)
    document = yaml.safe_load(assessment.read_text(encoding="utf-8"))
    document["answers"] = dict.fromkeys(document["answers"], "none")
    write_yaml(assessment, document)


def serve(kind: str) -> None:
    """Serve a fake until the input ends; tell how to reach it, then for each line the requests."""
    from contract.sites import SITES, GitHubSite

    with tempfile.TemporaryDirectory() as folder, SITES[kind](Path(folder)) as site:
        if isinstance(site, GitHubSite):
            site.github.limits.remaining = site.github.limits.limit = 1_000_000
        print(json.dumps([site.settings(), {site.variable: site.token}]), flush=True)
        for _ in sys.stdin:
            print(len(site.server.exchanges), flush=True)
            site.server.forget()


# Measuring ------------------------------------------------------------------------------


@contextmanager
def tracker(kind: str, folder: Path) -> Iterator[tuple[dict[str, str], Callable[[], int]]]:
    """Start a fake, if there is one, and let the settings name it.

    Yields the environment for the command, and what tells the requests since it was asked before.
    """
    settings = folder / "maturity.toml"
    if not kind:
        settings.write_text("")
        yield dict(os.environ), lambda: 0
        return
    command = [sys.executable, __file__, "serve", kind]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin
        assert server.stdout
        given, token = json.loads(server.stdout.readline())
        settings.write_text(given)

        def calls() -> int:
            assert server.stdin
            assert server.stdout
            print(file=server.stdin, flush=True)
            return int(server.stdout.readline())

        try:
            yield {**os.environ, **token}, calls
        finally:
            server.stdin.close()


def run(words: str, folder: Path, environment: dict[str, str] | None = None) -> Run:
    """Run our command, which has to succeed."""
    command = [sys.executable, "-c", COMMAND, *words.split()]
    done = measure(command, folder, environment=environment)
    assert done.code == 0, (words, done.output[-500:], done.errors[-500:])
    return done


Figures = tuple[float, float, float]
"""Requests, CPU seconds and megabytes."""


def tickets(size: int) -> dict[str, Figures]:
    """Return the figures of every tracker and work, then those of the commands that only read."""
    found: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = measure([sys.executable, __file__, "project", folder, str(size)], folder)
        assert made.code == 0, made.errors
        run(f"plan --target {ITEMS_IN_SECTION}", folder)
        for title, kind in TRACKERS.items():
            with tracker(kind, folder) as (environment, calls):
                for work, words in WORK.items():
                    done = run(words, folder, environment)
                    found[f"{title}, {work}"] = calls(), done.cpu_seconds, done.megabytes
        (folder / "maturity.toml").unlink()
        for words in READING:
            done = run(words, folder)
            found[words] = 0, done.cpu_seconds, done.megabytes
    return found


def rows(sizes: Sequence[int], found: Sequence[dict[str, Figures]]) -> Iterator[str]:
    """Yield the lines of the table, and at the end what grows fastest."""
    growths = [0.0]
    for work in found[0]:
        yield f"{work:28}{'calls':>7}{'x':>6}{'CPU s':>8}{'x':>6}{'MB':>8}{'x':>6}"
        before: Figures = (0, 0, 0)
        for size, figures in zip(sizes, (one[work] for one in found), strict=True):
            line = f"{size:28,}"
            formats = ("7,.0f", "8.2f", "8.0f")
            for value, last, shown in zip(figures, before, formats, strict=True):
                line += f"{value:{shown}}" + (f"{value / last:6.2f}" if last else " " * 6)
                growths.append(value / last if last else 0)
            yield line.rstrip()
            before = figures
    yield f"at most {max(growths):.2f} times as much, bar {BAR}"


def main() -> None:
    """Print the table."""
    match sys.argv[1:]:
        case ["serve", kind]:
            serve(kind)
        case ["project", folder, items]:
            write_project(Path(folder), int(items))
        case given:
            use_bytecode()
            sizes = [int(size) for size in given] or SIZES
            tickets(ITEMS_IN_SECTION)  # the first run of each compiles what is not yet
            for line in rows(sizes, [tickets(size) for size in sizes]):
                print(line)


if __name__ == "__main__":
    main()
