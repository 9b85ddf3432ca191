"""What is special about tickets as files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import NOW
from contract.places import OTHER_PLAN, PLAN, LocalPlace, epic, present, sync, ticket, uid_of
from maturity_planner.applying import Step, apply
from maturity_planner.core.changes import Op, compute_changes
from maturity_planner.core.tickets import State, Ticket
from maturity_planner.errors import ConfigError, Conflict, MaturityError
from maturity_planner.trackers.local import LocalTracker

WANTED = [epic("data"), ticket("a"), ticket("b", needs=("a",), rank=3)]
A, B = uid_of("a"), uid_of("b")


@pytest.fixture
def place(tmp_path: Path) -> LocalPlace:
    return LocalPlace(tmp_path)


@pytest.fixture
def board(place: LocalPlace) -> LocalPlace:
    """A place with the three tickets."""
    sync(place.tracker(), WANTED)
    return place


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def faults(place: LocalPlace) -> list[str]:
    """The places of the faults in reading, each `file:line`."""
    with pytest.raises(Conflict) as stop:
        place.tracker().read(PLAN)
    assert "nothing was changed" in stop.value.message
    assert all(fault.fix for fault in stop.value.faults)
    return [f"{fault.file}:{fault.line}" for fault in stop.value.faults]


def foreign(place: LocalPlace, name: str, text: str) -> Path:
    path = place.folder / "backlog" / "tasks" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_folder_looks_as_the_client_makes_it(board: LocalPlace) -> None:
    assert list(files(board.folder / "backlog")) == [
        "archive/drafts/.gitkeep",
        "archive/tasks/.gitkeep",
        "completed/.gitkeep",
        "config.yml",
        "decisions/.gitkeep",
        "docs/.gitkeep",
        "drafts/.gitkeep",
        "milestones/.gitkeep",
        "tasks/.gitkeep",
        "tasks/task-1 - Section-data.md",
        "tasks/task-2 - Item-a.md",
        "tasks/task-3 - Item-b.md",
    ]
    assert 'project_name: "fraud-scoring"' in (board.folder / "backlog/config.yml").read_text()


def test_board_of_a_team_is_used_as_it_is(place: LocalPlace) -> None:
    config = "task_prefix: ML\nstatuses: [Idea, Doing, Review, Shipped]\n"
    (place.folder / "backlog/tasks").mkdir(parents=True)
    (place.folder / "backlog/config.yml").write_text(config)
    foreign(place, "ml-7 - theirs.md", "---\nid: ML-7\ntitle: theirs\n---\n")
    sync(place.tracker(), WANTED)
    assert [f.remote for f in place.tracker().read(PLAN)] == ["ML-8", "ML-9", "ML-10"]
    assert place.path(A).name == "ml-9 - Item-a.md"
    assert "status: Idea\n" in place.everything(A)
    for status, state in {"Shipped": State.DONE, "Review": State.IN_PROGRESS}.items():
        place.replace(A, "^status: .*?$", f"status: {status}")
        assert present(place.tracker())[A].state is state
    assert (place.folder / "backlog/config.yml").read_text() == config


@pytest.mark.parametrize(
    "config", ["[]\n", "statuses: []\n", "statuses: To Do\ntask_prefix: a/b\n"]
)
def test_settings_of_the_board_that_say_nothing(place: LocalPlace, config: str) -> None:
    (place.folder / "backlog").mkdir()
    (place.folder / "backlog/config.yml").write_text(config)
    sync(place.tracker(), WANTED)
    assert place.path(A).name == "task-2 - Item-a.md"
    assert "status: To Do\n" in place.everything(A)


def test_identity_is_found_after_a_rename_and_numbers_stay_unique(board: LocalPlace) -> None:
    board.path(B).rename(board.folder / "backlog/tasks/renamed.md")
    assert sync(board.tracker(), WANTED).changes == ()
    sync(board.tracker(), [*WANTED, ticket("c")])
    assert present(board.tracker())[uid_of("c")].remote == "TASK-4"


def test_numbers_of_the_archive_are_not_given_away(board: LocalPlace) -> None:
    board.move_to(B, State.NOT_DONE)
    sync(board.tracker(), [*WANTED, ticket("c")])
    assert present(board.tracker())[uid_of("c")].remote == "TASK-4"


def test_ticket_whose_number_was_given_away_gets_a_new_one(board: LocalPlace) -> None:
    wanted = [*WANTED, ticket("c", needs=("b",)), epic("model"), ticket("d", epic="model")]
    sync(board.tracker(), wanted)
    sync(board.tracker(), [])
    taken = {uid: present(board.tracker())[uid].remote for uid in (B, epic("model").uid)}
    for remote in taken.values():  # the client numbers anew from the tickets on the board
        foreign(board, f"{remote.lower()} - new.md", f"---\nid: {remote}\ntitle: new\n---\n")
    sync(board.tracker(), wanted)
    found = present(board.tracker())
    assert {found[uid].remote for uid in taken}.isdisjoint(taken.values())
    assert found[uid_of("c")].fields["needs"] == (B,)
    assert found[uid_of("d")].fields["epic"] == epic("model").uid
    assert board.path(B).name.startswith(found[B].remote.lower())
    assert sync(board.tracker(), wanted).changes == ()


def test_name_that_was_given_away_means_the_new_ticket(board: LocalPlace) -> None:
    remote = present(board.tracker())[A].remote
    sync(board.tracker(), [WANTED[0], ticket("b")])
    foreign(board, f"{remote.lower()} - new.md", f"---\nid: {remote}\ntitle: new\n---\n")
    board.set_needs(B, [remote])
    assert present(board.tracker())[B].fields["needs"] == (remote,)


def test_draft_is_open_and_keeps_its_place(board: LocalPlace) -> None:
    path = board.path(A)
    path.rename(board.folder / "backlog/drafts/draft-1 - Item-a.md")
    board.replace(A, "^id: TASK-2$", "id: DRAFT-1")
    assert present(board.tracker())[A].state is State.OPEN
    assert sync(board.tracker(), WANTED).pending == ()


def test_completed_is_done(board: LocalPlace) -> None:
    board.path(A).rename(board.folder / "backlog/completed/task-2 - Item-a.md")
    assert present(board.tracker())[A].state is State.DONE


def test_done_and_then_put_away_is_still_done(board: LocalPlace) -> None:
    board.move_to(A, State.DONE)
    board.move_to(A, State.NOT_DONE)
    assert present(board.tracker())[A].state is State.DONE


def test_day_of_closing_is_the_clients(board: LocalPlace) -> None:
    board.move_to(A, State.DONE)
    assert present(board.tracker())[A].closed_on is None
    board.replace(A, "^assignee", "updated_date: '2026-13-01 10:00'\nassignee")
    assert present(board.tracker())[A].closed_on is None
    board.replace(A, "2026-13-01", "2026-12-01")
    assert str(present(board.tracker())[A].closed_on) == "2026-12-01"


def test_every_broken_file_is_named_at_once(board: LocalPlace) -> None:
    board.replace(A, "^Other|^What", "<<<<<<< HEAD\nWhat")
    board.replace(B, "^labels:.*?\n(?=[a-z])", "labels: [a\n")
    path = board.path(WANTED[0].uid)
    copy = path.with_name("task-9 - copy.md")
    copy.write_bytes(path.read_bytes())
    (board.folder / "backlog/config.yml").write_text("statuses: [\n")
    foreign(board, "task-7 - latin.md", "").write_bytes(b"---\nid: TASK-7\ntitle: \xe9\n---\n")
    foreign(board, "task-8 - gone.md", "").unlink()
    (board.folder / "backlog/tasks/task-8 - gone.md").symlink_to("nowhere.md")
    before = files(board.folder)
    assert faults(board) == [
        "backlog/config.yml:2",
        "backlog/tasks/task-2 - Item-a.md:20",
        "backlog/tasks/task-3 - Item-b.md:8",
        "backlog/tasks/task-7 - latin.md:3",
        "backlog/tasks/task-8 - gone.md:1",
        f"backlog/tasks/task-9 - copy.md:{path.read_text().count(chr(10))}",
    ]
    assert files(board.folder) == before


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\} -->$", "} --> and more"),
        (r'"base": \{', '"base": ['),
        (r"^id: .*?\n", ""),
        (r"^id: .*?$", "id: TASK-3"),
        (r"\A---\n", ""),
    ],
    ids=["tail", "json", "no id", "same id", "no front matter"],
)
def test_ticket_of_ours_that_cannot_be_used_stops_everything(
    board: LocalPlace, pattern: str, text: str
) -> None:
    board.replace(A, pattern, text)
    assert len(faults(board)) == 1


def test_link_that_leads_outside_is_refused(board: LocalPlace, tmp_path: Path) -> None:
    project = tmp_path / "project"
    inner = LocalPlace(project)
    project.mkdir()
    sync(inner.tracker(), WANTED)
    outside = tmp_path / "outside.md"
    inner.path(A).rename(outside)
    (project / "backlog/tasks/task-2 - Item-a.md").symlink_to(outside)
    assert faults(inner) == ["backlog/tasks/task-2 - Item-a.md:1"]
    outside.write_text("not one of ours")
    assert len(inner.tracker().read(PLAN)) == 2


@pytest.mark.parametrize("name", ["backlog", "backlog/tasks", "backlog/archive/tasks"])
def test_folder_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    link = tmp_path / "project" / name
    link.parent.mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    link.symlink_to(tmp_path / "outside")
    with pytest.raises(ConfigError, match="leads outside the project"):
        LocalPlace(tmp_path / "project").tracker()


@pytest.mark.parametrize("name", ["backlog", "backlog/tasks"])
def test_folder_that_is_a_file_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    with pytest.raises(ConfigError, match="is a file, not a folder"):
        LocalPlace(tmp_path).tracker()


@pytest.mark.parametrize("name", ["a" * 300, "nul\0", "loop", "loop/inner"])
def test_folder_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ConfigError, match="cannot be used: ") as stop:
        LocalTracker({"directory": name}, tmp_path, "fraud-scoring")
    assert stop.value.fix
    assert len(stop.value.message) < 350


IDENTITY_LINE = r"^<!-- mp \{[^\n]*\n"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (IDENTITY_LINE, ""),
        (r'^<!-- mp \{"uid": "[0-9a-f]+', '<!-- mp {"uid": "'),
        (r'^<!-- mp \{"uid": ', "<!-- mp {"),
        (r'^<!-- mp \{"uid": ', "<!-- mp {'uid': "),
        (r'^<!-- mp \{"uid": "[^"]*"', '<!-- mp {"uid": null'),
        (r'^<!-- mp \{"uid": "[^"]*"', '<!-- mp {"uid": ""'),
        (r"^<!-- mp:begin -->.*(?=^<!-- mp \{)", ""),
    ],
    ids=["gone", "no plan", "no key", "quotes", "null", "empty", "only the line"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_ticket_that_lost_its_identity_makes_no_second_one(
    board: LocalPlace, pattern: str, text: str, end: str
) -> None:
    path = board.path(A)
    board.replace(A, pattern, text)
    if text == "":  # the last case keeps the line and damages it
        left = path.read_text().replace('"base": {', '"base": [')
        left = left.replace('<!-- mp {"uid": "', '<!-- mp {"uid" "')
        path.write_text(left)
    path.write_bytes(path.read_text().replace("\n", end).encode())
    with pytest.raises(Conflict) as stop:
        board.tracker().read(PLAN)
    assert [(f.file, f.message, f.fix) for f in stop.value.faults] == [
        (
            "backlog/tasks/task-2 - Item-a.md",
            "our line with the ticket's identity is missing or damaged",
            "Restore the last line from the file's history.",
        )
    ]
    with pytest.raises(Conflict):
        board.tracker().read(OTHER_PLAN)


@pytest.mark.parametrize("text", ["", " \n\t\r\n"])
def test_ticket_file_that_is_empty_makes_no_second_one(board: LocalPlace, text: str) -> None:
    board.path(A).write_text(text)
    foreign(board, "notes.md", "")
    foreign(board, "task-2 Item.md", "")
    (board.folder / "backlog/archive/tasks/task-9 - x.md").write_text("")
    with pytest.raises(Conflict) as stop:
        board.tracker().read(PLAN)
    assert [(f.file, f.message, f.fix) for f in stop.value.faults] == [
        (
            "backlog/tasks/task-2 - Item-a.md",
            "this ticket file is empty",
            "Restore it from the history, or delete it.",
        )
    ]


def test_good_tickets_of_another_plan_and_mentions_of_our_marks_are_ignored(
    board: LocalPlace,
) -> None:
    theirs = board.everything(A).replace(PLAN, OTHER_PLAN).replace("TASK-2", "TASK-20")
    foreign(board, "task-20 - theirs.md", theirs)
    foreign(board, "task-21 - theirs.md", theirs.replace("\n", "\r\n"))
    mention = "---\nid: TASK-22\n---\nWhat does `<!-- mp:begin -->` or `<!-- mp {` mean?\n"
    foreign(board, "task-22 - question.md", mention)
    assert sync(board.tracker(), WANTED).changes == ()


@pytest.mark.parametrize("key", ["assignee: ['@ana']", "assignee: ana", "assignee:\n  - ana"])
def test_assigned_ticket_is_in_progress(board: LocalPlace, key: str) -> None:
    board.replace(B, r"^assignee: \[\]$", key)
    assert present(board.tracker())[B].state is State.IN_PROGRESS
    changes = sync(board.tracker(), WANTED[:2])
    assert [(c.op, c.uid) for c in changes.changes] == [(Op.KEEP, B)]
    assert [c.op for c in sync(board.tracker(), WANTED[:2], force=True).changes] == [Op.CLOSE]


@pytest.mark.parametrize("key", ["assignee: ''", "assignee:", "assignee: ['']"])
def test_ticket_assigned_to_nobody_is_open(board: LocalPlace, key: str) -> None:
    board.replace(B, r"^assignee: \[\]$", key)
    assert present(board.tracker())[B].state is State.OPEN


def test_foreign_tickets_are_left_alone(board: LocalPlace) -> None:
    quoting = (
        f'---\nid: TASK-20\ntitle: t\n---\n<!-- mp {{"uid": "{PLAN}.x.y", "base": {{}}}} -->\n'
    )
    quoting += f'<!-- mp {{"uid": "{OTHER_PLAN}.x.y", "base": {{}}}} -->\n'
    texts = ["<<<<<<< no front matter", "---\nid: [\n---\n", quoting]
    paths = [foreign(board, f"task-{n}0 - x.md", text) for n, text in enumerate(texts, 1)]
    sync(board.tracker(), [WANTED[0], ticket("c")])
    assert [path.read_text() for path in paths] == texts
    assert present(board.tracker())[uid_of("c")].remote == "TASK-31"


def test_file_in_the_way_stops_with_a_clear_message(board: LocalPlace) -> None:
    (board.folder / "backlog/archive/tasks" / board.path(B).name).write_text("in the way")
    changes = compute_changes(WANTED[:2], board.tracker().read(PLAN))
    assert [c.op for c in changes.changes] == [Op.CLOSE]
    tracker = board.tracker()
    steps = list(apply(tracker, PLAN, compute_changes(WANTED[:2], tracker.read(PLAN)), NOW))
    assert [step.error for step in steps] == [
        "backlog/archive/tasks/task-3 - Item-b.md exists already"
    ]


def test_change_at_the_same_time_is_not_overwritten(board: LocalPlace) -> None:
    tracker = board.tracker()
    changes = compute_changes([WANTED[0], ticket("a", body="New.")], tracker.read(PLAN))
    board.write_above(A, "Ana, just now.")
    steps = list(apply(tracker, PLAN, changes, NOW))
    assert "changed by somebody else" in steps[0].error
    assert steps[1].error == "not tried after the failure before it"
    assert "Ana, just now." in board.everything(A)


def test_front_matter_that_cannot_be_changed_safely_stops_only_with_a_message(
    board: LocalPlace,
) -> None:
    board.replace(A, "^labels:.*?\n(?=[a-z])", '"labels": [maturity, data]\n')
    tracker = board.tracker()
    changes = compute_changes([WANTED[0], ticket("a", labels=("x",))], tracker.read(PLAN))
    steps = list(apply(tracker, PLAN, changes, NOW))
    assert steps[0].error.startswith("backlog/tasks/task-2 - Item-a.md:1: the front matter")


def test_titles_that_no_file_can_be_called(place: LocalPlace) -> None:
    titles = {
        "a": ("../../etc/passwd", "task-2 - ..-..-etc-passwd.md"),
        "b": ("$(rm) `x` ;'\"", "task-3 - rm-`x`.md"),
        "c": ("é" * 100, f"task-4 - {'é' * 40}.md"),
        "d": ("???", "task-5 - untitled.md"),
    }
    wanted = [epic("data"), *(ticket(name, title=title) for name, (title, _) in titles.items())]
    sync(place.tracker(), wanted)
    for name, (title, file) in titles.items():
        assert place.path(uid_of(name)).name == file
        assert present(place.tracker())[uid_of(name)].title == title
    assert sync(place.tracker(), wanted).changes == ()


# A run that is killed -----------------------------------------------------------------


class Killed(BaseException):
    """Ends the run at once, as kill -9 does: no handler of ours may do anything more."""


def killing(monkeypatch: pytest.MonkeyPatch, at: int, *, before: bool) -> None:
    """Let the n-th call that changes the disk end the run, and all later ones too."""
    calls = 0

    def wrap(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > at or (calls == at and before):
                raise Killed
            done = real(*given, **named)
            if calls == at:
                raise Killed
            return done

        return call

    for owner, name in (
        (os, "link"),
        (os, "fsync"),
        (Path, "replace"),
        (Path, "rename"),
        (Path, "unlink"),
        (Path, "chmod"),
    ):
        monkeypatch.setattr(owner, name, wrap(getattr(owner, name)))


def synced(place: LocalPlace, wanted: list[Ticket]) -> list[Step]:
    tracker = place.tracker()
    tracker.tidy()
    return list(apply(tracker, PLAN, compute_changes(wanted, tracker.read(PLAN)), NOW))


FIRST = [epic("data"), ticket("a"), ticket("b", needs=("a",))]
SECOND = [
    epic("data"),
    epic("model"),
    ticket("a", body="New body.", acceptance=("New.",), labels=("maturity", "x")),
    ticket("c", epic="model", needs=("a",)),
]
PLANS = {"first": [FIRST], "second": [FIRST, SECOND], "return": [FIRST, SECOND, FIRST]}


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("name", PLANS)
def test_killed_at_any_point_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: bool
) -> None:
    *earlier, last = PLANS[name]
    expected = LocalPlace(tmp_path / "expected")
    for wanted in (*earlier, last):
        synced(expected, wanted)
    states = {f.uid: (f.state, f.fields) for f in expected.tracker().read(PLAN)}
    at = kills = 0
    while kills == at:
        at += 1
        place = LocalPlace(tmp_path / str(at))
        for wanted in earlier:
            synced(place, wanted)
        for uid in (A, B) if earlier else ():
            place.comment(uid, "A person's comment.")
        with monkeypatch.context() as patch:
            killing(patch, at, before=before)
            try:
                synced(place, last)
            except Killed:
                kills += 1
        steps = synced(place, last)
        assert [step.error for step in steps if step.error] == []
        found = {f.uid: (f.state, f.fields) for f in place.tracker().read(PLAN)}
        assert found == states
        assert compute_changes(last, place.tracker().read(PLAN)).changes == ()
        whole = re.compile(r".*/(task-\d+ - .*\.md|\.gitkeep|config\.yml)")
        assert [path for path in files(place.folder) if not whole.fullmatch(path)] == []
        for uid in (A, B) if earlier else ():
            assert place.everything(uid).count("A person's comment.") == 1
    assert kills > 10


def test_disk_that_is_full_is_reported_and_the_rest_not_tried(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.tracker().prepare(PLAN, [])

    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        steps = synced(place, FIRST)
    assert "No space left on device" in steps[0].error
    assert {step.error for step in steps[1:]} == {"not tried after the failure before it"}
    assert place.tracker().read(PLAN) == []
    assert [step.error for step in synced(place, FIRST) if step.error] == []


def test_folder_that_refuses_a_move_is_reported(
    board: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    steps = synced(board, WANTED[:2])
    assert [step.error for step in steps] == [
        "backlog/archive/tasks/task-3 - Item-b.md cannot be written: Permission denied"
    ]


def test_hidden_files_of_people_are_not_tidied_away(board: LocalPlace) -> None:
    names = [".gitkeep", ".notes.txt", ".task-2 - Item-a.md.swp", ".hidden.md", ".env.localabc"]
    for name in names:
        foreign(board, name, "mine")
    (board.folder / "backlog/tasks/.task-9 - x.md.abcdefgh").write_text("")
    board.tracker().tidy()
    left = [path.name for path in (board.folder / "backlog/tasks").glob(".*")]
    assert sorted(left) == sorted(names)


def test_folder_that_cannot_be_written_is_an_error_of_the_tracker(place: LocalPlace) -> None:
    tracker = place.tracker()
    (place.folder / "backlog").write_text("a file")
    with pytest.raises(MaturityError, match="cannot be written") as stop:
        list(apply(tracker, PLAN, compute_changes(FIRST, tracker.read(PLAN)), NOW))
    assert stop.value.exit_code == 4


def test_folder_that_is_called_as_a_ticket_is_named_once(board: LocalPlace) -> None:
    (board.folder / "backlog/tasks/task-7 - x.md").mkdir()
    with pytest.raises(Conflict) as stop:
        board.tracker().read(PLAN)
    (fault,) = stop.value.faults
    assert fault.file == "backlog/tasks/task-7 - x.md"
    assert fault.message == "this cannot be read: Is a directory"
