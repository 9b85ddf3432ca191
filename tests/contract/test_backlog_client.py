"""The real Backlog.md client (npm `backlog.md`) on our tickets, and our commands on its edits.

Needs Node; the client is installed once into build/backlog-client.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import NOW, document, item, mode
from contract.npm import installed
from contract.places import LocalPlace, epic, sync, ticket, uid_of
from maturity_planner.cli.main import run
from maturity_planner.documents import dump_yaml

pytestmark = pytest.mark.foreign

VERSION = "1.52.0"
Client = Callable[..., str]


@pytest.fixture(scope="session")
def program() -> Path:
    """The client's program, installed unless it is there already."""
    package = installed("backlog.md", VERSION, "backlog-client")
    return package.parent / ".bin" / "backlog"


@pytest.fixture
def client(program: Path, tmp_path: Path) -> Client:
    """Runs the client in a git repository and returns what it prints."""

    def call(*arguments: str) -> str:
        environment = {**os.environ, "NO_COLOR": "1", "CI": "1", "HOME": str(tmp_path / ".home")}
        done = subprocess.run(
            [program, *arguments],
            cwd=tmp_path,
            env=environment,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    subprocess.run(["git", "init", "--quiet", "."], cwd=tmp_path, check=True)
    return call


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose plan has three tickets (TASK-2, 3 and 5) in two epics."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    needing = mode(1, needs=["schema@manual"], acceptance=["It alerts.", "It is on a dashboard."])
    sections = {
        "data": [item("schema", title="Features have a schema")],
        "monitor": [item("skew", title="Skew is watched", modes={"automated": needing})],
    }
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics/tiny.yaml").write_text(dump_yaml(document(sections)))
    (tmp_path / "assessment.yaml").write_text(
        "schema: maturity-planner/assessment/v1\nsystem: tiny-system\nrubric: tiny\nanswers: {}\n"
    )
    assert run(["plan", "--target", "1"]) == 0
    assert run(["sync"]) == 0
    return tmp_path


def maturity(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The data that a command prints as JSON."""
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["data"]


def needs_shown(plain: str) -> list[str]:
    """The tickets that the client shows as needed first."""
    found = re.search(r"Dependency Graph:\n-+\n(.*?)\n\n", plain, re.DOTALL)
    return re.findall(r"TASK-\d+", found[1]) if found else []


def test_lists_all_tickets(project: Path, client: Client) -> None:
    plain = client("task", "list", "--plain")
    assert re.findall(r"(TASK-\d) - (.*)", plain) == [
        ("TASK-3", "Features have a schema (automated) (ac: 0/1)"),
        ("TASK-4", "Skew is watched (ac: 0/3)"),
        ("TASK-1", "Tiny rubric: data"),
        ("TASK-2", "Tiny rubric: monitor"),
    ]
    found = {task["id"]: task for task in json.loads(client("task", "list", "--json"))["tasks"]}
    assert sorted(found) == ["TASK-1", "TASK-2", "TASK-3", "TASK-4"]
    assert found["TASK-3"]["parentTaskId"] == "TASK-1"
    assert found["TASK-4"]["labels"] == ["maturity", "monitor"]
    assert found["TASK-4"]["acceptanceCriteriaCount"] == 3


def test_shows_them_on_its_board(project: Path, client: Client) -> None:
    client("board", "export", "board.md")
    board = (project / "board.md").read_text()
    assert "Project: tiny-system" in board
    for number in range(1, 5):
        assert f"**TASK-{number}**" in board


def test_shows_one_with_needs_and_criteria(project: Path, client: Client) -> None:
    plain = client("task", "4", "--plain")
    assert needs_shown(plain) == ["TASK-3"]
    assert "Parent: TASK-2 - Tiny rubric: monitor" in plain
    assert "- [ ] #1 It alerts.\n- [ ] #2 It is on a dashboard.\n- [ ] #3 The evidence" in plain
    assert "- **Wanted:** automated" in plain


def test_what_it_closes_raises_the_score_and_is_left_alone(
    project: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client("task", "edit", "4", "--check-ac", "1", "--notes", "Alert is in Grafana.")
    client("task", "edit", "4", "--comment", "Please look.", "--add-label", "urgent", "-a", "@ana")
    assert maturity(capsys, "diff")["changes"] == []
    client("task", "edit", "3", "-s", "Done")
    client("task", "edit", "4", "-s", "Done")
    found = maturity(capsys, "track", "--accept", "all")
    assert [(p["item"], p["accepted"]) for p in found["proposals"]] == [
        ("schema", True),
        ("skew", True),
    ]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", found["tickets"][0]["closed_on"])
    assert found["after"]["score"] > found["before"]["score"]
    assert maturity(capsys, "sync")["changes"] == []
    assert maturity(capsys, "track")["proposals"] == []
    text = client("task", "4", "--plain")
    for kept in ("[x] #1 It alerts.", "Alert is in Grafana.", "Please look.", "urgent", "@ana"):
        assert kept in text


def test_every_edit_of_it_survives_our_next_texts(
    project: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client(
        "task",
        "edit",
        "4",
        "--check-ac",
        "2",
        "--notes",
        "Mine.",
        "--plan",
        "1. Look",
        "--clear-deps",
    )
    client("task", "edit", "3", "-t", "Title of Ana", "--ac", "Criterion of Ana")
    own = project / "templates/tickets/ticket-body.md.j2"
    own.parent.mkdir(parents=True)
    own.write_text("New words on {{ item.id }}.")
    changes = maturity(capsys, "sync")["changes"]
    assert [(c["op"], c["remote"], sorted(c["fields"])) for c in changes] == [
        ("update", "TASK-3", ["body"]),
        ("update", "TASK-4", ["body"]),
        ("keep", "TASK-3", ["acceptance", "title"]),
    ]
    three, four = client("task", "3", "--plain"), client("task", "4", "--plain")
    for text, kept in (
        (three, "TASK-3 - Title of Ana"),
        (three, "Criterion of Ana"),
        (three, "New words on schema."),
        (four, "[x] #2 It is on a dashboard."),
        (four, "Mine."),
        (four, "1. Look"),
        (four, "New words on skew."),
    ):
        assert kept in text
    assert needs_shown(four) == []
    assert maturity(capsys, "diff")["counts"]["update"] == 0


def test_archived_is_not_done_and_stays_so(
    project: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client("task", "archive", "4")
    found = maturity(capsys, "track")
    assert [ticket["state"] for ticket in found["tickets"]] == ["open", "not_done"]
    assert found["proposals"] == []
    assert {c["op"] for c in maturity(capsys, "sync")["changes"]} <= {"keep"}
    assert {c["op"] for c in maturity(capsys, "sync")["changes"]} <= {"keep"}


def test_completed_is_done(
    project: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client("task", "edit", "3", "-s", "Done")
    client("task", "complete", "3")
    found = maturity(capsys, "track")
    assert [(p["item"], p["to"]) for p in found["proposals"]] == [("schema", "automated")]
    assert {c["op"] for c in maturity(capsys, "sync")["changes"]} <= {"keep"}


def test_demoted_to_a_draft_is_open(
    project: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client("task", "demote", "4")
    assert [t["state"] for t in maturity(capsys, "track")["tickets"]] == ["open", "open"]
    assert maturity(capsys, "sync")["counts"]["create"] == 0


def test_its_numbers_and_ours_do_not_collide(
    project: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """It gives the highest archived number away again (seen with 1.52.0)."""
    place = LocalPlace(project)
    identity = maturity(capsys, "track")["tickets"][1]["uid"]
    plan = (project / "plan.yaml").read_text()
    (project / "assessment.yaml").write_text(
        (project / "assessment.yaml").read_text().replace("{}", "{skew: automated}")
    )
    assert run(["plan", "--target", "1"]) == 0
    closed = {c["uid"]: c["op"] for c in maturity(capsys, "sync")["changes"]}
    assert closed[identity] == "close"
    assert "TASK-4" in client("task", "create", "One of a person")
    (project / "plan.yaml").write_text(plan)
    again = [(c["uid"], c["op"]) for c in maturity(capsys, "sync")["changes"]]
    assert (identity, "reopen") in again
    listed = client("task", "list", "--plain")
    assert "TASK-4 - One of a person" in listed
    assert "TASK-5 - Skew is watched" in listed
    assert needs_shown(client("task", "5", "--plain")) == ["TASK-3"]
    assert "Opened again by maturity-planner" in place.everything(identity)
    assert maturity(capsys, "sync")["changes"] == []


def test_our_comments_are_shown(project: Path, client: Client) -> None:
    plan = project / "plan.yaml"
    upgrades = re.compile(r"^upgrades:.*?(?=^[a-z])", re.DOTALL | re.MULTILINE)
    whole = plan.read_text()
    client("task", "edit", "3", "-s", "In Progress", "--comment", "Mine.")
    plan.write_text(upgrades.sub("upgrades: []\n", whole))
    assert run(["sync", "--force"]) == 0
    plan.write_text(whole)
    assert run(["sync"]) == 0
    shown = client("task", "3", "--plain")
    comments = ("Mine.", "Closed by maturity-planner: it left the plan.", "Opened again by")
    assert [shown.count(comment) for comment in comments] == [1, 1, 1]


def test_hostile_texts_survive_an_edit(tmp_path: Path, client: Client) -> None:
    hostile = (
        "Words.\n---\nid: TASK-99\n---\n\n## Acceptance Criteria\n\n- [ ] #1 evil\n\n## Comments\n"
    )
    wanted = [
        epic("data", body=hostile),
        ticket(
            "a",
            title="---",
            body=hostile,
            acceptance=("## Acceptance Criteria", "#3 [x] - [ ] #7", "$(rm -rf /) `id`"),
        ),
    ]
    place = LocalPlace(tmp_path)
    sync(place.tracker(), wanted)
    for number in ("1", "2"):
        client("task", "edit", number, "--notes", "Mine.", "-s", "In Progress", "--comment", "Hi.")
    client("task", "edit", "2", "--check-ac", "2")
    assert sync(place.tracker(), wanted).changes == ()
    assert "- [x] #2 #3 [x] - [ ] #7\n" in place.everything(uid_of("a"))
    assert place.path(uid_of("a")).name.startswith("task-2 - ")
