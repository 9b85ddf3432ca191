"""How the command starts: with closed streams, and interrupted before it is all there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from maturity_planner.cli import INTERRUPTED


def started(redirected: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a stream redirected as a shell does it."""
    command = [sys.executable, "-m", "maturity_planner", *arguments]
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirected}', "sh", *command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_closed_stream_is_no_bug(project: Path, closed: str) -> None:
    usual, done = (started(one, project, "score") for one in ("", closed))
    assert usual.returncode == done.returncode == 0
    assert done.stdout == ("" if ">&-" in closed.split() else usual.stdout)
    assert done.stderr == ("" if "2>&-" in closed else usual.stderr)


def test_without_stdout_a_command_does_its_work(project: Path) -> None:
    done = started(">&-", project, "plan")
    assert done.returncode == 0
    assert "maturity-planner/plan/" in (project / "plan.yaml").read_text(encoding="utf-8")


def test_without_stdin_nobody_answers(project: Path) -> None:
    usual, done = (started(one, project, "assess") for one in ("", "<&-"))
    assert done.returncode == usual.returncode == 2
    assert done.stderr == usual.stderr


def test_an_interruption_before_everything_is_imported_ends_as_one_later() -> None:
    code = (
        "import sys\n"
        "class Pressed:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Pressed())\n"
        "from maturity_planner.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, f"\n{INTERRUPTED}\n")
