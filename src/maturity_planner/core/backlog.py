"""A plan into the facts of its epics and tickets, in the order of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from .assessment import Assessment
from .plan import Upgrade
from .rubric import ItemId, ItemMode, ModeId, Need, Rubric, Section, is_met
from .score import modes_today
from .tickets import Uid


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What a ticket says of one upgrade.

    `needs` are the upgrades of the plan that have to come first, `after` those that had better
    come first, each with the need that says so.
    """

    uid: Uid
    epic: Uid
    upgrade: Upgrade
    mode: ItemMode
    needs: tuple[tuple[Uid, Upgrade, Need], ...]
    after: tuple[tuple[Uid, Upgrade, Need], ...]


@dataclass(frozen=True, slots=True)
class EpicFacts:
    """What an epic says of one section: its upgrades in rubric order."""

    uid: Uid
    section: Section
    upgrades: tuple[Upgrade, ...]


def epic_uid(plan: str, section: str) -> Uid:
    """Return the identity of a section's epic."""
    return Uid(f"{plan}.{section}")


def ticket_uid(plan: str, upgrade: Upgrade) -> Uid:
    """Return the identity of an upgrade's ticket; another mode of the item is another ticket."""
    return Uid(f"{plan}.{upgrade.item.id}.{upgrade.to_mode}")


def in_work_order(
    upgrades: Sequence[Upgrade], rubric: Rubric, today: Mapping[ItemId, ModeId]
) -> tuple[Upgrade, ...]:
    """Return the upgrades so that each comes after those that it needs, else in rubric order.

    Soft needs are followed where that costs nothing. Modes of items can need each other
    crosswise without a circle (a by hand before b automatic before a automatic); then the one
    that stands first in the rubric comes first.
    """
    final = {**today, **{u.item.id: u.to_mode for u in upgrades}}
    modes = dict(today)
    left = {upgrade.item.id: upgrade for upgrade in upgrades}
    open_needs = {
        upgrade.item.id: [
            need
            for need in upgrade.item.needs(upgrade.to_mode)
            if is_met(need, final, rubric) and not is_met(need, modes, rubric)
        ]
        for upgrade in upgrades
    }
    takers: dict[ItemId, set[ItemId]] = {}
    for taker, needs in open_needs.items():
        for ref in (ref for need in needs for ref in need.any_of):
            takers.setdefault(ref.item, set()).add(taker)

    def turn(item: ItemId) -> tuple[int, int, ItemId]:
        """What waits for nothing comes first, then what can do with what it has."""
        needs = open_needs[item]
        waits = 2 if any(need.hard for need in needs) else 1 if needs else 0
        return waits, rubric.items[item].position, item

    turns = [turn(item) for item in left]
    heapify(turns)
    ordered: list[Upgrade] = []
    while turns:
        _, _, item = heappop(turns)
        if item not in left:  # an earlier turn has come since
            continue
        upgrade = left.pop(item)
        ordered.append(upgrade)
        modes[item] = upgrade.to_mode
        for taker in takers.get(item, set()) & left.keys():
            open_needs[taker] = [n for n in open_needs[taker] if not is_met(n, modes, rubric)]
            heappush(turns, turn(taker))
    return tuple(ordered)


def backlog(
    plan: str, upgrades: Sequence[Upgrade], rubric: Rubric, assessment: Assessment
) -> tuple[tuple[EpicFacts, ...], tuple[TicketFacts, ...]]:
    """Return an epic for each section that the plan touches, and a ticket for each upgrade.

    Tickets come in the order of work and need only tickets before them.
    """
    epics = tuple(
        EpicFacts(epic_uid(plan, section.id), section, mine)
        for section in rubric.sections
        if (mine := tuple(u for u in upgrades if u.item.section == section.id))
    )
    # The state that the plan was made for: what is accepted meanwhile keeps its place in the texts.
    planned = {upgrade.item.id: upgrade.from_mode for upgrade in upgrades}
    today = {**modes_today(rubric, assessment), **planned}
    done: dict[str, Upgrade] = {}
    tickets = []
    for upgrade in in_work_order(upgrades, rubric, today):
        linked: dict[bool, list[tuple[Uid, Upgrade, Need]]] = {True: [], False: []}
        for need in upgrade.item.needs(upgrade.to_mode):
            if is_met(need, today, rubric):
                continue
            for ref in need.any_of:
                giver = done.get(ref.item)
                if giver and giver.item.rank(giver.to_mode) >= giver.item.rank(ref.mode):
                    linked[need.hard].append((ticket_uid(plan, giver), giver, need))
        tickets.append(
            TicketFacts(
                uid=ticket_uid(plan, upgrade),
                epic=epic_uid(plan, upgrade.item.section),
                upgrade=upgrade,
                mode=upgrade.item.modes[upgrade.to_mode],
                needs=tuple(_first_of_each(linked[True])),
                after=tuple(_first_of_each(linked[False])),
            )
        )
        done[upgrade.item.id] = upgrade
    return epics, tuple(tickets)


def _first_of_each(links: Sequence[tuple[Uid, Upgrade, Need]]) -> list[tuple[Uid, Upgrade, Need]]:
    """Return the links without further ones to the same ticket, in rubric order."""
    first = {uid: (uid, upgrade, need) for uid, upgrade, need in reversed(links)}
    return sorted(first.values(), key=lambda link: link[1].item.position)
