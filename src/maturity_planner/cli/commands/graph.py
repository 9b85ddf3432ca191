"""`graph`: what needs what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.graph import Edge
    from ...core.rubric import Item, Rubric


@click.command("graph")
@click.argument("selectors", metavar="[SELECTOR]...", nargs=-1)
@options.assessment
@options.rubric
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "dot", "mermaid"]),
    default="text",
    show_default=True,
    help="Text for reading, dot for Graphviz, mermaid for Markdown.",
)
@click.option("-o", "out", type=options.FILE, help="Write into a file.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    selectors: tuple[str, ...],
    assessment: Path | None,
    rubric: str | None,
    style: str,
    out: Path | None,
) -> None:
    """Show the items' prerequisites.

    SELECTOR is ITEM, section:ID or level:N; a + before it adds what it needs, a + after it what
    needs it, a number the steps: +ITEM, ITEM+2, 1+section:monitor. Several are joined; a comma
    keeps what two have in common: section:data,level:1.
    """
    from ...core.graph import edges, select
    from ...files import load_rubric
    from ..writing import deliver, is_stdout, refuse_ours

    refuse_ours(ctx.obj, out, "a graph")
    model = load_rubric(ctx.obj.rubric_path(assessment, rubric))
    items = select(model, " ".join(selectors)) if selectors else tuple(model.items.values())
    if not items:
        output.hint(ctx, "No item is in all of these at once.")
    inside = {item.id for item in items}
    shown = [e for e in edges(model) if e.item in inside and (e.giver in inside or style == "text")]
    lines = {"text": _text, "dot": _dot, "mermaid": _mermaid}[style](model, items, shown)
    text = "\n".join(lines) + "\n"
    deliver(ctx, out, text if is_stdout(out) else click.unstyle(text), "a graph")


# Mermaid takes these for its own words, alone or before a hyphen.
_RESERVED = frozenset(
    (
        *("call", "class", "classdef", "click", "default", "direction", "end", "flowchart"),
        *("graph", "href", "interpolate", "linkstyle", "style", "subgraph"),
    )
)


def _text(rubric: Rubric, items: Sequence[Item], edges: Sequence[Edge]) -> list[str]:
    lines = []
    of_item: dict[str, list[Edge]] = {}
    for edge in edges:
        of_item.setdefault(edge.item, []).append(edge)
    for section in rubric.sections:
        mine = [item for item in items if item.section == section.id]
        if not mine:
            continue
        lines.append(click.style(output.clean(section.title), bold=True))
        for item in mine:
            lines.append(f"  {item.id}")
            seen: set[tuple[str, str]] = set()
            for edge in of_item.get(item.id, ()):
                key = (edge.mode, str(edge.need))
                if key not in seen:
                    seen.add(key)
                    arrow = "needs" if edge.need.hard else "goes better after"
                    lines.append(f"    {edge.mode} {arrow} {edge.need}")
    return lines


def _quoted(text: str) -> str:
    return output.clean(text).replace("\\", "\\\\").replace('"', "'").replace("\n", " ")


def _dot(rubric: Rubric, items: Sequence[Item], edges: Sequence[Edge]) -> list[str]:
    lines = ["digraph prerequisites {", "  rankdir=LR;", "  newrank=true;", "  node [shape=box];"]
    for section in rubric.sections:
        mine = [item for item in items if item.section == section.id]
        if mine:
            lines.append(f'  subgraph "cluster_{section.id}" {{')
            lines.append(f'    label="{_quoted(section.title)}";')
            lines += [f'    "{i.id}" [label="{_quoted(i.title)}"];' for i in mine]
            lines.append("  }")
    for edge in edges:
        style = "" if edge.need.hard and not edge.is_choice else " style=dashed"
        lines.append(f'  "{edge.giver}" -> "{edge.item}" [label="{edge.mode}"{style}];')
    return [*lines, "}"]


def _mermaid(rubric: Rubric, items: Sequence[Item], edges: Sequence[Edge]) -> list[str]:
    lines = ["flowchart LR"]
    for section in rubric.sections:
        mine = [item for item in items if item.section == section.id]
        if mine:
            lines.append(f'  subgraph s-{section.id}["{_mermaid_text(section.title)}"]')
            lines += [f'    {_mermaid_id(i.id)}["{_mermaid_text(i.title)}"]' for i in mine]
            lines.append("  end")
    for edge in edges:
        arrow = "-->" if edge.need.hard and not edge.is_choice else "-.->"
        lines.append(f"  {_mermaid_id(edge.giver)} {arrow}|{edge.mode}| {_mermaid_id(edge.item)}")
    return lines


def _mermaid_id(item: str) -> str:
    """Return the item's name in the chart; no item's id starts with an underscore."""
    return f"_{item}" if item.partition("-")[0] in _RESERVED else item


def _mermaid_text(text: str) -> str:
    """Return the text as a Mermaid label; its own escapes are HTML entities with #."""
    import re

    plain = " ".join(output.clean(text).split())
    safe = (
        plain.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    )
    # "1. Plan" would be a list, which a label cannot hold.
    return re.sub(r"^(\d*)([-.*+)])(?= )", lambda found: f"{found[1]}#{ord(found[2])};", safe)
