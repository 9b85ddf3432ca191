"""A team's progress in DSOMM's application as an assessment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builders import TODAY
from maturity_planner.checking import faults_of
from maturity_planner.core.assessment_soundness import assessment_faults
from maturity_planner.documents import parse_yaml
from maturity_planner.errors import RubricError, UsageError
from maturity_planner.importers.dsomm import Choice, Model, as_rubric, read_model
from maturity_planner.importers.dsomm_progress import Files, Progress, import_progress
from maturity_planner.importers.findings import Findings
from maturity_planner.importers.writing import written

ONE, TWO, THREE, FOUR = (f"{n}1111111-aaaa-4bbb-8ccc-00000000000{n}" for n in (1, 2, 3, 4))
MODEL = f"""\
Kitchen:
  Ovens:
    Checklist: {{uuid: {ONE}, level: 1, usefulness: 1}}
    Alarm: {{uuid: {TWO}, level: 1, usefulness: 1}}
    Twin: {{uuid: {THREE}, level: 1, usefulness: 1}}
    Other twin: {{uuid: {THREE}, level: 1, usefulness: 1}}
    Gone: {{uuid: {FOUR}}}
"""
CHECKLIST, ALARM = "checklist-11111111", "alarm-21111111"


class Place:
    """A folder with a model, in which progress is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("model.yaml", MODEL)
        self.model: Model
        self.findings: Findings
        self.model, self.findings = read_model(folder / "model.yaml")
        self.imported = as_rubric(folder / "model.yaml", self.model, self.findings, Choice())
        self.findings.faults.clear()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def read(
        self,
        progress: str,
        evidence: str | None = None,
        settings: str | None = None,
        team: str | None = None,
    ) -> Progress:
        files = Files(
            self.write("progress.yaml", progress),
            None if evidence is None else self.write("evidence.yaml", evidence),
            None if settings is None else self.write("meta.yaml", settings),
        )
        found = import_progress(
            files, self.model, self.findings, team=team, rubric="dsomm", today=TODAY
        )
        text = written(found.document, [])
        faults, _ = faults_of("assessment", text, "a.yaml", parse=parse_yaml)
        assert faults == []
        return found

    @property
    def told(self) -> list[str]:
        return [fault.message for fault in self.findings.sorted_faults()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def progress(uuid: str, states: str, team: str = "Bakery A") -> str:
    return f"progress:\n  {uuid}: # Checklist\n    '{team}':\n      {states}\n"


@pytest.mark.parametrize(
    ("states", "answer"),
    [
        (
            "{Started: 2031-02-10, Fully implemented: 2031-03-01}",
            {
                "mode": "implemented",
                "date": "2031-03-01",
                "note": "Fully implemented (100 %) on 2031-03-01",
            },
        ),
        (
            "{Started: 2031-02-10, Partly implemented: 2031-01-01}",
            {
                "mode": "none",
                "date": "2031-01-01",
                "note": "Partly implemented (50 %) on 2031-01-01",
            },
        ),
        (
            "{Started: 2031-02-10T11:12:13Z, Fully implemented: }",
            {"mode": "none", "date": "2031-02-10", "note": "Started (20 %) on 2031-02-10"},
        ),
        (
            "{Not implemented: 2031-02-10}",
            {"mode": "none", "date": "2031-02-10", "note": "Not implemented (0 %) on 2031-02-10"},
        ),
        ("{Started: }", None),
        ("{}", None),
    ],
)
def test_the_highest_title_with_a_date_is_the_state(place: Place, states: str, answer: Any) -> None:
    found = place.read(progress(ONE, states))
    assert found.document["answers"][CHECKLIST] == answer
    assert found.document["system"] == "Bakery A"
    assert place.told == []


def test_nobody_has_begun(place: Place) -> None:
    found = place.read("progress:\n")
    assert set(found.document["answers"].values()) == {None}
    assert (found.document["system"], found.implemented, found.begun) == ("system", 0, 0)
    assert place.told == []


def test_the_assessment_is_one_of_the_rubric(place: Place) -> None:
    from maturity_planner.core.rubric import build_rubric

    found = place.read(progress(ONE, "{Started: 2031-02-10}"))
    rubric = build_rubric(parse_yaml(written(place.imported.document, [])).data)
    assert assessment_faults(found.document, rubric) == []
    assert (found.implemented, found.begun) == (0, 1)


def test_own_titles(place: Place) -> None:
    settings = """\
progressDefinition:
  Nothing: {score: 0%, definition: None of it.}
  Half: {score: '50 %'}
  Done: 100%
  Odd: {score: a lot}
"""
    found = place.read(progress(ONE, "{Half: 2031-02-10, Done: 2031-02-12}"), settings=settings)
    assert found.document["answers"][CHECKLIST]["mode"] == "implemented"
    assert place.told == ['"Odd" has no score from 0% to 100%; it is left out']


def test_own_titles_without_a_full_one_are_left_aside(place: Place) -> None:
    settings = "progressDefinition:\n  Half: {score: 50%}\n"
    found = place.read(progress(ONE, "{Fully implemented: 2031-02-10}"), settings=settings)
    assert found.document["answers"][CHECKLIST]["mode"] == "implemented"
    assert place.told == [
        "no title stands for 0%",
        "no title stands for 100%, so the application's own ones are taken",
    ]


def test_own_titles_without_an_empty_one_are_told(place: Place) -> None:
    settings = "progressDefinition:\n  Half: {score: 50%}\n  Done: {score: 100%}\n"
    found = place.read(progress(ONE, "{Done: 2031-02-10}"), settings=settings)
    assert found.document["answers"][CHECKLIST]["mode"] == "implemented"
    assert place.told == ["no title stands for 0%"]
    assert place.findings.faults[0][4:6] == (1, 1)


@pytest.mark.parametrize(
    ("states", "message", "at"),
    [
        (
            "{X: Fully implemented}",
            'the progress of "X" should be titles with dates, not a text; it is left out',
            (2, 42),
        ),
        (
            "{X: [Started]}",
            'the progress of "X" should be titles with dates, not a list; it is left out',
            (2, 42),
        ),
        (
            "[X]",
            "the progress of an activity should name teams, not be a list; left out",
            (2, 3),
        ),
        (
            "X",
            "the progress of an activity should name teams, not be a text; left out",
            (2, 3),
        ),
    ],
)
def test_progress_of_another_form_is_told(
    place: Place, states: str, message: str, at: tuple[int, int]
) -> None:
    found = place.read(f"progress:\n  {ONE}: {states}\n", team="X")
    assert found.document["answers"][CHECKLIST] is None
    assert place.told == [message]
    (fault,) = place.findings.faults
    assert (Path(fault.file).name, fault.line, fault.column) == ("progress.yaml", *at)
    assert fault.fix == "Write it as `TEAM: {TITLE: YYYY-MM-DD}`."


def test_teams_and_activities_without_anything_are_no_fault(place: Place) -> None:
    place.read(f"progress:\n  {ONE}:\n  {TWO}: {{X: }}\n")
    assert place.told == []


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ("{Full implemented: 2031-02-10}", 'there is no progress title "Full implemented"'),
        ("{Started: soon}", "this is not a date that exists"),
        ("{Started: 2031-02-30}", "this is not a date that exists"),
        ("{Started: [2031-02-03]}", "this is not a date that exists"),
    ],
)
def test_states_that_nobody_understands(place: Place, states: str, message: str) -> None:
    found = place.read(progress(ONE, states))
    assert found.document["answers"][CHECKLIST] is None
    assert [told.partition(";")[0] for told in place.told] == [message]


