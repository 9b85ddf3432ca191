"""The shape of the settings."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from ..core.addresses import KEY_PATTERN, REPOSITORY_PATTERN
from .values import (
    Address,
    Date,
    FieldId,
    Id,
    Line,
    Login,
    PinName,
    PointCount,
    Quarters,
    Shape,
    TokenCommand,
    check_number,
    kind_of,
    of_form,
    text_schema,
)


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

    role: Annotated[Id, Field(description="Who is away, as one of the team's roles.")]
    from_: Annotated[Date, Field(alias="from", description="The first day away.")]
    to: Annotated[Date, Field(description="The last day away.")]
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
        BeforeValidator(check_number),
        AfterValidator(_focus),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
        Field(description="The share of a working day that goes into the plan."),
    ] = Decimal(1)
    sprint_weeks: Annotated[int, Field(ge=1, le=52, description="How long a sprint is.")] = 2
    holidays: Annotated[
        list[Date], Field(max_length=10_000, description="Days on which nobody works.")
    ] = []
    correlation: Annotated[
        Decimal,
        BeforeValidator(check_number),
        AfterValidator(_share),
        WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
        Field(description="How far efforts go wrong together: 0 not at all, 1 all alike."),
    ] = Decimal(0)
    people: Annotated[
        dict[Id, Annotated[int, Field(ge=0, le=10_000)]],
        Field(description="How many there are of each role."),
    ] = {}
    absences: Annotated[
        list[AbsenceShape], Field(max_length=10_000, description="When some of them are away.")
    ] = []


class LocalShape(Shape):
    """Tickets as files."""

    directory: Annotated[Line, Field(description="The folder of the tickets.")] = "backlog"


class GitHubShape(Shape):
    """Tickets as GitHub issues."""

    repository: Annotated[
        Line,
        of_form(REPOSITORY_PATTERN, "OWNER/NAME"),
        text_schema(REPOSITORY_PATTERN, 300),
        Field(description="OWNER/NAME of the repository that gets the issues."),
    ]
    base_url: Annotated[
        Address | None, Field(description="The address of the API, for GitHub Enterprise Server.")
    ] = None
    token_command: TokenCommand = None
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

    epic_link: Annotated[
        FieldId | None,
        Field(
            description="The field that puts a ticket below its epic, such as customfield_10014."
        ),
    ] = None
    epic_name: Annotated[
        FieldId | None, Field(description="The field that holds an epic's short name.")
    ] = None
    story_points: Annotated[
        FieldId | None, Field(description="The field that gets the expected person-days.")
    ] = None


class JiraShape(Shape):
    """Tickets in a Jira project."""

    server: Annotated[
        Address, Field(description="What stands before /browse/KEY-1 in the address of an issue.")
    ]
    project: Annotated[
        Line,
        of_form(KEY_PATTERN, "KEY, in capital letters"),
        text_schema(KEY_PATTERN, 300),
        Field(description="The key of the project that gets the issues."),
    ]
    email: Annotated[
        Line | None, Field(description="Whose API token it is (Cloud); without: a personal token.")
    ] = None
    token_command: TokenCommand = None
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
    fields: Annotated[
        JiraFieldsShape | None, Field(description="Fields that are not found by their kind.")
    ] = None


class TrackerShape(Shape):
    """Which tracker holds the tickets, and where."""

    kind: Annotated[
        Literal["local", "github", "jira"],
        Field(description="Where tickets go: files, GitHub or Jira."),
    ] = "local"
    local: Annotated[LocalShape, Field(description="The table for `local`.")] = LocalShape()
    github: Annotated[GitHubShape | None, Field(description="The table for `github`.")] = None
    jira: Annotated[JiraShape | None, Field(description="The table for `jira`.")] = None

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
    include: Annotated[
        list[PinName],
        Field(max_length=10_000, description="Upgrades that every plan holds: ITEM or ITEM@MODE."),
    ] = []
    exclude: Annotated[
        list[PinName],
        Field(max_length=10_000, description="Upgrades that no plan holds: ITEM or ITEM@MODE."),
    ] = []


PlanValue = Annotated[
    Annotated[Line, Tag("plain")] | Annotated[PlanSettings, Tag("mapping")],
    Discriminator(kind_of),
]


class SettingsFile(Shape):
    """maturity.toml, or the table [tool.maturity-planner] of pyproject.toml."""

    assessment: Annotated[Line, Field(description="The file of the answers.")] = "assessment.yaml"
    rubric: Annotated[
        Line | None, Field(description="A rubric in place of the one that the assessment names.")
    ] = None
    plan: Annotated[PlanValue, Field(description="Pins, or only the file.")] = "plan.yaml"
    roadmap: Annotated[Line, Field(description="Where the roadmap is written.")] = "roadmap.yaml"
    target: Annotated[PointCount | None, Field(description="The score to reach.")] = None
    horizon_quarters: Annotated[
        Quarters, Field(description="How many quarters of upkeep count as cost.")
    ] = Decimal(4)
    grace_quarters: Annotated[
        int, Field(ge=0, le=40, description="How long evidence counts after its review is due.")
    ] = 1
    team: Annotated[TeamShape, Field(description="Who works on the plan, for the roadmap.")] = (
        TeamShape()
    )
    tracker: Annotated[TrackerShape, Field(description="Where the tickets are.")] = TrackerShape()
