"""`validate` of a whole project: every rubric in use, and settings that point at nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import document, item, mode
from maturity_planner.documents import dump_yaml
from results import Runner

ASSESSMENT = (
    "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: {}\nanswers: {{a: manual}}\n"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose assessment names its rubric by path, as after an import."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "r.yaml", dump_yaml(document({"s": [item("a"), item("b")]})))
    write(tmp_path / "assessment.yaml", ASSESSMENT.format("r.yaml"))
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def own(name: str, **keys: object) -> str:
    """A rubric of that id."""
    return dump_yaml(document({"s": [item("a", **keys), item("b")]})).replace(
        "id: tiny", f"id: {name}"
    )


def needing(*needs: str) -> dict[str, object]:
    return {"manual": mode(1, needs=list(needs))}


# Rubrics in use ------------------------------------------------------------------------------


def test_a_rubric_that_the_assessment_names_by_path_is_checked_once(
    here: Path, call: Runner
) -> None:
    code, out, _ = call("validate")
    assert code == 0
    assert out == "assessment.yaml: sound\nr.yaml: sound\n"
    write(here / "maturity.toml", 'rubric = "./r.yaml"\n')
    assert call("validate")[1].count("r.yaml: sound") == 1
    write(here / "maturity.toml", 'rubric = "rubrics/x.yaml"\n')
    write(here / "rubrics" / "x.yaml", own("x"))
    out = call("validate")[1]
    assert out.count("rubrics/x.yaml: sound") == out.count("\nr.yaml: sound") == 1


def test_its_circles_and_warnings_are_told(here: Path, call: Runner) -> None:
    circle = document(
        {"s": [item("a", modes=needing("b@manual")), item("b", modes=needing("a@manual"))]}
    )
    write(here / "r.yaml", dump_yaml(circle))
    code, out, _ = call("validate")
    assert code == 1
    assert "r.yaml:" in out
    assert "in a circle: " in out
    write(here / "r.yaml", dump_yaml(document({"s": [item("a", optional=True), item("b")]})))
    assert call("validate")[0] == 0
    code, out, err = call("validate", "--strict")
    assert (code, out.count("[without-effect]")) == (1, 1)
    assert "1 warning in 2 files" in err


# Settings that point at nothing --------------------------------------------------------------


@pytest.mark.parametrize("file", ["maturity.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('assessment = "nope.yaml"', "the assessment nope.yaml is not there"),
        ('rubric = "nope"', 'there is no rubric "nope": neither a known id nor a file'),
    ],
)
def test_settings_that_point_at_nothing(
    here: Path, call: Runner, file: str, setting: str, message: str
) -> None:
    table = "[tool.maturity-planner]\n" if file == "pyproject.toml" else ""
    write(here / file, f"{table}target = 1\n{setting}\n")
    code, out, err = call("validate")
    assert code == 1
    assert f"{file}:{3 if table else 2}:1: {message}\n    " in out
    assert "1 fault in" in err
    assert call("validate", file)[0] == 1


def test_the_assessment_that_pyproject_names_is_checked(here: Path, call: Runner) -> None:
    write(here / "pyproject.toml", '[tool.maturity-planner]\nassessment = "mine.yaml"\n')
    write(here / "mine.yaml", ASSESSMENT.format("r.yaml").replace("a: manual", "z: manual"))
    code, out, _ = call("validate")
    assert code == 1
    assert "pyproject.toml: sound" in out
    assert 'mine.yaml:4:11: unknown item "z"' in out
    write(here / "pyproject.toml", "[tool.maturity-planner\n")
    assert "pyproject.toml:1:" in call("validate")[1]


def test_settings_above_are_those_of_the_project(
    here: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "maturity.toml", "target_ = 1\n")
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    code, out, _ = call("validate")
    assert code == 1
    assert 'maturity.toml:1:1: unknown key "target_"' in out
    assert f"{here / 'assessment.yaml'}: sound" in out


def test_a_broken_template_is_a_fault_with_its_line(here: Path, call: Runner) -> None:
    template = here / "templates" / "tickets" / "ticket-body.md.j2"
    write(template, "one\n{% if %}\n")
    code, out, _ = call("validate")
    assert code == 1
    assert "templates/tickets/ticket-body.md.j2:2:1: " in out
    assert "Correct the template, or remove it" in out
    assert call("doctor")[0] == 3
    write(template, "one\n\n{{ nothing }}\n")
    assert call("validate")[0] == 0  # there is no plan to put into it
    write(here / "maturity.toml", "")
    assert call("plan", "--target", "1")[0] == 0
    code, out, _ = call("validate")
    assert code == 1
    assert "templates/tickets/ticket-body.md.j2:3:1: 'nothing' is undefined" in out
    write(template, "{{ item.title }}\n")
    assert "ticket-body.md.j2: sound" in call("validate")[1]


def test_of_many_faults_the_first_are_listed_and_the_rest_is_mentioned(
    here: Path, call: Runner
) -> None:
    answers = "".join(f"  i{n}: 3\n" for n in range(250))
    write(here / "assessment.yaml", ASSESSMENT.format("r.yaml").partition("answers")[0])
    with (here / "assessment.yaml").open("a", encoding="utf-8") as file:
        file.write(f"answers:\n{answers}")
    code, out, err = call("validate", "assessment.yaml")
    assert code == 1
    assert out.count(" should be a text") == 200
    assert "assessment.yaml: there are more faults than the 200 listed" in out
    assert "more than 200 faults in 1 file" in err


# One fault, one place ------------------------------------------------------------------------


def test_settings_with_a_fault_are_no_fault_of_the_assessment(here: Path, call: Runner) -> None:
    write(here / "maturity.toml", "target_ = 1\n")
    write(here / "rubrics" / "launch.yaml", own("launch"))
    write(here / "assessment.yaml", ASSESSMENT.format("launch"))
    code, out, err = call("validate")
    assert code == 1
    assert "assessment.yaml: sound" in out
    assert "1 fault in" in err
    code, out, _ = call("validate", "assessment.yaml")
    assert (code, out) == (0, "assessment.yaml: sound\n")


@pytest.mark.parametrize("files", [(), ("assessment.yaml",)])
def test_settings_that_are_not_there(here: Path, call: Runner, files: tuple[str, ...]) -> None:
    code, out, err = call("--config", "nope.toml", "validate", *files)
    assert (code, out) == (3, "")
    assert "nope.toml does not exist" in err


# Links ---------------------------------------------------------------------------------------


def linking(*links: str) -> str:
    return own("other", modes={"manual": mode(1, suggested_by=list(links)), "automated": mode(3)})


def test_links_to_what_a_known_rubric_does_not_have_are_faults(here: Path, call: Runner) -> None:
    write(
        here / "rubrics" / "other.yaml",
        linking(
            "tiny/a@manual",
            "tiny/z@manual",
            "ml-test-score/monitor-2-input-invariants@manuel",
            "ml-test-score/data-2@manual",
        ),
    )
    code, out, err = call("validate")
    assert code == 1
    assert 'item "a" is linked to "z", which is not in "tiny"\n    Items of tiny: a, b.' in out
    assert 'but "monitor-2-input-invariants" has no such mode\n    Did you mean "manual"?' in out
    assert 'item "a" is linked to "data-2", which is not in "ml-test-score"' in out
    assert "3 faults in 3 files" in err
    assert call("score", "--rubric", "rubrics/other.yaml")[0] == 0


def test_links_to_an_unknown_rubric_are_warned_of_once(here: Path, call: Runner) -> None:
    text = linking("far/x@manual", "far/y@manual")
    write(here / "rubrics" / "other.yaml", text)
    code, out, _ = call("validate")
    assert code == 0
    assert out.count("[unknown-rubric]") == 1
    assert 'the rubric "far", which links lead to, is not known here' in out
    silent = text.replace("- far/x@manual", "- far/x@manual  # ignore: unknown-rubric")
    write(here / "rubrics" / "other.yaml", silent)
    assert "unknown-rubric" not in call("validate")[1]
    write(here / "rubrics" / "other.yaml", text)
    write(here / "rubrics" / "far.yaml", "id: far\n")  # its own faults are told there
    assert "unknown-rubric" not in call("validate")[1]


# Names of files ------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".yml", ".YAML", ".YML"])
def test_a_rubric_with_another_suffix_is_one(here: Path, call: Runner, suffix: str) -> None:
    write(here / "rubrics" / f"launch{suffix}", own("launch"))
    assert f"rubrics/launch{suffix}: sound" in call("validate")[1]
    assert "launch" in call("rubrics")[1]
    assert call("score", "--rubric", "launch")[0] == 0
    assert call("show", "launch")[0] == 0
    (here / "assessment.yaml").unlink()
    assert call("init", "--rubric", "launch")[0] == 0
    assert "rubric: launch" in (here / "assessment.yaml").read_text(encoding="utf-8")


def test_two_files_of_one_name_are_told_by_both_names(here: Path, call: Runner) -> None:
    for suffix in ("yaml", "yml"):
        write(here / "rubrics" / f"launch.{suffix}", own("launch"))
    both = 'rubrics/launch.yaml and rubrics/launch.yml are both the rubric "launch"'
    code, out, err = call("validate")
    assert code == 1
    assert out.count(both) == 2
    assert "2 faults in 4 files" in err
    for arguments in (
        ["score", "--rubric", "launch"],
        ["show", "launch"],
        ["init", "--rubric", "launch"],
    ):
        code, _, err = call(*arguments)
        assert code == 3
        assert both in err
    _, out, err = call("rubrics")
    assert "Not usable: rubrics/launch.yaml and rubrics/launch.yml; see " in err
    assert "launch " not in out
    assert call("score")[0] == 0
