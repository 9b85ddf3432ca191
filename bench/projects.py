"""Projects like those of the PSPLIB, from a seed: `python bench/projects.py JOBS NUMBER > FILE.sm`.

The instances of the PSPLIB are not ours to ship. These are drawn with the parameters that Kolisch
and Sprecher (1997) publish of theirs, in the same full design of 48 cells: network complexity 1.5,
1.8 or 2.1 (needs a job), resource factor 0.25 to 1 (the share of four resources that a job takes),
resource strength 0.2 to 1 (from just enough for the most demanding job to enough for the schedule
that knows no limits); durations and requests from 1 to 10. How a network is drawn is ours: needs of
jobs at random among the third of all jobs that stand before. So a result says how hard such
projects are, and nothing about the best makespans of theirs.
"""

from __future__ import annotations

import argparse
import itertools
from random import Random

from psplib import Instance, Job

COMPLEXITIES = (1.5, 1.8, 2.1)
FACTORS = (0.25, 0.5, 0.75, 1.0)
STRENGTHS = (0.2, 0.5, 0.7, 1.0)
RESOURCES = 4


def draw(jobs: int, number: int) -> Instance:
    """Return the project of that number, from 1: ten a cell, as in the PSPLIB."""
    random = Random(f"{jobs} {number}")  # noqa: S311 (no secret)
    cells = list(itertools.product(COMPLEXITIES, FACTORS, STRENGTHS))
    complexity, factor, strength = cells[(number - 1) // 10 % len(cells)]
    days = [random.randint(1, 10) for _ in range(jobs)]
    after: list[set[int]] = [set() for _ in range(jobs)]
    while sum(map(len, after)) < complexity * jobs:
        first, second = sorted(random.sample(range(jobs), 2))
        if second - first <= jobs // 3:
            after[first].add(second)
    uses = [_uses(random, factor) for _ in range(jobs)]
    return Instance(
        tuple(
            Job(n + 2, days[n], tuple(uses[n]), tuple(other + 2 for other in sorted(after[n])))
            for n in range(jobs)
        ),
        tuple(_capacity(r, strength, days, after, uses) for r in range(RESOURCES)),
    )


def _uses(random: Random, factor: float) -> list[int]:
    taken = random.sample(range(RESOURCES), round(factor * RESOURCES))
    return [random.randint(1, 10) if r in taken else 0 for r in range(RESOURCES)]


def _capacity(
    resource: int, strength: float, days: list[int], after: list[set[int]], uses: list[list[int]]
) -> int:
    starts = [0] * len(days)
    for first, others in enumerate(after):
        for second in others:
            starts[second] = max(starts[second], starts[first] + days[first])
    busy = [0] * (max(starts) + 11)
    for start, length, use in zip(starts, days, uses, strict=True):
        for day in range(start, start + length):
            busy[day] += use[resource]
    least = max(use[resource] for use in uses)
    return max(1, least + round(strength * (max(busy) - least)))


def written(instance: Instance) -> str:
    """Return the project in the PSPLIB's format."""
    last = len(instance.jobs) + 2
    first = set(range(2, last)).difference(*(job.successors for job in instance.jobs))
    network = [(1, sorted(first))]
    network += [(job.number, list(job.successors) or [last]) for job in instance.jobs]
    rows = [" ".join(map(str, [n, 1, len(others), *others])) for n, others in network]
    asked = [" ".join(map(str, [job.number, 1, job.days, *job.uses])) for job in instance.jobs]
    nothing = " ".join(["1 0"] + ["0"] * RESOURCES)
    stars = "*" * 72
    return "\n".join(
        [
            stars,
            "PRECEDENCE RELATIONS:",
            "jobnr.    #modes  #successors   successors",
            *rows,
            f"{last} 1 0",
            stars,
            "REQUESTS/DURATIONS:",
            "jobnr. mode duration  " + "  ".join(f"R {n + 1}" for n in range(RESOURCES)),
            "-" * 72,
            f"1 {nothing}",
            *asked,
            f"{last} {nothing}",
            stars,
            "RESOURCEAVAILABILITIES:",
            "  ".join(f"R {n + 1}" for n in range(RESOURCES)),
            " ".join(map(str, instance.capacity)),
            stars,
            "",
        ]
    )


def main() -> None:
    """Print the project."""
    parser = argparse.ArgumentParser(description="A project like those of the PSPLIB.")
    parser.add_argument("jobs", type=int)
    parser.add_argument("number", type=int)
    given = parser.parse_args()
    print(written(draw(given.jobs, given.number)), end="")


if __name__ == "__main__":
    main()
