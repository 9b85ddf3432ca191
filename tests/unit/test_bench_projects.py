"""Projects of the PSPLIB's format, converted for the public command."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from maturity_planner.config import find_project
from maturity_planner.core.calendar import Window
from maturity_planner.core.plan import Request, Status
from maturity_planner.core.planner import Planner
from maturity_planner.core.roadmap import schedule
from maturity_planner.files import load_assessment, load_rubric
from projects import draw, written
from psplib import InstanceError, Job, main, parse_instance, roles

TODAY = datetime.date(2027, 1, 4)

# Written for this test: 2 and 3 exclude each other on resource 1, 4 takes nobody.
SMALL = """\
************************************************************************
file with basedata            : none
jobs (incl. supersource/sink ):  5
RESOURCES
  - renewable                 :  2   R
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           5
   5        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     4       2    1
  3      1     3       2    0
  4      1     2       0    0
  5      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    3    1
************************************************************************
"""


def test_a_project_is_read_without_the_jobs_that_mark_its_ends() -> None:
    found = parse_instance(SMALL)
    assert found.jobs == (Job(2, 4, (2, 1), (4,)), Job(3, 3, (2, 0), ()), Job(4, 2, (0, 0), ()))
    assert roles(found) == {"resource-1": 3, "resource-2": 1, "nobody": 1}


@pytest.mark.parametrize(
    "text",
    [
        "",
        SMALL.replace("RESOURCEAVAILABILITIES", "MORE"),
        SMALL.replace("  4      1     2 ", "  4      2     2 "),
        SMALL.replace("    3    1\n", "    3\n"),
        SMALL.replace("  4      1     2       0    0\n", ""),
    ],
)
def test_what_is_no_project_of_one_mode(text: str) -> None:
    with pytest.raises(InstanceError, match="the instance"):
        parse_instance(text)


def test_the_makespan_of_the_files_is_that_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "small.sm").write_text(SMALL, encoding="utf-8")
    folder = tmp_path / "small"
    monkeypatch.setattr("sys.argv", ["psplib.py", str(tmp_path / "small.sm"), str(folder)])
    main()
    assert capsys.readouterr().out == "small: 3 jobs, 2 resources\n"
    project = find_project(folder)
    rubric = load_rubric(folder / "rubric.yaml")
    answers = load_assessment(folder / "assessment.yaml", rubric, folder / "rubric.yaml", TODAY)
    plan = Planner(rubric, answers).plan(Request(project.target))
    assert len(plan.upgrades) == 3
    roadmap = schedule(rubric, answers, plan.upgrades, project.team, Window(TODAY))
    assert (roadmap.status, roadmap.makespan) == (Status.OPTIMAL, 7)


def test_a_file_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["psplib.py", str(tmp_path / "none.sm"), str(tmp_path)])
    with pytest.raises(SystemExit, match="cannot be read or written"):
        main()
    (tmp_path / "none.sm").write_text("x", encoding="utf-8")
    with pytest.raises(SystemExit, match="has no part"):
        main()


@pytest.mark.parametrize("number", [1, 123, 480])
def test_what_is_drawn_is_written_and_read_back(number: int) -> None:
    drawn = draw(30, number)
    assert draw(30, number) == drawn
    assert parse_instance(written(drawn)) == drawn
    assert all(a >= max(j.uses[n] for j in drawn.jobs) for n, a in enumerate(drawn.capacity))


def test_a_folder_through_the_public_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "j301_1.sm").write_text(SMALL, encoding="utf-8")
    (tmp_path / "j301_2.sm").write_text(SMALL, encoding="utf-8")
    (tmp_path / "best").write_text("Par Inst Makespan\n1 1 7\n", encoding="utf-8")
    arguments = ["psplib.py", str(tmp_path), "--run", "--seconds", "10"]
    monkeypatch.setattr("sys.argv", [*arguments, "--best", str(tmp_path / "best")])
    main()
    first, second, _, row = capsys.readouterr().out.splitlines()
    assert first.startswith("j301_1: 7 days, best 7, ")
    assert second.startswith("j301_2: 7 days, bound 7, ")
    assert row.split()[:6] == ["3", "2", "2", "1/1", "0.00", "%"]


def test_a_folder_without_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["psplib.py", str(tmp_path), "--run"])
    with pytest.raises(SystemExit, match=r"holds no \.sm files"):
        main()
