from __future__ import annotations

from pathlib import Path

import pytest

from maturity_planner.errors import ConfigError
from maturity_planner.permits import missing_permits

SERVER = "https://github.example.com/api/v3"
COMMAND = "pass show github"


def environ(folder: Path, **more: str) -> dict[str, str]:
    tokens = {"GITHUB_TOKEN": "canary-7d1f", "JIRA_TOKEN": "canary-7d1f", "PATH": ""}
    return tokens | {"XDG_STATE_HOME": str(folder / "state")} | more


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("", {}),
        ("https://api.github.com", {}),
        ("https://api.github.com/", {}),
        ("http://127.0.0.1:4000/api/v3", {}),
        ("http://localhost:4000", {}),
        ("http://[::1]:4000", {}),
        (SERVER, {"GITHUB_API_URL": SERVER}),
        (SERVER + "/", {"GITHUB_API_URL": SERVER}),
        (SERVER, {"GH_HOST": "github.example.com"}),
        (SERVER, {"MATURITY_PLANNER_SERVER": SERVER + "/"}),
        (SERVER, {"GITHUB_TOKEN": ""}),
    ],
)
def test_what_needs_no_permit(tmp_path: Path, address: str, more: dict[str, str]) -> None:
    known = environ(tmp_path, **more)
    assert missing_permits("github", {"base_url": address}, known, tmp_path) == ()
    assert missing_permits("local", {}, known, tmp_path) == ()


@pytest.mark.parametrize(
    "address",
    [
        SERVER,
        "https://api.github.com.example.com",
        "https://api.github.com/evil/..",
        "https://127.0.0.1.example.com",
        "https://127.0.0.1\\.example.com",
        "https://localhost%2eexample.com",
        "https://0.0.0.0",
        "https://\uff4cocalhost",
    ],
)
def test_any_other_address_needs_one(tmp_path: Path, address: str) -> None:
    (permit,) = missing_permits("github", {"base_url": address}, environ(tmp_path), tmp_path)
    assert permit.value == address


def test_a_site_of_jira_needs_one_and_a_host_of_github_is_none_of_jira(tmp_path: Path) -> None:
    known = environ(tmp_path, GH_HOST="acme.atlassian.net", GITHUB_API_URL="https://a.example")
    for server in ("https://acme.atlassian.net", "https://a.example", "https://api.github.com"):
        (permit,) = missing_permits("jira", {"server": server}, known, tmp_path)
        error = permit.refusal()
        assert f"the settings send the token of JIRA_TOKEN to {server}" in error.message
        assert f"set MATURITY_PLANNER_SERVER to {server}." in error.fix
        assert error.exit_code == 3
    assert missing_permits("jira", {"server": server}, {"PATH": ""}, tmp_path) == ()


def test_a_permit_counts_for_its_address_and_kind_in_every_folder(tmp_path: Path) -> None:
    known = environ(tmp_path)
    (permit,) = missing_permits("github", {"base_url": SERVER}, known, tmp_path)
    permit.grant(known)
    permit.grant(known)
    assert missing_permits("github", {"base_url": SERVER}, known, tmp_path / "other") == ()
    assert missing_permits("github", {"base_url": SERVER + "x"}, known, tmp_path) != ()
    assert missing_permits("jira", {"server": SERVER}, known, tmp_path) != ()
    (kept,) = (tmp_path / "state/maturity-planner/permits").iterdir()
    assert kept.read_bytes() == b""
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_a_command_is_permitted_word_by_word_in_one_folder(tmp_path: Path) -> None:
    known = environ(tmp_path)
    settings = {"token_command": COMMAND}
    (permit,) = missing_permits("github", settings, known, tmp_path)
    error = permit.refusal()
    assert COMMAND not in error.message + error.fix
    assert "MATURITY_PLANNER_TOKEN_COMMAND to the very text of the setting" in error.fix
    permit.grant(known)
    assert missing_permits("github", settings, known, tmp_path) == ()
    assert missing_permits("github", settings, known, tmp_path / "other") != ()
    assert missing_permits("github", {"token_command": COMMAND + "s"}, known, tmp_path) != ()
    named = environ(tmp_path, MATURITY_PLANNER_TOKEN_COMMAND=COMMAND)
    assert missing_permits("github", settings, named, tmp_path / "other") == ()


def test_a_command_to_another_address_needs_both(tmp_path: Path) -> None:
    known = environ(tmp_path, MATURITY_PLANNER_TOKEN_COMMAND=COMMAND)
    settings = {"base_url": SERVER, "token_command": COMMAND}
    (permit,) = missing_permits("github", settings, known, tmp_path)
    assert permit.value == SERVER
    assert len(missing_permits("github", settings, environ(tmp_path), tmp_path)) == 2


def test_what_is_shown_cannot_look_like_something_else(tmp_path: Path) -> None:
    looks = {"base_url": "https://\u0430pi.github.com/\u202e\x1b[2J"}
    (permit,) = missing_permits("github", looks, environ(tmp_path), tmp_path)
    assert permit.shown == r"https://\u0430pi.github.com/\u202e\x1b[2J"


@pytest.mark.parametrize("state", ["relative/path", "/dev/null/x"])
def test_a_permit_that_cannot_be_remembered_says_so(tmp_path: Path, state: str) -> None:
    known = environ(tmp_path, XDG_STATE_HOME=state)
    (permit,) = missing_permits("github", {"base_url": SERVER}, known, tmp_path)
    with pytest.raises(ConfigError, match="cannot be remembered") as caught:
        permit.grant(known)
    assert "MATURITY_PLANNER_SERVER" in caught.value.fix
    assert not permit.is_granted(known)


def test_the_home_of_the_user_is_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    known = environ(tmp_path, XDG_STATE_HOME="")
    (permit,) = missing_permits("github", {"base_url": SERVER}, known, tmp_path)
    permit.grant(known)
    assert list((tmp_path / ".local/state/maturity-planner/permits").iterdir())
