"""Texts of strangers steer no terminal: escape codes and signs that turn the direction of writing.

Colours are on, so that nothing is taken out but by us.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import document, item, mode
from fakes import github as fake_github
from fakes.github import FakeGitHub
from fakes.jira import EMAIL, TOKEN, FakeJira
from fakes.wire import Answer
from maturity_planner.cli.main import run
from maturity_planner.documents import dump_yaml
from maturity_planner.trackers import patience

EVIL = "E\x1b]52;c;aGk=\x07\x1b[2J\x1b]8;;http://e.example\x1b\\\x9b2J\x90\x08\r\u202e\u2066\u061c\x7f\x00Z"
OURS = re.compile(r"\x1b\[[0-9;]*m")
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

COMMANDS = (
    *("validate", "rubrics", "show", "show a", "show tiny/s", "score", "score --explain a"),
    *("score --record", "history", "assess --set b=manual", "assess --suggest", "plan --target 1"),
    *("plan --target 1 --explain a", "frontier", "roadmap --start 2026-12-01", "graph"),
    *("diff", "-v diff", "-v sync --yes --force", "-v track", "track --accept all", "doctor"),
    *("report", "report --tickets", "--debug plan --target 2", "plan --include nosuch"),
)


def project_of(bad: dict[str, str]) -> dict[str, Any]:
    """Return a rubric and an assessment that say something bad in the places named."""
    text = {"title": "T", "why": "w", "note": "n", "reason": "r", "owner": "o"} | bad
    modes = {
        "manual": mode(1, evidence=text.get("evidence", "e"), acceptance=[text.get("done", "d")]),
        "automated": mode(1, needs=[{"soft": "b@manual", "why": text["why"]}]),
    }
    one = item(
        "a",
        title=text["title"],
        summary=text.get("summary", "s"),
        tools=[text.get("tool", "t")],
        modes=modes,
    )
    rubric = document({"s": [one, item("b")]})
    rubric["title"] = text.get("rubric", "R")
    rubric["source"] = text.get("source", "S")
    rubric["version"] = text.get("version", "1")
    rubric["sections"][0]["title"] = text.get("section", "S")
    rubric["modes"][0]["title"] = text.get("mode", "By hand")
    rubric |= {text["key"]: 1} if "key" in text else {}
    answer: dict[str, Any] = {"mode": text.get("answer", "manual"), "note": text["note"]}
    answer["evidence"] = [text.get("proof", "p")]
    waiver = {"reason": text["reason"], "owner": text["owner"], "until": "2027-01-01"}
    assessment = {
        "schema": "maturity-planner/assessment/v1",
        "system": text.get("system", "tiny"),
        "rubric": text.get("name", "tiny"),
        "date": text.get("date", "2026-11-01"),
        "answers": {text.get("id", "a"): answer},
        "waivers": {"b": waiver} if {"reason", "owner"} & bad.keys() else {},
    }
    return {"rubrics/tiny.yaml": rubric, "assessment.yaml": assessment}


def write(root: Path, bad: dict[str, str]) -> None:
    for name, data in project_of(bad).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(dump_yaml(data), encoding="utf-8")


@pytest.fixture
def look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., int]:
    """Run a command in colour and see that nothing in its output steers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    def look(command: str) -> int:
        capsys.readouterr()
        code = run(["--color", "always", *command.split()])
        printed = capsys.readouterr()
        for text in printed:
            found = STEERS.search(OURS.sub("", text))
            assert not found, (command, OURS.sub("", text)[max(0, found.start() - 60) :][:120])
        assert code != 70, (command, printed.err)
        return code

    return look


PLACES = (
    *("title", "summary", "tool", "why", "evidence", "done", "rubric", "source", "version"),
    *("section", "mode", "key", "answer", "note", "proof", "reason", "owner", "system", "name"),
    *("date", "id"),
)


@pytest.mark.parametrize("place", PLACES)
def test_no_text_of_a_file_steers_the_terminal(
    tmp_path: Path, look: Callable[..., int], place: str
) -> None:
    (tmp_path / "maturity.toml").write_text("[team.people]\nengineer = 1\n")
    write(tmp_path, {})
    look("plan --target 1")
    look("sync")
    write(tmp_path, {place: EVIL})
    for command in COMMANDS:
        look(command)


