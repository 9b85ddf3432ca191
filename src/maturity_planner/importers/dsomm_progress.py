"""What a team has done, as the application of DSOMM stores it, as an assessment of ours.

The state of an activity is the highest-scoring title that has a date. Only the title that stands
for 100 % counts as implemented; less is none, with a note that says how far the team is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..core.quantity import as_fraction, shown
from ..core.rubric import NONE
from ..errors import UsageError, suggestion
from .dsomm import MODE, Model
from .dsomm_activities import Activity
from .dsomm_evidence import entries_of, read_day, read_evidence, teams_of
from .findings import Findings
from .reading import Node
from .words import MOST_LINE, cut, one_line

FULL = Fraction(100)
TITLES = {
    "Not implemented": Fraction(0),
    "Started": Fraction(20),
    "Partly implemented": Fraction(50),
    "Fully implemented": FULL,
}
"""The application's own titles in percent, for a team that has not changed them."""

MOST_EVIDENCE = 1_000
MOST_TEAMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Files:
    """The application's files; the settings may change the titles."""

    progress: Path
    evidence: Path | None = None
    settings: Path | None = None


@dataclass(slots=True)
class _Answer:
    """What is known of one activity: the best title with its date, and what shows it."""

    title: str = ""
    score: Fraction | None = None
    day: datetime.date | None = None
    evidence: list[str] = field(default_factory=list)
    evidence_day: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A team's assessment, and how many of its activities are implemented or begun."""

    team: str
    document: Mapping[str, Any]
    implemented: int
    begun: int


def import_progress(
    files: Files,
    model: Model,
    findings: Findings,
    *,
    team: str | None,
    rubric: str,
    today: datetime.date,
) -> Progress:
    """Return the team's state as an assessment of the rubric of that name.

    Raises:
        RubricError: one of the files cannot be read.
        UsageError: no team is named where there are several, or one that is not there.
    """
    titles = _titles(files.settings, findings)
    states = _roots(files.progress, "progress", findings)
    evidence = _roots(files.evidence, "evidence", findings) if files.evidence else []
    team = _team(team, states, evidence)
    known = _Activities(model, findings)
    answers: dict[str, _Answer] = {}
    for activity, teams in known.named_in(states):
        mine = _mine(teams, team, findings)
        if mine is not None:
            _look_at(mine, titles, answers.setdefault(activity.id, _Answer()), findings)
    for activity, entries in known.named_in(evidence):
        for entry in entries_of(entries, team, findings):
            _add_evidence(entry, answers.setdefault(activity.id, _Answer()), findings)
    scores = [one.score for one in answers.values() if one.score is not None]
    document = {
        "schema": "maturity-planner/assessment/v1",
        "system": cut(one_line(team), MOST_LINE) or "system",
        "rubric": rubric,
        "date": today.isoformat(),
        "answers": {one.id: _answer(answers.get(one.id)) for one in model.activities},
    }
    return Progress(
        team, document, sum(s >= FULL for s in scores), sum(0 < s < FULL for s in scores)
    )


def _titles(path: Path | None, findings: Findings) -> Mapping[str, Fraction]:
    """Return what each title stands for in percent; the settings', else the application's own."""
    if path is None:
        return TITLES
    found: dict[str, Fraction] = {}
    roots = _roots(path, "progressDefinition", findings)
    for title, node in (pair for root in roots for pair in root.items()):
        given = findings.text(node, "score") if isinstance(node.value, dict) else node.value
        score = as_fraction(given.strip().removesuffix("%")) if isinstance(given, str) else None
        if score is None or not 0 <= score <= FULL:
            message = f'"{one_line(title)[:60]}" has no score from 0% to 100%; it is left out'
            findings.fault(node, message, "Write it like `score: 50%`.")
        else:
            found[title] = score
    fix = "One has to be 0% and one 100%."
    for root in roots[:1] if Fraction(0) not in found.values() else ():
        findings.fault(root, "no title stands for 0%", fix)
    if FULL in found.values():
        return found
    for root in roots[:1]:
        message = "no title stands for 100%, so the application's own ones are taken"
        findings.fault(root, message, fix)
    return TITLES


def _roots(path: Path, key: str, findings: Findings) -> list[Node]:
    """Return what stands under a key in the documents of a file."""
    source = findings.read(path)
    nodes = [Node(source, one, one.data) for one in source.documents if one.data is not None]
    for node in nodes:
        if not isinstance(node.value, dict) or key not in node.value:
            findings.fault(node, f'there is no "{key}" in this file', f"It starts with `{key}:`.")
    found = (node.get(key) for node in nodes)
    roots = [node for node in found if node is not None]
    for node in roots:
        if not isinstance(node.value, dict):
            message = f'"{key}" should be a mapping; it is left out'
            findings.fault(node, message, "Write `NAME: ...` lines under it.")
    return roots


