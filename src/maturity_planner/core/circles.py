"""Circles: things that need each other, so that none of them can be first."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from .rubric import ModeRef, Rubric

Node = TypeVar("Node", bound=Hashable)
Where = TypeVar("Where")

MOST_CIRCLES = 20
"""More circles than this are not listed one by one: breaking the first ones changes the rest."""


def circles(
    edges: dict[Node, dict[Node, Where]], unit: Callable[[Node], object]
) -> Iterator[tuple[list[Node], Where]]:
    """Yield circles until none is left, each with the place of its first edge between units.

    That edge is taken out of the given edges before the next circle is looked for.
    """
    for _ in range(MOST_CIRCLES):
        try:
            TopologicalSorter(edges).prepare()
            return
        except CycleError as error:
            # graphlib lists predecessors first: turn it so that it reads "a needs b needs a".
            circle = list(reversed(error.args[1]))
            pairs = itertools.pairwise(circle)
            start, end = next((a, b) for a, b in pairs if unit(a) != unit(b))
            yield circle, edges[start].pop(end)


def has_circle(rubric: Rubric) -> bool:
    """Return whether modes of the rubric need each other in a circle, so that none can be first."""
    edges: dict[ModeRef, set[ModeRef]] = {}
    for item in rubric.items.values():
        below: list[ModeRef] = []
        for mode in item.modes.values():
            hard = (ref for need in mode.needs if need.hard for ref in need.any_of)
            node = ModeRef(item.id, mode.id)
            edges[node] = {*below, *(ref for ref in hard if ref.item != item.id)}
            below = [node]
    try:
        TopologicalSorter(edges).prepare()
    except CycleError:
        return True
    return False
