"""`plan` and `frontier` when they are questioned, pinned by the settings, or stopped."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from maturity_planner.cli.context import Context
from maturity_planner.core.plan import Plan, Status
from maturity_planner.core.planner import Planner
from maturity_planner.core.searching import Watcher
from maturity_planner.core.solver import OutOfTime, Solution, solve
from results import Runner, data_of
from screens import Screen
from terminals import Terminal


@pytest.fixture
def hard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose plan takes any solver longer than anybody waits: a cover of 400 by 200."""
    chance = random.Random(7)  # noqa: S311
    items: list[dict[str, Any]] = []
    for n in range(200):
        modes: dict[str, Any] = {"done": {"effort_days": chance.randint(50, 60)}}
        items.append({"id": f"r{n}", "title": f"R{n}", "weight": 0, "modes": modes})
    for n in range(400):
        some = [f"r{k}@done" for k in chance.sample(range(200), 8)]
        modes = {"done": {"effort_days": 0, "needs": [{"any_of": some}]}}
        items.append({"id": f"c{n}", "title": f"C{n}", "modes": modes})
    rubric = {
        "schema": "maturity-planner/rubric/v1",
        "id": "hard",
        "title": "Hard",
        "modes": [{"id": "done", "points": 1}],
        "scoring": {"section": "sum", "overall": "mean"},
        "sections": [{"id": "s", "title": "S", "items": items}],
    }
    (tmp_path / "rubric.yaml").write_text(json.dumps(rubric), encoding="utf-8")
    text = "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: rubric.yaml\n"
    (tmp_path / "assessment.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


# Explanations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            ["monitor-6-compute-performance"],
            [
                "In the plan, manual -> automated for 2.17: Monitoring has to reach 2.",
                "Without it the cheapest plan costs 14.86, 0.51 more. It takes "
                "monitor-4-model-staleness@manual.",
            ],
        ),
        (
            ["data-4-meta-requirements"],
            ["Without it the cheapest plan costs 14.35, the same."],
        ),
        (
            ["monitor-2-input-invariants"],
            [
                "Not in the plan: it stays none.",
                "With monitor-2-input-invariants@manual the cheapest plan costs 17.55, 3.2 more. "
                "It leaves out monitor-6-compute-performance@automated. It would be chosen if it "
                "cost 3.2 less: 2.17 instead of 5.37.",
                "It also takes data-1-feature-schema@automated.",
            ],
        ),
        (
            ["infra-6-canary@automated"],
            ["Its own cost is 13.83: it would not be chosen even for nothing."],
        ),
        (
            ["data-4-meta-requirements@automated"],
            ["In the plan as manual.", "It would be chosen if it cost 0.32 less: 2.68 instead of"],
        ),
        (
            ["data-6-fast-feature-addition@manual"],
            ["It lost the tie:", "It would be chosen for anything less than 2.68."],
        ),
        (
            ["monitor-6-compute-performance@manual"],
            ["Not in the plan: it is in mode manual already."],
        ),
        (
            ["infra-6-canary@manual", "--exclude", "infra-6-canary"],
            [
                "Not in the plan: infra-6-canary is excluded.",
                "With infra-6-canary@manual the cheapest plan costs 22.32, 7.97 more.",
            ],
        ),
        (
            ["infra-6-canary", "--exclude", "infra-6-canary"],
            ["With infra-6-canary@automated the cheapest plan costs 29.22, 14.87 more."],
        ),
        (
            ["infra-6-canary@manual", "--target", "2", "--budget", "15"],
            ["the cheapest plan costs 22.32, 7.97 more. That is 7.32 above the budget 15."],
        ),
        (
            ["infra-6-canary", "--include", "infra-6-canary"],
            ["it was asked for.", "Without it the cheapest plan costs 14.35, 7.97 less."],
        ),
        (
            ["model-1-specs-reviewed", "--target", "7"],
            ["Without it what was asked for cannot be reached. Features and data can reach 6 at"],
        ),
        (
            ["monitor-2-input-invariants", "--budget", "12"],
            [
                "With monitor-2-input-invariants@manual the best score for the budget is 1, 0.5 "
                "less.",
                "With monitor-2-input-invariants@automated there is no plan. The cheapest way "
                "there costs 12.03 days, 0.03 more than the budget 12.",
            ],
        ),
        (
            ["monitor-5-numerical-stability", "--budget", "12"],
            [
                "Planned anew without it, the best score for the budget is 1.5, too, with fewer "
                "points in all; it costs 11.35.",
            ],
        ),
    ],
)
def test_explain_answers_why_and_why_not(
    project: Path, call: Runner, options: list[str], expected: list[str]
) -> None:
    code, out, _ = call("plan", "-n", "--explain", *options)
    assert code == 0
    assert [line for line in expected if line not in told(out)] == [], out
    assert "Upgrade " not in out  # the totals are enough beside an answer
    assert not (project / "plan.yaml").exists()


