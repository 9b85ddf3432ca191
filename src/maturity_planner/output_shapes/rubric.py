"""Results that tell of rubrics and files: `show`, `rubrics`, `validate`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .values import ModeName, Number, Output


class EffortOut(Output):
    """A three-point estimate in person-days, and its mean."""

    low: Number
    likely: Number
    high: Number
    expected: Number


class NeedOut(Output):
    """A prerequisite: one of several modes."""

    any_of: list[ModeName]
    hard: bool
    why: str


class LinkOut(Output):
    """A mode of another rubric's item that makes this one likely."""

    rubric: str
    mode: ModeName
    partly: bool
    why: str
    basis: str


class ModeOut(Output):
    """What one mode asks of one item."""

    id: str
    points: Number
    effort_days: EffortOut
    from_: Annotated[dict[str, EffortOut], Field(alias="from")]
    upkeep_days: Number
    review_quarters: Annotated[int, Field(description="How long evidence holds; 0: for ever.")]
    needs: list[NeedOut]
    suggested_by: list[LinkOut] = []
    evidence: str
    acceptance: list[str]
    basis: str


class ItemOut(Output):
    """One thing that is judged."""

    id: str
    title: str
    summary: str
    level: int | None
    optional: bool
    weight: Number
    people: dict[str, int]
    tools: list[str]
    modes: list[ModeOut]


class SectionOut(Output):
    """A group of items."""

    id: str
    title: str
    weight: Number
    items: list[ItemOut]


class ScoringOut(Output):
    """The two scoring rules."""

    section: Literal["sum", "levels"]
    overall: Literal["minimum", "mean"]


class BandOut(Output):
    """A named range of the overall score."""

    id: str
    title: str
    up_to: Number | None


class ShowOut(Output):
    """A normalised rubric."""

    id: str
    title: str
    version: str
    source: str
    notes: str
    scoring: ScoringOut
    bands: list[BandOut]
    sections: list[SectionOut]


class RubricLine(Output):
    """A rubric that can be used."""

    id: str
    title: str
    version: str
    items: int
    scoring: ScoringOut
    built_in: bool


class UnusableOut(Output):
    """A file in rubrics/ that has faults."""

    id: str
    file: str
    message: str


class RubricsOut(Output):
    """The rubrics that can be used, and files that cannot."""

    rubrics: list[RubricLine]
    unusable: list[UnusableOut]


class FaultOut(Output):
    """One fault of a file; line and column count from 1, 0 where there is none."""

    line: int
    column: int
    message: str
    fix: str


class WarningOut(FaultOut):
    """What is allowed and hardly meant; the code says which kind it is."""

    code: str


class FileOut(Output):
    """A file that was checked; warnings are about a rubric without faults."""

    file: str
    faults: list[FaultOut]
    warnings: list[WarningOut]


class ValidateOut(Output):
    """The files that were checked."""

    files: list[FileOut]
