"""Project scheduling problems as rubrics.

`python bench/psplib.py INSTANCE.sm FOLDER` converts one project into a folder.
`python bench/psplib.py FOLDER --run [--seconds 60] [--best FILE]` runs all of a folder through the
public command, converted somewhere else, and says how far they are from the best known makespans.

A job is an item whose effort is its duration times the people that it takes, so that with a focus
of 1 `roadmap` gives it the duration back; a resource is a role. A job that takes nobody gets a role
of its own kind, of which there are as many people as such jobs. `plan` then takes every item, and
the makespan is that of the project.

The text format is that of the PSPLIB (Kolisch and Sprecher, "PSPLIB - a project scheduling problem
library", European Journal of Operational Research 96(1), 1997), single mode, renewable resources.
The first and the last job only mark start and end and are left out.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maturity_planner.errors import UserError
from rubrics import write_unanswered

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Job:
    """A job: how long it takes, how much of each resource, and which jobs come after it."""

    number: int
    days: int
    uses: tuple[int, ...]
    successors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A project: its jobs, without those that mark start and end, and how much of each resource."""

    jobs: tuple[Job, ...]
    capacity: tuple[int, ...]


class InstanceError(UserError):
    """The text is no project of the PSPLIB."""


def _rows(text: str, heading: str, name: str) -> list[list[int]]:
    """Return the rows of whole numbers that follow a heading, up to the next line of stars."""
    _, found, rest = text.partition(heading)
    if not found:
        raise InstanceError(f'{name} has no part "{heading}"', fix="Check that it is complete.")
    rows = [row.split() for row in re.split(r"^\*{4}", rest, maxsplit=1, flags=re.M)[0].split("\n")]
    return [[int(word) for word in row] for row in rows if row and all(map(str.isdigit, row))]


def parse_instance(text: str, name: str = "the instance") -> Instance:
    """Return the project that the text states.

    Raises:
        InstanceError: it has several modes, or its parts do not fit together.
    """
    after = {row[0]: row for row in _rows(text, "PRECEDENCE RELATIONS:", name)}
    asked = {row[0]: row for row in _rows(text, "REQUESTS/DURATIONS:", name)}
    there = _rows(text, "RESOURCEAVAILABILITIES:", name)
    numbers = sorted(after)
    fits = (
        numbers == sorted(asked) == list(range(1, len(numbers) + 1))
        and len(there) == 1
        and all(row[1] == 1 and len(row) == 3 + row[2] for row in after.values())
        and all(row[1] == 1 and len(row) == 3 + len(there[0]) for row in asked.values())
        and all(row[2] > 0 for row in list(asked.values())[1:-1])
    )
    if not fits:
        raise InstanceError(
            f"{name} is no single-mode project: its jobs, requests and resources do not agree",
            fix="Name a file of the PSPLIB's sets j30 to j120.",
        )
    last = len(numbers)
    return Instance(
        tuple(
            Job(
                number,
                asked[number][2],
                tuple(asked[number][3:]),
                tuple(other for other in after[number][3:] if other != last),
            )
            for number in numbers[1:-1]
        ),
        tuple(there[0]),
    )


def roles(instance: Instance) -> dict[str, int]:
    """Return how many people there are of each role."""
    free = sum(not any(job.uses) for job in instance.jobs)
    known = {f"resource-{n}": count for n, count in enumerate(instance.capacity, start=1)}
    return known | ({NOBODY: free} if free else {})


def rubric_of(instance: Instance, name: str) -> dict[str, Any]:
    """Return the project as a rubric document."""
    before: dict[int, list[int]] = {job.number: [] for job in instance.jobs}
    for job in instance.jobs:
        for other in job.successors:
            before[other].append(job.number)
    return {
        "schema": "maturity-planner/rubric/v1",
        "id": "project",
        "title": f"Project {name}",
        "modes": [{"id": "done", "points": 1}],
        "scoring": {"section": "sum", "overall": "minimum"},
        "sections": [
            {"id": "jobs", "items": [_item(job, before[job.number]) for job in instance.jobs]}
        ],
    }


def _item(job: Job, before: Sequence[int]) -> dict[str, Any]:
    people = {f"resource-{n}": use for n, use in enumerate(job.uses, start=1) if use}
    people = people or {NOBODY: 1}
    mode: dict[str, Any] = {"effort_days": job.days * sum(people.values())}
    if before:
        mode["needs"] = [f"job-{n}@done" for n in before]
    title = f"Job {job.number}"
    return {"id": f"job-{job.number}", "title": title, "people": people, "modes": {"done": mode}}


def write_files(instance: Instance, folder: Path, name: str) -> None:
    """Write the project as rubric and settings, with an assessment that claims nothing."""
    write_unanswered(folder, name, rubric_of(instance, name))
    people = "".join(f"{role} = {count}\n" for role, count in roles(instance).items())
    settings = f"target = {len(instance.jobs)}\n\n[team.people]\n{people}"
    (folder / "maturity.toml").write_text(settings, encoding="utf-8")


def run_folder(folder: Path, seconds: float, best: Path | None) -> None:
    """Run every project of a folder through the public command and print what was found.

    Raises:
        InstanceError: one of them is no project, or there is none.
    """
    from scheduling import best_known, best_of, show, solved

    paths = sorted(folder.glob("*.sm"))
    if not paths:
        raise InstanceError(f"{folder} holds no .sm files", fix="Name the folder of a set.")
    known = best_known(best.read_text(encoding="utf-8", errors="replace")) if best else {}
    texts = {path.stem: path.read_text(encoding="utf-8", errors="replace") for path in paths}
    instances = {name: parse_instance(text, name) for name, text in texts.items()}
    show((solved(n, one, seconds, best_of(n, known)) for n, one in instances.items()), is_loud=True)


def main() -> None:
    """Convert the instance, or run a folder of them."""
    parser = argparse.ArgumentParser(description="Project scheduling problems as rubrics.")
    parser.add_argument("instance", type=Path, help="a project or, with --run, a folder of them")
    parser.add_argument("folder", type=Path, nargs="?", help="where the converted project goes")
    parser.add_argument("--run", action="store_true", help="run them through plan and roadmap")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each search")
    parser.add_argument("--best", type=Path, help="best known makespans, NAME DAYS a line")
    given = parser.parse_args()
    if not given.run and not given.folder:
        parser.error("name a folder for the converted project, or --run")
    try:
        if given.run:
            run_folder(given.instance, given.seconds, given.best)
            return
        text = given.instance.read_text(encoding="utf-8", errors="replace")
        instance = parse_instance(text, str(given.instance))
        write_files(instance, given.folder, given.instance.stem)
    except UserError as error:
        sys.exit(f"Error: {error.message}\n  {error.fix}")
    except OSError as error:
        sys.exit(f"Error: {error.filename} cannot be read or written: {error.strerror}")
    print(f"{given.instance.stem}: {len(instance.jobs)} jobs, {len(instance.capacity)} resources")


if __name__ == "__main__":
    main()
