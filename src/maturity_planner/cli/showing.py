"""`show` for people: a rubric and each of its parts in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import click

from ..core.quantity import DAY, POINT, shown
from ..core.rubric import (
    Band,
    Item,
    ItemMode,
    Mode,
    ModeRef,
    Need,
    OverallRule,
    Rubric,
    Section,
    SectionRule,
)
from . import output
from .parts import Level, Part, WayToDo

_SECTION_RULES = {
    SectionRule.SUM: "a section's score is the sum of its items' points",
    SectionRule.LEVELS: "a section's score is the highest level whose criteria, and all below, are "
    "met",
}
_OVERALL_RULES = {
    OverallRule.MINIMUM: "the overall score is the lowest section's",
    OverallRule.MEAN: "the overall score is the weighted mean of the sections'",
}


def show_rubric(rubric: Rubric) -> None:
    """Print the rubric with all its items."""
    _head(f"{rubric.title} ({rubric.version})" if rubric.version else rubric.title)
    if rubric.source:
        output.say(output.wrap(f"Source: {rubric.source}"))
    rules = f"{_SECTION_RULES[rubric.section_rule]}; {_OVERALL_RULES[rubric.overall_rule]}"
    output.say(output.wrap(f"Scoring: {rules}."))
    modes = [f"{m.id} {shown(Fraction(m.points, POINT), 4)}" for m in rubric.modes]
    output.say(output.wrap("Points of a mode: " + ", ".join(modes) + "."))
    for band in rubric.bands:
        bound = f"up to {shown(band.up_to, 4)}" if band.up_to is not None else "above"
        output.say(f"    band {band.id}, {bound}: {output.clean(band.title)}")
    if rubric.notes:
        output.say(output.wrap(rubric.notes))
    for section in rubric.sections:
        output.say()
        _show_section(rubric, section)


def show_part(rubric: Rubric, part: Part) -> None:
    """Print one part of the rubric."""
    match part:
        case Section():
            _show_section(rubric, part)
        case Item():
            _show_item(rubric, part)
        case WayToDo():
            _show_way(rubric, part)
        case Mode():
            _show_mode(rubric, part)
        case Band():
            _show_band(rubric, part)
        case Level():
            _show_level(rubric, part)


def _head(text: str) -> None:
    output.say(click.style(output.clean(text), bold=True))


def _days(cents: int) -> str:
    return output.plural(Fraction(cents, DAY), "day")


def _points(item: Item, mode: ItemMode) -> str:
    return output.plural(Fraction(item.points(mode.id), POINT * POINT), "point", 4)


def _items(items: Iterable[Item]) -> Iterator[str]:
    """Yield a table of the items with the days of each of their modes."""
    rows = []
    for item in items:
        days = " / ".join(shown(Fraction(m.effort.expected, DAY)) for m in item.modes.values())
        level = "" if item.level is None else f"{item.level}{' optional' if item.optional else ''}"
        rows.append([item.id, item.title, level, days])
    heads = ["Item", "Title", "Level" if any(row[2] for row in rows) else "", "Days"]
    for line in output.table(rows, heads, right=[3]):
        yield "  " + line


def _show_section(rubric: Rubric, section: Section) -> None:
    _head(f"{section.id}: {section.title}")
    if rubric.overall_rule is OverallRule.MEAN:
        output.say(f"  Weight in the mean: {shown(Fraction(section.weight, POINT), 4)}")
    for line in _items(section.items):
        output.say(line)


def _show_item(rubric: Rubric, item: Item) -> None:
    _head(f"{item.id}: {item.title}")
    section = rubric.section_titles[item.section]
    level = "" if item.level is None else f", level {item.level}"
    optional = ", optional" if item.optional else ""
    output.say(output.clean(f"  {rubric.title} > {section}{level}{optional}"))
    if item.summary:
        output.say()
        output.say(output.wrap(item.summary))
    for mode in item.modes.values():
        output.say()
        _show_own_mode(rubric, item, mode)
    if item.people or item.tools:
        output.say()
    if item.people:
        people = (output.plural(count, role) for role, count in item.people.items())
        output.say(output.wrap("Done by: " + ", ".join(people)))
    if item.tools:
        output.say(output.wrap("Tools: " + ", ".join(item.tools)))


def _show_own_mode(rubric: Rubric, item: Item, mode: ItemMode) -> None:
    title = output.clean(rubric.mode_title(mode.id))
    output.say(click.style(f"  {mode.id}: {title}, {_points(item, mode)}", bold=True))
    for line in _figures(mode):
        output.say(f"    {line}")
    if mode.evidence:
        output.say(output.wrap(f"Evidence: {mode.evidence}", indent="    "))
    for criterion in mode.acceptance:
        output.say(output.wrap(f"- {criterion}", indent="    "))
    for need in mode.needs:
        kind = "Needs" if need.hard else "Goes better after"
        why = f": {need.why}" if need.why else ""
        output.say(output.wrap(f"{kind} {need}{why}", indent="    "))
    if takers := _needed_by(rubric, item, mode):
        output.say(output.wrap(f"Needed by {', '.join(takers)}", indent="    "))
    for link in mode.suggested_by:
        estimate = " (estimate)" if link.basis == "estimate" else ""
        part = " in part" if link.is_partial else ""
        why = f": {link.why}" if link.why else ""
        line = f"Suggested{part} by {link}{estimate}{why}"
        output.say(output.wrap(line, indent="    "))


def _figures(mode: ItemMode) -> Iterator[str]:
    """Yield what the mode takes, and where these figures come from."""
    effort = mode.effort
    basis = f" ({mode.basis})" if mode.basis else ""
    spread = ""
    if effort.low != effort.high:
        spread = f" ({shown(effort.low)} to {shown(effort.high)}, likely {shown(effort.likely)})"
    yield f"Effort: {_days(effort.expected)}{spread}{basis}"
    for lower, less in mode.effort_from.items():
        yield f"From {lower}: {_days(less.expected)}{basis}"
    if mode.upkeep:
        yield f"Upkeep: {_days(mode.upkeep)} a quarter{basis}"
    if mode.review_quarters:
        yield f"Evidence holds for {output.plural(mode.review_quarters, 'quarter')}"


def _needed_by(rubric: Rubric, item: Item, mode: ItemMode) -> list[str]:
    """Return the modes that need this one, hard needs only, in rubric order."""
    return [
        f"{other.id}@{own.id}"
        for other in rubric.items.values()
        for own in other.modes.values()
        if any(need.hard and ModeRef(item.id, mode.id) in need.any_of for need in own.needs)
    ]


def _show_way(rubric: Rubric, way: WayToDo) -> None:
    """Print a mode of an item, each need with the titles of what it names."""
    item, mode = way.item, way.mode
    _head(f"{item.id}@{mode.id}: {item.title}")
    title = f"{rubric.title} > {rubric.section_titles[item.section]}"
    output.say(output.clean(f"  {title}, {rubric.mode_title(mode.id)}, {_points(item, mode)}"))
    for line in _figures(mode):
        output.say(f"  {line}")
    if mode.evidence:
        output.say(output.wrap(f"Evidence: {mode.evidence}"))
    for criterion in mode.acceptance:
        output.say(output.wrap(f"- {criterion}"))
    for own in item.modes.values():
        if own.rank <= mode.rank:
            inherited = "" if own is mode else f" (as {own.id} does)"
            for need in own.needs:
                _show_need(rubric, need, inherited)
    takers = _needed_by(rubric, item, mode)
    output.say()
    output.say(output.wrap(f"Needed by {', '.join(takers)}." if takers else "Nothing needs it."))
    output.say(f"  All that leads here: {output.again(f'graph +{item.id}')}")


def _show_need(rubric: Rubric, need: Need, inherited: str) -> None:
    kind = "Needs" if need.hard else "Goes better after"
    choice = " one of" if len(need.any_of) > 1 else ""
    output.say()
    output.say(f"  {kind}{choice}{inherited}:")
    for ref in need.any_of:
        output.say(output.wrap(f"{ref}: {rubric.items[ref.item].title}", indent="    "))
    if need.why:
        output.say(output.wrap(f"Why: {need.why}", indent="    "))
    if need.source:
        output.say(output.wrap(f"Source: {need.source}", indent="    "))


def _show_mode(rubric: Rubric, mode: Mode) -> None:
    _head(f"mode {mode.id}: {mode.title}")
    items = [item for item in rubric.items.values() if mode.id in item.modes]
    points = output.plural(Fraction(mode.points, POINT), "point", 4)
    output.say(f"  {points}; {len(items)} of {output.plural(len(rubric.items), 'item')} have it")
    if mode.review_quarters is not None:
        quarters = output.plural(mode.review_quarters, "quarter")
        held = f"for {quarters}" if mode.review_quarters else "for ever"
        output.say(f"  Evidence holds {held}, unless an item says otherwise")
    rows = [
        [item.id, item.title, shown(Fraction(item.modes[mode.id].effort.expected, DAY))]
        for item in items
    ]
    output.say()
    for line in output.table(rows, ["Item", "Title", "Days"], right=[2]):
        output.say("  " + line)


def _show_band(rubric: Rubric, band: Band) -> None:
    _head(f"band {band.id}: {band.title}")
    place = rubric.bands.index(band)
    above = rubric.bands[place - 1].up_to if place else None
    bounds = [f"above {shown(above, 4)}"] if above is not None else []
    bounds += [f"up to {shown(band.up_to, 4)}, which is in it"] if band.up_to is not None else []
    output.say(f"  Scores {' and '.join(bounds)}." if bounds else "  Every score.")
    output.say(output.wrap(f"Scoring: {_OVERALL_RULES[rubric.overall_rule]}."))
    if above is not None and rubric.overall_rule is OverallRule.MINIMUM:
        output.say(output.wrap(f"So every section has to score more than {shown(above, 4)}."))
        output.say(f"  The cheapest way there: {output.again('plan --target T')}")


def _show_level(rubric: Rubric, level: Level) -> None:
    _head(f"level {level.number}")
    items = [item for item in rubric.items.values() if item.level == level.number]
    counted = [item for item in items if not item.optional]
    days = _days(sum(item.top.effort.expected for item in items if not item.optional))
    if rubric.section_rule is SectionRule.LEVELS:
        below = " and all below" if level.number != rubric.levels[0] else ""
        text = (
            f"A section is at this level when the items of this one{below} are at their top mode; "
            "optional ones do not count."
        )
        output.say(output.wrap(text))
    output.say(
        output.wrap(f"{output.plural(len(counted), 'item')} that count, {days} from nothing.")
    )
    for section in rubric.sections:
        mine = [item for item in items if item.section == section.id]
        if mine:
            output.say()
            _head(f"{section.id}: {section.title}")
            for line in _items(mine):
                output.say(line)
