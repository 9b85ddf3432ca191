"""Who follows a page in an empty folder, word by word, gets what the page shows.

Who follows a link or runs a target of `make` finds one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cli.test_docs import ROOT, follow
from maturity_planner import __version__
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


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_other_pages_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/crashes.md"])
def test_targets_of_make_are_there(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"[`$] ?make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8")))
    assert named
    assert [one for one in named if f"\n{one}:" not in makefile] == []


@pytest.mark.parametrize("name", ["tutorial", "crashes", "estimates"])
def test_headings_that_are_linked_are_there(name: str) -> None:
    page = ROOT / "docs" / f"{name}.md"
    for target, heading in re.findall(r"\]\(([\w/-]+\.md)#([\w-]+)\)", page.read_text("utf-8")):
        text = (page.parent / target).read_text("utf-8")
        titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in titles}
        assert heading in slugs, f"{target}#{heading}"


def test_the_latest_changes_are_those_of_this_version() -> None:
    headings = re.findall(
        r"^## (\S+)(?: - \d{4}-\d\d-\d\d)?$",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert headings[:2] == ["Unreleased", __version__]
