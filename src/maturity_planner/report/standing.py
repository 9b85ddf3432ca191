"""The parts of a report that tell how every item stands, and what holds for a while only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..core.quantity import DAY, plural, precise
from .content import ItemLine, Report
from .tables import Part, Table, make_table
from .words import days, told

COLUMNS = 8
"""Of the heat map: what a narrow page holds. A longer section takes several rows."""


def items_part(report: Report) -> Part:
    """Return the heat map and every item with its evidence."""
    done = sum(1 for item in report.items if item.share == 1 and not item.is_waived)
    sentence = f"{done} of {plural(len(report.items), 'item')} at the top mode."
    rows = []
    for number, item in numbered(report):
        planned = f", planned: {item.planned}" if item.planned else ""
        texts = [*item.evidence, *([item.note] if item.note else [])]
        rows.append([number, item.title, state(item) + planned, "; ".join(texts)])
    heads = ["Item", "Title", "Mode", "Evidence and note"]
    tables = (heat_map(report), make_table("items", "All items", heads, rows))
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
    return make_table("heat", "Heat map: how each item is done", heads, cells)


def waivers_part(report: Report) -> Part:
    """Return the waivers, and whether they still count."""
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
    return Part("waivers", "Waivers", tuple(sentences), (make_table("waivers", "", heads, rows),))


def upkeep_part(report: Report) -> Part:
    """Return the evidence that is too old, and the score if nobody renews it."""
    title = "Evidence to renew"
    if not report.lapses:
        text = "No evidence is older than its review period, as far as its age is known."
        return Part("upkeep", title, (text,))
    effort = Fraction(sum(lapse.effort for lapse in report.lapses), DAY)
    count = plural(len(report.lapses), "answer")
    verb = "rests" if len(report.lapses) == 1 else "rest"
    sentences = [
        f"{count} {verb} on evidence older than its review period; showing it again takes "
        f"{days(effort)}."
    ]
    if any(lapse.has_lapsed for lapse in report.lapses):
        sentences.append(
            f"If not renewed: {precise(report.if_not_renewed.score)}. What is past its grace "
            "counts as not done in that score, and in no other."
        )
    rows = [
        [
            told(lapse.item.title),
            lapse.mode,
            str(lapse.shown_on),
            str(lapse.due),
            "lapsed" if lapse.has_lapsed else f"lapses after {lapse.until}",
        ]
        for lapse in report.lapses
    ]
    heads = ["Item", "Mode", "Shown on", "Review due", "State"]
    return Part("upkeep", title, tuple(sentences), (make_table("upkeep", "", heads, rows),))
