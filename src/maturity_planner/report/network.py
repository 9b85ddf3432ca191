"""The chart of what needs what: boxes in columns, arrows between them, as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence

from .svg import BLUE, CLASSES, MUTED, filled, in_lines, label, number_of, tag

Node = tuple[str, str, bool]
"""The id of an item, its title, whether it is planned."""


def graph(nodes: Sequence[Node], edges: Sequence[tuple[str, str, bool]]) -> tuple[str, int, int]:
    """Return items from left to right, each to the right of what it needs.

    An edge is what is needed, who needs it, and whether it cannot do without.
    """
    ranks = layers([node for node, _, _ in nodes], [(giver, taker) for giver, taker, _ in edges])
    columns: dict[int, list[Node]] = {}
    for node in nodes:
        columns.setdefault(ranks[node[0]], []).append(node)
    tallest = max(len(column) for column in columns.values())
    place: dict[str, tuple[float, float]] = {}
    for rank, column in columns.items():
        free = (tallest - len(column)) * 28
        for row, (name, _, _) in enumerate(column):
            place[name] = (10 + 250 * rank, 10 + free + 56 * row)
    body = "".join(_arrow(place[giver], place[taker], must) for giver, taker, must in edges)
    for name, title, is_planned in nodes:
        x, y = place[name]
        color = BLUE if is_planned else MUTED
        extra = {"class": f"node stroke-{CLASSES[color]}"}
        width = 2.5 if is_planned else 1
        body += tag(
            "rect", x=x, y=y, width=200, height=42, rx=5, fill="#ffffff", stroke=color,
            stroke_width=width, **extra,
        )  # fmt: skip
        lines = in_lines(title, 26)
        for number, line in enumerate(lines):
            start = y + (26 if len(lines) == 1 else 18 + 16 * number)
            body += label(x + 8, start, line)
    return body, 250 * (max(columns) + 1) - 30, 56 * tallest + 10


def _arrow(giver: tuple[float, float], taker: tuple[float, float], must: bool) -> str:
    x1, y1, x2, y2 = giver[0] + 200, giver[1] + 21, taker[0], taker[1] + 21
    middle = (x1 + x2) / 2
    numbers = [number_of(n) for n in (x1, y1, middle, y1, middle, y2, x2 - 6, y2)]
    path = "M{} {}C{} {} {} {} {} {}".format(*numbers)
    stroke = {"class": "stroke-muted"} | ({} if must else {"stroke-dasharray": "4 3"})
    head = f"M{number_of(x2)} {number_of(y2)}l-8 -4v8z"
    return tag("path", d=path, fill="none", stroke=MUTED, stroke_width=1.5, **stroke) + tag(
        "path", d=head, fill=MUTED, **filled(MUTED)
    )


def layers(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return each node's column: the longest way to it; what runs in a circle ends somewhere.

    >>> layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    rank = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for giver, taker in edges:
            if rank[taker] <= rank[giver] < len(nodes) - 1:
                rank[taker] = rank[giver] + 1
                moved = True
        if not moved:
            break
    used = {old: new for new, old in enumerate(sorted({*rank.values()}))}
    return {node: used[rank[node]] for node in nodes}
