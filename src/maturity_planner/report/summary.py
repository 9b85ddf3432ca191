"""A report in short, as Markdown: a comment on a pull request, the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.quantity import plural, shown
from .coming import overdue_sentence
from .content import PlannedLine, Report
from .markdown import escaped, markdown_table, sentence
from .parts import headline, parts
from .tables import make_table

MOST_UPGRADES = 5
"""The next ones; the report has them all."""


def summary_report(report: Report) -> str:
    """Return what sets the score, what has moved it, and what is to be done next."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    told = {part.id: part for part in parts(report)}
    yield f"### {escaped(report.system)}: {escaped(headline(report))}"
    score = told["score"]
    # The first sentence of it is the headline.
    yield from _sentences(score.sentences[1:])
    for table in score.tables:
        yield ""
        yield from markdown_table(table)
    if report.change:
        yield from _sentences(told["change"].sentences)
    if report.plan:
        yield from _next(report, [line for line in report.plan.lines if not line.is_done])
    if report.roadmap and report.roadmap.overdue:
        yield from _sentences((overdue_sentence(report.roadmap),))
    if report.tickets:
        yield from _sentences(told["tickets"].sentences)
    if report.lapses:
        yield from _sentences(told["upkeep"].sentences)


def _sentences(texts: tuple[str, ...]) -> Iterator[str]:
    yield ""
    yield " ".join(sentence(text) for text in texts)


def _next(report: Report, todo: list[PlannedLine]) -> Iterator[str]:
    if not todo:
        return
    todo.sort(key=lambda line: (line.start is None, line.start or report.made_on))
    rows = [
        [line.title, f"{line.from_mode} -> {line.to_mode}", shown(line.effort), str(line.end or "")]
        for line in todo[:MOST_UPGRADES]
    ]
    heads = ["Next upgrades", "Mode", "Person-days", "Planned until"]
    yield ""
    yield from markdown_table(make_table("next", "", heads, rows, (2,)))
    if more := len(todo) - len(rows):
        yield from _sentences((f"{plural(more, 'upgrade')} more in the plan.",))
