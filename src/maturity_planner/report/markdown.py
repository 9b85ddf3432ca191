"""A report as Markdown: for a pull request, a wiki, a job's summary; its charts are Mermaid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..exports.mermaid import Bar, gantt_block, graph_block
from .content import InTime, Report
from .needs import needed
from .parts import parts, subtitle
from .tables import Table

_SIGNS = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
_FIRST = re.compile(r"^(\d+)(?=[.)](?:\s|$))|^(?=[-+](?:\s|$)|[-=]+\s*$|>)")
_CODE = re.compile(r"`(maturity-planner[^`]*|target)`")


def markdown_report(report: Report) -> str:
    """Return the report; what Mermaid does not draw everywhere is a table."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escaped(report.system)}"
    yield ""
    yield sentence(subtitle(report))
    for part in parts(report):
        yield ""
        yield f"## {part.title}"
        for text in part.sentences:
            yield ""
            yield sentence(text)
        if part.id == "roadmap" and report.roadmap:
            yield ""
            yield _gantt(report, report.roadmap)
        if part.id == "next":
            yield from _graph(report)
        for table in part.tables:
            yield ""
            if table.title:
                yield f"**{table.title}**"
                yield ""
            yield from markdown_table(table)


def _gantt(report: Report, roadmap: InTime) -> str:
    by_section: dict[str, list[Bar]] = {}
    for line in roadmap.lines:
        if line.start and line.end:
            by_section.setdefault(line.section, []).append(Bar(line.title, line.start, line.end))
    return gantt_block(report.system, by_section, end=roadmap.asked_end).rstrip("\n")


def _graph(report: Report) -> Iterator[str]:
    nodes, edges = needed(report)
    if edges:
        yield ""
        yield "What needs what; planned ones have a thick frame, dashed lines are choices:"
        yield ""
        yield graph_block(nodes, edges).rstrip("\n")


def markdown_table(table: Table) -> Iterator[str]:
    """Yield the lines of the table; its title is not among them."""
    yield _row(table.heads)
    yield _row(["--:" if n in table.right else "---" for n in range(len(table.heads))], raw=True)
    yield from (_row(row) for row in table.rows)


def _row(cells: tuple[str, ...] | list[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cell if raw else escaped(cell) for cell in cells)} |"


def sentence(text: str) -> str:
    """Return one of our sentences: commands in it stay code, all else is escaped."""
    pieces = _CODE.split(text)
    return "".join(f"`{p}`" if n % 2 else escaped(p) for n, p in enumerate(pieces))


def escaped(text: str) -> str:
    r"""Return the text so that Markdown and GitHub take it for text and nothing else.

    A name or a number of an issue would become a mention: a joiner that nobody sees parts it.

    >>> escaped("<b> [x](javascript:y) | *"), escaped("- a"), escaped("1. a_b")
    ('&lt;b> \\[x\\](javascript:y) \\| \\*', '\\- a', '1\\. a_b')
    """
    text = _SIGNS.sub(r"\\\g<0>", text.replace("&", "&amp;").replace("<", "&lt;"))
    text = text.replace("@", "@\u2060").replace("#", "\\#\u2060")
    return _FIRST.sub(r"\g<1>\\", text)
