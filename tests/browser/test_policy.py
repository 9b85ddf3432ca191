"""The page under strict content policies, as a wiki or a build server may send them."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.opened import NARROW, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1"])]

PAGE = (Path(__file__).parents[1] / "golden" / "report" / "report.html").read_bytes()
STRICT = "default-src 'none'; style-src 'self'"
VISIBLE = "() => document.body.innerText.replace(/\\s+/g, ' ')"
HIDDEN = """() => [...document.body.querySelectorAll('*:not(title, desc)')]
  .filter(e => !e.checkVisibility() && !e.closest('details')).map(e => e.outerHTML)"""


@pytest.fixture
def serve() -> Iterator[Callable[[str], tuple[str, list[str]]]]:
    """Serves the example's report under a policy; returns its address and what was asked for."""
    servers: list[ThreadingHTTPServer] = []

    def start(policy: str) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(PAGE)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/report.html", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def words(text: str) -> list[str]:
    return sorted(re.sub(r"\s+", " ", text).split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_strict_policy_leaves_it_readable(
    chromium: Browser, serve: Callable[[str], tuple[str, list[str]]], scheme: str
) -> None:
    address, asked = serve(STRICT)
    with opened(chromium, address, scheme=scheme) as seen:
        (message,) = seen.messages
        assert "inline style" in message
        assert "style-src 'self'" in message
        assert seen.requests == [address]
        assert asked == ["/report.html"]
        page = seen.page
        assert page.evaluate("() => document.styleSheets.length") == 0
        # Without a style the page is white in the dark, too: the charts' own colours stand on it.
        assert page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches") == (
            scheme == "dark"
        )
        assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        plain = page.evaluate(VISIBLE)
        fill = "() => getComputedStyle(document.querySelector('.chart-gantt rect')).fill"
        assert page.evaluate(fill) == "rgb(11, 92, 173)"
        assert page.evaluate(HIDDEN) == []
    styled, _ = serve("default-src 'none'; style-src 'unsafe-inline'")
    with opened(chromium, styled) as seen:
        assert words(seen.page.evaluate(VISIBLE)) == words(plain)


def test_a_policy_that_knows_the_style_shows_the_page_in_full(
    chromium: Browser, serve: Callable[[str], tuple[str, list[str]]]
) -> None:
    (style,) = re.findall(rb"<style>(.*?)</style>", PAGE, re.DOTALL)
    known = base64.b64encode(hashlib.sha256(style).digest()).decode()
    address, asked = serve(f"{STRICT} 'sha256-{known}'")
    with opened(chromium, address, width=NARROW) as seen:
        assert seen.faults == []
        assert asked == ["/report.html"]
        assert seen.page.evaluate("() => document.styleSheets.length") == 1
