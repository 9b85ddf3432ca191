"""`init --rubric-skeleton`: a rubric of one's own that works at once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from maturity_planner.documents import parse_yaml
from maturity_planner.output_shapes import schema_of
from results import Runner


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["team-health", "2027", "null", "x"])
def test_a_skeleton_is_sound_and_can_be_planned(here: Path, call: Runner, name: str) -> None:
    code, out, err = call("init", "--rubric-skeleton", name)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        "maturity.toml",
        f"rubrics/{name}.yaml",
        "rubrics/rubric.schema.json",
        "assessment.yaml",
    ]
    assert f"edit rubrics/{name}.yaml" in err
    assert call("validate", "--strict")[0] == 0
    assert call("plan")[0] == 0
    assert call("sync")[0] == 0
    assert call("roadmap")[0] == 0
    code, out, _ = call("rubrics", "--json")
    assert {"id": name, "built_in": False}.items() <= json.loads(out)["data"]["rubrics"][-1].items()


def test_the_schema_lies_where_the_first_line_says(here: Path, call: Runner) -> None:
    call("init", "--rubric-skeleton", "mine")
    text = (here / "rubrics" / "mine.yaml").read_text(encoding="utf-8")
    _, _, named = text.split("\n")[0].partition("# yaml-language-server: $schema=")
    schema = json.loads((here / "rubrics" / named).read_text(encoding="utf-8"))
    assert schema == schema_of("rubric")
    jsonschema.validate(parse_yaml(text).data, schema)
    assert next(iter(parse_yaml(text).data)) == "schema"


def test_nothing_is_overwritten(here: Path, call: Runner) -> None:
    call("init", "--rubric-skeleton", "mine")
    files = [path for path in here.rglob("*") if path.is_file()]
    for path in files:
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in files}
    code, out, _ = call("init", "--rubric-skeleton", "mine")
    assert (code, out.count("stays as it is")) == (0, 4)
    assert {path: path.read_bytes() for path in before} == before


def test_a_second_rubric_leaves_the_assessment_alone(here: Path, call: Runner) -> None:
    call("init")
    code, out, err = call("init", "--rubric-skeleton", "mine")
    assert code == 0
    assert "assessment.yaml is there already" in out
    assert "maturity-planner score --rubric mine" in err
    assert call("score", "--rubric", "mine")[0] == 0
    assert call("validate", "--strict")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rubric-skeleton", "Mine"], "cannot be a rubric's id"),
        (["--rubric-skeleton", "../mine"], "cannot be a rubric's id"),
        (["--rubric-skeleton", ""], "cannot be a rubric's id"),
        (["--rubric-skeleton", "ml-test-score"], "is a built-in rubric"),
        (["--rubric-skeleton", "mine", "--rubric", "azure-mlops"], "name two rubrics"),
        (["--rubric-skeleton", "mine", "--system", "a\nb"], "cannot be the system's name"),
    ],
)
def test_what_cannot_be_a_skeleton_writes_nothing(
    here: Path, call: Runner, arguments: list[str], message: str
) -> None:
    code, _, err = call("init", *arguments)
    assert code == 2
    assert message in err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--rubric-skeleton", "mine"], []])
def test_init_writes_all_of_its_files_or_none(
    here: Path, call: Runner, arguments: list[str]
) -> None:
    name = "rubrics" if arguments else "assessment.yaml"
    if arguments:
        (here / name).write_text("a file, and no folder", encoding="utf-8")
    else:
        (here / name).symlink_to("nowhere/a.yaml")
    code, out, err = call("init", *arguments)
    assert (code, out) == (3, "")
    assert "is not a folder" in err if arguments else "exists already" in err
    assert [path.name for path in here.iterdir()] == [name]


def test_a_skeleton_is_no_twin_of_a_rubric_that_is_there(here: Path, call: Runner) -> None:
    (here / "rubrics").mkdir()
    (here / "rubrics" / "mine.yml").write_text("id: mine\n", encoding="utf-8")
    code, _, err = call("init", "--rubric-skeleton", "mine")
    assert code == 2
    assert 'rubrics/mine.yml is the rubric "mine"\n  Start from it: --rubric mine\n' in err
    assert [path.name for path in here.iterdir()] == ["rubrics"]


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may write anywhere")
def test_init_says_first_what_cannot_be_written(here: Path, call: Runner) -> None:
    (here / "rubrics").mkdir(mode=0o500)
    code, _, err = call("init", "--rubric-skeleton", "mine")
    assert code == 3
    assert "mine.yaml cannot be written: Permission denied" in err
    assert [path.name for path in here.iterdir()] == ["rubrics"]


def test_a_schema_can_be_written_and_its_line_stays(here: Path, call: Runner) -> None:
    call("init", "--rubric-skeleton", "mine")
    assert call("schema", "assessment", "-o", "assessment.schema.json")[0] == 0
    schema = json.loads((here / "assessment.schema.json").read_text(encoding="utf-8"))
    assert schema == schema_of("assessment")
    line = "# yaml-language-server: $schema=assessment.schema.json\n"
    path = here / "assessment.yaml"
    path.write_text(line + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert call("assess", "--set", "alerts=manual")[0] == 0
    assert path.read_text(encoding="utf-8").startswith(line)
    assert call("validate", "--strict")[0] == 0
    jsonschema.validate(parse_yaml(path.read_text(encoding="utf-8")).data, schema)


def test_a_rubric_in_its_folder_is_one_whatever_it_says_it_is(here: Path, call: Runner) -> None:
    call("init", "--rubric-skeleton", "mine")
    path = here / "rubrics" / "mine.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new, message in (
        ("\nschema:", "\n# schema:", 'the key "schema" is missing'),
        ("rubric/v1", "rubric/v2", 'Did you mean "maturity-planner/rubric/v1"?'),
        ("/rubric/v1", "/rubrik/v1", 'Did you mean "rubric"?'),
    ):
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        code, out, _ = call("validate", "rubrics/mine.yaml")
        assert code == 1
        assert message in out
