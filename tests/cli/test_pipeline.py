"""The workflow of `docs/ci.md`, its own steps run one after the other in a repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from maturity_planner.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "ci.md"


def workflow() -> dict[Any, Any]:
    block, *_ = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[Any, Any] = yaml.safe_load(block)
    return found


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a plan and tickets, one of them done, committed and pushed."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    git(tmp_path, "init", "--bare", "-b", "main", "remote")
    git(tmp_path, "clone", "-q", "remote", "project")
    project = tmp_path / "project"
    git(project, "config", "user.name", "someone")
    git(project, "config", "user.email", "someone@example.org")
    git(project, "checkout", "-b", "main")
    monkeypatch.chdir(project)
    for command in ("init --tracker local", "plan --target 0.5", "sync"):
        assert run(["-q", *command.split()]) == 0
    tasks = (project / "backlog" / "tasks").glob("*.md")
    closed = next(p for p in sorted(tasks) if "parent_task_id" in p.read_text(encoding="utf-8"))
    text = closed.read_text(encoding="utf-8")
    closed.write_text(text.replace("status: To Do", "status: Done"), encoding="utf-8")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Plan")
    git(project, "push", "-q", "-u", "origin", "main")
    return project


def test_the_workflow_records_what_was_done_and_publishes_it(checkout: Path) -> None:
    steps = workflow()["jobs"]["track"]["steps"]
    summary = checkout.parent / "summary.md"
    bin_folder = checkout.parent / "bin"
    bin_folder.mkdir()
    ours = bin_folder / "maturity-planner"
    ours.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m maturity_planner "$@"\n')
    ours.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    ran = []
    for step in steps:
        if "run" in step and step["name"] != "Install":
            done = subprocess.run(
                ["bash", "-eo", "pipefail", "-c", step["run"]],
                cwd=checkout,
                env=environment,
                capture_output=True,
                check=False,
            )
            assert done.returncode == 0, (step["name"], done.stderr.decode())
            ran.append(step["name"])
    assert len(ran) == 4
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "rev-parse", "HEAD") == git(checkout, "rev-parse", "origin/main")
    kept = git(checkout, "show", "--name-only", "--format=", "HEAD").split()
    assert {"assessment.yaml", "history.jsonl", "maturity.html", "maturity.svg"} <= set(kept)
    assert "1 done" in summary.read_text(encoding="utf-8")


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    found = workflow()
    assert found["permissions"] == {"contents": "write", "issues": "read"}
    texts = [step.get("run", "") for step in found["jobs"]["track"]["steps"]]
    # An expression inside a script would be run as whatever somebody has written into it.
    assert not any("${{" in text for text in texts)
