"""The report's page: its size, the time of the command, and how long a browser takes to show it.

`python bench/report.py [ITEMS ...]` takes numbers of items (28 and 1,000 without). The rubrics are
generated (`rubrics.py`), with a plan for a third of the target that it proposes. Chromium is the
one of the system; where it is missing, its columns are. Each figure is the best of five runs that
take turns.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import PLAN, measure
from startup import best_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROUNDS = 5
SIZES = {28: (4, 15), 1_000: (50, None)}
"""Items: sections, and the bar as a multiple of `python -c pass`."""
BAR_KILOBYTES = {28: 150}

TIMES = """() => new Promise(told => {
  const pauses = [0];
  new PerformanceObserver(list => pauses.push(...list.getEntries().map(e => e.duration)))
    .observe({type: 'longtask', buffered: true});
  new PerformanceObserver(list => {
    const painted = list.getEntriesByName('first-contentful-paint')[0];
    const load = performance.getEntriesByType('navigation')[0].loadEventEnd;
    if (painted) setTimeout(() => told([load, painted.startTime, Math.max(...pauses)]), 300);
  }).observe({type: 'paint', buffered: true});
})"""
"""Milliseconds until all is there, until something is seen, and of the longest pause."""


def started(stack: ExitStack) -> Browser | None:
    """Return Chromium, until the stack closes; None when it is not here."""
    program = shutil.which("chromium")
    if program is None:
        return None
    from playwright.sync_api import sync_playwright

    from browser.opened import FLAGS

    playwright = stack.enter_context(sync_playwright())
    return playwright.chromium.launch(executable_path=program, args=FLAGS)


def times(browser: Browser, page: Path) -> list[float]:
    """Return the best times to open the page, each in a profile of its own."""
    found: list[list[float]] = []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        opened = context.new_page()
        opened.goto(page.as_uri())
        found.append(opened.evaluate(TIMES))
        context.close()
    return [min(column) for column in zip(*found, strict=True)]


def row(items: int, browser: Browser | None) -> list[str]:
    """Return the table's row of one size."""
    sections, bar = SIZES.get(items, (max(items // 20, 1), None))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = [sys.executable, Path(__file__).parent / "rubrics.py", folder, items, sections]
        target = float(measure([str(word) for word in made], folder).output)
        plan = [word for word in PLAN if word not in ("-n", "--json")]
        done = measure([*plan, "--target", f"{int(target * 2 / 3) / 2:g}"], folder)
        assert done.code == 0, done.errors
        report = [sys.executable, "-m", "maturity_planner", "report", "-o", "report.html"]
        best = best_of({"pass": [sys.executable, "-c", "pass"], "report": report}, folder, ROUNDS)
        page = folder / "report.html"
        kilobytes = page.stat().st_size / 1000
        shown = [f"{one:.0f}" for one in times(browser, page)] if browser else ["-"] * 3
    most = BAR_KILOBYTES.get(items)
    return [
        f"{items}/{sections}",
        f"{kilobytes:.0f}",
        str(most or ""),
        f"{best['report'] / best['pass']:.1f}",
        str(bar or ""),
        *shown,
    ]


def main() -> None:
    """Print the table."""
    heads = ["items", "kB", "bar", "x pass", "bar", "loaded ms", "painted ms", "pause ms"]
    with ExitStack() as stack:
        browser = started(stack)
        rows = [row(int(size), browser) for size in sys.argv[1:] or SIZES]
    for cells in (heads, *rows):
        print("".join(f"{cell:>11}" for cell in cells))
    if browser is None:
        print("Chromium is not here, so nothing was opened: apt-get install chromium")


if __name__ == "__main__":
    main()
