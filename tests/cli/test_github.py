"""`diff`, `sync` and `track` against GitHub, as a person or a script runs them."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from builders import document, item, mode
from fakes.faults import Fault, Kind
from fakes.github import TOKEN, FakeGitHub
from maturity_planner.cli.main import run
from maturity_planner.cli.syncing import SyncProgress
from maturity_planner.cli.waiting import Waiting
from maturity_planner.documents import dump_yaml
from maturity_planner.output_shapes import output_schema
from maturity_planner.trackers import patience
from screens import Screen
from terminals import Terminal

Run = Callable[..., tuple[int, str, str]]
SECTIONS = {
    "data": [
        item("a"),
        item("b", modes={"manual": mode(1), "automated": mode(1, needs=["a@manual"])}),
    ],
    "model": [item("c"), item("d")],
}
TITLE = "acme/fraud-model"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, github: FakeGitHub) -> Path:
    """A project with a plan for all of two sections, and a repository without issues."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    for name in ("BETWEEN_WRITES", "IN_DOUBT", "FIRST_RETRY"):
        monkeypatch.setattr(patience, name, 0)
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "assessment.yaml").write_text(
        "schema: maturity-planner/assessment/v1\nsystem: tiny-system\nrubric: tiny\n"
        "date: 2026-11-01\nanswers: {}\n"
    )
    (tmp_path / "maturity.toml").write_text(
        f'[tracker]\nkind = "github"\n[tracker.github]\nrepository = "{TITLE}"\n'
        f'base_url = "{github.base_url}"\n'
    )
    make_plan(tmp_path, SECTIONS)
    return tmp_path


def make_plan(folder: Path, sections: dict[str, list[dict[str, Any]]]) -> None:
    (folder / "rubrics/tiny.yaml").write_text(dump_yaml(document(sections)))
    assert run(["plan", "--target", "2"]) == 0


