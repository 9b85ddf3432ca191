from __future__ import annotations

import sys
from pathlib import Path

import pytest

from maturity_planner.credentials import read_token
from maturity_planner.errors import AuthError

CANARY = "canary-7d1f"


def command(code: str) -> dict[str, str]:
    return {"token_command": f'{sys.executable} -c "{code}"'}


def test_the_command_wins_and_its_first_line_counts(tmp_path: Path) -> None:
    settings = command(f"print('{CANARY}'); print('more')")
    assert read_token("github", settings, {"GITHUB_TOKEN": "other"}, tmp_path) == CANARY


def test_the_first_variable_that_is_set_counts(tmp_path: Path) -> None:
    environ = {"GITHUB_TOKEN": "  ", "GH_TOKEN": f" {CANARY}\n"}
    assert read_token("github", {}, environ, tmp_path) == CANARY


def test_no_token_names_the_variable_and_the_setting(tmp_path: Path) -> None:
    with pytest.raises(AuthError) as caught:
        read_token("jira", {}, {}, tmp_path)
    assert "JIRA_TOKEN" in caught.value.fix
    assert "token_command" in caught.value.fix


@pytest.mark.parametrize(
    ("settings", "cause"),
    [
        (command(f"print('{CANARY}'); raise SystemExit(3)"), "exit code 3"),
        (command(f"import os; os.write(2, b'{CANARY}')"), "printed nothing"),
        (command("import os; os.write(1, bytes([255]))"), "not text"),
        ({"token_command": "no-such-program-here"}, "could not be started"),
        ({"token_command": 'open "quote'}, "not a command line"),
    ],
)
def test_a_command_that_fails_says_why_and_repeats_nothing(
    tmp_path: Path, settings: dict[str, str], cause: str
) -> None:
    with pytest.raises(AuthError) as caught:
        read_token("github", settings, {}, tmp_path)
    assert cause in caught.value.message
    assert CANARY not in caught.value.message
