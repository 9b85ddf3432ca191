"""Whatever was recorded and wherever a crash cut it short, what is whole reads back as written."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW, assessment, item, rubric
from maturity_planner.config import Project
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.record import Record, as_recorded, facts_of
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.score import score_assessment
from maturity_planner.history import parse_history, read_history, record_score

RUBRICS = [
    rubric({"data": [item("a"), item("b")], "model": [item("c")]}, overall="mean"),
    rubric({"data": [item("a", weight=3), item("d")], "serve": [item("c")], "x": [item("e")]}),
]
MODES = st.sampled_from([None, "none", "manual", "automated"])
WAIVED = {"reason": "r", "owner": "o", "until": "2026-11-22"}


@st.composite
def steps(draw: st.DrawFn) -> tuple[Rubric, Assessment, datetime.datetime, str]:
    """A rubric, an assessment of it, a time, and a cause of any characters."""
    model = draw(st.sampled_from(RUBRICS))
    names = list(map(str, model.items))
    answers = {name: draw(MODES) for name in names}
    waivers = dict.fromkeys(draw(st.sets(st.sampled_from(names))), WAIVED)
    now = NOW + datetime.timedelta(days=draw(st.integers(0, 4)))
    accepted = draw(st.one_of(st.just(""), st.text()))
    return model, assessment(answers, waivers, today=now.date()), now, accepted


def put(project: Project, step: tuple[Rubric, Assessment, datetime.datetime, str]) -> bool:
    """Record a step."""
    model, claimed, now, accepted = step
    score = score_assessment(model, claimed)
    return record_score(project, model, claimed, score, now, accepted=accepted).is_new


@settings(deadline=None)
@given(st.lists(st.tuples(steps(), st.one_of(st.none(), st.integers(1, 400))), max_size=8))
def test_records_and_torn_ends_read_back(
    played: list[tuple[tuple[Rubric, Assessment, datetime.datetime, str], int | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        kept: list[Record] = []
        for step, cut in played:
            before = project.history.read_bytes() if project.history.exists() else b""
            is_new = put(project, step)
            raw = project.history.read_bytes()
            assert raw.startswith(before)  # nothing that was there is touched
            assert is_new == (raw != before)
            history = read_history(project.history)
            model, claimed, now, accepted = step
            assert history.facts == facts_of(model, claimed)
            last = history.last
            assert last is not None
            assert last.score == as_recorded(score_assessment(model, claimed).score)
            if is_new:
                latest = max([now, *(one.when for one in kept)])  # no clock goes back
                assert (last.when, last.cause[: len(accepted)]) == (latest, accepted)
                kept.append(last)
            assert list(history.records) == kept
            assert not put(project, (model, claimed, now, ""))
            if is_new and cut is not None:  # a crash while the line was written
                torn = raw[: max(len(before), len(raw) - cut)]
                project.history.write_bytes(torn)
                if cut > 1:  # with all but the end of the line, it is whole
                    kept.pop()
                assert list(read_history(project.history).records) == kept


@given(st.binary(max_size=200))
def test_any_bytes_are_read(raw: bytes) -> None:
    history = parse_history(raw, "history.jsonl")
    assert len(history.records) + len(history.left_out) <= raw.count(b"\n") + 1
