"""Rules of the difference between wanted and present that hold for any plan and any edits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from contract.places import PLAN, LocalPlace, epic, sync, ticket, uid_of
from maturity_planner.core.changes import compute_changes
from maturity_planner.core.tickets import Present, State, Ticket, Uid, base_of

NAMES = "abcd"
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Cs", "Zl", "Zp")), max_size=40
)
LINES = TEXTS.map(str.strip).filter(lambda text: bool(text) and "<!--" not in text)
CRITERIA = ("It runs in CI.", "It is linked here.", "It is read.")


@st.composite
def plans(draw: st.DrawFn) -> list[Ticket]:
    """A plan of some tickets in one or two sections, with texts of its own."""
    chosen = [name for name in NAMES if draw(st.booleans())]
    sections = {name: draw(st.sampled_from(["data", "model"])) for name in chosen}
    tickets = [
        ticket(
            name,
            title=draw(st.sampled_from([f"Item {name}", "Another: title"])),
            body=draw(st.sampled_from(["What to do.", "Other\n\n- words"])),
            acceptance=tuple(c for c in CRITERIA if draw(st.booleans())),
            labels=("maturity", draw(st.sampled_from(["data", "model"]))),
            needs=tuple(other for other in chosen[:n] if draw(st.booleans())),
            epic=sections[name],
            rank=n,
        )
        for n, name in enumerate(chosen)
    ]
    return [epic(name) for name in sorted(set(sections.values()))] + tickets


ADDING = {
    "above": LocalPlace.write_above,
    "inside": LocalPlace.write_inside,
    "comment": LocalPlace.comment,
    "criterion": LocalPlace.add_criterion,
}
SETTING = ("title", "labels", "needs", "tick")
MOVING = {
    "start": State.IN_PROGRESS,
    "done": State.DONE,
    "reopen": State.OPEN,
    "archive": State.NOT_DONE,
}
EDITS = st.tuples(
    st.sampled_from([*ADDING, *SETTING, *MOVING]),
    st.sampled_from(NAMES),
    LINES,
)
RUNS = st.lists(st.tuples(plans(), st.lists(EDITS, max_size=4)), min_size=1, max_size=4)


@contextmanager
def temporary_place() -> Iterator[LocalPlace]:
    with tempfile.TemporaryDirectory() as folder:
        yield LocalPlace(Path(folder))


def edit(place: LocalPlace, kind: str, uid: str, text: str) -> list[str]:
    """Do what a person does; return the words that have to stay for ever."""
    if kind in ADDING and (kind != "criterion" or "<!-- AC:END -->" in place.everything(uid)):
        ADDING[kind](place, uid, f"Note: {text}")
        return [f"Note: {text}"]
    if kind in MOVING and place.path(uid).parent.parent.name != "archive":
        place.move_to(uid, MOVING[kind])
    match kind:
        case "title":
            place.set_title(uid, text)
        case "labels":
            place.set_labels(uid, ["mine"])
        case "needs":
            place.set_needs(uid, ["TASK-900"])
        case "tick" if "- [ ] #1 " in place.everything(uid):
            place.replace(uid, r"^- \[ \] #1 ", "- [x] #1 ")
    return []


@given(plans())
def test_diff_of_equal_sides_is_empty(wanted: list[Ticket]) -> None:
    there = [
        Present(
            uid=one.uid,
            kind=one.kind,
            remote=one.uid,
            reference=one.uid,
            title=one.title,
            state=State.OPEN,
            fields=one.fields(),
            base=base_of(one.fields()),
        )
        for one in wanted
    ]
    assert compute_changes(wanted, there).changes == ()


@settings(deadline=None, max_examples=120)
@given(RUNS)
def test_whatever_people_and_plans_do_a_second_sync_is_empty_and_nothing_is_lost(
    runs: list[tuple[list[Ticket], list[tuple[str, str, str]]]],
) -> None:
    with temporary_place() as place:
        written: dict[str, list[str]] = {}
        titles: dict[str, str] = {}
        closed: dict[str, State] = {}
        for wanted, edits in runs:
            sync(place.tracker(), wanted)
            there = place.tracker().read(PLAN)
            assert compute_changes(wanted, there).pending == ()
            for uid, words in written.items():
                assert [word for word in words if word not in place.everything(uid)] == []
            found = {one.uid: one for one in there}
            assert {uid: found[Uid(uid)].title for uid in titles} == titles
            assert {uid: found[Uid(uid)].state for uid in closed} == closed
            assert {t.uid for t in wanted} <= set(found)
            assert len({one.remote for one in there}) == len(there)
            for kind, name, text in edits:
                uid = uid_of(name)
                if uid not in found:
                    continue
                written.setdefault(uid, []).extend(edit(place, kind, uid, text))
                if kind == "title":
                    titles[uid] = text
            closed = {
                one.uid: one.state
                for one in place.tracker().read(PLAN)
                if one.state.is_closed and not one.is_closed_by_us
            }
