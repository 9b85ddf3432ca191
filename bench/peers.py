"""Two other ways to choose upgrades: `python bench/peers.py cbc|greedy FOLDER TARGET`.

`cbc` states the same problem, least cost alone, as plainly as PuLP allows, and has CBC solve it to
a gap of 0. `greedy` is what one does by hand: in the weakest section, take what brings most points
a day, with what it still needs. Both read the files as we do and print JSON. They know what the
generated rubrics hold: the rules sum and minimum, needs of a single item, no waivers.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from maturity_planner.core.assessment import Assessment
from maturity_planner.core.plan import COST_UNIT, upgrade_cost
from maturity_planner.core.rubric import Item, ItemId, ModeId, ModeRef, Rubric
from maturity_planner.core.score import UNIT, modes_today
from maturity_planner.files import load_assessment, load_rubric

HORIZON = Fraction(4)
Modes = dict[ItemId, ModeId]


def main() -> None:
    """Read the files, choose, print the cost in days and what is claimed about it."""
    name, folder, target = sys.argv[1], Path(sys.argv[2]), Fraction(sys.argv[3])
    path = folder / "rubric.yaml"
    rubric = load_rubric(path)
    today = datetime.datetime.now(datetime.UTC).date()
    assessment = load_assessment(folder / "assessment.yaml", rubric, path, today)
    wanted = int(target * UNIT)
    status, final = {"cbc": by_cbc, "greedy": by_greed}[name](rubric, assessment, wanted)
    cost = sum(_cost(assessment, item, final[item.id]) for item in rubric.items.values())
    print(json.dumps({"status": status, "cost_days": cost / COST_UNIT}))


def by_cbc(rubric: Rubric, assessment: Assessment, wanted: int) -> tuple[str, Modes]:
    """Return the final modes of a cheapest plan: one binary for each item and higher mode."""
    import pulp

    today = modes_today(rubric, assessment)
    problem = pulp.LpProblem("upgrades", pulp.LpMinimize)
    chosen: dict[ItemId, dict[ModeId, Any]] = {}
    for item in rubric.items.values():
        higher = [mode for mode in item.modes if item.rank(mode) > item.rank(today[item.id])]
        chosen[item.id] = {
            mode: problem.add_variable(f"{item.id}_{mode}", cat=pulp.LpBinary) for mode in higher
        }
    problem += pulp.lpSum(
        _cost(assessment, rubric.items[name], mode) * variable
        for name, own in chosen.items()
        for mode, variable in own.items()
    )
    for item in rubric.items.values():
        problem += pulp.lpSum(chosen[item.id].values()) <= 1
        for mode in chosen[item.id]:
            for ref in _needs(item, mode):
                needed = rubric.items[ref.item]
                if needed.rank(today[ref.item]) < needed.rank(ref.mode):
                    reached = [
                        variable
                        for other, variable in chosen[ref.item].items()
                        if needed.rank(other) >= needed.rank(ref.mode)
                    ]
                    problem += chosen[item.id][mode] <= pulp.lpSum(reached)
    for section in rubric.sections:
        points = [item.points(today[item.id]) for item in section.items]
        problem += (
            pulp.lpSum(
                (item.points(mode) - item.points(today[item.id])) // _POINTS * variable
                for item in section.items
                for mode, variable in chosen[item.id].items()
            )
            >= (wanted - sum(points)) // _POINTS
        )
    problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=0, threads=1))
    taken = {
        name: mode
        for name, own in chosen.items()
        for mode, variable in own.items()
        if variable.value() > 0.5
    }
    return str(pulp.LpStatus[problem.status]).lower(), today | taken


def by_greed(rubric: Rubric, assessment: Assessment, wanted: int) -> tuple[str, Modes]:
    """Return the final modes after the best points a day, again and again, where it is weakest."""
    now = modes_today(rubric, assessment)
    while True:
        scores = [sum(i.points(now[i.id]) for i in section.items) for section in rubric.sections]
        weakest = min(range(len(scores)), key=scores.__getitem__)
        if scores[weakest] >= wanted:
            return "unproven", now
        section = rubric.sections[weakest]
        best: tuple[Fraction, Modes] | None = None
        for item in section.items:
            for mode in item.modes:
                if item.rank(mode) > item.rank(now[item.id]):
                    raised = _closure(rubric, now, ModeRef(item.id, mode))
                    rate = _rate(rubric, assessment, now, raised, section.id)
                    if best is None or rate > best[0]:
                        best = rate, raised
        assert best is not None, "the target cannot be reached"
        now |= best[1]


_POINTS = UNIT // 100
"""Hundredths of a point: small numbers for a solver that computes in floating point."""


def _needs(item: Item, mode: ModeId) -> Iterator[ModeRef]:
    """Yield what an upgrade to the mode needs."""
    for need in item.needs(mode):
        if need.hard:
            (ref,) = need.any_of
            yield ref


def _closure(rubric: Rubric, now: Modes, wanted: ModeRef) -> Modes:
    """Return the modes to raise so that the wanted one and all its needs hold."""
    raised: Modes = {}
    waiting = [wanted]
    while waiting:
        ref = waiting.pop()
        item = rubric.items[ref.item]
        if item.rank(raised.get(item.id, now[item.id])) < item.rank(ref.mode):
            raised[item.id] = ref.mode
            waiting += _needs(item, ref.mode)
    return raised


def _rate(
    rubric: Rubric, assessment: Assessment, now: Modes, raised: Modes, section: str
) -> Fraction:
    """Return the points that the raised modes bring the section, for each day that they cost.

    An item raised for the second time costs the difference only.
    """
    points = days = 0
    for name, mode in raised.items():
        item = rubric.items[name]
        days += _cost(assessment, item, mode) - _cost(assessment, item, now[name])
        if item.section == section:
            points += item.points(mode) - item.points(now[name])
    return Fraction(points, max(days, 1))


def _cost(assessment: Assessment, item: Item, mode: ModeId) -> int:
    """Return what the item costs, from today to the mode, in 1e-4 days."""
    if mode == assessment.mode(item):
        return 0
    return upgrade_cost(assessment, item, mode, HORIZON)[0]


if __name__ == "__main__":
    main()
