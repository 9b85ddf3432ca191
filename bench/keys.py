"""The keys of our files as tables, from the schemas that the files are checked by.

`docs/keys.md` is made of them: `make docs` writes it, `make lint` checks it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from maturity_planner.output_shapes import schema_of

Schema = dict[str, Any]
HEAD = "| key | holds | without it | meaning |\n| --- | --- | --- | --- |"


def tables(kind: str) -> str:
    """Return a table for each mapping that a file of this kind may hold."""
    schema = schema_of(kind)
    # A plan, a roadmap and a line of the history are results, too; the file's form comes first.
    top = schema["anyOf"][0] if "anyOf" in schema else schema
    parts = schema.get("$defs", {})
    found: dict[str, tuple[Schema, list[str]]] = {}
    for path, one in _mappings(top, "", parts):
        found.setdefault(one["description"], (one, []))[1].append(path)
    return "\n\n".join(_table(one, paths, parts) for one, paths in found.values())


def _mappings(schema: Schema, path: str, parts: Schema) -> Iterator[tuple[str, Schema]]:
    """Find what has keys of its own, each with the path that leads there."""
    if "$ref" in schema:
        yield from _mappings(parts[schema["$ref"].rpartition("/")[2]], path, parts)
        return
    for choice in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from _mappings(choice, path, parts)
    if "items" in schema:
        yield from _mappings(schema["items"], f"{path}[]", parts)
    if value := _values(schema):
        yield from _mappings(value, f"{path}.*", parts)
    if "properties" in schema:
        yield path, schema
        for key, value in schema["properties"].items():
            yield from _mappings(value, f"{path}.{key}".removeprefix("."), parts)


def _values(schema: Schema) -> Schema | None:
    """Return the form of the values where the keys are the writer's own."""
    values: list[Schema] = list(schema.get("patternProperties", {}).values())
    return values[0] if values else schema.get("additionalProperties") or None


def _table(schema: Schema, paths: list[str], parts: Schema) -> str:
    places = ", ".join(f"`{path}`" for path in paths if path)
    about = schema["description"].replace("\n", " ")
    rows = [
        f"| `{key}` | {_holds(value, parts)}{_or_null(key, schema)} | {_without(key, schema)} "
        f"| {value['description']} |"
        for key, value in schema["properties"].items()
    ]
    return "\n".join([f"{places}: {about}" if places else about, "", HEAD, *rows])


def _or_null(key: str, schema: Schema) -> str:
    """Tell of null where the key has to be there; elsewhere leaving it out says the same."""
    is_nullable = {"type": "null"} in schema["properties"][key].get("anyOf", ())
    return " or `null`" if is_nullable and key in schema.get("required", ()) else ""


def _without(key: str, schema: Schema) -> str:
    if key in schema.get("required", ()):
        return "a fault"
    value = schema["properties"][key].get("default")
    return (
        "" if value in (None, "", [], {}) or isinstance(value, dict) else f"`{json.dumps(value)}`"
    )


def _holds(schema: Schema, parts: Schema) -> str:
    """Say in words what a value may be."""
    if "$ref" in schema:
        return _holds(parts[schema["$ref"].rpartition("/")[2]], parts)
    if choices := [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        told = [_holds(choice, parts) for choice in choices if choice.get("type") != "null"]
        return " or ".join(dict.fromkeys(told))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    match schema.get("type"):
        case "array":
            return f"list: {_holds(schema['items'], parts)}"
        case "object":
            value = _values(schema)
            return f"mapping: {_holds(value, parts)}" if value else "mapping"
        case "integer" | "number" as kind:
            name = "whole number" if kind == "integer" else "number"
            least = schema.get("minimum", schema.get("exclusiveMinimum"))
            return name if least is None else f"{name}, {least} to {schema['maximum']:,}"
        case "boolean":
            return "`true` or `false`"
    return _text(schema)


def _text(schema: Schema) -> str:
    said = schema.get("patternErrorMessage", "")
    if "format" in schema:
        return {"date": "date", "date-time": "time", "uri": "address"}[schema["format"]]
    return "id" if said.startswith("An id") else "ITEM@MODE" if "ITEM@MODE" in said else "text"
