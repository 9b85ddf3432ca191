"""A page opened in a browser, and all that went wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW, PAPER = 1280, 390, 688
"""Widths of a window, of a phone, and of what our margins leave of A4."""

BEYOND = """() => [...document.body.querySelectorAll('*')].filter(e =>
  !e.closest('.scroll svg') && e.getBoundingClientRect().right > innerWidth + 1
).map(e => e.outerHTML.slice(0, 80))"""
"""What reaches beyond the right edge, charts aside that scroll in a box of their own."""

CUT = """() => [...document.body.querySelectorAll('th, td, p, li, dd, dt, caption, figcaption')]
  .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow != 'visible')
  .map(e => e.outerHTML.slice(0, 80))"""
"""Texts that their boxes cut."""

TORN = """() => { const torn = [], texts = document.createTreeWalker(document.body, 4);
  while (texts.nextNode()) {
    const node = texts.currentNode, range = document.createRange();
    const holder = node.parentElement, head = holder.closest('thead');
    if (holder.closest('svg, a, code') || head && head.clientWidth < 2) continue;
    for (const word of node.data.matchAll(/[^\\s-]+/g)) {
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) torn.push(word[0]);
    }
  } return torn; }"""
"""Words and numbers that a line breaks in two; heads that nobody sees aside."""

OVER = """() => [...document.querySelectorAll('.heat .open')].filter(e => {
  const range = document.createRange(); range.selectNodeContents(e);
  const text = range.getBoundingClientRect(), cell = e.getBoundingClientRect();
  const frame = 2 - parseFloat(getComputedStyle(e).outlineOffset);
  return text.left < cell.left + frame - 2 || text.right > cell.right - frame + 2;
}).length"""
"""How many texts run through the frame of their cell."""


@dataclass(slots=True)
class Opened:
    """A page with what it asked for, logged and did unasked."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Note a dialog and close it, since the page waits for that."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    @property
    def faults(self) -> list[str]:
        """What no report may do, in words: empty when all is well."""
        found = [f"message: {text}" for text in self.messages]
        found += [f"dialog: {text}" for text in self.dialogs]
        found += [f"request: {one}" for one in self.requests if one != self.address]
        return found + self.overflow

    @property
    def overflow(self) -> list[str]:
        """What does not fit on the page."""
        found = [f"beyond the edge: {one}" for one in self.page.evaluate(BEYOND)]
        found += [f"cut: {one}" for one in self.page.evaluate(CUT)]
        widths = "() => [document.documentElement.scrollWidth, innerWidth]"
        scrolled, inner = self.page.evaluate(widths)
        return found + ([f"scrolls to the right: {scrolled}"] if scrolled > inner else [])

    def violations(self, axe: str) -> list[str]:
        """Return what axe-core finds, by its rules for WCAG and for good practice."""
        self.page.evaluate(axe)
        found: dict[str, Any] = self.page.evaluate("() => axe.run(document)")
        assert len(found["passes"]) > 10
        return [
            f"{one['id']}: {node['html'][:100]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]


@contextmanager
def opened(
    browser: Browser,
    address: str | Path,
    *,
    width: int = WIDE,
    scheme: Any = "light",
    scripts: bool = True,
) -> Iterator[Opened]:
    """Open a file or an address in a profile of its own and watch it from the start."""
    target = address.resolve().as_uri() if isinstance(address, Path) else address
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
    )
    page = context.new_page()
    seen = Opened(page, target)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on(
        "console",
        lambda told: seen.messages.append(told.text) if told.type != "log" else None,
    )
    page.on("pageerror", lambda error: seen.messages.append(str(error)))
    # A plain function: playwright marks what it calls, and a bound method has no room for that.
    page.on("dialog", lambda dialog: seen.dismiss(dialog))
    page.goto(target)
    yield seen
    context.close()


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
