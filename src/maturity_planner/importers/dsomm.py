"""OWASP DSOMM: the generated model, one document or two, as a rubric of ours.

Dimensions hold sub-dimensions, these hold activities. A section is either of the two; an item is
an activity, done or not. The model has no score of its own, so a section's score is its level and
the lowest one counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

from ..core.quantity import shown
from ..errors import RubricError
from .dsomm_activities import LEVELS, Activity, Difficulty, LeftOut, read_activity
from .dsomm_needs import Break, find_needs
from .findings import Findings
from .imported import Imported, comments, decimal
from .reading import Node
from .words import MOST_TEXT, Names, cut, one_line, told_apart
from .writing import Useful

MODE = "implemented"
MOST_PLACE = 140  # so that dimension and sub-dimension fit into one title
BASE_DAYS = tuple(Fraction(days) for days in (1, 3, 8, 20, 40))


class Grouping(StrEnum):
    """What becomes a section."""

    DIMENSION = "dimension"
    SUB_DIMENSION = "sub-dimension"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a model is taken over: its sections, the days for each `time`, needs to leave out."""

    grouping: Grouping = Grouping.SUB_DIMENSION
    days: Sequence[Fraction] = BASE_DAYS
    breaks: Sequence[Break] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """The activities of a file in its order, those left out, and what its header says."""

    activities: tuple[Activity, ...]
    left_out: tuple[LeftOut, ...]
    version: str
    released: str
    publisher: str


def read_model(path: Path) -> tuple[Model, Findings]:
    """Return the model in the file, with what is wrong with it.

    Raises:
        RubricError: the file holds no model.
    """
    if path.is_dir():
        raise RubricError(
            f"{path} is a folder", fix="Name the generated file in it, often generated/model.yaml."
        )
    findings = Findings()
    source = findings.read(path)
    documents = [Node(source, one, one.data) for one in source.documents if one.data is not None]
    headers = [node.get("meta") for node in documents if _is_header(node)]
    models = [node for node in documents if not _is_header(node)]
    for node in (*headers[1:], *models[1:]):
        if node is not None:
            message = "this document is one too many; it is left out"
            findings.fault(node, message, "Remove it, or merge it into the first one.")
    names = Names()
    read = list(_activities(models[0], findings, names)) if models else []
    found = tuple(one for one in read if isinstance(one, Activity))
    left_out = tuple(one for one in read if isinstance(one, LeftOut))
    if not found:
        raise RubricError(
            f"{path} holds no activity: dimensions hold sub-dimensions, these hold activities",
            fix="Name the generated model of DSOMM, often generated/model.yaml.",
            faults=findings.sorted_faults(),
        )
    version = released = publisher = ""
    if header := next(iter(headers), None):
        version = findings.line(header, "version")
        released = findings.line(header, "released")
        publisher = findings.line(header, "publisher")
    return Model(found, left_out, version, released, publisher), findings


def as_rubric(path: Path, model: Model, findings: Findings, choice: Choice) -> Imported:
    """Return a model that was read as a rubric.

    Raises:
        UsageError: a need that is to be left out is not there.
    """
    needs = find_needs(model.activities, model.left_out, findings, choice.breaks)
    document = {
        "schema": "maturity-planner/rubric/v1",
        "id": "dsomm",
        "title": "DevSecOps Maturity Model (DSOMM)",
        **({"version": model.version} if model.version else {}),
        **({"source": model.publisher} if model.publisher else {}),
        "notes": _notes(choice.days),
        "modes": [{"id": MODE, "title": "Implemented", "points": 1}],
        "scoring": {"section": "levels", "overall": "minimum"},
        "sections": list(_sections(model.activities, needs, choice)),
    }
    origin = f"{path.name}, version {model.version or 'unknown'}"
    if model.released:
        origin += f" of {model.released}"
    broken = [f"Left out (--break): {item} needs {need}" for item, need in choice.breaks]
    head = comments("import dsomm", origin, _formula(choice.days), *broken)
    return Imported(document, head, findings)


def _is_header(node: Node) -> bool:
    return isinstance(node.value, dict) and list(node.value) == ["meta"]


def _activities(model: Node, findings: Findings, names: Names) -> Iterator[Activity | LeftOut]:
    for dimension, inside in _named(model, findings, "dimension"):
        for group, activities in _named(inside, findings, "sub-dimension"):
            for name, node in activities.items():
                if not name.startswith("_"):
                    yield read_activity((dimension, group, name), node, findings, names)


