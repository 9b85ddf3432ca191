"""Results of `history`, and a line of `history.jsonl`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .values import Number, Output, RubricName


class RubricMarkOut(RubricName):
    """A rubric, and a digest of all of it that a score depends on."""

    digest: str


class FactsOut(Output):
    """What a score follows from; items that are not among the modes are at `none`."""

    system: str
    rubric: RubricMarkOut
    modes: dict[str, str]
    waivers: Annotated[dict[str, str], Field(description="Those that hold, with their last day.")]


class AnswerChangeOut(Output):
    """A changed answer; from null: not on record before, to null: not in the rubric any more."""

    item: str
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None


class RecordOut(Output):
    """A recorded score; `facts` is null for what earlier versions recorded."""

    when: str
    score: Number
    change: Number | None
    cause: str
    sections: dict[str, Number]
    answers: list[AnswerChangeOut]
    facts: FactsOut | None


class LeftOutOut(Output):
    """A line that cannot be read."""

    line: int
    message: str


class HistoryOut(Output):
    """The recorded scores, oldest first."""

    records: list[RecordOut]
    left_out: list[LeftOutOut]


HISTORY: dict[str, Any] = {
    "title": "HistoryLine",
    "description": "One line of history.jsonl: a recorded score.",
    "type": "object",
    "additionalProperties": False,
    "required": ["when", "score", "sections", "cause"],
    "properties": {
        "when": {
            "description": "When it was recorded, in UTC.",
            "type": "string",
            "format": "date-time",
        },
        "score": {"description": "The overall score.", "type": "number"},
        "sections": {
            "description": "The score of each section.",
            "type": "object",
            "additionalProperties": {"type": "number"},
        },
        "cause": {"description": "Why there is a line: what moved the score.", "type": "string"},
        "system": {"description": "The system of the assessment.", "type": "string"},
        "rubric": {
            "description": "What was scored against.",
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "version", "digest"],
            "properties": {
                "id": {"description": "The id of the rubric.", "type": "string"},
                "version": {"description": "Its edition.", "type": "string"},
                "digest": {
                    "description": "Of all that a score depends on: rules, weights, levels, "
                    "points; not of titles, needs and estimates.",
                    "type": "string",
                },
            },
        },
        "answers": {
            "description": "What changed since the line before: the mode before (null: not on "
            "record) and now (null: the rubric has no such item any more).",
            "type": "object",
            "additionalProperties": {
                "type": "array",
                "items": {"type": ["string", "null"]},
                "minItems": 2,
                "maxItems": 2,
            },
        },
        "waivers": {
            "description": "The last day of every waiver that holds.",
            "type": "object",
            "additionalProperties": {"type": "string", "format": "date"},
        },
        "beside": {
            "description": "The ids of the other rubrics of the assessment, where there are any: "
            "their lines are no part of what this one is compared with.",
            "type": "array",
            "items": {"type": "string"},
        },
        "after": {
            "description": "The lines that this one was made after, none for the first one: of "
            "each the first 12 digits of its SHA-256, line end left out. What changed is told "
            "against the first of them; it takes several where branches were merged.",
            "type": "array",
            "items": {"type": "string"},
        },
    },
    "dependentRequired": {
        key: ["system", "rubric", "answers", "waivers"]
        for key in ("system", "rubric", "answers", "waivers")
    },
}
