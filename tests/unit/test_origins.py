from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from maturity_planner.config import find_project
from maturity_planner.origins import DEFAULTS, Origin, settings_in_force
from maturity_planner.shapes.settings import (
    GitHubShape,
    JiraFieldsShape,
    JiraShape,
    LocalShape,
    PlanSettings,
    SettingsFile,
    TeamShape,
    TrackerShape,
)

CANARY = "canary-7d1f"


def found(folder: Path, text: str = "", **environ: str) -> dict[str, tuple[Any, str, str]]:
    if text:
        (folder / "maturity.toml").write_text(text, encoding="utf-8")
    (folder / ".git").mkdir(exist_ok=True)
    settings = settings_in_force(find_project(folder), {}, environ)
    return {s.name: (s.value, s.origin.value, s.where) for s in settings}


def defaults(shape: type[BaseModel], prefix: str) -> dict[str, Any]:
    fields = shape.model_fields.items()
    return {prefix + n: None if f.is_required() else f.default for n, f in fields}


def test_the_defaults_are_those_of_the_shapes() -> None:
    known = defaults(SettingsFile, "") | defaults(PlanSettings, "plan.")
    known |= defaults(TrackerShape, "tracker.")
    for kind, shape in (("local", LocalShape), ("github", GitHubShape), ("jira", JiraShape)):
        known |= defaults(shape, f"tracker.{kind}.")
        del known[f"tracker.{kind}"]
    del known["tracker.jira.fields"]
    known |= defaults(JiraFieldsShape, "tracker.jira.fields.")
    known |= defaults(TeamShape, "team.") | {"team.people": None}
    for name in ("team", "tracker", "plan"):
        del known[name]
    assert known == DEFAULTS


def test_what_nobody_sets_is_a_default_and_other_trackers_are_left_out(tmp_path: Path) -> None:
    settings = found(tmp_path)
    assert settings["horizon_quarters"] == (4, "default", "")
    assert [name for name in settings if "tracker" in name] == [
        "tracker.kind",
        "tracker.local.directory",
    ]
    assert "token" not in settings


def test_what_the_file_says_comes_with_its_line(tmp_path: Path) -> None:
    text = (
        'plan = "p.yaml"\ntarget = 2\n\n[team.people]\nml-engineer = 2\n'
        '[tracker]\nkind = "github"\ngithub = {repository = "o/r"}\n'
    )
    settings = found(tmp_path, text)
    assert settings["plan.file"] == ("p.yaml", "file", "maturity.toml:1")
    assert settings["target"] == (2, "file", "maturity.toml:2")
    assert settings["team.people.ml-engineer"] == (2, "file", "maturity.toml:5")
    assert settings["tracker.github.repository"] == ("o/r", "file", "maturity.toml:8")
    assert settings["token"] == (None, "default", "")


def test_a_table_of_pyproject_counts_its_lines_there(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.maturity-planner]\ntarget = 3\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert found(tmp_path)["target"] == (3, "file", "pyproject.toml:4")


def test_an_option_wins(tmp_path: Path) -> None:
    (tmp_path / "maturity.toml").write_text('rubric = "a"\n', encoding="utf-8")
    options = {"rubric": "b", "assessment": None}
    first, second, *_ = settings_in_force(find_project(tmp_path), options, {})
    assert (first.value, first.origin) == ("assessment.yaml", Origin.DEFAULT)
    assert (second.value, second.origin, second.where) == ("b", Origin.OPTION, "--rubric")


def test_a_token_is_told_of_and_never_told(tmp_path: Path) -> None:
    text = '[tracker]\nkind = "github"\n[tracker.github]\nrepository = "o/r"\n'
    settings = found(tmp_path, text, GH_TOKEN=CANARY)
    assert settings["token"] == (None, "environment", "GH_TOKEN")
    assert CANARY not in str(settings)
    settings = found(tmp_path, f'{text}token_command = "echo {CANARY}"\n', GITHUB_TOKEN=CANARY)
    assert settings["token"] == (None, "file", "maturity.toml:5")
    assert settings["tracker.github.token_command"] == (None, "file", "maturity.toml:5")
    assert CANARY not in str(settings)