@pytest.fixture
def maturity(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the project; returns exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(list(arguments))
        printed = capsys.readouterr()
        assert TOKEN not in printed.out + printed.err
        return code, printed.out, printed.err

    return call


def data(out: str, command: str) -> Any:
    whole = json.loads(out)
    jsonschema.validate(whole, output_schema(command))
    return whole["data"]


def test_from_the_plan_to_the_score_and_back(maturity: Run, github: FakeGitHub) -> None:
    code, out, _ = maturity("diff")
    assert code == 0
    found = re.search(r"6 to create, 1 to link\. Fingerprint (\w+)\.$", out, re.M)
    assert found
    assert github.issues == []
    assert maturity("sync", "--yes", "--fingerprint", "0" * 12)[0] == 4
    code, out, err = maturity("sync", "--yes", "--fingerprint", found[1])
    assert (code, err) == (0, "Next: work on the tickets, then maturity-planner track\n")
    assert out.splitlines() == [
        "+ create  epic    #1  Tiny rubric: data",
        "+ create  epic    #2  Tiny rubric: model",
        "+ create  ticket  #3  a (automated)",
        "+ create  ticket  #4  b (automated)",
        "~ link    ticket  #4  b (automated)  (needs a@automated)",
        "+ create  ticket  #5  c (automated)",
        "+ create  ticket  #6  d (automated)",
        f"7 changes made in {TITLE}.",
    ]
    code, out, _ = maturity("sync", "--yes")
    assert (code, out) == (0, "Nothing to change: the tickets match the plan.\n")
    for number in (3, 4, 5):
        github.people.close(number)
    github.people.close(6, "not_planned")
    tracked = data(maturity("track", "--json")[1], "track")
    assert [ticket["state"] for ticket in tracked["tickets"]] == ["done"] * 3 + ["not_done"]
    code, out, _ = maturity("track", "--accept", "all")
    assert code == 0
    assert "Score 0 -> 1." in out
    assert f"{TITLE}#5, done on " in Path("assessment.yaml").read_text(encoding="utf-8")
    github.people.reopen(3)
    assert data(maturity("track", "--json")[1], "track")["proposals"][0]["to"] == "none"


def test_what_leaves_this_machine_is_confirmed(maturity: Run, github: FakeGitHub) -> None:
    code, _, err = maturity("sync")
    assert code == 2
    assert "needs a yes" in err
    assert "+ create  ticket  a (automated)" in err
    assert github.issues == []
    assert maturity("sync", "-n")[0] == 0
    assert github.issues == []


def test_json_of_a_sync_fits_its_schema(maturity: Run) -> None:
    done = data(maturity("sync", "--yes", "--json")[1], "sync")
    assert (done["tracker"], done["target"]) == ("github", TITLE)
    assert {change["applied"] for change in done["changes"]} == {True}
    assert data(maturity("diff", "--json")[1], "diff")["changes"] == []


def test_a_token_is_needed(maturity: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # no gh either
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for command in ("diff", "sync", "track"):
        code, _, err = maturity(command)
        assert code == 4
        assert "GITHUB_TOKEN" in err


def test_debug_shows_where_but_no_token(maturity: Run, github: FakeGitHub) -> None:
    github.tokens[TOKEN].is_expired = True
    code, _, err = maturity("--debug", "diff")
    assert code == 4
    assert "Traceback" in err
    assert "does not accept the token" in err


def test_a_sync_that_fails_in_the_middle_goes_on_later(maturity: Run, github: FakeGitHub) -> None:
    github.fail(Fault(Kind.DROP_BEFORE, nth=9, times=999, matches=lambda _: True))
    code, out, err = maturity("sync", "--yes")
    assert code == 4
    assert "x create  ticket" in out
    assert "cannot be reached" in err
    assert "Run this again; it goes on from here." in err
    assert "Traceback" not in err
    github.server.faults.clear()
    assert maturity("sync", "--yes")[0] == 0
    assert len(github.issues) == 6
    assert "Nothing to change" in maturity("sync")[1]


def test_a_request_that_was_never_answered_is_waited_for(
    project: Path, maturity: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = project / ".maturity/journal.jsonl"
    journal.parent.mkdir()
    lines = [
        '{"intent": "create", "uid": "x.a.b", "target": "t", "at": 1}',
        '{"done": "x.a.b", "remote": "#1"}',
        f'{{"intent": "create", "uid": "x.b.b", "target": "t", "at": {int(time.time())}}}',
        '{"intent": "cre',
    ]
    journal.write_text("\n".join(lines))
    monkeypatch.setattr(patience, "IN_DOUBT", 600)  # not slept; a slow machine takes some of it
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    code, _, err = maturity("sync", "--yes")
    assert code == 0
    assert f"The last sync was cut short while {TITLE} was busy; waiting" in err
    assert 300 < waits[0] <= 601
    assert not journal.exists()


def test_changing_many_tickets_needs_force(project: Path, maturity: Run) -> None:
    many = {"data": [item(f"a{n}") for n in range(12)]}
    (project / "plan.yaml").unlink()
    (project / "rubrics/tiny.yaml").write_text(dump_yaml(document(many)))
    assert run(["plan", "--target", "12"]) == 0
    assert maturity("sync", "--yes")[0] == 0
    (project / "templates/tickets").mkdir(parents=True)
    (project / "templates/tickets/ticket-body.md.j2").write_text("All new.\n")
    code, _, err = maturity("sync", "--yes")
    assert code == 4
    assert "would change or close 12 of 13 tickets" in err
    assert maturity("sync", "--yes", "--force")[0] == 0


def test_ctrl_c_says_how_far_it_came_and_the_next_run_goes_on(
    maturity: Run, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.fail(Fault(Kind.SECONDARY, nth=6, seconds=3))

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(time, "sleep", interrupted)
        code, _, err = maturity("sync", "--yes")
    assert code == 130
    assert "asks for a pause" in err
    assert f"Stopped after 3 of 7 changes in {TITLE}." in err
    assert maturity("sync", "--yes")[0] == 0
    assert len(github.issues) == 6
    assert sum(len(issue.children) for issue in github.issues) == 4


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_at_a_terminal_it_asks_shows_how_far_it_is_and_can_be_stopped(
    project: Path, maturity: Run, github: FakeGitHub, term: str
) -> None:
    terminal = Terminal("sync", term=term)
    try:
        asked = terminal.answer(f"Apply to {TITLE}?", "y\n")
        assert "+ create  ticket  a (automated)" in asked
        terminal.answer(" 2 of 11 writes, a few seconds left", "\x03")
        code, _ = terminal.end()
    finally:
        terminal.stop()
    assert code == 130
    screen = Screen().show(terminal.transcript)
    _, _, after = screen.partition(f"Apply to {TITLE}? [y/N]: y\n")
    made, _, end = after.partition("\nStopped after ")
    # Each line came out whole. At Ctrl-C a terminal echoes it and drops what is on its way, which
    # may be what takes the line away.
    assert made
    assert [n for n in made.splitlines() if not n.startswith(("+ create  ", "^C"))] == []
    assert re.match(rf"\d of 7 changes in {TITLE}\.\n", end)
    assert end.endswith("sync` again; it goes on from here.")
    assert "\N{REPLACEMENT CHARACTER}" not in screen
    assert 2 <= len(github.issues) <= 4
    assert maturity("sync", "--yes")[0] == 0
    assert len(github.issues) == 6


# Progress -----------------------------------------------------------------------------


def test_progress_tells_how_far_and_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    stream, screen = io.StringIO(), Screen()
    line = Waiting(stream, lambda: now, is_shown=True)
    progress = SyncProgress(line, 240, between_writes=1)
    assert stream.getvalue() == ""
    now = 1.0
    progress.add(0)
    assert "0 of 240 writes, about 4 min left (Ctrl-C stops" in screen.show(stream.getvalue())
    now = 240.0
    progress.add(120)
    assert "120 of 240 writes, about 4 min left" in screen.show(stream.getvalue())
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}" * 8 in screen.seen
    line.say("A pause.")
    assert capsys.readouterr().err == "A pause.\n"
    line.close()
    assert Screen().show(stream.getvalue()) == ""


def test_a_pause_is_said_above_the_line_and_counted_down(project: Path, github: FakeGitHub) -> None:
    github.fail(Fault(Kind.SECONDARY, nth=1, seconds=3, matches=lambda r: r.method == "GET"))
    terminal = Terminal("diff", term="xterm")
    try:
        said = terminal.answer(f"s more: Reading the tickets of {TITLE}, ", "")
        code, _ = terminal.end()
    finally:
        terminal.stop()
    assert code == 0
    assert re.search(r"asks for a pause .*; waiting 3 s\r?\n(.*\r)?.* Waiting, [123] $", said, re.S)
    first, second, *_ = Screen(300).show(terminal.transcript).splitlines()
    assert first.startswith("127.0.0.1")
    assert "asks for a pause" in first
    assert second.startswith("+ create")
    assert "\x1b[" in said


def late(seconds: float) -> Fault:
    """An answer to a question that takes its time."""
    return Fault(Kind.LATE_AFTER, seconds=seconds, matches=lambda r: r.method == "GET")


def test_the_doctor_shows_that_a_slow_server_is_asked(project: Path, github: FakeGitHub) -> None:
    github.fail(late(2.5))
    terminal = Terminal("doctor", term="xterm")
    try:
        terminal.answer(f"Asking github {TITLE}, 1 s", "")
        code, _ = terminal.end()
    finally:
        terminal.stop()
    assert code == 0
    shown = Screen(300).show(terminal.transcript)
    assert "Asking" not in shown
    assert "\nTracker\n  ok  token: accepted" in shown


def test_ctrl_c_does_not_wait_for_a_slow_server(project: Path, github: FakeGitHub) -> None:
    github.fail(late(60))
    terminal = Terminal("diff", term="xterm")
    try:
        terminal.answer(f"Reading the tickets of {TITLE}, ", "\x03")
        pressed = time.monotonic()
        code, _ = terminal.end()
        assert time.monotonic() - pressed < 45
    finally:
        terminal.stop()
        github.server.faults.clear()
    assert code == 130
    assert Screen(300).show(terminal.transcript) == (
        "\n\nInterrupted. Nothing is half-written; the command can be run again."
    )


def test_a_token_command_that_asks_has_the_terminal_to_itself(
    project: Path, github: FakeGitHub
) -> None:
    github.fail(late(2))
    asks = f"sh -c 'printf \"PIN? \" >/dev/tty; sleep 2; echo >/dev/tty; echo {TOKEN}'"
    with (project / "maturity.toml").open("a") as settings:
        settings.write(f"token_command = {json.dumps(asks)}\n")
    terminal = Terminal("diff", term="xterm")
    try:
        terminal.answer("Permit that, from now on? [y/N]: ", "y\n")
        terminal.answer("PIN? ", "")
        assert terminal.answer("\n", "") == "\r"
        terminal.answer("Reading the tickets", "")
        code, _ = terminal.end()
    finally:
        terminal.stop()
    assert code == 0
    _, _, after = Screen(300).show(terminal.transcript).partition("[y/N]: y\n")
    assert after.startswith("PIN?\n+ create")
