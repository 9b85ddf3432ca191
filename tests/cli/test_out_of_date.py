"""Plan, roadmap and tickets that the assessment has left behind: who is told what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from results import Runner, data_of

TOLD = ("made before", "out of date", "Open, though")


@pytest.fixture
def planned(project: Path, call: Runner) -> Path:
    """The example with its plan to the target 2, and the tickets of it."""
    for command in ("plan", "roadmap", "sync"):
        assert call(command)[0] == 0
    return project


def planned_items(project: Path) -> list[str]:
    text = (project / "plan.yaml").read_text(encoding="utf-8").partition("alternatives:")[0]
    return re.findall("- item: (.*)\n", text)


def close(project: Path, *, only: int | None = None) -> None:
    """Set the tickets to done as a person would: in their files."""
    tickets = [
        path
        for path in sorted((project / "backlog" / "tasks").glob("*.md"))
        if "parent_task_id" in path.read_text(encoding="utf-8")
    ]
    for path in tickets[:only]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("status: To Do", "status: Done"), encoding="utf-8")


@pytest.mark.parametrize("count", [1, None])
def test_the_normal_loop_is_told_of_nothing(planned: Path, call: Runner, count: int | None) -> None:
    close(planned, only=count)
    code, out, _ = call("track", "--accept", "all")
    assert code == 0
    assert "accepted" in out
    for command in ("diff", "sync", "diff", "doctor"):
        code, out, err = call(command)
        assert code == 0
        assert not any(told in out + err for told in TOLD)


def test_an_assessment_that_moved_on_is_told(planned: Path, call: Runner) -> None:
    taken = planned_items(planned)
    items = data_of(call("score", "--json")[1], "score")["items"]
    other = next(i["id"] for i in items if i["id"] not in taken and i["mode"] == "none")
    assert call("assess", "--set", f"{other}=automated")[0] == 0
    for command in ("diff", "sync"):
        code, _, err = call(command)
        assert code == 0
        assert "plan.yaml was made before the assessment changed (" in err
        assert "Make it again: maturity-planner plan\n" in err
    code, out, _ = call("doctor")
    assert code == 0
    assert "target 2, made before the assessment changed" in out
    assert call("plan")[0] == 0
    assert "made before" not in call("diff")[2]


def test_a_target_that_only_the_plan_knows_is_kept(planned: Path, call: Runner) -> None:
    call("plan", "--target", "3")
    path = planned / "assessment.yaml"
    text = path.read_text(encoding="utf-8")
    lowered = re.sub("(: )manual$", r"\1none", text, count=1, flags=re.MULTILINE)
    assert lowered != text
    path.write_text(lowered, encoding="utf-8")
    assert "Make it again: maturity-planner plan --target 3\n" in call("diff")[2]


def test_a_ticket_whose_work_is_claimed_already_is_told(planned: Path, call: Runner) -> None:
    upgrades = data_of(call("plan", "--json", "-n")[1], "plan")["upgrades"]
    first = upgrades[0]
    assert call("assess", "--set", f"{first['item']}={first['to']}")[0] == 0
    for command in ("diff", "sync"):
        code, _, err = call(command)
        assert code == 0
        assert re.search("Open, though the assessment claims what they are for: [^,]+[.] ", err)
        assert "made before" not in err
    assert call("plan")[0] == 0
    assert call("sync")[0] == 0
    assert "Open, though" not in call("diff")[2]


def test_doctor_tells_of_a_roadmap_that_is_out_of_date(planned: Path, call: Runner) -> None:
    call("plan", "--target", "3")
    code, out, _ = call("doctor")
    assert code == 0
    assert "roadmap: roadmap.yaml is out of date" in out
