"""Edits keep everything else; what is written is read back."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import TODAY
from maturity_planner.assessing import Edit, edited_text
from maturity_planner.documents import dump_yaml, parse_yaml

# Half of a surrogate pair is no character of UTF-8, so no file can hold it.
CHARACTERS = st.characters(exclude_categories=["Cs"])
TRICKY = st.sampled_from(
    [
        *(
            "yes",
            "1",
            "",
            "~",
            "1e5",
            "<<",
            "=",
            "2026-01-01",
            "- a",
            "a: b",
            "# x",
            "!x",
            "&a",
            "*a",
        ),
        *("null", "0x1F", "012", "1_000", "12:30:30", "a\n\n b\n", " a", "a ", "\t", "\x85", "%a"),
    ]
)
TEXTS = st.text(CHARACTERS, max_size=40) | TRICKY
# A reader that is to be safe takes up to 40 digits, and exponents of up to nine.
NUMBERS = st.integers(-(10**39), 10**39) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**20), 10**20),
    st.integers(-(10**6), 10**5),
)
DATA = st.recursive(
    TEXTS | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(DATA)
def test_what_is_written_is_read_back(data: Any) -> None:
    assert parse_yaml(dump_yaml(data)).data == data
    assert parse_yaml(dump_yaml(data, in_one_line=True)).data == data


MODES = st.sampled_from(["none", "manual", "automated"])
ITEMS = [f"item-{n}" for n in range(5)]
# Evidence as a person may write it, quoted where it has to be.
EVIDENCE = st.text(CHARACTERS, min_size=1, max_size=12).map(lambda text: text.strip() or "x")
COMMENT = st.sampled_from(["", "  # said so", " # {x}: [y", "  # '"])


def quoted(text: str) -> str:
    """Return the text as JSON, which YAML takes too."""
    return json.dumps(text).replace("\x7f", "\\u007f")


@st.composite
def answers(draw: st.DrawFn, name: str) -> list[str]:
    """Lines of one answer, in one of the forms that people use."""
    mode, end = draw(MODES), draw(COMMENT)
    evidence = [quoted(text) for text in draw(st.lists(st.sampled_from("xyz") | ASCII, max_size=3))]
    match draw(st.sampled_from(["open", "short", "flow", "block", "list"])):
        case "open":
            return [f"  {name}:{end}"]
        case "short":
            return [f"  {name}: {mode}{end}"]
        case "flow":
            return [f"  {name}: {{mode: {mode}, evidence: [{', '.join(evidence)}]}}{end}"]
        case "block":
            return [
                f"  {name}:{end}",
                f"    mode: {mode}",
                "    note: |",
                "      # kept",
                "",
                "      x",
            ]
    listed = [f"      - {text}{end}" for text in evidence] or ["      []"]
    return [f"  {name}:", "    evidence:", *listed, f"    mode: {mode}{end}", "    # tail"]


ASCII = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8)


@st.composite
def assessments(draw: st.DrawFn) -> str:
    """The text of an assessment with comments wherever they may stand."""
    names = draw(st.lists(st.sampled_from(ITEMS), unique=True))
    lines = ["# top", "schema: maturity-planner/assessment/v1", "system: s # sys", "rubric: tiny"]
    lines += draw(st.sampled_from([[], ["date: 2026-01-01  # day"]]))
    lines += ["answers:"]
    for name in names:
        lines += draw(st.sampled_from([[], [f"  # about {name}"], ["", f"# about {name}", ""]]))
        lines += draw(answers(name))
    lines += draw(st.sampled_from([[], ["  # end of answers"], ["", "# end"]]))
    lines += draw(
        st.sampled_from([[], ["waivers:", "  item-0: {reason: r, owner: o, until: 2027-01-01}"]])
    )
    return draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""])


EDITS = st.builds(
    Edit,
    st.sampled_from(ITEMS),
    MODES,
    add=st.lists(EVIDENCE | st.sampled_from("xyz"), max_size=2).map(tuple),
    remove=st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
    date=st.sampled_from([None, None, datetime.date(2026, 1, 1)]),
)


def comments(text: str) -> list[tuple[str, str]]:
    """Return the comments that have a line of their own, each with the key that comes next."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    keys = [line.partition(":")[0] for line in lines]
    return [(line, below) for line, below in pairwise([*keys, "end"]) if line.startswith("#")]


def shown_on(data: dict[str, Any], name: str) -> object:
    """Return how old the evidence of an answer is; None where there is nothing to show."""
    answer = data["answers"][name]
    given = answer if isinstance(answer, dict) else {"mode": answer}
    return None if given.get("mode") in (None, "none") else given.get("date", data.get("date"))


@settings(max_examples=300, deadline=None)
@given(assessments(), st.lists(EDITS, min_size=1, max_size=4))
def test_edits_keep_comments_and_everything_else(before: str, edits: list[Edit]) -> None:
    after = edited_text(before, edits, TODAY)
    assert comments(after) == comments(before)
    old, new = parse_yaml(before).data, parse_yaml(after).data
    touched = {edit.item for edit in edits}
    last = {edit.item: edit.mode for edit in edits}
    for name, mode in last.items():
        answer = new["answers"][name]
        assert (answer if isinstance(answer, str) else answer["mode"]) == mode
    was = old["answers"] or {}
    assert {k: v for k, v in new["answers"].items() if k not in touched} == {
        k: v for k, v in was.items() if k not in touched
    }
    assert list(new["answers"])[: len(was)] == list(was)
    rest = {"answers", "date"}
    assert {k: v for k, v in new.items() if k not in rest} == {
        k: v for k, v in old.items() if k not in rest
    }
    assert ("date" in new) == ("date" in old)
    for name in {*new["answers"]} - touched:
        assert shown_on(new, name) == shown_on(old, name)
    if "date" in old:
        dates = {edit.item: edit.date or TODAY for edit in edits}
        for name, mode in last.items():
            assert mode == "none" or shown_on(new, name) == dates[name].isoformat()
    else:
        for edit in edits:
            if edit.add and "none" not in (edit.mode, last[edit.item]):
                assert shown_on(new, edit.item) is not None
        if not any(edit.add or edit.date for edit in edits):  # nobody keeps dates here
            assert "date" not in str(new)


@settings(max_examples=100, deadline=None)
@given(assessments(), EDITS)
def test_the_same_edit_again_changes_nothing(before: str, edit: Edit) -> None:
    once = edited_text(before, [edit], TODAY)
    assert edited_text(once, [edit], TODAY) == once


@settings(max_examples=100, deadline=None)
@given(assessments(), EDITS, EVIDENCE)
def test_a_note_is_the_new_one_and_all_else_stays(before: str, edit: Edit, note: str) -> None:
    after = parse_yaml(edited_text(before, [replace(edit, note=note)], TODAY)).data
    without = parse_yaml(edited_text(before, [edit], TODAY)).data
    answer = without["answers"][edit.item]
    given = answer if isinstance(answer, dict) else {"mode": answer}
    assert after["answers"] == without["answers"] | {edit.item: given | {"note": note}}
