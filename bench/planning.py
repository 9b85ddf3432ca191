"""Time and memory of `plan` on generated rubrics, beside two peers in the same process set-up.

`python bench/planning.py [ITEMS ...]` takes the sizes of SIZES; without an argument all of them.
A peer is CBC, told the same problem by PuLP, and a greedy choice by points a day (`peers.py`).
Every process starts anew and reads the files; all read them the same way, and all but the run
under `first s` find them checked already.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring import PLAN, Run, measure, use_bytecode

BENCH = Path(__file__).resolve().parent
MOST_MEGABYTES = 1500


@dataclass(frozen=True, slots=True)
class Size:
    """A rubric to generate, how often to run, and the bar: so many seconds, or so many x `pass`."""

    items: int
    sections: int
    rounds: int = 1
    most_seconds: float | None = None
    most_times: float | None = None

    def bar(self, passes: float) -> float:
        """The bar in seconds."""
        return self.most_seconds or (self.most_times or 0) * passes

    @property
    def shown_bar(self) -> str:
        """The bar as it was set."""
        return f"{self.most_seconds:g} s" if self.most_seconds else f"{self.most_times:g} x"


SIZES = (
    Size(28, 7, rounds=5, most_times=30),
    Size(200, 20, rounds=5, most_times=45),
    Size(1_000, 50, most_seconds=5),
    Size(10_000, 50, most_seconds=60),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The best run of each: ours on files not seen before, ours, CBC, greedy; and of `pass`."""

    size: Size
    passes: float
    first: Run
    ours: Run
    cbc: Run
    greedy: Run


def figures(size: Size, folder: Path, environment: Mapping[str, str]) -> Figures:
    """Generate a rubric in the folder and run everybody on it, taking turns."""
    made = measure(
        [sys.executable, BENCH / "rubrics.py", folder, str(size.items), str(size.sections)], folder
    )
    assert made.code == 0, made.errors
    target = made.output.strip()
    peer = (sys.executable, BENCH / "peers.py")
    commands: dict[str, Sequence[str | Path]] = {
        "pass": [sys.executable, "-c", "pass"],
        "ours": [*PLAN, "--target", target],
        "cbc": [*peer, "cbc", folder, target],
        "greedy": [*peer, "greedy", folder, target],
    }
    first = measure(commands["ours"], folder, environment=environment)
    best: dict[str, Run] = {}
    for _ in range(size.rounds):
        for name, command in commands.items():
            # `pass` is short, and everything is counted in it.
            for _ in range(5 if name == "pass" else 1):
                run = measure(command, folder, environment=environment)
                if name not in best or run.seconds < best[name].seconds:
                    best[name] = run
    return Figures(size, best["pass"].seconds, first, best["ours"], best["cbc"], best["greedy"])


COLUMNS = {
    "items": 8,
    "first s": 8,
    "s": 7,
    "x pass": 8,
    "MB": 5,
    "growth": 7,
    "status": 9,
    "bar": 5,
    "": 7,
    "CBC s": 8,
    "CBC MB": 7,
    "cost": 6,
    "greedy s": 9,
    "loses": 7,
}


def row(each: Figures, before: Figures | None) -> list[str]:
    """Return the table's row of one size; growth is against the size before."""
    ours, size = each.ours, each.size
    is_kept = (
        status(ours) == "optimal"
        and ours.seconds < size.bar(each.passes)
        and ours.megabytes < MOST_MEGABYTES
    )
    return [
        f"{size.items}/{size.sections}",
        each.first.shown,
        ours.shown,
        f"{ours.seconds / each.passes:.1f}",
        f"{ours.megabytes:.0f}",
        f"{ours.seconds / before.ours.seconds:.1f}" if before else "-",
        status(ours),
        size.shown_bar,
        "kept" if is_kept else "MISSED",
        each.cbc.shown,
        f"{each.cbc.megabytes:.0f}",
        agreement(each),
        each.greedy.shown,
        loss(each),
    ]


def status(run: Run) -> str:
    """Return what the run claims about its plan, or why it made none."""
    if run.is_late:
        return "stopped"
    return str(run.data["status"]) if run.data else f"exit {run.code}"


def cost(run: Run) -> float | None:
    """Return the cost of the run's plan in days, if it made one."""
    return float(run.data["cost_days"]) if run.data and not run.is_late else None


def agreement(each: Figures) -> str:
    """Return how CBC's cost compares with ours."""
    ours, theirs = cost(each.ours), cost(each.cbc)
    if theirs is None or ours is None or status(each.cbc) != "optimal":
        return status(each.cbc)
    return "same" if abs(ours - theirs) < 0.00005 else f"{theirs - ours:+.4f}"


def loss(each: Figures) -> str:
    """Return by how much greedy's plan costs more than ours."""
    ours, theirs = cost(each.ours), cost(each.greedy)
    if not ours or theirs is None:
        return status(each.greedy)
    return f"{(theirs / ours - 1) * 100:.1f} %"


def show(cells: Iterable[str]) -> None:
    """Print one line of the table at once: the next one may take minutes."""
    widths = COLUMNS.values()
    line = "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    print(line, flush=True)


def main() -> None:
    """Measure the sizes asked for and print the table."""
    parser = argparse.ArgumentParser(description="Time and memory of plan, beside two peers.")
    known = [size.items for size in SIZES]
    parser.add_argument("items", nargs="*", type=int, metavar="ITEMS", help=f"of {known}")
    wanted = parser.parse_args().items or known
    if strange := set(wanted) - set(known):
        parser.error(f"no such size: {min(strange)}; there are {', '.join(map(str, known))}")
    use_bytecode()
    show(COLUMNS)
    before: Figures | None = None
    with tempfile.TemporaryDirectory() as name:
        environment = os.environ | {"XDG_CACHE_HOME": str(Path(name) / "cache")}
        for size in (size for size in SIZES if size.items in wanted):
            folder = Path(name) / str(size.items)
            folder.mkdir()
            each = figures(size, folder, environment)
            show(row(each, before))
            before = each
    assert before is not None
    print(f"x pass: multiples of `python -c pass`, here {before.passes * 1000:.1f} ms.")
    print(f"Every size has to stay below {MOST_MEGABYTES} MB, too.")


if __name__ == "__main__":
    main()
