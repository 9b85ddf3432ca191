"""The shapes of the files as pydantic models: the only place that knows their keys.

They check and describe (`schema KIND` prints them); the values that the program works with are
built from checked documents by `core`. pydantic takes longer to import than a score takes to
compute, so this module is imported only for a text that has not been checked before (`files.py`).
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)

from .core.quantity import MOST_DAYS, MOST_POINTS
from .errors import nearest

ID_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"
LINE_PATTERN = "[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+"
REPOSITORY_PATTERN = r"[\w.-]*\w[\w.-]*/[\w.-]*\w[\w.-]*"
KEY_PATTERN = "[A-Z][A-Z0-9_]+"
FIELD_PATTERN = "[a-z]+(_[0-9]+)?"
LOGIN_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MOST_EXPONENT = 400


class Shape(BaseModel):
    """A mapping in a file: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


# Values ------------------------------------------------------------------------------------


def _decimal(value: Any) -> Decimal:
    # bool is an int to Python but not to a person; a text is not a number.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("should be a number")
    number = Decimal(str(value))
    if number.is_finite() and not -MOST_EXPONENT <= number.adjusted() <= MOST_EXPONENT:
        # Exact arithmetic would need as many digits as the exponent says.
        raise ValueError(f"{number:.3g} is beyond belief")
    if len(number.as_tuple().digits) > MOST_EXPONENT:
        raise ValueError(f"should have at most {MOST_EXPONENT} digits")
    return number


def _bounded(most: int, places: int | None, title: str) -> AfterValidator:
    """Accept 0 to `most`; `title` names such numbers in messages."""

    def check(value: Decimal) -> Decimal:
        if value < 0:
            raise ValueError(f"{value} is negative: {title} start at 0")
        if value > most:
            raise ValueError(f"{value:.6g} is beyond belief: {title} end at {most}")
        if places is not None and (Fraction(value) * 10**places).denominator != 1:
            raise ValueError(f"{str(value)[:40]} has more than {places} decimals")
        return value

    return AfterValidator(check)


