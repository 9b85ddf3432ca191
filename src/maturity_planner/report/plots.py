"""Charts with axes, as inline SVG: points over days, scores over their price, bars in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from .svg import BLUE, GREEN, GRID, INK, MUTED, box, filled, label, legend, line, short, tag


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
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [0.0, 50.0, 100.0, 150.0, 200.0])
    """
    steps = (base * 10.0**power for power in range(-4, 12) for base in (1, 2, 5))
    step = next(step for step in steps if highest <= 6 * step)
    return [step * n for n in range(math.ceil(highest / step - 1e-9) + 1)]


class Plane(NamedTuple):
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
    for x, name, color in ((40, "planned", BLUE), (150, "done", GREEN)):
        body += box(x, bottom + 34, 26, 12, color) + label(x + 33, bottom + 44, name)
    return body, 680, int(bottom) + 54


def dots(places: Sequence[tuple[float, float]]) -> str:
    """Return a dot at each of the places."""
    return "".join(tag("circle", cx=x, cy=y, r=4, fill=BLUE, **filled(BLUE)) for x, y in places)
