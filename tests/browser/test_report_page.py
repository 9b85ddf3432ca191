"""The report's page in a real browser: wide and narrow, light and dark, on paper, unscripted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.opened import NARROW, OVER, PAPER, TORN, WIDE, opened, pages_of
from builders import NOW, assessment, item, mode, rubric
from hostile import BAD, report_of
from maturity_planner.cli.main import run
from maturity_planner.report.building import build_report
from maturity_planner.report.content import Report
from maturity_planner.report.page import html_report
from maturity_planner.report.sources import Sources
from maturity_planner.report.words import told
from maturity_planner.resources import bundled

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]

EXAMPLE = Path(__file__).parents[1] / "golden" / "report" / "report.html"
HOSTILE = "</title></style></svg><script>alert(1)</script><img src=x onerror=alert(2)>" + "y" * 400
BROKEN = {
    "a script": "<script>alert(1)</script>",
    "a message": "<script>console.warn(1)</script>",
    "a fault": "<script>nobody()</script>",
    "a picture": '<img src="picture.png" alt="">',
    "a wide table": '<table><tr><td style="white-space: nowrap">' + "wide " * 400 + "</table>",
    "a cut text": '<p style="width: 3rem; overflow: hidden; white-space: nowrap">cut off here</p>',
}


def bare() -> Report:
    """A system of which nobody knows more than its assessment."""
    built = rubric({"data": [item("a"), item("b")], "model": [item("c")]})
    return build_report(Sources(built, assessment({"a": "manual"}), None, NOW))


@pytest.fixture(params=["example", "hostile", "bare"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "example":
        return EXAMPLE
    report = report_of(HOSTILE) if request.param == "hostile" else bare()
    file = tmp_path / "report.html"
    file.write_text(html_report(report), encoding="utf-8")
    return file


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_page_fits_and_is_silent(
    chromium: Browser, path: Path, width: int, scheme: str, scripts: bool
) -> None:
    with opened(chromium, path, width=width, scheme=scheme, scripts=scripts) as seen:
        assert seen.faults == []
        assert seen.requests == [seen.address]
        dark = seen.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert (dark == "rgb(255, 255, 255)") == (scheme == "light")


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_page_would_be_seen(chromium: Browser, tmp_path: Path, fault: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("<main>", f"<main>{BROKEN[fault]}")
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    with opened(chromium, tmp_path / "report.html", width=NARROW) as seen:
        assert seen.faults != []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing(
    chromium: Browser, axe: str, path: Path, width: int, scheme: str
) -> None:
    with opened(chromium, path, width=width, scheme=scheme) as seen:
        assert seen.violations(axe) == []


@pytest.mark.parametrize(
    ("style", "rule"),
    [
        ("--muted: #57606a", "color-contrast"),
        ('<html lang="en">', "html-has-lang"),
        ('scope="col"', "scope-attr-valid"),
        (' tabindex="0"', "scrollable-region-focusable"),
    ],
)
def test_axe_would_find_a_fault(
    chromium: Browser, axe: str, tmp_path: Path, style: str, rule: str
) -> None:
    worse = {"--muted: #57606a": "--muted: #aab3bd", 'scope="col"': 'scope="none"'}
    text = EXAMPLE.read_text(encoding="utf-8")
    assert style in text
    broken = text.replace(style, worse.get(style, "<html>" if "html" in style else ""))
    (tmp_path / "report.html").write_text(broken, encoding="utf-8")
    with opened(chromium, tmp_path / "report.html", width=NARROW) as seen:
        assert {one.split(":")[0] for one in seen.violations(axe)} == {rule}


def test_on_paper_nothing_is_lost(chromium: Browser, path: Path) -> None:
    with opened(chromium, path, width=PAPER, scheme="dark") as seen:
        seen.page.emulate_media(media="print", color_scheme="dark")
        assert seen.overflow == []
        ground = seen.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
        pdf = seen.page.pdf(format="A4", prefer_css_page_size=True)
    least, most = (6, 9) if path == EXAMPLE else (1, 12)
    assert least <= pages_of(pdf) <= most
    assert len(pdf) > 10_000


@pytest.fixture(params=["ml-test-score", "openssf-scorecard"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page of the example with evidence that has lapsed; the first one of another rubric."""
    monkeypatch.chdir(tmp_path)
    if request.param == "openssf-scorecard":
        commands = ["init --rubric openssf-scorecard --system shop", "plan --target 7"]
    else:
        for path in (bundled("examples") / "fraud-scoring").iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1835000000")
        commands = ["plan", "roadmap"]
    for command in (*commands, "report -o page.html"):
        assert run(["-q", *command.split()]) == 0
    return tmp_path / "page.html"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_word_and_no_number_is_torn(chromium: Browser, made: Path, width: int) -> None:
    with opened(chromium, made, width=width) as seen:
        assert seen.page.evaluate(TORN) == []
        assert seen.page.evaluate(OVER) == 0
        assert seen.faults == []


