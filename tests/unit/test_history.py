from __future__ import annotations

import datetime
import errno
import json
import os
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from builders import NOW, assessment, item, rubric
from maturity_planner.checking import recorded_faults
from maturity_planner.config import Project
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.score import score_assessment
from maturity_planner.documents import MOST_BYTES
from maturity_planner.errors import ConfigError, UserError
from maturity_planner.history import line_of, read_history, record_score
from maturity_planner.output_shapes import schema_of

RUBRIC = rubric({"data": [item("a"), item("b")], "model": [item("c")]})
OLD = '{"when": "2026-10-01T09:30:00Z", "score": 0.5, "sections": {"s": 0.5}, "cause": "by hand"}'


def record(
    folder: Path, claimed: Assessment, model: Rubric = RUBRIC, accepted: str = "", by: str = ""
) -> bool:
    score = score_assessment(model, claimed)
    return record_score(
        Project(folder), model, claimed, score, NOW, accepted=accepted, by_accepted=set(by)
    )


def lines(folder: Path) -> list[Any]:
    text = (folder / "history.jsonl").read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def causes(folder: Path) -> list[str]:
    return [line["cause"] for line in lines(folder)]


def test_a_line_says_when_what_and_why(tmp_path: Path) -> None:
    waivers = {"b": {"reason": "r", "owner": "o", "until": "2027-03-31"}}
    assert record(tmp_path, assessment({"a": "manual", "c": "automated"}, waivers), accepted="é")
    (line,) = lines(tmp_path)
    jsonschema.validate(line, schema_of("history"))
    assert len(line["rubric"].pop("digest")) == 12
    assert line == {
        "when": "2026-11-20T09:30:00Z",
        "score": 0.5,
        "sections": {"data": 0.5, "model": 1},
        "cause": "é; first record",
        "system": "tiny-system",
        "rubric": {"id": "tiny", "version": "1"},
        "answers": {"a": [None, "manual"], "c": [None, "automated"]},
        "waivers": {"b": "2027-03-31"},
    }


def test_the_same_again_is_not_recorded_and_a_return_is(tmp_path: Path) -> None:
    asked = ["manual", "manual", "automated", "manual"]
    recorded = [record(tmp_path, assessment({"a": mode})) for mode in asked]
    assert recorded == [True, False, True, True]
    assert record(tmp_path, assessment({"a": "manual"}), accepted="tickets accepted: x")
    assert causes(tmp_path) == [
        "first record",
        "assessment edited: a manual -> automated",
        "assessment edited: a automated -> manual",
        "tickets accepted: x",
    ]


def test_what_changed_without_moving_the_score_is_recorded_too(tmp_path: Path) -> None:
    assert record(tmp_path, assessment({"a": "manual"}))
    assert record(tmp_path, assessment({"b": "manual"}))
    assert lines(tmp_path)[-1]["answers"] == {"a": ["manual", "none"], "b": ["none", "manual"]}
    # Nobody has answered, or somebody has said "none": the same to the score.
    assert not record(tmp_path, assessment({"a": "none", "b": "manual"}))


def test_accepted_tickets_explain_their_own_answers_only(tmp_path: Path) -> None:
    record(tmp_path, assessment())
    record(tmp_path, assessment({"a": "manual", "b": "manual"}), accepted="tickets", by="a")
    assert causes(tmp_path)[-1] == "tickets; assessment edited: b none -> manual"


def test_every_way_a_waiver_moves_the_score(tmp_path: Path) -> None:
    def waived(until: str, on: str = "2026-11-20") -> Assessment:
        given = {"a": {"reason": "r", "owner": "o", "until": until}}
        return assessment({}, given, today=datetime.date.fromisoformat(on))

    for claimed in (
        assessment(),
        waived("2026-12-01"),
        waived("2026-12-24"),
        waived("2026-12-24", on="2026-12-25"),
        waived("2026-12-31"),
        assessment(),
    ):
        record(tmp_path, claimed)
    assert causes(tmp_path)[1:] == [
        "waiver given: a until 2026-12-01",
        "waiver changed: a until 2026-12-24",
        "waiver expired: a on 2026-12-24",
        "waiver given: a until 2026-12-31",
        "waiver withdrawn: a",
    ]


