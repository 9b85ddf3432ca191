from __future__ import annotations

import datetime
import errno
import json
import os
import re
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from builders import NOW, assessment, item, rubric
from maturity_planner.config import Project
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.score import score_assessment
from maturity_planner.documents import MOST_BYTES
from maturity_planner.errors import ConfigError, UserError
from maturity_planner.history import (
    Outcome,
    line_of,
    read_history,
    record_score,
    see_writable,
)
from maturity_planner.output_shapes import schema_of
from maturity_planner.record_checking import recorded_faults

RUBRIC = rubric({"data": [item("a"), item("b")], "model": [item("c")]})
OLD = '{"when": "2026-10-01T09:30:00Z", "score": 0.5, "sections": {"s": 0.5}, "cause": "by hand"}'


def record(
    folder: Path, claimed: Assessment, model: Rubric = RUBRIC, accepted: str = "", by: str = ""
) -> bool:
    score = score_assessment(model, claimed)
    return record_score(
        Project(folder), model, claimed, score, NOW, accepted=accepted, by_accepted=set(by)
    ).is_new


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
        "after": [],
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
        file.write(OLD.replace("Z", "").replace("10-01", "12-01") + "\n")
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
    with pytest.raises(UserError, match="is a pipe"):
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
        score = score_assessment(model, claimed)
        return record_score(project, model, claimed, score, NOW).is_new

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


def at(folder: Path, answers: dict[str, str], hour: int, **more: Any) -> Outcome:
    claimed = assessment(answers, more.pop("waivers", {}))
    score = score_assessment(RUBRIC, claimed)
    now = NOW.replace(hour=hour, minute=0)
    return record_score(Project(folder), RUBRIC, claimed, score, now, **more)


def test_the_state_before_the_first_change_is_recorded_with_it(tmp_path: Path) -> None:
    old = assessment({"a": "manual", "b": "manual", "c": "manual"})
    before = (old, score_assessment(RUBRIC, old))
    new = {"a": "automated", "b": "manual", "c": "automated"}
    assert at(tmp_path, new, 9, accepted="t", by_accepted={"a", "c"}, before=before).is_new
    assert causes(tmp_path) == ["first record", "t"]
    assert [line["score"] for line in lines(tmp_path)] == [0.5, 1]
    assert lines(tmp_path)[1]["answers"] == {
        "a": ["manual", "automated"],
        "c": ["manual", "automated"],
    }
    told = read_history(tmp_path / "history.jsonl").records
    assert [record.score for record in told] == [Fraction(1, 2), 1]
    at(tmp_path, new | {"b": "none"}, 10, accepted="t", before=before)
    assert len(lines(tmp_path)) == 3


def merged(folder: Path, *, with_links: bool = True) -> list[str]:
    """Two branches: one with lines of 12 and 14 o'clock, the other with one of 13."""
    path = folder / "history.jsonl"
    at(folder, {"c": "automated"}, 9)
    base = path.read_text(encoding="utf-8")
    at(folder, {"c": "automated", "a": "manual"}, 12)
    at(folder, {"c": "automated", "a": "automated"}, 14, waivers=WAIVED)
    ours = path.read_text(encoding="utf-8")[len(base) :]
    path.write_text(base, encoding="utf-8")
    at(folder, {"c": "automated", "b": "manual"}, 13)
    text = ours.join([base, path.read_text(encoding="utf-8")[len(base) :]])
    if not with_links:
        text = re.sub(r', "after": \[[^]]*\]', "", text)
    path.write_text(text, encoding="utf-8")
    return [json.loads(line)["when"][11:13] for line in text.splitlines()]


WAIVED = {"c": {"reason": "r", "owner": "o", "until": "2027-03-31"}}


def test_two_branches_that_were_merged(tmp_path: Path) -> None:
    assert merged(tmp_path) == ["09", "12", "14", "13"]
    history = read_history(tmp_path / "history.jsonl")
    assert [r.when.hour for r in history.records] == [9, 12, 13, 14]
    assert [r.before and r.before.when.hour for r in history.records] == [None, 9, 9, 12]
    assert [r.when.hour for r in history.trunk] == [9, 12, 14]
    assert [r.cause.partition(";")[0] for r in history.records] == [
        "first record",
        "assessment edited: a none -> manual",
        "histories merged",
        "histories merged",
    ]
    assert history.records[2].cause == (
        "histories merged; on one of them: assessment edited: b none -> manual"
    )
    assert history.facts is not None
    assert history.facts.modes == {"a": "automated", "b": "manual", "c": "automated"}
    assert history.facts.waivers == {"c": datetime.date(2027, 3, 31)}
    now = {"a": "automated", "b": "automated", "c": "automated"}
    assert at(tmp_path, now, 15, waivers=WAIVED).is_new
    assert causes(tmp_path)[-1] == "histories merged; assessment edited: b manual -> automated"
    assert lines(tmp_path)[-1]["answers"] == {"b": ["none", "automated"]}


