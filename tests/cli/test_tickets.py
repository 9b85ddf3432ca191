"""`diff`, `sync` and `track` as a person or a script runs them."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click import unstyle

from builders import NOW, document, item, mode
from contract.places import LocalPlace
from maturity_planner.cli.main import run
from maturity_planner.cli.ticketing import line_of
from maturity_planner.core.changes import Change, Op
from maturity_planner.core.tickets import Kind, State, Uid
from maturity_planner.documents import dump_yaml
from maturity_planner.output_shapes import output_schema
from maturity_planner.trackers.local import LocalTracker

Run = Callable[..., tuple[int, str, str]]

SECTIONS = {
    "data": [
        item("a"),
        item("b", modes={"manual": mode(1), "automated": mode(1, needs=["a@manual"])}),
    ],
    "model": [item("c"), item("d")],
}


MODES = {"manual": mode(1), "automated": mode(1)}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a plan for all of two sections, and no tickets yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_project(tmp_path, SECTIONS, target="2")
    return tmp_path


def write_rubric(folder: Path, sections: dict[str, list[dict[str, Any]]]) -> None:
    (folder / "rubrics").mkdir(exist_ok=True)
    (folder / "rubrics/tiny.yaml").write_text(dump_yaml(document(sections)))


def write_project(folder: Path, sections: dict[str, list[dict[str, Any]]], target: str) -> None:
    write_rubric(folder, sections)
    (folder / "maturity.toml").write_text('assessment = "assessment.yaml"\n')
    (folder / "assessment.yaml").write_text(
        "schema: maturity-planner/assessment/v1\nsystem: tiny-system\nrubric: tiny\n"
        "date: 2026-11-01\n# What we claim.\nanswers: {}\n"
    )
    assert run(["plan", "--target", target]) == 0


@pytest.fixture
def maturity(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the project; returns exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def place(project: Path) -> LocalPlace:
    return LocalPlace(project)


def plan_id(folder: Path) -> str:
    found = re.search(r"^id: ['\"]?([0-9a-f]{8})", (folder / "plan.yaml").read_text(), re.M)
    assert found
    return found[1]


def uid(folder: Path, name: str) -> str:
    return f"{plan_id(folder)}.{name}.automated"


def disk(folder: Path) -> dict[str, bytes]:
    """Every file but those of the lock and the cache, which may come and go."""
    return {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not (name := str(path.relative_to(folder))).startswith((".maturity", "cache"))
    }


def data(out: str, command: str) -> Any:
    whole = json.loads(out)
    jsonschema.validate(whole, output_schema(command))
    return whole["data"]


# diff ---------------------------------------------------------------------------------


def test_diff_shows_what_sync_would_do_and_writes_nothing(project: Path, maturity: Run) -> None:
    before = disk(project)
    code, out, err = maturity("diff")
    assert code == 0
    assert disk(project) == before
    assert not (project / ".maturity").exists()
    lines = out.splitlines()
    assert lines[:3] == [
        "+ create  epic    Tiny rubric: data",
        "+ create  epic    Tiny rubric: model",
        "+ create  ticket  a (automated)",
    ]
    assert lines[3:5] == [
        "+ create  ticket  b (automated)",
        "~ link    ticket  b (automated)  (needs a@automated)",
    ]
    assert re.fullmatch(r"6 to create, 1 to link\. Fingerprint [0-9a-f]{12}\.", lines[-1])
    assert err == "Next: maturity-planner sync\n"


def test_check_says_no_until_the_tickets_match(maturity: Run) -> None:
    code, _, err = maturity("diff", "--check")
    assert code == 1
    assert "7 changes to make in backlog" in err
    assert maturity("sync")[0] == 0
    code, out, err = maturity("diff", "--check")
    assert (code, out, err) == (0, "Nothing to change: the tickets match the plan.\n", "")


def test_kept_edits_are_no_pending_changes(project: Path, maturity: Run, place: LocalPlace) -> None:
    maturity("sync")
    place.set_title(uid(project, "a"), "Title of Ana")
    code, out, _ = maturity("diff", "--check")
    assert code == 0
    assert out.splitlines() == [
        "! keep    ticket  TASK-3  Title of Ana  (edited by a person)",
        "      title: Title of Ana -> a (automated)",
        "Nothing to change: the tickets match the plan (1 kept as people left them).",
    ]


def template(project: Path, name: str, text: str) -> None:
    own = project / "templates/tickets" / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(text)


SAME = "One line that stays.\n\n"
LONG = "w" * 100


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (f"{SAME}Old words.\nEnd.", f"{SAME}New words.\nEnd.", "Old words. -> New words."),
        (
            f"{SAME}{LONG} old {LONG}",
            f"{SAME}{LONG} new",
            f"...{'w' * 16} old {'w' * 33}... -> ...{'w' * 53} new",
        ),
        (f"old {LONG}", f"new {LONG}", f"old {'w' * 53}... -> new {'w' * 53}..."),
        (f"{SAME}More.", SAME, "More. -> (no line)"),
        (SAME, f"{SAME}More.", "(no line) -> More."),
        (f"{SAME}- a", f"{SAME}  - a", "- a ->   - a"),
        ("One.\nTwo.", "One.\n\nTwo.", "Two. -> (no line)"),
    ],
    ids=["short", "long", "start", "less", "more", "indent", "blank"],
)
def test_changed_text_is_shown_where_it_differs(
    project: Path, maturity: Run, before: str, after: str, shown: str
) -> None:
    template(project, "ticket-body.md.j2", before)
    maturity("sync")
    template(project, "ticket-body.md.j2", after)
    lines = maturity("diff")[1].splitlines()
    assert lines[0] == "~ update  ticket  TASK-3  a (automated)"
    assert lines[1] == f"      body: {shown}"


def test_changed_criteria_are_shown_where_they_differ(project: Path, maturity: Run) -> None:
    template(project, "ticket-acceptance.md.j2", f"{LONG}\n{LONG}x\nLast.")
    maturity("sync")
    template(project, "ticket-acceptance.md.j2", f"{LONG}\n{LONG}y\nLast.")
    start = "..." + "w" * 56
    assert f"      acceptance: {start}x -> {start}y\n" in maturity("diff")[1]
    template(project, "ticket-acceptance.md.j2", f"{LONG}\n{LONG}x")
    assert "      acceptance: Last. -> (no element)\n" in maturity("diff")[1]
    template(project, "ticket-acceptance.md.j2", "Short.")
    maturity("sync")
    template(project, "ticket-acceptance.md.j2", "Short.\nAnd more.")
    assert "      acceptance: Short. -> Short., And more.\n" in maturity("diff")[1]


def test_emptied_body_says_how_to_get_ours_back(
    project: Path, maturity: Run, place: LocalPlace
) -> None:
    maturity("sync")
    path = place.path(uid(project, "a"))
    whole = path.read_text()
    hint = "      (restore the description from the ticket's history to get ours back)\n"
    for pattern in (
        r"(?<=mp:begin -->\n).*?(?=<!-- mp:end)",
        r"<!-- mp:begin -->.*?mp:end -->\n",
        r"## Description.*?DESCRIPTION:END -->\n",
    ):
        place.replace(uid(project, "a"), pattern, "")
        assert hint in maturity("diff")[1]
        assert hint in maturity("sync", "--dry-run")[1]
    template(project, "ticket-body.md.j2", "New text of {{ item.id }}.")
    assert "  body: nothing -> New text of a.\n" + hint in maturity("diff")[1]
    path.write_text(whole)
    maturity("sync")
    assert "\nNew text of a.\n" in place.everything(uid(project, "a"))
    assert hint not in maturity("-v", "diff")[1]


def test_line_names_a_ticket_that_was_just_created(maturity: Run, project: Path) -> None:
    title, a = "b (automated)", Uid(f"{plan_id(project)}.a.automated")
    made = Change(Op.CREATE, Kind.TICKET, a, title, None)
    assert line_of(made, "+") == "\x1b[32m+ create  ticket  b (automated)\x1b[0m"
    assert unstyle(line_of(made, "+", "", "TASK-4")) == "+ create  ticket  TASK-4  b (automated)"
    assert unstyle(line_of(replace(made, remote="TASK-5"), "+")).startswith(
        "+ create  ticket  TASK-5  "
    )
    link = Change(Op.LINK, Kind.TICKET, a, title, None, {"needs": ((), (a,))})
    assert unstyle(line_of(link, "~", remote="TASK-4")) == (
        "~ link    ticket  TASK-4  b (automated)  (needs a@automated)"
    )
    link = replace(link, fields={"needs": ((a,), ())})
    assert unstyle(line_of(link, "~")).endswith("  (no longer needs anything)")
    assert unstyle(line_of(link, "x", "no network")).endswith("  (no network)")


def test_json_of_diff_and_sync_match_their_schemas(project: Path, maturity: Run) -> None:
    wanted = data(maturity("diff", "--json")[1], "diff")
    assert wanted["counts"] == {
        "create": 6,
        "update": 0,
        "close": 0,
        "reopen": 0,
        "link": 1,
        "keep": 0,
    }
    assert {change["applied"] for change in wanted["changes"]} == {False}
    link = next(change for change in wanted["changes"] if change["op"] == "link")
    assert link["fields"] == {"needs": [[], [uid(project, "a")]]}
    done = data(maturity("sync", "--json")[1], "sync")
    assert done["fingerprint"] == wanted["fingerprint"]
    assert {change["applied"] for change in done["changes"]} == {True}
    assert [change["remote"] for change in done["changes"]] == [
        f"TASK-{n}" for n in (1, 2, 3, 4, 4, 5, 6)
    ]
    assert data(maturity("sync", "--json")[1], "sync")["changes"] == []


def test_every_command_on_tickets_needs_a_plan(project: Path, maturity: Run) -> None:
    (project / "plan.yaml").unlink()
    for command in ("diff", "sync", "track"):
        code, out, err = maturity(command)
        assert (code, out) == (3, "")
        assert "there is no plan" in err


# sync ---------------------------------------------------------------------------------


def test_dry_run_writes_nothing(project: Path, maturity: Run) -> None:
    before = disk(project)
    code, out, _ = maturity("sync", "-n")
    assert (code, disk(project)) == (0, before)
    assert out == maturity("diff")[1]


def test_sync_twice_changes_nothing(project: Path, maturity: Run) -> None:
    code, out, err = maturity("sync")
    assert code == 0
    assert out.splitlines()[-1] == "7 changes made in backlog."
    assert err == "Next: work on the tickets, then maturity-planner track\n"
    before = disk(project)
    code, out, _ = maturity("sync")
    assert (code, out) == (0, "Nothing to change: the tickets match the plan.\n")
    assert disk(project) == before


def test_state_folder_may_be_deleted(project: Path, maturity: Run) -> None:
    maturity("sync")
    shutil.rmtree(project / ".maturity")
    assert maturity("diff", "--check")[0] == 0


def test_only_one_item_and_its_epic(project: Path, maturity: Run, place: LocalPlace) -> None:
    code, out, _ = maturity("sync", "--only", "b")
    assert code == 0
    assert out.splitlines() == [
        "+ create  epic    TASK-1  Tiny rubric: data",
        "+ create  ticket  TASK-2  b (automated)",
        "2 changes made in backlog.",
    ]
    assert "dependencies: []" in place.everything(uid(project, "b"))
    assert maturity("sync", "--only", "b")[1].startswith("Nothing to change")
    maturity("sync", "--only", "a")
    code, out, _ = maturity("sync", "--only", "b")
    assert out.splitlines()[0] == "~ link    ticket  TASK-2  b (automated)  (needs a@automated)"
    assert "dependencies:\n  - TASK-3\n" in place.everything(uid(project, "b"))
    maturity("sync")
    assert maturity("diff", "--check")[0] == 0


def test_need_that_came_later_is_linked_by_the_full_sync(
    project: Path, maturity: Run, place: LocalPlace
) -> None:
    maturity("sync", "--only", "b")
    maturity("sync")
    assert re.search(r"dependencies:\n  - TASK-\d\n", place.everything(uid(project, "b")))
    assert maturity("diff", "--check")[0] == 0


def test_only_of_an_unknown_item(maturity: Run) -> None:
    code, _, err = maturity("sync", "--only", "nothing")
    assert code == 2
    assert 'there is no item "nothing"' in err


def test_fingerprint_applies_only_what_was_reviewed(project: Path, maturity: Run) -> None:
    fingerprint = data(maturity("diff", "--json")[1], "diff")["fingerprint"]
    before = disk(project)
    code, _, err = maturity("sync", "--fingerprint", "0123456789ab")
    assert code == 4
    assert "no longer those of 0123456789ab" in err
    assert disk(project) == before
    assert maturity("sync", "--fingerprint", fingerprint)[0] == 0


def test_many_closings_need_force(project: Path, maturity: Run) -> None:
    write_project(project, {"data": [item(f"i{n}") for n in range(13)]}, target="13")
    maturity("sync")
    maturity("plan", "--target", "1")
    before = disk(project)
    code, _, err = maturity("sync")
    assert code == 4
    assert "this would close 13 of 14 tickets, more than 30 %" in err
    assert "--force" in err
    assert disk(project) == before
    assert maturity("sync", "-n")[0] == 0
    assert maturity("sync", "--force")[0] == 0
    assert len(list((project / "backlog/archive/tasks").glob("*.md"))) == 13


def test_work_in_progress_is_closed_only_with_force(
    project: Path, maturity: Run, place: LocalPlace
) -> None:
    maturity("sync")
    place.move_to(uid(project, "d"), State.IN_PROGRESS)
    (project / "assessment.yaml").write_text(
        (project / "assessment.yaml").read_text().replace("answers: {}", "answers: {d: automated}")
    )
    maturity("plan", "--target", "2")
    code, out, _ = maturity("sync")
    assert code == 0
    assert "somebody is working on it; --force closes it" in out
    assert (
        "- close   ticket  TASK-6  d (automated)  (it left the plan)"
        in maturity("sync", "--force")[1]
    )


def test_sync_that_is_stopped_half_way_says_how_far_it_came(project: Path, maturity: Run) -> None:
    maturity("sync")
    in_the_way = project / "backlog/archive/tasks/task-5 - c-automated.md"
    in_the_way.write_text("mine")
    write_project(project, {"data": SECTIONS["data"]}, target="2")
    code, out, err = maturity("sync")
    assert code == 4
    assert out.splitlines() == [
        "- close   epic    TASK-2  Tiny rubric: model  (it left the plan)",
        "x close   ticket  TASK-5  c (automated)  "
        "(backlog/archive/tasks/task-5 - c-automated.md exists already)",
        "x close   ticket  TASK-6  d (automated)  (not tried after the failure before it)",
        "1 change made in backlog.",
    ]
    assert "2 of 3 changes in backlog were not made" in err
    assert "Run this again; it goes on from here." in err
    code, out, err = maturity("sync", "--json")
    assert code == 4
    assert [c["applied"] for c in data(out, "sync")["changes"]] == [False, False]
    assert [bool(c["error"]) for c in data(out, "sync")["changes"]] == [True, True]
    in_the_way.unlink()
    assert maturity("sync")[0] == 0
    assert maturity("diff", "--check")[0] == 0


FAULTS = {
    "conflict": (r"^What|^a$", "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch", 20),
    "front matter": (r"^labels:$", "labels: [", 8),
    "identity": (r'"base": \{', '"base": ', 0),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("command", ["diff", "sync", "track"])
def test_ticket_file_that_only_a_person_can_sort_out(
    project: Path, maturity: Run, place: LocalPlace, name: str, command: str
) -> None:
    maturity("sync")
    pattern, text, line = FAULTS[name]
    place.replace(uid(project, "a"), pattern, text)
    before = disk(project)
    line = line or place.everything(uid(project, "a")).count("\n")
    code, out, err = maturity(command)
    assert (code, out) == (4, "")
    assert f"backlog/tasks/task-3 - a-automated.md:{line}:" in err
    assert "1 file in backlog must be put right by hand; nothing was changed" in err
    assert disk(project) == before


def test_all_faults_of_the_tickets_at_once(
    project: Path, maturity: Run, place: LocalPlace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    maturity("sync")
    tasks = project / "backlog/tasks"
    shutil.copy(place.path(uid(project, "a")), tasks / "task-90 - copy.md")
    outside = tmp_path_factory.mktemp("outside") / "outside.md"
    place.path(uid(project, "b")).rename(outside)
    (tasks / "task-4 - b-automated.md").symlink_to(outside)
    place.replace(uid(project, "c"), r"^c$", ">>>>>>> branch")
    place.replace(uid(project, "d"), r"^labels:$", "labels: [")
    before = disk(project)
    code, out, err = maturity("sync")
    assert (code, out) == (4, "")
    assert "4 files in backlog must be put right by hand" in err
    found = re.findall(r"backlog/tasks/(task-\d+) - \S*\.md:(\d+):\d+: ([a-z ]+)", err)
    assert [(name, message.strip()) for name, _, message in found] == [
        ("task-4", "this is a link that leads outside the project"),
        ("task-5", "this file has a merge conflict"),
        ("task-6", "this is not"),
        ("task-90", "two tickets have one identity"),
    ]
    assert disk(project) == before


def test_template_of_the_project_that_is_wrong(project: Path, maturity: Run) -> None:
    own = project / "templates/tickets/ticket-body.md.j2"
    own.parent.mkdir(parents=True)
    for text, line in (
        ("a\n{% if %}", 2),
        ("{{ nothing }}", 1),
        ("\n{{ ''.__class__.__mro__ }}", 2),
    ):
        own.write_text(text)
        before = disk(project)
        for command in ("diff", "sync"):
            code, out, err = maturity(command)
            assert (code, out) == (3, "")
            assert f"ticket-body.md.j2:{line}: " in err
        assert disk(project) == before
    own.write_text("Only {{ item.id }}.")
    assert maturity("sync")[0] == 0
    assert "mp:begin -->\nOnly a.\n<!-- mp:end" in LocalPlace(project).everything(uid(project, "a"))


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("", "a: {effort_days: {automated: DAYS}}"),
        (" none", "a: {mode: none, effort_days: {automated: DAYS}}"),
        (" manual", "a: {mode: manual, effort_days: {automated: DAYS}}"),
    ],
)
def test_own_estimate_goes_into_the_item_that_is_listed(
    project: Path, maturity: Run, place: LocalPlace, answer: str, line: str
) -> None:
    assessment = project / "assessment.yaml"
    listed = f"answers:\n  a:{answer}\n  b:\n  c:\n  d:\n"
    text = assessment.read_text().replace("answers: {}\n", listed)
    assessment.write_text(text)
    sections = {**SECTIONS, "data": [item("a", modes=MODES), SECTIONS["data"][1]]}
    write_rubric(project, sections)
    assert maturity("plan", "--target", "2")[0] == 0
    assert maturity("sync")[0] == 0
    body = place.everything(uid(project, "a"))
    assert "`effort_days: {automated: DAYS}` into the answer that\nassessment.yaml has for" in body
    assert f"```yaml\n{line}\n```" in body
    own = line.replace("DAYS", "7")
    assessment.write_text(text.replace(f"  a:{answer}\n", f"  {own}\n"))
    assert maturity("plan", "--target", "2")[0] == 0
    assert maturity("sync")[0] == 0
    effort = "- **Effort:** 7 person-days, the team's own estimate\n"
    assert effort in place.everything(uid(project, "a"))


def test_one_of_a_thing_is_counted_as_one(project: Path, maturity: Run, place: LocalPlace) -> None:
    one = {"manual": mode(1, upkeep_days=1), "automated": mode(1, upkeep_days=1)}
    write_project(project, {"data": [item("a", modes=one)]}, target="1")
    maturity("sync")
    texts = [place.everything(name) for name in (uid(project, "a"), f"{plan_id(project)}.data")]
    assert "- **Brings:** 1 point to data\n- **Effort:** 1 person-day" in texts[0]
    assert "- **Upkeep:** 1 person-day a quarter\n" in texts[0]
    assert "brings 1 point to data for 1 person-day of effort" in texts[1]
    assert "(automated), 1 day\n" in texts[1]
    assert not re.search(r"\b1 (points|days|person-days)\b", "".join(texts))


class Person(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


def test_writes_that_leave_the_machine_need_a_yes(
    project: Path, maturity: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalTracker, "is_remote", True)
    monkeypatch.delenv("CI", raising=False)
    before = disk(project)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, out, err = maturity("sync")
    assert (code, out) == (2, "")
    assert "+ create  ticket  a (automated)" in err
    assert "Add --yes" in err
    monkeypatch.setattr("sys.stdin", Person("n\n"))
    code, out, err = maturity("sync")
    assert (code, out) == (1, "")
    assert "Apply to backlog?" in err
    assert "Nothing was changed." in err
    assert disk(project) == before
    monkeypatch.setattr("sys.stdin", Person("y\n"))
    assert maturity("sync", "--only", "a")[0] == 0
    assert maturity("sync", "--yes")[0] == 0
    assert maturity("diff", "--check")[0] == 0


def test_verbose_names_every_field(maturity: Run) -> None:
    out = maturity("-v", "diff")[1]
    assert "      title: nothing -> Tiny rubric: data\n" in out
    assert re.search(r"\n      body: nothing -> tiny-system is measured .{30,}\.\.\.\n", out)


# Several processes --------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from maturity_planner.state import exclusive
with exclusive(Path(".maturity")):
    print("held", flush=True)
    sys.stdin.read()
"""
SYNC = [sys.executable, "-m", "maturity_planner", "sync"]


