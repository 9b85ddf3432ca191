"""`diff`, `sync`, `track` and `doctor` against Jira, as a person or a script runs them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from builders import document, item, mode
from contract.jira_place import DataCenterPlace, JiraPlace
from fakes.faults import Fault, Kind
from fakes.jira import TOKEN, FakeJira
from maturity_planner.cli.main import run
from maturity_planner.documents import dump_yaml
from maturity_planner.trackers import patience

Run = Callable[..., tuple[int, str, str]]
SECTIONS = {
    "data": [
        item("a"),
        item("b", modes={"manual": mode(1), "automated": mode(1, needs=["a@manual"])}),
    ],
    "model": [item("c"), item("d")],
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jira: FakeJira) -> JiraPlace:
    """A project with a plan for all of two sections, and a Jira project without issues."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIRA_TOKEN", TOKEN)
    for name in ("BETWEEN_WRITES", "IN_DOUBT", "FIRST_RETRY"):
        monkeypatch.setattr(patience, name, 0)
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics/tiny.yaml").write_text(dump_yaml(document(SECTIONS)))
    (tmp_path / "assessment.yaml").write_text(
        "schema: maturity-planner/assessment/v1\nsystem: tiny-system\nrubric: tiny\n"
        "date: 2026-11-01\nanswers: {}\n"
    )
    place = (JiraPlace if jira.is_cloud else DataCenterPlace)(tmp_path, jira)
    settle(place)
    assert run(["plan", "--target", "2"]) == 0
    return place


def settle(place: JiraPlace, **more: str) -> None:
    """Write the settings; the token stands in the environment."""
    settings = place.settings()
    del settings["token_command"]
    lines = [f'{name} = "{value}"' for name, value in (settings | more).items()]
    text = "\n".join(['[tracker]\nkind = "jira"\n[tracker.jira]', *lines, ""])
    Path("maturity.toml").write_text(text)


@pytest.fixture
def maturity(place: JiraPlace, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the project; returns exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(list(arguments))
        printed = capsys.readouterr()
        assert TOKEN not in printed.out + printed.err
        return code, printed.out, printed.err

    return call


def test_from_the_plan_to_the_score_and_back(maturity: Run, place: JiraPlace) -> None:
    code, out, _ = maturity("diff")
    found = re.search(r"6 to create, 1 to link\. Fingerprint (\w+)\.$", out, re.M)
    assert code == 0
    assert found
    assert place.jira.issues == []
    code, out, err = maturity("sync", "--yes", "--fingerprint", found[1])
    assert (code, err) == (0, "Next: work on the tickets, then maturity-planner track\n")
    assert "+ create  ticket  FRAUD-3  a (automated)" in out
    assert out.endswith("7 changes made in FRAUD.\n")
    assert maturity("sync", "--yes")[1] == "Nothing to change: the tickets match the plan.\n"
    for number in (3, 4, 5):
        place.people.close(f"FRAUD-{number}")
    place.people.close("FRAUD-6", "Won't Do")
    code, out, _ = maturity("track", "--accept", "all")
    assert code == 0
    assert "Score 0 -> 1." in out
    evidence = Path("assessment.yaml").read_text(encoding="utf-8")
    assert f"{place.jira.base_url}/browse/FRAUD-5" in evidence
    assert maturity("doctor")[0] == 0


@pytest.mark.parametrize("debug", [(), ("--debug",)])
@pytest.mark.parametrize(
    ("setting", "value", "what", "fix"),
    [
        ("project", "NONE", "has no project NONE, or does not show it", 'project = "KEY"'),
        ("ticket_type", "Chore", "the project has no type Chore", "there are: Bug"),
        ("link_type", "Blockiert", 'no kind of link called "Blockiert"', "there are: Relates"),
        ("token_command", "echo wrong", "does not accept the token", "Make a new one"),
    ],
)
def test_what_is_wrong_is_said_with_the_next_step(
    maturity: Run,
    place: JiraPlace,
    setting: str,
    value: str,
    what: str,
    fix: str,
    debug: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MATURITY_PLANNER_TOKEN_COMMAND", "echo wrong")
    settle(place, **{setting: value})
    code, _, err = maturity(*debug, "sync", "--yes")
    assert code == 4
    assert what in err
    assert fix in err
    assert ("Traceback" in err) == bool(debug)
    assert place.jira.issues == []


def test_a_sync_that_fails_in_the_middle_goes_on_later(maturity: Run, place: JiraPlace) -> None:
    place.jira.project.refused.add("c")
    code, out, err = maturity("sync", "--yes")
    assert code == 4
    assert "x create  ticket" in out
    assert "A rule of this project does not allow such an issue." in err
    place.jira.project.refused.clear()
    place.jira.fail(Fault(Kind.DROP_BEFORE, nth=6, times=999, matches=lambda _: True))
    code, _, err = maturity("sync", "--yes")
    assert code == 4
    assert "cannot be reached" in err
    place.jira.server.faults.clear()
    assert maturity("sync", "--yes")[0] == 0
    assert len(place.jira.issues) == 6


def test_a_token_is_needed(maturity: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIRA_TOKEN")
    monkeypatch.delenv("JIRA_API_TOKEN", raising=False)
    for command in ("diff", "sync", "track"):
        code, _, err = maturity(command)
        assert code == 4
        assert "JIRA_TOKEN" in err