def test_the_first_record_after_a_merge_names_what_the_other_branch_brought(
    tmp_path: Path,
) -> None:
    merged(tmp_path)
    now = {"a": "automated", "b": "manual", "c": "automated"}
    assert at(tmp_path, now, 15).is_new
    assert causes(tmp_path)[-1] == "histories merged: b none -> manual; waiver withdrawn: c"
    assert not at(tmp_path, now, 16).is_new
    merged_line = read_history(tmp_path / "history.jsonl").last
    assert merged_line is not None
    assert [parent.when.hour for parent in merged_line.parents] == [14, 13]


def test_a_merge_that_keeps_one_side_is_recorded_once(tmp_path: Path) -> None:
    merged(tmp_path)
    now = {"a": "automated", "c": "automated"}
    assert at(tmp_path, now, 15, waivers=WAIVED).is_new
    assert causes(tmp_path)[-1] == "histories merged; assessment edited: b manual -> none"
    assert not at(tmp_path, now, 16, waivers=WAIVED).is_new


def test_branches_of_lines_that_name_none_before_them(tmp_path: Path) -> None:
    merged(tmp_path, with_links=False)
    history = read_history(tmp_path / "history.jsonl")
    assert [r.when.hour for r in history.records] == [9, 12, 13, 14]
    # Nobody knows what they follow from: no movement is told of them.
    assert [r.before and r.before.when.hour for r in history.records] == [None, 9, None, None]
    assert all("histories merged; " in record.cause for record in history.records[2:])
    assert history.facts is not None
    assert history.facts.modes == {"a": "automated", "b": "manual", "c": "automated"}
    now = {"a": "automated", "b": "manual", "c": "automated"}
    assert at(tmp_path, now, 15, waivers=WAIVED).is_new
    assert causes(tmp_path)[-1] == "histories merged"
    assert not at(tmp_path, now, 16, waivers=WAIVED).is_new


def test_a_line_that_does_not_start_from_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    at(tmp_path, {"a": "manual"}, 9)
    at(tmp_path, {"a": "automated"}, 10)
    kept = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(kept[1], encoding="utf-8")  # what it names is in another file now
    assert [r.cause for r in read_history(path).records] == [
        "assessment edited: a manual -> automated"
    ]
    other = re.sub('"after": .*]', '"after": ["0"]', kept[1]).replace("T10", "T11")
    path.write_text("".join([*kept, other]), encoding="utf-8")
    last = read_history(path).last
    assert last is not None
    assert (last.before, last.cause[:17]) == (None, "histories merged;")


def test_two_histories_that_began_apart(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    at(tmp_path, {"a": "manual"}, 10)
    one = path.read_bytes()
    path.unlink()
    at(tmp_path, {"b": "manual"}, 9)
    path.write_bytes(one + path.read_bytes())
    history = read_history(path)
    assert history.facts is not None
    assert history.facts.modes == {"a": "manual", "b": "manual"}
    assert [r.cause for r in history.records] == [
        "first record",
        "histories merged; on one of them: first record",
    ]


def test_a_line_from_the_future_stays_before_those_made_after_it(tmp_path: Path) -> None:
    at(tmp_path, {"a": "manual"}, 15)
    told = at(tmp_path, {"a": "automated"}, 9)
    assert (told.is_new, told.after) == (True, NOW.replace(hour=15, minute=0))
    assert [line["when"][11:13] for line in lines(tmp_path)] == ["15", "15"]
    assert at(tmp_path, {"a": "automated"}, 10) == Outcome(is_new=False)
    assert causes(tmp_path)[-1] == "assessment edited: a manual -> automated"


def test_marks_of_bytes_and_of_merges(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    at(tmp_path, {"a": "manual"}, 9)
    whole = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + whole)
    at(tmp_path, {"a": "automated"}, 10)
    assert [r.when.hour for r in read_history(path).records] == [9, 10]
    assert read_history(path).left_out == ()
    marks = ["<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> branch"]
    path.write_text("\n".join([*marks, ""]), encoding="utf-8")
    assert {fault.message for fault in read_history(path).left_out} == {
        "this file has a merge conflict"
    }


def test_whether_a_score_can_be_recorded_is_known_before(tmp_path: Path) -> None:
    see_writable(Project(tmp_path))
    (tmp_path / "history.jsonl").unlink(missing_ok=True)
    (tmp_path / "history.jsonl").mkdir()
    with pytest.raises(UserError, match="cannot be written: Is a directory"):
        see_writable(Project(tmp_path))
