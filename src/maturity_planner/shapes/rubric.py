"""The shape of a rubric."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from ..errors import nearest
from .values import (
    ID_FORM,
    ID_PATTERN,
    Days,
    EffortDays,
    Id,
    Line,
    PointCount,
    Ref,
    ReviewQuarters,
    Shape,
    Text,
    check_id,
    check_ref,
    kind_of,
    text_schema,
)

NeedWhy = Annotated[Text, Field(description="Why it is needed; shown in the ticket.")]
NeedSource = Annotated[Text, Field(description="Where the need comes from: a paper, an estimate.")]
ModeName = Annotated[Id, text_schema(ID_PATTERN, 120, **ID_FORM, **{"not": {"const": "none"}})]
ReviewAfter = Annotated[
    ReviewQuarters | None,
    Field(description="After how many quarters evidence has to be shown again; 0: never."),
]


class HardNeed(Shape):
    """A prerequisite that constrains the plan."""

    hard: Annotated[
        Ref,
        Field(
            description="ITEM@MODE that has to be in place first, or a higher mode of that item."
        ),
    ]
    why: NeedWhy = ""
    source: NeedSource = ""


class SoftNeed(Shape):
    """A prerequisite that only orders work."""

    soft: Annotated[
        Ref, Field(description="ITEM@MODE that is better in place first; no plan is bound by it.")
    ]
    why: NeedWhy = ""
    source: NeedSource = ""


class AnyNeed(Shape):
    """A prerequisite that one of several items meets."""

    any_of: Annotated[
        list[Ref],
        Field(min_length=1, max_length=200, description="ITEM@MODE of several; one is enough."),
    ]
    why: NeedWhy = ""
    source: NeedSource = ""


def _need_kind(value: Any) -> str:
    if not isinstance(value, dict):
        return "plain"
    kinds = ("hard", "soft", "any_of")
    found = next((kind for kind in kinds if kind in value), None)
    # A slip such as `anyof` says what was meant.
    near = [kind for kind in kinds for key in value if nearest(str(key), [kind])]
    return found or next(iter(near), "hard")


NeedShape = Annotated[
    Annotated[Ref, Tag("plain")]
    | Annotated[HardNeed, Tag("hard")]
    | Annotated[SoftNeed, Tag("soft")]
    | Annotated[AnyNeed, Tag("any_of")],
    Discriminator(_need_kind),
]


def _foreign(value: str) -> str:
    rubric, slash, ref = value.partition("/")
    if not slash:
        raise ValueError(f'"{value}" names no rubric: write RUBRIC/ITEM@MODE')
    check_id(rubric), check_ref(ref)
    return value


ForeignRef = Annotated[
    str,
    StringConstraints(max_length=362),
    AfterValidator(_foreign),
    text_schema(f"{ID_PATTERN}/{ID_PATTERN}@{ID_PATTERN}", 362),
]


class LinkShape(Shape):
    """A mode of another rubric's item that makes this one likely."""

    ref: Annotated[ForeignRef, Field(description="RUBRIC/ITEM@MODE of another rubric.")]
    partly: Annotated[bool, Field(description="It covers only a part.")] = False
    why: Annotated[Text, Field(description="The reason, shown beside the suggestion.")] = ""
    basis: Annotated[
        Literal["estimate", "derived", "measured"] | None,
        Field(description="Where the link comes from."),
    ] = None


LinkValue = Annotated[
    Annotated[ForeignRef, Tag("plain")] | Annotated[LinkShape, Tag("mapping")],
    Discriminator(kind_of),
]


class ModeShape(Shape):
    """A way to do an item, and its points."""

    id: Annotated[ModeName, Field(description="How items and needs name the mode.")]
    title: Annotated[Line | None, Field(description="How people name the mode.")] = None
    points: Annotated[
        PointCount, Field(description="What it scores; at most four decimals, rising.")
    ]
    review_quarters: ReviewAfter = None


class ItemModeShape(Shape):
    """What one mode asks of one item."""

    effort_days: Annotated[
        EffortDays, Field(description="Person-days from nothing: one number, or low/likely/high.")
    ]
    effort_from: Annotated[
        dict[Id, EffortDays],
        Field(alias="from", description="Person-days from a lower mode, where that is less."),
    ] = {}
    upkeep_days: Annotated[
        Days, Field(description="Person-days a quarter that the mode keeps costing.")
    ] = Decimal(0)
    review_quarters: ReviewAfter = None
    basis: Annotated[
        Literal["estimate", "derived", "measured"] | None,
        Field(description="Where the figures of this mode come from."),
    ] = None
    evidence: Annotated[Text, Field(description="What shows that it is done.")] = ""
    acceptance: Annotated[
        list[Text], Field(max_length=100, description="The check list of the ticket.")
    ] = []
    needs: Annotated[
        list[NeedShape],
        Field(
            max_length=10_000,
            description="What has to be in place first: ITEM@MODE, or hard, soft or any_of. Binds "
            "this mode and every higher one.",
        ),
    ] = []
    suggested_by: Annotated[
        list[LinkValue],
        Field(max_length=1000, description="Modes of other rubrics; they suggest, never answer."),
    ] = []


