"""`import`: from a foreign model to tickets, and what it says and refuses on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import models
from maturity_planner.core.rubric import ItemId
from maturity_planner.documents import parse_yaml
from maturity_planner.files import load_rubric
from results import Runner, data_of

ONE, TWO, THREE = (f"{n}1111111-aaaa-4bbb-8ccc-00000000000{n}" for n in (1, 2, 3))
KITCHEN = f"""\
---
meta: {{version: 0.0.1, released: "2031-02-03", publisher: https://example.org/kitchen}}
---
Kitchen:
  _meta: {{label: Kitchen}}
  Ovens:
    Checklist:
      uuid: {ONE}
      level: 1
      difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}
      usefulness: 4
    Alarm:
      uuid: {TWO}
      level: 2
      difficultyOfImplementation: {{knowledge: 2, time: 3, resources: 2}}
      usefulness: 5
      dependsOn:
        - {ONE} # Checklist
        - Thermometer
      references: {{iso27001-2022: [8.15]}}
"""
CHECKLIST, ALARM = "checklist-11111111", "alarm-21111111"
PROGRESS = f"""\
progress:
  {ONE}:
    Bakery A: {{Fully implemented: 2031-03-01}}
    Bakery B: {{Started: 2031-03-02}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.yaml").write_text(KITCHEN, encoding="utf-8")
    (tmp_path / "team-progress.yaml").write_text(PROGRESS, encoding="utf-8")
    return tmp_path


def dirty(folder: Path) -> None:
    """A model of some size with every fault and trap of the form, a circle aside."""
    header, model = models.dsomm(activities=40, needs=30, groups=6)
    groups = [g for d in model.values() for name, g in d.items() if name != "_meta"]
    first, second, third = groups[:3]
    one, two, three, four, five, six, *_ = [a for g in groups for a in g.values()]
    one.update(uuid=None, level=5)
    two.update(uuid=three["uuid"])
    three.update(dependsOn=["Nothing like it", next(iter(second)).upper(), three["uuid"]])
    four.update(level=1, dependsOn=[next(iter(first))])
    five.update(usefulness=None, difficultyOfImplementation={"knowledge": 7})
    six.update(level="high")
    second["Same name"] = three | {"uuid": models.uuid(900), "dependsOn": []}
    third["Same name"] = three | {"uuid": models.uuid(901), "dependsOn": []}
    groups[4]["Needs one of two"] = five | {
        "uuid": models.uuid(902),
        "dependsOn": ["Same name", "Same name"],
    }
    text = yaml.safe_dump_all([header, model], explicit_start=True, sort_keys=False)
    text = text.replace("- '8.31'", "- 8.10").replace(
        "tags:\n", "isImplemented: No\n      tags:\n", 1
    )
    (folder / "model.yaml").write_text(text, encoding="utf-8")


def assessment(folder: Path, rubric: str = "rubric.yaml") -> None:
    text = f"schema: maturity-planner/assessment/v1\nsystem: bakery\nrubric: {rubric}\n"
    (folder / "assessment.yaml").write_text(text, encoding="utf-8")


def goes_round(call: Runner, targets: list[str]) -> None:
    """Validate, score, plan to each target, and see what its tickets would be."""
    assert call("validate")[0] == 0
    code, out, _ = call("score", "--json")
    assert (code, data_of(out, "score")["score"]) == (0, 0)
    costs = []
    for target in targets:
        code, out, _ = call("plan", "--target", target, "--json")
        plan = data_of(out, "plan")
        assert (code, plan["status"]) == (0, "optimal")
        assert plan["cost_days"] == plan["bound_days"]
        assert plan["after"]["score"] >= float(target)
        costs.append(plan["cost_days"])
        code, out, _ = call("diff", "--json")
        counts = data_of(out, "diff")["counts"]
        assert (code, counts["create"] > len(plan["upgrades"])) == (0, True)
    assert costs == sorted(costs)
    assert call("sync", "--yes")[0] == 0
    assert data_of(call("diff", "--json")[1], "diff")["changes"] == []
    for command in ("report", "graph", "show"):
        assert call(command)[0] == 0, command


def test_from_a_dirty_dsomm_model_to_tickets(folder: Path, call: Runner) -> None:
    dirty(folder)
    code, out, err = call("import", "dsomm", "model.yaml", "-o", "rubric.yaml", "--json")
    data = data_of(out, "import")
    assert code == 0
    assert (data["items"], data["more"]) == (42, 0)
    kinds = {(f["kind"], f["message"].partition('"')[0].strip()) for f in data["faults"]}
    assert len([f for f in data["faults"] if f["line"] and f["column"]]) == len(data["faults"])
    assert {("trap", "No without quotes is no text to many readers")} <= kinds
    text = "\n".join(fault["message"] for fault in data["faults"])
    for message in (
        "has no uuid",
        "is that of",
        'depends on "Nothing like it", which no activity is',
        "which is in Bakery",
        "of level 1 depends on",
        "has no usefulness: 3 is taken",
        '"knowledge" should be a whole number from 1 to 5, not "7"',
        '"level" should be a whole number from 1 to 5, not "high"; activity',
        "the reference 8.10 without quotes is a number",
    ):
        assert message in text, message
        assert message in err
    assert "Capital letters count." in err
    assessment(folder)
    goes_round(call, ["1", "2", "3", "4", "5"])


def test_from_a_samm_model_to_tickets(folder: Path, call: Runner) -> None:
    models.write_samm(folder / "core" / "model", models.samm((2, 1)))
    code, out, err = call("import", "samm", "core", "-o", "rubric.yaml", "--json", "--strict")
    assert (code, data_of(out, "import")["faults"]) == (0, [])
    assert "18 items in 3 sections, 36 needs; 0 faults, 0 traps" in err
    assessment(folder)
    goes_round(call, ["1", "1.5", "3"])


def test_what_is_meant_is_no_warning(folder: Path, call: Runner) -> None:
    text = KITCHEN.replace("level: 1", "level: 3")
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    assert call("import", "dsomm", "model.yaml", "-o", "rubric.yaml")[0] == 0
    data = data_of(call("validate", "rubric.yaml", "--json")[1], "validate")
    (file,) = data["files"]
    assert file["faults"] == []
    assert [warning["code"] for warning in file["warnings"]] == ["level-inversion"]


@pytest.mark.parametrize("sections", ["dimension", "sub-dimension"])
@pytest.mark.parametrize("out", ["rubric.yaml", "rubrics/kitchen.yaml"])
def test_a_sound_model_of_dsomm_has_no_warning(
    folder: Path, call: Runner, sections: str, out: str
) -> None:
    header, model = models.dsomm(activities=40, needs=30, groups=6)
    for n, group in enumerate((g for d in model.values() for g in d.values()), start=800):
        activity = next(iter(group.values()))
        if isinstance(activity, dict):  # names may stand in several sub-dimensions
            group["Same name"] = activity | {"uuid": models.uuid(n), "dependsOn": []}
    text = yaml.safe_dump_all([header, model], sort_keys=False)
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    (folder / "rubrics").mkdir()
    ours = ("--sections", sections, "--strict")
    assert call("import", "dsomm", "model.yaml", "-o", out, *ours)[0] == 0
    code, told, _ = call("validate", "--strict", out, "--json")
    (file,) = data_of(told, "validate")["files"]
    assert (code, file["faults"], file["warnings"]) == (0, [], [])
    titles = [item.title for item in load_rubric(folder / out).items.values()]
    assert "Same name (Bakery 1: Ovens 1)" in titles


@pytest.mark.parametrize("order", ["soft", "hard", "none"])
@pytest.mark.parametrize(("practices", "streams"), [((3, 3), 2), ((2, 1), 3), ((1,), 1)])
def test_a_sound_model_of_samm_has_no_warning(
    folder: Path, call: Runner, order: str, practices: tuple[int, ...], streams: int
) -> None:
    files = models.samm(practices, streams)
    for level in (1, 2, 3):
        files[f"activities/A0-{level}-A.yml"]["title"] = "Same name"
    models.write_samm(folder / "core" / "model", files)
    ours = ("--order", order, "--strict")
    assert call("import", "samm", "core", "-o", "rubric.yaml", *ours)[0] == 0
    code, told, _ = call("validate", "--strict", "rubric.yaml", "--json")
    (file,) = data_of(told, "validate")["files"]
    assert (code, file["faults"], file["warnings"]) == (0, [], [])
    rubric = load_rubric(folder / "rubric.yaml")
    assert rubric.items[ItemId("a-a0-a-1")].title == "Same name (a-a0-a-1)"


def test_the_same_model_gives_the_same_bytes(folder: Path, call: Runner) -> None:
    code, first, _ = call("import", "dsomm", "model.yaml")
    assert (code, call("import", "dsomm", "model.yaml")[1]) == (0, first)
    assert parse_yaml(first).data["id"] == "dsomm"
    assert call("import", "dsomm", "model.yaml", "-o", "rubric.yaml")[1] == ""
    assert (folder / "rubric.yaml").read_text(encoding="utf-8") == first


def test_faults_are_told_beside_the_result_and_strict_says_no(folder: Path, call: Runner) -> None:
    code, out, err = call("import", "dsomm", "model.yaml")
    assert code == 0
    assert out.startswith(
        "# Made by `maturity-planner import dsomm` from model.yaml, version 0.0.1"
    )
    assert err == (
        'fault: model.yaml:19:11: "Alarm" depends on "Thermometer", which no activity is\n'
        "    Remove it, or name the uuid of an activity.\n"
        "trap: model.yaml:20:36: the reference 8.15 without quotes is a number\n"
        '    Put it in quotes: "8.15".\n'
        "2 items in 1 section, 1 need; 1 fault, 1 trap.\n"
    )
    strict = call("import", "dsomm", "model.yaml", "--strict")
    assert (strict[0], strict[1]) == (1, out)
    assert "Error: 1 fault in the model" in strict[2]
    assert "or leave --strict out: then they are only listed." in strict[2]
    quiet = call("-q", "import", "dsomm", "model.yaml")
    assert (quiet[1], "trap" in quiet[2], "fault" in quiet[2]) == (out, False, True)


def test_many_traps_are_shortened(folder: Path, call: Runner) -> None:
    text = KITCHEN.replace("[8.15]", f"[{', '.join(['8.10'] * 30)}]")
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    err = call("import", "dsomm", "model.yaml")[2]
    assert err.count("trap: ") == 20
    assert "... and 10 traps more: maturity-planner -v import ..." in err
    assert call("-v", "import", "dsomm", "model.yaml")[2].count("trap: ") == 30


def test_an_edited_file_stays_as_it_is(folder: Path, call: Runner) -> None:
    ours = ("import", "dsomm", "model.yaml", "-o", "rubric.yaml")
    assert call(*ours)[0] == 0
    assert call(*ours, "--sections", "dimension")[0] == 0  # nobody has touched it
    path = folder / "rubric.yaml"
    edited = path.read_text(encoding="utf-8").replace("effort_days: 1\n", "effort_days: 2\n")
    path.write_text(edited, encoding="utf-8")
    code, _, err = call(*ours)
    assert code == 3
    assert "rubric.yaml was edited, or is not from an import; it stays as it is" in err
    assert path.read_text(encoding="utf-8") == edited


def test_days_and_sections_can_be_chosen(folder: Path, call: Runner) -> None:
    own = ("--days-per-difficulty", "0.5,1,2,4,8", "--sections", "dimension")
    assert call("import", "dsomm", "model.yaml", "-o", "rubric.yaml", *own)[0] == 0
    rubric = load_rubric(folder / "rubric.yaml")
    days = {str(i): m.effort.expected for i, v in rubric.items.items() for m in v.modes.values()}
    assert days == {CHECKLIST: 50, ALARM: 220}
    assert [section.title for section in rubric.sections] == ["Kitchen"]
    assert rubric.bases == {"derived"}


def test_derived_days_are_called_so(folder: Path, call: Runner) -> None:
    call("import", "dsomm", "model.yaml", "-o", "rubric.yaml")
    assessment(folder)
    assert "Effort: 8.8 days (derived)" in call("show", ALARM)[1]
    assert "The days are derived" in call("plan", "--target", "2")[2]
    assert "derived by a formula" in call("report")[1]
    assert call("sync", "--yes")[0] == 0
    tickets = "".join(p.read_text(encoding="utf-8") for p in (folder / "backlog").rglob("*.md"))
    assert "derived by the rubric's formula" in tickets


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("dsomm", "nothing.yaml"), 3, "nothing.yaml does not exist"),
        (("dsomm", "."), 3, ". is a folder"),
        (("dsomm", "team-progress.yaml"), 3, "team-progress.yaml holds no activity"),
        (("samm", "."), 3, ". holds no SAMM model"),
        (("dsomm", "nothing.yaml"), 3, "your own copy of what you want to import"),
        (("samm", "nothing"), 3, "nothing does not exist"),
        (("samm", "nothing"), 3, "your own copy of what you want to import"),
        (("scorecard", "nothing.json"), 3, "your own copy of what you want to import"),
        (("samm", ".", "--days-per-level", "1,2"), 2, "should be 3 numbers like 1,2,3\n"),
        (
            ("dsomm", "model.yaml", "--days-per-difficulty", "1,2"),
            2,
            "should be 5 numbers like 1,2,3,4,5",
        ),
        (("dsomm", "model.yaml", "--days-per-difficulty", "1,2,3,4,x"), 2, "not a number"),
        (("samm", ".", "--days-per-level", "1,2,-3"), 2, "out of range"),
        (("dsomm", "model.yaml", "--break", "a"), 2, "names no need"),
        (("dsomm", "model.yaml", "--break", "a:b"), 2, 'there is no item "a"'),
        (("dsomm", "model.yaml", "--break", f"{CHECKLIST}:{ALARM}"), 2, "does not need"),
        (("dsomm", "model.yaml", "--team", "A"), 2, "--team says something about a team's"),
        (
            ("dsomm", "model.yaml", "--team", "A", "--assessment-out", "a"),
            2,
            "--team and --assessment-out say something about a team's progress, and no --progress",
        ),
        (("dsomm", "model.yaml", "--progress", "team-progress.yaml"), 2, "Add --assessment-out"),
        (
            (
                *("dsomm", "model.yaml", "--progress", "team-progress.yaml", "-o", "a"),
                *("--assessment-out", "a"),
            ),
            2,
            "name the same file",
        ),
        (("dsom", "model.yaml"), 2, 'Did you mean "dsomm"?'),
        (("dsomm", "model.yaml", "-o", "model.yaml"), 3, "it stays as it is"),
    ],
)
def test_what_cannot_be_done(
    folder: Path, call: Runner, arguments: tuple[str, ...], code: int, message: str
) -> None:
    found, out, err = call("import", *arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert (folder / "model.yaml").read_text(encoding="utf-8") == KITCHEN


def test_progress_becomes_an_assessment_of_the_rubric(folder: Path, call: Runner) -> None:
    (folder / "rubrics").mkdir()
    ours = (
        *("import", "dsomm", "model.yaml", "-o", "rubrics/kitchen.yaml"),
        *("--progress", "team-progress.yaml", "--assessment-out", "assessment.yaml"),
    )
    code, out, err = call(*ours)
    assert (code, out) == (2, "")
    assert 'there are 2 teams: "Bakery A", "Bakery B"' in err
    assert list((folder / "rubrics").iterdir()) == []
    code, out, err = call(*ours, "--team", "Bakery A", "--json")
    assert code == 0
    assert data_of(out, "import")["assessment"] == {
        "team": "Bakery A",
        "file": "assessment.yaml",
        "implemented": 1,
        "begun": 0,
    }
    assert call("validate")[0] == 0
    score = data_of(call("score", "--json")[1], "score")
    assert (score["system"], score["score"], score["unanswered"]) == ("Bakery A", 1, 1)
    plan = data_of(call("plan", "--target", "2", "--json")[1], "plan")
    assert [upgrade["item"] for upgrade in plan["upgrades"]] == [ALARM]
    assert call("assess", "--set", f"{ALARM}=implemented")[0] == 0
    code, _, err = call(*ours, "--team", "Bakery A")
    assert (code, "assessment.yaml was edited" in err) == (3, True)


def test_an_assessment_without_its_rubric_says_so(folder: Path, call: Runner) -> None:
    ours = (
        *("import", "dsomm", "model.yaml", "--progress", "team-progress.yaml"),
        *("--team", "Bakery A", "--assessment-out", "assessment.yaml"),
    )
    code, out, err = call("-q", *ours)
    assert code == 0
    assert (
        'assessment.yaml names the rubric "dsomm", and no file of it was written.\n'
        "    Save it as rubrics/dsomm.yaml, or import again with -o FILE.\n"
    ) in err
    assert call("score")[0] == 3
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "dsomm.yaml").write_text(out, encoding="utf-8")
    assert call("score")[0] == 0
    assert "names the rubric" not in call(*ours, "-o", "rubric.yaml")[2]


