from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from builders import assessment, item, rubric
from maturity_planner.core.calendar import Window
from maturity_planner.core.plan import Request
from maturity_planner.core.planner import Planner
from maturity_planner.core.roadmap import schedule
from maturity_planner.core.team import Team
from maturity_planner.core.tickets import Milestone
from maturity_planner.errors import RoadmapError
from maturity_planner.plans import PlanOnFile
from maturity_planner.rendering import Renderer
from maturity_planner.roadmaps import load_roadmap, with_dates, write_roadmap
from maturity_planner.sync import wanted_tickets

TINY = rubric({"s": [item("a"), item("b")], "t": [item("c")]})
UPGRADES = Planner(TINY, assessment()).plan(Request(Fraction(1))).upgrades
PLAN = PlanOnFile("0123abcd", "tiny-system", "tiny", Fraction(1), UPGRADES)
MADE = schedule(TINY, assessment(), UPGRADES, Team({"dev": 1}), Window(date(2027, 1, 4)))


def test_a_roadmap_is_read_as_it_was_made(tmp_path: Path) -> None:
    path = tmp_path / "roadmap.yaml"
    write_roadmap(path, MADE, PLAN)
    text = path.read_text(encoding="utf-8")
    write_roadmap(path, MADE, PLAN)
    assert path.read_text(encoding="utf-8") == text
    found = load_roadmap(path, TINY)
    assert found
    assert found.plan == "0123abcd"
    assert {ref: (slot.start, slot.end) for ref, slot in found.slots.items()} == {
        placed.ref: (placed.start, placed.end) for placed in MADE.activities
    }
    assert found.missing(UPGRADES) == []


def test_epics_last_as_long_as_their_tickets(tmp_path: Path) -> None:
    path = tmp_path / "roadmap.yaml"
    write_roadmap(path, MADE, PLAN)
    found = load_roadmap(path, TINY)
    assert found
    tickets = wanted_tickets(PLAN, TINY, assessment(), Renderer(tmp_path, "assessment.yaml"))
    dated = {t.uid: t for t in with_dates(tickets, UPGRADES, found)}
    epic = dated[tickets[0].uid]
    mine = [t for t in dated.values() if t.epic == epic.uid]
    assert epic.milestone is None
    assert (epic.start, epic.due) == (min(t.start for t in mine), max(t.due for t in mine))  # type: ignore[type-var]
    sprint = Milestone("Sprint 1 (2027-01-04)", date(2027, 1, 4), date(2027, 1, 17))
    assert all(t.milestone == sprint for t in mine)
    half = replace(found, slots=dict(list(found.slots.items())[:1]))
    assert half.missing(UPGRADES) == [u.ref for u in UPGRADES[1:]]
    partly = with_dates(tickets, UPGRADES, half)
    assert sum(t.milestone is not None for t in partly) == 1
    assert sum(t.due is not None for t in partly) == 2


def test_a_roadmap_for_another_rubric_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "roadmap.yaml"
    write_roadmap(path, MADE, replace(PLAN, rubric="other"))
    found = load_roadmap(path, TINY)
    assert found
    assert (found.plan, found.slots) == ("0123abcd", {})
    assert load_roadmap(tmp_path / "none.yaml", TINY) is None


@pytest.mark.parametrize("raw", [b"schema: maturity-planner/plan/v1\n", b"# notes\n", b"\xff\xfe"])
def test_a_file_that_is_no_roadmap_is_not_replaced(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "notes"
    path.write_bytes(raw)
    with pytest.raises(RoadmapError, match=r"is no roadmap|is not UTF-8"):
        write_roadmap(path, MADE, PLAN)
    assert path.read_bytes() == raw


@pytest.mark.parametrize("ruin", ["<<<<<<< HEAD\n{}", "{}\nsprints: [", ""])
def test_a_ruined_roadmap_is_made_again(tmp_path: Path, ruin: str) -> None:
    path = tmp_path / "roadmap.yaml"
    write_roadmap(path, MADE, PLAN)
    text = path.read_text(encoding="utf-8")
    path.write_text(ruin.replace("{}", text), encoding="utf-8")
    with pytest.raises(RoadmapError, match="has"):
        load_roadmap(path, TINY)
    write_roadmap(path, MADE, PLAN)
    assert path.read_text(encoding="utf-8") == text