@pytest.mark.parametrize(
    ("uuid", "message", "fix"),
    [
        (
            "91111111-aaaa-4bbb-8ccc-000000000009",
            'no activity of the model has the uuid "9',
            "Take progress and model of one version.",
        ),
        (
            THREE,
            '"Twin" (line 5) and "Other twin" (line 6) have the uuid "3',
            "Give each one a uuid of its own.",
        ),
        (FOUR, f'the uuid "{FOUR}" is that of "Gone"', "In the model, it has no level (line 7)."),
    ],
)
def test_activities_that_are_not_there_once(
    place: Place, uuid: str, message: str, fix: str
) -> None:
    place.read(progress(uuid, "{Started: 2031-02-10}"))
    assert [told[: len(message)] for told in place.told] == [message]
    assert place.findings.faults[0].fix == f'{fix} Its comment names "Checklist".'


def test_one_of_several_teams_has_to_be_named(place: Place) -> None:
    text = progress(ONE, "{Started: 2031-02-10}") + "    Bakery B:\n      Started: 2031-02-11\n"
    with pytest.raises(UsageError, match='there are 2 teams: "Bakery A", "Bakery B"') as caught:
        place.read(text)
    assert caught.value.fix == "Name one: --team NAME"
    with pytest.raises(UsageError, match='there is no team "Bakery Aa"') as caught:
        place.read(text, team="Bakery Aa")
    assert caught.value.fix == 'Did you mean "Bakery A"?'
    found = place.read(text, team="Bakery B")
    assert found.document["answers"][CHECKLIST]["date"] == "2031-02-11"
    assert found.document["system"] == "Bakery B"


