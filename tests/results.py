"""What a command gives back, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema

from maturity_planner.output_shapes import schema_of

Runner = Callable[..., tuple[int, str, str]]
"""Runs a command; returns exit code, stdout, stderr."""


def data_of(text: str, kind: str) -> Any:
    """Return the data of a JSON result that is what its schema says."""
    document = json.loads(text)
    jsonschema.validate(document, schema_of(kind))
    assert document["schema"] == f"maturity-planner/{kind}/v1"
    return document["data"]