def test_second_sync_at_the_same_time_waits_for_a_person(project: Path, maturity: Run) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        before = disk(project)
        done = subprocess.run(SYNC, capture_output=True, text=True, check=False)
        assert done.returncode == 4
        assert f"another command is writing here (process {holder.pid})" in done.stderr
        assert "Wait until it has ended" in done.stderr
        assert disk(project) == before
        holder.communicate("")
    assert maturity("sync")[0] == 0


def test_syncs_at_once_make_one_ticket_an_upgrade(project: Path, maturity: Run) -> None:
    running = [
        subprocess.Popen(SYNC, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(4)
    ]
    codes = [process.wait() for process in running]
    assert set(codes) <= {0, 4}
    assert 0 in codes
    assert maturity("diff", "--check")[0] == 0
    assert len(list((project / "backlog/tasks").glob("*.md"))) == 6


KILLED = """
import os, signal, sys
from maturity_planner.cli.main import run
calls, real = 0, os.fsync
def fsync(file):
    global calls
    calls += 1
    if calls == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(file)
os.fsync = fsync
run(["sync"])
"""


@pytest.mark.parametrize("at", [1, 3, 11, 14, 16])
def test_killed_sync_is_finished_by_the_next(project: Path, maturity: Run, at: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(at)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert maturity("sync")[0] == 0
    assert maturity("diff", "--check")[0] == 0
    left = [name for name in disk(project / "backlog") if not name.endswith((".md", ".gitkeep"))]
    assert left == ["config.yml"]
    assert len(list((project / "backlog/tasks").glob("*.md"))) == 6


# track --------------------------------------------------------------------------------


def test_track_without_anything_closed(maturity: Run) -> None:
    maturity("sync")
    code, out, _ = maturity("track")
    assert (code, out) == (0, "4 tickets: 4 open.\nNo new answers to propose. The score stays 0.\n")


def test_done_ticket_is_proposed_accepted_and_taken_back(
    project: Path, maturity: Run, place: LocalPlace
) -> None:
    maturity("sync")
    for name in "abc":
        place.move_to(uid(project, name), State.DONE)
    place.move_to(uid(project, "d"), State.NOT_DONE)
    before = disk(project)
    code, out, err = maturity("track")
    assert (code, disk(project)) == (0, before)
    assert "4 tickets: 3 done, 1 not done." in out
    assert "  a     none -> automated  backlog TASK-3 is done" in out
    assert "With all of them the score would go 0 -> 1." in out
    assert "track --accept all" in err

    found = data(maturity("track", "--json", "--accept", "a")[1], "track")
    assert [(p["item"], p["accepted"]) for p in found["proposals"]] == [
        ("a", True),
        ("b", False),
        ("c", False),
    ]
    assert maturity("track", "--accept", "all")[0] == 0
    text = (project / "assessment.yaml").read_text()
    assert "# What we claim.\n" in text
    assert "backlog TASK-5, done, was none" in text
    lines = (project / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["cause"].partition(": ")[0] for line in lines] == [
        "first record",
        "tickets accepted",
        "tickets accepted",
    ]
    after = disk(project)
    code, out, _ = maturity("track", "--accept", "all")
    assert (code, disk(project)) == (0, after)
    assert "No new answers to propose. The score stays 1." in out
    assert maturity("diff", "--check")[0] == 0

    place.move_to(uid(project, "c"), State.OPEN)
    code, out, _ = maturity("track", "--accept", "c")
    assert "c     automated -> none  backlog TASK-5 is open again  accepted" in out
    assert "Score 1 -> 0." in out
    assert "TASK-5" not in (project / "assessment.yaml").read_text()
    assert "No new answers" in maturity("track")[1]


def test_nothing_is_accepted_where_it_cannot_be_recorded(
    project: Path, maturity: Run, place: LocalPlace
) -> None:
    maturity("sync")
    place.move_to(uid(project, "a"), State.DONE)
    (project / "history.jsonl").mkdir()
    before = disk(project)
    code, out, err = maturity("track", "--accept", "all")
    assert (code, out, disk(project)) == (3, "", before)
    assert "history.jsonl cannot be written: Is a directory" in err


def test_a_record_that_fails_after_all_names_its_tickets(
    project: Path, maturity: Run, place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    maturity("sync")
    place.move_to(uid(project, "a"), State.DONE)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("maturity_planner.history._append", full)
    code, out, err = maturity("track", "--accept", "all")
    assert (code, out) == (3, "")
    assert "the answers of a@automated (TASK-3) were taken over, but not recorded: " in err
    assert "No space left on device" in err
    assert "backlog TASK-3" in (project / "assessment.yaml").read_text()


def test_accepting_what_is_not_proposed_says_so(project: Path, maturity: Run) -> None:
    maturity("sync")
    before = disk(project)
    code, _, err = maturity("track", "--accept", "a")
    assert (code, disk(project)) == (0, before)
    assert "No ticket proposes an answer for a." in err
    assert maturity("track", "--accept", "nothing")[0] == 2


def test_done_tickets_leave_the_plan_without_a_change(
    project: Path, maturity: Run, place: LocalPlace
) -> None:
    maturity("sync")
    for name in "ab":
        place.move_to(uid(project, name), State.DONE)
    maturity("track", "--accept", "all")
    maturity("plan", "--target", "2")
    _, out, _ = maturity("sync")
    assert out.splitlines() == [
        "- close   epic    TASK-1  Tiny rubric: data  (its tickets are done or left the plan)",
        "1 change made in backlog.",
    ]
    assert maturity("diff", "--check")[0] == 0
