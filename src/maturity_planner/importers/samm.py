"""OWASP SAMM: the folder of small files as a rubric of ours that scores exactly as SAMM does.

Practices become sections, activities items, and what an answer is worth a mode. An item's weight
is one over the number of activities at its level of its practice, so that a level scores the mean
of its streams, and a practice the sum of its levels. A practice's weight is one over the number
of practices of its function, so that the overall score is the mean of the functions' means.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from ..core.quantity import MOST_POINTS, POINT, shown
from ..errors import RubricError
from .findings import Findings
from .imported import Imported, comments, decimal
from .reading import Node
from .samm_answers import Answers, answers_of, read_answers
from .samm_checks import check_model
from .samm_records import Activity, Model, Practice, read_model, text
from .words import MOST_TEXT, Names, fit_text, slug, told_apart

LEVEL_DAYS = tuple(Fraction(days) for days in (5, 10, 20))
MOST_MODES = 50
MOST_CRITERIA = 100
MOST_RELATED = 20
_MODES = {Fraction(1, 4): "quarter", Fraction(1, 2): "half", Fraction(1): "full"}


class Order(StrEnum):
    """What the order of levels inside a stream becomes: needs of a kind, or nothing."""

    SOFT = "soft"
    HARD = "hard"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a model is taken over: the order in a stream, the full days of each level."""

    order: Order = Order.SOFT
    days: Sequence[Fraction] = LEVEL_DAYS


class _Item(NamedTuple):
    """An activity with its id and title in our file, its answers and its weight."""

    activity: Activity
    id: str
    title: str
    answers: Answers
    weight: Decimal


def import_samm(path: Path, choice: Choice) -> Imported:
    """Return the model in the folder as a rubric.

    Raises:
        RubricError: the folder holds no model.
    """
    findings = Findings()
    model = read_model(path, findings)
    check_model(model, findings)
    items = _items(model, findings)
    if not items:
        raise RubricError(
            f"{path} holds no activity that has a practice, a stream and a level",
            fix="Name a whole copy of the model.",
            faults=findings.sorted_faults(),
        )
    values = sorted({value for one in items.values() for value in one.answers})
    if len(values) > MOST_MODES:
        raise RubricError(
            f"the answers of {path} have more than {MOST_MODES} different values",
            fix="The values of SAMM are 0, 0.25, 0.5 and 1.",
        )
    document = {
        "schema": "maturity-planner/rubric/v1",
        "id": "samm",
        "title": "Software Assurance Maturity Model (SAMM)",
        **({"version": model.version} if model.version else {}),
        "notes": _notes(choice),
        "modes": [
            {
                "id": _mode(value),
                "title": f"Answer worth {shown(value, 4)}",
                "points": decimal(value),
            }
            for value in values
        ],
        "scoring": {"section": "sum", "overall": "mean"},
        "sections": list(_sections(model, items, choice, findings)),
    }
    origin = f"{path.resolve().name}, version {model.version or 'unknown'}"
    return Imported(document, comments("import samm", origin, _formula(choice.days)), findings)


def _mode(value: Fraction) -> str:
    return _MODES.get(value) or f"worth-{slug(shown(value, 4))}"


def _items(model: Model, findings: Findings) -> dict[str, _Item]:
    """Return the items by the model's ids, in the order of the model."""
    ordered = sorted(model.activities.values(), key=lambda one: _position(one, model))
    codes = Counter(_code(one, model) for one in ordered)
    at_level: dict[tuple[str, int], list[Activity]] = defaultdict(list)
    for one in ordered:
        at_level[one.practice, one.level].append(one)
    weights: dict[str, Decimal] = {}
    for (practice, level), own in at_level.items():
        parts = _shares(len(own))
        weights |= {one.id: part for one, part in zip(own, parts, strict=True)}
        if len(set(parts)) > 1:
            message = (
                f"{len(own)} activities share level {level}: their weights are nearly the same"
            )
            fix = "Nothing to do: the sum is exact, and a share of it has no end in decimals."
            findings.trap(model.practices[practice].node, message, fix)
    names = Names()
    ids = [names.unique(*_code(one, model), _end(one, model, codes)) for one in ordered]
    titles = told_apart([(one.title, name) for one, name in zip(ordered, ids, strict=True)])
    sets = read_answers(model.answer_sets, findings)
    return {
        one.id: _Item(
            one,
            name,
            title,
            answers_of(one, model.answer_sets, sets, findings),
            weights[one.id],
        )
        for one, name, title in zip(ordered, ids, titles, strict=True)
    }


