"""Next-release problems become rubrics, and the public command finds the best release."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from lookalikes import SHAPES, instance_text
from maturity_planner.cli.main import run
from next_release import Instance, InstanceError, main, parse_instance, write_files

# Two levels. Requirement 2 costs nothing; 5 needs 1 and, through 4, also 3; one pair stands twice.
# The customers: one wants 5, one asks for nothing, one pays nothing, one names 2 twice.
SMALL = """\
2
3
4 0 3
2
2 6
4
1 5
3 4
4 5
3 4
6
20 1 5
7 0
0 2 1 3
9 3 2 3 2
11 2 1 2
8 1 4
"""


def best_profit(instance: Instance, budget: int) -> int:
    """The most that any affordable and closed set of requirements earns: try every set."""
    numbers = range(1, len(instance.costs) + 1)
    best = -1
    for size in range(len(instance.costs) + 1):
        for chosen in map(set, itertools.combinations(numbers, size)):
            cost = sum(instance.costs[n - 1] for n in chosen)
            if cost <= budget and all(chosen.issuperset(instance.needs[n - 1]) for n in chosen):
                happy = (c for c in instance.customers if chosen.issuperset(c.requests))
                best = max(best, sum(customer.profit for customer in happy))
    return best


def planned(capsys: pytest.CaptureFixture[str], budget: int) -> Any:
    """The plan that the command makes in the current folder."""
    capsys.readouterr()
    words = ["plan", "-n", "--json", "--horizon", "0", "--budget", str(budget)]
    assert run(words) == 0
    return json.loads(capsys.readouterr().out)["data"]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    instance = parse_instance(SMALL)
    write_files(instance, tmp_path, "small")
    monkeypatch.chdir(tmp_path)
    return instance


def test_both_files_are_sound(small: Instance) -> None:
    assert run(["validate", "rubric.yaml", "assessment.yaml"]) == 0


@pytest.mark.parametrize("budget", range(16))
def test_the_plan_earns_what_trying_every_set_finds(
    small: Instance, capsys: pytest.CaptureFixture[str], budget: int
) -> None:
    plan = planned(capsys, budget)
    assert (plan["status"], plan["after"]["score"]) == ("optimal", best_profit(small, budget))
    assert plan["cost_days"] <= budget


def test_a_budget_of_nothing_still_serves_who_asks_for_nothing(
    small: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned(capsys, 0)
    assert plan["after"]["score"] == 7
    assert "customer-2" in {upgrade["item"] for upgrade in plan["upgrades"]}


def test_a_problem_without_cost_or_profit_has_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(parse_instance("1 2 0 0 0 2 0 1 1 0 0"), tmp_path, "nothing")
    monkeypatch.chdir(tmp_path)
    plan = planned(capsys, 0)
    assert (plan["status"], plan["after"]["score"], plan["cost_days"]) == ("optimal", 0, 0)


def test_the_first_of_a_pair_is_what_the_second_needs() -> None:
    instance = parse_instance(SMALL)
    assert instance.needs == ((), (), (), (3,), (1, 4))
    assert instance.customers[3].requests == (2, 3)


@pytest.mark.parametrize(("percent", "budget"), [(30, 5), (50, 8), (70, 11), (0, 0), (100, 15)])
def test_a_budget_is_a_share_rounded_half_up(percent: int, budget: int) -> None:
    assert parse_instance(SMALL).budget(percent) == budget


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x ends where the number of levels should follow"),
        ("0", "x:1: the number of levels is 0, and should be from 1"),
        ("1 2\n3", "x ends where the cost in level 1, 2 of 2 should follow"),
        ("1 1\n2.5", 'x:2: the cost in level 1, 1 of 1 should be a whole number, not "2.5"'),
        ("1 1\n-3", 'x:2: the cost in level 1, 1 of 1 should be a whole number, not "-3"'),
        ("1 1 100001", "x:1: the cost in level 1, 1 of 1 is 100001, and should be from 0 to"),
        ("1 1 2\n1\n1 9", "x:3: the requirement in dependency 1, 2 of 2 is 9, and should be"),
        ("1 1 2 1 1 1 1 3 0", "x: dependencies in a circle: 1 -> 1"),
        ("1 2 2 2 2\n1 2 2 1 1 3 0", "x: dependencies in a circle: "),
        ("1 1 2 0 0", "x:1: the number of customers is 0, and should be from 1"),
        ("1 1 2 0\n1\n5 1 0", "x:3: the request by customer 1, 1 of 1 is 0, and should be from 1"),
        ("1 1 2 0\n1\n5 1 1\n7", 'x:4: "7" follows the last customer'),
        ("1 1 " + "9" * 5000, "x:1: the cost in level 1, 1 of 1 is 99999999999999999999, and"),
    ],
)
def test_a_text_that_is_no_instance_is_refused(text: str, message: str) -> None:
    with pytest.raises(InstanceError) as caught:
        parse_instance(text, "x")
    assert caught.value.message.startswith(message)
    assert caught.value.fix


def test_the_converter_tells_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "small.txt"
    source.write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["next_release.py", str(source), str(tmp_path / "out")])
    main()
    assert capsys.readouterr().out == "small: 5 requirements, 6 customers, total cost 15\n"
    assert (tmp_path / "out" / "rubric.yaml").exists()
    source.write_text("1 1 x", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"small\.txt:1: .*\n  Check this line"):
        main()
    source.unlink()
    with pytest.raises(SystemExit, match="cannot be read"):
        main()


@pytest.mark.parametrize("name", SHAPES)
def test_lookalikes_are_instances_of_the_published_size(name: str) -> None:
    text = instance_text(name)
    assert text == instance_text(name) != instance_text(name, seed=2)
    instance = parse_instance(text)
    assert len(instance.costs) == sum(level.count for level in SHAPES[name].levels)
    assert len(instance.customers) == SHAPES[name].customers


@pytest.mark.slow
def test_ten_thousand_items_have_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Each customer asks for one requirement of a day: the best release is the 2,000 dearest ones.
    profits = [7 * n % 5_003 for n in range(5_000)]
    wanted = (f"{profit} 1 {n}" for n, profit in enumerate(profits, start=1))
    text = "\n".join(["1", "5000", "1 " * 5_000, "0", "5000", *wanted])
    write_files(parse_instance(text), tmp_path, "large")
    monkeypatch.chdir(tmp_path)
    data = planned(capsys, 2_000)
    assert data["status"] == "optimal"
    assert data["after"]["score"] == sum(sorted(profits)[-2_000:])