@pytest.mark.parametrize(
    "name",
    [
        "plan.yaml",
        "roadmap.yaml",
        "history.jsonl",
        "maturity.toml",
        "pyproject.toml",
        "task",
        "csv",
    ],
)
def test_no_broken_file_steers_the_terminal(
    tmp_path: Path, look: Callable[..., int], name: str
) -> None:
    (tmp_path / "maturity.toml").write_text("[team.people]\nengineer = 1\n")
    write(tmp_path, {})
    for command in ("plan --target 1", "roadmap --start 2026-12-01", "sync", "score --record"):
        look(command)
    quoted = json.dumps(EVIL)
    texts = [f"{EVIL}: {EVIL}\n", f"{quoted}: {quoted}\n", f"{{{quoted}: {quoted}}}\n"]
    texts += [f"{quoted} = {quoted}\n", f"[tool.maturity-planner]\n{quoted} = {quoted}\n"]
    texts += [f"[tracker.local]\ndirectory = {quoted}\n", f"rubric = {quoted}\n", EVIL]
    texts += [f"item,mode\n{EVIL},{EVIL}\n", f"---\ntitle: {quoted}\nstatus: {quoted}\n---\n{EVIL}"]
    for text in texts:
        path = tmp_path / name
        if name == "task":
            path = sorted((tmp_path / "backlog/tasks").iterdir())[-1]
        path.write_text(text, encoding="utf-8")
        for command in COMMANDS:
            look(command)
        if name == "csv":
            look("import csv csv -n")


@pytest.mark.parametrize("kind", ["github", "cloud", "dc"])
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_no_text_of_a_tracker_steers_the_terminal(
    tmp_path: Path, look: Callable[..., int], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for name in ("BETWEEN_WRITES", "IN_DOUBT", "FIRST_RETRY"):
        monkeypatch.setattr(patience, name, 0)
    monkeypatch.setattr("time.sleep", lambda _: None)
    write(tmp_path, {})
    with FakeGitHub() if kind == "github" else FakeJira(kind) as fake:
        if isinstance(fake, FakeGitHub):
            table = (
                f'[tracker.github]\nrepository = "acme/fraud-model"\nbase_url = "{fake.base_url}"'
            )
            monkeypatch.setenv("GITHUB_TOKEN", fake_github.TOKEN)
        else:
            table = f'[tracker.jira]\nproject = "FRAUD"\nserver = "{fake.base_url}"'
            table += f'\nemail = "{EMAIL}"' if fake.is_cloud else ""
            monkeypatch.setenv("JIRA_TOKEN", TOKEN)
        kind = "github" if kind == "github" else "jira"
        (tmp_path / "maturity.toml").write_text(f'[tracker]\nkind = "{kind}"\n{table}\n')
        assert look("plan --target 1") == 0
        assert look("sync --yes") == 0
        for ticket in fake.issues:
            if isinstance(fake, FakeGitHub):
                fake.people.edit(ticket.number, title=EVIL)  # type: ignore[union-attr]
            else:
                fake.people.edit(ticket.key, summary=EVIL)  # type: ignore[union-attr]
        for command in COMMANDS:
            look(command)
        process = fake.server.process
        for status in (200, 301, 400, 401, 403, 404, 409, 422, 429, 500):
            fake.server.process = lambda _, status=status: _evil(status)  # type: ignore[method-assign,misc]
            for command in ("doctor", "-v diff", "--debug sync --yes", "track", "report --tickets"):
                look(command)
        fake.server.process = process  # type: ignore[method-assign]


def _evil(status: int) -> bytes:
    error = {"message": EVIL, "field": EVIL, "code": EVIL, "resource": EVIL, "type": EVIL}
    content = {"message": EVIL, "errors": [error], "errorMessages": [EVIL], "name": EVIL}
    content |= {"login": EVIL, "displayName": EVIL, "full_name": EVIL, "deploymentType": EVIL}
    header = (
        EVIL.replace("\r", "").replace("\u202e", "").replace("\u2066", "").replace("\u061c", "")
    )
    headers = {"Location": header, "RateLimit-Reason": header, "X-OAuth-Scopes": header}
    return Answer(status, json.dumps(content).encode(), headers).encode()
