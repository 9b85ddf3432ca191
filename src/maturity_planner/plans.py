"""`plan.yaml`: written by `plan`, read by everything that deals with tickets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .checking import checked
from .core.assessment import Assessment
from .core.plan import COST_UNIT, Upgrade
from .core.quantity import to_cents
from .core.rubric import ItemId, ModeId, Rubric, parse_ref
from .core.score import UNIT
from .documents import dump_yaml, parse_yaml
from .errors import PlanError, UserError, suggestion
from .files import read_text, write_atomic
from .outputs import plan_id

HEADER = """\
# Made by `maturity-planner plan`. Make it again instead of editing it: the assessment and the
# settings are what it follows from.
schema: maturity-planner/plan/v1
"""


@dataclass(frozen=True, slots=True)
class PlanOnFile:
    """A plan as it was written: its identity in trackers, what for, and the upgrades."""

    id: str
    system: str
    rubric: str
    target: Fraction | None
    upgrades: tuple[Upgrade, ...]


def write_plan(path: Path, data: Mapping[str, Any], assessment: Assessment, rubric: Rubric) -> None:
    """Write the plan; one that replaces a plan for the same rubric keeps its identity."""
    identity = plan_id(assessment.system, rubric)
    if path.exists():
        try:
            old = parse_yaml(read_text(path, PlanError)).data
        except UserError:
            old = None
        if isinstance(old, dict) and old.get("rubric") == rubric.id:
            kept = str(old.get("id"))
            identity = kept if re.fullmatch("[0-9a-f]{8}", kept) else identity
    whole = {"id": identity, "system": assessment.system, "rubric": rubric.id, **data}
    write_atomic(path, HEADER + dump_yaml(whole))


def load_plan(path: Path, rubric: Rubric) -> PlanOnFile:
    """Return the plan in the file, its upgrades found in the rubric.

    Raises:
        PlanError: no plan yet, faults in it, or it was made for another rubric.
    """
    if not path.exists():
        raise PlanError(
            f"there is no plan: {path} does not exist",
            fix="Make one first: maturity-planner plan --target T",
        )
    data = checked("plan", read_text(path, PlanError), str(path), parse=parse_yaml, error=PlanError)
    if data["rubric"] != rubric.id:
        raise PlanError(
            f'{path} was made for the rubric "{data["rubric"]}", the assessment is for "{rubric.id}"',
            fix="Make it again: maturity-planner plan",
        )
    return PlanOnFile(
        id=data["id"],
        system=data["system"],
        rubric=data["rubric"],
        target=None if data["target"] is None else Fraction(data["target"]),
        upgrades=tuple(_upgrade(given, rubric, path) for given in data["upgrades"]),
    )


def _upgrade(given: Mapping[str, Any], rubric: Rubric, path: Path) -> Upgrade:
    item = rubric.items.get(ItemId(given["item"]))
    if item is None or given["to"] not in item.modes:
        name = f"{given['item']}@{given['to']}"
        raise PlanError(
            f'{path} plans "{name}", which is not in the rubric "{rubric.id}"',
            fix=suggestion(given["item"], rubric.items, kind="Items")
            + " Make the plan again: maturity-planner plan",
        )
    return Upgrade(
        item=item,
        from_mode=ModeId(given["from"]),
        to_mode=ModeId(given["to"]),
        cost=int(Fraction(given["cost_days"]) * COST_UNIT),
        effort=to_cents(Fraction(given["effort_days"])),
        points=int(Fraction(given["points"]) * UNIT),
        why=given["why"],
        needed_by=tuple(parse_ref(ref) for ref in given["needed_by"]),
    )
