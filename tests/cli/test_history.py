"""`history`, and `score --compare`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from results import Runner, data_of

ITEM = "monitor-6-compute-performance"
OLD = '{"when": "2026-10-01T09:30:00Z", "score": 2, "sections": {"gone": 1}, "cause": "by hand"}\n'


def record(call: Runner, monkeypatch: pytest.MonkeyPatch, day: int, *edits: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1795166400 + day * 86400))
    for edit in edits:
        assert call("assess", "--set", edit)[0] == 0
    assert call("score", "--record")[0] == 0


def test_an_empty_history(project: Path, call: Runner) -> None:
    code, out, err = call("history")
    assert (code, out) == (0, "No score has been recorded yet.\n")
    assert "Next: maturity-planner score --record" in err
    assert data_of(call("history", "--json")[1], "history") == {"records": [], "left_out": []}


def test_a_history_says_when_how_far_and_why(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(call, monkeypatch, 0)
    record(call, monkeypatch, 7, f"{ITEM}=automated")
    edits = ["monitor-1-dependency-notifications=manual", "monitor-2-input-invariants=manual"]
    record(call, monkeypatch, 14, f"{ITEM}=none", *edits)
    code, out, _ = call("history")
    assert code == 0
    assert out.splitlines() == [
        "Score 0.5 -> 1  ▁██",
        "",
        "  When              Score  Change  Cause",
        "  2026-11-20 09:20    0.5          first record",
        f"  2026-11-27 09:20      1    +0.5  assessment edited: {ITEM} manual ->",
        "                                   automated",
        "  2026-12-04 09:20      1       0  assessment edited: monitor-1-dependency-notifications"
        " none ->",
        "                                   manual, monitor-2-input-invariants none -> manual,",
        f"                                   {ITEM} automated -> none",
    ]
    data = data_of(call("history", "--json")[1], "history")
    assert [line["change"] for line in data["records"]] == [None, 0.5, 0]
    assert data["records"][1]["answers"] == [{"item": ITEM, "from": "manual", "to": "automated"}]
    assert ITEM not in data["records"][2]["facts"]["modes"]


def test_lines_that_cannot_be_read_are_told(project: Path, call: Runner) -> None:
    torn = OLD + OLD.replace("2,", "0.5,") + '{"when": "2026-1'
    (project / "history.jsonl").write_text(torn, encoding="utf-8")
    code, out, err = call("history")
    assert code == 0
    assert "  2026-10-01 09:30    0.5    -1.5  by hand" in out
    assert "Left out: " in err
    assert "history.jsonl:3:1: this line is not JSON" in err
    data = data_of(call("history", "--json")[1], "history")
    assert data["left_out"] == [{"line": 3, "message": "this line is not JSON"}]
    assert [line["facts"] for line in data["records"]] == [None, None]


def test_hostile_causes_reach_no_terminal(project: Path, call: Runner) -> None:
    line = {**json.loads(OLD), "cause": "\x1b[31mred\u202e"}
    empty = {**json.loads(OLD), "cause": ""}
    text = json.dumps(line) + "\n" + json.dumps(empty) + "\n"
    (project / "history.jsonl").write_text(text, encoding="utf-8")
    out = call("history")[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_history_that_cannot_be_read(project: Path, call: Runner) -> None:
    (project / "history.jsonl").mkdir()
    code, _, err = call("history")
    assert (code, "is no file" in err) == (3, True)


def test_compared_with_the_last_record(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(call, monkeypatch, 0)
    assert "No answer and no waiver has changed." in call("score", "--compare", "history")[1]
    call("assess", "--set", f"{ITEM}=automated")
    code, out, _ = call("score", "--compare", "history")
    assert code == 0
    assert "Compared with history.jsonl of 2026-11-20T09:20:00Z: 0.5 -> 1 (+0.5)" in out
    assert "  Monitoring          0.5    1    +0.5" in out
    assert f"  {ITEM}  manual -> automated    +0.5" in out
    data = data_of(call("score", "--json", "--compare", "history")[1], "score")["compared"]
    assert (data["with"], data["when"]) == ("history.jsonl", "2026-11-20T09:20:00Z")
    assert (data["score"], data["change"], data["other_rubric"]) == (0.5, 0.5, False)
    assert data["items"] == [
        {
            "id": ITEM,
            "section": "monitor",
            "before": "manual",
            "now": "automated",
            "points": 0.5,
            "waiver": None,
        }
    ]
    assert "compared" not in data_of(call("score", "--json")[1], "score")
    # Compared with what was there before this run records; the check is about today's score.
    options = ["--compare", "history", "--record", "--fail-under", "2"]
    code, out, err = call("score", *options)
    assert (code, "(+0.5)" in out, "Recorded." in err) == (1, True, True)


def test_compared_with_another_assessment_as_of_its_day(project: Path, call: Runner) -> None:
    path = project / "assessment.yaml"
    text = path.read_text(encoding="utf-8")
    waived = f"  {ITEM}: {{reason: r, owner: o, until: 2026-06-30}}\n"
    old = text.replace("date: 2026-11-20", "date: 2026-06-01")
    assert old != text
    old = old.replace("waivers:\n", "waivers:\n" + waived, 1)
    old = old if waived in old else f"{old}\nwaivers:\n{waived}"
    (project / "old.yaml").write_text(old, encoding="utf-8")
    code, out, _ = call("score", "--compare", "old.yaml")
    assert code == 0
    assert "Compared with old.yaml of 2026-06-01: 0 -> 0.5 (+0.5)" in out
    assert "waiver ended" in out
    shutil.copy(path, project / "same.yaml")
    data = data_of(call("score", "--json", "--compare", "same.yaml")[1], "score")["compared"]
    assert (data["with"], data["when"], data["change"]) == ("same.yaml", "2026-11-20", 0)
    undated = text.replace("date: 2026-11-20\n", "").replace("fraud-scoring", "other")
    (project / "undated.yaml").write_text(undated, encoding="utf-8")
    assert "Compared with undated.yaml: 0.5" in call("score", "--compare", "undated.yaml")[1]


def test_compared_with_another_rubric_and_an_earlier_version(project: Path, call: Runner) -> None:
    text = "\n".join(
        [
            "schema: maturity-planner/assessment/v1",
            "system: s",
            "rubric: azure-mlops",
            "answers: {}",
        ]
    )
    (project / "azure.yaml").write_text(text, encoding="utf-8")
    code, out, err = call("score", "--compare", "azure.yaml")
    assert (code, out) == (3, "")
    assert 'azure.yaml is of the rubric "azure-mlops", this score of "ml-test-score"' in err
    call("score", "--record")
    kept = (project / "history.jsonl").read_text(encoding="utf-8")
    (project / "edited.jsonl").write_text(kept.replace('"digest": "', '"digest": "0'), "utf-8")
    out = call("score", "--compare", "edited.jsonl")[1]
    assert "The rubric has changed since; points below are those of today's." in out
    (project / "other.jsonl").write_text(kept.replace("fraud-scoring", "churn"), "utf-8")
    assert "That is another system: churn." in call("score", "--compare", "other.jsonl")[1]
    (project / "azure.jsonl").write_text(kept.replace('"ml-test-score"', '"azure-mlops"'), "utf-8")
    code, out, err = call("score", "--compare", "azure.jsonl")
    assert (code, out) == (3, "")
    assert "--rubric azure-mlops" in err
    assert call("score", "--compare", "")[0] == 2
    (project / "kept.jsonl").write_text(OLD, encoding="utf-8")
    out = call("score", "--compare", "kept.jsonl")[1]
    assert "  gone                  1    -       ?" in out
    assert "That record holds no answers: an earlier version wrote it." in out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("history", "no score is recorded in history.jsonl"),
        ("torn.jsonl", "no score is recorded in torn.jsonl"),
        ("none.yaml", "none.yaml does not exist\n  Check the name.\n"),
        ("none.jsonl", "none.jsonl does not exist\n  Check the name.\n"),
        ("maturity.toml", "maturity.toml has"),
    ],
)
def test_nothing_to_compare_with(project: Path, call: Runner, name: str, message: str) -> None:
    (project / "torn.jsonl").write_text('{"when": "2026-1', encoding="utf-8")
    code, out, err = call("score", "--compare", name)
    assert (code, out) == (3, "")
    assert message in err