def test_a_long_word_in_the_figures_fits_a_phone(chromium: Browser, tmp_path: Path) -> None:
    built = rubric({"infrastructure": [item("a")], "model": [item("b")]})
    report = build_report(Sources(built, assessment({"b": "manual"}), None, NOW))
    file = tmp_path / "report.html"
    file.write_text(html_report(report), encoding="utf-8")
    with opened(chromium, file, width=NARROW) as seen:
        assert seen.page.locator(".figures .wide").inner_text().startswith("Set by\ninfrastructure")
        assert seen.page.evaluate(TORN) == []


def test_what_scrolls_shows_that_it_does(chromium: Browser) -> None:
    with opened(chromium, EXAMPLE, width=NARROW) as seen:
        for box in seen.page.locator(".scroll").all():
            assert "gradient" in box.evaluate("e => getComputedStyle(e).backgroundImage")
            assert box.evaluate("e => e.scrollWidth > e.clientWidth")


def test_steps_open_one_at_a_time_without_a_script(chromium: Browser) -> None:
    with opened(chromium, EXAMPLE, width=NARROW, scripts=False) as seen:
        steps = seen.page.locator(".steps details")
        opened_ones = "() => document.querySelectorAll('.steps details[open]').length"
        assert steps.count() == 11
        for number in (0, 10):
            steps.nth(number).locator("summary").click()
            assert seen.page.evaluate(opened_ones) == 1
        assert steps.nth(10).locator("li").first.is_visible()
        assert steps.nth(10).locator("li").count() == 23
        assert seen.faults == []


def test_hostile_texts_are_texts(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    count = "() => document.querySelectorAll('*:not(a, text)').length"
    elements: dict[str, int] = {}
    for bad in (*BAD, HOSTILE, "", "x"):
        file.write_text(html_report(report_of(bad)), encoding="utf-8")
        with opened(chromium, file, width=NARROW) as seen:
            assert seen.faults == [], bad
            elements[bad] = seen.page.evaluate(count)
            assert told(bad).strip() in (seen.page.locator("table.plan").text_content() or "")
            links = seen.page.evaluate("() => [...document.links].map(a => a.protocol)")
            assert {*links} <= {"file:", "http:", "https:"}
        assert elements[bad] == elements.get("x" if told(bad) else "", elements[bad])
    assert len(set(elements.values())) <= 2


def test_a_thousand_items_open_at_once(chromium: Browser, tmp_path: Path) -> None:
    sections = {f"s{n}": [item(f"s{n}-{k}") for k in range(20)] for n in range(50)}
    for n, items in enumerate(sections.values()):
        needing = {"manual": mode(1, needs=[f"s{n}-1@manual"]), "automated": mode(3)}
        items[0] = item(f"s{n}-0", modes=needing)
    answers = {f"s{n}-{k}": "manual" for n in range(50) for k in range(0, 20, 3)}
    report = build_report(Sources(rubric(sections), assessment(answers), None, NOW))
    (tmp_path / "report.html").write_text(html_report(report), encoding="utf-8")
    with opened(chromium, tmp_path / "report.html", width=NARROW) as seen:
        assert seen.faults == []
        assert seen.page.locator("table.items tbody tr").count() == 1000
        # What is far below the window is not laid out until somebody scrolls there.
        waiting = "() => [...document.querySelectorAll('.later')].filter(e => " + (
            "!e.firstElementChild.checkVisibility({contentVisibilityAuto: true})).length"
        )
        seen.page.wait_for_function(f"({waiting})() > 40")
        claims = "() => document.querySelector('.claims li').checkVisibility("
        claims += "{contentVisibilityAuto: true})"
        assert not seen.page.evaluate(claims)
        seen.page.emulate_media(media="print")
        # The next frame has it; a busy machine draws it late.
        seen.page.wait_for_function(f"({waiting})() === 0 && ({claims})()")
