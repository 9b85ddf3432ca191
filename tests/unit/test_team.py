"""The team in the settings: what it says, and every fault of it with its place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from maturity_planner.config import Project, find_project
from maturity_planner.core.team import Absence, Team
from maturity_planner.errors import ConfigError


def project(folder: Path, text: str) -> Project:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "maturity.toml").write_text(text, encoding="utf-8")
    return find_project(folder)


def test_a_team_is_what_the_settings_say(tmp_path: Path) -> None:
    team = project(
        tmp_path,
        '[team]\nfocus = 0.6\nsprint_weeks = 3\nholidays = ["2026-12-25", 2027-01-01]\n'
        "correlation = 0.25\n[team.people]\nml-engineer = 2\ndata-engineer = 1\n"
        '[[team.absences]]\nrole = "ml-engineer"\nfrom = "2027-02-01"\nto = 2027-02-05\n'
        '[[team.absences]]\nrole = "ml-engineer"\nfrom = 2027-02-05\nto = 2027-02-05\npeople = 1\n',
    ).team
    first, last = date(2027, 2, 1), date(2027, 2, 5)
    assert team == Team(
        {"ml-engineer": 2, "data-engineer": 1},
        Fraction(3, 5),
        3,
        frozenset([date(2026, 12, 25), date(2027, 1, 1)]),
        (Absence("ml-engineer", first, last, 1), Absence("ml-engineer", last, last, 1)),
        Fraction(1, 4),
    )
    assert team.size == 3


def test_nobody_has_said_anything_about_the_team(tmp_path: Path) -> None:
    assert project(tmp_path, "").team == Team({})


PEOPLE = "[team.people]\nml-engineer = 2\n"
AWAY = '[[team.absences]]\nrole = "ml-engineer"\nfrom = "2027-02-01"\nto = "2027-02-05"\n'


@pytest.mark.parametrize(
    ("text", "message", "fix", "line"),
    [
        ("[team]\nfocus = 0\n", '"focus": 0 is no share of a working day', "at most 1", 2),
        ("[team]\nfocus = 1.5\n", '"focus": 1.5 is no share', "at most 1", 2),
        ("[team]\nfocus = nan\n", '"focus" should be a finite number', "", 2),
        ("[team]\ncorrelation = -1\n", '"correlation": -1 is no correlation', "0 (none)", 2),
        ("[team]\nsprint_week = 2\n", 'unknown key "sprint_week"', '"sprint_weeks"', 2),
        ("[team]\nholidays = ['2027-02-30']\n", "is not a date that exists", "", 2),
        ("\n[team.people]\ndev = 0\nops = 0\n", "the team has nobody", "ROLE = N", 2),
        (PEOPLE + AWAY + "peoples = 1\n", 'unknown key "peoples"', '"people"', 7),
        (PEOPLE + AWAY.replace("from", "#"), 'the key "from" is missing', "`from = ...`", 3),
        (
            PEOPLE + AWAY + AWAY.replace('"2027-02-05"', '"2027-01-31"'),
            "the absence ends on 2027-01-31, before it starts on 2027-02-01",
            "",
            7,
        ),
        (
            PEOPLE + AWAY + AWAY.replace("ml-engineer", "ml-enginer"),
            'nobody in the team is "ml-enginer"',
            'Did you mean "ml-engineer"?',
            8,
        ),
        (
            PEOPLE + AWAY + AWAY.replace("-05", "-01") + AWAY.replace("-02-01", "-01-01"),
            '3 "ml-engineer" are away on 2027-02-01, and the team has 2',
            "[team.people] ml-engineer 3 or more, or the absence smaller",
            11,
        ),
        (
            PEOPLE + AWAY + "people = 3\n",
            '3 "ml-engineer" are away on 2027-02-01, and the team has 2',
            "",
            3,
        ),
    ],
)
def test_faults_of_the_team(tmp_path: Path, text: str, message: str, fix: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        project(tmp_path, text)
    first = caught.value.faults[0]
    assert message in first.message
    assert fix in first.fix
    assert (first.line, first.column) == (line, 1)


def test_what_is_no_value_is_told_once(tmp_path: Path) -> None:
    text = '[team]\npeople = {dev = "two"}\n[[team.absences]]\nrole = "dev"\nfrom = 1\nto = 2\n'
    with pytest.raises(ConfigError) as caught:
        project(tmp_path, text)
    assert [fault.line for fault in caught.value.faults] == [2, 5, 6]
    with pytest.raises(ConfigError) as caught:
        project(tmp_path, PEOPLE + AWAY + "people = 0\n" + AWAY.replace("ml-engineer", "x"))
    assert [fault.line for fault in caught.value.faults] == [7, 9]
