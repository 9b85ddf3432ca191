"""The small files of SAMM, joined by their ids: who belongs to whom, and at which level.

A record whose id is missing, or whose owner is not there, is told and left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..documents import Document
from ..errors import RubricError
from .findings import Findings
from .reading import Node, see_file
from .words import MOST_LINE, cut, one_line

FOLDERS = {
    "business_functions": "Function",
    "security_practices": "Practice",
    "streams": "Stream",
    "maturity_levels": "MaturityLevel",
    "practice_levels": "PracticeLevel",
    "activities": "Activity",
    "questions": "Question",
    "answer_sets": "AnswerSet",
}
"""The folders of a model, and the `type` of what is in them."""

_FIELDS = {
    "Function": ("id", "model", "name", "description", "color", "logo", "order", "type"),
    "Practice": (
        *("id", "function", "name", "shortName", "shortDescription", "longDescription"),
        *("order", "assignee", "progress", "type"),
    ),
    "Stream": ("id", "practice", "name", "letter", "description", "order", "type"),
    "MaturityLevel": ("id", "number", "description", "type"),
    "PracticeLevel": ("id", "practice", "maturityLevel", "objective", "type"),
    "Activity": (
        *("id", "stream", "level", "title", "benefit", "shortDescription", "longDescription"),
        *("results", "metrics", "costs", "personnel", "notes", "relatedActivities", "type"),
    ),
    "Question": ("id", "activity", "answerSet", "text", "order", "quality", "type"),
    "AnswerSet": ("id", "values", "type"),
}

MOST_FILES = 5_000
LAST = 10**9
LEVELS = 3
_PLACEHOLDERS = ("tbs", "tbs.", "tbd", "tbd.", "none")

Records = Mapping[str, Node]


class Title(NamedTuple):
    """What orders and names a record."""

    order: int
    name: str


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice with its function's id and name."""

    node: Node
    title: Title
    short: str
    function: str
    function_title: Title


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity of a stream of a practice at a level; `id` is the model's."""

    id: str
    node: Node
    title: str
    practice: str
    stream: str
    stream_title: Title
    letter: str
    level: int
    question: Node | None


@dataclass(frozen=True, slots=True)
class Model:
    """What a model holds by id."""

    version: str
    functions: Records
    streams: Records
    practice_levels: Records
    practices: Mapping[str, Practice]
    activities: Mapping[str, Activity]
    answer_sets: Records


def read_model(path: Path, findings: Findings) -> Model:
    """Return the model in the folder.

    Raises:
        RubricError: this is no folder of a model.
    """
    see_file(path, RubricError)
    folder = next((one for one in (path, path / "model") if (one / "activities").is_dir()), None)
    if folder is None:
        raise RubricError(
            f"{path} holds no SAMM model",
            fix="Name the folder that has activities/, questions/ and so on in it, often model/.",
        )
    all_records = {name: _records(folder / name, kind, findings) for name, kind in FOLDERS.items()}
    functions = all_records["business_functions"]
    titles = {key: _title(node, findings) for key, node in functions.items()}
    practices = dict(_practices(all_records, titles, findings))
    versions = (findings.line(node, "model") for node in functions.values())
    return Model(
        next(filter(None, versions), ""),
        functions,
        all_records["streams"],
        all_records["practice_levels"],
        practices,
        dict(_activities(all_records, practices, findings)),
        all_records["answer_sets"],
    )


def text(node: Node, key: str, findings: Findings) -> str:
    """Return the text under the key; an empty one for a placeholder."""
    found = findings.body(node, key)
    return "" if found.casefold() in _PLACEHOLDERS else found


def linked(node: Node, key: str, records: Records, findings: Findings) -> Node | None:
    """Return the record whose id stands under the key; tells when there is none."""
    found = findings.text(node, key)
    if not found:
        findings.fault(node, f'there is no "{key}" here, so this is left out', f"Add `{key}: ID`.")
        return None
    if found not in records:
        place = node.get(key) or node
        message = f'"{key}" names {one_line(found)[:40]}, which is not there; this is left out'
        findings.fault(place, message, "Look whether its file is missing or its id was changed.")
        return None
    return records[found]


def _records(folder: Path, kind: str, findings: Findings) -> dict[str, Node]:
    found: dict[str, Node] = {}
    paths = sorted(path for path in folder.glob("*") if path.suffix in (".yml", ".yaml"))
    for path in paths[:MOST_FILES]:
        try:
            source = findings.read(path)
        except RubricError as error:
            findings.unusable(error, str(path))
            continue
        documents = source.documents or [Document(None)]
        for document in documents:
            node = Node(source, document, document.data)
            if key := _id_of(node, kind, found, findings):
                found[key] = node
    return found


