"""Hostile texts stay texts, in every format of a report."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import mistune
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile import BAD, report_of
from maturity_planner.report.badge import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    MOST_MESSAGE,
    RED,
    badge_endpoint,
    badge_of,
    badge_svg,
)
from maturity_planner.report.document import report_data
from maturity_planner.report.markdown import markdown_report
from maturity_planner.report.page import html_report
from maturity_planner.report.sheet import HEADS, sheet_report
from maturity_planner.report.summary import summary_report
from maturity_planner.report.text import text_report
from maturity_planner.report.words import MOST_TEXT, told

TEXTS = st.lists(st.one_of(st.sampled_from(BAD), st.text(max_size=8)), min_size=1, max_size=4).map(
    "".join
)


def nodes(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from nodes(token.get("children", []))


def is_harmless(text: str) -> bool:
    """Whether no character of the text controls a terminal or the direction of writing."""
    return not any(
        unicodedata.category(c) in ("Cc", "Cs") or c in "\u202e\u2066\u2028\ufeff" for c in text
    )


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_text(bad: str) -> None:
    lines = text_report(report_of(bad)).split("\n")
    assert all(is_harmless(line) for line in lines)
    titles = [lines[n - 1] for n, line in enumerate(lines) if n and set(line) == {"-"}]
    assert titles[:2] == ["Score", "Change since last time"]


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_markdown(bad: str) -> None:
    text = markdown_report(report_of(bad))
    assert all(is_harmless(line) for line in text.split("\n"))
    parse = mistune.create_markdown(
        renderer=None, plugins=["table", "strikethrough", "task_lists", "footnotes"]
    )
    tokens = parse(text)
    assert isinstance(tokens, list)
    found = list(nodes(tokens))
    kinds = {token["type"] for token in found}
    assert kinds <= {
        *("heading", "paragraph", "text", "blank_line", "strong", "codespan", "block_code"),
        *("table", "table_head", "table_body", "table_row", "table_cell"),
    }
    assert [t["attrs"]["info"] for t in found if t["type"] == "block_code"] == ["mermaid"] * 2
    assert [t["attrs"]["level"] for t in found if t["type"] == "heading"] == [1, *[2] * 9]
    plain = markdown_report(report_of("x" if told(bad) else ""))
    assert text.count("\n") == plain.count("\n")
    same = [t["type"] for t in nodes(parse(plain)) if t["type"].startswith("table")]  # type: ignore[arg-type]
    assert [t["type"] for t in found if t["type"].startswith("table")] == same


class Page(HTMLParser):
    """The elements and attributes of a page; none may be left open."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag not in ("meta",):
            self._open.append(tag)
        for name, value in attrs:
            self.attributes.add((tag, name))
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


SAFE = {
    *("role", "id", "class", "lang", "charset", "name", "content", "href", "rel", "scope"),
    *("tabindex", "viewbox", "width", "height", "font-family", "font-size", "x", "y", "rx", "cx"),
    *("cy", "r", "d", "fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor"),
    *(
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "data-head",
        "fill-opacity",
        "cellpadding",
        "open",
    ),
}


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_html(bad: str) -> None:
    text = html_report(report_of(bad))
    page, plain = Page(text), Page(html_report(report_of("x" if told(bad) else "")))
    links = [link for link in page.links if not link.startswith("#")]
    assert all(re.match("https?://", link) for link in links)
    # An address becomes a link, and a long name in a chart takes two lines: both are ours.
    ours = {"a", "text"}
    assert [e for e in page.elements if e not in ours] == [
        e for e in plain.elements if e not in ours
    ]
    assert {name for _, name in page.attributes} <= SAFE
    assert page.ids == plain.ids
    assert len(set(page.ids)) == len(page.ids)
    assert not {"script", "link", "img", "iframe", "object", "use", "image"} & set(page.elements)
    assert text.count("url(") == text.count("@import") == 0 or "url(" in bad
    assert is_harmless(text.replace("\n", ""))
    assert len(text) < 150_000


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_csv(bad: str) -> None:
    rows = list(csv.reader(io.StringIO(sheet_report(report_of(bad)))))
    assert len(rows) == 6
    for row in rows:
        assert len(row) == len(HEADS)
        for cell in row:
            assert is_harmless(cell)
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%", "\uff1d"))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_summary(bad: str) -> None:
    text = summary_report(report_of(bad))
    assert all(is_harmless(line) for line in text.split("\n"))
    plain = summary_report(report_of("x" if told(bad) else ""))
    assert text.count("\n") == plain.count("\n")
    parse = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough"])
    kinds = {token["type"] for token in nodes(parse(text))}  # type: ignore[arg-type]
    assert kinds <= {
        *("heading", "paragraph", "text", "blank_line", "codespan"),
        *("table", "table_head", "table_body", "table_row", "table_cell"),
    }


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_badge(bad: str) -> None:
    report = report_of(bad)
    root = ElementTree.fromstring(badge_svg(report))  # noqa: S314 (our own)
    assert [element.tag.rpartition("}")[2] for element in root.iter()] == [
        *("svg", "title", "rect", "rect", "g", "text", "text"),
    ]
    badge = badge_of(report)
    assert [text.text or "" for text in root.iter() if text.tag.endswith("}text")] == [
        badge.label,
        badge.message,
    ]
    assert json.loads(badge_endpoint(report))["message"] == badge.message
    assert len(badge.message) <= MOST_MESSAGE


@pytest.mark.parametrize("colour", [GREEN, AMBER, RED, BLUE, GREY])
def test_white_can_be_read_on_every_colour_of_a_badge(colour: str) -> None:
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    light = sum(w * s for w, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (light + 0.05) >= 4.5


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_json(bad: str) -> None:
    text = json.dumps(report_data(report_of(bad)), ensure_ascii=False)
    text.encode()
    assert json.loads(text)["items"][0]["title"] == told(bad)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_told_text_is_short_and_in_one_line(bad: str) -> None:
    assert len(told(bad)) <= MOST_TEXT
    assert is_harmless(told(bad))
    assert len(told(bad).splitlines()) <= 1


@pytest.mark.parametrize(
    ("target", "colour", "message"),
    [(None, BLUE, "0"), (Fraction(0), GREEN, "0"), (Fraction(1), RED, "0 of 1")],
)
def test_a_badge_says_how_far_the_target_is(
    target: Fraction | None, colour: str, message: str
) -> None:
    badge = badge_of(report_of("x")._replace(target=target, band=""))
    assert (badge.colour, badge.message) == (colour, message)


def test_a_badge_names_the_band_where_there_is_room() -> None:
    report = report_of("x")._replace(target=None, band="Good")
    assert badge_of(report).message == "0: Good"
    assert badge_of(report._replace(band="g" * MOST_MESSAGE)).message == "0"
