"""The shapes of what `--json` prints, for `schema KIND` and for the tests that hold us to them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = int | float
ModeName = Annotated[str, Field(description="ITEM@MODE")]


class Output(BaseModel):
    """A mapping in a result; keys are only ever added within a version."""

    model_config = ConfigDict(extra="forbid")


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


class RubricName(Output):
    """A rubric and its version."""

    id: str
    version: str


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


class UpgradeOut(Output):
    """One item moved to a higher mode."""

    item: str
    section: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    cost_days: Number
    effort_days: Number
    points: Number
    why: str
    needed_by: list[ModeName]


class ChoiceOut(Output):
    """Another plan."""

    score: Number
    cost_days: Number
    upgrades: list[UpgradeOut]


class OtherOut(Output):
    """The plan made again under one more condition, and its difference to the plan.

    The difference in cost is `more_days`; where it is not proven, it lies between
    `least_more_days` and that. `unknown`: nothing was found in time.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    cost_days: Number | None
    bound_days: Number | None
    more_days: Number | None
    least_more_days: Number | None
    score: Number | None
    upgrades: list[ModeName]
    because: list[str]


class ForcedOut(OtherOut):
    """The plan when it has to hold an upgrade.

    The upgrade would be chosen if it cost less than `chosen_at_days` or, with `wins_tie`, as much;
    null: it would not be chosen even for nothing, or that is not known.
    """

    upgrade: ModeName
    own_cost_days: Number
    chosen_at_days: Number | None
    wins_tie: bool | None


class ExplainedOut(Output):
    """Why an item is in the plan (`upgrade`), or what it would take (`forced`)."""

    item: str
    mode: Annotated[str, Field(description="The item's mode today.")]
    upgrade: ModeName | None
    why: str | None
    needed_by: list[ModeName]
    without: OtherOut | None
    forced: list[ForcedOut]


class RenewalOut(Output):
    """Evidence that is to be shown again: what upkeep of a quarter costs."""

    item: str
    mode: str
    due: str
    effort_days: Number


class PlanOut(Output):
    """The chosen upgrades, what was asked for, and what is proven.

    `explained` with --explain; `renewals`, which are no part of the costs, with --renew.
    """

    status: Literal["optimal", "feasible", "infeasible"]
    ties_settled: Annotated[
        bool,
        Field(description="False when the time was up before the rule for ties had chosen."),
    ]
    target: Number | None
    section_targets: dict[str, Number]
    budget: Number | None
    horizon_quarters: Number
    cost_days: Number
    bound_days: Number
    effort_days: Number
    upkeep_days_per_quarter: Number
    upgrades: list[UpgradeOut]
    before: StandingOut
    after: StandingOut
    alternatives: list[ChoiceOut]
    alternatives_complete: Annotated[
        bool, Field(description="False when the time was up before all were found.")
    ]
    because: list[str]
    explained: ExplainedOut | None = None
    renewals: list[RenewalOut] | None = None


class PointOut(Output):
    """A pair of cost and score that no other pair beats; proven when it is `optimal`."""

    score: Number
    status: Literal["optimal", "feasible"]
    cost_days: Number
    bound_days: Number
    effort_days: Number
    upgrades: list[ModeName]


class FrontierOut(Output):
    """From what costs nothing to the best score; not `complete` when it was stopped."""

    complete: bool
    points: list[PointOut]


class ActivityOut(Output):
    """An upgrade in time: `end` is its last day, `end_day` the working day after it."""

    item: str
    to: str
    start: str
    end: str
    start_day: int
    end_day: int
    people: Annotated[dict[str, int], Field(description="By role; empty: one person of any role.")]
    sprint: Annotated[str, Field(description="The sprint in which it is finished.")]


class SprintOut(Output):
    """A sprint: person-days of people who are occupied, and of those who are there."""

    id: str
    start: str
    end: str
    used_days: Number
    capacity_days: Number
    upgrades: list[ModeName]


class OddsOut(Output):
    """What the simulation says: working days and dates by which all is done, by per cent."""

    samples: int
    seed: int
    mean_days: Number
    days: dict[str, int]
    dates: dict[str, str]
    critical: Annotated[
        dict[str, Number],
        Field(description="Each item's chance that a delay of it delays the end."),
    ]


