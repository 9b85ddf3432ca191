"""Why an upgrade is in the plan, and why a request cannot be met, in words for people."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from .assessment import Assessment
from .plan import Pin, Request, Standing, Upgrade
from .quantity import precise
from .rubric import Item, ItemId, ModeId, ModeRef, Need, Rubric, Section, SectionRule, is_met
from .score import lowered_score, modes_today, overall_score, score_modes


def explain(
    rubric: Rubric, assessment: Assessment, request: Request, chosen: Sequence[Upgrade]
) -> tuple[Upgrade, ...]:
    """Return the upgrades with `why` and `needed_by` filled in.

    An upgrade is there because it was asked for, for its section (without its points the section
    misses what it has to reach), for the score, for the upgrades that need it, or because it
    brings points at no cost.
    """
    final = modes_today(rubric, assessment) | {u.item.id: u.to_mode for u in chosen}
    after = Standing(*score_modes(rubric, final, assessment.waivers.keys()))
    users = _users(chosen)
    explained = []
    for upgrade in chosen:
        without = {**after.sections, upgrade.item.section: _section_without(rubric, upgrade, after)}
        standing = Standing(overall_score(rubric, without), without)
        needed_by = _needed_by(rubric, upgrade, users.get(upgrade.item.id, ()), final)
        why = [
            *_pinned(request, upgrade),
            *_for_the_score(rubric, request, upgrade, standing, after),
            *_for_others(needed_by),
        ]
        if not why:
            why = ["costs nothing, so it comes along" if upgrade.cost == 0 else "adds points"]
        explained.append(replace(upgrade, why="; ".join(why), needed_by=needed_by))
    return tuple(explained)


def _section_without(rubric: Rubric, upgrade: Upgrade, after: Standing) -> Fraction:
    item = upgrade.item
    score = after.sections[item.section]
    return lowered_score(rubric, item, upgrade.to_mode, upgrade.from_mode, score)


def _users(chosen: Sequence[Upgrade]) -> dict[ItemId, list[Upgrade]]:
    """Return the upgrades whose hard needs name an item, by item."""
    users: dict[ItemId, list[Upgrade]] = {}
    for upgrade in chosen:
        refs = (r for need in upgrade.item.needs(upgrade.to_mode) if need.hard for r in need.any_of)
        for item in dict.fromkeys(ref.item for ref in refs):
            users.setdefault(item, []).append(upgrade)
    return users


def _needed_by(
    rubric: Rubric, upgrade: Upgrade, users: Sequence[Upgrade], final: dict[ItemId, ModeId]
) -> tuple[ModeRef, ...]:
    """Return those of the users with a hard need that holds only thanks to the upgrade."""
    without = ChainMap({upgrade.item.id: upgrade.from_mode}, final)
    return tuple(
        user.ref
        for user in users
        if user is not upgrade
        and any(
            need.hard and is_met(need, final, rubric) and not is_met(need, without, rubric)
            for need in user.item.needs(user.to_mode)
        )
    )


def _pinned(request: Request, upgrade: Upgrade) -> Iterator[str]:
    if any(pin.names(upgrade.item, upgrade.to_mode) for pin in request.include):
        yield "it was asked for"


def _for_the_score(
    rubric: Rubric, request: Request, upgrade: Upgrade, without: Standing, after: Standing
) -> Iterator[str]:
    section = upgrade.item.section
    title = rubric.section_titles[section]
    wanted = request.required(section, rubric)
    if wanted is not None and without.sections[section] < wanted:
        if rubric.section_rule is SectionRule.LEVELS:
            level = next(level for level in rubric.levels if level >= wanted)
            yield f"{title} has to meet every criterion up to level {level}"
        else:
            yield f"{title} has to reach {precise(wanted)}"
    elif request.target is not None:
        if without.score < request.target:
            yield f"lifts {title} and with it the mean to {precise(request.target)}"
    elif without.score < after.score:
        yield f"without it the score would be {precise(without.score)}, not {precise(after.score)}"


def _for_others(needed_by: Sequence[ModeRef]) -> Iterator[str]:
    if needed_by:
        yield "needed by " + ", ".join(map(str, needed_by))


def contradictions(rubric: Rubric, assessment: Assessment, request: Request) -> tuple[str, ...]:
    """Return pins that contradict each other or a waiver, one sentence each."""
    lines = []
    for pin in request.include:
        item = rubric.items[pin.item]
        if waiver := assessment.waivers.get(pin.item):
            lines.append(f"{pin} is included, but {item.id} is waived until {waiver.until}.")
        against = [other for other in request.exclude if _excludes(other, pin)]
        lines += [f"{pin} is included, and {other} is excluded." for other in against]
        for other in request.include:
            if other.item == pin.item and other.mode and pin.mode and other.mode > pin.mode:
                lines.append(f"{pin} and {other} are included: a plan holds one mode of an item.")
    return tuple(dict.fromkeys(lines))


def _excludes(other: Pin, pin: Pin) -> bool:
    """Whether the excluded pin leaves nothing of the included one."""
    return other.item == pin.item and (other.mode is None or other.mode == pin.mode)


def obstacles(
    rubric: Rubric,
    assessment: Assessment,
    request: Request,
    best: Mapping[ItemId, ModeId],
    at_best: Standing,
) -> tuple[str, ...]:
    """Return what keeps the request from being met, and the best score there is; nothing if met.

    `best` holds the highest mode of each item that waivers, pins and hard needs allow.
    """
    causes = _Causes(rubric, assessment, request, best)
    lines = [line for pin in request.include for line in causes.of_pin(pin)]
    if at_best.meets(request) and not lines:
        return ()
    if not at_best.meets(request):
        top = {item.id: item.top.id for item in rubric.items.values()}
        highest = Standing(*score_modes(rubric, top, frozenset()))
        if request.target is not None and highest.score < request.target:
            lines.append(
                f"{rubric.title} ends at {precise(highest.score)}: no system can score "
                f"{precise(request.target)}."
            )
        for section in rubric.sections:
            lines += causes.of_section(section, at_best, highest)
    return (*lines, f"The best score that can be reached is {precise(at_best.score)}.")


class _Causes:
    """What holds items below their top mode: waivers, pins, and needs that cannot be met."""

    def __init__(
        self,
        rubric: Rubric,
        assessment: Assessment,
        request: Request,
        best: Mapping[ItemId, ModeId],
    ) -> None:
        self.rubric = rubric
        self.assessment = assessment
        self.request = request
        self.best = best

    def of_section(self, section: Section, at_best: Standing, highest: Standing) -> list[str]:
        """Return why the section, or the mean that it is part of, misses what is asked for."""
        wanted = self.request.required(section.id, self.rubric)
        reached = at_best.sections[section.id]
        overall = Request(self.request.target)
        if reached >= wanted if wanted is not None else at_best.meets(overall):
            return []
        if reached == highest.sections[section.id]:
            own = self.request.section_targets.get(section.id, reached)
            return [f"{section.title} ends at {precise(reached)}."] if own > reached else []
        causes = "; ".join(dict.fromkeys(c for item in section.items for c in self.of_item(item)))
        return [f"{section.title} can reach {precise(reached)} at most: {causes}."]

    def of_pin(self, pin: Pin) -> list[str]:
        """Return why an upgrade that was asked for cannot be in any plan."""
        item = self.rubric.items[pin.item]
        today = self.assessment.mode(item)
        is_free = item.rank(self.best[item.id]) > item.rank(today)
        if pin.is_met(item, today) or is_free:
            return []
        causes = "; ".join(dict.fromkeys(self.of_item(item, pin)))
        return [f"{pin} is included, but it cannot be done: {causes}."]

    def of_item(self, item: Item, pin: Pin | None = None) -> Iterator[str]:
        """Yield what keeps the item below its top mode, down to what a person can act on.

        With a pin only what keeps it from the modes that the pin names.
        """
        if waiver := self.assessment.waivers.get(item.id):
            yield f"{item.id} is waived until {waiver.until} ({waiver.reason})"
            return
        for mode in item.modes.values():
            if mode.rank <= item.rank(self.best[item.id]):
                continue
            if pin is not None and not pin.names(item, mode.id):
                continue
            pins = [pin for pin in self.request.exclude if pin.names(item, mode.id)]
            yield from (f"{pin} is excluded" for pin in pins)
            today = self.assessment.mode(item)
            if not self.request.allows(item, mode.id, today) and not pins:
                held = next(pin for pin in self.request.include if pin.item == item.id)
                yield f"{held} is included, which keeps it from {mode.id}"
            for need in mode.needs:
                if need.hard and not is_met(need, self.best, self.rubric):
                    yield f"{ModeRef(item.id, mode.id)} needs {need}" + self._root(need)

    def _root(self, need: Need) -> str:
        """Return why the need cannot be met, followed to the pin or waiver behind it."""
        seen: set[ItemId] = set()
        roots: list[str] = []
        waiting = [ref.item for ref in need.any_of]
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            item = self.rubric.items[name]
            if waiver := self.assessment.waivers.get(name):
                roots.append(f"{name} is waived until {waiver.until}")
                continue
            above = [m for m in item.modes.values() if m.rank > item.rank(self.best[name])]
            pins = [p for p in self.request.exclude if any(p.names(item, m.id) for m in above)]
            roots += [f"{pin} is excluded" for pin in pins]
            waiting += [
                ref.item
                for mode in above
                for deeper in mode.needs
                if deeper.hard and not is_met(deeper, self.best, self.rubric)
                for ref in deeper.any_of
            ]
        return ", and " + ", ".join(dict.fromkeys(roots)) if roots else ""
