from __future__ import annotations

import sys
from pathlib import Path

import pytest

from maturity_planner.credentials import read_token, token_source
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


def gh(folder: Path, code: str) -> dict[str, str]:
    """Return an environment with a `gh` that runs the code."""
    folder.mkdir(exist_ok=True)
    path = folder / "gh"
    path.write_text(f"#!{sys.executable}\nimport sys\n{code}\n", encoding="utf-8")
    path.chmod(0o755)
    return {"PATH": str(folder)}


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, "github.com"),
        ({"base_url": "https://api.github.com"}, "github.com"),
        ({"base_url": "https://github.example.com:8443/api/v3"}, "github.example.com"),
    ],
)
def test_gh_is_asked_last_and_for_the_server(
    tmp_path: Path, settings: dict[str, str], host: str
) -> None:
    environ = gh(tmp_path / "bin", "print(*sys.argv[1:])")
    assert read_token("github", settings, environ, tmp_path) == f"auth token --hostname {host}"
    environ["GH_TOKEN"] = CANARY
    assert read_token("github", settings, environ, tmp_path) == CANARY


@pytest.mark.parametrize("code", ["sys.exit(1)", f"print('{CANARY}'); sys.exit(4)", "print()"])
def test_a_gh_that_knows_no_token_is_as_none(tmp_path: Path, code: str) -> None:
    with pytest.raises(AuthError, match="there is no token for github") as caught:
        read_token("github", {}, gh(tmp_path / "bin", code), tmp_path)
    assert CANARY not in str(caught.value)


def test_where_a_token_would_come_from_is_told_without_reading_it(tmp_path: Path) -> None:
    environ = gh(tmp_path / "bin", "raise AssertionError")
    assert token_source("github", {}, {}) == ""
    assert token_source("jira", {}, environ) == ""
    assert token_source("github", {}, environ) == "gh auth token"
    assert token_source("github", {}, environ | {"GITHUB_TOKEN": "a"}) == "GITHUB_TOKEN"
    assert token_source("github", {"token_command": "x"}, environ) == "token_command"
