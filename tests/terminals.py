"""The real command at a terminal, with keys that a person presses."""

from __future__ import annotations

import codecs
import os
import pty
import select
import subprocess
import sys
import termios

# The terminal has to be the one whose Ctrl-C reaches the process.
_START = """
import fcntl, runpy, signal, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("maturity_planner", run_name="__main__", alter_sys=True)
"""


class Terminal:
    """The real command at a terminal of its own."""

    def __init__(self, *arguments: str, term: str = "dumb", columns: str = "") -> None:
        self._screen, terminal = pty.openpty()
        if columns:
            termios.tcsetwinsize(terminal, (24, int(columns)))
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            env={**os.environ, "TERM": term},
        )
        os.close(terminal)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._seen = ""
        self.transcript = ""

    def answer(self, question: str, text: str) -> str:
        """Wait for the question, then type the text; return what was shown before it."""
        while question not in self._seen:
            assert self._read(), f"{question!r} did not come: {self._seen}"
        shown, _, self._seen = self._seen.partition(question)
        os.write(self._screen, text.encode())
        return shown

    def interrupt(self, question: str) -> None:
        """Wait for the question, then press Ctrl-C, and again as long as nothing happens.

        Python loses a signal that comes between the last look for one and the wait for a line.
        """
        self.answer(question, "\x03")
        while "Interrupted" not in self._seen:
            if not select.select([self._screen], [], [], 2)[0]:
                os.write(self._screen, b"\x03")
            assert self._read(), f"it ended in another way: {self._seen}"

    def end(self) -> tuple[int, str]:
        """Return the exit code and what was shown since the last question."""
        while self._read():
            pass
        return self._process.wait(10), self._seen

    def stop(self) -> None:
        """End the command, however far it has come."""
        self._process.kill()
        self._process.wait(10)
        os.close(self._screen)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._screen], [], [], 10)
        assert ready, f"nothing came for ten seconds: {self._seen}"
        try:
            found = os.read(self._screen, 65536)
        except OSError:  # the other side is closed
            return False
        text = self._decoder.decode(found)
        self._seen += text
        self.transcript += text
        return bool(found)
