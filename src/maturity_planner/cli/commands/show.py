"""`show`: a rubric, a section or an item explained."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from pathlib import Path

    from ...core.rubric import Item, ItemMode, Rubric, Section
    from ..context import Context


@click.command("show")
@click.argument("what", metavar="[RUBRIC[/SECTION]|ITEM]", required=False)
@options.rubric
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, what: str | None, rubric: str | None, as_json: bool) -> None:
    """Explain a rubric, a section or an item; without a name the project's rubric.

    A name that no rubric has is looked for among the items of the project's rubric, then of all.
    """
    model, part = _find(ctx.obj, what, rubric)
    if as_json:
        from ...outputs import rubric_data

        data = rubric_data(model)
        if part is not None:
            keep = part.id
            for section in data["sections"]:
                if section["id"] != keep:
                    section["items"] = [item for item in section["items"] if item["id"] == keep]
            data["sections"] = [section for section in data["sections"] if section["items"]]
        output.emit("show", data)
        return
    from ...core.rubric import Item, Section

    match part:
        case Item():
            _show_item(model, part)
        case Section():
            _show_section(part)
        case _:
            _show_rubric(model)
            output.hint(ctx, "\nNext: maturity-planner show ITEM")


def _find(
    context: Context, what: str | None, rubric: str | None
) -> tuple[Rubric, Section | Item | None]:
    from ...files import load_rubric
    from ..lookup import find_section

    known = context.project.rubrics()
    name, _, section = (what or "").partition("/")
    if name in known:
        model = load_rubric(known[name])
        return model, find_section(model, section) if section else None
    own = _own(context, rubric, is_needed=not what or rubric is not None)
    if what is None and own:
        return own[0], None
    others = (load_rubric(path) for path in known.values())
    for model in (*own, *others):
        sections = model.sections if model in own else ()
        parts: tuple[Section | Item, ...] = (*sections, *model.items.values())
        for part in parts:
            if part.id == what:
                return model, part
    return load_rubric(_named_file(context, what or "", own)), None


def _own(context: Context, rubric: str | None, *, is_needed: bool) -> list[Rubric]:
    """Return the project's rubrics; none where there are none and they are not needed."""
    from ...errors import UserError
    from ...files import load_rubric

    try:
        return [load_rubric(path) for path in context.rubric_paths(None, rubric)]
    except UserError:
        if is_needed:
            raise
        return []


def _named_file(context: Context, name: str, own: list[Rubric]) -> Path:
    from ...errors import ConfigError, UsageError, suggestion

    try:
        return context.project.rubric(name)
    except ConfigError:
        items = [item for model in own for item in model.items]
        fix = suggestion(name, [*context.project.rubrics(), *items], kind="Known rubrics")
        raise UsageError(f'there is no rubric, section or item "{name}"', fix=fix) from None


def _rules(rubric: Rubric) -> str:
    section = {
        "sum": "a section's score is the sum of its items' points",
        "levels": "a section's score is the highest level whose criteria, and all below, are met",
    }[rubric.section_rule.value]
    overall = {
        "minimum": "the overall score is the lowest section's",
        "mean": "the overall score is the weighted mean of the sections'",
    }[rubric.overall_rule.value]
    return f"Scoring: {section}; {overall}."


def _show_rubric(rubric: Rubric) -> None:
    from ...core.quantity import POINT, shown

    output.say(click.style(output.clean(f"{rubric.title} ({rubric.version})"), bold=True))
    if rubric.source:
        output.say(output.wrap(f"Source: {rubric.source}"))
    output.say(output.wrap(_rules(rubric)))
    modes = [f"{m.id} {shown(Fraction(m.points, POINT), 4)}" for m in rubric.modes]
    output.say(output.wrap("Points of a mode: " + ", ".join(modes) + "."))
    for band in rubric.bands:
        bound = f"up to {shown(band.up_to, 4)}" if band.up_to is not None else "above"
        output.say(f"    band {band.id}, {bound}: {output.clean(band.title)}")
    if rubric.notes:
        output.say(output.wrap(rubric.notes))
    for section in rubric.sections:
        output.say()
        _show_section(section)


def _show_section(section: Section) -> None:
    from ...core.quantity import DAY, shown

    output.say(click.style(output.clean(f"{section.id}: {section.title}"), bold=True))
    rows = []
    for item in section.items:
        days = " / ".join(shown(Fraction(m.effort.expected, DAY)) for m in item.modes.values())
        level = "" if item.level is None else f"{item.level}{' optional' if item.optional else ''}"
        rows.append([item.id, item.title, level, days])
    heads = ["Item", "Title", "Level" if any(row[2] for row in rows) else "", "Days"]
    for line in output.table(rows, heads, right=[3]):
        output.say("  " + line)


def _show_item(rubric: Rubric, item: Item) -> None:
    output.say(click.style(output.clean(f"{item.id}: {item.title}"), bold=True))
    section = rubric.section_titles[item.section]
    level = "" if item.level is None else f", level {item.level}"
    optional = ", optional" if item.optional else ""
    output.say(output.clean(f"  {rubric.title} > {section}{level}{optional}"))
    if item.summary:
        output.say()
        output.say(output.wrap(item.summary))
    for mode in item.modes.values():
        output.say()
        _show_mode(rubric, item, mode)
    if item.tools:
        output.say()
        output.say(output.wrap("Tools: " + ", ".join(item.tools)))


def _show_mode(rubric: Rubric, item: Item, mode: ItemMode) -> None:
    from ...core.quantity import DAY, POINT, shown

    points = shown(Fraction(item.points(mode.id), POINT * POINT), 4)
    effort = mode.effort
    estimate = f" ({mode.basis})" if mode.basis in ("estimate", "derived") else ""
    title = output.clean(rubric.mode_title(mode.id))
    output.say(click.style(f"  {mode.id}: {title}, {points} points", bold=True))
    days = f"{shown(Fraction(effort.expected, DAY))} days"
    if effort.low != effort.high:
        days += f" ({shown(effort.low)} to {shown(effort.high)}, likely {shown(effort.likely)})"
    output.say(f"    Effort: {days}{estimate}")
    for lower, less in mode.effort_from.items():
        output.say(f"    From {lower}: {shown(Fraction(less.expected, DAY))} days{estimate}")
    if mode.upkeep:
        upkeep = shown(Fraction(mode.upkeep, DAY))
        output.say(f"    Upkeep: {upkeep} days a quarter{estimate}")
    if mode.evidence:
        output.say(output.wrap(f"Evidence: {mode.evidence}", indent="    "))
    for criterion in mode.acceptance:
        output.say(output.wrap(f"- {criterion}", indent="    "))
    for need in mode.needs:
        kind = "Needs" if need.hard else "Goes better after"
        why = f": {need.why}" if need.why else ""
        output.say(output.wrap(f"{kind} {need}{why}", indent="    "))
    for link in mode.suggested_by:
        estimate = " (estimate)" if link.basis == "estimate" else ""
        part = " in part" if link.is_partial else ""
        why = f": {link.why}" if link.why else ""
        line = f"Suggested{part} by {link}{estimate}{why}"
        output.say(output.wrap(line, indent="    "))
