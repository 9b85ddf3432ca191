"""What the page's style promises: enough contrast, and nothing from elsewhere."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from builders import NOW, assessment, item, mode, rubric
from maturity_planner.core.rubric import ItemId, ModeId, ModeRef, Rubric
from maturity_planner.report.building import build_report
from maturity_planner.report.charts import charts_of
from maturity_planner.report.content import Report, Step
from maturity_planner.report.figures import key_figures
from maturity_planner.report.page import even, html_report
from maturity_planner.report.sources import Sources
from maturity_planner.report.tables import Table
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


def report_of(built: Rubric, **answers: str) -> Report:
    return build_report(Sources(built, assessment(answers), None, NOW))


def test_the_figures_name_what_sets_the_score_while_that_is_short() -> None:
    few = rubric({"data": [item("a")], "model": [item("b")]})
    assert [(f.name, f.value, f.more) for f in key_figures(report_of(few))] == [
        ("Score", "0", ""),
        ("Set by", "data and model", "the lowest"),
    ]
    one = key_figures(report_of(few, a="manual"))[1]
    assert (one.value, one.more) == ("model", "the lowest section")
    many = rubric({f"section-{n}": [item(f"a-{n}")] for n in range(9)})
    assert key_figures(report_of(many))[1].value == "9 sections"
    mean = rubric({"data": [item("a")]}, overall="mean")
    assert [figure.name for figure in key_figures(report_of(mean))] == ["Score"]


def test_numbers_of_a_column_have_as_many_decimals() -> None:
    rows = (("a", "3", "x", ""), ("b", "1.25*", "", ""), ("c", "?", "", ""), ("d", "+0.5", "", ""))
    shown = even(Table("t", "T", ("Name", "Days", "Note", "State"), rows, (1,)))
    assert shown.heads == ("Name", "Days", "Note")
    assert [row[1] for row in shown.rows] == ["3.00", "1.25*", "?", "+0.50"]
    assert shown.right == (1,)


def test_rounded_numbers_keep_their_mark() -> None:
    rows = (("~1.2708",), ("1.25",))
    assert even(Table("t", "T", ("Score",), rows, (0,))).rows == (("~1.2708",), ("1.2500",))


@pytest.mark.parametrize("target", [None, Fraction(25, 10_000), Fraction(150, 10_000)])
def test_of_hundreds_of_steps_a_dozen_is_shown_whole(target: Fraction | None) -> None:
    items = {f"s-{n}": [item(f"item-{n}-{m}") for m in range(7)] for n in range(4)}
    report = report_of(rubric(items))
    steps = tuple(
        Step(
            Fraction(n, 10_000),
            Fraction(n),
            Fraction(n),
            tuple(ModeRef(ItemId(one.id), ModeId("manual")) for one in report.items[: 1 + n % 28]),
            is_proven=True,
        )
        for n in range(300)
    )
    page = html_report(report._replace(frontier=steps, target=target))
    told = re.findall(r"<summary>Score (\S+):", page)
    assert len(told) == 12
    assert (told[0], told[-1]) == ("0", "0.0299")
    assert target is None or str(float(target)) in told
    assert "These are 12 of 300 steps; the table has all of them." in page
    assert page.count('<tr><th scope="row">0.0') == 300
    assert len(page) < 150_000


@pytest.mark.parametrize(
    ("done", "told"),
    [
        ([0, 1], "the lowest is s-2 with 0 of 1"),
        ([0], "the lowest are s-1 and s-2 with 0 of 1 each"),
        ([], "all have 0 of 1"),
    ],
)
def test_the_radar_names_every_lowest_section(done: list[int], told: str) -> None:
    report = report_of(
        rubric({f"s-{n}": [item(f"a-{n}")] for n in range(3)}),
        **{f"a-{n}": "manual" for n in done},
    )
    assert f"what it can reach; {told}." in charts_of(report)["sections"].sentence
    many = report_of(rubric({f"s-{n}": [item(f"a-{n}")] for n in range(9)}), **{"a-0": "manual"})
    sentence = charts_of(many)["sections"].sentence
    assert "the lowest are 8 of 9 sections with 0 of 1 each" in sentence


@pytest.mark.parametrize(("count", "state"), [(2, " open"), (7, "")])
def test_long_lists_of_claims_are_folded(count: int, state: str) -> None:
    needing = {"manual": mode(1, needs=["a@manual"]), "automated": mode(3)}
    items = [item("a"), *(item(f"b-{n}", modes=needing) for n in range(count))]
    answers = {f"b-{n}": "manual" for n in range(count)}
    page = html_report(report_of(rubric({"s": items}), **answers))
    assert f'<details class="claims"{state}><summary>Claims without what they' in page
    assert page.count("<li>b-") == count