def test_explain_of_an_item_at_its_top_says_so(project: Path, call: Runner) -> None:
    call("assess", "--set", "infra-6-canary=automated")
    out = call("plan", "-n", "--explain", "infra-6-canary")[1]
    assert "Not in the plan: it is at its top mode already, automated." in out


def test_explain_as_json(project: Path, call: Runner) -> None:
    out = call("plan", "--json", "--explain", "monitor-2-input-invariants@manual")[1]
    data = data_of(out, "plan")
    (forced,) = data["explained"]["forced"]
    assert (forced["more_days"], forced["chosen_at_days"], forced["own_cost_days"]) == (
        3.2,
        2.17,
        5.37,
    )
    assert forced["cost_days"] - forced["more_days"] == pytest.approx(data["cost_days"])
    assert "explained" not in (project / "plan.yaml").read_text(encoding="utf-8")
    assert call("validate", "plan.yaml")[0] == 0
    out = call("plan", "--json", "--explain", "monitor-6-compute-performance")[1]
    explained = data_of(out, "plan")["explained"]
    assert (explained["upgrade"], explained["without"]["more_days"]) == (
        "monitor-6-compute-performance@automated",
        0.51,
    )
    out = call("plan", "-n", "--json", "--exclude", "infra-6-canary")[1]
    assert "explained" not in data_of(out, "plan")


def test_explain_beside_a_target_out_of_reach_tells_only_that(project: Path, call: Runner) -> None:
    code, out, err = call("plan", "--target", "8", "--explain", "infra-6-canary", "--json")
    assert code == 1
    assert "explained" not in data_of(out, "plan")
    assert "the target 8 cannot be reached:\n  " in err
    assert "The best score that can be reached is" in err
    assert err.endswith("  Ask for less, or see what can be had: maturity-planner frontier\n")


@pytest.mark.parametrize("command", ["plan", "frontier"])
def test_pins_that_contradict_each_other_are_named(
    project: Path, call: Runner, command: str
) -> None:
    pins = ("--include", "infra-6-canary", "--exclude", "infra-6-canary")
    code, out, err = call(command, *pins)
    assert (code, out) == (2, "")
    assert "\n  infra-6-canary is included, and infra-6-canary is excluded.\n" in err
    assert err.endswith("  Take one of the two out.\n")


# Pins in the settings ----------------------------------------------------------------------


def add_pins(project: Path, text: str) -> None:
    path = project / "maturity.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[plan]\n{text}\n", encoding="utf-8")


def chosen(call: Runner, *options: str) -> list[str]:
    data = data_of(call("plan", "-n", "--json", *options)[1], "plan")
    return [upgrade["item"] for upgrade in data["upgrades"]]


def test_pins_of_the_settings_count_and_an_option_about_the_item_wins(
    project: Path, call: Runner
) -> None:
    item = "monitor-5-numerical-stability"
    assert item in chosen(call)
    add_pins(project, f'exclude = ["{item}"]\ninclude = ["infra-6-canary"]')
    assert item not in chosen(call)
    assert "infra-6-canary" in chosen(call)
    assert item in chosen(call, "--include", item)
    assert "infra-6-canary" not in chosen(call, "--exclude", "infra-6-canary@automated")
    out = call("plan", "-n", "--exclude", "data-4-meta-requirements")[1]
    assert f"From maturity.toml: include infra-6-canary; exclude {item}." in out
    out = call("plan", "-n", "--include", item)[1]
    assert "From maturity.toml: include infra-6-canary." in out
    assert "From maturity.toml" not in call("score")[1]


