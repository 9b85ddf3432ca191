"""What takes longer than a second: a line on stderr about it, and gone when it is over.

The only importer of rich, which draws the line; it is imported when there is one to draw. Putting
the line in its place is ours (docs/adr/0014-progress-with-rich.md says why).
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from . import output

if TYPE_CHECKING:
    from rich.console import Console
    from rich.spinner import Spinner

    from .context import Context

QUIET_SECONDS = 1
"""Nothing is shown about what is shorter."""

TICK_SECONDS = 0.2
LEAST_SECONDS = 0.05
"""Between two looks of the line; who reports a thousand times does not wait for as many."""

CELLS = 16


class Waiting:
    """One line on the terminal that writes over itself.

    What is printed while it stands there goes through `say` or `aside`, so that it comes out whole.
    """

    def __init__(
        self,
        stream: TextIO,
        clock: Callable[[], float],
        *,
        is_shown: bool,
        color: bool | None = None,
    ) -> None:
        """Count the time from now on; `color` as in `output.wants_color`."""
        self._stream = stream
        self._clock = clock
        self._is_shown = is_shown
        self._pen = _Pen(stream, color)
        self._lock = threading.RLock()
        self._start = clock()
        self._until = 0.0
        self._words: Callable[[], str] = str
        self._part: tuple[int, int] | None = None
        self._drawn = 0.0
        self._width = 0

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._start

    @property
    def seconds(self) -> int:
        """Whole seconds since the start."""
        return int(self.elapsed)

    def tell(self, words: Callable[[], str], part: tuple[int, int] | None = None) -> None:
        """Show the words, looked at anew each time, and how much of how much is done if known."""
        if self._is_shown:
            with self._lock:
                self._words, self._part = words, part
                self._draw()

    def busy(self, what: str, part: tuple[int, int] | None = None) -> None:
        """Show what is going on, how much of it is done if that is known, and for how long."""
        done = f", {part[0] * 100 // part[1]} %" if part else ""
        self.tell(lambda: f"{what}{done}, {self.seconds} s", part)

    def pause(self, seconds: float) -> None:
        """Count down so many seconds; 0 when the pause is over."""
        with self._lock:
            self._until = self._clock() + seconds

    def say(self, text: str) -> None:
        """Print a message above the line."""
        with self.aside():
            output.note(text)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Leave the terminal to others for a while."""
        with self._lock:
            self._erase()
            yield
            if self._is_shown:
                self._draw()

    def close(self) -> None:
        """Take the line away for good."""
        with self._lock:
            self._is_shown = False
            self._erase()

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Show the time go by while something is waited for that does not report."""
        over = threading.Event()
        if self._is_shown:
            threading.Thread(target=self._tick, args=(over,), daemon=True).start()
        try:
            yield
        finally:
            over.set()
            self.close()

    def _tick(self, over: threading.Event) -> None:
        if sys.platform != "win32":  # Ctrl-C has to wake the main thread, which may be in a call
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while not over.wait(TICK_SECONDS):
            with self._lock:
                if not self._is_shown:
                    return
                self._draw()

    def _draw(self) -> None:
        now = self._clock()
        words = self._words()
        if now - self._start < QUIET_SECONDS or not words:
            return
        if self._until > now:
            words = f"Waiting, {int(self._until - now) + 1} s more: {words}"
        if (self._width and now - self._drawn < LEAST_SECONDS) or not _is_in_front(self._stream):
            return
        width = _columns(self._stream) - 1
        line = self._pen.line(words, self._part, width, now)
        self._drawn, self._width = now, width
        # The cursor stays at the start, where an echoed ^C is written over the next time.
        self._put(f"\r{line}\r")

    def _erase(self) -> None:
        if self._width:
            # Spaces rather than an escape code: they clear the line on every terminal.
            self._put("\r" + " " * min(self._width, _columns(self._stream) - 1) + "\r")
            self._width = 0

    def _put(self, text: str) -> None:
        try:
            click.echo(text, file=self._stream, nl=False, color=True)
        except OSError:  # the terminal is gone; who has to tell something will hear of it
            self._is_shown = False


class _Paper(io.StringIO):
    """What rich draws on, instead of the terminal; it can take the same characters."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._encoding = stream.encoding or "utf-8"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute there, fixed here
        """The terminal's."""
        return self._encoding


class _Pen:
    """Draws the line with rich: in colour where the terminal has some and nobody objects."""

    def __init__(self, stream: TextIO, color: bool | None) -> None:
        self._stream = stream
        self._color = color
        self._console: Console | None = None
        self._spinner: Spinner | None = None

    def line(self, words: str, part: tuple[int, int] | None, width: int, now: float) -> str:
        """Return a bar, or a sign that something moves, and the words, `width` columns wide."""
        from rich.progress_bar import ProgressBar
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        console = self._console = self._console or self._new_console()
        self._spinner = self._spinner or Spinner("line", style="bar.complete")
        cells = min(CELLS, width // 4) if part else 1
        paper = console.file = _Paper(self._stream)
        # What the terminal cannot show would be written as an escape, which is longer.
        known = words.encode(paper.encoding, "replace").decode(paper.encoding)
        row = Table.grid(padding=(0, 1))
        row.add_column(width=cells)
        row.add_column(width=max(1, width - cells - 1), no_wrap=True, overflow="crop")
        row.add_row(
            ProgressBar(part[1], part[0]) if part else self._spinner.render(now),
            Text(" ".join(output.clean(known).split())),
        )
        console.width = width
        console.print(row)
        return paper.getvalue().splitlines()[0]

    def _new_console(self) -> Console:
        from rich.console import Console

        color = self._color
        console = Console(
            file=_Paper(self._stream),
            force_terminal=True,
            height=1,
            color_system="auto" if color is None else "standard" if color else None,
            no_color=None if color is None else not color,
            legacy_windows=False,
        )
        if console.color_system is None:  # else the bar would be of one kind from end to end
            console.no_color = True
        return console


def on_stderr(context: Context) -> Waiting:
    """Return a line on stderr; never seen without a terminal, with `--quiet`, or beside another."""
    return Waiting(
        sys.stderr,
        time.monotonic,
        is_shown=sys.stderr.isatty() and not context.quiet and not context.is_waiting,
        color=output.wants_color(context.color),
    )


@contextmanager
def waiting(context: Context, what: str) -> Iterator[Waiting]:
    """Show on stderr what is going on, as long as it does."""
    line = on_stderr(context)
    line.busy(what)
    before, context.is_waiting = context.is_waiting, True
    try:
        with line.ticking():
            yield line
    finally:
        context.is_waiting = before


def _is_in_front(stream: TextIO) -> bool:
    """Whether the terminal is ours to draw on; a job in the background would spoil a prompt."""
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):  # it is not the one that jobs are started from
        return True


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
