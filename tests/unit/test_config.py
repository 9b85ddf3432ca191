from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from maturity_planner.config import Project, find_project
from maturity_planner.errors import ConfigError


def settings(folder: Path, text: str, name: str = "maturity.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_without_settings_the_folder_is_the_project(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    project = find_project(tmp_path)
    assert (project.root, project.source, project.target) == (tmp_path, None, None)
    assert project.assessment == tmp_path / "assessment.yaml"
    assert project.plan == tmp_path / "plan.yaml"
    assert project.history == tmp_path / "history.jsonl"
    assert project.templates == tmp_path / "templates" / "tickets"
    assert (project.horizon, project.tracker) == (Fraction(4), "local")
    assert project.tracker_settings("local") == {}


def test_settings_say_what_differs(tmp_path: Path) -> None:
    settings(
        tmp_path,
        'assessment = "a/x.yaml"\nplan = "p.yaml"\ntarget = 1.5\nhorizon_quarters = 0\n'
        '[tracker]\nkind = "github"\n[tracker.github]\nrepository = "a/b"\n',
    )
    project = find_project(tmp_path)
    assert project.assessment == tmp_path / "a" / "x.yaml"
    assert project.plan == tmp_path / "p.yaml"
    assert (project.target, project.horizon) == (Fraction(3, 2), Fraction(0))
    assert project.tracker_settings(project.tracker) == {"repository": "a/b"}


def test_the_nearest_settings_upwards_count(tmp_path: Path) -> None:
    settings(tmp_path, "target = 1\n")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_project(below).root == tmp_path
    settings(tmp_path / "a", "target = 2\n")
    assert find_project(below).target == 2


def test_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    settings(tmp_path, "target = 1\n")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    assert find_project(tmp_path / "repository").source is None


def test_an_own_file_wins_over_pyproject(tmp_path: Path) -> None:
    settings(tmp_path, "[tool.maturity-planner]\ntarget = 1\n", "pyproject.toml")
    assert find_project(tmp_path).target == 1
    settings(tmp_path, "target = 2\n")
    assert find_project(tmp_path).target == 2


@pytest.mark.parametrize(
    "text",
    [
        "[tool.maturity-planner]\ntarget = 1\n",
        '[tool."maturity-planner"]\ntarget = 1\n',
        "[tool]\nmaturity-planner = {target = 1}\n",
        "[ tool . maturity-planner ]\ntarget = 1\n",
    ],
)
def test_the_table_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    path = settings(tmp_path, text, "pyproject.toml")
    project = find_project(tmp_path)
    assert (project.source, project.target) == (path, Fraction(1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'x'\n",
        "[project]\ndependencies = ['maturity-planner']\n",
        "# [tool.maturity-planner]\ntool = 3\n",
        "not toml at all",
    ],
)
def test_a_pyproject_without_our_table_is_none_of_our_business(tmp_path: Path, text: str) -> None:
    (tmp_path / ".git").mkdir()
    settings(tmp_path, text, "pyproject.toml")
    assert find_project(tmp_path).source is None


def test_a_pyproject_that_cannot_be_read_may_hold_our_table(tmp_path: Path) -> None:
    settings(tmp_path, "[tool.maturity-planner\ntarget = 1\n", "pyproject.toml")
    with pytest.raises(ConfigError, match="has 1 fault"):
        find_project(tmp_path)


def test_named_settings_make_their_folder_the_project(tmp_path: Path) -> None:
    path = settings(tmp_path / "conf", "target = 3\n", "other.toml")
    settings(tmp_path, "target = 1\n")
    project = find_project(tmp_path, path)
    assert (project.root, project.target) == (tmp_path / "conf", Fraction(3))


def test_settings_that_are_a_folder_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "maturity.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        find_project(tmp_path)


def test_settings_that_link_to_nothing_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "maturity.toml").symlink_to("nowhere.toml")
    with pytest.raises(ConfigError, match="does not exist"):
        find_project(tmp_path)


@pytest.mark.parametrize("path", ["x", "a/b/../c", "link/x", "new/deep/x"])
def test_paths_inside_the_project(tmp_path: Path, path: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    project = Project(tmp_path)
    assert project.inside(tmp_path / path, "the plan") == tmp_path / path


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "out/x", "loose"])
def test_paths_that_lead_outside(tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "out").symlink_to("..")
    (root / "loose").symlink_to(tmp_path / "does-not-exist")
    with pytest.raises(ConfigError, match=r"the plan .* leads outside the project"):
        Project(root).inside(root / path, "the plan")


def test_links_in_a_circle_do_not_leave_the_project(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    assert Project(tmp_path).inside(tmp_path / "a", "the plan") == tmp_path / "a"


def test_a_project_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    project = Project(tmp_path / "link")
    assert project.inside(project.plan, "the plan") == tmp_path / "link" / "plan.yaml"


def test_rubrics_are_known_by_id_or_path_and_own_ones_win(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert list(project.rubrics()) == [
        *("azure-mlops", "google-mlops", "ml-test-score", "openssf-scorecard")
    ]
    own = settings(tmp_path / "rubrics", "", "ml-test-score.yaml")
    beside = settings(tmp_path / "elsewhere", "", "x.yaml")
    assert project.rubric("ml-test-score") == own
    assert project.rubric("elsewhere/x.yaml") == beside
    assert project.rubric("x.yaml", tmp_path / "elsewhere") == beside


@pytest.mark.parametrize("name", ["ml-test-scor", ".", "x" * 300, "a\0b"])
def test_a_rubric_that_there_is_not(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="neither a known id nor a file") as caught:
        Project(tmp_path).rubric(name)
    assert "ml-test-score" in caught.value.fix


def test_the_plan_is_a_file_or_a_table_with_pins(tmp_path: Path) -> None:
    settings(tmp_path, 'plan = "p.yaml"\n')
    project = find_project(tmp_path)
    assert (project.plan, project.pins("include")) == (tmp_path / "p.yaml", ())
    settings(tmp_path, '[plan]\nfile = "q.yaml"\nexclude = ["a", "b@manual"]\n')
    project = find_project(tmp_path)
    assert project.plan == tmp_path / "q.yaml"
    assert (project.pins("include"), project.pins("exclude")) == ((), ("a", "b@manual"))
    settings(tmp_path, "[plan]\n")
    assert find_project(tmp_path).plan == tmp_path / "plan.yaml"
