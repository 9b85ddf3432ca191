"""The line about what takes long: when it is there, how it looks, and that nothing of it stays."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from maturity_planner.cli.context import Context
from maturity_planner.cli.waiting import Waiting, on_stderr, waiting
from screens import Screen


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def started(*, color: bool | None = None) -> tuple[Waiting, Clock, io.StringIO]:
    clock, stream = Clock(), io.StringIO()
    return Waiting(stream, clock, is_shown=True, color=color), clock, stream


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_the_first_second_shows_nothing() -> None:
    line, clock, stream = started()
    clock.seconds += 0.99
    line.busy("Looking")
    line.close()
    assert stream.getvalue() == ""


def test_a_line_writes_over_itself_and_is_gone_in_the_end() -> None:
    line, clock, stream = started()
    clock.seconds += 2
    line.busy("Looking at something long")
    assert Screen().show(stream.getvalue())[2:] == "Looking at something long, 2 s"
    clock.seconds += 1
    line.busy("Short", (1, 4))
    bar, _, words = Screen().show(stream.getvalue()).partition(" ")
    assert (len(bar), words) == (16, "Short, 25 %, 3 s")
    line.close()
    assert Screen().show(stream.getvalue()) == ""
    assert "\n" not in stream.getvalue()
    line.busy("Nothing more")
    assert Screen().show(stream.getvalue()) == ""


def test_a_job_in_the_background_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shared(io.StringIO):
        def fileno(self) -> int:
            return 2

    front = os.getpgrp() + 1
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: front)
    clock, stream = Clock(), Shared()
    line = Waiting(stream, clock, is_shown=True)
    clock.seconds += 2
    line.busy("Reading")
    assert stream.getvalue() == ""
    front = os.getpgrp()
    line.busy("Reading")
    assert "Reading, 2 s" in stream.getvalue()


def test_who_reports_often_is_drawn_now_and_then() -> None:
    line, clock, stream = started()
    clock.seconds += 2
    for count in range(100):
        clock.seconds += 0.001
        line.busy(f"{count} read")
    assert stream.getvalue().count("read") == 2


@pytest.mark.parametrize("columns", [200, 80, 40, 20, 8, 3])
@pytest.mark.parametrize("part", [None, (0, 3), (3, 3)])
def test_the_line_fits_the_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int, part: tuple[int, int] | None
) -> None:
    monkeypatch.setattr("maturity_planner.cli.waiting._columns", lambda _: columns)
    line, clock, stream = started()
    clock.seconds += 2
    line.busy("\N{CJK UNIFIED IDEOGRAPH-6F22}" * 60 + "words " * 60, part)
    screen = Screen(columns)
    screen.show(stream.getvalue())
    assert len(screen.lines) == 1
    line.close()
    assert Screen(columns).show(stream.getvalue()) == ""


def test_a_terminal_that_becomes_narrow_keeps_no_second_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = 80
    monkeypatch.setattr("maturity_planner.cli.waiting._columns", lambda _: columns)
    line, clock, stream = started()
    clock.seconds += 2
    line.busy("Looking")
    drawn = len(stream.getvalue())
    columns = 30
    line.close()
    assert len(stream.getvalue()) - drawn == 31


def test_hostile_words_are_words() -> None:
    line, clock, stream = started(color=False)
    clock.seconds += 2
    line.busy("[red]a[/] [/b] :smile: \x1b[2J\x1b]0;t\x07\u202eb\r\nc\td")
    seen = Screen().show(stream.getvalue())
    assert "[red]a[/] [/b] :smile: \ufffd[2J\ufffd]0;t\ufffd\ufffdb\ufffd c d, 2 s" in seen


def test_characters_that_the_terminal_has_not_are_replaced_and_counted_right() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="backslashreplace", write_through=True)
    clock = Clock()
    line = Waiting(stream, clock, is_shown=True, color=False)
    clock.seconds += 2
    line.busy("th\u00e9 \u6f22 \udc80" + "." * 99, (1, 2))
    screen = Screen()
    assert screen.show(raw.getvalue().decode()).startswith("--------         th? ? ?....")
    assert len(screen.lines) == 1


@pytest.mark.parametrize(
    ("color", "variables", "is_coloured"),
    [
        (None, {}, True),
        (None, {"NO_COLOR": "1"}, False),
        (None, {"TERM": "dumb"}, False),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, True),
        (True, {"TERM": "dumb"}, True),
    ],
)
def test_colour_is_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    color: bool | None,
    variables: dict[str, str],
    is_coloured: bool,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    line, clock, stream = started(color=color)
    clock.seconds += 2
    line.busy("Looking", (1, 2))
    assert ("\x1b[" in stream.getvalue()) is is_coloured
    # Without colour what is left to do is blank: else the bar would say nothing.
    seen = Screen().show(stream.getvalue())
    assert seen.count("\N{BOX DRAWINGS HEAVY HORIZONTAL}") == (15 if is_coloured else 8)


def test_a_pause_is_counted_down() -> None:
    line, clock, stream = started()
    line.busy("Reading")
    line.pause(60)
    clock.seconds += 17.5
    line.busy("Reading")
    assert "Waiting, 43 s more: Reading, 17 s" in Screen().show(stream.getvalue())
    line.pause(0)
    clock.seconds += 1
    line.busy("Reading")
    assert "Waiting" not in Screen().show(stream.getvalue())


def test_messages_come_out_whole_above_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line, clock, stream = started()
    monkeypatch.setattr(sys, "stderr", stream)
    clock.seconds += 2
    line.busy("Reading a long list of tickets")
    line.say("A pause.")
    with line.aside():
        stream.write("Two\nlines.\n")
    first, second, third, last = Screen().show(stream.getvalue()).splitlines()
    assert (first, second, third) == ("A pause.", "Two", "lines.")
    assert last[2:] == "Reading a long list of tickets, 2 s"
    line.close()
    line.say("The end.")
    assert Screen().show(stream.getvalue()) == "A pause.\nTwo\nlines.\nThe end."


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_time_goes_by_though_nothing_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maturity_planner.cli.waiting.TICK_SECONDS", 0.001)
    monkeypatch.setattr("maturity_planner.cli.waiting.LEAST_SECONDS", 0)
    line, clock, stream = started()
    before = threading.active_count()
    line.busy("Reading")
    with line.ticking():
        clock.seconds += 5
        wait_for(lambda: "Reading, 5 s" in stream.getvalue())
        clock.seconds += 1
        wait_for(lambda: "Reading, 6 s" in stream.getvalue())
        with line.aside():
            written = len(stream.getvalue())
            time.sleep(0.05)
            assert len(stream.getvalue()) == written
    assert Screen().show(stream.getvalue()) == ""
    wait_for(lambda: threading.active_count() == before)


def test_a_terminal_that_went_away_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        tries = 0

        def write(self, text: str) -> int:
            self.tries += 1
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("maturity_planner.cli.waiting.TICK_SECONDS", 0.001)
    clock, gone = Clock(), Gone()
    line = Waiting(gone, clock, is_shown=True)
    before = threading.active_count()
    line.busy("Reading")
    with line.ticking():
        clock.seconds += 5
        wait_for(lambda: threading.active_count() == before)
        line.busy("Reading on")
    assert 1 <= gone.tries <= 2


@pytest.mark.parametrize(
    ("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True), (io.StringIO(), True)]
)
def test_without_a_terminal_and_when_quiet_there_is_no_line_and_no_thread(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, quiet: bool
) -> None:
    now = 0.0
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    threads = threading.active_count()
    with waiting(Context(quiet=quiet), "Reading") as line:
        now = 5.0
        line.busy("Reading", (1, 2))
        line.pause(3)
        with line.aside():
            assert threading.active_count() == threads
    assert stream.getvalue() == ""


def test_at_a_terminal_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    line = on_stderr(Context(color="never"))
    now = 5.0
    line.busy("Reading")
    assert Screen().show(stream.getvalue())[2:] == "Reading, 5 s"
    assert "\x1b" not in stream.getvalue()


def test_there_is_one_line_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr("maturity_planner.cli.waiting.TICK_SECONDS", 60)
    context = Context()
    with waiting(context, "Checking") as outer:
        with waiting(context, "Reading") as inner:
            now = 5.0
            inner.busy("Reading")
            assert stream.getvalue() == ""
        outer.busy("Checking")
    assert "Checking, 5 s" in stream.getvalue()
    assert Screen().show(stream.getvalue()) == ""
    assert not context.is_waiting


@pytest.mark.parametrize(("is_shown", "seconds"), [(False, 9), (True, 0.5), (True, 9)])
def test_rich_is_imported_when_there_is_something_to_draw(is_shown: bool, seconds: float) -> None:
    code = (
        "import io, sys\n"
        "from maturity_planner.cli.waiting import Waiting\n"
        "now = 0\n"
        f"line = Waiting(io.StringIO(), lambda: now, is_shown={is_shown})\n"
        f"now = {seconds}\n"
        "with line.ticking():\n"
        "    line.busy('Reading')\n"
        "print('rich' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{is_shown and seconds >= 1}\n"
