"""Prerequisites as a graph of items; the only importer of networkx.

Edges lead from an item to those that need it. Selectors are dbt's: `+item` takes in what it
needs, `item+` what needs it, a number limits the steps (`2+item+1`); `section:ID` and `level:N`
name groups. A space joins selections, a comma keeps what two have in common and binds closer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx

from ..errors import UsageError, find
from .rubric import Item, ItemId, ModeId, Need, Rubric

_SELECTOR = re.compile(r"(?:(\d*)(\+))?([^+]+?)(?:(\+)(\d*))?")


@dataclass(frozen=True, slots=True)
class Edge:
    """One need: `item` in `mode` needs `giver` (one of several, when `is_choice`)."""

    giver: ItemId
    item: ItemId
    mode: ModeId
    need: Need
    is_choice: bool


def edges(rubric: Rubric) -> tuple[Edge, ...]:
    """Return every need of the rubric as edges, in rubric order."""
    return tuple(
        Edge(ref.item, item.id, mode.id, need, len(need.any_of) > 1)
        for item in rubric.items.values()
        for mode in item.modes.values()
        for need in mode.needs
        for ref in need.any_of
    )


def prerequisites(rubric: Rubric) -> nx.DiGraph[ItemId]:
    """Return the graph of items, an edge from each item to those that need it."""
    graph: nx.DiGraph[ItemId] = nx.DiGraph()
    graph.add_nodes_from(rubric.items)
    graph.add_edges_from((e.giver, e.item) for e in edges(rubric))
    return graph


def select(rubric: Rubric, selector: str) -> tuple[Item, ...]:
    """Return the items that a selector names, in rubric order.

    Raises:
        UsageError: a part of it names nothing that there is.
    """
    graph = prerequisites(rubric)
    chosen: set[ItemId] = set()
    for joined in selector.split() or [selector]:
        common = [_selected(rubric, graph, part) for part in joined.split(",")]
        chosen |= set.intersection(*common)
    return tuple(item for item in rubric.items.values() if item.id in chosen)


def _selected(rubric: Rubric, graph: nx.DiGraph[ItemId], part: str) -> set[ItemId]:
    """Return what one part of a selector, without spaces and commas, names."""
    found = _SELECTOR.fullmatch(part)
    if not found:
        raise UsageError(
            f'"{part}" is no selector',
            fix="Write ITEM, section:ID or level:N, with + before or after it: +ITEM, ITEM+2. A "
            "space joins two of them, a comma keeps what they have in common.",
        )
    up_steps, up, name, down, down_steps = found.groups()
    chosen = set(_named(rubric, name))
    start = frozenset(chosen)
    if up:
        chosen |= _around(graph.reverse(copy=False), start, up_steps)
    if down:
        chosen |= _around(graph, start, down_steps)
    return chosen


def _around(graph: nx.DiGraph[ItemId], start: Iterable[ItemId], steps: str) -> set[ItemId]:
    """Return what is reached from the start, in at most so many steps where a number is given."""
    limit = int(steps) if steps else None
    reached: set[ItemId] = set()
    for item in start:
        reached |= set(nx.single_source_shortest_path_length(graph, item, cutoff=limit))
    return reached


def _named(rubric: Rubric, name: str) -> list[ItemId]:
    kind, colon, value = name.partition(":")
    if not colon:
        return [find({str(item): item for item in rubric.items}, name, "item")]
    items = rubric.items.values()
    kinds = {
        "section:": {str(s.id): [item.id for item in s.items] for s in rubric.sections},
        "level:": {str(n): [i.id for i in items if i.level == n] for n in rubric.levels},
    }
    return find(find(kinds, f"{kind}:", "selector"), value, kind)
