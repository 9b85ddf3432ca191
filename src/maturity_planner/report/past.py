"""The recorded scores of `history.jsonl`, read for a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..core.plan import Standing
from ..errors import UserError


@dataclass(frozen=True, slots=True)
class Recorded:
    """A score that was recorded: when, where the system stood, and what had moved it."""

    when: datetime
    standing: Standing
    cause: str


def read_past(path: Path) -> tuple[Recorded, ...]:
    """Return the lines in the order of time; one that a crash cut short is left out.

    Raises:
        UserError: the file is there and cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as problem:
        raise UserError(
            f"{path} cannot be read: {problem.strerror}", fix="Check its permissions."
        ) from problem
    found = [line for line in map(_recorded, raw.split(b"\n")) if line]
    return tuple(sorted(found, key=lambda line: line.when))


def _recorded(raw: bytes) -> Recorded | None:
    try:
        line = json.loads(raw, parse_float=Decimal, parse_constant=lambda _: None)
        when = datetime.fromisoformat(line["when"])
        sections: Mapping[str, Any] = line["sections"]
        scores = {str(name): _number(score) for name, score in sections.items()}
        standing = Standing(_number(line["score"]), scores)
        cause = str(line["cause"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return Recorded(when if when.tzinfo else when.replace(tzinfo=UTC), standing, cause)


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(value)
    return Fraction(value)


def is_same(one: Standing, other: Standing) -> bool:
    """Return whether two scores are the same as a file holds them: as nearest floats."""
    if {*one.sections} != {*other.sections} or float(one.score) != float(other.score):
        return False
    return all(float(score) == float(other.sections[s]) for s, score in one.sections.items())