def _id_of(node: Node, kind: str, found: Records, findings: Findings) -> str:
    """Return the record's id; an empty one where it has to be left out."""
    if not isinstance(node.value, dict):
        what = "is empty" if node.value is None else "holds no mapping"
        findings.fault(node, f"this file {what}; it is left out", "Fill it in, or remove it.")
        return ""
    own = findings.text(node, "type")
    if own and own != kind:
        message = f'"type" is "{one_line(own)[:40]}" in the folder for "{kind}"; this is left out'
        findings.fault(node.get("type") or node, message, "Move the file to its own folder.")
        return ""
    findings.slips(node, _FIELDS[kind])
    key = findings.text(node, "id")
    if not key:
        findings.fault(node, "this has no id and is left out", "Add `id: ID`.")
        return ""
    if key in found:
        message = f"the id {one_line(key)[:40]} is that of {found[key].source.name}; left out"
        findings.fault(node.get("id") or node, message, "Give one of the two another id.")
        return ""
    return key


def _title(node: Node, findings: Findings) -> Title:
    name = findings.line(node, "name")
    if not name:
        findings.fault(node, "this has no name", "Add `name: NAME`.")
    order = findings.whole(node, "order", 0, LAST)
    return Title(LAST if order is None else order, name or "Untitled")


def _practices(
    records: Mapping[str, Records], titles: Mapping[str, Title], findings: Findings
) -> Iterator[tuple[str, Practice]]:
    for key, node in records["security_practices"].items():
        if function := linked(node, "function", records["business_functions"], findings):
            title = _title(node, findings)
            owner = findings.text(function, "id")
            short = findings.line(node, "shortName")
            yield key, Practice(node, title, short, owner, titles[owner])


def _activities(
    records: Mapping[str, Records], practices: Mapping[str, Practice], findings: Findings
) -> Iterator[tuple[str, Activity]]:
    owners = {key: practice.node for key, practice in practices.items()}
    streams = {
        key: node
        for key, node in records["streams"].items()
        if linked(node, "practice", owners, findings)
    }
    titles = {key: _title(node, findings) for key, node in streams.items()}
    levels = dict(_levels(records, owners, findings))
    at_levels = {key: records["practice_levels"][key] for key in levels}
    questions = _questions(records, findings)
    for key, node in records["activities"].items():
        stream = linked(node, "stream", streams, findings)
        at = linked(node, "level", at_levels, findings)
        if stream is None or at is None:
            continue
        practice, level = levels[findings.text(node, "level")]
        owner = findings.text(stream, "practice")
        if owner != practice:
            message = "its level is one of another practice than its stream's; the stream's counts"
            fix = "Name a level of the stream's practice."
            findings.fault(node.get("level") or node, message, fix)
        title = findings.line(node, "title")
        if not title:
            findings.fault(node, "this activity has no title", "Add `title: TITLE`.")
        if key not in questions:
            message = "no question asks for this activity: it has no acceptance criteria"
            findings.fault(node, message, "Add a question with its id under `activity`.")
        own = findings.text(node, "stream")
        yield (
            key,
            Activity(
                key,
                node,
                cut(title, MOST_LINE) or "Untitled",
                owner,
                own,
                titles[own],
                findings.line(stream, "letter"),
                level,
                questions.get(key),
            ),
        )


def _levels(
    records: Mapping[str, Records], practices: Records, findings: Findings
) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield practice and number of each practice level."""
    numbers: dict[str, int] = {}
    for key, node in records["maturity_levels"].items():
        left_out = "what is at this level is left out"
        number = findings.whole(node, "number", 1, 100, so=left_out)
        if number is not None:
            _tell_number(node, number, numbers.values(), findings)
            numbers[key] = number
        elif node.get("number") is None:
            findings.fault(node, f"this level has no number; {left_out}", "Add `number: 1`.")
    usable = {key: records["maturity_levels"][key] for key in numbers}
    for key, node in records["practice_levels"].items():
        practice = linked(node, "practice", practices, findings)
        if practice and linked(node, "maturityLevel", usable, findings):
            number = numbers[findings.text(node, "maturityLevel")]
            yield key, (findings.text(node, "practice"), number)


def _tell_number(node: Node, number: int, before: Collection[int], findings: Findings) -> None:
    place = node.get("number") or node
    if number > LEVELS:
        message = f"SAMM has the levels 1 to {LEVELS}, and this is {number}"
        findings.fault(place, message, "What is at it is loaded and counts in full.")
    if number in before:
        findings.fault(place, f"another file has the level {number}, too", "Both count as one.")


def _questions(records: Mapping[str, Records], findings: Findings) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in records["questions"].values():
        if linked(node, "activity", records["activities"], findings):
            activity = findings.text(node, "activity")
            if activity in found:
                message = f"{found[activity].source.name} asks for this activity already; left out"
                findings.fault(node, message, "Remove one of the two questions.")
            else:
                found[activity] = node
    return found
