"""Why an upgrade is in the plan, and why a target is out of reach, in words for the lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from .assessment import Assessment
from .plan import Request, Standing, Upgrade
from .quantity import precise
from .rubric import Item, ItemId, ModeId, ModeRef, Rubric, SectionId, SectionRule, is_met
from .score import score_modes


def explain(
    rubric: Rubric,
    request: Request,
    chosen: Sequence[Upgrade],
    today: Mapping[ItemId, ModeId],
    waived: Set[ItemId],
) -> tuple[Upgrade, ...]:
    """Return the upgrades with `why` and `needed_by` filled in.

    An upgrade is there for its section (without its points the section misses what it has to
    reach), for the upgrades that need it, or because it brings points at no cost.
    """
    final = {**today, **{u.item.id: u.to_mode for u in chosen}}
    explained = []
    for upgrade in chosen:
        without = {**final, upgrade.item.id: upgrade.from_mode}
        needed_by = _needed_by(rubric, chosen, final, without)
        standing = Standing(*score_modes(rubric, without, waived))
        why = [
            *_for_the_score(rubric, request, upgrade.item.section, standing),
            *_for_others(needed_by),
        ]
        if not why:
            why = ["costs nothing, so it comes along"]
        explained.append(replace(upgrade, why="; ".join(why), needed_by=needed_by))
    return tuple(explained)


def _needed_by(
    rubric: Rubric,
    chosen: Sequence[Upgrade],
    final: Mapping[ItemId, ModeId],
    without: Mapping[ItemId, ModeId],
) -> tuple[ModeRef, ...]:
    """Return the other upgrades with a hard need that holds only thanks to this one."""
    return tuple(
        other.ref
        for other in chosen
        if final[other.item.id] == without[other.item.id]
        and any(
            need.hard and is_met(need, final, rubric) and not is_met(need, without, rubric)
            for need in other.item.needs(other.to_mode)
        )
    )


def _for_the_score(
    rubric: Rubric, request: Request, section: SectionId, without: Standing
) -> Iterable[str]:
    title = rubric.section_titles[section]
    wanted = request.required(section, rubric)
    if wanted is not None and without.sections[section] < wanted:
        if rubric.section_rule is SectionRule.LEVELS:
            yield f"{title} has to meet every criterion up to level {precise(wanted)}"
        else:
            yield f"{title} has to reach {precise(wanted)}"
    elif request.target is not None and without.score < request.target:
        yield f"lifts {title} and with it the mean to {precise(request.target)}"


def _for_others(needed_by: Sequence[ModeRef]) -> Iterable[str]:
    if needed_by:
        yield "needed by " + ", ".join(map(str, needed_by))


def obstacles(
    rubric: Rubric,
    assessment: Assessment,
    request: Request,
    best: Mapping[ItemId, ModeId],
    at_best: Standing,
) -> tuple[str, ...]:
    """Return what keeps the request from being met, and the best score there is.

    `best` holds the highest mode of each item that waivers and hard needs allow.
    """
    lines = []
    top = {item.id: item.top.id for item in rubric.items.values()}
    highest = Standing(*score_modes(rubric, top, frozenset()))
    if request.target is not None and highest.score < request.target:
        lines.append(
            f"{rubric.title} ends at {precise(highest.score)}: no system can score "
            f"{precise(request.target)}."
        )
    for section in rubric.sections:
        wanted = request.required(section.id, rubric)
        reached = at_best.sections[section.id]
        is_met_alone = wanted is None or reached >= wanted
        is_in_the_mean = wanted is None and not at_best.meets(Request(request.target))
        if is_met_alone and not is_in_the_mean:
            continue
        if reached == highest.sections[section.id]:
            if request.section_targets.get(section.id, reached) > reached:
                lines.append(f"{section.title} ends at {precise(reached)}.")
            continue
        causes = list(_causes(rubric, assessment, section.items, best))
        lines.append(
            f"{section.title} can reach {precise(reached)} at most: " + "; ".join(causes) + "."
        )
    lines.append(f"The best score that can be reached is {precise(at_best.score)}.")
    return tuple(lines)


def _causes(
    rubric: Rubric, assessment: Assessment, items: Iterable[Item], best: Mapping[ItemId, ModeId]
) -> Iterable[str]:
    for item in items:
        if waiver := assessment.waivers.get(item.id):
            yield f"{item.id} is waived until {waiver.until} ({waiver.reason})"
            continue
        for mode in item.modes.values():
            if mode.rank <= item.rank(best[item.id]):
                continue
            for need in mode.needs:
                if need.hard and not is_met(need, best, rubric):
                    blocked = " and ".join(sorted({ref.item for ref in need.any_of}))
                    ref = ModeRef(item.id, mode.id)
                    yield f"{ref} needs {need}, and {blocked} cannot get there"
