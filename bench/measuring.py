"""What one child process takes: time, peak memory, what it printed. A late one is stopped."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_SECONDS = 300.0

PLAN = (sys.executable, "-m", "maturity_planner", "plan", "-n", "--json")
"""Our public command in a process of its own, to be given what to plan for."""


def use_bytecode() -> None:
    """Let the children keep their bytecode, as modules that pip installs have it.

    Some shells forbid Python to write any; then every run would compile all of ours again.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", tempfile.mkdtemp(prefix="bytecode-"))


@dataclass(frozen=True, slots=True)
class Run:
    """A finished child: wall time, CPU time, peak memory in MB, exit code, output; if stopped."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    code: int
    output: str
    errors: str
    is_late: bool

    @property
    def data(self) -> Any:
        """The data of the JSON that the child printed; None where there is none."""
        try:
            document = json.loads(self.output)
        except ValueError:
            return None
        return document.get("data", document)

    @property
    def shown(self) -> str:
        """The time in seconds."""
        return f"over {self.seconds:.0f}" if self.is_late else f"{self.seconds:.2f}"


def measure(
    command: Sequence[str | Path],
    cwd: Path,
    *,
    environment: Mapping[str, str] | None = None,
    most_seconds: float = MOST_SECONDS,
) -> Run:
    """Run the command and return what it took.

    The peak memory is that of the largest process in it. A child starts as a copy of this
    process, whose memory would count as its own: so nothing large is made or read in here.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,  # to stop the children of the child, too
        )
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            os.killpg(child.pid, signal.SIGKILL)

        timer = threading.Timer(most_seconds, stop)
        timer.start()
        try:
            # Not reaped yet, so that the number is still the child's while the timer can fire.
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            seconds = time.perf_counter() - start
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
            timer.join()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        return Run(
            seconds,
            usage.ru_utime + usage.ru_stime,
            _megabytes(usage),
            child.returncode,
            _text(output),
            _text(errors),
            is_late.is_set(),
        )


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * 1024 / 1_000_000  # Linux counts in kilobytes of 1024


def _text(file: Any) -> str:
    file.seek(0)
    text: str = file.read().decode("utf-8", "replace")
    return text
