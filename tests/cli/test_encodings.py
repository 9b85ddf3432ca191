"""Outputs that lack signs of a text: the rest is told all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from results import Runner


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
def test_what_an_encoding_lacks_is_no_bug(project: Path, call: Runner, encoding: str) -> None:
    note = "\u76d1\u63a7 \u2192 \u00e9t\u00e9"
    assert call("score", "--record")[0] == 0
    path = project / "assessment.yaml"
    text = path.read_text(encoding="utf-8").replace("system: fraud", f"system: {note} fraud")
    path.write_text(text, encoding="utf-8")

    def told(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "maturity_planner", *arguments],
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding)

    shown = note if encoding == "utf-8" else "?? ? \u00e9t\u00e9"
    for style in ("text", "html", "markdown"):
        code, out, err = told("report", "--format", style)
        assert (code, err) == (0, "")
        assert shown in out
    code, out, err = told("history")
    assert (code, err) == (0, "")
    assert ("\u2584" if encoding == "utf-8" else "Score 0.5 -> 0.5  :") in out
    code, _, err = told("show", note)
    assert code in {2, 3}
    assert "bug" not in err


def test_escape_codes_that_were_typed_are_not_given_back(call: Runner) -> None:
    for arguments in (("score", "--fail-under", "\x1b[2J\x01"), ("\x1b[2J",), ("score", "--\x1b")):
        code, _, err = call(*arguments)
        assert code == 2
        assert "\x1b" not in err
        assert "\x01" not in err