class QuarterOut(StandingOut):
    """Where the system stands at a quarter's end, by what is finished then."""

    id: str
    end: str
    upgrades: Annotated[list[ModeName], Field(description="Finished in this quarter.")]


class FitOut(Output):
    """What --fit has chosen. `is_best`: no plan that reaches `next_score` can fit."""

    score: Number
    wanted_score: Number
    upgrades: list[ModeName]
    is_best: bool
    next_score: Number | None
    least_effort_days: Number | None
    capacity_days: Number
    undecided: list[Number]


class RoadmapOut(Output):
    """The plan in time; days are working days from the start, `end_day` is not included."""

    status: Literal["optimal", "feasible", "infeasible"]
    ties_settled: bool
    start: str
    end: Annotated[
        str | None, Field(description="The end asked for, else the day on which all is done.")
    ]
    finish: Annotated[str | None, Field(description="The day on which all is done.")]
    makespan_days: int
    bound_days: int
    on_time_probability: Number | None
    activities: list[ActivityOut]
    sprints: list[SprintOut]
    unplaced: list[ModeName]
    because: list[str]
    odds: OddsOut | None
    quarters: list[QuarterOut]
    before: StandingOut
    after: StandingOut
    score: Annotated[Number, Field(description="The overall score when all is done.")]
    left: Annotated[list[ModeName], Field(description="Of plan.yaml, for a later quarter.")]
    fit: FitOut | None = None


class ChangeOut(Output):
    """One step of a sync; fields hold what is present and what is wanted."""

    op: Literal["create", "update", "close", "reopen", "link", "keep"]
    kind: Literal["epic", "ticket"]
    uid: str
    title: str
    remote: str | None
    fields: dict[str, Annotated[list[Any], Field(min_length=2, max_length=2)]]
    why: str
    applied: bool
    error: str | None


class ChangesOut(Output):
    """Tickets wanted against tickets present."""

    tracker: str
    target: str
    changes: list[ChangeOut]
    counts: dict[str, int]
    fingerprint: str


class TicketOut(Output):
    """A ticket and the upgrade that it stands for."""

    uid: str
    remote: str
    item: str
    to: str
    state: Literal["open", "in_progress", "done", "not_done"]
    closed_on: str | None


class ProposalOut(Output):
    """A suggested change of an answer."""

    item: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    because: str
    remote: str
    accepted: bool


class ScoreOnly(Output):
    """An overall score."""

    score: Number


class TrackOut(Output):
    """What the tickets say, and what follows from it."""

    tickets: list[TicketOut]
    proposals: list[ProposalOut]
    before: ScoreOnly
    after: ScoreOnly


class SettingOut(Output):
    """A setting in force; null for what nobody has set, and always for what may be secret."""

    name: str
    value: str | Number | list[str] | None
    origin: Literal["option", "environment", "file", "default"]
    where: Annotated[str, Field(description="--OPTION, VARIABLE or FILE:LINE.")]


class FindingOut(Output):
    """One thing that was looked at, how it stands, and what to do about it."""

    about: Literal["settings", "files", "tracker"]
    name: str
    grade: Literal["ok", "warning", "fault"]
    detail: str
    fix: str


class DoctorOut(Output):
    """The settings in force, and how settings, files and tracker stand."""

    settings: list[SettingOut]
    findings: list[FindingOut]


class BeforeOut(Output):
    """Where the system stood before the last movement; no cause: it is not recorded yet."""

    since: str
    score: Number
    sections: dict[str, Number]
    cause: str


class StepOut(Output):
    """What reaching a score costs at least, when that is proven."""

    score: Number
    cost_days: Number
    effort_days: Number
    upgrades: list[ModeName]
    proven: bool


class PlannedOut(Output):
    """An upgrade of the plan, its days where the roadmap places it; `left`: for later."""

    upgrade: ModeName
    title: str
    from_: Annotated[str, Field(alias="from")]
    effort_days: Number
    cost_days: Number
    points: Number
    why: str
    done: bool
    start: str | None
    end: str | None
    left: bool


class PlanPartOut(Output):
    """The plan on file; cost and effort are of what is left to do."""

    target: Number | None
    cost_days: Number
    effort_days: Number
    horizon_quarters: Number
    after: Number
    proven: bool
    upgrades: list[PlannedOut]


