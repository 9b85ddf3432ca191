"""The recorded scores of `history.jsonl`, as a report shows them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ..core.plan import Standing
from ..history import read_history


class Recorded(NamedTuple):
    """A score that was recorded: when, where the system stood, and what had moved it."""

    when: datetime
    standing: Standing
    cause: str


def read_past(path: Path, rubric: str = "", beside: tuple[str, ...] = ()) -> tuple[Recorded, ...]:
    """Return the lines in the order of time; one that a crash cut short is left out.

    So are those of the rubrics beside the report's own.

    Raises:
        UserError: the file is there and cannot be read.
    """
    records = read_history(path).past_of(rubric, beside).records
    return tuple(Recorded(r.when, Standing(r.score, r.sections), r.cause) for r in records)


def is_same(one: Standing, other: Standing) -> bool:
    """Return whether two scores are the same as a file holds them: as nearest floats."""
    if {*one.sections} != {*other.sections} or float(one.score) != float(other.score):
        return False
    return all(float(score) == float(other.sections[s]) for s, score in one.sections.items())
