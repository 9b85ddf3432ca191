"""Exports against hostile texts, and what their formats demand."""

from __future__ import annotations

import csv
import datetime
import io
import re
from typing import Any

import pytest

from builders import NOW, assessment, item, mode, rubric
from maturity_planner.core.calendar import Window
from maturity_planner.core.plan import Upgrade
from maturity_planner.core.roadmap import schedule
from maturity_planner.core.rubric import ModeId
from maturity_planner.core.team import Team
from maturity_planner.exports import Subject
from maturity_planner.exports.calendar_file import calendar_file, folded
from maturity_planner.exports.mermaid import escaped, mermaid_gantt
from maturity_planner.exports.project_sheet import HEADS, project_sheet

MONDAY = datetime.date(2027, 1, 4)
HOSTILE = [
    "a\nEND:VCALENDAR\r\nBEGIN:VALARM",
    "a; b, c: d \\n \\",
    "=cmd|' /C calc'!A0",
    "  @SUM(1+1)",
    "-1+1",
    "```\n# heading",
    "section s :crit, 2027-01-01, 1d",
    "click a call alert()",
    "%% comment",
    "title x",
    '<img src=x onerror="alert(1)"> & #35; ;',
    "2027-01-01",
    "\x1b[31mred\x1b[0m\x07 \u202etxet\u2066",
    "w" * 250,
    "äöü \U0001f600 中文 " * 20,
    "a\u2028b\u0085c",
]


def subject(
    *items: Any,
    system: str = "s",
    holidays: frozenset[datetime.date] = frozenset(),
    end: datetime.date | None = None,
) -> Subject:
    built = rubric({"a": list(items)})
    upgrades = [
        Upgrade(
            one, ModeId("none"), ModeId("manual"), 0, one.modes[ModeId("manual")].effort.expected, 1
        )
        for one in built.items.values()
    ]
    team = Team({"dev": 2, "ops": 1}, holidays=holidays)
    roadmap = schedule(built, assessment(), upgrades, team, Window(MONDAY, end))
    return Subject("0123abcd", system, built, roadmap)


def one(title: str) -> Subject:
    return subject(item("x", title=title, modes={"manual": mode(2)}), system=title)


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


@pytest.mark.parametrize("title", HOSTILE, ids=lambda text: repr(text)[:20])
def test_no_title_can_break_a_calendar(title: str) -> None:
    text = calendar_file(one(title), NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u202e\u2028]", text)
    assert "\n" not in text.replace("\r\n", "")
    lines = unfolded(text)
    names = [re.split("[:;]", line)[0] for line in lines]
    assert names == [
        *("BEGIN", "VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME"),
        *("BEGIN", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"),
        *("CATEGORIES", "TRANSP", "END", "END"),
    ]
    summary = lines[10].removeprefix("SUMMARY:")
    plain = re.sub(r"\\([\\;,])", lambda found: found[1], summary)
    assert re.fullmatch(r"([^\\;,]|\\[\\;,])*", summary)
    assert plain == one(title).title(one(title).roadmap.activities[0])


def test_an_event_lasts_to_its_last_day_and_keeps_its_name() -> None:
    first = subject(item("x", modes={"manual": mode(7)}))
    lines = unfolded(calendar_file(first, NOW))
    assert "DTSTART;VALUE=DATE:20270104" in lines
    assert "DTEND;VALUE=DATE:20270113" in lines  # the last day is the 12th
    assert "DTSTAMP:20261120T093000Z" in lines
    assert "UID:0123abcd.x.manual@maturity-planner" in lines
    assert "".join(folded("x" * 75)) == "x" * 75


@pytest.mark.parametrize("title", HOSTILE, ids=lambda text: repr(text)[:20])
def test_no_title_can_break_a_chart(title: str) -> None:
    lines = mermaid_gantt(one(title)).splitlines()
    assert [line.split()[0] for line in lines[:5]] == [
        *("```mermaid", "gantt", "title", "dateFormat", "excludes"),
    ]
    assert len(lines) == 8
    assert lines[-1] == "```"
    name, _, data = lines[6].rpartition(":")
    assert data == "2027-01-04, 2027-01-06"
    assert re.fullmatch(r"    ([\w .,()/+@-]|#\d+;)+ ", name)
    assert not re.match(r"\s+(section|title|click|\d)", name)


def test_a_chart_shows_sections_free_days_and_the_end() -> None:
    days = frozenset([MONDAY + datetime.timedelta(1), datetime.date(2020, 1, 1)])
    end = datetime.date(2027, 2, 26)
    text = mermaid_gantt(subject(item("x", modes={"manual": mode(2)}), holidays=days, end=end))
    assert "    excludes weekends, 2027-01-05\n" in text
    assert "    section a\n    x :2027-01-04, 2027-01-07\n" in text
    assert "    End :milestone, 2027-02-27, 0d\n" in text
    assert escaped("Gantt charts") == "#71;antt charts"


@pytest.mark.parametrize("title", HOSTILE, ids=lambda text: repr(text)[:20])
def test_no_title_is_a_formula(title: str) -> None:
    head, row = csv.reader(io.StringIO(project_sheet(one(title)), newline=""))
    assert tuple(head) == HEADS
    assert len(row) == len(HEADS)
    assert not row[1].lstrip().startswith(("=", "+", "-", "@", "\t", "|", "%"))
    assert all("\n" not in cell and "\r" not in cell for cell in row)


def test_a_sheet_names_predecessors_and_people() -> None:
    choice = {"any_of": ["slow@manual", "quick@manual"]}
    text = project_sheet(
        subject(
            item(
                "x",
                modes={"manual": mode(1, needs=[choice, "y@manual"])},
                people={"dev": 2, "ops": 1},
            ),
            item("slow", modes={"manual": mode(5)}),
            item("quick", modes={"manual": mode(2)}, people={"dev": 1}),
            item("y", modes={"manual": mode(1)}),
        )
    )
    rows = {row["Upgrade"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    first = rows["x@manual"]
    assert (first["Predecessors"], first["Resource Names"]) == ("3,4", "dev[200%],ops")
    assert (first["Duration"], rows["slow@manual"]["Duration"]) == ("1 day", "5 days")
    assert rows["y@manual"]["Resource Names"] == "anybody"
    assert rows["quick@manual"]["Resource Names"] == "dev"
    assert text.count("\r\n") == 5
