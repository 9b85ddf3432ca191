"""`plan.yaml`: written by `plan`, read by everything that deals with tickets."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from .checking import checked, faults_of
from .core.assessment import Assessment
from .core.drift import changes_since
from .core.plan import COST_UNIT, Upgrade
from .core.plan_soundness import of_other_rubric, plan_faults
from .core.quantity import shown, to_cents
from .core.rubric import ItemId, ModeId, Rubric, parse_ref
from .core.score import UNIT
from .documents import Unreadable, dump_yaml, parse_yaml
from .errors import PlanError
from .files import read_text, write_atomic
from .remembered import parse_known_yaml

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
    horizon: Fraction = Fraction(4)
    is_proven: bool = True
    before: Mapping[str, Fraction] = field(default_factory=dict)
    """The score of each section when it was made."""


def write_plan(path: Path, data: Mapping[str, Any], assessment: Assessment, rubric: Rubric) -> None:
    """Write the plan; one that replaces a plan for the same rubric keeps its identity.

    Raises:
        PlanError: what stands there is no plan, and would be lost.
    """
    write_atomic(path, plan_text(path, data, assessment, rubric))


def plan_text(path: Path, data: Mapping[str, Any], assessment: Assessment, rubric: Rubric) -> str:
    """Return the text of a plan with the identity of the one that is at the path.

    Raises:
        PlanError: what stands there is no plan.
    """
    identity = _kept_id(path, rubric) or plan_id(assessment.system, rubric)
    whole = {"id": identity, "system": assessment.system, "rubric": rubric.id, **data}
    return HEADER + dump_yaml(whole)


def _kept_id(path: Path, rubric: Rubric) -> str:
    """Return the id of the plan that is there already, or nothing when it is for another rubric."""
    if not os.path.isfile(path):  # noqa: PTH113 (unlike Path's, never raises)
        return ""
    text = read_text(path, PlanError)
    if text.strip() and "maturity-planner/plan/v1" not in text:
        raise PlanError(
            f"{path} is no plan, and writing one would replace it",
            fix="Name another file with -o, or move this one away.",
        )
    try:
        old = parse_yaml(text).data
    except Unreadable:  # a plan with a merge conflict, say, is made again
        return ""
    if not isinstance(old, dict) or old.get("rubric") != rubric.id:
        return ""
    found = re.fullmatch("[0-9a-f]{8}", str(old.get("id")))
    return found[0] if found else ""


def planned_rubric(path: Path) -> str:
    """Return the rubric that a plan was made for; nothing where there is none to read it from."""
    try:
        data = parse_yaml(read_text(path, PlanError)).data
    except (PlanError, Unreadable):
        return ""
    return str(data.get("rubric") or "") if isinstance(data, dict) else ""


def load_plan(path: Path, rubric: Rubric) -> PlanOnFile:
    """Return the plan in the file, its upgrades found in the rubric.

    Raises:
        PlanError: no plan yet, faults in it, or it was made for another rubric.
    """
    if not os.path.lexists(path):
        raise PlanError(
            f"there is no plan: {path} does not exist",
            fix="Make one first: maturity-planner plan --target T",
        )
    text = read_text(path, PlanError)
    data = checked("plan", text, str(path), parse=parse_known_yaml, error=PlanError)
    if data["rubric"] != rubric.id:
        fault = of_other_rubric("plan", data["rubric"], rubric.id)
        raise PlanError(fault.message, fix=fault.fix, where=str(path))
    if plan_faults(data, rubric):
        faults, _ = faults_of(
            "plan",
            text,
            str(path),
            parse=parse_yaml,
            sound=lambda document: plan_faults(document, rubric),
        )
        raise PlanError(
            f'{path} does not fit the rubric "{rubric.id}"',
            fix="Make it again: maturity-planner plan",
            faults=faults,
        )
    return PlanOnFile(
        id=data["id"],
        system=data["system"],
        rubric=data["rubric"],
        target=None if data["target"] is None else Fraction(data["target"]),
        upgrades=tuple(_upgrade(given, rubric) for given in data["upgrades"]),
        horizon=Fraction(data["horizon_quarters"]),
        is_proven=data["status"] == "optimal",
        before={part: Fraction(score) for part, score in data["before"]["sections"].items()},
    )


def out_of_date(plan: PlanOnFile, rubric: Rubric, assessment: Assessment) -> str:
    """Return that a plan was made before the assessment changed; nothing for one that fits it.

    Names two changes at most.
    """
    found = list(changes_since(rubric, assessment, plan.upgrades, plan.before))
    if not found:
        return ""
    more = f"; {len(found) - 2} more" if len(found) > 2 else ""
    return f"made before the assessment changed ({'; '.join(found[:2])}{more})"


def make_again(plan: PlanOnFile, own_target: Fraction | None) -> str:
    """Return how to make a plan for the same target again; the settings' needs no option."""
    if plan.target in (None, own_target):
        return "Make it again: maturity-planner plan"
    return f"Make it again: maturity-planner plan --target {shown(plan.target, 4)}"


def _upgrade(given: Mapping[str, Any], rubric: Rubric) -> Upgrade:
    return Upgrade(
        item=rubric.items[ItemId(given["item"])],
        from_mode=ModeId(given["from"]),
        to_mode=ModeId(given["to"]),
        cost=int(Fraction(given["cost_days"]) * COST_UNIT),
        effort=to_cents(Fraction(given["effort_days"])),
        points=int(Fraction(given["points"]) * UNIT),
        why=given["why"],
        needed_by=tuple(parse_ref(ref) for ref in given["needed_by"]),
    )


def plan_id(system: str, rubric: Rubric) -> str:
    """Return the eight digits that name the plans of one system against one rubric.

    They follow from the two names and not from the plan, so that tickets keep their identity
    when the plan is made again, on any machine.
    """
    return hashlib.sha256(f"{system}\n{rubric.id}".encode()).hexdigest()[:8]
