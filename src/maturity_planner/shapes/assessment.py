"""The shape of an assessment."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
)

from .values import Date, Days, EffortDays, Id, Line, Shape, Text, kind_of


class AnswerShape(Shape):
    """How an item is done today, what shows it, and this team's own estimates."""

    mode: Id | None = None
    date: Annotated[Date | None, Field(description="Of the evidence.")] = None
    evidence: Annotated[list[Text], Field(max_length=1000)] = []
    note: Text = ""
    effort_days: dict[Id, EffortDays] = {}
    upkeep_days: dict[Id, Days] = {}


AnswerValue = Annotated[
    Annotated[Id | None, Tag("plain")] | Annotated[AnswerShape, Tag("mapping")],
    Discriminator(kind_of),
]


class WaiverShape(Shape):
    """An accepted exemption, up to and including its last day."""

    reason: Line
    owner: Line
    until: Date


def _listed(value: Any) -> str:
    return "list" if isinstance(value, list) else "plain"


def _all_different(names: list[str]) -> list[str]:
    if twice := [name for n, name in enumerate(names) if name in names[:n]]:
        raise ValueError(f'"rubric" names "{twice[0]}" twice\nName it once.')
    return names


RubricNames = Annotated[
    Annotated[Line, Tag("plain")]
    | Annotated[
        list[Line], Field(min_length=1, max_length=20), AfterValidator(_all_different), Tag("list")
    ],
    Discriminator(_listed),
    Field(description="The id of a known rubric, or a path; several in a list."),
]


class AssessmentFile(Shape):
    """What a team claims today about one system."""

    schema_: Annotated[Literal["maturity-planner/assessment/v1"], Field(alias="schema")]
    system: Line
    rubric: RubricNames
    date: Date | None = None
    answers: dict[Id, AnswerValue] | None = None
    waivers: dict[Id, WaiverShape] | None = None
