"""A report in parts: sentences and tables that every format shows in its own way.

The order is that of a reader's questions: where are we, what has changed, what comes next, when,
what do the tickets say, how does each item stand, how was it computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..core.quantity import precise, shown
from ..core.rubric import OverallRule, SectionRule
from .content import Change, InTime, ItemLine, Planned, Report

COLUMNS = 8
"""Of the heat map: what a narrow page holds. A longer section takes several rows."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers as a table; `right` columns hold numbers. `name` says which table it is."""

    name: str
    title: str
    heads: Row
    rows: tuple[Row, ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report: what it says in sentences, and its tables."""

    id: str
    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...] = ()


def parts(report: Report) -> tuple[Part, ...]:
    """Return the whole report in parts, in the order of reading."""
    return (
        _score(report),
        _change(report),
        _next(report),
        _roadmap(report),
        _tickets(report),
        _items(report),
        _waivers(report),
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


def plural(count: int, noun: str) -> str:
    """Return the count with its noun.

    >>> plural(1, "upgrade"), plural(0, "upgrade")
    ('1 upgrade', '0 upgrades')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def days(number: Fraction) -> str:
    """Return person-days with their noun.

    >>> days(Fraction(1)), days(Fraction(5, 2))
    ('1 person-day', '2.5 person-days')
    """
    text = shown(number)
    return f"{text} person-day" if text == "1" else f"{text} person-days"


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _score(report: Report) -> Part:
    score = report.score
    lines = [headline(report) + "."]
    lowest = [part for part in report.sections if part.sets_score]
    if lowest:
        verb = "sets" if len(lowest) == 1 else "set"
        lines.append(f"{listed(part.title for part in lowest)} {verb} the score.")
    if report.target is not None:
        gap = report.target - score.score
        target = precise(report.target)
        lines.append(
            f"The target {target} is {precise(gap)} away."
            if gap > 0
            else f"The target {target} is reached."
        )
    else:
        lines.append("There is no target yet: `target` in the settings names one.")
    if count := len(score.unanswered):
        verb = "is unanswered and counts" if count == 1 else "are unanswered and count"
        lines.append(
            f"{plural(count, 'item')} {verb} as not done; at best the score would be "
            f"{precise(score.at_best)}."
        )
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
    table = _table("sections", "Score by section", heads, rows, right)
    return Part("score", "Score", (*lines, *report.unmet), (table,))


def _change(report: Report) -> Part:
    change = report.change
    if change is None:
        return Part("change", "Change since last time", (report.missing["change"],))
    sentences, rows = _movement(report, change)
    heads = ["Section", "Before", "Now"]
    tables = (_table("change", "Sections that moved", heads, rows, (1, 2)),) if rows else ()
    return Part("change", "Change since last time", sentences, tables)


def _movement(report: Report, change: Change) -> tuple[tuple[str, ...], list[list[str]]]:
    before, now = change.before.score, report.score.score
    moved = f"from {precise(before)} to {precise(now)}"
    first = f"The score went {moved}" if before != now else f"The score stayed {precise(now)}"
    lines = [f"{first} since {change.since}."]
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


def _next(report: Report) -> Part:
    sentences, tables = [], []
    if report.plan is None:
        sentences.append(report.missing["plan"])
    else:
        sentences += _plan_sentences(report, report.plan)
        if report.plan.lines:
            tables.append(_plan_table(report, report.plan))
    if report.frontier is None:
        sentences.append(report.missing["frontier"])
    elif report.frontier:
        rows = [
            [
                precise(step.score),
                shown(step.cost) + ("" if step.is_proven else "*"),
                shown(step.effort),
                str(len(step.upgrades)),
            ]
            for step in report.frontier
        ]
        if any(not step.is_proven for step in report.frontier):
            sentences.append("* The time was up: a cheaper way may exist.")
        heads = ["Score", "Cost", "Effort", "Upgrades"]
        title = "What each step up costs, in person-days"
        tables.append(_table("frontier", title, heads, rows, (0, 1, 2, 3)))
    return Part("next", "Next upgrades", tuple(sentences), tuple(tables))


def _plan_sentences(report: Report, plan: Planned) -> list[str]:
    todo = [line for line in plan.lines if not line.is_done]
    done = len(plan.lines) - len(todo)
    if not plan.lines:
        return ["The plan is empty: what was asked for holds already."]
    lines = []
    if done:
        verb = "is" if done == 1 else "are"
        lines.append(f"{done} of {plural(len(plan.lines), 'upgrade')} {verb} done.")
    if not todo:
        return lines
    aim = f"; the target of the plan is {precise(plan.target)}" if plan.target is not None else ""
    lines.append(
        f"{plural(len(todo), 'upgrade')} left to go from {precise(report.score.score)} to "
        f"{precise(plan.after)}{aim}."
    )
    lines.append(
        f"They take {days(plan.effort)} of effort and cost {shown(plan.cost)} with "
        f"{plural_of(plan.horizon, 'quarter')} of upkeep."
    )
    lines.append(
        "When it was made, the plan was proven to be the cheapest one."
        if plan.is_proven
        else "The plan is not proven to be the cheapest one: the time was up."
    )
    return lines


def plural_of(number: Fraction, noun: str) -> str:
    """Return a number that need not be whole with its noun."""
    text = shown(number)
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def _plan_table(report: Report, plan: Planned) -> Table:
    heads = ["Upgrade", "Section", "Mode", "Effort", "Cost", "Points", "Why"]
    by_points = report.rubric.section_rule is SectionRule.SUM
    rows = []
    for line in plan.lines:
        mode = "done" if line.is_done else f"{line.from_mode} -> {line.to_mode}"
        row = [line.title, line.section, mode, shown(line.effort), shown(line.cost)]
        row += [f"+{shown(line.points, 4)}"] if by_points else []
        rows.append([*row, line.why])
    if not by_points:
        heads.remove("Points")
    right = (3, 4, 5) if by_points else (3, 4)
    return _table("plan", "The plan: effort and cost in person-days", heads, rows, right)


def _roadmap(report: Report) -> Part:
    title = "Roadmap"
    roadmap = report.roadmap
    if roadmap is None:
        return Part("roadmap", title, (report.missing["roadmap"],))
    sentences = [
        f"{plural(len(roadmap.lines), 'upgrade')} from {roadmap.start} to {roadmap.finish}.",
        *_odds(roadmap),
    ]
    if roadmap.asked_end:
        sentences.insert(1, f"It was asked for by {roadmap.asked_end}.")
    if left := [line.title for line in report.plan.lines if line.is_left] if report.plan else []:
        sentences.append(f"Left for later: {listed(left)}.")
    ordered = sorted(roadmap.lines, key=lambda line: str(line.start))
    rows = [
        [line.title, str(line.start), str(line.end), line.sprint, "done" if line.is_done else ""]
        for line in ordered
    ]
    heads = ["Upgrade", "First day", "Last day", "Sprint", "State"]
    tables = [_table("roadmap", "The plan in time", heads, rows)]
    if report.burn_up:
        planned, done = dict(report.burn_up.planned), dict(report.burn_up.done)
        rows = [
            [str(day), _points(planned.get(day)), _points(done.get(day))]
            for day in sorted({*planned, *done})
        ]
        heads = ["Day", "Planned", "Recorded"]
        tables.append(_table("burn-up", "Burn-up: points of all sections", heads, rows, (1, 2)))
    return Part("roadmap", title, tuple(sentences), tuple(tables))


def _points(number: Fraction | None) -> str:
    return "" if number is None else precise(number)


def _odds(roadmap: InTime) -> list[str]:
    sure = roadmap.odds
    if sure is None:
        return ["`maturity-planner report --odds` adds how sure the end is."]
    lines = []
    if sure.on_time is not None:
        lines.append(f"Chance to be done by {roadmap.asked_end}: {chance(sure.on_time)}.")
    dates = ", ".join(f"{share} % by {day}" for share, day in sure.dates.items())
    lines.append(
        f"Done in {dates}: of {sure.samples} simulated courses, worth as much as the estimates of "
        "effort."
    )
    return lines


def chance(share: Fraction) -> str:
    """Return a share of samples in per cent; one that is not all or none never reads so.

    >>> chance(Fraction(1)), chance(Fraction(9999, 10000))
    ('100 %', 'over 99.9 %')
    """
    if Fraction(999, 1000) < share < 1:
        return "over 99.9 %"
    if 0 < share < Fraction(1, 1000):
        return "under 0.1 %"
    return f"{shown(share * 100, 1)} %"


def _tickets(report: Report) -> Part:
    if report.tickets is None:
        return Part("tickets", "Tickets", (report.missing["tickets"],))
    counts: dict[str, int] = {}
    for line in report.tickets:
        counts[line.state] = counts.get(line.state, 0) + 1
    states = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    text = plural(len(report.tickets), "ticket") + (f": {states}." if states else ".")
    rows = [
        [line.remote, line.title, str(line.ref), line.state, str(line.closed_on or "")]
        for line in report.tickets
    ]
    heads = ["Ticket", "Title", "Upgrade", "State", "Closed on"]
    tables = (_table("tickets", "Tickets of the plan", heads, rows),) if rows else ()
    return Part("tickets", "Tickets", (text,), tables)


def _items(report: Report) -> Part:
    done = sum(1 for item in report.items if item.share == 1 and not item.is_waived)
    sentence = f"{done} of {plural(len(report.items), 'item')} at the top mode."
    rows = []
    for number, item in numbered(report):
        planned = f", planned: {item.planned}" if item.planned else ""
        texts = [*item.evidence, *([item.note] if item.note else [])]
        rows.append([number, item.title, state(item) + planned, "; ".join(texts)])
    heads = ["Item", "Title", "Mode", "Evidence and note"]
    tables = (heat_map(report), _table("items", "All items", heads, rows))
    return Part("items", "All items", (sentence,), tables)


def numbered(report: Report) -> list[tuple[str, ItemLine]]:
    """Return the items, each with its place in the heat map: section and number."""
    found = []
    for section in report.sections:
        mine = [item for item in report.items if item.section == section.id]
        found += [(f"{section.title} {n}", item) for n, item in enumerate(mine, start=1)]
    return found


def state(item: ItemLine) -> str:
    """Return how an item stands, in a word or two."""
    if item.is_waived:
        return "waived"
    return item.mode if item.is_answered else "unanswered"


def heat_rows(report: Report) -> list[tuple[str, Sequence[ItemLine]]]:
    """Return the rows of the heat map: at most `COLUMNS` items of a section, with its name."""
    found: list[tuple[str, Sequence[ItemLine]]] = []
    for section in report.sections:
        mine = [item for item in report.items if item.section == section.id]
        for first in range(0, len(mine), COLUMNS):
            piece = mine[first : first + COLUMNS]
            span = f" ({first + 1} to {first + len(piece)})" if len(mine) > COLUMNS else ""
            found.append((section.title + span, piece))
    return found


def heat_map(report: Report) -> Table:
    """Return the heat map as a table: a row a section, a cell an item."""
    rows = heat_rows(report)
    columns = max((len(piece) for _, piece in rows), default=0)
    cells = [[name, *map(state, piece), *[""] * (columns - len(piece))] for name, piece in rows]
    heads = ["Section", *(str(n) for n in range(1, columns + 1))]
    return _table("heat", "Heat map: how each item is done", heads, cells)


def _waivers(report: Report) -> Part:
    lines = report.waivers
    if not lines:
        return Part("waivers", "Waivers", ("There are none.",))
    expired = sum(line.is_expired for line in lines)
    sentences = [f"{plural(len(lines) - expired, 'waiver')} in force."]
    if expired:
        sentences.append(f"{plural(expired, 'waiver')} expired and no longer counted.")
    rows = [
        [line.title, str(line.until), "expired" if line.is_expired else "", line.owner, line.reason]
        for line in lines
    ]
    heads = ["Item", "Until", "State", "Owner", "Reason"]
    return Part("waivers", "Waivers", tuple(sentences), (_table("waivers", "", heads, rows),))


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


def _table(
    name: str,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: tuple[int, ...] = (),
) -> Table:
    return Table(name, title, tuple(heads), tuple(tuple(row) for row in rows), right)
