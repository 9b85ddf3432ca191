"""What is told of a history while scores are recorded in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from results import Runner, data_of

ITEM = "monitor-6-compute-performance"
OTHER = "data-1-feature-schema"


def at(call: Runner, monkeypatch: pytest.MonkeyPatch, hour: int, *edits: str) -> str:
    """Record the score at an hour, after the edits; return what was told."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1795132800 + hour * 3600))
    for edit in edits:
        assert call("assess", "--set", edit)[0] == 0
    code, _, err = call("score", "--record")
    assert code == 0
    return err


def test_merged_branches_tell_no_fall_that_never_happened(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, answers = project / "history.jsonl", project / "assessment.yaml"
    at(call, monkeypatch, 9)
    base, start = path.read_bytes(), answers.read_bytes()
    at(call, monkeypatch, 12, f"{ITEM}=automated")
    at(call, monkeypatch, 14, "monitor-1-dependency-notifications=manual")
    ours = path.read_bytes()[len(base) :]
    path.write_bytes(base)
    answers.write_bytes(start)
    at(call, monkeypatch, 13, "monitor-2-input-invariants=manual")
    theirs = path.read_bytes()[len(base) :]
    path.write_bytes(base + ours + theirs)
    records = data_of(call("history", "--json")[1], "history")["records"]
    assert [record["change"] for record in records] == [None, 0.5, 0.5, 0]
    call("assess", "--set", f"{ITEM}=automated")
    call("assess", "--set", "monitor-1-dependency-notifications=manual")
    out = call("score", "--compare", "history")[1]
    assert "Branches were merged there; compared with what all of their lines say." in out
    assert "No answer and no waiver has changed." in out
    assert "Monitoring            2    2       0" in out
    assert "Recorded." in at(call, monkeypatch, 15)
    last = data_of(call("history", "--json")[1], "history")["records"][-1]
    named = "monitor-2-input-invariants none -> manual"
    assert (last["cause"], last["change"]) == (f"histories merged: {named}", 0)


def test_a_clock_that_went_back_is_told(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(call, monkeypatch, 9999)
    err = at(call, monkeypatch, 9, f"{ITEM}=automated")
    assert "The last line of history.jsonl is of 2028-01-10T15:00:00Z, ahead of the clock's" in err
    assert "2026-11-20T09:00:00Z: the new one has that time, too." in err
    assert "Nothing has changed" in at(call, monkeypatch, 10)
    assert "not recorded yet" not in call("report")[1]


def test_lines_that_are_left_out_are_told_everywhere(project: Path, call: Runner) -> None:
    path = project / "history.jsonl"
    path.write_bytes(b"<<<<<<< HEAD\n\xff\x00\n=======\n")
    told = (
        "3 lines of history.jsonl are left out: `maturity-planner validate history.jsonl` says why."
    )
    assert told in call("report")[2]
    assert told in call("score", "--record")[2]
    assert told in call("score", "--compare", "history")[2]
    path.write_bytes(path.read_bytes().replace(b"\xff\x00\n", b""))
    code, out, _ = call("validate", "history.jsonl")
    assert code == 1
    assert out.count("this file has a merge conflict") == 2


def test_a_mark_of_the_byte_order_does_no_harm(project: Path, call: Runner) -> None:
    call("score", "--record")
    path = project / "history.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert call("validate", "history.jsonl")[:2] == (0, "history.jsonl: sound\n")
    code, _, err = call("score", "--record")
    assert (code, err.splitlines()[-1]) == (0, "Nothing has changed since the last record.")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 0), (("--json",), 0), (("--fail-under", "3"), 1)],
)
def test_a_score_is_recorded_though_nobody_reads_it(
    project: Path, arguments: tuple[str, ...], code: int
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "maturity_planner", "score", "--record", *arguments]
    done = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, text=True, cwd=project, check=False
    )
    os.close(writer)
    assert done.returncode == code
    assert "BrokenPipe" not in done.stderr
    text = (project / "history.jsonl").read_text(encoding="utf-8")
    assert json.loads(text)["cause"] == "first record"


def test_nothing_is_printed_where_nothing_can_be_recorded(project: Path, call: Runner) -> None:
    (project / "history.jsonl").mkdir()
    code, out, err = call("score", "--record")
    assert (code, out) == (3, "")
    assert "cannot be written" in err
