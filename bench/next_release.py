"""Next-release problems as rubrics.

`python bench/next_release.py INSTANCE FOLDER [--run 30 50 70]`

A release is planned for customers who each ask for requirements and pay only when all of theirs
are in it (Bagnall, Rayward-Smith and Whittley, "The next release problem", Information and
Software Technology 43(14), 2001). Here a requirement is an item with effort and no points; a
customer is an item without effort, with the profit as weight, that needs all its requirements.
With one section and the rules sum and minimum the score is the profit of the satisfied customers,
so `plan --budget` finds the best release for the money.

The text format is that of the instances of Xuan et al., "Solving the Large Scale Next Release
Problem with a Backbone Based Multilevel Algorithm" (IEEE TSE 38(5), 2012), all whole numbers,
parted by spaces or line breaks:

    number of levels; for each level the number of its requirements, then their costs
    number of dependencies; for each the requirement needed, then the one that needs it
    number of customers; for each the profit, the number of requests, the requirements asked for

Requirements are numbered from 1 across the levels. `--run` plans for these percentages of the
total cost, rounded half up, and prints profit, status and time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from maturity_planner.core.quantity import MOST_DAYS, MOST_POINTS
from maturity_planner.errors import UserError
from measuring import PLAN, Run, measure
from rubrics import write_unanswered


@dataclass(frozen=True, slots=True)
class Customer:
    """What one customer pays for which requirements."""

    profit: int
    requests: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A next-release problem. Costs and needs are in the order of the requirements."""

    costs: tuple[int, ...]
    needs: tuple[tuple[int, ...], ...]
    customers: tuple[Customer, ...]

    def budget(self, percent: int) -> int:
        """Return this share of the total cost, rounded half up."""
        return (sum(self.costs) * percent * 2 + 100) // 200


class InstanceError(UserError):
    """The text is no next-release problem."""


