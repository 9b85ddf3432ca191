"""Branches that both recorded scores: whatever order a merge keeps their lines in, time decides."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW, assessment, item, rubric
from maturity_planner.config import Project
from maturity_planner.core.record import facts_of, follow
from maturity_planner.core.score import score_assessment
from maturity_planner.history import parse_history, read_history, record_score

NAMES = "abcd"
RUBRIC = rubric({"data": [item("a"), item("b")], "model": [item("c"), item("d")]}, overall="mean")
MODES = st.sampled_from(["none", "manual", "automated"])
CHANGES = st.lists(st.tuples(st.sampled_from(NAMES), MODES), max_size=4)
Answers = dict[str, str]
Steps = list[tuple[int, tuple[str, str]]]


def put(folder: Path, answers: Answers, minute: int) -> None:
    """Record the answers."""
    claimed = assessment(answers)
    now = NOW + datetime.timedelta(minutes=minute)
    record_score(Project(folder), RUBRIC, claimed, score_assessment(RUBRIC, claimed), now)


def branch(start: bytes, answers: Answers, steps: Steps) -> list[bytes]:
    """Return the lines that a branch adds to a history."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "history.jsonl"
        path.write_bytes(start)
        now = dict(answers)
        for minute, (changed, mode) in steps:
            now[changed] = mode
            put(Path(name), now, minute)
        return path.read_bytes()[len(start) :].splitlines(keepends=True)


def scored(answers: Answers) -> object:
    return score_assessment(RUBRIC, assessment(answers)).score


@settings(deadline=None)
@given(CHANGES, CHANGES, CHANGES, st.data())
def test_merged_branches_go_by_time(
    before: list[tuple[str, str]],
    one: list[tuple[str, str]],
    other: list[tuple[str, str]],
    data: st.DataObject,
) -> None:
    start = dict(before)
    base = b"".join(branch(b"", {}, [(0, ("a", "none")), *((1, step) for step in before)]))
    minutes = data.draw(st.permutations(range(10, 10 + len(one) + len(other))))
    times = sorted(minutes[: len(one)]), sorted(minutes[len(one) :])
    ones, others = (
        list(zip(when, steps, strict=True)) for when, steps in zip(times, (one, other), strict=True)
    )
    sides = [branch(base, start, steps) for steps in (ones, others)]
    added = [n for n, side in enumerate(sides) for _ in side]
    order = data.draw(st.permutations(added))
    left = [iter(side) for side in sides]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "history.jsonl"
        path.write_bytes(base + b"".join(next(left[n]) for n in order))
        history = read_history(path)
        lines = path.read_bytes().count(b"\n")
        assert len(history.records) == lines  # none is lost
        by_time = base.splitlines(keepends=True) + sorted(side for both in sides for side in both)
        assert history == parse_history(b"".join(by_time), "history.jsonl")
        # Each follows from the line before it on its branch, never from one of the other's.
        for record in history.records:
            assert record.facts is not None
            assert record.score == scored(dict(record.facts.modes))
            assert record.before or record is history.records[0]
        union = dict(start)
        for _, (changed, mode) in sorted(ones + others):
            union[changed] = mode
        assert history.facts == facts_of(RUBRIC, assessment(union)) or has_undone(one, other, start)
        # People resolve the assessment as they like; the next record explains all of that.
        now = dict(data.draw(CHANGES.map(dict)), **({} if data.draw(st.booleans()) else union))
        last, split = history.last, len(history.heads) > 1
        assert last is not None
        put(Path(name), now, 60)
        after = read_history(path)
        assert after.last is not None
        assert len(after.heads) == 1
        assert after.facts == facts_of(RUBRIC, assessment(now))
        assert after.last.score == scored(now)
        if after.last != last:
            assert after.last.before == last
            assert after.last.facts is not None
            assert last.facts is not None
            explained = follow(last.facts, after.last.answers)
            assert explained == after.last.facts.modes
            assert ("histories merged" in after.last.cause) == split
        put(Path(name), now, 61)
        assert read_history(path) == after  # and once is enough


def has_undone(one: list[tuple[str, str]], other: list[tuple[str, str]], start: Answers) -> bool:
    """Return whether a step of a branch said what was so there already: no change of its own."""
    for steps in (one, other):
        now = dict(start)
        for changed, mode in steps:
            if now.get(changed, "none") == mode:
                return True
            now[changed] = mode
    return False
