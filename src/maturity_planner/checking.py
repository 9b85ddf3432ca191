"""Is a text what it claims to be? All its faults at once, each with file, line and column.

A text that this version found sound is not checked again (`remembered.py`).
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .documents import Document, Unreadable
from .errors import Fault, UserError, nearest, suggestion
from .remembered import place

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .shapes import Shape

Place = tuple[str | int, ...]
Parser = Callable[..., Document]
MOST_FAULTS = 200

_RULES = (
    *(f"shapes/{name}.py" for name in ("values", "rubric", "assessment", "settings")),
    *("shapes/plan.py", "shapes/roadmap.py", "documents.py", "core/soundness.py"),
    *("core/quantity.py", "core/team.py", "core/roadmap_soundness.py"),
)


def checked(
    kind: str,
    text: str,
    name: str,
    *,
    parse: Parser,
    error: type[UserError],
    sound: Callable[[Mapping[str, Any]], list[Fault]] = lambda _: [],
    against: str = "",
    within: tuple[str, ...] = (),
) -> Mapping[str, Any]:
    """Return the data of a text of the given kind.

    `sound` finds what no single value shows; `against` is the text that it depends on besides;
    `within` leads to the part that is ours, for settings inside pyproject.toml.

    Raises:
        UserError: (of the given kind) with every fault.
    """
    marker = place("checked", _RULES, kind, text, against, "/".join(within))
    if marker is not None and os.path.exists(marker):  # noqa: PTH110 (unlike Path's, never raises)
        with contextlib.suppress(Unreadable):
            known: Mapping[str, Any] = _inside(parse(text).data, within)
            return known
    faults, data = faults_of(kind, text, name, parse=parse, sound=sound, within=within)
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise error(f"{name} has {count}", faults=faults)
    if marker is not None:
        with contextlib.suppress(OSError):  # a cache that cannot be written is no fault
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()
    return data


def faults_of(
    kind: str,
    text: str,
    name: str,
    *,
    parse: Parser,
    sound: Callable[[Mapping[str, Any]], list[Fault]] = lambda _: [],
    within: tuple[str, ...] = (),
) -> tuple[list[Fault], Mapping[str, Any]]:
    """Return every fault of the text in the order of its lines, and its data."""
    try:
        document = parse(text, with_marks=True)
    except Unreadable as stop:
        return [stop.fault._replace(file=name)], {}
    data = _inside(document.data, within)
    if isinstance(data, dict):
        shape_faults, usable = _shape_faults(kind, data)
        known = {fault.path for fault in shape_faults}
        more = [fault for fault in sound(usable) if fault.path not in known]
        faults = [*document.faults, *shape_faults, *more]
    else:
        faults = [Fault(f"this holds no {kind}", f"See `maturity-planner schema {kind}`.")]
    placed = [_placed(fault, document, name, within) for fault in faults]
    return sorted(placed, key=lambda fault: (fault.line, fault.column))[:MOST_FAULTS], data


def history_faults(text: str, name: str) -> list[Fault]:
    """Return every fault of a history of scores, which holds one JSON object a line."""
    import json

    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = recorded_faults(json.loads(line))
        except (ValueError, RecursionError):
            found = [no_line(line)]
        faults += [fault._replace(file=name, line=number, column=1) for fault in found]
    return faults[:MOST_FAULTS]


def no_line(line: str) -> Fault:
    """Return the fault of a line of a history that is not JSON."""
    if re.match(r"(<{7}|\|{7}|={7}|>{7})(\s|$)", line):
        return Fault(
            "this file has a merge conflict",
            "Keep the lines of both sides, and remove the one that marks the conflict.",
        )
    return Fault("this line is not JSON", "Remove the line: a crash may have cut it short.")


def recorded_faults(data: Any) -> list[Fault]:
    """Return every fault of one recorded score; keys of later versions are none."""
    if not isinstance(data, dict):
        return [Fault("this line holds no JSON object", "Remove the line.")]
    sections = data.get("sections")
    expected = {
        "when": ("a time, YYYY-MM-DDTHH:MM:SSZ", _is_time(data.get("when"))),
        "score": ("a number", _is_number(data.get("score"))),
        "sections": (
            "a mapping of numbers",
            isinstance(sections, dict) and all(map(_is_number, sections.values())),
        ),
        "cause": ("a text", isinstance(data.get("cause"), str)),
    }
    if any(key in data for key in ("system", "rubric", "answers", "waivers")):
        expected |= _expected_facts(data)  # earlier versions wrote none of them
    for key in ("beside", "after"):
        if key in data:
            expected[key] = ("a list of texts", _is_texts(data[key]))
    faults = []
    for key, (kind, is_right) in expected.items():
        if key not in data:
            faults.append(Fault(f'the key "{key}" is missing', "Remove the line."))
        elif not is_right:
            faults.append(Fault(f'"{key}" should be {kind}, not {_described(data[key])}'))
    return faults


def _expected_facts(data: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    rubric, answers, waivers = (data.get(key) for key in ("rubric", "answers", "waivers"))
    return {
        "system": ("a text", isinstance(data.get("system"), str)),
        "rubric": (
            "a mapping of id, version and digest to texts",
            isinstance(rubric, dict)
            and rubric.keys() == {"id", "version", "digest"}
            and all(isinstance(value, str) for value in rubric.values()),
        ),
        "answers": (
            "a mapping of items to [mode before, mode now]",
            isinstance(answers, dict) and all(map(_is_change, answers.values())),
        ),
        "waivers": (
            "a mapping of items to dates",
            isinstance(waivers, dict) and all(map(_is_date, waivers.values())),
        ),
    }


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_change(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and all(isinstance(mode, str | None) for mode in value)


def _is_date(value: Any) -> bool:
    try:
        return bool(datetime.date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_time(value: Any) -> bool:
    try:
        return bool(datetime.datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _inside(data: Any, within: tuple[str, ...]) -> Any:
    for key in within:
        data = data.get(key, {}) if isinstance(data, dict) else {}
    return data


def _placed(fault: Fault, document: Document, name: str, within: tuple[str, ...]) -> Fault:
    line, column = fault.line, fault.column
    if not line:
        line, column = document.place((*within, *fault.path))
    return fault.told()._replace(file=name, line=line, column=column)


# Shapes ------------------------------------------------------------------------------------


def shape_of(kind: str) -> type[Shape]:
    """Return the shape of a file kind."""
    from . import shapes

    known: dict[str, type[Shape]] = {
        "rubric": shapes.RubricFile,
        "assessment": shapes.AssessmentFile,
        "settings": shapes.SettingsFile,
        "plan": shapes.PlanFile,
        "roadmap": shapes.RoadmapFile,
    }
    return known[kind]


def _shape_faults(kind: str, data: dict[str, Any]) -> tuple[list[Fault], dict[str, Any]]:
    """Return what pydantic finds, in words for people, and the data without what is at fault."""
    import pydantic

    shape = shape_of(kind)
    try:
        shape.model_validate(data)
    except pydantic.ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        faults = [_in_words(detail, data, shape) for detail in details]
        wrong = {
            fault.path: detail["loc"][-1] == "[key]"
            for fault, detail in zip(faults, details, strict=True)
            if detail["type"] not in ("missing", "extra_forbidden")
        }
        return faults, _without(data, wrong, ())
    return [], data


def _without(data: Any, wrong: Mapping[Place, bool], path: Place) -> Any:
    """Return the data with None for values at wrong paths, and without those whose key is wrong."""
    if path in wrong:
        return None
    if isinstance(data, dict):
        return {
            key: _without(value, wrong, (*path, key))
            for key, value in data.items()
            if not wrong.get((*path, key))
        }
    if isinstance(data, list):
        return [_without(value, wrong, (*path, n)) for n, value in enumerate(data)]
    return data


def _in_words(detail: ErrorDetails, data: Any, shape: type[Shape]) -> Fault:
    path = _real_path(detail["loc"], data)
    key = detail["loc"][-1]
    name = _name(path)
    given = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            return Fault(f'unknown key "{key}"', _known_keys(str(key), path, shape), path)
        case "missing":
            sign = " =" if shape is shape_of("settings") else ":"
            value = _only_value(shape, str(key)) if not path else "..."
            return Fault(f'the key "{key}" is missing', f"Add `{key}{sign} {value}` here.", path)
        case "literal_error":
            expected = detail["ctx"]["expected"].replace("'", '"')
            words = [word.strip(' "') for word in expected.replace(" or ", ", ").split(",")]
            message = f'"{name}" should be {expected}, not {_described(given)}'
            return Fault(message, nearest(str(given), words), path)
        case "value_error":
            message, _, fix = str(detail["ctx"]["error"]).partition("\n")
            if message[0] == '"':  # it names the value itself
                return Fault(message, fix, path)
            if not message.startswith("should"):
                return Fault(f'"{name}": {message}', fix, path)
        case kind if kind in _EXPECTED:
            message = f"should be {_EXPECTED[kind]}"
        case _:
            message = detail["msg"][detail["msg"].find("should") :]
            message = message.partition(" after validation")[0]
    fix = _repair(message.partition(" ")[2], given, name)
    if message.startswith("should be ") and name not in _MAY_HOLD_SECRETS:
        message += f", not {_described(given)}"
    return Fault(f'"{name}" {message}', fix, path)


def _repair(expected: str, given: Any, name: str) -> str:
    """Return how to write what was meant, for the usual slips of people who know other formats."""
    is_scalar = isinstance(given, str | int | float | Decimal)
    match expected:
        case "be a text" if is_scalar:
            from .shapes.values import near_id

            text = near_id(_bare(given)) if name == "id" else _bare(given)
            return f'Put it in quotes: "{text}".'
        case "be a list" if is_scalar:
            return "Put it in brackets, and texts in quotes: a list of one."
        case "be a number" if isinstance(given, str):
            found = re.fullmatch(r"([0-9]+)(?:[.,]([0-9]+))?\s*[a-z]*", given.strip())
            if found:
                return f"Write {found[1]}{f'.{found[2]}' if found[2] else ''}."
        case "be true or false":
            word = str(given).lower()
            meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(word, "")
            return f"Write {meant}." if meant else ""
    return ""


def _only_value(shape: type[Shape], key: str) -> str:
    """Return the one value that a key can have, or dots."""
    schema = _schema_of(shape)["properties"].get(key, {})
    return str(schema.get("const", "..."))


@functools.cache
def _schema_of(shape: type[Shape]) -> dict[str, Any]:
    """Return the shape's JSON Schema, which takes long to make; many faults may ask for it."""
    return shape.model_json_schema(by_alias=True)