class _Numbers:
    """The numbers of a text, one after the other, with the line of each."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._words = [
            (word, line)
            for line, row in enumerate(text.splitlines(), start=1)
            for word in row.split()
        ]
        self._at = 0

    def next(self, what: str, least: int = 0, most: int | None = None) -> int:
        """Return the next number; `what` says what it is for."""
        if self._at == len(self._words):
            raise InstanceError(
                f"{self._name} ends where the {what} should follow",
                fix="Check that the file is complete, and the counts before this.",
            )
        word, line = self._words[self._at]
        self._at += 1
        if not (word.isascii() and word.isdigit()):
            raise self._fault(f'the {what} should be a whole number, not "{word[:20]}"', line)
        number = int(word[:20])
        if number < least or (most is not None and number > most):
            limits = f"from {least}" + (f" to {most}" if most is not None else "")
            raise self._fault(f"the {what} is {word[:20]}, and should be {limits}", line)
        return number

    def list(self, count: int, what: str, least: int = 0, most: int | None = None) -> list[int]:
        """Return so many numbers."""
        return [self.next(f"{what} {n} of {count}", least, most) for n in range(1, count + 1)]

    def end(self) -> None:
        """Make sure that nothing is left."""
        if self._at < len(self._words):
            word, line = self._words[self._at]
            raise self._fault(f'"{word[:20]}" follows the last customer', line)

    def _fault(self, message: str, line: int) -> InstanceError:
        return InstanceError(
            f"{self._name}:{line}: {message}",
            fix="Check this line and the counts before it: a wrong one shifts all that follows.",
        )


def parse_instance(text: str, name: str = "the instance") -> Instance:
    """Return the problem that the text states.

    What is asked for, or needed, twice counts once.

    Raises:
        InstanceError: at the first number that does not fit.
    """
    numbers = _Numbers(text, name)
    costs: list[int] = []
    for level in range(1, numbers.next("number of levels", least=1) + 1):
        count = numbers.next(f"number of requirements in level {level}")
        costs += numbers.list(count, f"cost in level {level},", most=MOST_DAYS)
    needs: list[dict[int, None]] = [{} for _ in costs]
    dependencies = numbers.next("number of dependencies")
    for n in range(1, dependencies + 1):
        needed, needing = numbers.list(2, f"requirement in dependency {n},", 1, len(costs))
        needs[needing - 1][needed] = None
    customers = []
    count = numbers.next("number of customers", least=1)
    for n in range(1, count + 1):
        profit = numbers.next(f"profit of customer {n}", most=MOST_POINTS)
        asked = numbers.next(f"number of requests by customer {n}")
        requests = numbers.list(asked, f"request by customer {n},", 1, len(costs))
        customers.append(Customer(profit, tuple(dict.fromkeys(requests))))
    numbers.end()
    _refuse_circles(needs, name)
    return Instance(tuple(costs), tuple(map(tuple, needs)), tuple(customers))


def _refuse_circles(needs: Sequence[dict[int, None]], name: str) -> None:
    try:
        TopologicalSorter(dict(enumerate(needs, start=1))).prepare()
    except CycleError as error:
        circle = " -> ".join(map(str, error.args[1]))
        raise InstanceError(
            f"{name}: dependencies in a circle: {circle}",
            fix="Remove one of them: none of these requirements could come first.",
        ) from None


def rubric_of(instance: Instance, name: str) -> dict[str, Any]:
    """Return the problem as a rubric document."""
    requirements = [
        _item("requirement", n, 0, cost, needs)
        for n, (cost, needs) in enumerate(zip(instance.costs, instance.needs, strict=True), 1)
    ]
    customers = [
        _item("customer", n, customer.profit, 0, customer.requests)
        for n, customer in enumerate(instance.customers, start=1)
    ]
    return {
        "schema": "maturity-planner/rubric/v1",
        "id": "next-release",
        "title": f"Next release {name}",
        "modes": [{"id": "done", "points": 1}],
        "scoring": {"section": "sum", "overall": "minimum"},
        "sections": [{"id": "release", "items": [*requirements, *customers]}],
    }


def _item(kind: str, number: int, weight: int, effort: int, needs: Sequence[int]) -> dict[str, Any]:
    mode: dict[str, Any] = {"effort_days": effort}
    if needs:
        mode["needs"] = [f"requirement-{n}@done" for n in needs]
    title = f"{kind.capitalize()} {number}"
    return {"id": f"{kind}-{number}", "title": title, "weight": weight, "modes": {"done": mode}}


def write_files(instance: Instance, folder: Path, name: str) -> None:
    """Write the problem as `rubric.yaml`, with an assessment that claims nothing."""
    write_unanswered(folder, name, rubric_of(instance, name))


def run(instance: Instance, folder: Path, percents: Sequence[int]) -> None:
    """Plan for each share of the total cost and print what came out."""
    print(f"{'budget':>12} {'profit':>8} {'status':>9} {'seconds':>8} {'MB':>5}")
    for percent in percents:
        budget = instance.budget(percent)
        done = measure([*PLAN, "--horizon", "0", "--budget", str(budget)], folder)
        profit, status = _outcome(done)
        share = f"{budget} ({percent} %)"
        print(f"{share:>12} {profit:>8} {status:>9} {done.shown:>8} {done.megabytes:5.0f}")


def _outcome(done: Run) -> tuple[str, str]:
    if done.is_late or not done.data:
        print(done.errors.strip(), file=sys.stderr)
        return "-", "stopped" if done.is_late else f"exit {done.code}"
    return f"{done.data['after']['score']}", str(done.data["status"])


def main() -> None:
    """Convert the instance, and run it if asked to."""
    parser = argparse.ArgumentParser(description="A next-release problem as a rubric.")
    parser.add_argument("instance", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--run", nargs="+", type=int, default=[], metavar="PERCENT")
    given = parser.parse_args()
    name = given.instance.stem
    try:
        text = given.instance.read_text(encoding="utf-8", errors="replace")
        instance = parse_instance(text, str(given.instance))
        write_files(instance, given.folder, name)
    except UserError as error:
        sys.exit(f"Error: {error.message}\n  {error.fix}")
    except OSError as error:
        sys.exit(f"Error: {error.filename} cannot be read or written: {error.strerror}")
    print(
        f"{name}: {len(instance.costs)} requirements, {len(instance.customers)} customers, "
        f"total cost {sum(instance.costs)}"
    )
    if given.run:
        run(instance, given.folder, given.run)


if __name__ == "__main__":
    main()
