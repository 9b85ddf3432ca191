"""What is allowed in a rubric and yet hardly meant: warnings, each with a code of its own.

The rules look at sound rubrics only. They stay silent where an author may well have meant what
stands there: a check by hand that costs more than automation over a year, a need that follows from
the needs of what is needed (it still binds once that is done), running costs of a top mode.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from fractions import Fraction

from ..errors import Fault, Place, nearest
from .quantity import DAY, POINT, plural, shown
from .reachable import highest_score, reachable_scores
from .rubric import Item, ItemId, ItemMode, Need, OverallRule, Rubric, SectionRule


class WarningCode(StrEnum):
    """The codes of the warnings; stable, so that a file can name those that it ignores."""

    IDLE_ITEM = "idle-item"
    IDLE_SECTION = "idle-section"
    WITHOUT_EFFECT = "without-effect"
    UNUSED_MODE = "unused-mode"
    UNREACHABLE_BAND = "unreachable-band"
    DEAR_LOWER_MODE = "dear-lower-mode"
    DEAR_STEP = "dear-step"
    LEVEL_INVERSION = "level-inversion"
    REDUNDANT_NEED = "redundant-need"
    DUPLICATE_TITLE = "duplicate-title"
    FILE_NAME = "file-name"
    UNKNOWN_RUBRIC = "unknown-rubric"


def warnings_of(rubric: Rubric) -> list[Fault]:
    """Return every warning about a sound rubric, each with its code and the path to its place."""
    rules: tuple[Callable[[Rubric], Iterator[Fault]], ...] = (
        _unused_modes,
        _unreachable_bands,
        _idle_sections,
        _idle_items,
        _without_effect,
        _duplicate_titles,
        _dear_lower_modes,
        _dear_steps,
        _level_inversions,
        _redundant_needs,
    )
    return [fault for rule in rules for fault in rule(rubric)]


def unknown_rubrics(rubric: Rubric, known: Collection[str]) -> Iterator[Fault]:
    """Yield the rubrics that links lead to and nobody knows here, each at its first link."""
    seen = {*known, rubric.id}
    for item, path in _places(rubric):
        for mode in item.modes.values():
            for n, link in enumerate(mode.suggested_by):
                if link.rubric not in seen:
                    seen.add(link.rubric)
                    yield _warning(
                        WarningCode.UNKNOWN_RUBRIC,
                        f'the rubric "{link.rubric}", which links lead to, is not known here',
                        nearest(link.rubric, known) or "Put it into rubrics/, or check the name.",
                        (*path, "modes", mode.id, "suggested_by", n),
                    )


def _warning(code: WarningCode, message: str, fix: str, path: Place) -> Fault:
    return Fault(message, fix, path, code=code.value)


def _places(rubric: Rubric) -> Iterator[tuple[Item, Place]]:
    for n, section in enumerate(rubric.sections):
        for k, item in enumerate(section.items):
            yield item, ("sections", n, "items", k)


def _days(cents: int) -> str:
    return plural(Fraction(cents, DAY), "day")


# Scoring -----------------------------------------------------------------------------------


def _unused_modes(rubric: Rubric) -> Iterator[Fault]:
    used = {mode for item in rubric.items.values() for mode in item.modes}
    for n, mode in enumerate(rubric.modes):
        if mode.id not in used:
            yield _warning(
                WarningCode.UNUSED_MODE,
                f'no item can be done in the mode "{mode.id}"',
                "Remove it, or give it to an item.",
                ("modes", n),
            )


def _unreachable_bands(rubric: Rubric) -> Iterator[Fault]:
    scores = reachable_scores(rubric)
    most = highest_score(rubric)
    above: Fraction | None = None
    for n, band in enumerate(rubric.bands):
        lower, above = above, band.up_to
        path: Place = ("scoring", "bands", n)
        if lower is not None and lower >= most:
            yield _warning(
                WarningCode.UNREACHABLE_BAND,
                f'band "{band.id}" starts above {shown(lower, 4)}; '
                f"the highest score is {shown(most, 4)}",
                "Lower the bands, or remove this one.",
                path,
            )
        elif scores is not None and not any(
            (lower is None or lower < score) and (above is None or score <= above)
            for score in scores
        ):
            yield _warning(
                WarningCode.UNREACHABLE_BAND,
                f'no score that there can be lies in the band "{band.id}"',
                "Widen it, or remove it.",
                path,
            )


def _idle_sections(rubric: Rubric) -> Iterator[Fault]:
    by_sum = rubric.section_rule is SectionRule.SUM
    by_mean = rubric.overall_rule is OverallRule.MEAN
    for n, section in enumerate(rubric.sections):
        path: Place = ("sections", n, "items")
        if by_mean and not section.weight:
            continue  # it says itself that it does not count
        if by_sum and not any(item.points(item.top.id) for item in section.items):
            effect = "lowers the mean for ever" if by_mean else "keeps the score at 0 for ever"
            yield _warning(
                WarningCode.IDLE_SECTION,
                f'section "{section.id}" has no item with points: it {effect}',
                "Give an item points, or put these items into another section.",
                path,
            )
        # By minimum such a section takes no part, which may be what it is for.
        if not by_sum and by_mean and all(item.optional for item in section.items):
            yield _warning(
                WarningCode.IDLE_SECTION,
                f'section "{section.id}" has optional items only: it raises the mean for ever',
                "Make an item count, or give the section `weight: 0`.",
                path,
            )


def _idle_items(rubric: Rubric) -> Iterator[Fault]:
    needed = {
        ref.item
        for item in rubric.items.values()
        for mode in item.modes.values()
        for need in mode.needs
        for ref in need.any_of
    }
    by_sum = rubric.section_rule is SectionRule.SUM
    for item, path in _places(rubric):
        if item.id in needed:
            continue
        if by_sum and not item.points(item.top.id):
            yield _warning(
                WarningCode.IDLE_ITEM,
                f'item "{item.id}" gives no points and nothing needs it: no plan has use for it',
                "Give it a weight, let an item need it, or remove it.",
                (*path, "weight"),
            )
        if not by_sum and item.optional:
            yield _warning(
                WarningCode.IDLE_ITEM,
                f'item "{item.id}" is optional and nothing needs it: no plan has use for it',
                "Let it count, let an item need it, or remove it.",
                (*path, "optional"),
            )


def _without_effect(rubric: Rubric) -> Iterator[Fault]:
    by_sum = rubric.section_rule is SectionRule.SUM
    if rubric.overall_rule is OverallRule.MINIMUM:
        for n, section in enumerate(rubric.sections):
            if section.weight != POINT:
                yield _warning(
                    WarningCode.WITHOUT_EFFECT,
                    f'the weight of section "{section.id}" changes no score: the lowest section '
                    "is the score",
                    "Remove it, or choose `overall: mean`.",
                    ("sections", n, "weight"),
                )
    for item, path in _places(rubric):
        if by_sum and item.optional:
            yield _warning(
                WarningCode.WITHOUT_EFFECT,
                f'"optional" of item "{item.id}" changes no score: every point counts in a sum',
                "Remove it, or choose `section: levels`.",
                (*path, "optional"),
            )
        if not by_sum and item.weight != POINT:
            yield _warning(
                WarningCode.WITHOUT_EFFECT,
                f'the weight of item "{item.id}" changes no score: levels do not count points',
                "Remove it, or choose `section: sum`.",
                (*path, "weight"),
            )


def _duplicate_titles(rubric: Rubric) -> Iterator[Fault]:
    seen: dict[str, ItemId] = {}
    for item, path in _places(rubric):
        title = " ".join(item.title.casefold().split())
        if title in seen:
            yield _warning(
                WarningCode.DUPLICATE_TITLE,
                f'item "{item.id}" has the same title as "{seen[title]}"',
                "Their tickets would look alike: say in the title what is different.",
                (*path, "title"),
            )
        seen.setdefault(title, item.id)


# Modes -------------------------------------------------------------------------------------


def _is_dearer(lower: ItemMode, higher: ItemMode) -> bool:
    mine = lower.effort.expected, lower.upkeep
    other = higher.effort.expected, higher.upkeep
    return mine != other and mine[0] >= other[0] and mine[1] >= other[1]


def _dear_lower_modes(rubric: Rubric) -> Iterator[Fault]:
    """Yield lower modes that cost no less in any respect and more in one.

    Upkeep against effort is a matter of the horizon: what saves one of them is no fault of either.
    """
    for item, path in _places(rubric):
        modes = list(item.modes.values())
        for lower in modes:
            higher = next((m for m in modes if m.rank > lower.rank and _is_dearer(lower, m)), None)
            if higher is None:
                continue
            amount = lower.effort.expected, higher.effort.expected
            key, unit = "effort_days", ""
            if amount[0] == amount[1]:
                amount = lower.upkeep, higher.upkeep
                key, unit = "upkeep_days", " a quarter to keep up"
            yield _warning(
                WarningCode.DEAR_LOWER_MODE,
                f'"{lower.id}" of item "{item.id}" takes {_days(amount[0])}{unit}, '
                f'"{higher.id}" with more points only {_days(amount[1])}',
                "Nobody would choose it: check the two estimates.",
                (*path, "modes", lower.id, key),
            )


def _dear_steps(rubric: Rubric) -> Iterator[Fault]:
    for item, path in _places(rubric):
        for mode in item.modes.values():
            for lower, effort in mode.effort_from.items():
                if effort.expected > mode.effort.expected:
                    yield _warning(
                        WarningCode.DEAR_STEP,
                        f'"{mode.id}" of item "{item.id}" takes {_days(effort.expected)} from '
                        f'"{lower}" and {_days(mode.effort.expected)} from nothing',
                        "A step from a lower mode saves effort: check the two estimates.",
                        (*path, "modes", mode.id, "from", lower),
                    )


# Needs -------------------------------------------------------------------------------------


def _needs(rubric: Rubric) -> Iterator[tuple[Item, ItemMode, int, Need, Place]]:
    for item, path in _places(rubric):
        for mode in item.modes.values():
            for n, need in enumerate(mode.needs):
                yield item, mode, n, need, (*path, "modes", mode.id, "needs", n)


def _level_inversions(rubric: Rubric) -> Iterator[Fault]:
    for item, _, _, need, path in _needs(rubric):
        levels = [rubric.items[ref.item].level for ref in need.any_of]
        if item.level is None or item.optional or not need.hard:
            continue
        if all(level is not None and level > item.level for level in levels):
            lowest = min(level for level in levels if level is not None)
            yield _warning(
                WarningCode.LEVEL_INVERSION,
                f'item "{item.id}" of level {item.level} needs {need} of level {lowest}',
                "Level by level it cannot be done: change a level, or make the need soft.",
                path,
            )


def _redundant_needs(rubric: Rubric) -> Iterator[Fault]:
    for item, mode, n, need, path in _needs(rubric):
        for k, ref in enumerate(need.any_of):
            rank = rubric.items[ref.item].rank(ref.mode)
            if any(
                other.item == ref.item
                and (rubric.items[other.item].rank(other.mode), m) < (rank, k)
                for m, other in enumerate(need.any_of)
            ):
                yield _warning(
                    WarningCode.REDUNDANT_NEED,
                    f'"{ref}" adds nothing to this choice: a lower or the same mode is in it',
                    "Remove it.",
                    (*path, "any_of", k),
                )
        for other, is_later in _beside(item, mode, n):
            is_same = _implies(need, other, rubric)
            if _implies(other, need, rubric) and not (is_later and is_same):
                yield _warning(
                    WarningCode.REDUNDANT_NEED,
                    f'the need "{need}" of item "{item.id}" is met wherever "{other}" is, which it '
                    "needs, too",
                    "Remove it.",
                    path,
                )
                break


def _beside(item: Item, mode: ItemMode, n: int) -> Iterator[tuple[Need, bool]]:
    """Yield the other needs that bind the mode, and whether each one stands after the n-th."""
    for own in item.modes.values():
        for k, need in enumerate(own.needs):
            if own.rank < mode.rank or (own.rank == mode.rank and k != n):
                yield need, own.rank == mode.rank and k > n


def _implies(given: Need, need: Need, rubric: Rubric) -> bool:
    """Return whether the need is met in every case in which the given one is."""
    if need.hard and not given.hard:
        return False
    return all(
        any(
            low.item == high.item
            and rubric.items[low.item].rank(low.mode) <= rubric.items[high.item].rank(high.mode)
            for low in need.any_of
        )
        for high in given.any_of
    )