_MAY_HOLD_SECRETS = ("token_command", "base_url", "server")
"""Keys whose wrong values are not repeated: a person may have put a token or password there."""


_EXPECTED = {
    "string_type": "a text",
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "date_type": "a date, YYYY-MM-DD",
    "finite_number": "a finite number",
}


def _name(path: Place) -> str:
    names = [part for part in path if isinstance(part, str)]
    return names[-1] if names else "the file"


def _bare(value: Any) -> str:
    """Return a value as it may have been written without quotes."""
    text = str(value)
    if isinstance(value, Decimal):
        text = text.replace("E+", "e").replace("E", "e")
    return text.lower() if isinstance(value, bool) else text


def _described(value: Any) -> str:
    import json  # only a mistake needs it

    match value:
        case None:
            return "nothing"
        case bool():
            return _bare(value)
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return json.dumps(value[:60], ensure_ascii=False)
        case int():  # before the others: one may be too large to be asked whether it is finite
            return f"the number {value}"[:80]
        case float() | Decimal() if math.isfinite(value):
            return f"the number {value}"[:80]
    return str(value)


def _real_path(loc: Iterable[str | int], data: Any) -> Place:
    """Return pydantic's location without its union tags, as far as it exists in the data."""
    path: list[str | int] = []
    for part in loc:
        inside = range(len(data)) if isinstance(data, list) else data
        if isinstance(inside, dict | range) and part in inside:
            data = data[part]
            path.append(part)
    return tuple(path)


def _known_keys(key: str, path: Place, shape: type[Shape]) -> str:
    """Return the nearest key, or those that the mapping takes."""
    schema = _schema_of(shape)
    node: Any = schema
    parts = list(path[:-1])
    keys: set[str] = set()
    stack = [(node, parts)]
    while stack:
        node, parts = stack.pop()
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        for union in ("anyOf", "oneOf", "allOf"):
            stack.extend((choice, parts) for choice in node.get(union, ()))
        if not parts:
            keys.update(node.get("properties", {}))
            continue
        if isinstance(parts[0], int):
            inner = node.get("items")
        else:
            others = [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]
            inner = node.get("properties", {}).get(parts[0]) or next(filter(None, others), None)
        if isinstance(inner, dict):
            stack.append((inner, parts[1:]))
    if key in keys:  # of another kind of mapping that may stand here
        return "It does not go with the other keys here: keep one of them."
    return suggestion(key, sorted(keys), kind="Keys here")
