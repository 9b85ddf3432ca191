"""What a long search shows on the terminal, and what Ctrl-C does to it."""

from __future__ import annotations

import io
import os
import signal

import pytest

from maturity_planner.cli.progress import Progress, searching
from maturity_planner.core.solver import OutOfTime
from maturity_planner.errors import Undecided


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


def started(columns: int = 80, *, is_shown: bool = True) -> tuple[Progress, Clock, io.StringIO]:
    clock, stream = Clock(), io.StringIO()
    return Progress(stream, clock, columns=columns, is_shown=is_shown), clock, stream


def screen(text: str) -> str:
    """What a terminal shows after the text: a return goes to the start of the line."""
    line: list[str] = []
    for part in text.split("\r"):
        line[: len(part)] = part
    return "".join(line).rstrip()


def test_a_short_search_shows_nothing() -> None:
    progress, clock, stream = started()
    progress.watch("proving the cost")
    clock.seconds += 0.99
    progress.watch("proving the cost")
    progress.clear()
    assert stream.getvalue() == ""


def test_a_long_search_writes_over_its_own_line_and_takes_it_away() -> None:
    progress, clock, stream = started()
    clock.seconds += 3.4
    progress.watch("proving the cost")
    text = "Planning: proving the cost, 3 s  (Ctrl-C takes the best so far)"
    assert screen(stream.getvalue()) == text
    progress.watch("proving the cost")
    assert stream.getvalue().count("Planning") == 1
    clock.seconds += 1
    progress.found = "2 points found"
    progress.watch("settling ties")
    assert screen(stream.getvalue()) == (
        "Planning: settling ties, 2 points found, 4 s  (Ctrl-C takes the best so far)"
    )
    progress.found = ""
    progress.watch("settling ties")
    assert screen(stream.getvalue()).endswith("4 s  (Ctrl-C takes the best so far)")
    progress.clear()
    assert screen(stream.getvalue()) == ""
    assert "\n" not in stream.getvalue()


def test_the_line_fits_the_terminal() -> None:
    progress, clock, stream = started(columns=20)
    clock.seconds += 2
    progress.watch("proving the cost")
    assert len(screen(stream.getvalue())) == 19


def test_without_a_terminal_nothing_is_shown_and_ctrl_c_is_heard_all_the_same() -> None:
    progress, clock, stream = started(is_shown=False)
    clock.seconds += 5
    progress.watch("proving the cost")
    progress.stop()
    with pytest.raises(KeyboardInterrupt):
        progress.watch("proving the cost")
    with pytest.raises(KeyboardInterrupt):
        progress.stop()
    assert stream.getvalue() == ""


def test_ctrl_c_waits_for_the_search_to_report_and_then_is_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with searching(io.StringIO(), Clock(), quiet=False) as progress:
        os.kill(os.getpid(), signal.SIGINT)
        assert progress.is_stopped
        with pytest.raises(KeyboardInterrupt):
            progress.watch("proving the cost")
    assert signal.getsignal(signal.SIGINT) is before


def test_the_line_is_gone_when_the_search_fails() -> None:
    stream, clock = Terminal(), Clock()

    def search() -> None:
        with searching(stream, clock, quiet=False) as progress:
            clock.seconds += 5
            progress.watch("proving the cost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        search()
    assert "Planning" in stream.getvalue()
    assert screen(stream.getvalue()) == ""


def test_quiet_means_quiet() -> None:
    stream, clock = Terminal(), Clock()
    with searching(stream, clock, quiet=True) as progress:
        clock.seconds += 5
        progress.watch("proving the cost")
    assert stream.getvalue() == ""


def test_an_ignored_ctrl_c_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with searching(io.StringIO(), Clock(), quiet=False) as progress:
            os.kill(os.getpid(), signal.SIGINT)
            assert not progress.is_stopped
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_nothing_found_in_time_is_neither_yes_nor_no() -> None:
    out_of_time = pytest.raises(Undecided, match="nobody knows yet")
    with out_of_time as caught, searching(io.StringIO(), Clock(), quiet=False):
        raise OutOfTime
    assert "--time-limit" in caught.value.fix
    assert caught.value.exit_code == 1
