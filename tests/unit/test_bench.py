"""What the benchmark stands on: sound rubrics, peers that solve the same problem, true figures."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import load as load_bench
import measuring
from maturity_planner.cli.main import run
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.plan import Request, upgrade_cost
from maturity_planner.core.planner import Planner
from maturity_planner.core.rubric import ItemId, ModeId, Rubric
from maturity_planner.core.score import UNIT, score_modes
from maturity_planner.files import load_assessment, load_rubric
from measuring import measure
from peers import by_cbc, by_greed
from planning import SIZES, Size
from rubrics import write_rubric
from size import MOST, needed, own_size, size_of
from startup import BARS


def load(folder: Path) -> tuple[Rubric, Assessment]:
    path = folder / "rubric.yaml"
    rubric = load_rubric(path)
    today = datetime.date(2026, 11, 20)
    return rubric, load_assessment(folder / "assessment.yaml", rubric, path, today)


def test_a_generated_rubric_is_sound_and_the_same_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    assert write_rubric(folders[0], 200, 20) == write_rubric(folders[1], 200, 20)
    for name in ("rubric.yaml", "assessment.yaml"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    monkeypatch.chdir(folders[0])
    assert run(["validate", "rubric.yaml", "assessment.yaml"]) == 0


@pytest.mark.parametrize("size", SIZES[:3])
def test_a_generated_rubric_has_the_size_asked_for(tmp_path: Path, size: Size) -> None:
    items, sections = size.items, size.sections
    target = write_rubric(tmp_path, items, sections)
    rubric, _ = load(tmp_path)
    assert (len(rubric.items), len(rubric.sections)) == (items, sections)
    assert target == Fraction(min(len(section.items) for section in rubric.sections), 2)
    needs = sum(len(m.needs) for i in rubric.items.values() for m in i.modes.values())
    assert 0.4 * items < needs < 0.7 * items


@pytest.mark.filterwarnings("ignore:PULP_CBC_CMD is deprecated")
def test_cbc_finds_our_cost_and_greed_costs_no_less(tmp_path: Path) -> None:
    target = write_rubric(tmp_path, 28, 7)
    rubric, assessment = load(tmp_path)
    ours = Planner(rubric, assessment).plan(Request(target))

    def cost(final: dict[ItemId, ModeId]) -> int:
        """The days of these modes, after a look at what they reach."""
        assert score_modes(rubric, final, set())[0] >= target
        changed = [i for i in rubric.items.values() if final[i.id] != assessment.mode(i)]
        return sum(upgrade_cost(assessment, i, final[i.id], Fraction(4))[0] for i in changed)

    status, final = by_cbc(rubric, assessment, int(target * UNIT))
    assert (status, cost(final)) == ("optimal", ours.cost)
    assert cost(by_greed(rubric, assessment, int(target * UNIT))[1]) >= ours.cost


def test_a_child_is_measured_on_its_own(tmp_path: Path) -> None:
    # From a small process: a child counts the memory of the one that started it.
    script = (
        "import sys; from pathlib import Path; from measuring import measure\n"
        "def run(code): return measure([sys.executable, '-c', code], Path('.'))\n"
        "done = run('x = bytes(200_000_000); print(\"{}\")')\n"
        "assert (done.code, done.data, done.is_late) == (0, {}, False)\n"
        "more = run('x = b\"x\" * 400_000_000')\n"
        "assert more.data is None\n"
        "print(done.megabytes, more.megabytes)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(measuring.__file__).parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    idle, busy = map(float, ended.stdout.split())
    assert idle < 300
    assert busy > 400


def test_a_late_child_is_stopped_and_said_to_be_late(tmp_path: Path) -> None:
    done = measure([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, most_seconds=1)
    assert done.is_late
    assert done.seconds < 30
    assert done.shown.startswith("over")


def test_the_size_counts_what_we_need_and_nothing_else() -> None:
    found = needed()
    assert {"click", "jira", "ortools", "pandas", "urllib3"} <= set(found)
    assert not {"maturity-planner", "pytest", "ruff"} & set(found)
    assert 500_000 < own_size() < size_of("numpy") < size_of("ortools")


def test_the_figures_of_the_page_are_those_of_the_commands() -> None:
    page = (Path(__file__).parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")
    startup, size = re.findall(r"```text\n(.*?)```\n<!-- \[\[\[end\]\]\] -->", page, re.DOTALL)
    rows = re.findall(r"^(\S.*?) +([0-9.]+) +([0-9]+)$", startup, re.MULTILINE)
    assert [(name, int(bar)) for name, _, bar in rows] == list(BARS.items())
    assert all(float(ratio) < int(bar) for _, ratio, bar in rows)
    # How much there is, and its order, differs with systems and versions.
    named = re.findall(r"^(\S.*?) +[0-9.]+$", size, re.MULTILINE)
    assert (named[0], len(named)) == ("maturity-planner", MOST + 3)


def test_a_project_to_sync_has_a_ticket_for_each_item(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_bench.write_project(tmp_path, 40)
    monkeypatch.chdir(tmp_path)
    assert run(["plan", "--target", str(load_bench.ITEMS_IN_SECTION)]) == 0
    assert run(["sync"]) == 0
    assert len([*tmp_path.glob("backlog/tasks/*.md")]) == 42  # and an epic for each section


def test_growth_is_told_for_each_doubling() -> None:
    found = [{"sync": (10.0, 1.0, 40.0)}, {"sync": (20.0, 2.5, 44.0)}]
    _, first, second, most = load_bench.rows((250, 500), found)
    assert first.split() == ["250", "10", "1.00", "40"]
    assert second.split() == ["500", "20", "2.00", "2.50", "2.50", "44", "1.10"]
    assert most.startswith("at most 2.50 times")