class ItemShape(Shape):
    """One thing that is judged."""

    id: Annotated[Id, Field(description="Stays for ever: answers, plans and tickets refer to it.")]
    title: Annotated[Line, Field(description="What is done, in one line; the ticket's title.")]
    summary: Annotated[Text, Field(description="What the item asks for; stands in the ticket.")] = (
        ""
    )
    level: Annotated[
        Annotated[int, Field(ge=0, le=100)] | None,
        Field(description="The stage that the item belongs to; for `section: levels`."),
    ] = None
    optional: Annotated[
        bool, Field(description="Whether no level waits for it; for `section: levels`.")
    ] = False
    weight: Annotated[
        PointCount, Field(description="What its points are multiplied by; for `section: sum`.")
    ] = Decimal(1)
    people: Annotated[
        dict[Id, Annotated[int, Field(ge=1, le=1000)]],
        Field(description="Who does it, as role: how many at once; for the roadmap."),
    ] = {}
    tools: Annotated[
        list[Line], Field(max_length=100, description="Suggestions for the ticket.")
    ] = []
    modes: Annotated[
        dict[Id, ItemModeShape],
        Field(
            min_length=1, description="The modes that this item can be done in; not all need be."
        ),
    ]


class SectionShape(Shape):
    """A group of items with a score of its own."""

    id: Annotated[Id, Field(description="How commands and targets name the section.")]
    title: Annotated[Line | None, Field(description="How people name the section.")] = None
    weight: Annotated[PointCount, Field(description="How much it counts; for `overall: mean`.")] = (
        Decimal(1)
    )
    items: Annotated[list[ItemShape], Field(min_length=1, description="What is judged here.")]


class BandShape(Shape):
    """A named range of the overall score; `up_to` belongs to it."""

    id: Annotated[Id, Field(description="How scripts name the band.")]
    up_to: Annotated[
        PointCount | None,
        Field(description="The highest score in it, which belongs to it; none for the last band."),
    ] = None
    title: Annotated[Line | None, Field(description="How people name the band.")] = None


class ScoringShape(Shape):
    """The two scoring rules and the bands."""

    section: Annotated[
        Literal["sum", "levels"],
        Field(
            description="How a section is scored: the sum of weight x points of its items, or the "
            "highest level whose items, and those of all lower levels, are at their top mode."
        ),
    ]
    overall: Annotated[
        Literal["minimum", "mean"],
        Field(description="The lowest section score, or the weighted mean of all."),
    ]
    bands: Annotated[
        list[BandShape], Field(description="Names for ranges of the score, rising.")
    ] = []


_BY_LEVELS: dict[str, Any] = {
    "properties": {
        "scoring": {"properties": {"section": {"const": "levels"}}, "required": ["section"]}
    },
    "required": ["scoring"],
}
_ITEMS_HAVE_LEVELS: dict[str, Any] = {
    "properties": {
        "sections": {
            "items": {
                "properties": {
                    "items": {
                        "items": {
                            "required": ["level"],
                            "properties": {"level": {"type": "integer"}},
                        }
                    }
                }
            }
        }
    }
}


class RubricFile(Shape):
    """A rubric: sections of items, the modes they can be done in, and how that is scored."""

    model_config = ConfigDict(json_schema_extra={"if": _BY_LEVELS, "then": _ITEMS_HAVE_LEVELS})

    schema_: Annotated[
        Literal["maturity-planner/rubric/v1"],
        Field(alias="schema", description="Says what this file is."),
    ]
    id: Annotated[
        Id, Field(description="How commands name the rubric; its file is called so, too.")
    ]
    title: Annotated[Line, Field(description="How people name the rubric.")]
    version: Annotated[Line, Field(description="The edition; any text, in quotes.")] = ""
    source: Annotated[Text, Field(description="Whose words these are.")] = ""
    notes: Annotated[Text, Field(description="What a reader should know about the whole.")] = ""
    modes: Annotated[
        list[ModeShape],
        Field(
            min_length=1,
            max_length=50,
            description="The ways to do an item, in rising order of points; `none` is implied.",
        ),
    ]
    scoring: Annotated[ScoringShape, Field(description="How answers become a score.")]
    sections: Annotated[
        list[SectionShape],
        Field(min_length=1, description="Groups of items, each with a score of its own."),
    ]