def _named(node: Node, findings: Findings, kind: str) -> Iterator[tuple[str, Node]]:
    """Yield what the mapping holds by name; keys that start with _ say something about it."""
    if not isinstance(node.value, dict):
        message = f"this should hold one {kind} or more by name; it is left out"
        findings.fault(node, message, "Write each as a mapping under its name, or remove this.")
        return
    for key, inner in node.items():
        if key.startswith("_"):
            continue
        findings.cut(inner, "the name", one_line(key), MOST_PLACE)
        if isinstance(inner.value, dict):
            yield key, inner
        else:
            held = f"is {inner.kind}, no mapping" if inner.value else "has nothing in it"
            message = f'{kind} "{one_line(key)[:60]}" {held}; left out'
            findings.fault(inner, message, "Put what it holds under its name, or remove it.")


def _sections(
    activities: Sequence[Activity], needs: Mapping[str, Sequence[str]], choice: Choice
) -> Iterator[dict[str, Any]]:
    """Yield the sections in the order of the file, which has each dimension in one place."""
    by_dimension = choice.grouping is Grouping.DIMENSION
    names = Names()
    places = [(one.title, f"{one.dimension}: {one.group}") for one in activities]
    ids = [one.id for one in activities]
    titles = dict(zip(ids, told_apart(places), strict=True))
    inner = Counter(group for _, group in {(one.dimension, one.group) for one in activities})
    for (dimension, group), own in groupby(
        activities, key=lambda one: (one.dimension, "" if by_dimension else one.group)
    ):
        outer, own_name = (cut(one_line(name), MOST_PLACE) for name in (dimension, group))
        title = outer if by_dimension else own_name
        if not by_dimension and inner[group] > 1:
            title = f"{outer}: {own_name}"
        yield {
            "id": names.unique(title),
            "title": title or "Untitled",
            "items": [_item(one, titles[one.id], needs[one.id], choice.days) for one in own],
        }


def _item(
    activity: Activity, title: str, needs: Sequence[str], days: Sequence[Fraction]
) -> dict[str, Any]:
    mode: dict[str, Any] = {"effort_days": decimal(effort(activity.difficulty, days))}
    mode["basis"] = "derived"
    if activity.acceptance:
        mode["acceptance"] = list(activity.acceptance)
    if needs:
        mode["needs"] = [f"{need}@{MODE}" for need in needs]
    item: dict[str, Any] = {
        "id": activity.id,
        "title": title,
        "summary": cut("\n\n".join(filter(None, _summary(activity))), MOST_TEXT),
        "level": activity.level,
        "weight": Useful(activity.usefulness),
    }
    if activity.tools:
        item["tools"] = list(activity.tools)
    return item | {"modes": {MODE: mode}}


def _summary(activity: Activity) -> Iterator[str]:
    yield activity.measure
    yield f"Risk: {activity.risk}" if activity.risk else ""
    yield activity.description
    hard = activity.difficulty
    yield (
        f"Usefulness {activity.usefulness} of 5. Difficulty: knowledge {hard.knowledge}, time "
        f"{hard.time}, resources {hard.resources} of 5; resources are not in the days."
    )


def effort(difficulty: Difficulty, days: Sequence[Fraction]) -> Fraction:
    """Return the days: those for `time`, a tenth more for each step of `knowledge` above 1.

    >>> effort(Difficulty(knowledge=2, time=3, resources=5), BASE_DAYS)
    Fraction(44, 5)
    """
    return days[difficulty.time - 1] * Fraction(9 + difficulty.knowledge, 10)


def _formula(days: Sequence[Fraction]) -> str:
    base = ", ".join(shown(one, 4) for one in days)
    return f"days = base x (1 + 0.1 x (knowledge - 1)); base for time 1 to {LEVELS}: {base}"


def _notes(days: Sequence[Fraction]) -> str:
    return (
        "An activity counts when it is implemented in full. The model has no score of its own: a "
        "section is at the highest level up to which all of its activities are implemented, and "
        "the lowest section counts. The weight of an item is its usefulness; levels leave it "
        "aside, and plans that cost the same are told apart by it. The days are derived: "
        f"{_formula(days)}. Resources are money and tools, and not in the days."
    )