def test_a_rubric_that_changed(tmp_path: Path) -> None:
    answers = {"a": "manual", "c": "manual"}
    record(tmp_path, assessment(answers))
    heavier = rubric({"data": [item("a", weight=2), item("b")], "model": [item("c")]})
    record(tmp_path, assessment(answers), heavier)
    smaller = rubric({"data": [item("a", weight=2), item("b")]})
    record(tmp_path, assessment(answers), smaller)
    assert causes(tmp_path)[1:] == [
        "rubric changed: tiny 1 edited",
        "rubric changed: tiny 1 edited; assessment edited: c manual -> gone",
    ]
    assert lines(tmp_path)[-1]["answers"] == {"c": ["manual", None]}
    retitled = rubric({"data": [item("a", weight=2, title="Other"), item("b")]})
    assert not record(tmp_path, assessment(answers), retitled)


def test_another_system_and_many_answers(tmp_path: Path) -> None:
    many = rubric({"s": [item(name) for name in "abcdef"]})
    record(tmp_path, assessment(), many)
    from dataclasses import replace

    record(tmp_path, replace(assessment(dict.fromkeys("abcde", "manual")), system="b"), many)
    assert causes(tmp_path)[-1] == (
        "another system: tiny-system -> b; assessment edited: a none -> manual, b none -> manual, "
        "c none -> manual and 2 more"
    )


def test_lines_of_earlier_versions_are_read_and_followed(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").write_text(OLD + "\n", encoding="utf-8")
    history = read_history(tmp_path / "history.jsonl")
    assert history.last is not None
    assert (history.last.score, history.last.facts, history.facts) == (Fraction(1, 2), None, None)
    assert line_of(history.last) == json.loads(OLD)
    assert record(tmp_path, assessment({"a": "manual"}))
    assert causes(tmp_path) == ["by hand", "first record of the answers"]
    assert not record(tmp_path, assessment({"a": "manual"}))
    # An earlier version may write once more; what later lines said of the answers still holds.
    with (tmp_path / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write(OLD.replace("Z", "") + "\n")
    assert record(tmp_path, assessment({"a": "manual"}))
    assert lines(tmp_path)[-1]["answers"] == {}
    assert causes(tmp_path)[-1] == "computed anew"
    assert len(read_history(tmp_path / "history.jsonl").records) == 4


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
    assert record(tmp_path, assessment())
    after = path.read_bytes()
    assert after.startswith(before)
    assert json.loads(after.splitlines()[-1])["cause"] == "first record"
    assert not record(tmp_path, assessment())
    history = read_history(path)
    assert len(history.records) == 1
    assert [(fault.file, fault.line) for fault in history.left_out] == (
        [(str(path), 1)] if before.strip() else []
    )


def test_what_a_torn_line_lost_is_in_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    record(tmp_path, assessment({"a": "manual"}))
    record(tmp_path, assessment({"a": "manual", "b": "manual"}))
    path.write_bytes(path.read_bytes()[:-30])
    record(tmp_path, assessment({"a": "manual", "b": "manual", "c": "manual"}))
    history = read_history(path)
    assert history.facts is not None
    assert history.facts.modes == dict.fromkeys("abc", "manual")
    assert len(history.left_out) == 1


def test_writers_at_once_do_not_mix_their_lines(tmp_path: Path) -> None:
    threads = [
        threading.Thread(
            target=record, args=(tmp_path, assessment(), RUBRIC, f"writer {n}"), daemon=True
        )
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    found = sorted(cause.removesuffix("; first record") for cause in causes(tmp_path))
    assert found == sorted(f"writer {n}" for n in range(20))
    assert sum(cause.endswith("first record") for cause in causes(tmp_path)) == 1


def test_of_writers_with_the_same_score_one_records_it(tmp_path: Path) -> None:
    threads = [threading.Thread(target=record, args=(tmp_path, assessment())) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(lines(tmp_path)) == 1


def test_a_disk_that_is_full_leaves_no_half_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, assessment())
    before = (tmp_path / "history.jsonl").read_bytes()
    write = os.write
    room = [20]

    def full(descriptor: int, data: bytes) -> int:
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data[: room.pop()])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(UserError, match="No space left on device"):
        record(tmp_path, assessment({"a": "manual"}))
    assert (tmp_path / "history.jsonl").read_bytes() == before


def test_half_a_character_from_a_tracker(tmp_path: Path) -> None:
    assert record(tmp_path, assessment(), accepted="x\ud800\n\u2028\r")
    last = read_history(tmp_path / "history.jsonl").last
    assert last is not None
    assert last.cause == "x\ud800\n\u2028\r; first record"


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    outside = tmp_path / "outside"
    outside.write_text("kept", encoding="utf-8")
    (root / "history.jsonl").symlink_to(outside)
    with pytest.raises(ConfigError, match=r"the history .* leads outside"):
        record(root, assessment())
    assert outside.read_text(encoding="utf-8") == "kept"


def test_a_link_inside_the_project_stays_one(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").symlink_to("other.jsonl")
    assert record(tmp_path, assessment())
    assert (tmp_path / "history.jsonl").is_symlink()
    assert (tmp_path / "other.jsonl").exists()


def test_a_link_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").symlink_to("history.jsonl")
    with pytest.raises(UserError, match="Too many levels"):
        record(tmp_path, assessment())
    with pytest.raises(UserError, match="Too many levels"):
        read_history(tmp_path / "history.jsonl")


def test_a_history_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").mkdir()
    with pytest.raises(UserError, match="cannot be written: Is a directory"):
        record(tmp_path, assessment())
    with pytest.raises(UserError, match="is no file"):
        read_history(tmp_path / "history.jsonl")


def test_a_history_that_is_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "history.jsonl")
    with pytest.raises(UserError, match="is no file"):
        record(tmp_path, assessment())
    with pytest.raises(UserError, match="is no file"):
        read_history(tmp_path / "history.jsonl")


def test_a_history_that_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "history.jsonl").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UserError, match="larger than 20 MB"):
        record(tmp_path, assessment())


