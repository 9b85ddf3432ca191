"""The lock of a project, and the journal of what was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from maturity_planner.errors import Conflict, UserError
from maturity_planner.state import Journal, exclusive

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
    with pytest.raises(UserError, match="is not a folder"), exclusive(tmp_path / ".maturity"):
        raise AssertionError


def test_a_request_without_an_answer_is_in_doubt_for_a_while(tmp_path: Path) -> None:
    now = 1000.6
    journal = Journal(tmp_path, lambda: now)
    assert journal.doubts(20) == 0
    journal.intend("create", "p.a.m", "o/r")
    journal.done("p.a.m", "#1")
    assert journal.doubts(20) == 0
    journal.intend("create", "p.b.m", "o/r")
    now = 1003.6
    assert journal.doubts(20) == pytest.approx(17.4)
    now = 1100
    assert journal.doubts(20) == 0
    now = 10  # the clock was set back
    assert journal.doubts(20) == 20
    journal.forget()
    assert Journal(tmp_path, lambda: now).doubts(20) == 0


def test_a_torn_line_of_the_journal_hides_no_other(tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda: 1000)
    journal.intend("create", "p.a.m", "o/r")
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'\n{"done": "p.a')
    assert journal.doubts(20) == 21
    journal.done("p.a.m", "#1")
    assert journal.doubts(20) == 0
    path.write_bytes(b"\xff\n[]\n7\nnull\n{}\n" + b'{"intent": "create", "uid": "x"}\n')
    assert journal.doubts(20) == 0
    endless = b'{"intent": "create", "uid": "x", "at": 1e999}\n'
    large = endless.replace(b"1e999", b"9" * 400)
    deep = b"[" * 100_000 + b"\n"
    path.write_bytes(endless + large + deep + b'{"intent": "update", "uid": "y", "at": 1}')
    assert journal.unfinished() == {"y"}
    assert journal.doubts(20) == 0


def test_a_journal_that_cannot_be_written_stops_the_request(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="cannot be written"):
        Journal(tmp_path, lambda: 1000).intend("create", "p.a.m", "o/r")
    assert not (tmp_path / "elsewhere").exists()
