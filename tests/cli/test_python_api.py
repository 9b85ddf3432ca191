"""The page on the surface for Python: its command and its examples, run as they stand."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from maturity_planner.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "python-api.md"


def test_the_page_shows_what_python_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795176000")
    text = PAGE.read_text(encoding="utf-8")
    assert "$ maturity-planner demo\n" in text
    assert run(["-q", "demo"]) == 0
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    found = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, None, None)
    assert len(found.examples) >= 12
    told: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(found, out=told.append)
    assert result.failed == 0, "".join(told)