def test_no_history_is_an_empty_one(tmp_path: Path) -> None:
    history = read_history(tmp_path / "history.jsonl")
    assert (history.records, history.last, history.facts) == ((), None, None)


def test_rubrics_beside_each_other_have_each_their_own_past(tmp_path: Path) -> None:
    project = Project(tmp_path)

    def other(name: str) -> Rubric:
        return replace(RUBRIC, id=name)

    def put(name: str, mode: str, *beside: str) -> bool:
        model = other(name)
        claimed = replace(assessment({"a": mode}), beside=beside)
        return record_score(project, model, claimed, score_assessment(model, claimed), NOW)

    assert put("one", "manual", "two")
    assert put("two", "automated", "one")
    assert not put("one", "manual", "two")
    assert put("one", "automated", "two")
    assert put("one", "none")  # the other one is not named any more
    history = read_history(project.history)
    assert [r.cause for r in history.records] == [
        "first record",
        "first record",
        "assessment edited: a manual -> automated",
        "assessment edited: a automated -> none",
    ]
    assert [r and r.facts and r.facts.rubric.id for r in history.earlier()] == [
        None,
        None,
        "one",
        "one",
    ]
    assert [dict(r.facts.modes) for r in history.records if r.facts] == [
        {"a": "manual"},
        {"a": "automated"},
        {"a": "automated"},
        {},
    ]
    assert put("three", "manual", "one")  # takes the place of another one
    last = read_history(project.history).records[-1]
    assert last.cause.startswith("rubric changed: two 1 -> three 1")


def test_what_stands_beside_has_to_be_texts() -> None:
    line = {"when": "2026-11-20T00:00:00Z", "score": 1, "sections": {}, "cause": "c", "beside": 7}
    (fault,) = recorded_faults(line)
    assert fault.message == '"beside" should be a list of texts, not the number 7'