def test_a_circle_is_told_refused_and_left_out(folder: Path, call: Runner) -> None:
    text = KITCHEN.replace("usefulness: 4\n", "usefulness: 4\n      dependsOn: [Alarm]\n")
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    ours = ("import", "dsomm", "model.yaml", "-o", "rubric.yaml")
    code, _, err = call(*ours)
    circle = f"{CHECKLIST} -> {ALARM} -> {CHECKLIST}"
    assert (code, f"need each other in a circle: {circle}" in err) == (0, True)
    assert f"--break {CHECKLIST}:{ALARM}" in err
    assessment(folder)
    assert call("score")[0] == call("show", CHECKLIST)[0] == call("report")[0] == 0
    assert call("validate", "rubric.yaml")[0] == 1
    assert call("plan", "--target", "1")[0] == 3
    assert call(*ours, "--break", f"{CHECKLIST}:{ALARM}")[0] == 0
    assert call("validate", "rubric.yaml")[0] == 0
    assert call("plan", "--target", "1")[0] == 0


def test_hostile_texts_reach_no_terminal(folder: Path, call: Runner) -> None:
    text = KITCHEN.replace("Thermometer", '"\\e[31mred\\u202e"').replace("Alarm", '"Al\\u0007arm"')
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    _, out, err = call("import", "dsomm", "model.yaml")
    assert "\x1b" not in out + err
    assert "\x07" not in out + err


def test_import_alone_lists_the_kinds(call: Runner) -> None:
    code, out, _ = call("import", "--help")
    assert code == 0
    assert "dsomm" in out
    assert "samm" in out
    assert call("import")[0] == 2


def test_json_without_a_file(folder: Path, call: Runner) -> None:
    code, out, _ = call("import", "dsomm", "model.yaml", "--json")
    data: Any = data_of(out, "import")
    assert code == 0
    assert (data["source"], data["file"], data["assessment"]) == ("dsomm", None, None)
    assert data["rubric"] == {"id": "dsomm", "version": "0.0.1"}
    assert json.loads(out)["data"]["needs"] == 1
