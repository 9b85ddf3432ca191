"""Imports of any bytes, and suggestions from any answers: a result or faults, never more."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import json
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from maturity_planner.assessing import Edit, edited_text
from maturity_planner.core.assessment import Assessment, build_assessment
from maturity_planner.core.rubric import Item
from maturity_planner.core.score import score_assessment
from maturity_planner.core.suggesting import answered_modes, suggest
from maturity_planner.documents import parse_yaml
from maturity_planner.errors import UserError
from maturity_planner.exports.project_sheet import harmless
from maturity_planner.files import load_rubric
from maturity_planner.importers.claims import find_changes
from maturity_planner.importers.scorecard import claim_checks, load_result
from maturity_planner.importers.sheet import import_sheet
from maturity_planner.importers.table import SEPARATORS
from maturity_planner.resources import bundled_rubrics
from maturity_planner.starter import assessment_text

RUBRICS = [load_rubric(path) for path in bundled_rubrics().values()]
SCORECARD = next(rubric for rubric in RUBRICS if rubric.id == "openssf-scorecard")
ITEMS = [item for rubric in RUBRICS for item in rubric.items.values()]
TODAY = datetime.date(2026, 11, 20)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=20
)
NOTES = TEXTS.map(str.strip).filter(lambda text: not text.startswith("'"))


def put(content: bytes, read: object) -> None:
    """Write a file and read it: what comes back is a value or faults with the file's name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        with contextlib.suppress(UserError):
            assert callable(read)
            read(path)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-16"))))
@example(b'item,mode\r\n"a')
@example(b"\xff\xfe")
def test_any_bytes_are_a_table_or_faults(content: bytes) -> None:
    put(content, lambda path: import_sheet(path, RUBRICS))


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["item", "mode", "", "date", '"', "\n", "a", "'=", "none", ","])),
        max_size=8,
    ),
    st.sampled_from(SEPARATORS),
)
def test_any_table_is_read_or_has_faults(rows: list[list[str]], separator: str) -> None:
    text = "\r\n".join(separator.join(row) for row in rows)
    put(text.encode(), lambda path: import_sheet(path, RUBRICS))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["checks", "name", "score", "reason", "repo", "date", "scorecard"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_any_json_is_a_result_or_faults(data: object) -> None:
    put(json.dumps(data).encode(), lambda path: claim_checks(load_result(path), SCORECARD))


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_a_result_or_faults(content: bytes) -> None:
    put(content, lambda path: claim_checks(load_result(path), SCORECARD))


@st.composite
def rows(draw: st.DrawFn) -> list[tuple[Item, str, str, str]]:
    """Items of all rubrics with a mode, evidence and a note."""
    items = draw(st.lists(st.sampled_from(ITEMS), unique_by=lambda item: item.id, max_size=4))
    return [
        (item, draw(st.sampled_from(["none", *item.modes])), draw(NOTES), draw(NOTES))
        for item in items
    ]


@settings(deadline=None, max_examples=40)
@given(rows(), st.sampled_from(SEPARATORS), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_was_imported_imports_as_no_change(
    given_rows: list[tuple[Item, str, str, str]], separator: str, ends: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=ends)
    writer.writerow(["Note", "Item", "Mode", "Evidence"])
    for item, mode, evidence, note in given_rows:
        writer.writerow([harmless(cell) for cell in (note, item.id, mode, evidence)])
    start = assessment_text({rubric.id: rubric for rubric in RUBRICS}, "s", TODAY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_bytes(text.getvalue().encode())
        claims = import_sheet(path, RUBRICS).claims
    changes = find_changes(claims, {})
    assert [(c.item, c.mode, c.note) for c in changes] == [
        (item.id, mode, note) for item, mode, _, note in given_rows
    ]
    edits = [Edit(c.item, c.mode, add=c.added, note=c.note) for c in changes]
    after = edited_text(start, edits, TODAY)
    answers = build_assessment(parse_yaml(after).data, TODAY).answers
    assert find_changes(claims, answers) == ()


@given(st.dictionaries(st.sampled_from(sorted(SCORECARD.items)), st.integers(-1, 10)))
def test_the_score_is_never_above_that_of_the_checks(scores: dict[str, int]) -> None:
    checks = [{"name": name.removeprefix("ossf-"), "score": s} for name, s in scores.items()]
    found = []
    put(
        json.dumps({"checks": checks}).encode(),
        lambda path: found.append(claim_checks(load_result(path), SCORECARD)),
    )
    answers = {claim.item: claim.mode for claim in found[0].claims}
    document = {"system": "s", "rubric": SCORECARD.id, "answers": answers}
    ours = score_assessment(SCORECARD, build_assessment(document, TODAY)).score
    weights = {
        str(item.id): section.weight * item.weight
        for section in SCORECARD.sections
        for item in section.items
    }
    theirs = sum(weights[name] * max(0, score) for name, score in scores.items())
    assert ours * sum(weights.values()) <= theirs


@settings(deadline=None)
@given(st.data())
def test_suggestions_follow_from_answers_and_rise_above_them(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(RUBRICS), unique_by=lambda rubric: rubric.id))
    answers: dict[str, str | None] = {
        str(item.id): data.draw(st.sampled_from([None, "none", *item.modes]))
        for item in data.draw(st.lists(st.sampled_from(ITEMS), max_size=20))
        if any(item.id in rubric.items for rubric in chosen)
    }
    document = {"system": "s", "rubric": "r", "answers": answers}
    claimed: Assessment = build_assessment(document, TODAY)
    answered = answered_modes([claimed])
    before = dict(answered)
    for rubric in chosen:
        for item in rubric.items.values():
            found = suggest(chosen, item, answered)
            if found is None:
                continue
            assert item.rank(found.mode) > item.rank(claimed.mode(item))
            for reason in found.because:
                assert reason.rubric.id != rubric.id
                assert answers[reason.item.id] == reason.mode != "none"
    assert answered == before
