"""The settings of a cloned repository: nothing runs and nothing is sent before a yes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fakes.github import TOKEN, FakeGitHub
from maturity_planner import permits
from results import Runner, data_of
from terminals import Terminal

STRANGE = "https://evil.example.com"
READERS = ("diff", "sync", "track")


def settle(project: Path, kind: str, **more: str) -> None:
    named = {"github": {"repository": "acme/fraud-model"}, "jira": {"project": "FRAUD"}}[kind]
    table = [f'{name} = "{value}"' for name, value in (named | more).items()]
    text = "\n".join([f'target = 2\n[tracker]\nkind = "{kind}"', f"[tracker.{kind}]", *table, ""])
    (project / "maturity.toml").write_text(text)


@pytest.mark.parametrize(("kind", "setting"), [("github", "base_url"), ("jira", "server")])
def test_no_token_goes_to_an_address_that_only_the_settings_name(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch, kind: str, setting: str
) -> None:
    monkeypatch.setenv(f"{kind.upper()}_TOKEN", TOKEN)
    settle(project, kind, **{setting: STRANGE})
    assert call("-q", "plan")[0] == 0
    for command in (*READERS, "sync --yes", "report --tickets", "diff --json"):
        code, out, err = call(*command.split())
        assert (code, out) == (3, ""), command
        assert f"send the token of {kind.upper()}_TOKEN to {STRANGE}" in err
        assert f"MATURITY_PLANNER_SERVER to {STRANGE}" in err
        assert "`maturity-planner doctor` at a terminal" in err
    code, out, _ = call("doctor", "--json")
    assert code == 3
    assert "you have not permitted that" in data_of(out, "doctor")["findings"][1]["detail"]


def test_no_program_runs_that_only_the_settings_name(project: Path, call: Runner) -> None:
    settle(project, "github", token_command="touch ran")  # noqa: S106
    assert call("-q", "plan")[0] == 0
    for command in (*READERS, "sync --yes", "report --tickets", "doctor"):
        code, out, err = call(*command.split())
        assert code == 3, command
        assert "MATURITY_PLANNER_TOKEN_COMMAND" in out + err
        assert "touch" not in out + err
    assert not (project / "ran").exists()


def test_a_variable_of_the_user_permits_it_where_nobody_is_asked(
    project: Path, call: Runner, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permits, "LOOPBACK", ())
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    settle(project, "github", base_url=github.base_url)
    assert call("-q", "plan")[0] == 0
    assert call("diff")[0] == 3
    assert github.exchanges == []
    monkeypatch.setenv("GITHUB_API_URL", github.base_url)
    assert call("diff")[0] == 0
    monkeypatch.delenv("GITHUB_API_URL")
    monkeypatch.setenv("MATURITY_PLANNER_SERVER", github.base_url)
    assert call("diff")[0] == 0


def test_at_a_terminal_it_asks_once(
    project: Path, call: Runner, terminal: Callable[..., Terminal], github: FakeGitHub
) -> None:
    settle(project, "github", base_url=github.base_url, token_command=f"echo {TOKEN}")
    assert call("-q", "plan")[0] == 0
    question = "Permit that, from now on? [y/N]: "
    asked = terminal("diff")
    shown = asked.answer(question, "n\n")
    assert "The settings in maturity.toml name a program" in shown
    assert f"  echo {TOKEN}\r\n" in shown
    code, rest = asked.end()
    assert code == 3
    assert "you have not permitted that" in rest
    assert github.exchanges == []
    asked = terminal("diff")
    asked.answer(question, "y\n")
    assert asked.end()[0] == 0
    again = terminal("diff")
    code, rest = again.end()
    assert code == 0
    assert question not in rest
    assert call("diff")[0] == 0
    code, rest = terminal("--no-input", "doctor").end()
    assert code == 0
    settle(project, "github", base_url=github.base_url, token_command=f"echo  {TOKEN}")
    code, rest = terminal("--no-input", "diff").end()
    assert code == 3
