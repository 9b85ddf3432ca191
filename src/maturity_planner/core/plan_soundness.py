"""What no single value of a plan file shows: items and modes that there are not, no step up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Fault, Place, suggestion
from .rubric import NONE, Rubric


def of_other_rubric(kind: str, made_for: str, *rubrics: str) -> Fault:
    """Return the fault of a plan, or a roadmap, of a rubric that the assessment does not name."""
    named = '", "'.join(rubrics)
    message = f'this {kind} is for the rubric "{made_for}", the assessment for "{named}"'
    return Fault(message, f"Make it again: maturity-planner {kind}", ("rubric",))


def plan_faults(document: Mapping[str, Any], rubric: Rubric) -> list[Fault]:
    """Return every fault of a plan whose shape is right, against its rubric."""
    faults: list[Fault] = []
    seen: set[str] = set()
    for n, upgrade in enumerate(document.get("upgrades") or ()):
        path: Place = ("upgrades", n)
        if not upgrade or not upgrade.get("item"):
            continue
        item = rubric.items.get(upgrade["item"])
        if item is None:
            faults.append(
                Fault(
                    f'unknown item "{upgrade["item"]}"',
                    suggestion(upgrade["item"], rubric.items, kind=f"Items of {rubric.id}"),
                    (*path, "item"),
                )
            )
            continue
        if item.id in seen:
            faults.append(
                Fault(
                    f'item "{item.id}" is upgraded twice', "Keep one of the two.", (*path, "item")
                )
            )
        seen.add(item.id)
        if upgrade.get("section") not in (None, item.section):
            faults.append(
                Fault(
                    f'item "{item.id}" is not in the section "{upgrade["section"]}"',
                    f'It is in "{item.section}".',
                    (*path, "section"),
                )
            )
        modes = [NONE, *item.modes]
        given = {key: upgrade[key] for key in ("from", "to") if upgrade.get(key)}
        wrong = {key: mode for key, mode in given.items() if mode not in modes}
        for key, mode in wrong.items():
            faults.append(
                Fault(
                    f'unknown mode "{mode}" of item "{item.id}"',
                    suggestion(mode, modes, kind="Modes"),
                    (*path, key),
                )
            )
        if len(given) == 2 and not wrong and item.rank(upgrade["to"]) <= item.rank(upgrade["from"]):
            faults.append(
                Fault(
                    f'"{upgrade["to"]}" of item "{item.id}" is no higher than "{upgrade["from"]}"',
                    "An upgrade leads to a higher mode.",
                    (*path, "to"),
                )
            )
    return faults
