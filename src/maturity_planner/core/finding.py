"""What `doctor` tells, of files and of trackers alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How a point of `doctor` stands."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `doctor` looked at, how it stands, and what to do about it."""

    name: str
    grade: Grade
    detail: str
    fix: str = ""
