"""Who follows a page in an empty folder, word by word, gets what the page shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.test_docs import ROOT, follow
from maturity_planner.cli.main import run


@pytest.mark.parametrize(("name", "least"), [("tutorial", 15), ("estimates", 6)])
def test_a_reader_gets_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, least: int
) -> None:
    page = ROOT / "docs" / f"{name}.md"
    text = page.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    blocks = list(follow(text, tmp_path))
    assert len(blocks) >= least
    if os.environ.get("GOLDEN") == "write":
        for shown, printed in blocks:
            text = text.replace(f"```console\n{shown}```", f"```console\n{printed}```", 1)
        page.write_text(text, encoding="utf-8")
    else:
        assert [shown for shown, _ in blocks] == [printed for _, printed in blocks]
    assert run(["validate", "--strict"]) == 0
