"""Needs in a circle: the rubric can be read, answered and scored; nothing is planned for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maturity_planner.documents import dump_yaml
from maturity_planner.files import load_rubric, write_atomic
from results import Runner

DOCUMENT = {
    "schema": "maturity-planner/rubric/v1",
    "id": "ovens",
    "title": "Ovens",
    "modes": [{"id": "done", "points": 1}],
    "scoring": {"section": "sum", "overall": "minimum"},
    "sections": [
        {
            "id": "heat",
            "items": [
                {
                    "id": name,
                    "title": name,
                    "modes": {"done": {"effort_days": 1, "needs": needs}},
                }
                for name, needs in {
                    "alarm": ["bell@done"],
                    "bell": ["alarm@done"],
                    "cloth": [],
                }.items()
            ],
        }
    ],
}
CIRCLE = "these modes need each other in a circle: alarm@done -> bell@done -> alarm@done"


@pytest.fixture
def circle(project: Path) -> Path:
    """The example's project with a rubric of our own, and the plan of another."""
    write_atomic(project / "ovens.yaml", dump_yaml(DOCUMENT))
    answers = {"alarm": "none", "bell": None, "cloth": "done"}
    head = {"schema": "maturity-planner/assessment/v1", "system": "s", "rubric": "ovens.yaml"}
    write_atomic(project / "assessment.yaml", dump_yaml(head | {"answers": answers}))
    return project


def place(project: Path, *, of: str) -> str:
    lines = (project / "ovens.yaml").read_text(encoding="utf-8").splitlines()
    line = lines.index(f"              - {of}") + 1
    return f"ovens.yaml:{line}:17: {CIRCLE}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("score",),
        ("score", "--explain", "alarm"),
        ("show", "ovens.yaml"),
        ("show", "alarm"),
        ("graph",),
        ("graph", "+alarm+"),
        ("graph", "--format", "mermaid"),
        ("assess", "--set", "alarm=done"),
        ("report",),
        ("report", "--format", "html"),
        ("history",),
    ],
)
def test_what_needs_no_plan_works(circle: Path, call: Runner, arguments: tuple[str, ...]) -> None:
    code, out, _ = call(*arguments)
    assert code == 0
    assert out


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "--target", "3"),
        ("plan", "--budget", "2", "-n"),
        ("plan", "--target", "1", "--include", "cloth"),
        ("frontier",),
        ("roadmap",),
        ("diff",),
        ("sync", "-n"),
        ("report", "--frontier"),
    ],
)
def test_nothing_is_planned_across_a_circle(
    circle: Path, call: Runner, arguments: tuple[str, ...]
) -> None:
    before = sorted(path.name for path in circle.iterdir())
    code, out, err = call(*arguments)
    assert (code, out) == (3, "")
    assert place(circle, of="alarm@done") in err or place(circle, of="bell@done") in err
    assert "`maturity-planner import dsomm PATH --break ITEM:NEED`" in err
    assert sorted(path.name for path in circle.iterdir()) == before


def test_score_hints_at_no_plan(circle: Path, call: Runner) -> None:
    for arguments in (["score"], ["score", "--target", "3"]):
        _, out, err = call(*arguments)
        assert "maturity-planner plan" not in out + err
        assert "nothing can be planned. See where: maturity-planner validate ovens.yaml" in err
    code, _, err = call("score", "--fail-under", "3")
    assert code == 1
    assert "maturity-planner plan" not in err


def test_validate_tells_the_circle_and_says_no(circle: Path, call: Runner) -> None:
    code, out, _ = call("validate", "ovens.yaml")
    assert code == 1
    assert CIRCLE in out
    # What a command has found good enough to be scored is not good enough now either.
    assert call("score")[0] == 0
    assert call("validate", "ovens.yaml", "--json")[0] == 1


def test_doctor_names_the_circle(circle: Path, call: Runner) -> None:
    code, out, _ = call("doctor", "--json")
    assert code != 0
    found = [f for f in json.loads(out)["data"]["findings"] if f["name"] == "rubric"]
    assert [f["grade"] for f in found] == ["ok", "fault"]
    assert found[1]["fix"] == "See where: maturity-planner validate ovens.yaml"


def test_the_planner_itself_refuses(circle: Path) -> None:
    from builders import assessment
    from maturity_planner.core.planner import Planner
    from maturity_planner.errors import RubricError

    rubric = load_rubric(circle / "ovens.yaml")
    with pytest.raises(RubricError, match="lead in a circle"):
        Planner(rubric, assessment())


def test_a_need_less_and_it_is_planned(circle: Path, call: Runner) -> None:
    text = (circle / "ovens.yaml").read_text(encoding="utf-8")
    text = text.replace("            needs:\n              - bell@done\n", "")
    write_atomic(circle / "ovens.yaml", text)
    code, out, _ = call("plan", "--target", "3", "--json")
    data = json.loads(out)["data"]
    assert code == 0
    assert [(u["item"], u["needed_by"]) for u in data["upgrades"]] == [
        ("alarm", ["bell@done"]),
        ("bell", []),
    ]
