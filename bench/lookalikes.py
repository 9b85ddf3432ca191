"""Next-release problems like the classic ones, from a seed: `python bench/lookalikes.py NAME`.

The classic instances are not ours to ship. These have what Bagnall et al. (2001) and Xuan et al.
(2012) publish of theirs: levels, ranges of cost, the most children of a requirement in each level,
customers, requests. What is drawn from these ranges is ours, evenly, so that a result on `nrp-2`
here says how hard such a problem is, and nothing about the best profit of theirs.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Level:
    """How many requirements a level has, what they cost, and how many may need each at most."""

    count: int
    costs: tuple[int, int]
    most_children: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The published figures of an instance."""

    levels: tuple[Level, ...]
    customers: int
    most_requests: int = 5


_SMALL = ((1, 5), (2, 8), (5, 10))
_LARGE = ((1, 5), (2, 7), (3, 9), (4, 10), (5, 15))
_PROFITS = (10, 50)


def _levels(
    counts: tuple[int, ...], costs: tuple[tuple[int, int], ...], children: tuple[int, ...]
) -> tuple[Level, ...]:
    return tuple(Level(*each) for each in zip(counts, costs, children, strict=True))


SHAPES = {
    "nrp-1": Shape(_levels((20, 40, 80), _SMALL, (8, 2, 0)), 100),
    "nrp-2": Shape(_levels((20, 40, 80, 160, 320), _LARGE, (8, 6, 4, 2, 0)), 500),
    "nrp-3": Shape(_levels((250, 500, 750), _SMALL, (8, 2, 0)), 500),
    "nrp-4": Shape(_levels((250, 500, 750, 1000, 750), _LARGE, (8, 6, 4, 2, 0)), 750),
    "nrp-5": Shape(_levels((500, 500, 500), ((1, 3), (2, 2), (3, 5)), (4, 4, 0)), 1000, 1),
}


def instance_text(name: str, seed: int = 1) -> str:
    """Return a problem of the named shape in the format that `next_release.py` reads."""
    shape = SHAPES[name]
    random = Random(f"{name} {seed}")  # noqa: S311 (no secret)
    lines = [str(len(shape.levels))]
    pairs = []
    total = sum(level.count for level in shape.levels)
    first = 1
    for level in shape.levels:
        lines += [str(level.count)]
        lines += [" ".join(str(random.randint(*level.costs)) for _ in range(level.count))]
        deeper = first + level.count
        for needed in range(first, deeper):
            for _ in range(random.randint(0, level.most_children)):
                pairs.append(f"{needed} {random.randint(deeper, total)}")
        first = deeper
    lines += [str(len(pairs)), *pairs, str(shape.customers)]
    for _ in range(shape.customers):
        count = random.randint(1, shape.most_requests)
        requests = random.sample(range(1, total + 1), count)
        lines.append(" ".join(map(str, (random.randint(*_PROFITS), count, *requests))))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A next-release problem like a classic one.")
    parser.add_argument("name", choices=SHAPES)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(instance_text(given.name, given.seed), end="")
