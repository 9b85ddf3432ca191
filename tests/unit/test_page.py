"""What the page's style promises: enough contrast, and nothing from elsewhere."""

from __future__ import annotations

import re

import pytest

from maturity_planner.resources import bundled

TEMPLATE = (bundled("templates") / "report" / "page.css").read_text(encoding="utf-8")
LIGHT, DARK, PRINT = (dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block)) for block in
                      re.findall(r":root \{(.*?)\}", TEMPLATE, re.DOTALL))  # fmt: skip
GROUNDS = ("page", "panel", "none", "some", "top", "waived")


def luminance(color: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


@pytest.mark.parametrize(
    "colors", [LIGHT, LIGHT | DARK, LIGHT | DARK | PRINT], ids=["light", "dark", "print"]
)
def test_texts_and_lines_can_be_told_from_their_ground(colors: dict[str, str]) -> None:
    for ground in GROUNDS:
        assert contrast(colors["ink"], colors[ground]) >= 4.5, ground
    for text in ("muted", "blue", "green"):
        assert contrast(colors[text], colors["page"]) >= 4.5, text


def test_the_page_takes_nothing_from_elsewhere() -> None:
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img|\sstyle=|\son[a-z]+=", TEMPLATE)
