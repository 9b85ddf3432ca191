"""What needs what in a report: the planned items and their needs, as a graph and as a table."""

from __future__ import annotations

from .content import Report
from .tables import Table

MOST_NODES = 40
"""More of them nobody can read."""


def needed(report: Report) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str, bool]]]:
    """Return what is left of the plan and what it needs; without a plan all items with needs."""
    lines = report.plan.lines if report.plan else ()
    planned = {line.ref.item for line in lines if not line.is_done}
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


def needs_table(report: Report) -> Table | None:
    """Return the graph as a table."""
    nodes, edges = needed(report)
    titles = {node: title for node, title, _ in nodes}
    rows = tuple(
        (titles[taker], titles[giver], "needs" if must else "choice or wish")
        for giver, taker, must in edges
    )
    return Table("needs", "What needs what", ("Item", "Needs", "Kind"), rows) if rows else None
