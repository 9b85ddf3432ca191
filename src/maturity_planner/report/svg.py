"""Charts as inline SVG: pure functions, every text escaped, no script and no address.

Colours are attributes of the elements, so that a chart stands without any style sheet; the
classes only let one change them for a dark page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from .text import columns

INK, MUTED, GRID, BLUE, GREEN = "#1b1f24", "#57606a", "#d3dae1", "#0b5cad", "#1a7f37"
FONT = "system-ui, sans-serif"
MOST_AXES, FEWEST_AXES = 16, 3
CLASSES = {INK: "ink", MUTED: "muted", GRID: "grid", BLUE: "blue", GREEN: "green"}


class Chart(NamedTuple):
    """A chart with its name, what it is called, and what it shows in a sentence."""

    name: str
    title: str
    sentence: str
    body: str
    width: int
    height: int

    @property
    def markup(self) -> str:
        """The picture, with title and sentence for those who do not see it."""
        named = f"chart-{self.name}"
        head = tag("title", escape(self.title), id=f"{named}-title")
        head += tag("desc", escape(self.sentence), id=f"{named}-desc")
        return tag(
            "svg",
            head + self.body,
            role="img",
            aria_labelledby=f"{named}-title {named}-desc",
            viewBox=f"0 0 {self.width} {self.height}",
            width=self.width,
            font_family=FONT,
            font_size=13,
        )


def tag(element: str, inside: str = "", **attributes: str | float) -> str:
    """Return an element; `inside` is markup already, attributes are escaped here.

    >>> tag("text", "a", x=1.25, text_anchor='"')
    '<text x="1.2" text-anchor="&quot;">a</text>'
    """
    told = "".join(
        f' {name.replace("_", "-")}="{escape(number_of(value))}"'
        for name, value in attributes.items()
    )
    return f"<{element}{told}>{inside}</{element}>"


def number_of(value: str | float) -> str:
    """Return a number as an attribute says it: one decimal is fine enough."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def label(x: float, y: float, text: str, *, anchor: str = "start", color: str = INK) -> str:
    """Return a text; it is escaped."""
    inside = escape(text)
    extra = {"class": f"fill-{CLASSES[color]}"}
    return tag("text", inside, x=x, y=y, text_anchor=anchor, fill=color, **extra)


def line(points: Sequence[tuple[float, float]], color: str, *, dash: str = "", **more: str) -> str:
    """Return a line through the points."""
    path = "M" + "L".join(f"{number_of(x)} {number_of(y)}" for x, y in points)
    extra = {"class": f"stroke-{CLASSES[color]}"} | ({"stroke-dasharray": dash} if dash else {})
    more = {"fill": "none", "stroke-width": "2"} | {k.replace("_", "-"): v for k, v in more.items()}
    return tag("path", d=path, stroke=color, **more, **extra)


def box(x: float, y: float, width: float, height: float, color: str, **more: str) -> str:
    """Return a filled box."""
    extra = {"class": f"fill-{CLASSES[color]}"}
    return tag("rect", x=x, y=y, width=width, height=height, rx=3, fill=color, **more, **extra)


def short(text: str, most: int) -> str:
    r"""Return the text cut to so many columns; wide characters take two.

    >>> short("abcdef", 4) == "abc\u2026", short("\u6f22\u5b57", 3) == "\u6f22\u2026"
    (True, True)
    """
    if columns(text) <= most:
        return text
    while columns(text) >= most:
        text = text[:-1]
    return f"{text}\u2026"


def in_lines(text: str, most: int) -> list[str]:
    """Return the text in at most two lines of so many columns.

    >>> in_lines("all features are beneficial", 14)
    ['all features', 'are beneficial']
    """
    if columns(text) <= most or columns(text) > len(text):
        return [short(text, most)]
    first = text[: most + 1].rpartition(" ")[0].rstrip() or text[:most]
    return [first, short(text[len(first) :].strip(), most)]


def level(share: float, after: float | None, aim: float | None) -> str:
    """Return a bar from 0 to 1: today, what the plan adds, a mark for the target.

    The numbers stand beside it, so it is hidden from those who do not see it.
    """
    width = 200.0
    body = box(0, 2, width, 8, GRID)
    if after is not None and after > share:
        body += box(0, 2, width * min(after, 1), 8, GREEN)
    if share > 0:
        body += box(0, 2, width * min(share, 1), 8, BLUE)
    if aim is not None and 0 < aim <= 1:
        body += line([(width * aim, 0), (width * aim, 12)], INK)
    return tag("svg", body, aria_hidden="true", viewBox="-1 0 202 12", width=202, height=12)


def radar(axes: Sequence[tuple[str, float, float | None]]) -> tuple[str, int, int]:
    """Return a web: shares from 0 to 1 of today, and after the plan where there is one."""
    cx, cy, radius = 230.0, 160.0, 112.0
    count = len(axes)

    def at(number: int, share: float) -> tuple[float, float]:
        angle = 2 * math.pi * number / count - math.pi / 2
        return cx + radius * share * math.cos(angle), cy + radius * share * math.sin(angle)

    body = ""
    for share in (0.25, 0.5, 0.75, 1):
        ring = [at(n, share) for n in range(count)]
        body += line([*ring, ring[0]], GRID, stroke_width="1")
    for number, (name, _, _) in enumerate(axes):
        body += line([(cx, cy), at(number, 1)], GRID, stroke_width="1")
        x, y = at(number, 1.1)
        anchor = "middle" if abs(x - cx) < 20 else "start" if x > cx else "end"
        lines = in_lines(name, 26 if anchor == "middle" else 13)
        up = 16 if y < cy - radius else 0 if y > cy + radius else 8
        top = y + 4 - up * (len(lines) - 1)
        for row, piece in enumerate(lines):
            body += label(x, top + 16 * row, piece, anchor=anchor)
    if all(after is not None for _, _, after in axes):
        after = [at(n, share or 0) for n, (_, _, share) in enumerate(axes)]
        body += line([*after, after[0]], GREEN, dash="6 4")
        body += legend(130, 334, "after the plan", GREEN, dash="6 4")
    today = [at(n, share) for n, (_, share, _) in enumerate(axes)]
    area = "M" + "L".join(f"{number_of(x)} {number_of(y)}" for x, y in today) + "z"
    body += tag("path", d=area, fill=BLUE, fill_opacity="0.15", **filled(BLUE))
    body += line([*today, today[0]], BLUE)
    body += "".join(tag("circle", cx=x, cy=y, r=3, fill=BLUE, **filled(BLUE)) for x, y in today)
    return body + legend(20, 334, "today", BLUE), 460, 345


def legend(x: float, y: float, name: str, color: str, *, dash: str = "") -> str:
    """Return a short line of the color with what it stands for."""
    return line([(x, y), (x + 26, y)], color, dash=dash) + label(x + 33, y + 4, name)


def filled(color: str) -> dict[str, str]:
    """Return the attribute that lets a dark page fill with another color."""
    return {"class": f"fill-{CLASSES[color]}"}
