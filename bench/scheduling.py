"""Projects through the public command: `python bench/scheduling.py [JOBS ...] [--seconds S]`.

Each project becomes files, `plan` takes all of it, and `roadmap` places it, every run a process of
its own. Without a folder of the PSPLIB's own (`psplib.py FOLDER --run`) they are look-alikes
(`projects.py`), for which no best makespans are known but our own bounds.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from measuring import measure
from projects import draw
from psplib import Instance, write_files

COMMAND = (sys.executable, "-m", "maturity_planner", "-q")
SAMPLE = {30: 12, 60: 8, 120: 4}
"""How many look-alikes of each size, spread over all cells of the design."""


@dataclass(frozen=True, slots=True)
class Result:
    """What `roadmap` found for a project; `best` is the best makespan known, if it is."""

    name: str
    jobs: int
    makespan: int
    bound: int
    seconds: float
    best: int | None = None

    @property
    def distance(self) -> float:
        """How far from the best known makespan, or else from our own bound, in per cent."""
        least = self.best or self.bound
        return (self.makespan / least - 1) * 100


def solved(name: str, instance: Instance, seconds: float, best: int | None = None) -> Result:
    """Run the project through `plan` and `roadmap`."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_files(instance, folder, name)
        planned = measure([*COMMAND, "plan"], folder)
        assert planned.code == 0, planned.errors
        limit = ["--start", "2027-01-04", "--time-limit", f"{seconds:g}"]
        run = measure([*COMMAND, "roadmap", "-n", "--json", *limit], folder)
        assert run.code == 0, run.errors
        found = run.data
        return Result(
            name,
            len(instance.jobs),
            found["makespan_days"],
            found["bound_days"],
            run.seconds,
            best,
        )


def best_known(text: str) -> dict[str, int]:
    r"""Return the best makespans by project: lines `NAME DAYS`, or the PSPLIB's `CELL NUMBER DAYS`.

    >>> best_known("j301_1 43")
    {'j301_1': 43}
    >>> best_known("Par Inst Makespan CPU\n---\n 1 2 47 0.1")
    {'1_2': 47}
    """
    found = {}
    for words in map(str.split, text.splitlines()):
        if len(words) >= 3 and all(map(str.isdigit, words[:3])):
            found[f"{words[0]}_{words[1]}"] = int(words[2])
        elif len(words) == 2 and words[1].isdigit():
            found[words[0]] = int(words[1])
    return found


def best_of(name: str, known: Mapping[str, int]) -> int | None:
    """Return the best makespan of a project by its file's name, like j3012_4.

    >>> best_of("j3012_4", {"12_4": 50}), best_of("j3012_4", {"2_4": 50})
    (50, None)
    """
    cell = re.fullmatch(r"j(?:30|60|90|120)(\d+_\d+)", name)
    return known.get(name, known.get(cell[1]) if cell else None)


def show(results: Iterable[Result], *, is_loud: bool = False) -> list[Result]:
    """Print a line a project when asked for, then one line a size; return the results."""
    found = []
    for one in results:
        found.append(one)
        if is_loud:
            beside = f"best {one.best}" if one.best else f"bound {one.bound}"
            print(f"{one.name}: {one.makespan} days, {beside}, {one.seconds:.1f} s", flush=True)
    print("    jobs    n  proven  best known  mean distance  median s   most s")
    for jobs in sorted({one.jobs for one in found}):
        mine = [one for one in found if one.jobs == jobs]
        known = [one for one in mine if one.best]
        reached = f"{sum(one.makespan <= (one.best or 0) for one in known)}/{len(known)}"
        cells = (
            f"{jobs:8}",
            f"{len(mine):5}",
            f"{sum(one.makespan == one.bound for one in mine):8}",
            f"{reached if known else '-':>12}",
            f"{fmean(one.distance for one in mine):13.2f} %",
            f"{median(one.seconds for one in mine):9.2f}",
            f"{max(one.seconds for one in mine):9.1f}",
        )
        print("".join(cells))
    return found


def lookalikes(sizes: Iterable[int], seconds: float) -> Iterable[Result]:
    """Yield the sample of look-alikes."""
    for jobs in sizes:
        count = SAMPLE[jobs]
        for number in (1 + n * 480 // count for n in range(count)):
            yield solved(f"like-{jobs}-{number}", draw(jobs, number), seconds)


def main() -> None:
    """Run the sample and print the table."""
    parser = argparse.ArgumentParser(description="Projects through the public command.")
    known = sorted(SAMPLE)
    parser.add_argument("jobs", nargs="*", type=int, metavar="JOBS", help=f"of {known}")
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    if strange := set(given.jobs) - set(known):
        parser.error(f"no such size: {min(strange)}; there are {', '.join(map(str, known))}")
    show(lookalikes(given.jobs or known, given.seconds))
    print(f"Look-alikes; at most {given.seconds:g} s for each search. Distance to our own bound.")


if __name__ == "__main__":
    main()
