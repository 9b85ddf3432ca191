"""What holds on GitHub for any plan and any edits of people, faults included."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW
from contract.places import PLAN, GitHubPlace, sync, uid_of
from fakes.faults import Fault, Kind
from fakes.github import FakeGitHub
from maturity_planner.applying import apply
from maturity_planner.core.changes import compute_changes
from maturity_planner.core.tickets import State, Ticket, Uid, Value
from maturity_planner.trackers.block import Block, Broken, Mark

from .test_changes import LINES, NAMES, TEXTS, plans

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

EDITS = ("above", "inside", "comment", "title", "labels", "needs", "tick", "unlabel", "orphan")
STATES = ("in_progress", "done", "open", "not_done")
KINDS = [None, Kind.DROP_AFTER, Kind.DROP_BEFORE, Kind.BAD_GATEWAY_AFTER, Kind.TOO_MANY]
RUNS = st.lists(
    st.tuples(
        plans(),
        st.lists(
            st.tuples(st.sampled_from(EDITS + STATES), st.sampled_from(NAMES), LINES), max_size=4
        ),
        st.sampled_from(KINDS),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=4,
)


def edit(place: GitHubPlace, kind: str, uid: str, text: str) -> list[str]:
    """Do what a person does; return the words that have to stay for ever."""

    def write_inside(uid: str, text: str) -> None:
        place.replace(uid, "<!-- mp:end -->", f"{text}\n<!-- mp:end -->")

    if kind in ("above", "inside", "comment"):
        write = {"above": place.write_above, "inside": write_inside, "comment": place.comment}
        write[kind](uid, note := f"Note: {text}")
        return [note]
    if kind in STATES:
        place.move_to(uid, State(kind))
    issue = place.issue(uid)
    match kind:
        case "title":
            place.set_title(uid, text)
        case "labels":
            place.set_labels(uid, ["mine"])
        case "needs":
            place.set_needs(uid, [place.foreign()])
        case "tick":
            place.people.edit(issue.number, body=(issue.body or "").replace("- [ ]", "- [x]"))
        case "unlabel" if f"mp:{PLAN}" in issue.label_names():
            place.people.remove_label(issue.number, f"mp:{PLAN}")
        case "orphan":
            place.people.move(issue.number, None)
    return []


@settings(deadline=None, max_examples=40)
@given(RUNS)
def test_whatever_people_plans_and_networks_do_nothing_is_lost_or_doubled(
    runs: list[tuple[list[Ticket], list[tuple[str, str, str]], Kind | None, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, FakeGitHub() as github:
        place = GitHubPlace(Path(folder), github)
        written: dict[str, list[str]] = {}
        titles: dict[str, str] = {}
        known: set[str] = set()
        for wanted, edits, kind, nth in runs:
            if kind:
                github.fail(Fault(kind, nth=nth))
                tracker = place.tracker()
                list(apply(tracker, PLAN, compute_changes(wanted, tracker.read(PLAN)), NOW))
                github.server.faults.clear()
            sync(place.tracker(), wanted)
            there = place.tracker().read(PLAN)
            assert compute_changes(wanted, there).pending == ()
            found = {str(one.uid): one for one in there}
            assert {str(one.uid) for one in wanted} <= set(found)
            known |= set(found)
            for uid in known:
                place.issue(uid)  # there is exactly one
            for uid, words in written.items():
                assert [word for word in words if word not in place.everything(uid)] == []
            for uid, title in titles.items():
                assert place.issue(uid).title == title
            for kind_of_edit, name, text in edits:
                uid = uid_of(name)
                if uid in found:
                    written.setdefault(uid, []).extend(edit(place, kind_of_edit, uid, text))
                    if kind_of_edit == "title":
                        titles[uid] = text
        assert github.violations() == []


BODIES = TEXTS.filter(lambda text: "<!--" not in text).map(str.strip)


@given(
    BODIES,
    st.lists(LINES, max_size=3),
    st.dictionaries(st.sampled_from(["title", "epic"]), TEXTS),
    st.lists(TEXTS, max_size=3),
    st.sampled_from(["", "Mine.\r\n\r\n", "\ufeff", "x\n"]),
)
def test_a_block_is_read_back_as_it_was_written(
    body: str, criteria: list[str], base: dict[str, str], labels: list[str], around: str
) -> None:
    remembered: dict[str, Value] = {**base, "labels": tuple(labels), "body": "0" * 12}
    mark = Mark(Uid(uid_of("a")), remembered, "done", 3, is_new=True)
    ticks = tuple((text, n % 2 == 0) for n, text in enumerate(criteria))
    before = around if around.endswith("\n") or not around else f"{around}\n"
    block = Block(mark, body, ticks, ("Needs #1",), before, f"\n{around}")
    assert Block.parse(block.text()) == block


@given(st.text(max_size=200), st.integers(0, 300), st.integers(0, 300))
def test_no_damage_makes_a_block_another_one(text: str, start: int, end: int) -> None:
    whole = Block(Mark(Uid(uid_of("a")), {"body": "0" * 12}), "Words").text()
    damaged = whole[:start] + text + whole[end:]
    try:
        found = Block.parse(damaged)
    except Broken:
        return
    assert found is None or found.mark.uid == uid_of("a")
