"""`action.yml` and `.pre-commit-hooks.yaml`: their own steps, run in a project as services would.

The action's environment is a stub, as nothing is fetched here; its command is ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from maturity_planner.cli.main import cli, run

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
OURS = f'#!/bin/sh\nexec "{sys.executable}" -m maturity_planner "$@"\n'

# What `python -m venv FOLDER` leaves: a python that notes what pip is asked for, and our command.
STUB = f"""#!/bin/sh
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "$@" >> "$PIP_LOG"\\n' > "$3/bin/python"
cat > "$3/bin/maturity-planner" <<'end'
{OURS}end
chmod +x "$3/bin/python" "$3/bin/maturity-planner"
"""


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@dataclass
class Runner:
    """A machine of GitHub's as far as the action sees it. `said` is what the steps printed."""

    folder: Path
    said: str = ""

    def act(self, **inputs: str) -> int:
        """Run the steps with these inputs; return the exit code of the first that fails, or 0."""
        defaults = {name: given["default"] for name, given in ACTION["inputs"].items()}
        known = {f"inputs.{name}": value for name, value in (defaults | inputs).items()}
        known["inputs.github-token"] = "token-of-the-job"
        for name in ("path", "summary", "pip"):
            (self.folder / name).touch()
        failed = 0
        for step in ACTION["runs"]["steps"]:
            if "run" in step and self._is_due(step.get("if", ""), known, failed):
                failed = self._run(step, known) or failed
        return failed

    @staticmethod
    def _is_due(condition: str, known: dict[str, str], failed: int) -> bool:
        match condition:
            case "":
                return not failed
            case "${{ !cancelled() && inputs.summary == 'true' }}":
                return known["inputs.summary"] == "true"
            case "${{ inputs.fail-under != '' }}":
                return not failed and known["inputs.fail-under"] != ""
        raise AssertionError(condition)

    def _run(self, step: dict[str, Any], known: dict[str, str]) -> int:
        def filled(text: str) -> str:
            return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: known[found[1]], text)

        assert step["shell"] == "bash"
        given = {name: filled(value) for name, value in step.get("env", {}).items()}
        added = (self.folder / "path").read_text(encoding="utf-8").split()
        own = {
            "PATH": os.pathsep.join([*added, str(self.folder / "bin"), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PIP_LOG": str(self.folder / "pip"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_ACTION_PATH": "/the/action",
            "GITHUB_PATH": str(self.folder / "path"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder / "project" / filled(step.get("working-directory", ".")),
            env=os.environ | own | given,
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        return done.returncode


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    assert run(["-q", "init"]) == 0
    program(tmp_path / "bin" / "python", STUB)
    return Runner(tmp_path)


def test_the_action_checks_and_tells_where_the_system_stands(runner: Runner) -> None:
    assert runner.act() == 0, runner.said
    assert "$ maturity-planner validate\n" in runner.said
    assert "assessment.yaml: sound" in runner.said
    assert "Score 0: " in (runner.folder / "summary").read_text(encoding="utf-8")
    asked = (runner.folder / "pip").read_text(encoding="utf-8")
    assert asked == "-m pip install --quiet /the/action\n"


def test_the_action_runs_a_command_a_line(runner: Runner) -> None:
    code = runner.act(command="\nvalidate --strict\n\n  plan   --target 0.5 -n\n", summary="false")
    assert code == 0, runner.said
    assert "$ maturity-planner plan --target 0.5 -n\n" in runner.said
    assert "Proven: " in runner.said
    assert (runner.folder / "summary").read_text(encoding="utf-8") == ""


def test_the_action_stops_at_a_command_that_says_no(runner: Runner) -> None:
    assert runner.act(command="diff --check\nscore") == 3  # there is no plan
    assert "$ maturity-planner score" not in runner.said
    assert (runner.folder / "summary").read_text(encoding="utf-8")


def test_the_action_fails_below_a_score(runner: Runner) -> None:
    assert runner.act(**{"fail-under": "0.5"}) == 1
    assert "the score 0 is below 0.5" in runner.said
    assert runner.act(**{"fail-under": "0"}) == 0


def test_the_action_takes_another_folder(runner: Runner) -> None:
    (runner.folder / "project").rename(runner.folder / "moved")
    shutil.copytree(runner.folder / "moved", runner.folder / "project" / "my models")
    assert runner.act(folder="my models") == 0, runner.said


@pytest.mark.parametrize("name", ["command", "fail-under"])
def test_what_the_action_is_given_is_no_script(runner: Runner, name: str) -> None:
    trap = "\"; touch trapped; $(touch trapped) `touch trapped` '${HOME}"
    runner.act(**{name: trap})
    assert not list(runner.folder.rglob("trapped"))


def test_no_script_of_the_action_holds_an_expression() -> None:
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"])


def test_the_page_names_every_input_with_its_default() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \|", PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == list(ACTION["inputs"])
    shown = {name: default.strip("`") for name, default in rows}
    for name, given in ACTION["inputs"].items():
        assert given["description"]
        if given["default"] and "${{" not in given["default"]:
            assert shown[name] == given["default"]


def test_the_examples_of_the_page_use_what_there_is() -> None:
    workflow, hooks, own = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1:]
    step = yaml.safe_load(workflow)["jobs"]["check"]["steps"][1]
    assert set(step["with"]) <= set(ACTION["inputs"])
    entry = yaml.safe_load(own)[0]["entry"]
    for line in (*step["with"]["command"].splitlines(), HOOK["entry"], entry):
        words = line.removeprefix("maturity-planner ").split()
        cli.make_context("maturity-planner", words, resilient_parsing=True)
        name = next(word for word in words if word in cli.list_commands(click.Context(cli)))
        command = cli.get_command(click.Context(cli), name)
        assert command
        command.make_context(name, words[words.index(name) + 1 :])
    assert yaml.safe_load(hooks)["repos"][0]["hooks"] == [{"id": HOOK["id"]}]


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        *((name, True) for name in ("maturity.toml", "assessment.yaml", "models/plan.yaml")),
        *((name, True) for name in ("history.jsonl", "roadmap.yaml", "rubrics/own.yaml")),
        *((name, False) for name in ("my-plan.yaml", "rubrics/a/b.yaml", "src/plan.yaml.txt")),
    ],
)
def test_the_hook_looks_at_our_files(path: str, is_ours: bool) -> None:
    assert bool(re.search(HOOK["files"], path)) is is_ours


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project under Git, and beside it a repository with our hook; nothing is installed."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "someone")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "someone@example.org")
    program(runner.folder / "bin" / "maturity-planner", OURS)
    monkeypatch.setenv("PATH", f"{runner.folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(runner.folder / "pre-commit"))
    (runner.folder / "bin" / "python").unlink()
    hooks = runner.folder / "hooks"
    hooks.mkdir()
    there = yaml.safe_dump([HOOK | {"language": "system"}])
    (hooks / ".pre-commit-hooks.yaml").write_text(there, encoding="utf-8")
    for folder in (hooks, runner.folder / "project"):
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "Begin")
    return runner.folder / "project"


def test_the_hook_stops_a_commit_with_a_fault(repository: Path) -> None:
    pytest.importorskip("pre_commit")

    def hooked() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "try-repo", "../hooks", HOOK["id"]]
        return subprocess.run(
            [*command, "--verbose"], cwd=repository, capture_output=True, text=True, check=False
        )

    (repository / "README.md").write_text("Nothing of ours.\n", encoding="utf-8")
    git(repository, "add", "-A")
    assert "(no files to check)Skipped" in hooked().stdout
    assessment = repository / "assessment.yaml"
    text = assessment.read_text(encoding="utf-8")
    assessment.write_text(f"{text}# checked\n", encoding="utf-8")
    git(repository, "add", "-A")
    done = hooked()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "assessment.yaml: sound" in done.stdout
    assessment.write_text(text.replace("system:", "thing:", 1), encoding="utf-8")
    git(repository, "add", "-A")
    done = hooked()
    assert done.returncode == 1
    assert re.search(r'assessment\.yaml:\d+:\d+: .*"thing"', done.stdout), done.stdout
