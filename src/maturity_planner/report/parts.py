"""A report in parts: sentences and tables that every format shows in its own way.

The order is that of a reader's questions: where are we, what has changed, what comes next, when,
what do the tickets say, how does each item stand, how was it computed.
"""

from __future__ import annotations

from fractions import Fraction

from ..core.quantity import plural, precise
from ..core.rubric import OverallRule, SectionRule
from ..core.score import overall_score
from .coming import next_part, roadmap_part, tickets_part
from .content import Change, Report
from .standing import items_part, upkeep_part, waivers_part
from .tables import Part, Table, make_table
from .words import listed, told

MOST_RECORDS = 12
"""Recorded scores; `maturity-planner history` shows them all."""


def parts(report: Report) -> tuple[Part, ...]:
    """Return the whole report in parts, in the order of reading."""
    return (
        _score(report),
        _change(report),
        next_part(report),
        roadmap_part(report),
        tickets_part(report),
        items_part(report),
        waivers_part(report),
        upkeep_part(report),
        _how(report),
    )


def headline(report: Report) -> str:
    """Return the one line that is forwarded: the score, its band, the target."""
    text = f"Score {precise(report.score.score)}"
    return f"{text}: {report.band}" if report.band else text


def subtitle(report: Report) -> str:
    """Return what was judged against what, and when."""
    version = f" ({report.rubric_version})" if report.rubric_version else ""
    as_of = f", as of {report.as_of}" if report.as_of else ""
    return f"Against {report.rubric_title}{version}{as_of}; made on {report.made_on}."


def _score(report: Report) -> Part:
    score = report.score
    lines = [headline(report) + "."]
    lowest = [part for part in report.sections if part.sets_score]
    if lowest:
        verb = "sets" if len(lowest) == 1 else "set"
        lines.append(f"{listed(part.title for part in lowest)} {verb} the score.")
    if report.target is not None:
        lines.append(_target(report, report.target))
    else:
        lines.append("There is no target yet: `target` in the settings names one.")
    if count := len(score.unanswered):
        verb = "is unanswered and counts" if count == 1 else "are unanswered and count"
        lines.append(
            f"{plural(count, 'item')} {verb} as not done; at best the score would be "
            f"{precise(score.at_best)}."
        )
    if report.beside:
        lines.append(
            f"Also assessed against {listed(report.beside)}: "
            f"`maturity-planner report --rubric {report.beside[0]}`."
        )
    if empty := [part.title for part in report.sections if part.is_empty]:
        lines.append(f"Nothing in {listed(empty)} counts for a level, so every level is reached.")
    heads = ["Section", "Score", "At most"]
    rows = [[part.title, precise(part.score), precise(part.at_most)] for part in report.sections]
    if report.plan:
        heads.append("After the plan")
        for row, part in zip(rows, report.sections, strict=True):
            row.append(precise(part.after or Fraction()))
    if lowest:
        heads.append("")
        for row, part in zip(rows, report.sections, strict=True):
            row.append("sets the score" if part.sets_score else "")
    right = (1, 2, 3) if report.plan else (1, 2)
    table = make_table("sections", "Score by section", heads, rows, right)
    return Part("score", "Score", (*lines, *report.unmet), (table,))


def _target(report: Report, target: Fraction) -> str:
    gap = target - report.score.score
    if gap <= 0:
        return f"The target {precise(target)} is reached."
    most = overall_score(report.rubric, {part.id: part.at_most for part in report.sections})
    if target > most:
        return f"The target {precise(target)} is out of reach: the most is {precise(most)}."
    return f"The target {precise(target)} is {precise(gap)} away."


def _change(report: Report) -> Part:
    title = "Change since last time"
    recorded = (_recorded(report),) if len(report.past) > 1 else ()
    if report.change is None:
        return Part("change", title, (report.missing["change"],), recorded)
    sentences, rows = _movement(report, report.change)
    heads = ["Section", "Before", "Now"]
    tables = (make_table("change", "Sections that moved", heads, rows, (1, 2)),) if rows else ()
    return Part("change", title, sentences, tables + recorded)


def _recorded(report: Report) -> Table:
    rows = [
        [str(one.when.date()), precise(one.standing.score), told(one.cause)]
        for one in report.past[-MOST_RECORDS:]
    ]
    more = len(report.past) - len(rows)
    title = (
        f"Recorded scores, the last {len(rows)} of {len(report.past)}"
        if more
        else "Recorded scores"
    )
    return make_table("history", title, ["Day", "Score", "Cause"], rows, (1,))


def _movement(report: Report, change: Change) -> tuple[tuple[str, ...], list[list[str]]]:
    before, now = change.before.score, report.score.score
    moved = f"from {precise(before)} to {precise(now)}"
    lines = [
        f"The score went {moved} since {change.since}."
        if before != now
        else f"The score is {precise(now)}, as on {change.since}, but sections have moved."
    ]
    lines.append(
        f"Cause: {change.cause}."
        if change.cause
        else "It is not recorded yet: `maturity-planner score --record` does it."
    )
    rows = [
        [part.title, precise(old), precise(part.score)]
        for part in report.sections
        if (old := change.before.sections.get(part.id)) is not None
        and float(old) != float(part.score)
    ]
    return tuple(lines), rows


def _how(report: Report) -> Part:
    rubric = report.rubric
    of_section = {
        SectionRule.SUM: "A section scores the sum of its items' points, each times its weight; a "
        "waived item scores 0.",
        SectionRule.LEVELS: "A section's level is the highest one up to which every criterion is "
        "at its top mode; optional and waived items do not count.",
    }[rubric.section_rule]
    overall = {
        OverallRule.MINIMUM: "The overall score is that of the lowest section.",
        OverallRule.MEAN: "The overall score is the weighted mean of the sections.",
    }[rubric.overall_rule]
    lines = [of_section, overall, "An item that nobody has answered counts as not done."]
    if rubric.has_estimates:
        lines.append("The days of effort that come with the rubric are estimates.")
    if "derived" in rubric.bases:
        lines.append("The days of effort that come with the rubric are derived by a formula.")
    if report.source:
        lines.append(f"Source of the rubric: {report.source}.")
    return Part("how", "How it was computed", tuple(lines))
