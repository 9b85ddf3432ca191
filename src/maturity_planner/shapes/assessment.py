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

    mode: Annotated[
        Id | None, Field(description="How it is done today; `none` where it is not.")
    ] = None
    date: Annotated[Date | None, Field(description="Of the evidence.")] = None
    evidence: Annotated[
        list[Text], Field(max_length=1000, description="What shows it: links, paths or sentences.")
    ] = []
    note: Annotated[Text, Field(description="Whatever a reader should know.")] = ""
    effort_days: Annotated[
        dict[Id, EffortDays],
        Field(description="This team's own estimate for a mode, from where it stands today."),
    ] = {}
    upkeep_days: Annotated[
        dict[Id, Days],
        Field(description="This team's own estimate of a quarter's upkeep of a mode."),
    ] = {}


AnswerValue = Annotated[
    Annotated[Id | None, Tag("plain")] | Annotated[AnswerShape, Tag("mapping")],
    Discriminator(kind_of),
]


class WaiverShape(Shape):
    """An accepted exemption, up to and including its last day."""

    reason: Annotated[Line, Field(description="Why the item need not be done.")]
    owner: Annotated[Line, Field(description="Who answers for that.")]
    until: Annotated[Date, Field(description="The last day on which it holds.")]


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

    schema_: Annotated[
        Literal["maturity-planner/assessment/v1"],
        Field(alias="schema", description="Says what this file is."),
    ]
    system: Annotated[
        Line, Field(description="What is judged; plans and tickets are named after it.")
    ]
    rubric: RubricNames
    date: Annotated[
        Date | None, Field(description="Of answers that have no date of their own.")
    ] = None
    answers: Annotated[
        dict[Id, AnswerValue] | None,
        Field(description="An item's mode, or a mapping that says more."),
    ] = None
    waivers: Annotated[
        dict[Id, WaiverShape] | None, Field(description="Accepted exemptions, by item.")
    ] = None
