"""Has a document the shape of its kind? What pydantic finds, in words for people."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .errors import Fault, Place, nearest, suggestion

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .shapes import Shape

MOST_FAULTS = 200
"""More faults of one file than these are not listed."""


def first_of(faults: list[Fault], name: str) -> list[Fault]:
    """Return as many faults of the file as are listed; the last one then says that more follow."""
    if len(faults) <= MOST_FAULTS:
        return faults
    more = f"there are more faults than the {MOST_FAULTS} listed"
    return [*faults[:MOST_FAULTS], Fault(more, "Put these right first.", file=name)]


def counted(faults: Sequence[Fault]) -> str:
    """Return how many faults a file has, as far as they are listed.

    >>> counted([Fault("x")]), counted([Fault("x")] * 201)
    ('1 fault', 'more than 200 faults')
    """
    if len(faults) > MOST_FAULTS:
        return f"more than {MOST_FAULTS} faults"
    return "1 fault" if len(faults) == 1 else f"{len(faults)} faults"


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


def shape_faults(kind: str, data: dict[str, Any]) -> tuple[list[Fault], dict[str, Any]]:
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
            message = f'"{name}" should be {expected}, not {described(given)}'
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
        message += f", not {described(given)}"
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


def described(value: Any) -> str:
    """Return a value for a message: its kind or, if it is short, itself."""
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
