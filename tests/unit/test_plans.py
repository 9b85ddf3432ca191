from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core.plan import Request
from maturity_planner.core.planner import Planner
from maturity_planner.core.rubric import Rubric
from maturity_planner.errors import PlanError
from maturity_planner.outputs.plan import plan_data
from maturity_planner.plans import PlanOnFile, load_plan, write_plan

NEEDY = {"manual": mode(1), "automated": mode(1, needs=["a@manual"])}
TINY = rubric({"s": [item("a"), item("b", modes=NEEDY)]})
OTHER = rubric({"s": [item("c")]})


def planned(path: Path, target: str = "1.5", model: Rubric = TINY) -> PlanOnFile:
    """Write a plan to the path and read it again."""
    given = assessment()
    plan = Planner(model, given).plan(Request(Fraction(target)))
    write_plan(path, plan_data(plan), given, model)
    return load_plan(path, model)


def test_a_plan_is_read_as_it_was_made(tmp_path: Path) -> None:
    found = planned(tmp_path / "plan.yaml")
    made = Planner(TINY, assessment()).plan(Request(Fraction(3, 2)))
    assert found.upgrades == made.upgrades
    assert (found.system, found.rubric, found.target) == ("tiny-system", "tiny", Fraction(3, 2))
    assert [str(ref) for upgrade in found.upgrades for ref in upgrade.needed_by] == ["b@automated"]


def test_a_plan_made_again_keeps_its_identity(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    first = planned(path)
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"id: {first.id}", "id: 0badcafe"),
        encoding="utf-8",
    )
    assert planned(path, "2").id == "0badcafe"


@pytest.mark.parametrize(
    "old", ["rubric: tiny\nid: 12", "rubric: tiny\nid: [a]", "rubric: tiny", "id: 0badcafe"]
)
def test_an_identity_that_is_none_of_this_rubric_is_not_kept(tmp_path: Path, old: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(f"schema: maturity-planner/plan/v1\n{old}\n", encoding="utf-8")
    assert planned(path).id == planned(tmp_path / "fresh.yaml").id


@pytest.mark.parametrize("ruin", ["<<<<<<< HEAD\n{}", "{}\nupgrades: [", "{}\x00", ""])
def test_a_ruined_plan_is_made_again(tmp_path: Path, ruin: str) -> None:
    path = tmp_path / "plan.yaml"
    first = planned(path)
    text = path.read_text(encoding="utf-8")
    path.write_text(ruin.replace("{}", text), encoding="utf-8")
    with pytest.raises(PlanError, match="has 1 fault"):
        load_plan(path, TINY)
    assert planned(path) == first


@pytest.mark.parametrize(
    "raw", [b"schema: maturity-planner/assessment/v1\n", b"# notes\n", b"\xff\xfe"]
)
def test_a_file_that_is_no_plan_is_not_replaced(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "notes"
    path.write_bytes(raw)
    with pytest.raises(PlanError, match=r"is no plan|is not UTF-8"):
        planned(path)
    assert path.read_bytes() == raw


def test_no_plan_yet(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no plan") as caught:
        load_plan(tmp_path / "plan.yaml", TINY)
    assert caught.value.fix == "Make one first: maturity-planner plan --target T"


def test_a_plan_for_another_rubric(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    planned(path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("rubric: tiny", "rubric: other"), encoding="utf-8"
    )
    with pytest.raises(
        PlanError, match='this plan is for the rubric "other", the assessment for "tiny"'
    ):
        load_plan(path, TINY)


def test_a_plan_that_the_rubric_has_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    planned(path)
    load_plan(path, TINY)  # found sound, and remembered as such
    with pytest.raises(PlanError, match='does not fit the rubric "tiny"') as caught:
        load_plan(path, OTHER)
    text = path.read_text(encoding="utf-8").splitlines()
    assert [(f.message, text[f.line - 1].split()[-1]) for f in caught.value.faults] == [
        ('unknown item "a"', "a"),
        ('unknown item "b"', "b"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cost_days: ", "cost_days: .nan # ", '"cost_days" should be a finite number, not NaN'),
        ("bound_days: ", "bound_days: 1e999999999 # ", "exponent beyond 400"),
        ("target: ", "target: true # ", '"target" should be a number, not true'),
        (
            "status: ",
            "status: best # ",
            'should be "optimal", "feasible" or "infeasible", not "best"',
        ),
        ("id: ", "id: xyz # ", '"xyz" is not of the form 12ab34cd: 8 hexadecimal digits'),
        ("because: ", "becausex: ", 'unknown key "becausex"'),
    ],
)
def test_a_plan_that_somebody_edited(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "plan.yaml"
    planned(path)
    text = path.read_text(encoding="utf-8")
    assert f"\n{old}" in text
    path.write_text(text.replace(f"\n{old}", f"\n{new}", 1), encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        load_plan(path, TINY)
    fault = next(f for f in caught.value.faults if message in f.message)
    assert fault.line > 1
