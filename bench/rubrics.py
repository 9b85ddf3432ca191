"""Rubrics of any size, from a seed: `python bench/rubrics.py FOLDER ITEMS SECTIONS`.

The shape is ours, made to look like the rubrics that people write and not drawn from any of them:
two modes of 0.5 and 1 points; estimates that repeat, as estimates do, from a short list; work by
hand that costs two fifths of its usual effort a quarter, automated work mostly
nothing, and three fifths of its effort after work by hand; 0.6 hard
needs an item, eight of ten within the section and the others in the one before; two items of
ten done by hand today, one automated, one that nobody has answered. Sections differ in size, and
the score is the least sum of points. The target printed is half of what the smallest section can
reach, so that there is a choice in every section.

The same size and seed give the same bytes.
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

BY_HAND = ((0.5, 1, 2), (1, 2, 3), (1, 2, 4), (1, 3, 5), (2, 3, 6), (3, 5, 8))
AUTOMATED = ((1, 2, 4), (2, 3, 5), (3, 5, 8), (3, 5, 10), (5, 8, 13), (8, 13, 20))
UPKEEP = (0, 0, 0, 0.1, 0.2)
ANSWERS = ("manual", "manual", "automated", *("none",) * 6, None)


def write_rubric(folder: Path, items: int, sections: int, seed: int = 1) -> Fraction:
    """Write `rubric.yaml` and `assessment.yaml` and return the target to plan for."""
    random = Random(f"{items} {sections} {seed}")  # noqa: S311 (no secret)
    names = _names(random, items, sections)
    rubric = {
        "schema": "maturity-planner/rubric/v1",
        "id": "generated",
        "title": f"Generated rubric of {items} items",
        "version": str(seed),
        "modes": [{"id": "manual", "points": 0.5}, {"id": "automated", "points": 1}],
        "scoring": {"section": "sum", "overall": "minimum"},
        "sections": [
            {
                "id": f"section-{n}",
                "title": f"Section {n}",
                "items": [
                    _item(random, own[k], own[:k], names[n - 2] if n > 1 else [])
                    for k in range(len(own))
                ],
            }
            for n, own in enumerate(names, start=1)
        ],
    }
    assessment = {
        "schema": "maturity-planner/assessment/v1",
        "system": "generated",
        "rubric": "rubric.yaml",
        "answers": {name: random.choice(ANSWERS) for own in names for name in own},
    }
    write_yaml(folder / "rubric.yaml", rubric)
    write_yaml(folder / "assessment.yaml", assessment)
    return Fraction(min(map(len, names)), 2)


def write_unanswered(folder: Path, name: str, rubric: Any) -> None:
    """Write `rubric.yaml` and an `assessment.yaml` of a system of that name that claims nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    assessment = {
        "schema": "maturity-planner/assessment/v1",
        "system": name,
        "rubric": "rubric.yaml",
        "answers": {},
    }
    write_yaml(folder / "rubric.yaml", rubric)
    write_yaml(folder / "assessment.yaml", assessment)


def write_yaml(path: Path, document: Any) -> None:
    """Write a document the way people do: block style, keys in the order given."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the one in C is ten times as fast
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(document, file, Dumper=dumper, sort_keys=False, width=100)


def _names(random: Random, items: int, sections: int) -> list[list[str]]:
    """Return the ids of each section's items; none has less than three quarters of the mean."""
    sizes = [items // sections * 3 // 4] * sections
    for _ in range(items - sum(sizes)):
        sizes[random.randrange(sections)] += 1
    return [[f"item-{n}-{k}" for k in range(1, size + 1)] for n, size in enumerate(sizes, start=1)]


def _item(random: Random, name: str, before: list[str], neighbours: list[str]) -> dict[str, Any]:
    """Return an item that needs only items before it, so that no circle can arise."""
    by_hand, automated = random.choice(BY_HAND), random.choice(AUTOMATED)
    modes: dict[str, dict[str, Any]] = {
        "manual": {"effort_days": _estimate(by_hand), "upkeep_days": _plain(by_hand[1] * 0.4)},
        "automated": {
            "effort_days": _estimate(automated),
            "from": {"manual": _estimate([days * 0.6 for days in automated])},
            "upkeep_days": random.choice(UPKEEP),
        },
    }
    others = neighbours if neighbours and random.random() < 0.2 else before or neighbours
    if others and random.random() < 0.6:
        needed = f"{random.choice(others)}@{random.choice(('manual', 'manual', 'automated'))}"
        modes[random.choice(("manual", "automated"))]["needs"] = [needed]
    return {"id": name, "title": name.capitalize().replace("-", " "), "modes": modes}


def _estimate(days: Any) -> dict[str, float]:
    return dict(zip(("low", "likely", "high"), map(_plain, days), strict=True))


def _plain(days: float) -> float:
    rounded = round(days, 2)
    return int(rounded) if rounded == int(rounded) else rounded


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes a rubric; prints a target for it.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("items", type=int)
    parser.add_argument("sections", type=int)
    given = parser.parse_args()
    print(float(write_rubric(given.folder, given.items, given.sections)))
