"""Descriptions taken apart: where our text begins, whatever people wrote above it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maturity_planner.trackers.jira_text import digest, take_apart

PIECES = (
    "a",
    "b ",
    "\n",
    "\n\n",
    "{panel}",
    "----",
    "h1. ",
    "\\",
    "&amp;",
    "[x|x]",
    " ",
    "=",
    "\t",
)
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(texts, texts)
def test_what_people_wrote_above_ends_where_our_text_begins(above: str, ours: str) -> None:
    whole = f"{above}\n{ours}"
    parts = take_apart(f"{whole}\n----\nmp-uid: a.b", digest(ours))
    starts = [0, *(n + 1 for n, char in enumerate(whole) if char == "\n")]
    fitting = [whole[:start] for start in starts if digest(whole[start:]) == digest(ours)]
    assert parts.before in fitting
    assert digest(parts.body) == digest(ours)


@given(texts)
def test_only_the_ruler_above_our_line_is_no_part_of_our_text(text: str) -> None:
    plain = take_apart(f"{text}x\n\nmp-uid: a.b", None)
    ruled = take_apart(f"{text}x\n \t-----\t \n\nmp-uid: a.b", None)
    assert ruled == plain
    assert plain.body == f"{text}x".strip("\n")


def test_a_line_that_names_no_plan_is_not_ours() -> None:
    for line in ("mp-uid: .a.b", "mp-uid: \\.a.b", "mp-uid: \\\\.a", "mp-uid: a"):
        assert take_apart(f"Text.\n\n{line}", None).uid == ""
    assert take_apart("Text.\n\nmp\\-uid: a\\-b.c", None).uid == "a-b.c"
