"""The example's roadmap in every format; `make golden` writes the expected texts anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from expected import compare
from maturity_planner import __version__
from maturity_planner.cli.main import run
from maturity_planner.resources import bundled

FOLDER = Path(__file__).parent / "roadmap"
TIME = ("--start", "2027-01-04", "--end", "2027-01-29")


@pytest.fixture
def found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """What is printed, by file name; the version, which changes, is left out."""
    for path in (bundled("examples") / "fraud-scoring").iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["plan", "--target", "2.5"]) == 0

    def shown(*options: str) -> str:
        capsys.readouterr()
        assert run(["roadmap", *TIME, *options]) == 0
        return capsys.readouterr().out.replace(__version__, "VERSION")

    texts = {
        "roadmap.txt": shown(),
        "roadmap.json": shown("--json"),
        "roadmap.md": shown("--format", "mermaid"),
        "roadmap.ics": shown("--format", "ics"),
        "roadmap.csv": shown("--format", "csv"),
    }
    return texts | {"roadmap.yaml": (tmp_path / "roadmap.yaml").read_text(encoding="utf-8")}


def test_every_format_is_as_it_was(found: dict[str, str]) -> None:
    compare(found, FOLDER)