def _team(wanted: str | None, states: Sequence[Node], evidence: Sequence[Node]) -> str:
    """Return the team to read: the one that is named, or the only one there is."""
    inner = [teams for root in states for _, teams in root.items()]
    entries = [entry for root in evidence for _, one in root.items() for entry in one.entries()]
    named = [name for teams in inner for name, _ in teams.items()]
    teams = list(dict.fromkeys([*named, *(name for one in entries for name in teams_of(one))]))
    shown_teams = ", ".join(f'"{one_line(name)[:60]}"' for name in teams[:MOST_TEAMS_SHOWN])
    more = " and more" if len(teams) > MOST_TEAMS_SHOWN else ""
    if wanted is not None:
        if teams and wanted not in teams:
            fix = suggestion(wanted, [one_line(name)[:60] for name in teams], kind="Teams")
            raise UsageError(f'there is no team "{wanted}"', fix=fix)
        return wanted
    if len(teams) > 1:
        raise UsageError(
            f"there are {len(teams)} teams: {shown_teams}{more}", fix="Name one: --team NAME"
        )
    return teams[0] if teams else ""


class _Activities:
    """The activities of a model by uuid; a uuid that stands twice means none of them."""

    def __init__(self, model: Model, findings: Findings) -> None:
        self._findings = findings
        self._by_uuid: dict[str, list[Activity]] = {}
        self._left_out = {one.uuid: one for one in model.left_out if one.uuid}
        for one in model.activities:
            if one.uuid:
                self._by_uuid.setdefault(one.uuid, []).append(one)

    def named_in(self, roots: Sequence[Node]) -> Iterator[tuple[Activity, Node]]:
        """Yield the activities that the keys of these mappings name; tell the other keys."""
        for uuid, node in (pair for root in roots for pair in root.items()):
            found = self._by_uuid.get(uuid.strip().casefold(), [])
            if len(found) == 1:
                yield found[0], node
                continue
            comment = node.source.comment(node.place[0])
            hint = f' Its comment names "{one_line(comment)[:80]}".' if comment else ""
            shown_uuid = f'the uuid "{one_line(uuid)[:60]}"'
            if found:
                owners = " and ".join(one.shown for one in found[:4])
                message = f"{owners} have {shown_uuid}; it is left out"
                fix = "Give each one a uuid of its own."
            elif gone := self._left_out.get(uuid.strip().casefold()):
                name = one_line(gone.name)[:80]
                message = f'{shown_uuid} is that of "{name}", which was left out, and so is this'
                fix = f"In the model, {gone.why}."
            else:
                message = f"no activity of the model has {shown_uuid}; it is left out"
                fix = "Take progress and model of one version."
            self._findings.fault(node, message, fix + hint)


def _mine(teams: Node, team: str, findings: Findings) -> Node | None:
    """Return what the team has reached; tells what has another form than titles with dates."""
    fix = "Write it as `TEAM: {TITLE: YYYY-MM-DD}`."
    if teams.value is not None and not isinstance(teams.value, dict):
        message = f"the progress of an activity should name teams, not be {teams.kind}; left out"
        findings.fault(teams, message, fix)
    mine = teams.get(team)
    if mine is None or isinstance(mine.value, dict):
        return mine
    message = f'the progress of "{one_line(team)[:60]}" should be titles with dates'
    findings.fault(mine, f"{message}, not {mine.kind}; it is left out", fix)
    return None


def _look_at(
    states: Node, titles: Mapping[str, Fraction], answer: _Answer, findings: Findings
) -> None:
    """Keep the highest-scoring title that has a date."""
    for title, node in states.items():
        if node.value is None:
            continue
        day = read_day(node, findings)
        if title not in titles:
            fix = suggestion(title[:60], titles, kind="Titles")
            message = f'there is no progress title "{one_line(title)[:60]}"; it is left out'
            findings.fault(node, message, fix + " Own titles: --settings meta.yaml")
        elif day and (answer.score is None or titles[title] > answer.score):
            answer.title, answer.score, answer.day = title, titles[title], day


def _add_evidence(entry: Node, answer: _Answer, findings: Findings) -> None:
    lines, day = read_evidence(entry, findings)
    if day and (answer.evidence_day is None or day > answer.evidence_day):
        answer.evidence_day = day
    free = MOST_EVIDENCE - len(answer.evidence)
    if len(lines) > free:
        message = f"an activity has more than {MOST_EVIDENCE} pieces of evidence"
        findings.fault(entry, f"{message}; the rest is left out", "Name the strongest ones first.")
    answer.evidence += lines[:free]


def _answer(found: _Answer | None) -> Any:
    """Return the answer as a file has it: nothing as long as nobody has said anything."""
    if found is None or (found.score is None and not found.evidence):
        return None
    if found.score is None:
        return {"evidence": found.evidence}
    answer: dict[str, Any] = {"mode": MODE if found.score >= FULL else NONE}
    if day := found.evidence_day or found.day:
        answer["date"] = day.isoformat()
    if found.evidence:
        answer["evidence"] = found.evidence
    answer["note"] = f"{one_line(found.title)[:MOST_LINE]} ({shown(found.score)} %) on {found.day}"
    return answer