def _number_schema(most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": 0, "maximum": most})


def _id(value: str) -> str:
    parts = value.split("-")
    if not all(part.isalnum() and part.isascii() and part == part.lower() for part in parts):
        near = re.sub("[^a-z0-9]+", "-", value.lower()).strip("-")
        fix = f'\nFor example "{near}".' if near else ""
        raise ValueError(
            f'"{value}" is not an id: use lower-case letters, digits, single hyphens{fix}'
        )
    return value


def _form(pattern: str, shown: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f'"{value[:60]}" is not of the form {shown}')
        return value

    return AfterValidator(check)


def _ref(value: str) -> str:
    item, at, mode = value.partition("@")
    if not at:
        raise ValueError(f'"{value}" names no mode: write ITEM@MODE')
    _id(item), _id(mode)
    return value


def _pin(value: str) -> str:
    item, at, mode = value.partition("@")
    _id(item)
    if at and not mode:
        raise ValueError(f'"{value}" names no mode: write ITEM or ITEM@MODE')
    if at:
        _id(mode)
    return value


def _line(value: str) -> str:
    if not value:
        raise ValueError("should not be empty")
    if not re.fullmatch(LINE_PATTERN, value):
        raise ValueError("should be one line without control characters")
    return value


def _date(value: Any) -> Any:
    if isinstance(value, str):  # YAML dates arrive as text; TOML has dates of its own
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:  # other forms of ISO 8601 exist
            raise ValueError(f'"{value[:60]}" is not a date that exists: write YYYY-MM-DD')
        return day
    return value


def _address(value: str) -> str:
    """Accept the address of a server; what is wrong with it is told without repeating it."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port  # a port may be no number
    except ValueError:
        raise ValueError("should read like https://HOST/PATH") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("should read like https://HOST/PATH")
    if "@" in parts.netloc:
        raise ValueError("should hold no user name and no password")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ValueError("should start with https://: a token would travel unencrypted")
    if "?" in value or "#" in value:
        raise ValueError("should end with the path, without ? and #")
    return value


def _text(pattern: str, most: int, **more: Any) -> Any:
    schema = {"type": "string", "pattern": f"^{pattern}$", "maxLength": most}
    return WithJsonSchema(schema | more)


# No keyword of JSON Schema, but editors show it instead of the pattern.
_ID_FORM = {"patternErrorMessage": "An id has lower-case letters, digits and single hyphens."}
_REF_FORM = {"patternErrorMessage": "Write ITEM@MODE."}

Id = Annotated[
    str,
    StringConstraints(max_length=120),
    AfterValidator(_id),
    _text(ID_PATTERN, 120, **_ID_FORM),
]
Ref = Annotated[
    str,
    StringConstraints(max_length=241),
    AfterValidator(_ref),
    _text(f"{ID_PATTERN}@{ID_PATTERN}", 241, **_REF_FORM),
]
PinName = Annotated[
    str,
    StringConstraints(max_length=241),
    AfterValidator(_pin),
    _text(f"{ID_PATTERN}(@{ID_PATTERN})?", 241),
]
Line = Annotated[
    str, StringConstraints(max_length=300), AfterValidator(_line), _text(LINE_PATTERN, 300)
]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Address = Annotated[
    Line,
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 300}),
]
Login = Annotated[Line, _form(LOGIN_PATTERN, "LOGIN, without @"), _text(LOGIN_PATTERN, 100)]
FieldId = Annotated[Line, _form(FIELD_PATTERN, "customfield_10016"), _text(FIELD_PATTERN, 300)]
TokenCommand = Annotated[
    Line, Field(description="A command that prints the token; wins over the environment.")
]
PointCount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    _bounded(MOST_POINTS, 4, "points, weights and scores"),
    _number_schema(MOST_POINTS),
]
Days = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    _bounded(MOST_DAYS, None, "days"),
    _number_schema(MOST_DAYS),
]
Quarters = Annotated[
    Decimal, BeforeValidator(_decimal), _bounded(400, 2, "quarters"), _number_schema(400)
]
ReviewQuarters = Annotated[
    int, Field(ge=0, le=40, description="How long evidence holds; 0: for ever.")
]
Date = Annotated[
    datetime.date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})
]


class ThreePoints(Shape):
    """An estimate in person-days: the best, the usual and the worst case."""

    low: Annotated[Days, Field(description="Person-days if all goes well.")]
    likely: Annotated[Days, Field(description="Person-days as it usually goes.")]
    high: Annotated[Days, Field(description="Person-days if much goes wrong.")]

    @model_validator(mode="after")
    def _is_rising(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError("an estimate rises: low, then likely, then high")
        return self


def _is_mapping(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "plain"


EffortDays = Annotated[
    Annotated[Days, Tag("plain")] | Annotated[ThreePoints, Tag("mapping")],
    Discriminator(_is_mapping),
]


# Rubric ------------------------------------------------------------------------------------

NeedWhy = Annotated[Text, Field(description="Why it is needed; shown in the ticket.")]
NeedSource = Annotated[Text, Field(description="Where the need comes from: a paper, an estimate.")]
ModeName = Annotated[Id, _text(ID_PATTERN, 120, **_ID_FORM, **{"not": {"const": "none"}})]
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
    _id(rubric), _ref(ref)
    return value


ForeignRef = Annotated[
    str,
    StringConstraints(max_length=362),
    AfterValidator(_foreign),
    _text(f"{ID_PATTERN}/{ID_PATTERN}@{ID_PATTERN}", 362),
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
    Discriminator(_is_mapping),
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


# Assessment --------------------------------------------------------------------------------


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
    Discriminator(_is_mapping),
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


# Settings ----------------------------------------------------------------------------------


def _focus(value: Decimal) -> Decimal:
    if not 0 < value <= 1:
        raise ValueError(
            f"{value} is no share of a working day\n"
            "Make it more than 0 and at most 1: with 0.6, three days in five go into the plan."
        )
    return value


def _share(value: Decimal) -> Decimal:
    if not 0 <= value <= 1:
        raise ValueError(f"{value} is no correlation\nMake it 0 (none) to 1 (all go wrong alike).")
    return value


class AbsenceShape(Shape):
    """People of a role who are away, from the first up to and including the last day."""

    role: Id
    from_: Annotated[Date, Field(alias="from")]
    to: Date
    people: Annotated[int, Field(ge=1, le=10_000, description="How many of them.")] = 1

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.to < self.from_:
            raise ValueError(f"the absence ends on {self.to}, before it starts on {self.from_}")
        return self


class TeamShape(Shape):
    """The people there are, when they are there, and how much of their day the plan gets."""

    focus: Annotated[
        Decimal,
        BeforeValidator(_decimal),
        AfterValidator(_focus),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
        Field(description="The share of a working day that goes into the plan."),
    ] = Decimal(1)
    sprint_weeks: Annotated[int, Field(ge=1, le=52)] = 2
    holidays: Annotated[list[Date], Field(max_length=10_000)] = []
    correlation: Annotated[
        Decimal,
        BeforeValidator(_decimal),
        AfterValidator(_share),
        WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
        Field(description="How far efforts go wrong together: 0 not at all, 1 all alike."),
    ] = Decimal(0)
    people: dict[Id, Annotated[int, Field(ge=0, le=10_000)]] = {}
    absences: Annotated[list[AbsenceShape], Field(max_length=10_000)] = []


class LocalShape(Shape):
    """Tickets as files."""

    directory: Line = "backlog"


class GitHubShape(Shape):
    """Tickets as GitHub issues."""

    repository: Annotated[
        Line, _form(REPOSITORY_PATTERN, "OWNER/NAME"), _text(REPOSITORY_PATTERN, 300)
    ]
    base_url: Annotated[
        Address | None, Field(description="The address of the API, for GitHub Enterprise Server.")
    ] = None
    token_command: TokenCommand | None = None
    assignees: Annotated[
        list[Login], Field(max_length=10, description="Who gets every new ticket.")
    ] = []
    project: Annotated[
        int | None,
        Field(ge=1, le=2**31 - 1, description="The project that gets the roadmap's dates."),
    ] = None
    project_owner: Annotated[
        Login | None, Field(description="Whose project it is; without: the repository's owner.")
    ] = None
    project_start: Annotated[Line, Field(description="The project's field for the first day.")] = (
        "Start date"
    )
    project_target: Annotated[Line, Field(description="The project's field for the last day.")] = (
        "Target date"
    )

    @model_validator(mode="after")
    def _has_two_fields(self) -> Self:
        if self.project_start.casefold() == self.project_target.casefold():
            fix = "Name two fields: one for the first day, one for the last."
            raise ValueError(f'"project_start" and "project_target" are the same field\n{fix}')
        return self


class JiraFieldsShape(Shape):
    """Fields of a Jira project where they are not found by their kind."""

    epic_link: FieldId | None = None
    epic_name: FieldId | None = None
    story_points: FieldId | None = None


class JiraShape(Shape):
    """Tickets in a Jira project."""

    server: Address
    project: Annotated[Line, _form(KEY_PATTERN, "KEY, in capital letters"), _text(KEY_PATTERN, 300)]
    email: Annotated[
        Line | None, Field(description="Whose API token it is (Cloud); without: a personal token.")
    ] = None
    token_command: TokenCommand | None = None
    epic_type: Annotated[
        Line | None, Field(description="The type of epics; found by its level (Cloud), or Epic.")
    ] = None
    ticket_type: Annotated[
        Line | None, Field(description="The type of tickets; without: Task, or Story.")
    ] = None
    link_type: Annotated[Line, Field(description="The kind of link for needs.")] = "Blocks"
    components: Annotated[
        list[Line], Field(description="Components of every new ticket, which the project has.")
    ] = []
    versions: Annotated[
        bool, Field(description="Whether the roadmap's sprints become versions of the project.")
    ] = True
    wont_do: Annotated[
        list[Line] | None,
        Field(description="Resolutions and statuses that mean closed without being done."),
    ] = None
    fields: JiraFieldsShape | None = None


class TrackerShape(Shape):
    """Which tracker holds the tickets, and where."""

    kind: Literal["local", "github", "jira"] = "local"
    local: LocalShape = LocalShape()
    github: GitHubShape | None = None
    jira: JiraShape | None = None

    @model_validator(mode="after")
    def _is_told_where(self) -> Self:
        if self.kind == "github" and self.github is None:
            fix = 'Add the table [tracker.github] with `repository = "OWNER/NAME"`.'
            raise ValueError(f'"kind" is "github", and no repository is named\n{fix}')
        if self.kind == "jira" and self.jira is None:
            fix = 'Add the table [tracker.jira] with `server = "https://..."`, `project = "KEY"`.'
            raise ValueError(f'"kind" is "jira", and no server and project are named\n{fix}')
        return self


class PlanSettings(Shape):
    """What every plan starts from."""

    file: Annotated[Line, Field(description="Where the plan is written.")] = "plan.yaml"
    include: Annotated[list[PinName], Field(max_length=10_000)] = []
    exclude: Annotated[list[PinName], Field(max_length=10_000)] = []


PlanValue = Annotated[
    Annotated[Line, Tag("plain")] | Annotated[PlanSettings, Tag("mapping")],
    Discriminator(_is_mapping),
]


class SettingsFile(Shape):
    """maturity.toml, or the table [tool.maturity-planner] of pyproject.toml."""

    assessment: Line = "assessment.yaml"
    rubric: Line | None = None
    plan: Annotated[PlanValue, Field(description="Pins, or only the file.")] = "plan.yaml"
    roadmap: Annotated[Line, Field(description="Where the roadmap is written.")] = "roadmap.yaml"
    target: PointCount | None = None
    horizon_quarters: Quarters = Decimal(4)
    grace_quarters: Annotated[
        int, Field(ge=0, le=40, description="How long evidence counts after its review is due.")
    ] = 1
    team: TeamShape = TeamShape()
    tracker: TrackerShape = TrackerShape()


# Plan --------------------------------------------------------------------------------------

Amount = Annotated[Decimal, BeforeValidator(_decimal), WithJsonSchema({"type": "number"})]


class UpgradeShape(Shape):
    """One item moved to a higher mode."""

    item: Id
    section: Id
    from_: Annotated[Id, Field(alias="from")]
    to: Id
    cost_days: Amount
    effort_days: Amount
    points: Amount
    why: Text
    needed_by: list[Ref]


class ChoiceShape(Shape):
    """Another plan for the same request."""

    score: Amount | None = None
    cost_days: Amount
    upgrades: list[UpgradeShape]


class StandingShape(Shape):
    """An overall score and the score of each section."""

    score: Amount
    sections: dict[Id, Amount]


PlanId = Annotated[
    str,
    _form("[0-9a-f]{8}", "12ab34cd: 8 hexadecimal digits"),
    _text("[0-9a-f]{8}", 8),
    Field(description="Names the plan in the tracker; kept when it is made again."),
]


class PlanFile(Shape):
    """The chosen upgrades, what was asked for, and what is proven."""

    schema_: Annotated[Literal["maturity-planner/plan/v1"], Field(alias="schema")]
    id: PlanId
    system: Line
    rubric: Line
    status: Literal["optimal", "feasible", "infeasible"]
    ties_settled: bool = True
    target: Amount | None
    section_targets: dict[Id, Amount]
    budget: Amount | None
    horizon_quarters: Amount
    cost_days: Amount
    bound_days: Amount
    effort_days: Amount
    upkeep_days_per_quarter: Amount
    upgrades: list[UpgradeShape]
    before: StandingShape
    after: StandingShape
    alternatives: list[ChoiceShape]
    alternatives_complete: bool = True
    because: list[Text]


# Roadmap -----------------------------------------------------------------------------------

WorkingDay = Annotated[int, Field(ge=0, le=1_000_000)]


class ActivityShape(Shape):
    """An upgrade in time; `end` is its last day, `end_day` the working day after it."""

    item: Id
    to: Id
    start: Date
    end: Date
    start_day: WorkingDay
    end_day: WorkingDay
    people: dict[Id, Annotated[int, Field(ge=1, le=1000)]]
    sprint: Id

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start or self.end_day <= self.start_day:
            raise ValueError(f"it ends on {self.end}, before it starts on {self.start}")
        return self


class SprintShape(Shape):
    """A sprint, its first and its last day, and the upgrades that are finished in it."""

    id: Id
    start: Date
    end: Date
    used_days: Amount
    capacity_days: Amount
    upgrades: list[Ref]

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"the sprint ends on {self.end}, before it starts on {self.start}")
        return self


class AskedShape(Shape):
    """What was asked for: when work can start, and by when all should be done, if at all."""

    start: Date
    end: Date | None


class RoadmapFile(Shape):
    """The plan placed in time."""

    schema_: Annotated[Literal["maturity-planner/roadmap/v1"], Field(alias="schema")]
    plan: PlanId
    system: Line
    rubric: Line
    asked: AskedShape
    status: Literal["optimal", "feasible"]
    ties_settled: bool = True
    finish: Date | None
    makespan_days: WorkingDay
    bound_days: WorkingDay
    activities: list[ActivityShape]
    sprints: list[SprintShape]
    left: Annotated[
        list[Ref], Field(description="Upgrades of the plan that are left for a later quarter.")
    ] = []