def test_the_frontier_follows_the_pins_of_the_settings(project: Path, call: Runner) -> None:
    add_pins(project, 'exclude = ["monitor-5-numerical-stability"]')
    out = call("frontier")[1]
    assert out.startswith("From maturity.toml: exclude monitor-5-numerical-stability.\n")
    points = data_of(call("frontier", "--json")[1], "frontier")["points"]
    assert points[-1]["score"] == 6
    code, _, err = call("frontier", "--exclude", "monitor-2-input-invariants@nope")
    assert (code, "there is no mode of" in err) == (2, True)


# Time --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", ["0.001", "0.5"])
def test_a_plan_that_was_not_proven_in_time_says_so(hard: Path, call: Runner, seconds: str) -> None:
    code, out, err = call("plan", "--target", "400", "--time-limit", seconds, "--json")
    data = data_of(out, "plan")
    assert code == 0
    assert data["bound_days"] <= data["cost_days"]
    assert data["after"]["score"] >= 400
    assert data["status"] in ("optimal", "feasible")
    code, out, err = call("plan", "-n", "--target", "400", "--time-limit", seconds)
    assert code == 0
    assert ("Not proven" in out) == ("(the best so far)" in out) == ("time was up" in err)


def test_a_frontier_is_not_complete_when_its_last_point_is_not_proven(
    hard: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Planner.frontier

    def last_alone(*given: Any) -> Iterator[Plan]:
        first = next(found(*given))
        yield replace(first, status=Status.FEASIBLE)

    monkeypatch.setattr(Planner, "frontier", last_alone)
    code, out, _ = call("frontier", "--json", "--time-limit", "0.05", "--include", "c1")
    assert (code, data_of(out, "frontier")["complete"]) == (0, False)


def test_a_budget_and_the_frontier_say_what_is_not_proven(hard: Path, call: Runner) -> None:
    code, out, _ = call("frontier", "--json", "--time-limit", "0.05", "--include", "c1")
    data = data_of(out, "frontier")
    assert (code, data["complete"]) == (0, False)
    assert "the time was up" in call("frontier", "--time-limit", "0.05", "--include", "c1")[1]
    for point in data["points"]:
        assert point["bound_days"] <= point["cost_days"]
        assert point["bound_days"] == point["cost_days"] or point["status"] == "feasible"
    scores = [point["score"] for point in data["points"]]
    assert scores == sorted(set(scores))


def test_explain_of_a_plan_that_is_not_proven_names_the_bounds(hard: Path, call: Runner) -> None:
    options = ("--target", "400", "--time-limit", "0.05", "--explain", "r1")
    code, out, _ = call("plan", "-n", *options)
    assert code == 0
    assert "Not proven" in out
    data = data_of(call("plan", "-n", "--json", *options)[1], "plan")["explained"]
    for other in (data["without"], *data["forced"]):
        if other and other["cost_days"] is not None:
            assert other["least_more_days"] >= 0
            assert other["bound_days"] <= other["cost_days"]


@pytest.mark.parametrize("number", ["0", "-1", "0.0001", "86401", "nan", "1e3", "soon"])
@pytest.mark.parametrize("command", ["plan", "frontier"])
def test_a_time_limit_is_more_than_nothing_and_at_most_a_day(
    project: Path, call: Runner, command: str, number: str
) -> None:
    code, _, err = call(command, "--time-limit", number)
    assert code == 2
    assert "Invalid value for '--time-limit'" in err


def test_nothing_found_in_time_is_no_answer(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: Any, **__: Any) -> Solution:
        raise OutOfTime

    monkeypatch.setattr("maturity_planner.core.planner.solve", nothing)
    for command in ("plan", "frontier"):
        code, out, err = call(command)
        assert (code, out) == (1, "")
        assert "the time was up before anything was found" in err
        assert "--time-limit" in err
    assert not (project / "plan.yaml").exists()


# Ctrl-C ------------------------------------------------------------------------------------


def test_ctrl_c_gives_the_best_plan_so_far_and_writes_nothing(
    hard: Path, terminal: Callable[..., Terminal]
) -> None:
    search = terminal("plan", "--target", "400", "--time-limit", "6", term="xterm-256color")
    search.answer("Ctrl-C takes the best so far", "\x03")
    code, shown = search.end()
    assert code == 130
    assert "(the best so far)" in shown
    assert "Not proven: every plan costs" in shown
    assert "You stopped before the proof" in shown
    assert shown.rstrip().endswith("the command can be run again.")
    assert "Traceback" not in shown
    screen = Screen()
    assert screen.show(search.transcript).startswith("s, Hard: 0 -> 400 (the best so far)\n\n")
    assert "Ctrl-C" not in screen.seen
    assert "\x1b[" in search.transcript.partition("s, Hard")[0]
    assert not (hard / "plan.yaml").exists()


def test_ctrl_c_gives_the_points_so_far(hard: Path, terminal: Callable[..., Terminal]) -> None:
    search = terminal("frontier", "--time-limit", "6")
    search.answer("found, ", "\x03")
    code, shown = search.end()
    assert code == 130
    assert "Not complete: you stopped before the higher scores were found." in shown
    assert "Traceback" not in shown


def test_ctrl_c_among_the_alternatives_keeps_plan_and_what_was_found(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def stopped(*given: Any, watch: Watcher, **keys: Any) -> Solution | None:
        asked.append("")
        if len(asked) == 5:
            os.kill(os.getpid(), signal.SIGINT)
            watch("proving the cost")
        return solve(*given, watch=watch, **keys)

    monkeypatch.setattr("maturity_planner.core.planner.solve", stopped)
    code, out, err = call("plan", "--json", "--alternatives", "9")
    data = data_of(out, "plan")
    assert (code, data["status"], len(data["alternatives"])) == (130, "optimal", 3)
    assert data["alternatives_complete"] is False
    assert "Interrupted" in err
    assert not (project / "plan.yaml").exists()


@pytest.mark.parametrize("command", ["plan", "frontier", "score"])
def test_ctrl_c_before_anything_is_found_is_one_line(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def load(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Context, "load", load)
    code, out, err = call(command)
    assert (code, out) == (130, "")
    assert err.strip().count("\n") == 0
    assert err.strip().startswith("Interrupted.")


# What a budget buys ------------------------------------------------------------------------


def test_a_budget_that_buys_nothing_says_so(project: Path, call: Runner) -> None:
    code, out, err = call("plan", "-n", "--budget", "0.5")
    assert code == 0
    assert "Proven: nothing that brings points can be had for 0.5 days." in out
    assert "can be had for 1 day." in call("plan", "-n", "--budget", "1")[1]
    assert "maturity-planner frontier" in out
    assert "The target 2 of the settings is left aside; --target 2 keeps it." in err


def test_a_budget_is_told_as_it_was_given(project: Path, call: Runner) -> None:
    code, _, err = call("plan", "-n", "--budget", "7.005", "--target", "2")
    assert code == 1
    assert "costs 14.35 days, 7.345 more than the budget 7.005" in err


def test_alternatives_for_the_budget_come_with_their_score(project: Path, call: Runner) -> None:
    code, out, _ = call("plan", "-n", "--budget", "12", "--alternatives", "2")
    assert code == 0
    assert "Alternative 1: score 1.5 for " in out
    code, out, _ = call("plan", "-n", "--budget", "12", "--alternatives", "2", "--json")
    scores = [other["score"] for other in data_of(out, "plan")["alternatives"]]
    assert len(scores) == 2
    assert max(scores) <= 1.5


@pytest.mark.parametrize(("horizon", "told"), [("1", "1 quarter: "), ("0.5", "0.5 quarters: ")])
def test_the_horizon_is_told_in_quarters(
    project: Path, call: Runner, horizon: str, told: str
) -> None:
    assert f". Cost over {told}" in call("plan", "-n", "--target", "1", "--horizon", horizon)[1]


def test_explain_says_what_a_price_means_for_the_estimate(project: Path, call: Runner) -> None:
    _, out, _ = call("plan", "-n", "--explain", "monitor-2-input-invariants")
    assert "With its upkeep of " in out or "Its upkeep alone, " in out


def test_a_section_has_one_target(project: Path, call: Runner) -> None:
    asked = ["--section-target", "data=2", "--section-target", "data=3"]
    code, _, err = call("plan", "-n", *asked)
    assert code == 2
    assert "data is given two targets" in err


def test_a_plan_is_written_into_a_folder_that_is_made_for_it(project: Path, call: Runner) -> None:
    assert call("plan", "--target", "1", "-o", "new/plan.yaml")[0] == 0
    assert (project / "new" / "plan.yaml").exists()
