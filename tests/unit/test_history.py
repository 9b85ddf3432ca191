from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from builders import NOW, assessment, item, rubric
from maturity_planner.config import Project
from maturity_planner.core.score import Score, score_assessment
from maturity_planner.errors import ConfigError, UserError
from maturity_planner.history import record_score

RUBRIC = rubric({"data": [item("a"), item("b")], "model": [item("c")]})


def score(**answers: str) -> Score:
    return score_assessment(RUBRIC, assessment(answers))


def lines(folder: Path) -> list[Any]:
    text = (folder / "history.jsonl").read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_a_line_says_when_what_and_why(tmp_path: Path) -> None:
    assert record_score(Project(tmp_path), score(a="manual", c="automated"), "tickets: é", NOW)
    assert lines(tmp_path) == [
        {
            "when": "2026-11-20T09:30:00Z",
            "score": 0.5,
            "sections": {"data": 0.5, "model": 1},
            "cause": "tickets: é",
        }
    ]


def test_the_same_again_is_not_recorded_and_a_return_is(tmp_path: Path) -> None:
    project = Project(tmp_path)
    asked = [score(a="manual"), score(a="manual"), score(a="automated"), score(a="manual")]
    assert [record_score(project, one, "x", NOW) for one in asked] == [True, False, True, True]
    assert record_score(project, score(a="manual"), "another cause", NOW)
    assert len(lines(tmp_path)) == 4


@pytest.mark.parametrize(
    "before",
    [
        b'{"when": "2026-11-1',
        b"",
        b"\n\n",
        b"not json\n",
        b"3\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b'{"score": 1}',
    ],
)
def test_what_is_no_line_of_ours_is_kept_and_swallows_nothing(
    tmp_path: Path, before: bytes
) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(before)
    assert record_score(Project(tmp_path), score(), "x", NOW)
    after = path.read_bytes()
    assert after.startswith(before)
    assert json.loads(after.splitlines()[-1])["cause"] == "x"
    assert not record_score(Project(tmp_path), score(), "x", NOW)


def test_writers_at_once_do_not_mix_their_lines(tmp_path: Path) -> None:
    project = Project(tmp_path)
    one = score(a="manual")
    threads = [
        threading.Thread(target=record_score, args=(project, one, f"writer {n}", NOW))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    causes = sorted(line["cause"] for line in lines(tmp_path))
    assert causes == sorted(f"writer {n}" for n in range(20))


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    outside = tmp_path / "outside"
    outside.write_text("kept", encoding="utf-8")
    (root / "history.jsonl").symlink_to(outside)
    with pytest.raises(ConfigError, match=r"the history .* leads outside"):
        record_score(Project(root), score(), "x", NOW)
    assert outside.read_text(encoding="utf-8") == "kept"


def test_a_history_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").mkdir()
    with pytest.raises(UserError, match="cannot be written: Is a directory"):
        record_score(Project(tmp_path), score(), "x", NOW)
