"""A report as one HTML file that needs nothing else: no script, font, picture or address.

It reads without its style, too, as a strict content policy shows it; the template escapes all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import jinja2
from markupsafe import Markup, escape

from .. import __version__
from ..core.quantity import plural, precise
from ..core.rubric import ModeRef
from ..resources import bundled
from .charts import charts_of, level
from .compiled import compiled_templates
from .content import ItemLine, Report, SectionLine, Step
from .figures import key_figures
from .needs import needs_table
from .parts import headline, parts, subtitle
from .standing import heat_rows, state
from .tables import Table
from .words import days

_CODE = re.compile(r"`(maturity-planner[^`]*|target)`")
_LINK = re.compile(r"(https?://[^\s<>\"'`]+[^\s<>\"'`.,;:)])")
_DATE = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")
_NUMBER = re.compile(r"[~+-]?\d+(?:\.(\d+))?(\*?)")


MOST_UPGRADES = 40
"""Of a step up that are named; with more of them their number is enough."""

MOST_STEPS = 12
"""That are shown whole; with more of them a page becomes long and heavy."""


@dataclass(frozen=True, slots=True)
class StepUp:
    """A step up with its upgrades in words; `is_new`: the step before did not need it."""

    step: Step
    upgrades: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """An item on the page: how it stands in words and as a shade, and what is known of it."""

    line: ItemLine
    state: str
    shade: str


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
    environment.filters.update(
        coded=_coded, linked=_linked, precise=precise, days=days, plural=plural
    )
    charts = {
        table: (chart, Markup(chart.markup))  # noqa: S704 (escaped)
        for table, chart in charts_of(report).items()
    }
    return environment.get_template("page.html.j2").render(
        report=report,
        headline=headline(report),
        subtitle=subtitle(report),
        figures=key_figures(report),
        parts=parts(report),
        tables={part.id: _tables(part.id, part.tables, report) for part in parts(report)},
        charts=charts,
        sections=[(part, _level(report, part)) for part in report.sections],
        heat=[(name, [_cell(item) for item in row]) for name, row in heat_rows(report)],
        items=_by_section(report),
        steps=_steps(report),
        version=__version__,
    )


def _tables(part: str, tables: Sequence[Table], report: Report) -> list[Table]:
    """Return the tables of a part; what needs what stands beside the plan."""
    found = [even(table) for table in tables]
    needs = needs_table(report) if part == "next" else None
    if needs:
        found.insert(1 if report.plan and report.plan.lines else 0, needs)
    return found


def even(table: Table) -> Table:
    """Return the table as a page shows it: no empty column, points below each other."""
    columns = [list(column) for column in zip(*table.rows, strict=True)]
    for index in table.right:
        found = [_NUMBER.fullmatch(cell) for cell in columns[index]]
        most = max((len(match[1] or "") for match in found if match), default=0)
        for row, match in enumerate(found):
            if match and most:
                number, star = match[0].removesuffix("*"), match[2]
                point = "" if match[1] else "."
                columns[index][row] = number + point + "0" * (most - len(match[1] or "")) + star
    kept = [index for index, column in enumerate(columns) if any(column)]
    return table._replace(
        heads=tuple(table.heads[index] for index in kept),
        rows=tuple(zip(*(columns[index] for index in kept), strict=True)),
        right=tuple(new for new, index in enumerate(kept) if index in table.right),
    )


def _coded(text: str) -> Markup:
    """Return one of our sentences with its commands as code, and days that stay in one line."""
    pieces = _CODE.split(text)
    tags = (Markup("<code>{}</code>") if n % 2 else Markup("{}") for n in range(len(pieces)))
    told = (piece if n % 2 else _dated(piece) for n, piece in enumerate(pieces))
    return Markup("").join(tag.format(p) for tag, p in zip(tags, told, strict=True))


def _dated(text: str) -> Markup:
    pieces = _DATE.split(text)
    day = Markup('<span class="day">{}</span>')
    return Markup("").join(day.format(p) if n % 2 else escape(p) for n, p in enumerate(pieces))


def _linked(text: str) -> Markup:
    """Return the text with web addresses as links; nothing else can become one."""
    pieces = _LINK.split(text)
    link = Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>')
    return Markup("").join(link.format(p) if n % 2 else escape(p) for n, p in enumerate(pieces))


def _level(report: Report, part: SectionLine) -> Markup:
    return Markup(level(report, part))  # noqa: S704 (numbers alone)


def _steps(report: Report) -> list[StepUp]:
    """Return what each step up takes, to be opened one at a time."""
    titles = {item.id: item.title for item in report.items}
    found = []
    before: set[ModeRef] = set()
    for step in _chosen(report):
        named = [(f"{titles[ref.item]}: {ref.mode}", ref not in before) for ref in step.upgrades]
        found.append(StepUp(step, tuple(named)))
        before = {*step.upgrades}
    return found


def _chosen(report: Report) -> list[Step]:
    """Return the steps to show whole: the first, the one to the target, the last, some between."""
    steps = [step for step in report.frontier or () if 0 < len(step.upgrades) <= MOST_UPGRADES]
    if len(steps) <= MOST_STEPS:
        return steps
    last = len(steps) - 1
    places = [number * last // (MOST_STEPS - 1) for number in range(MOST_STEPS)]
    aim = next((n for n, step in enumerate(steps) if step.score >= (report.target or 0)), last)
    if aim not in places:  # it takes the place of the nearest one between the first and the last
        places.remove(min(places[1:-1], key=lambda place: abs(place - aim)))
        places.append(aim)
    return [steps[place] for place in sorted(places)]


def _cell(item: ItemLine) -> Cell:
    """Return the item with its shade; its text says the same."""
    if item.is_waived:
        shade = "waived"
    elif not item.is_answered:
        shade = "open"
    else:
        shade = "top" if item.share == 1 else "some" if item.share else "none"
    return Cell(item, state(item), shade)


def _by_section(report: Report) -> list[tuple[SectionLine, list[Cell]]]:
    """Return the items of each section: a table each, so that a long page opens at once."""
    cells: dict[str, list[Cell]] = {section.id: [] for section in report.sections}
    for item in report.items:
        cells[item.section].append(_cell(item))
    return [(section, cells[section.id]) for section in report.sections]
