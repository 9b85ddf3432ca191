"""The example's report in every format; `make golden` writes the expected texts anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from expected import compare
from maturity_planner import __version__
from maturity_planner.cli.main import run
from maturity_planner.resources import bundled

FOLDER = Path(__file__).parent / "report"
WAIVERS = """
waivers:
  model-7-inclusion: {reason: no people are scored, owner: a.b, until: 2027-03-31}
  infra-6-canary: {reason: old platform, owner: c.d, until: 2026-06-30}
"""
PAST = """\
{"when": "2026-09-01T08:00:00Z", "score": 0, "sections": {"data": 1, "model": 0.5, "infra": 0, \
"monitor": 0}, "cause": "recorded by hand"}
{"when": "2026-10-12T08:00:00Z", "score": 0, "sections": {"data": 1.5, "model": 1, "infra": 0.5, \
"monitor": 0}, "cause": "tickets accepted: infra-3-pipeline-integration-test@manual (TASK-3)"}
"""


@pytest.fixture
def found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """What is printed, by file name; the version, which changes, is left out."""
    for path in (bundled("examples") / "fraud-scoring").iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "assessment.yaml").open("a", encoding="utf-8") as file:
        file.write(WAIVERS)
    (tmp_path / "history.jsonl").write_text(PAST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in ("plan --target 2.5", "roadmap --end 2027-01-29", "sync --yes"):
        assert run(["-q", *command.split()]) == 0

    def shown(style: str) -> str:
        capsys.readouterr()
        assert run(["report", "--format", style, "--tickets", "--odds", "--frontier"]) == 0
        return capsys.readouterr().out.replace(__version__, "VERSION")

    styles = {"txt": "text", "md": "markdown", "html": "html", "csv": "csv", "json": "json"}
    found = {f"report.{ending}": shown(style) for ending, style in styles.items()}
    more = {"summary.md": "summary", "badge.svg": "badge", "shields.json": "shields"}
    return found | {name: shown(style) for name, style in more.items()}


def test_every_format_is_as_it_was(found: dict[str, str]) -> None:
    compare(found, FOLDER)