EVIDENCE = f"""\
evidence:
  {ONE}:
    - id: e1
      teams: [Bakery A]
      title: The list
      evidenceRecorded: '2031-04-01'
      description: On the wall.
      attachment:
        - {{type: document, externalLink: https://example.org/list}}
        - {{type: document, externalLink: https://example.org/list-2}}
    - id: e2
      teams: [Bakery B]
      title: Another list
    - id: e3
      title: For all
  {TWO}:
    - {{teams: Bakery A, description: Only words.}}
"""


def test_evidence_becomes_lines_with_titles_dates_and_links(place: Place) -> None:
    text = progress(ONE, "{Fully implemented: 2031-03-01}")
    found = place.read(text, EVIDENCE, team="Bakery A")
    assert found.document["answers"][CHECKLIST] == {
        "mode": "implemented",
        "date": "2031-04-01",
        "evidence": [
            "The list (2031-04-01): https://example.org/list",
            "The list (2031-04-01): https://example.org/list-2",
            "For all",
        ],
        "note": "Fully implemented (100 %) on 2031-03-01",
    }
    assert found.document["answers"][ALARM] == {"evidence": ["Only words."]}
    assert place.told == []


@pytest.mark.parametrize(
    ("entries", "messages", "evidence"),
    [
        (
            "{id: f, teams: [X], title: U}",
            ["the evidence of an activity should be a list, not a mapping; left out"],
            None,
        ),
        ("[text]", ["a piece of evidence should be a mapping, not a text; left out"], None),
        (
            "[{title: U, attachment: https://example.org/u}]",
            ['"attachment" should be a list, not a text; it is left out'],
            ["U"],
        ),
        (
            "[{title: U, attachment: [https://example.org/u]}]",
            ["an attachment should be a mapping, not a text; it is left out"],
            ["U"],
        ),
        ("[{title: U, attachmnt: []}]", ['unknown key "attachmnt"'], ["U"]),
        ("[{title: U, attachmnt: }]", ['unknown key "attachmnt"'], ["U"]),
        (
            "[{title: U, attachment: [{externalLnk: https://example.org/u}]}]",
            [
                'an attachment has no "externalLink"; it is left out',
                'unknown key "externalLnk"',
            ],
            ["U"],
        ),
        ("[{title: U, attachment: [{externalLink: }]}]", [], ["U"]),
        (
            "[{title: U, teams: {X: }}]",
            ['"teams" should be a list of names; this piece of evidence is left out'],
            None,
        ),
        ("", [], None),
    ],
)
def test_evidence_of_another_form_is_told(
    place: Place, entries: str, messages: list[str], evidence: list[str] | None
) -> None:
    found = place.read("progress:\n", f"evidence:\n  {ONE}: {entries}\n", team="X")
    answer = found.document["answers"][CHECKLIST]
    assert (answer and answer["evidence"]) == evidence
    assert place.told == messages
    assert all(one.line == 2 and one.column for one in place.findings.faults)
    assert all(one.file.endswith("evidence.yaml") for one in place.findings.faults)


def test_teams_of_evidence_count_as_teams(place: Place) -> None:
    with pytest.raises(UsageError, match='there are 2 teams: "Bakery A", "Bakery B"'):
        place.read("progress:\n", EVIDENCE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("progresses: {}\n", 'there is no "progress" in this file'),
        ("- 1\n", 'there is no "progress" in this file'),
        ("progress: [1]\n", '"progress" should be a mapping; it is left out'),
    ],
)
def test_files_of_another_kind(place: Place, text: str, message: str) -> None:
    place.read(text)
    assert place.told == [message]


def test_a_file_that_is_no_yaml(place: Place) -> None:
    with pytest.raises(RubricError, match=r"progress.yaml cannot be read"):
        place.read("progress: [")