def _end(one: Activity, model: Model, codes: Mapping[tuple[str, ...], int]) -> str:
    """Return what tells an activity from others of its code; nothing where there are none."""
    return one.id[-8:] if codes[_code(one, model)] > 1 else ""


def _position(one: Activity, model: Model) -> tuple[object, ...]:
    practice = model.practices[one.practice]
    return (
        *(practice.function_title, practice.function, practice.title, one.practice),
        *(one.stream_title.order, one.letter, one.stream, one.level, one.title, one.id),
    )


def _code(one: Activity, model: Model) -> tuple[str, ...]:
    """Return what the model's own spreadsheet calls an activity, like G, SM, A, 1."""
    practice = model.practices[one.practice]
    letter = slug(practice.function_title.name)[:1]
    return (
        letter,
        practice.short or practice.title.name,
        one.letter or one.stream_title.name,
        str(one.level),
    )


def _shares(count: int) -> list[Decimal]:
    """Return parts of 1 in units of 1e-4 that sum up to exactly 1.

    >>> _shares(3)
    [Decimal('0.3334'), Decimal('0.3333'), Decimal('0.3333')]
    """
    each, rest = divmod(POINT, count)
    return [decimal(Fraction(each + (n < rest), POINT)) for n in range(count)]


def _sections(
    model: Model, items: Mapping[str, _Item], choice: Choice, findings: Findings
) -> Iterator[dict[str, Any]]:
    by_practice: dict[str, list[_Item]] = defaultdict(list)
    for item in items.values():
        by_practice[item.activity.practice].append(item)
    for key, practice in model.practices.items():
        if key not in by_practice:
            message = f'the practice "{practice.title.name}" has no activity and is left out'
            findings.fault(practice.node, message, "Add its activities, or remove it.")
    weights = _weights([model.practices[key] for key in by_practice], findings)
    names = Names()
    for key, own in by_practice.items():
        practice = model.practices[key]
        yield {
            "id": names.unique(practice.title.name),
            "title": practice.title.name,
            "weight": weights[practice.function],
            "items": [_item(item, own, items, choice, findings) for item in own],
        }


