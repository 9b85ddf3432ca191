"""Debian's Chromium, driven by Playwright; without either the tests skip. Nothing is downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.opened import FLAGS
from contract.npm import installed

AXE = "4.14.1"


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A browser with a fresh profile, which ends with the tests."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not here: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, installed unless it is there already."""
    script: Path = installed("axe-core", AXE, "axe") / "axe.min.js"
    return script.read_text(encoding="utf-8")
