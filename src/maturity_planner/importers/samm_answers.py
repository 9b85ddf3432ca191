"""The answers of SAMM: what each is worth, and how it is worded."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..core.quantity import POINT, as_fraction, shown
from .findings import Findings
from .reading import Node
from .samm_records import Activity, Records, linked

STANDARD = {Fraction(1, 4): "", Fraction(1, 2): "", Fraction(1): ""}
_WORTH = (Fraction(0), *STANDARD)
_ALL = "0, 0.25, 0.5 and 1"
_FIELDS = ("text", "value", "weight", "order")

Answers = Mapping[Fraction, str]
"""What answers above 0 are worth, rising, and how they are worded."""


def read_answers(sets: Records, findings: Findings) -> dict[str, Answers]:
    """Return the answers of each set; those of SAMM for a set that has none."""
    return {key: _answers(node, findings) for key, node in sets.items()}


def answers_of(
    one: Activity, nodes: Records, sets: Mapping[str, Answers], findings: Findings
) -> Answers:
    """Return the answers to the question of an activity; those of SAMM where it has none."""
    if one.question and linked(one.question, "answerSet", nodes, findings):
        return sets[findings.text(one.question, "answerSet")]
    return STANDARD


def _answers(node: Node, findings: Findings) -> Answers:
    answers: dict[Fraction, str] = {}
    values = node.get("values")
    for one in values.entries() if values else ():
        value = _value(one, findings)
        if value is None:
            continue
        if value in answers:
            message = f"two answers are worth {shown(value, 4)}; one is left out"
            findings.fault(one, message, f"The answers of SAMM are worth {_ALL}.")
        else:
            answers[value] = findings.line(one, "text")
    missing = [shown(value, 4) for value in _WORTH if value not in answers]
    if not any(answers):
        message = "no answer of this set is worth anything; those of SAMM are taken"
        findings.fault(node, message, f"The answers of SAMM are worth {_ALL}.")
        return STANDARD
    if missing:
        message = f"this set has no answer worth {' or '.join(missing)}"
        findings.fault(values or node, message, f"The answers of SAMM are worth {_ALL}.")
    return {value: answers[value] for value in sorted(answers) if value}


def _value(one: Node, findings: Findings) -> Fraction | None:
    """Return what an answer is worth; tells what SAMM has otherwise."""
    findings.slips(one, _FIELDS)
    fix = f"The answers of SAMM are worth {_ALL}."
    value = as_fraction(findings.text(one, "value") or "none")
    if value is None or not 0 <= value <= 1 or (value * POINT).denominator != 1:
        findings.fault(one, "an answer is worth 0 to 1; this one is left out", fix)
        return None
    if value not in _WORTH:
        place = one.get("value") or one
        findings.fault(place, f"an answer is worth {shown(value, 4)}; it is taken so", fix)
    weight = one.get("weight")
    if weight and (not isinstance(weight.value, str) or as_fraction(weight.value) != 1):
        message = "the weight of an answer should be 1; it is left aside"
        findings.fault(weight, message, "Only its value counts.")
    return value