def _weights(practices: Sequence[Practice], findings: Findings) -> dict[str, Decimal]:
    """Return the weight of a practice of each function: in all, each function weighs the same."""
    counts = Counter(practice.function for practice in practices)
    common = math.lcm(*counts.values())
    if common <= MOST_POINTS:
        return {function: Decimal(common // count) for function, count in counts.items()}
    message = "functions of so many sizes weigh only nearly the same"
    findings.trap(practices[0].node, message, "Nothing to do: weights have so many digits only.")
    return {function: Decimal(MOST_POINTS // count) for function, count in counts.items()}


def _item(
    item: _Item,
    beside: Sequence[_Item],
    items: Mapping[str, _Item],
    choice: Choice,
    findings: Findings,
) -> dict[str, Any]:
    one = item.activity
    summary = "\n\n".join(filter(None, _summary(one, items, findings)))
    days = choice.days[min(one.level, len(choice.days)) - 1]
    before = _level_before(one, beside) if choice.order is not Order.NONE else []
    criteria = _criteria(one.question, findings)
    modes = {}
    lower: list[Fraction] = []
    for value, wording in item.answers.items():
        mode: dict[str, Any] = {"effort_days": decimal(days * value)}
        if lower:
            mode["from"] = {_mode(less): decimal(days * (value - less)) for less in lower}
        mode["basis"] = "derived"
        if wording:
            mode["evidence"] = f"The answer is: {wording}"
        if criteria:
            mode["acceptance"] = criteria
        refs = [f"{other.id}@{_as_wide(value, other.answers)}" for other in before]
        if refs:
            mode["needs"] = refs if choice.order is Order.HARD else [{"soft": ref} for ref in refs]
        modes[_mode(value)] = mode
        lower.append(value)
    return {
        "id": item.id,
        "title": item.title,
        "summary": findings.cut(one.node, "all its text", summary, MOST_TEXT),
        "level": one.level,
        "weight": item.weight,
        "modes": modes,
    }


def _level_before(one: Activity, items: Sequence[_Item]) -> list[_Item]:
    """Return what the stream has at the nearest lower level."""
    lower = [
        item
        for item in items
        if item.activity.stream == one.stream and item.activity.level < one.level
    ]
    nearest_level = max((item.activity.level for item in lower), default=0)
    return [item for item in lower if item.activity.level == nearest_level]


def _as_wide(value: Fraction, answers: Answers) -> str:
    """Return the mode worth as much; else the next lower one, else the lowest."""
    return _mode(max((own for own in answers if own <= value), default=min(answers)))


def _criteria(question: Node | None, findings: Findings) -> list[str]:
    given = question.get("quality") if question else None
    if given is None:
        return []
    if not isinstance(given.value, list):
        message = '"quality" should be a list; it is left out'
        findings.fault(given, message, "Write each criterion as `- TEXT`.")
    criteria = []
    for one in given.entries():
        if not isinstance(one.value, str):
            message = f"a criterion should be a text, not {one.kind}; it is left out"
            findings.fault(one, message, "Write it as `- TEXT`.")
        elif fit := fit_text(one.value):
            criteria.append(findings.cut(one, "a criterion", fit, MOST_TEXT))
    if len(criteria) > MOST_CRITERIA:
        message = f"there are more than {MOST_CRITERIA} criteria; the rest is left out"
        findings.fault(given, message, "Merge some of them.")
    return criteria[:MOST_CRITERIA]


def _summary(one: Activity, items: Mapping[str, _Item], findings: Findings) -> Iterator[str]:
    yield text(one.node, "shortDescription", findings)
    yield text(one.node, "longDescription", findings)
    if benefit := text(one.node, "benefit", findings):
        yield f"Benefit: {benefit}"
    if one.question and (asked := text(one.question, "text", findings)):
        yield f"Question: {asked}"
    if related := list(_related(one, items, findings))[:MOST_RELATED]:
        yield "See also: " + ", ".join(related)


def _related(one: Activity, items: Mapping[str, _Item], findings: Findings) -> Iterator[str]:
    """Yield the titles of what the model says to look at, too; none of it is needed."""
    given = one.node.get("relatedActivities")
    for ref in given.entries() if given else ():
        if not isinstance(ref.value, str):
            message = "a related activity should be an id; it is left out"
            findings.fault(ref, message, "Write it as `- ID`.")
        elif ref.value.strip() in items:
            yield items[ref.value.strip()].activity.title
        else:
            message = "this related activity is not there; it is left out"
            findings.fault(ref, message, "Name the id of an activity, or remove this one.")


def _formula(days: Sequence[Fraction]) -> str:
    full = ", ".join(shown(one, 4) for one in days)
    return f"days = full days of the level x what the answer is worth; full days: {full}"


def _notes(choice: Choice) -> str:
    order = {
        Order.SOFT: "Levels in a stream go better in their order; nothing enforces it.",
        Order.HARD: "An answer in a stream needs one worth as much at the level before.",
        Order.NONE: "",
    }[choice.order]
    return (
        "An answer is worth 0.25, 0.5 or 1. A level of a practice scores the mean of its streams, "
        "a practice the sum of its levels, a function the mean of its practices, and the whole "
        "the mean of the functions. An answer may be claimed only when all acceptance criteria "
        f"hold. {order} The days are derived: {_formula(choice.days)}."
    ).replace("  ", " ")