class RoadmapPartOut(Output):
    """The roadmap on file: first day, last day, the end that was asked for."""

    start: str
    finish: str
    asked_end: str | None
    on_time_probability: Number | None
    odds: OddsOut | None


class DayOut(Output):
    """The points of all sections on a day."""

    day: str
    points: Number


class BurnUpOut(Output):
    """What the roadmap expects, and what was recorded."""

    planned: list[DayOut]
    done: list[DayOut]


class TicketPartOut(Output):
    """A ticket and where it stands."""

    remote: str
    title: str
    upgrade: ModeName
    state: Literal["open", "in_progress", "done", "not_done"]
    closed_on: str | None


class ItemPartOut(Output):
    """What shows how an item is done, and the mode that the plan wants."""

    id: str
    title: str
    evidence: list[str]
    note: str
    planned: str | None


class WaiverOut(Output):
    """An accepted exemption; an expired one no longer counts."""

    item: str
    reason: str
    owner: str
    until: str
    expired: bool


class ReportOut(Output):
    """All that a report says, long texts cut; what is null is explained in `missing`."""

    made_on: str
    as_of: str | None
    target: Number | None
    gap: Number | None
    score: ScoreOut
    unmet_needs: list[str]
    change: BeforeOut | None
    frontier: list[StepOut] | None
    plan: PlanPartOut | None
    roadmap: RoadmapPartOut | None
    burn_up: BurnUpOut | None
    tickets: list[TicketPartOut] | None
    items: list[ItemPartOut]
    waivers: list[WaiverOut]
    missing: dict[str, str]


OUTPUTS: dict[str, type[Output]] = {
    "rubrics": RubricsOut,
    "import": ImportOut,
    "validate": ValidateOut,
    "show": ShowOut,
    "import-answers": ImportAnswersOut,
    "assess": AssessOut,
    "score": ScoreOut,
    "history": HistoryOut,
    "plan": PlanOut,
    "frontier": FrontierOut,
    "roadmap": RoadmapOut,
    "diff": ChangesOut,
    "sync": ChangesOut,
    "track": TrackOut,
    "report": ReportOut,
    "doctor": DoctorOut,
}


def output_schema(command: str) -> dict[str, Any]:
    """Return the JSON Schema of a command's `--json`, envelope included."""
    data = OUTPUTS[command].model_json_schema(by_alias=True)
    definitions = data.pop("$defs", {})
    return {
        "title": f"{command} --json",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "generated_by", "data"],
        "properties": {
            "schema": {"const": f"maturity-planner/{command}/v1"},
            "generated_by": {"type": "string"},
            "data": data,
        },
        "$defs": definitions,
    }


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a file kind or an output.

    `plan`, `roadmap` and `history` are both: a file, and what the command prints as JSON.
    """
    from .checking import shape_of
    from .editing import tidied

    schemas = []
    if kind == "history":
        schemas.append(HISTORY)
    elif kind in FILES:
        schemas.append(tidied(shape_of(kind).model_json_schema(by_alias=True)))
    if kind in OUTPUTS:
        schemas.append(output_schema(kind))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if len(schemas) == 1:
        return head | schemas[0]
    definitions: dict[str, Any] = {}
    for schema in schemas:
        definitions |= schema.pop("$defs", {})
    return {**head, "title": kind, "anyOf": schemas, "$defs": definitions}


HISTORY: dict[str, Any] = {
    "title": "HistoryLine",
    "description": "One line of history.jsonl: a recorded score.",
    "type": "object",
    "additionalProperties": False,
    "required": ["when", "score", "sections", "cause"],
    "properties": {
        "when": {"type": "string", "format": "date-time"},
        "score": {"type": "number"},
        "sections": {"type": "object", "additionalProperties": {"type": "number"}},
        "cause": {"type": "string"},
        "system": {"type": "string"},
        "rubric": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "version", "digest"],
            "properties": {name: {"type": "string"} for name in ("id", "version", "digest")},
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
    },
    "dependentRequired": {
        key: ["system", "rubric", "answers", "waivers"]
        for key in ("system", "rubric", "answers", "waivers")
    },
}

FILES = ("rubric", "assessment", "settings", "plan", "roadmap", "history")
KINDS = tuple(dict.fromkeys((*FILES, *OUTPUTS)))
