"""Charts as inline SVG: pure functions, every text escaped, no script and no address.

Colours are attributes of the elements, so that a chart stands without any style sheet; the
classes only let one change them for a dark page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import NamedTuple

from .text import columns

INK, MUTED, GRID, BLUE, GREEN = "#1b1f24", "#57606a", "#c8d0d8", "#0b5cad", "#1a7f37"
FONT = "system-ui, sans-serif"
MOST_AXES, FEWEST_AXES = 16, 3
_CLASSES = {INK: "ink", MUTED: "muted", GRID: "grid", BLUE: "blue", GREEN: "green"}


class Chart(NamedTuple):
    """A chart with its name, what it is called, and what it shows in a sentence."""

    name: str
    title: str
    sentence: str
    width: int
    height: int
    body: str

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
        f' {name.replace("_", "-")}="{escape(_number(value))}"'
        for name, value in attributes.items()
    )
    return f"<{element}{told}>{inside}</{element}>"


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, text: str, *, anchor: str = "start", color: str = INK) -> str:
    inside = escape(text)
    extra = {"class": f"fill-{_CLASSES[color]}"}
    return tag("text", inside, x=x, y=y, text_anchor=anchor, fill=color, **extra)


def _line(points: Sequence[tuple[float, float]], color: str, *, dash: str = "", **more: str) -> str:
    """Return a line through the points."""
    path = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
    extra = {"class": f"stroke-{_CLASSES[color]}"} | ({"stroke-dasharray": dash} if dash else {})
    more = {"fill": "none", "stroke-width": "2"} | {k.replace("_", "-"): v for k, v in more.items()}
    return tag("path", d=path, stroke=color, **more, **extra)


def _box(x: float, y: float, width: float, height: float, color: str, **more: str) -> str:
    extra = {"class": f"fill-{_CLASSES[color]}"}
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


def radar(axes: Sequence[tuple[str, float, float | None]]) -> str:
    """Return a web: shares from 0 to 1 of today, and after the plan where there is one."""
    cx, cy, radius = 280.0, 165.0, 115.0
    count = len(axes)

    def at(number: int, share: float) -> tuple[float, float]:
        angle = 2 * math.pi * number / count - math.pi / 2
        return cx + radius * share * math.cos(angle), cy + radius * share * math.sin(angle)

    body = ""
    for share in (0.25, 0.5, 0.75, 1):
        ring = [at(n, share) for n in range(count)]
        body += _line([*ring, ring[0]], GRID, stroke_width="1")
    for number, (name, _, _) in enumerate(axes):
        body += _line([(cx, cy), at(number, 1)], GRID, stroke_width="1")
        x, y = at(number, 1.12)
        anchor = "middle" if abs(x - cx) < 20 else "start" if x > cx else "end"
        body += _text(x, y + 4, short(name, 21), anchor=anchor)
    if all(after is not None for _, _, after in axes):
        after = [at(n, share or 0) for n, (_, _, share) in enumerate(axes)]
        body += _line([*after, after[0]], GREEN, dash="6 4")
        body += _line([(16, 336), (46, 336)], GREEN, dash="6 4") + _text(52, 340, "after the plan")
    today = [at(n, share) for n, (_, share, _) in enumerate(axes)]
    body += _line([*today, today[0]], BLUE)
    body += "".join(tag("circle", cx=x, cy=y, r=3, fill=BLUE, **_dot(BLUE)) for x, y in today)
    return body + _line([(16, 316), (46, 316)], BLUE) + _text(52, 320, "today")


def _dot(color: str) -> dict[str, str]:
    return {"class": f"fill-{_CLASSES[color]}"}


class Scale(NamedTuple):
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

    def axis(self, top: float, bottom: float) -> str:
        """Return lines for the named days, with their names below."""
        body = ""
        for day in self.ticks():
            x = self.x(day)
            body += _line([(x, top), (x, bottom)], GRID, stroke_width="1")
            body += _text(x, bottom + 18, f"{day:%Y-%m-%d}", anchor="middle", color=MUTED)
        return body


def burnup(
    planned: Sequence[tuple[date, float]], done: Sequence[tuple[date, float]]
) -> tuple[str, int, int]:
    """Return points over time in steps: what was recorded, and what the roadmap expects."""
    days = [day for day, _ in (*planned, *done)]
    scale = Scale(min(days), max(days), 50, 560)
    top = max([1.0, *(points for _, points in (*planned, *done))])
    bottom, height = 230.0, 200.0

    def y(points: float) -> float:
        return bottom - height * points / top

    body = scale.axis(20, bottom)
    for part in range(5):
        points = top * part / 4
        body += _line([(50, y(points)), (560, y(points))], GRID, stroke_width="1")
        body += _text(42, y(points) + 4, f"{points:.4g}", anchor="end", color=MUTED)

    def steps(series: Sequence[tuple[date, float]]) -> list[tuple[float, float]]:
        line = [(scale.x(series[0][0]), y(series[0][1]))]
        for day, points in series[1:]:
            line += [(scale.x(day), line[-1][1]), (scale.x(day), y(points))]
        return line

    body += _line(steps(planned), GREEN, dash="6 4")
    body += _line(steps(done), BLUE)
    for day, points in done:
        body += tag("circle", cx=scale.x(day), cy=y(points), r=4, fill=BLUE, **_dot(BLUE))
    body += _line([(50, 276), (80, 276)], BLUE) + _text(86, 280, "recorded")
    body += _line([(170, 276), (200, 276)], GREEN, dash="6 4") + _text(206, 280, "planned")
    return body, 620, 292


def gantt(
    bars: Sequence[tuple[str, date, date, bool]], today: date, end: date | None
) -> tuple[str, int, int]:
    """Return a bar an upgrade; done ones are green, lines mark today and the end asked for."""
    first = min([start for _, start, _, _ in bars])
    last = max([stop for _, _, stop, _ in bars] + ([end] if end else [])) + timedelta(1)
    scale = Scale(first, last, 250, 660)
    bottom = 34.0 + 26 * len(bars)
    body = scale.axis(28, bottom)
    for number, (name, start, stop, is_done) in enumerate(bars):
        y = 34.0 + 26 * number
        body += _text(242, y + 15, short(name, 31), anchor="end")
        width = max(scale.x(stop + timedelta(1)) - scale.x(start), 3)
        body += _box(scale.x(start), y + 3, width, 16, GREEN if is_done else BLUE)
    marks = [(today, "today")] + ([(end + timedelta(1), "end")] if end else [])
    for day, name in marks:
        if first <= day <= last:
            body += _line([(scale.x(day), 22), (scale.x(day), bottom)], INK, dash="3 3")
            body += _text(scale.x(day), 16, name, anchor="middle")
    return body, 710, int(bottom) + 30


Node = tuple[str, str, bool]
"""The id of an item, its title, whether it is planned."""


def graph(nodes: Sequence[Node], edges: Sequence[tuple[str, str, bool]]) -> tuple[str, int, int]:
    """Return items from left to right, each to the right of what it needs.

    An edge is what is needed, who needs it, and whether it cannot do without.
    """
    ranks = layers([node for node, _, _ in nodes], [(giver, taker) for giver, taker, _ in edges])
    columns: dict[int, list[Node]] = {}
    for node in nodes:
        columns.setdefault(ranks[node[0]], []).append(node)
    tallest = max(len(column) for column in columns.values())
    place: dict[str, tuple[float, float]] = {}
    for rank, column in columns.items():
        free = (tallest - len(column)) * 28
        for row, (name, _, _) in enumerate(column):
            place[name] = (10 + 250 * rank, 10 + free + 56 * row)
    body = "".join(_arrow(place[giver], place[taker], must) for giver, taker, must in edges)
    for name, title, is_planned in nodes:
        x, y = place[name]
        color = BLUE if is_planned else MUTED
        extra = {"class": f"node stroke-{_CLASSES[color]}"}
        width = 2.5 if is_planned else 1
        body += tag(
            "rect", x=x, y=y, width=200, height=42, rx=5, fill="#ffffff", stroke=color,
            stroke_width=width, **extra,
        )  # fmt: skip
        lines = _two_lines(title, 28)
        for number, line in enumerate(lines):
            start = y + (26 if len(lines) == 1 else 18 + 16 * number)
            body += _text(x + 8, start, line)
    return body, 250 * (max(columns) + 1) - 30, 56 * tallest + 10


def _arrow(giver: tuple[float, float], taker: tuple[float, float], must: bool) -> str:
    x1, y1, x2, y2 = giver[0] + 200, giver[1] + 21, taker[0], taker[1] + 21
    middle = (x1 + x2) / 2
    numbers = [_number(n) for n in (x1, y1, middle, y1, middle, y2, x2 - 6, y2)]
    path = "M{} {}C{} {} {} {} {} {}".format(*numbers)
    stroke = {"class": "stroke-muted"} | ({} if must else {"stroke-dasharray": "4 3"})
    head = f"M{_number(x2)} {_number(y2)}l-8 -4v8z"
    return tag("path", d=path, fill="none", stroke=MUTED, stroke_width=1.5, **stroke) + tag(
        "path", d=head, fill=MUTED, **_dot(MUTED)
    )


def _two_lines(text: str, most: int) -> list[str]:
    if columns(text) <= most or columns(text) > len(text):
        return [short(text, most)]
    first = text[:most].rpartition(" ")[0] or text[:most]
    return [first, short(text[len(first) :].strip(), most)]


def layers(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return each node's column: the longest way to it; what runs in a circle ends somewhere.

    >>> layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    rank = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for giver, taker in edges:
            if rank[taker] <= rank[giver] < len(nodes) - 1:
                rank[taker] = rank[giver] + 1
                moved = True
        if not moved:
            break
    used = {old: new for new, old in enumerate(sorted({*rank.values()}))}
    return {node: used[rank[node]] for node in nodes}
