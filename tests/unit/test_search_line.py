"""What a long search shows on the terminal, and what Ctrl-C does to it."""

from __future__ import annotations

import io
import os
import signal

import pytest

from maturity_planner.cli.search_line import Progress, searching
from maturity_planner.cli.waiting import Waiting
from maturity_planner.core.solver import OutOfTime
from maturity_planner.errors import Undecided
from screens import Screen


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def started(*, is_shown: bool = True) -> tuple[Progress, Clock, io.StringIO]:
    clock, stream = Clock(), io.StringIO()
    return Progress(Waiting(stream, clock, is_shown=is_shown)), clock, stream


def seen(stream: io.StringIO) -> str:
    """What a terminal shows beside the sign that turns."""
    return Screen().show(stream.getvalue())[2:]


def silent() -> Waiting:
    return Waiting(io.StringIO(), Clock(), is_shown=False)


def test_a_short_search_shows_nothing() -> None:
    progress, clock, stream = started()
    progress.watch("proving the cost")
    clock.seconds += 0.99
    progress.watch("proving the cost")
    assert stream.getvalue() == ""


def test_a_long_search_says_what_it_is_busy_with() -> None:
    progress, clock, stream = started()
    clock.seconds += 3.4
    progress.watch("proving the cost")
    text = "Planning: proving the cost, 3 s (Ctrl-C takes the best so far)"
    assert seen(stream) == text
    clock.seconds += 1
    progress.found = "2 points found"
    progress.watch("settling ties")
    assert seen(stream) == (
        "Planning: settling ties, 2 points found, 4 s (Ctrl-C takes the best so far)"
    )
    progress.stop()
    clock.seconds += 0.1
    with pytest.raises(KeyboardInterrupt):
        progress.watch("settling ties")
    assert seen(stream).startswith("Planning: ending, 2 points found, 4 s")


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
    with searching(silent()) as progress:
        os.kill(os.getpid(), signal.SIGINT)
        assert progress.is_stopped
        with pytest.raises(KeyboardInterrupt):
            progress.watch("proving the cost")
    assert signal.getsignal(signal.SIGINT) is before


def test_the_line_is_gone_when_the_search_fails() -> None:
    stream, clock = io.StringIO(), Clock()

    def search() -> None:
        with searching(Waiting(stream, clock, is_shown=True)) as progress:
            clock.seconds += 5
            progress.watch("proving the cost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        search()
    assert "Planning" in stream.getvalue()
    assert Screen().show(stream.getvalue()) == ""


def test_an_ignored_ctrl_c_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with searching(silent()) as progress:
            os.kill(os.getpid(), signal.SIGINT)
            assert not progress.is_stopped
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_nothing_found_in_time_is_neither_yes_nor_no() -> None:
    out_of_time = pytest.raises(Undecided, match="nobody knows yet")
    with out_of_time as caught, searching(silent()):
        raise OutOfTime
    assert "--time-limit" in caught.value.fix
    assert caught.value.exit_code == 1
