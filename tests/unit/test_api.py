"""The surface for Python: the commands' results, exact numbers, errors that say what to do."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import maturity_planner
from maturity_planner import Status, api
from maturity_planner.cli.main import run
from maturity_planner.core.solver import OutOfTime
from maturity_planner.resources import bundled

TODAY = date(2026, 11, 20)
EXAMPLE = bundled("examples") / "fraud-scoring"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in EXAMPLE.iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_importing_the_package_imports_nothing_else_of_it() -> None:
    code = (
        "import sys, maturity_planner\n"
        "assert 'load' in dir(maturity_planner)\n"
        "assert not [name for name in sys.modules if name.startswith('maturity_planner.')]\n"
        "maturity_planner.load\n"
        "heavy = {'jinja2', 'highspy', 'ortools', 'numpy', 'yaml', 'pydantic', 'click', 'github'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


def test_the_package_offers_what_its_surface_is() -> None:
    assert maturity_planner.__all__ == api.__all__
    for name in api.__all__:
        assert getattr(maturity_planner, name) is getattr(api, name)
        assert getattr(api, name).__doc__
    with pytest.raises(AttributeError, match="has no attribute 'lode'"):
        maturity_planner.lode  # noqa: B018


@pytest.mark.parametrize("target", [1.5, "1.5", Decimal("1.5"), Fraction(3, 2)])
def test_a_target_is_exact_however_it_is_written(target: api.Number) -> None:
    found = api.plan(api.load(EXAMPLE, today=TODAY), target)
    assert found.request.target == Fraction(3, 2)
    assert found.after.score >= Fraction(3, 2)


@pytest.mark.parametrize("target", [-1, float("nan"), "two", "1/2", Fraction(1, 3), True])
def test_what_is_no_score_is_refused(target: api.Number) -> None:
    with pytest.raises(api.MaturityError, match="the target is") as told:
        api.plan(api.load(EXAMPLE, today=TODAY), target)
    assert told.value.fix


def test_settings_count_as_they_do_for_the_command(folder: Path) -> None:
    system = api.load(folder, today=TODAY)
    assert api.plan(system).request.target == 2
    settings = folder / "maturity.toml"
    pinned = '[plan]\nexclude = ["data-4-meta-requirements"]\n'
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{pinned}", encoding="utf-8")
    system = api.load(folder, today=TODAY)
    items = {upgrade.item.id for upgrade in api.plan(system).upgrades}
    assert "data-4-meta-requirements" not in items
    asked = api.plan(system, include=["data-4-meta-requirements@manual"])
    assert "data-4-meta-requirements@manual" in {str(upgrade.ref) for upgrade in asked.upgrades}


def test_sections_and_a_budget_replace_the_target_of_the_settings() -> None:
    system = api.load(EXAMPLE, today=TODAY)
    only = api.plan(system, section_targets={"infra": 3})
    assert only.request.target is None
    assert only.after.sections["infra"] == 3
    for_the_money = api.plan(system, budget=5, horizon=0, alternatives=1)
    assert for_the_money.cost <= 50_000
    assert for_the_money.request.horizon == 0


def test_without_a_target_there_is_nothing_to_plan(tmp_path: Path) -> None:
    text = (EXAMPLE / "assessment.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    system = api.load(tmp_path, assessment=tmp_path / "mine.yaml")
    with pytest.raises(api.MaturityError, match="no target"):
        api.plan(system)


def test_no_time_is_told_as_such() -> None:
    def stop(_: str) -> None:
        raise OutOfTime

    system = api.load(EXAMPLE, today=TODAY)
    for ask in (lambda: api.plan(system, 2, watch=stop), lambda: api.frontier(system, watch=stop)):
        with pytest.raises(api.MaturityError, match="the time was up"):
            ask()


def test_the_frontier_rises() -> None:
    points = api.frontier(api.load(EXAMPLE, today=TODAY))
    assert [p.cost for p in points] == sorted({p.cost for p in points})
    assert [p.after.score for p in points] == sorted({p.after.score for p in points})


def test_a_roadmap_that_does_not_fit_says_why() -> None:
    system = api.load(EXAMPLE, today=TODAY)
    found = api.plan(system, 2)
    roadmap = api.schedule(system, found, end=date(2026, 12, 1))
    assert roadmap.status is Status.INFEASIBLE
    assert roadmap.because


def test_changes_are_those_of_the_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(api.MaturityError, match="there is no plan"):
        api.changes(api.load(folder, today=TODAY))
    for command in ("plan", "roadmap --start 2026-11-20"):
        assert run(["-q", *command.split()]) == 0
    found = api.changes(api.load(folder, today=TODAY))
    assert found.counts["create"] == 9
    assert not (folder / "backlog").exists()
    assert run(["-q", "plan", "--target", "3"]) == 0
    told: list[str] = []
    api.changes(api.load(folder, today=TODAY), say=told.append)
    assert len(told) == 1
    assert "out of date" in told[0]
    assert run(["-q", "sync"]) == 0
    assert api.changes(api.load(folder, today=TODAY)).pending == ()
