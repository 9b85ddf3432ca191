"""Hostile texts stay texts, in every format of a report."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import mistune
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW, assessment, item, rubric
from maturity_planner.core.assessment import Evidence, Waiver
from maturity_planner.core.plan import Standing, Upgrade, upgrade_cost
from maturity_planner.core.progress import Tracked
from maturity_planner.core.rubric import ItemId, ModeId
from maturity_planner.core.tickets import Kind, Milestone, Present, State, Uid
from maturity_planner.plans import PlanOnFile
from maturity_planner.report.content import MOST_TEXT, Report, Sources, build_report, told
from maturity_planner.report.document import report_data
from maturity_planner.report.markdown import markdown_report
from maturity_planner.report.page import html_report
from maturity_planner.report.past import Recorded
from maturity_planner.report.sheet import HEADS, sheet_report
from maturity_planner.report.text import text_report
from maturity_planner.roadmaps import RoadmapOnFile, Slot

BAD = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title></svg>", "<!--", "]]>"),
    *('" onload="x', "'", "&lt;", "&#x3c;", "[x](javascript:alert(1))", "![x](http://e.example/p)"),
    *(
        "javascript:alert(1)",
        "http://e.example/a?b=1&c=2",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM",
    ),
    *(
        "\uff1d1+1",
        "|",
        "\\|",
        "`",
        "```",
        "*b*",
        "_b_",
        "~~s~~",
        "# h",
        "- l",
        "1. l",
        "> q",
        "$x$",
    ),
    *(
        "\x1b[31m",
        "\x00",
        "\x07",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u2028",
        "\r\n",
        "\n\n",
        "\t",
        " ",
    ),
    *("a:b;c", "x" * 10_000, "\ud800", "@team", "#12", "{{ 7*7 }}", "{% raw %}", "---", "==="),
)
TEXTS = st.lists(st.one_of(st.sampled_from(BAD), st.text(max_size=8)), min_size=1, max_size=4).map(
    "".join
)


def report_of(bad: str) -> Report:
    """A report that says the text wherever somebody else has a say."""
    built = rubric({"s": [item("a"), item("b"), item("c")], "t": [item("d")], "u": [item("e")]})
    sections = tuple(
        replace(
            section,
            title=bad,
            items=tuple(replace(one, title=bad) for one in section.items),
        )
        for section in built.sections
    )
    modes = tuple(replace(one, title=bad) for one in built.modes)
    hostile = replace(built, title=bad, version=bad, source=bad, sections=sections, modes=modes)
    known = assessment({"a": {"mode": "manual", "note": bad}, "b": "none"})
    answers = dict(known.answers)
    answers[ItemId("a")] = replace(answers[ItemId("a")], evidence=(Evidence(bad),))
    waiver = Waiver(ItemId("c"), bad, bad, date(2026, 12, 1))
    known = replace(
        known, system=bad, answers=answers, waivers={ItemId("c"): waiver}, expired=(waiver,)
    )
    to = ModeId("automated")
    upgrades = []
    for name in ("a", "b"):
        one = hostile.items[ItemId(name)]
        cost, effort, _ = upgrade_cost(known, one, to, Fraction(4))
        upgrades.append(Upgrade(one, known.mode(one), to, cost, effort, 5000_0000, why=bad))
    first, last = date(2026, 11, 23), date(2026, 11, 27)
    slot = Slot(first, last, Milestone(bad, first, last))
    present = Present(
        Uid("0123abcd.a.automated"), Kind.TICKET, bad, bad, bad, State.OPEN, fields={}
    )
    return build_report(
        Sources(
            hostile,
            known,
            Fraction(2),
            NOW,
            past=(Recorded(NOW, Standing(Fraction(1), {"s": Fraction(0)}), bad),),
            plan=PlanOnFile("0123abcd", bad, "tiny", Fraction(2), tuple(upgrades)),
            roadmap=RoadmapOnFile("0123abcd", {u.ref: slot for u in upgrades}, (), first, last),
            tickets=(Tracked(present, upgrades[0].item, to),),
        )
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
    assert [t["attrs"]["info"] for t in found if t["type"] == "block_code"] == ["mermaid"]
    assert [t["attrs"]["level"] for t in found if t["type"] == "heading"] == [1, *[2] * 8]
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
    *("aria-label", "aria-labelledby", "aria-hidden", "data-head", "fill-opacity"),
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
