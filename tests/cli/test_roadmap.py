"""`roadmap` as a person runs it, and what its dates do to the tickets. Today is 2026-11-20."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maturity_planner.cli.context import Context
from maturity_planner.core.scheduler import Found, Goals, place
from maturity_planner.core.scheduling_problem import SchedulingProblem
from maturity_planner.core.searching import Watcher
from results import Runner, data_of
from terminals import Terminal


@pytest.fixture
def planned(project: Path, call: Runner) -> Path:
    """The example with its plan to the target 2."""
    assert call("plan")[0] == 0
    return project


def told(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def settings(folder: Path, old: str, new: str) -> None:
    path = folder / "maturity.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def tiny(folder: Path, sections: list[str], role: str) -> None:
    """A project of one "dev": an item a section, two days for one person of the role."""
    rubric = {
        "schema": "maturity-planner/rubric/v1",
        "id": "tiny",
        "title": "Tiny",
        "modes": [{"id": "done", "points": 1}],
        "scoring": {"section": "sum", "overall": "minimum"},
        "sections": [
            {
                "id": name,
                "items": [
                    {
                        "id": f"{name}-1",
                        "title": name,
                        "people": {role: 1},
                        "modes": {"done": {"effort_days": 2}},
                    }
                ],
            }
            for name in sections
        ],
    }
    (folder / "rubric.yaml").write_text(json.dumps(rubric), encoding="utf-8")
    text = "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: rubric.yaml\n"
    (folder / "assessment.yaml").write_text(text, encoding="utf-8")
    (folder / "maturity.toml").write_text("[team.people]\ndev = 1\n", encoding="utf-8")


# What is shown --------------------------------------------------------------------------------


def test_the_text_says_who_does_what_when_and_how_sure_that_is(planned: Path, call: Runner) -> None:
    code, out, err = call("roadmap", "--end", "2026-12-11")
    assert code == 0
    for expected in (
        "fraud-scoring, ML Test Score: 0.5 -> 2",
        "5 upgrades from 2026-11-20 to 2026-12-07: 12 working days. Proven: it cannot be done in",
        "Chance to be done by 2026-12-11: 9",
        "80 % by 2026-12-",
        "as much as the estimates of effort",
        "2026-11-26 2026-12-07 anybody |...########",
        "1 2026-11-20 2026-12-03 12 12 #################### 3",
    ):
        assert expected in told(out), out
    assert out.isascii()
    assert "Quarter" not in out  # there is only one
    assert "Written to" in err
    assert "Next: maturity-planner sync" in err
    assert call("validate", "roadmap.yaml")[0] == 0


def test_the_json_is_the_contracts(planned: Path, call: Runner) -> None:
    code, out, _ = call("roadmap", "--quarter", "2027-Q1", "--json", "--seed", "7")
    data = data_of(out, "roadmap")
    assert code == 0
    assert (data["status"], data["start"], data["end"]) == ("optimal", "2027-01-01", "2027-03-31")
    assert (data["makespan_days"], data["bound_days"], data["on_time_probability"]) == (12, 12, 1)
    assert (data["unplaced"], data["because"], data["left"]) == ([], [], [])
    first = data["activities"][0]
    assert first == {
        "item": "data-4-meta-requirements",
        "to": "manual",
        "start": "2027-01-14",
        "end": "2027-01-15",
        "start_day": 9,
        "end_day": 11,
        "people": {},
        "sprint": "sprint-2",
    }
    assert data["sprints"][0]["used_days"] == data["sprints"][0]["capacity_days"] == 12
    assert (data["odds"]["seed"], data["odds"]["samples"]) == (7, 10_000)
    assert set(data["odds"]["dates"]) == {"50", "80", "95"}
    assert [(q["id"], q["end"], q["score"]) for q in data["quarters"]] == [
        ("2027-Q1", "2027-03-31", 2)
    ]


def test_without_an_end_there_is_no_chance_to_make_it(planned: Path, call: Runner) -> None:
    data = data_of(call("roadmap", "--json")[1], "roadmap")
    assert data["on_time_probability"] is None
    assert data["end"] == data["finish"] == "2026-12-07"
    assert "Chance to be done by" not in call("roadmap")[1]


def test_a_dry_run_writes_nothing_and_o_names_the_file(planned: Path, call: Runner) -> None:
    assert call("roadmap", "-n")[0] == 0
    assert not (planned / "roadmap.yaml").exists()
    _, _, err = call("roadmap", "-o", "q1.yaml")
    assert "Written to q1.yaml." in err
    assert "Next" not in err
    assert (planned / "q1.yaml").exists()
    settings(planned, "assessment = ", 'roadmap = "times.yaml"\nassessment = ')
    assert call("roadmap")[0] == 0
    assert (planned / "times.yaml").exists()
    assert not (planned / "roadmap.yaml").exists()


def test_nothing_left_to_do(planned: Path, call: Runner) -> None:
    upgrades = data_of(call("plan", "--json")[1], "plan")["upgrades"]
    for upgrade in upgrades:
        call("assess", "--set", f"{upgrade['item']}={upgrade['to']}")
    code, out, _ = call("roadmap", "--end", "2026-12-11")
    assert code == 0
    assert "There is nothing to do: every upgrade of the plan is done." in out
    data = data_of(call("roadmap", "--json")[1], "roadmap")
    assert (data["odds"], data["activities"], data["finish"]) == (None, [], None)
    assert call("validate", "roadmap.yaml")[0] == 0
    assert call("roadmap", "-n", "--format", "mermaid")[0] == 0


def test_several_quarters_tell_the_score_at_each_end(project: Path, call: Runner) -> None:
    call("plan", "--target", "4")
    arguments = ("roadmap", "-n", "--start", "2026-12-07", "--quarters", "3")
    data = data_of(call(*arguments, "--json")[1], "roadmap")
    ends = [(q["id"], q["end"], q["score"], len(q["upgrades"])) for q in data["quarters"]]
    assert ends == [
        ("2026-Q4", "2026-12-31", 1.5, 5),
        ("2027-Q1", "2027-03-31", 4, 8),
        ("2027-Q2", "2027-06-30", 4, 0),
    ]
    assert (data["end"], data["score"], data["before"]["score"]) == ("2027-06-30", 4, 0.5)
    out = call(*arguments)[1]
    assert "2026-Q4 2026-12-31 1.5 5" in told(out)
    assert "sprints after that, to the end, with nothing to do." in out


def test_the_chart_fits_a_narrow_terminal(
    planned: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in (40, 60, 80, 120):
        monkeypatch.setattr(
            "maturity_planner.cli.output.terminal_width", lambda columns=columns: columns
        )
        out = call("roadmap", "-n")[1]
        rows = [line for line in out.splitlines() if "##" in line and line[2].isalpha()]
        assert rows
        assert all(len(line) <= columns for line in rows), out


# What does not fit ----------------------------------------------------------------------------


def test_what_does_not_fit_is_said_with_the_reasons(project: Path, call: Runner) -> None:
    call("plan", "--target", "4")
    code, out, err = call("roadmap", "--quarter", "2026-Q4")
    assert code == 1
    assert "7 upgrades too late: data-1-feature-schema@automated," in told(out)
    assert "!!!" in out
    assert "the plan does not fit by 2026-12-31" in err
    assert "The load of all people together is 64.8 person-days, and they have 36 in the" in err
    assert err.endswith(" `--fit` finds the best score that can be reached in time.\n")
    assert not (project / "roadmap.yaml").exists()
    code, out, _ = call("roadmap", "--quarter", "2026-Q4", "--json")
    data = data_of(out, "roadmap")
    assert (code, data["status"], len(data["unplaced"])) == (1, "infeasible", 7)
    assert len(data["because"]) == 3
    code, out, _ = call("roadmap", "--quarter", "2026-Q4", "--format", "ics")
    assert (code, out) == (1, "")


def test_fit_finds_the_best_score_in_time_and_leaves_the_plan(project: Path, call: Runner) -> None:
    call("plan", "--target", "4")
    plan = (project / "plan.yaml").read_bytes()
    code, out, err = call("roadmap", "--quarter", "2026-Q4", "--fit")
    assert code == 0
    for expected in (
        "fraud-scoring, ML Test Score: 0.5 -> 3",
        "The whole plan, to 4, does not fit. The best that was found to fit reaches 3.",
        "Proven: no plan to 3.5 fits. It takes 37.67 person-days at least, and the team has 36.",
        "Left of the plan: data-1-feature-schema@automated,",
    ):
        assert expected in told(out), out
    assert "To make it this one: maturity-planner plan --target 3\n" in err
    assert (project / "plan.yaml").read_bytes() == plan
    data = data_of(call("roadmap", "--quarter", "2026-Q4", "--fit", "--json")[1], "roadmap")
    assert (data["fit"]["score"], data["fit"]["is_best"], data["fit"]["next_score"]) == (
        3,
        True,
        3.5,
    )
    assert "data-6-fast-feature-addition@automated" in data["left"]
    text = (project / "roadmap.yaml").read_text(encoding="utf-8")
    assert "left:\n  - data-1-feature-schema@automated\n" in text
    # The command that is told makes the same plan, which then fits as a whole.
    assert call("plan", "--target", "3")[0] == 0
    again = data_of(call("roadmap", "--quarter", "2026-Q4", "--json")[1], "roadmap")
    assert again["activities"] == data["activities"]
    assert "fit" not in data_of(
        call("roadmap", "--quarter", "2026-Q4", "--fit", "--json")[1], "roadmap"
    )


def test_fit_when_nothing_fits(project: Path, call: Runner) -> None:
    call("plan", "--target", "4")
    code, _, err = call("roadmap", "--end", "2026-11-24", "--fit")
    assert code == 3  # some upgrades are longer than all of the time
    assert "alone takes" in err


def test_fit_when_only_all_of_it_would_raise_the_score(
    tmp_path: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny(tmp_path, ["s", "t"], "dev")
    call("plan", "--target", "1")
    code, _, err = call("roadmap", "--end", "2026-11-24", "--fit")
    assert code == 1
    assert "No plan that scores more than today's 0 was found to fit." in err


def test_fit_says_what_is_not_proven(
    tmp_path: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both cheap items are work of the only "ops", who has no time for both; the dear one is not.
    monkeypatch.chdir(tmp_path)
    tiny(tmp_path, ["s"], "ops")
    rubric = json.loads((tmp_path / "rubric.yaml").read_text(encoding="utf-8"))
    (one,) = rubric["sections"][0]["items"]
    rubric["sections"][0]["items"] += [
        one | {"id": "s-2"},
        one | {"id": "s-3", "people": {"dev": 1}, "modes": {"done": {"effort_days": 3}}},
    ]
    (tmp_path / "rubric.yaml").write_text(json.dumps(rubric), encoding="utf-8")
    with (tmp_path / "maturity.toml").open("a", encoding="utf-8") as file:
        file.write("ops = 1\n")
    call("plan", "--target", "2")
    code, out, err = call("roadmap", "--end", "2026-11-24", "--fit")
    assert code == 0
    assert "Not proven to be the best: the cheapest plans to 2 and more do not fit" in told(out)
    assert "Left of the plan: s-2@done." in out
    assert "maturity-planner plan --target 1\n" in err
    with (tmp_path / "maturity.toml").open("a", encoding="utf-8") as file:
        file.write('[plan]\nexclude = ["s-2"]\n')
    code, out, _ = call("roadmap", "--end", "2026-11-24", "--fit")
    assert (code, "It is another way to 2: of the cheapest ones" in told(out)) == (0, True)


# Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--end", "2026-11-01"], 2, "the end, 2026-11-01, is before the start, 2026-11-20"),
        (["--start", "2027-01-01", "--end", "2026-12-31"], 2, "Name a later --end or an earlier"),
        (["--end", "2026-11-22", "--start", "2026-11-21"], 2, "there is no working day"),
        (["--quarter", "2026-Q3"], 2, "the quarter 2026-Q3 ended on 2026-09-30, before today"),
        (["--quarter", "2026-Q1", "--quarters", "2"], 2, "Name one that is not over: --quarter"),
        (["--start", "0001-01-01"], 2, "the start 0001-01-01 is before 1000-01-01"),
        (["--quarter", "Q3"], 2, '"Q3" is no quarter'),
        (["--quarters", "2", "--end", "2027-01-01"], 2, "both say when to end"),
        (["--fit"], 2, "--fit needs an end"),
        (["--json", "--format", "csv"], 2, "both say how to print"),
        (["--start", "2027-02-30"], 2, "is not a date that exists: write YYYY-MM-DD"),
        (["--start", "20270104"], 2, "is not a date that exists"),
        (["--end", "2026-11-23"], 3, "alone takes 4 working days, and there are 2 to the end"),
        (["-o", "plan.yaml"], 3, "plan.yaml is the project's plan, and a roadmap would replace it"),
    ],
)
def test_what_cannot_be_asked_for(
    planned: Path, call: Runner, options: list[str], code: int, message: str
) -> None:
    found, _, err = call("roadmap", *options)
    assert message in told(err)
    assert found == code


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("focus = 0.6", "focus = 0", 'maturity.toml:15:1: "focus": 0 is no share of a working day'),
        ("ml-engineer = 1\ndata-engineer = 1", "ml-engineer = 0", ":17:1: the team has nobody"),
        (
            "data-engineer = 1",
            'data-engineer = 1\n[[team.absences]]\nrole = "data-engineer"\npeople = 2\n'
            'from = "2026-12-01"\nto = "2026-12-02"',
            '2 "data-engineer" are away on 2026-12-01, and the team has 1',
        ),
        ("[team.people]\nml-engineer = 1\ndata-engineer = 1\n", "", "the team has nobody"),
    ],
)
def test_a_team_that_cannot_be_used(
    planned: Path, call: Runner, old: str, new: str, message: str
) -> None:
    settings(planned, old, new)
    code, _, err = call("roadmap")
    assert message in told(err), err
    assert code == 3


def test_a_role_that_nobody_has_names_the_line_of_the_team(
    tmp_path: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny(tmp_path, ["s"], "designer")
    assert call("plan", "--target", "1")[0] == 0
    code, _, err = call("roadmap")
    assert code == 3
    assert 'maturity.toml:1:1: nobody in the team is "designer", and s-1@done cannot do' in err
    assert "[team.people] designer = 1." in err
    (tmp_path / "maturity.toml").unlink()
    assert "the team has nobody" in call("roadmap")[2]


def test_no_plan_yet(project: Path, call: Runner) -> None:
    code, _, err = call("roadmap")
    assert code == 3
    assert "Make one first: maturity-planner plan --target T" in err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("status: optimal", "status: best", 'should be "optimal" or "feasible"'),
        ("start_day: 9", "start_day: 12", "end_day 11 is not after start_day 12"),
        ("item: data-4-meta-requirements", "item: data-4-meta", 'unknown item "data-4-meta"'),
        ("  to: manual", "  to: by-hand", 'unknown mode "by-hand" of item'),
        ("sprint: sprint-2", "sprint: sprint-9", 'there is no sprint "sprint-9"'),
        ("left: []", "left: [nope@manual]", 'unknown item "nope"'),
        ("left: []", "left: [3]", "should be a text, not the number 3"),
        ("end: 2026-12-03", "end: 2026-11-03", "ends on 2026-11-03, before it starts"),
        ("rubric: ml-test-score", "rubric: other", 'is for the rubric "other"'),
        ("item: model-1-specs-reviewed", "item: infra-2-model-spec-unit-tests", "placed twice"),
        ("makespan_days", "makespan", 'unknown key "makespan"'),
    ],
)
def test_a_roadmap_that_somebody_edited(
    planned: Path, call: Runner, old: str, new: str, message: str
) -> None:
    call("roadmap")
    path = planned / "roadmap.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, out, _ = call("validate")
    assert code == 1
    assert message in out, out
    if "rubric" not in old:
        code, _, err = call("diff")
        assert code == 3
        assert "roadmap.yaml" in err
        assert "roadmap" in call("doctor")[1]


# Stopped --------------------------------------------------------------------------------------


def test_ctrl_c_shows_the_best_so_far_and_writes_nothing(
    planned: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(
        problem: SchedulingProblem, goals: Goals, *, seconds: float, watch: Watcher
    ) -> Found:
        found = place(problem, goals, seconds=0, watch=watch)
        return Found(found.starts, 5, is_settled=False, is_interrupted=True)

    monkeypatch.setattr("maturity_planner.core.roadmap.place", stopped)
    code, out, err = call("roadmap", "--end", "2026-12-31")
    assert code == 130
    assert "Not proven: it takes 5 or more." in out
    assert "You stopped before the proof: a shorter roadmap may exist." in err
    assert not (planned / "roadmap.yaml").exists()


def test_time_that_is_up_leaves_a_roadmap_that_is_not_settled(planned: Path, call: Runner) -> None:
    code, out, err = call("roadmap", "--time-limit", "0.001", "--json")
    data = data_of(out, "roadmap")
    assert (code, data["status"], data["ties_settled"]) == (0, "optimal", False)
    assert "The search's limit was reached before ties were settled" in err
    assert (planned / "roadmap.yaml").exists()


def test_a_long_search_can_be_stopped_at_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Callable[..., Terminal]
) -> None:
    from projects import draw
    from psplib import write_files

    write_files(draw(120, 121), tmp_path, "hard")
    monkeypatch.chdir(tmp_path)
    subprocess.run(
        [sys.executable, "-m", "maturity_planner", "-q", "plan"], check=True, capture_output=True
    )
    shell = terminal("roadmap", "-n", "--end", "2030-12-31")
    for _ in range(4):  # well into the search proper: told anew as the seconds go by
        shell.answer("Ctrl-C takes the best so far", "")
    shell.interrupt("Ctrl-C")
    code, shown = shell.end()
    assert "terminate" not in shown
    assert "upgrades from" in shown
    assert code == 130


# Same input, same bytes -----------------------------------------------------------------------


def test_same_input_same_bytes_whatever_the_order_of_sets(planned: Path) -> None:
    def run(seed: str, *options: str) -> tuple[str, bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "maturity_planner", "roadmap", "--quarter", "2027-Q1", *options],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        return done.stdout, (planned / "roadmap.yaml").read_bytes()

    for options in ([], ["--json"], ["--format", "ics"], ["--format", "csv"]):
        assert run("1", *options) == run("77", *options)


# Tickets --------------------------------------------------------------------------------------


def fields_of(project: Path, name: str) -> dict[str, Any]:
    from maturity_planner.documents import parse_yaml

    paths = (project / "backlog" / "tasks").glob(f"{name} - *.md")
    text = next(paths).read_text(encoding="utf-8")
    found: dict[str, Any] = parse_yaml(text.split("---\n")[1]).data
    return found


def test_tickets_get_the_sprint_of_the_roadmap(planned: Path, call: Runner) -> None:
    assert call("sync")[0] == 0
    assert "milestone" not in fields_of(planned, "task-9")
    call("roadmap")
    code, out, err = call("diff", "--json")
    assert (code, err) == (0, "")
    changes = data_of(out, "diff")["changes"]
    wanted = {c["uid"].split(".")[1]: c["fields"]["milestone"][1] for c in changes}
    assert wanted["monitor-6-compute-performance"] == "Sprint 1 (2026-11-20)"
    assert wanted["data-4-meta-requirements"] == "Sprint 2 (2026-12-04)"
    assert len(wanted) == 5  # no epic
    assert call("sync")[0] == 0
    assert fields_of(planned, "task-9")["milestone"] == "Sprint 1 (2026-11-20)"
    assert "milestone" not in fields_of(planned, "task-4")
    assert call("diff", "--check")[0] == 0
    assert call("track")[0] == 0
    (planned / "roadmap.yaml").unlink()
    assert call("diff", "--check")[0] == 0


def test_a_roadmap_of_another_plan_is_left_aside_with_a_note(planned: Path, call: Runner) -> None:
    call("roadmap")
    path = planned / "roadmap.yaml"
    text = path.read_text(encoding="utf-8")
    identity = text.split("\nplan: ")[1][:8]
    path.write_text(text.replace(f"plan: {identity}", "plan: 0badcafe"), encoding="utf-8")
    code, out, err = call("diff", "--json")
    assert code == 0
    assert "roadmap.yaml is of another plan and left aside." in err
    assert "maturity-planner roadmap" in err
    assert "Sprint" not in out
    assert "roadmap.yaml is of another plan" in call("doctor")[1]


def test_a_roadmap_older_than_the_plan_says_so(planned: Path, call: Runner) -> None:
    call("roadmap")
    assert "roadmap: roadmap.yaml: 5 upgrades in time" in call("doctor")[1]
    call("plan", "--target", "3")
    err = call("diff")[2]
    assert "roadmap.yaml is out of date:" in err
    call("roadmap")
    assert "out of date" not in call("diff")[2]


def test_a_roadmap_that_does_not_fit_says_that_nothing_was_written(
    planned: Path, call: Runner
) -> None:
    call("plan", "--target", "3")
    early = ("roadmap", "--start", "2027-01-11", "--end", "2027-02-03")
    code, _, err = call(*early)
    assert code == 1
    assert "Nothing was written: roadmap.yaml is not there yet. " in err
    assert not (planned / "roadmap.yaml").exists()
    call("roadmap")
    before = (planned / "roadmap.yaml").read_bytes()
    assert "Nothing was written: roadmap.yaml stays as it was. " in call(*early)[2]
    assert (planned / "roadmap.yaml").read_bytes() == before
    assert "Nothing was written" not in call(*early, "-n")[2]


def test_a_plan_made_again_asks_for_its_roadmap_first(planned: Path, call: Runner) -> None:
    assert call("plan")[2].endswith("Next: maturity-planner sync\n")
    call("roadmap")
    again = "Next: maturity-planner roadmap, then maturity-planner sync\n"
    assert call("plan")[2].endswith(again)


def test_what_fit_leaves_is_not_out_of_date(project: Path, call: Runner) -> None:
    call("plan", "--target", "4")
    call("roadmap", "--quarter", "2026-Q4", "--fit")
    code, out, err = call("diff", "--json")
    assert (code, err) == (0, "")
    by_item = {
        c["uid"].split(".")[1]: c["fields"].get("milestone")
        for c in data_of(out, "diff")["changes"]
        if c["kind"] == "ticket" and c["op"] == "create"
    }
    assert by_item["data-1-feature-schema"] is None
    assert by_item["model-1-specs-reviewed"][1].startswith("Sprint ")


def test_the_settings_that_are_in_force_are_shown_by_doctor(planned: Path, call: Runner) -> None:
    out = told(call("doctor")[1])
    assert "team.people.ml-engineer 1 maturity.toml:" in out
    assert "team.correlation 0 default" in out
    assert "team.people none" not in out


def test_the_clock_is_read_in_one_place(planned: Path, call: Runner) -> None:
    first = call("roadmap", "-n", "--format", "ics")[1]
    assert f"DTSTAMP:{Context().now:%Y%m%dT%H%M%SZ}\n" in first.replace("\r\n", "\n")
