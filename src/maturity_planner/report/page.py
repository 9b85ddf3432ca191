"""A report as one HTML file that needs nothing else: no script, font, picture or address.

It reads without its style, too, as a strict content policy shows it; the template escapes all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import jinja2
from markupsafe import Markup, escape

from .. import __version__
from ..core.quantity import precise
from ..resources import bundled
from . import svg
from .compiled import compiled_templates
from .content import ItemLine, Report
from .parts import headline, parts, subtitle
from .standing import heat_rows, state
from .tables import Table
from .words import plural

MOST_NODES = 40
"""Of the graph: more of them nobody can read."""

_CODE = re.compile(r"`(maturity-planner[^`]*|target)`")
_LINK = re.compile(r"(https?://[^\s<>\"'`]+[^\s<>\"'`.,;:)])")


def html_report(report: Report) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(bundled("templates") / "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=compiled_templates(),
    )
    environment.filters["coded"] = _coded
    environment.filters["linked"] = _linked
    charts: dict[str, list[tuple[svg.Chart, Markup]]] = {}
    for part, chart in _charts(report):
        charts.setdefault(part, []).append((chart, Markup(chart.markup)))  # noqa: S704 (escaped)
    return environment.get_template("page.html.j2").render(
        report=report,
        headline=headline(report),
        subtitle=subtitle(report),
        parts=parts(report),
        charts=charts,
        heat=[
            (name, [(state(item), _shade(item)) for item in row]) for name, row in heat_rows(report)
        ],
        needs=_needs(report),
        version=__version__,
    )


def _coded(text: str) -> Markup:
    """Return one of our sentences with its commands as code."""
    pieces = _CODE.split(text)
    tags = (Markup("<code>{}</code>") if n % 2 else Markup("{}") for n in range(len(pieces)))
    return Markup("").join(tag.format(p) for tag, p in zip(tags, pieces, strict=True))


def _linked(text: str) -> Markup:
    """Return the text with web addresses as links; nothing else can become one."""
    pieces = _LINK.split(text)
    link = Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>')
    return Markup("").join(link.format(p) if n % 2 else escape(p) for n, p in enumerate(pieces))


def _shade(item: ItemLine) -> str:
    """Return the class of an item's cell; its text says the same."""
    if item.is_waived:
        return "waived"
    if not item.is_answered:
        return "open"
    return "top" if item.share == 1 else "some" if item.share else "none"


def _charts(report: Report) -> Iterator[tuple[str, svg.Chart]]:
    """Yield the charts with the part that each belongs to."""
    if svg.FEWEST_AXES <= len(report.sections) <= svg.MOST_AXES:
        axes = [
            (
                part.title,
                float(part.score / part.at_most) if part.at_most else 0.0,
                None
                if part.after is None
                else float(part.after / part.at_most)
                if part.at_most
                else 0.0,
            )
            for part in report.sections
        ]
        low = min(report.sections, key=lambda part: part.score)
        text = (
            f"Each section's score as a share of what it can reach; the lowest is {low.title} with "
            f"{precise(low.score)} of {precise(low.at_most)}."
        )
        yield "score", svg.Chart("radar", "Sections today", text, 560, 350, svg.radar(axes))
    nodes, edges = _graph(report)
    if edges:
        body, width, height = svg.graph(nodes, edges)
        text = (
            f"{plural(len(nodes), 'item')}, each to the right of what it needs; planned ones have "
            "a thick frame, and dashed lines are choices or rather wishes."
        )
        yield "next", svg.Chart("graph", "What needs what", text, width, height, body)
    if report.roadmap:
        bars = [
            (line.title, line.start, line.end, line.is_done)
            for line in sorted(report.roadmap.lines, key=lambda line: str(line.start))
            if line.start and line.end
        ]
        body, width, height = svg.gantt(bars, report.made_on, report.roadmap.asked_end)
        span = f"from {report.roadmap.start} to {report.roadmap.finish}"
        text = f"{plural(len(bars), 'upgrade')} {span}."
        yield "roadmap", svg.Chart("gantt", "The plan in time", text, width, height, body)
    if report.burn_up:
        planned = [(day, float(points)) for day, points in report.burn_up.planned]
        done = [(day, float(points)) for day, points in report.burn_up.done]
        body, width, height = svg.burnup(planned, done)
        now, aim = report.burn_up.done[-1][1], report.burn_up.planned[-1]
        text = f"{precise(now)} points today; planned are {precise(aim[1])} by {aim[0]}."
        yield "roadmap", svg.Chart("burn-up", "Burn-up of points", text, width, height, body)


def _graph(report: Report) -> tuple[list[svg.Node], list[tuple[str, str, bool]]]:
    """Return the planned items and what they need; all items with needs when there is no plan."""
    planned = {line.ref.item for line in report.plan.lines} if report.plan else set()
    chosen = {item.id for item in report.items if item.id in planned or not report.plan}
    edges = [
        (giver, item.id, must)
        for item in report.items
        if item.id in chosen
        for giver, must in item.needs
    ]
    there = {name for giver, taker, _ in edges for name in (giver, taker)}
    nodes = [(item.id, item.title, item.id in planned) for item in report.items if item.id in there]
    return (nodes, edges) if len(nodes) <= MOST_NODES else ([], [])


def _needs(report: Report) -> Table | None:
    """Return the graph as a table."""
    nodes, edges = _graph(report)
    titles = {node: title for node, title, _ in nodes}
    rows = tuple(
        (titles[taker], titles[giver], "needs" if must else "choice or wish")
        for giver, taker, must in edges
    )
    return Table("needs", "What needs what", ("Item", "Needs", "Kind"), rows) if rows else None
