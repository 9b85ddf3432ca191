"""`import csv` and `import scorecard`: what they change, what they leave, what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from results import Runner, data_of

TABLE = """\
Status;Item;Proof;Notes;Date
automated;data-1-feature-schema;docs/features.md; two;2026-11-01
By hand;Model specs are reviewed and submitted;"a, b";;
none;model-2-offline-online-correlation;;;
"""


def scorecard(**scores: int) -> str:
    checks = [
        {"name": name.replace("_", "-"), "score": score, "reason": "so"}
        for name, score in scores.items()
    ]
    data = {
        "date": "2026-11-19",
        "repo": {"name": "github.com/acme/oven", "commit": "abc"},
        "scorecard": {"version": "v5.0.0"},
        "score": 4.2,
        "checks": checks,
    }
    return json.dumps(data)


@pytest.fixture
def table(project: Path) -> str:
    (project / "t.csv").write_text(TABLE, encoding="utf-8-sig")
    return "t.csv"


def test_a_table_answers_items_and_keeps_the_rest(project: Path, call: Runner, table: str) -> None:
    before = (project / "assessment.yaml").read_text(encoding="utf-8")
    code, out, _ = call("import", "csv", table)
    assert code == 0
    assert "data-1-feature-schema   manual  automated  note, 2026-11-01" in out
    assert out.endswith("2 answers changed in assessment.yaml, 1 as before.\n")
    after = (project / "assessment.yaml").read_text(encoding="utf-8")
    assert "    date: 2026-11-01\n    evidence: [docs/features.md]\n    note: two\n" in after
    for line in before.splitlines():
        if line.lstrip().startswith("#"):
            assert line in after
    assert call("validate")[0] == 0
    code, out, _ = call("import", "csv", table)
    assert out.startswith("0 answers changed")
    assert (project / "assessment.yaml").read_text(encoding="utf-8") == after


def test_a_dry_run_writes_nothing_and_json_tells_the_same(
    project: Path, call: Runner, table: str
) -> None:
    before = (project / "assessment.yaml").read_bytes()
    planned = data_of(call("import", "csv", table, "-n", "--json")[1], "import-answers")
    assert not planned["written"]
    assert "would change" in call("import", "csv", table, "-n")[1]
    assert (project / "assessment.yaml").read_bytes() == before
    done = data_of(call("import", "csv", table, "--json")[1], "import-answers")
    assert done == planned | {"written": True}
    assert [change["item"] for change in done["changes"]] == [
        "data-1-feature-schema",
        "model-1-specs-reviewed",
    ]


def test_the_exported_table_imports_as_no_change(project: Path, call: Runner) -> None:
    before = (project / "assessment.yaml").read_bytes()
    assert call("report", "--format", "csv", "-o", "r.csv")[0] == 0
    code, out, err = call("import", "csv", "r.csv")
    assert (code, out[:18]) == (0, "0 answers changed ")
    assert "Left out: Section, Level, " in err
    assert (project / "assessment.yaml").read_bytes() == before


def test_a_table_that_is_not_there(project: Path, call: Runner) -> None:
    code, out, err = call("import", "csv", "missing.csv")
    assert (code, out) == (3, "")
    assert "missing.csv does not exist" in err
    assert "it should lead to your own copy of what you want to import" in err


def test_with_a_fault_nothing_is_written(project: Path, call: Runner) -> None:
    before = (project / "assessment.yaml").read_bytes()
    (project / "t.csv").write_text("item,mode\ndata-1-feature-schema,none\nx,y\n", encoding="utf-8")
    code, out, err = call("import", "csv", "t.csv")
    assert (code, out) == (3, "")
    assert 't.csv:3:1: unknown item "x"' in err
    assert (project / "assessment.yaml").read_bytes() == before


def test_faults_are_told_as_json_too(project: Path, call: Runner) -> None:
    (project / "t.csv").write_text("item,mode\ndata-1-feature-schema,none\nx,y\n", encoding="utf-8")
    code, out, err = call("import", "csv", "t.csv", "--json")
    assert code == 3
    assert 't.csv:3:1: unknown item "x"' in err
    data = data_of(out, "import-answers")
    assert (data["written"], data["changes"]) == (False, [])
    (fault,) = data["faults"]
    assert (fault["line"], fault["column"], fault["message"]) == (3, 1, 'unknown item "x"')
    assert call("import", "csv", "none.csv", "--json")[:2] == (3, "")


def test_a_new_assessment_needs_a_rubric(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    code, _, err = call("import", "csv", "t.csv")
    assert code == 2
    assert "--rubric ID" in err
    arguments = ["import", "csv", "t.csv", "--rubric", "ml-test-score", "--system", "oven"]
    assert call(*arguments, "-n")[0] == 0
    assert not (tmp_path / "assessment.yaml").exists()
    assert call(*arguments)[0] == 0
    assert call("validate")[0] == 0
    assert call("score")[1].startswith("oven against ML Test Score")
    assert call(*arguments)[0] == 2  # it says already which system it is about


def test_a_new_assessment_names_a_rubric_of_ones_own_from_where_it_stands(
    project: Path, call: Runner
) -> None:
    text = (Path(__file__).parents[2] / "rubrics" / "ml-test-score.yaml").read_text(
        encoding="utf-8"
    )
    (project / "own.yaml").write_text(text, encoding="utf-8")
    (project / "deep").mkdir()
    (project / "t.csv").write_text(TABLE, encoding="utf-8")
    new = ["import", "csv", "t.csv", "--rubric", "own.yaml", "-o", "deep/a.yaml"]
    assert call(*new)[0] == 0
    assert "rubric: ../own.yaml\n" in (project / "deep" / "a.yaml").read_text(encoding="utf-8")
    assert call("validate", "deep/a.yaml")[0] == 0


def test_a_table_answers_several_rubrics_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    call("init", "--rubric", "ml-test-score", "--rubric", "google-mlops")
    text = "item,mode\ndata-1-feature-schema,manual\ngcp-l2-ci-integration,In place\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    assert call("import", "csv", "t.csv", "--rubric", "ml-test-score")[0] == 3
    data = data_of(call("import", "csv", "t.csv", "--json")[1], "import-answers")
    assert data["rubrics"] == ["ml-test-score", "google-mlops"]
    assert len(data["changes"]) == 2


def test_evidence_that_is_no_text_is_refused(project: Path, call: Runner) -> None:
    (project / "t.csv").write_bytes(b"item,mode,evidence\ndata-1-feature-schema,manual,\xff\n")
    assert call("import", "csv", "t.csv")[0] == 3
    assert call("import", "csv", "nowhere.csv")[0] == 3


def test_a_result_of_scorecard_starts_an_assessment_and_goes_on_with_it(
    project: Path, call: Runner
) -> None:
    path = project / "r.json"
    path.write_text(scorecard(License=10, SAST=9, Shiny=3, Packaging=-1), encoding="utf-8")
    code, out, err = call("import", "scorecard", "r.json", "-o", "sc.yaml")
    assert code == 0
    assert "ossf-sast     -       most  +1 evidence, 2026-11-19" in out
    assert "Left out: Shiny: openssf-scorecard has no item for this check" in err
    assert "Left out: Packaging: inconclusive, so no answer: so" in err
    assert "Scorecard's own score is 4.2" in err
    assert call("validate", "sc.yaml")[0] == 0
    data = data_of(call("score", "--assessment", "sc.yaml", "--json")[1], "score")
    assert data["score"] == (10 * 2.5 + 8 * 5) / 120
    assert data["unanswered"] == 18
    assert data["system"] == "github.com/acme/oven"
    path.write_text(scorecard(License=10, SAST=0), encoding="utf-8")
    told = call("import", "scorecard", "r.json", "-o", "sc.yaml", "--json")[1]
    (change,) = data_of(told, "import-answers")["changes"]
    assert (change["from"], change["to"]) == ("most", "none")
    assert len(change["evidence_added"]) == len(change["evidence_removed"]) == 1


def test_scorecard_goes_beside_another_rubric_when_both_are_named(
    project: Path, call: Runner
) -> None:
    (project / "r.json").write_text(scorecard(License=10), encoding="utf-8")
    code, _, err = call("import", "scorecard", "r.json")
    assert code == 2
    assert "rubric: [ml-test-score, openssf-scorecard]" in err
    path = project / "assessment.yaml"
    text = path.read_text(encoding="utf-8")
    listed = text.replace("rubric: ml-test-score", "rubric: [ml-test-score, openssf-scorecard]")
    path.write_text(listed, encoding="utf-8")
    assert call("import", "scorecard", "r.json")[0] == 0
    assert "  ossf-license:\n    mode: full\n" in path.read_text(encoding="utf-8")
    assert "Also against openssf-scorecard: score ~0.2083" in call("score")[1]
    assert call("plan", "--rubric", "openssf-scorecard", "--target", "5", "-n")[0] == 0


def test_no_result_of_scorecard_no_answer(project: Path, call: Runner) -> None:
    (project / "r.json").write_text('{"checks": 7}', encoding="utf-8")
    code, _, err = call("import", "scorecard", "r.json", "-o", "new.yaml")
    assert code == 3
    assert 'r.json:1:2: "checks" should be a list' in err
    assert not (project / "new.yaml").exists()
