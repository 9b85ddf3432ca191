"""The lock of a project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from maturity_planner.errors import Conflict, UserError
from maturity_planner.state import exclusive

HOLDER = """
import sys
from pathlib import Path
from maturity_planner.state import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_folder_is_made_and_hidden_from_git(tmp_path: Path) -> None:
    with exclusive(tmp_path / ".maturity"):
        assert (tmp_path / ".maturity" / ".gitignore").read_text() == "*\n"
        assert (tmp_path / ".maturity" / "lock").read_text() == f"{os.getpid()}\n"


def test_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mine"), exclusive(tmp_path):
        raise ValueError("mine")
    with exclusive(tmp_path):
        pass


def test_second_process_is_told_who_holds_it_until_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Conflict, match=rf"process {holder.pid}\)") as stop, exclusive(tmp_path):
            raise AssertionError
        assert stop.value.exit_code == 4
        holder.kill()
    with exclusive(tmp_path):
        pass


@pytest.mark.parametrize("name", ["lock", ".gitignore"])
def test_link_is_never_followed(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("precious")
    folder = tmp_path / "project" / ".maturity"
    folder.mkdir(parents=True)
    (folder / name).symlink_to(outside)
    if name == "lock":
        with pytest.raises(UserError, match="cannot be written"), exclusive(folder):
            raise AssertionError
    else:
        with exclusive(folder):
            pass
    assert outside.read_text() == "precious"


def test_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".maturity").write_text("a file")
    with pytest.raises(UserError, match="cannot be written"), exclusive(tmp_path / ".maturity"):
        raise AssertionError
