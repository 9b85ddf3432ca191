"""A project, and the command run in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maturity_planner.cli.main import run
from maturity_planner.resources import bundled
from results import Runner
from terminals import Terminal


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in (bundled("examples") / "fraud-scoring").iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        assert "--debug" in arguments or "Traceback" not in captured.err
        return code, captured.out, captured.err

    return call


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Starts commands at a terminal; all are stopped in the end."""
    opened: list[Terminal] = []

    def start(*arguments: str, **options: str) -> Terminal:
        opened.append(Terminal(*arguments, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.stop()
