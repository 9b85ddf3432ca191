"""Results of `score` and `assess`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .rubric import LinkOut
from .values import ModeName, Number, Output, RubricName


class BandName(Output):
    """A band."""

    id: str
    title: str


class NextLevelOut(Output):
    """How many criteria of a section's next level are met."""

    level: int
    met: int
    total: int


class SectionScoreOut(Output):
    """A section's score and what it could be at most."""

    id: str
    title: str
    score: Number
    max: Number
    sets_score: bool
    next_level: NextLevelOut | None


class ItemScoreOut(Output):
    """An item's mode and the points it brings."""

    id: str
    section: str
    mode: str
    points: Number
    answered: bool
    waived: bool


class SectionMoveOut(Output):
    """A section's score then and now; null: it was, or is, not in the rubric."""

    id: str
    before: Number | None
    now: Number | None
    change: Number | None


class ItemMoveOut(Output):
    """An item whose mode or waiver changed; points by today's rubric, null: it cannot tell."""

    id: str
    section: str | None
    before: str
    now: str | None
    points: Number | None
    waiver: Literal["given", "ended"] | None


class ComparedOut(Output):
    """What has changed since an earlier score; `items` is null where none are on record."""

    with_: Annotated[str, Field(alias="with", description="The file.")]
    when: Annotated[str | None, Field(description="When it was recorded, or the file's date.")]
    score: Annotated[Number, Field(description="The earlier score.")]
    change: Number
    other_rubric: bool
    sections: list[SectionMoveOut]
    items: list[ItemMoveOut] | None


class StandingOut(Output):
    """An overall score and the score of each section."""

    score: Number
    sections: dict[str, Number]


class LapseOut(Output):
    """An answer whose evidence is too old: due a review, and past the grace when `lapsed`."""

    item: str
    mode: str
    shown_on: str
    due: str
    until: Annotated[str, Field(description="The last day of the grace.")]
    lapsed: bool
    effort_days: Number


class OtherScoreOut(Output):
    """The score of the same system against another rubric."""

    rubric: RubricName
    score: Number
    at_best: Number
    band: BandName | None
    unanswered: int


class ScoreOut(Output):
    """Where a system stands; `compared` with --compare, `others` with several rubrics.

    `if_not_renewed`: the same with what has lapsed counted as `none`; null: nothing has.
    """

    system: str
    rubric: RubricName
    score: Number
    at_best: Number
    band: BandName | None
    sections: list[SectionScoreOut]
    items: list[ItemScoreOut]
    unanswered: int
    lapsing: list[LapseOut] = []
    if_not_renewed: StandingOut | None = None
    compared: ComparedOut | None = None
    others: list[OtherScoreOut] = []


class SuggestionReasonOut(LinkOut):
    """A link whose other end is answered."""

    answer: ModeName


class SuggestionOut(Output):
    """A mode that an item may be in; `today` is null where nobody has answered."""

    rubric: str
    item: str
    section: str
    today: str | None
    mode: str
    partly: Annotated[bool, Field(description="Every reason covers only a part.")]
    because: list[SuggestionReasonOut]


class AssessOut(Output):
    """What answers to other rubrics suggest (`assess --suggest`); nothing is set."""

    suggestions: list[SuggestionOut]
