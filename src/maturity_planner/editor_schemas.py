"""The JSON Schemas as files for editors.

A YAML file names its schema in a comment on top, as a path that counts from the file, so that an
editor needs no network:

    # yaml-language-server: $schema=rubric.schema.json
"""

from __future__ import annotations

import json
from typing import Any

SCHEMA_FILE = "rubric.schema.json"
"""The schema's name beside the rubrics of a project."""


def tidied(schema: Any, *, is_named: bool = True) -> Any:
    """Return a schema as pydantic makes it, made useful to editors and as strict as our checks.

    Titles of single keys repeat the key, numbers with exact decimals have texts as defaults, and
    mappings with names of a pattern take any other name as well.
    """
    if isinstance(schema, list):
        return [tidied(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if is_named or key != "title"}
    if isinstance(kept.get("title"), str):
        kept["title"] = kept["title"].removesuffix("Shape")
    for key, value in kept.items():
        if key in ("properties", "$defs", "patternProperties"):
            is_part = key == "$defs"
            kept[key] = {name: tidied(one, is_named=is_part) for name, one in value.items()}
        elif key not in ("default", "const", "enum", "required"):
            kept[key] = tidied(value)
    if kept.get("type") == "number" and isinstance(kept.get("default"), str):
        kept["default"] = json.loads(kept["default"])
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept
