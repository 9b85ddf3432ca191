"""Charts as inline SVG: pure functions, every text escaped, no script and no address.

Colours are attributes of the elements, so that a chart stands without any style sheet; the
classes only let one change them for a dark page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from .text import columns

INK, MUTED, GRID, BLUE, GREEN = "#1b1f24", "#57606a", "#d3dae1", "#0b5cad", "#1a7f37"
FONT = "system-ui, sans-serif"
MOST_AXES, FEWEST_AXES = 16, 3
CLASSES = {INK: "ink", MUTED: "muted", GRID: "grid", BLUE: "blue", GREEN: "green"}


@dataclass(frozen=True, slots=True)
class Chart:
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
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def label(x: float, y: float, text: str, *, anchor: str = "start", color: str = INK) -> str:
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


@dataclass(frozen=True, slots=True)
class Scale:
    """Days as places from left to right."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Return where a day begins."""
        span = max((self.last - self.first).days, 1)
        return self.left + (self.right - self.left) * (day - self.first).days / span

    def ticks(self, most: int = 5) -> list[date]:
        """Return at most so many days to name, at equal distances, in whole weeks if possible."""
        days = max((self.last - self.first).days, 1)
        step = -(-days // (most - 1))
        step = -(-step // 7) * 7 if step > 3 else step
        return [self.first + timedelta(n) for n in range(0, days + 1, step)]

    def axis(self, top: float, bottom: float, *, most: int = 5) -> str:
        """Return lines for the named days, with their names below."""
        body = ""
        for day in self.ticks(most):
            x = self.x(day)
            body += line([(x, top), (x, bottom)], GRID, stroke_width="1")
            body += label(x, bottom + 18, f"{day:%Y-%m-%d}", anchor="middle", color=MUTED)
        return body


def rounds(highest: float) -> list[float]:
    """Return round numbers from 0 up to the first that is not below the highest, at most seven.

    >>> rounds(10), rounds(154.34)
    ([0, 2, 4, 6, 8, 10], [0, 50, 100, 150, 200])
    """
    steps = (base * 10.0**power for power in range(-4, 12) for base in (1, 2, 5))
    step = next(step for step in steps if highest <= 6 * step)
    return [step * n for n in range(math.ceil(highest / step - 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a chart of numbers draws: the names of its lines to the left."""

    highest: float
    left: float = 44
    right: float = 456
    top: float = 24
    bottom: float = 230

    def y(self, number: float) -> float:
        """Return how far down a number stands."""
        return self.bottom - (self.bottom - self.top) * number / rounds(self.highest)[-1]

    @property
    def lines(self) -> str:
        """The lines across, each with its number."""
        body = ""
        for number in rounds(self.highest):
            y = self.y(number)
            body += line([(self.left, y), (self.right, y)], GRID, stroke_width="1")
            body += label(self.left - 8, y + 4, f"{number:g}", anchor="end", color=MUTED)
        return body


def stairs(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the places with a corner between each two: first to the right, then up."""
    found = [places[0]]
    for x, y in places[1:]:
        found += [(x, found[-1][1]), (x, y)]
    return found


def burnup(
    planned: Sequence[tuple[date, float]], done: Sequence[tuple[date, float]]
) -> tuple[str, int, int]:
    """Return points over time in steps: what was recorded, and what the roadmap expects."""
    days = [day for day, _ in (*planned, *done)]
    plane = Plane(max([1.0, *(points for _, points in (*planned, *done))]))
    scale = Scale(min(days), max(days), plane.left, plane.right - 16)

    def places(series: Sequence[tuple[date, float]]) -> list[tuple[float, float]]:
        return [(scale.x(day), plane.y(points)) for day, points in series]

    body = scale.axis(plane.top, plane.bottom, most=4) + plane.lines
    body += line(stairs(places(planned)), GREEN, dash="6 4")
    body += line(stairs(places(done)), BLUE) + dots(places(done))
    body += legend(44, 274, "recorded", BLUE)
    return body + legend(170, 274, "planned", GREEN, dash="6 4"), 480, 288


def dots(places: Sequence[tuple[float, float]]) -> str:
    """Return a dot at each of the places."""
    return "".join(tag("circle", cx=x, cy=y, r=4, fill=BLUE, **filled(BLUE)) for x, y in places)


def frontier(steps: Sequence[tuple[float, float]], aim: float | None) -> tuple[str, int, int]:
    """Return what can be reached for what: the score over the days, a step at a time."""
    plane = Plane(max([1.0, *(score for _, score in steps)]))
    ticks = rounds(max([1.0, *(days for days, _ in steps)]))
    wide = (plane.right - plane.left) / ticks[-1]
    places = [(plane.left + days * wide, plane.y(score)) for days, score in steps]
    body = plane.lines
    for days in ticks:
        x = plane.left + days * wide
        body += label(x, plane.bottom + 18, f"{days:g}", anchor="middle", color=MUTED)
    body += label(plane.right, 278, "person-days", anchor="end", color=MUTED)
    if aim is not None and 0 < aim <= plane.highest:
        y = plane.y(aim)
        body += line([(plane.left, y), (plane.right, y)], INK, dash="3 3", stroke_width="1.5")
        body += label(plane.right, y - 6, "target", anchor="end")
    body += line(stairs([*places, (plane.right, places[-1][1])]), BLUE) + dots(places)
    return body + legend(44, 274, "score that can be reached", BLUE), 480, 288


def gantt(
    bars: Sequence[tuple[str, date, date, bool]], today: date, end: date | None
) -> tuple[str, int, int]:
    """Return a bar an upgrade under its title; done ones are green, lines mark today and the end.

    The titles stand above the bars, so that a narrow page shows both without moving.
    """
    first = min([start for _, start, _, _ in bars])
    last = max([stop for _, _, stop, _ in bars] + ([end] if end else [])) + timedelta(1)
    scale = Scale(first, last, 40, 640)
    bottom = 30.0 + 38 * len(bars)
    body = scale.axis(26, bottom)
    for number, (name, start, stop, is_done) in enumerate(bars):
        y, x, after = 32.0 + 38 * number, scale.x(start), scale.x(stop + timedelta(1))
        is_late = x > 340  # then the title ends where the bar does, to stay on the page
        anchor, place, most = ("end", after, 40) if is_late else ("start", x + 4, 42)
        body += label(place, y + 12, short(name, most), anchor=anchor)
        body += box(x, y + 17, max(after - x, 3), 14, GREEN if is_done else BLUE)
    marks = [(today, "today")] + ([(end + timedelta(1), "end asked for")] if end else [])
    for day, name in marks:
        if first <= day <= last:
            x = scale.x(day)
            anchor = "start" if x < 80 else "end" if x > 600 else "middle"
            body += line([(x, 20), (x, bottom)], INK, dash="3 3", stroke_width="1.5")
            body += label(x, 14, name, anchor=anchor)
    return body, 680, int(bottom) + 30
