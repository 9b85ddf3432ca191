"""Results of `import`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .rubric import FaultOut
from .values import Output, RubricName


class ImportFaultOut(FaultOut):
    """A fault of a foreign model, or a trap: what other programs may read otherwise."""

    kind: Literal["fault", "trap"]
    file: str


class ImportedAssessmentOut(Output):
    """A team's progress as an assessment: how many activities are implemented or begun."""

    team: str
    file: str
    implemented: int
    begun: int


class ImportOut(Output):
    """A foreign model as a rubric; `file` is null when nothing was written."""

    source: Literal["dsomm", "samm"]
    rubric: RubricName
    file: str | None
    sections: int
    items: int
    needs: int
    assessment: ImportedAssessmentOut | None
    faults: list[ImportFaultOut]
    more: Annotated[int, Field(description="Faults and traps beyond those that are listed.")]


class NewAnswerOut(Output):
    """An answer that was imported; `from` is null where nobody had answered."""

    item: str
    from_: Annotated[str | None, Field(alias="from")]
    to: str
    evidence_added: list[str]
    evidence_removed: list[str]
    note: Annotated[str | None, Field(description="The new one; null: as before.")]
    date: Annotated[str | None, Field(description="The new one; null: as before.")]


class LeftOutPartOut(Output):
    """A part of a file that says nothing for the assessment."""

    what: str
    why: str


class ImportAnswersOut(Output):
    """What a foreign file has answered (`import csv`, `import scorecard`)."""

    source: str
    assessment: str
    rubrics: list[str]
    created: Annotated[bool, Field(description="Whether the assessment was not there before.")]
    written: bool
    answers: Annotated[int, Field(description="How many the file holds, changed or not.")]
    changes: list[NewAnswerOut]
    left_out: list[LeftOutPartOut]
    faults: Annotated[
        list[FaultOut], Field(description="Why nothing was taken from the file; else empty.")
    ] = []
