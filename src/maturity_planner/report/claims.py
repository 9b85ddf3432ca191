"""What the assessment claims, item by item, as a report tells it."""

from __future__ import annotations

from fractions import Fraction

from ..core.assessment import Assessment
from ..core.rubric import Item, ModeId, Need, Rubric
from ..core.score import UNIT, Score
from .content import (
    ItemLine,
    WaiverLine,
)
from .sources import Sources
from .words import told


def items_of(given: Sources, score: Score) -> list[ItemLine]:
    """Return the items; the needs of a planned one are those of its planned mode."""
    rubric, answers = given.rubric, given.assessment
    planned = {u.item.id: u.to_mode for u in (given.plan.upgrades if given.plan else ())}
    lines = []
    for part in score.items:
        item = part.item
        answer = answers.answers.get(item.id)
        rank = item.rank(part.mode)
        aim = planned.get(item.id)
        lines.append(
            ItemLine(
                id=item.id,
                title=told(item.title),
                section=item.section,
                level=item.level,
                mode=part.mode,
                mode_title=told(rubric.mode_title(part.mode)),
                share=Fraction(list(item.modes).index(part.mode) + 1, len(item.modes))
                if rank
                else Fraction(0),
                points=part.points,
                best_points=Fraction(item.points(item.top.id), UNIT),
                is_answered=part.is_answered,
                is_waived=part.is_waived,
                evidence=tuple(told(text) for text in (answer.evidence if answer else ())),
                note=told(answer.note) if answer else "",
                planned=aim if aim and item.rank(aim) > rank else "",
                needs=_givers(item, aim if aim and item.rank(aim) > rank else item.top.id),
            )
        )
    return lines


def _givers(item: Item, mode: ModeId) -> tuple[tuple[str, bool], ...]:
    """Return the items that this one needs in the mode, and whether it cannot do without."""
    found: dict[str, bool] = {}
    for need in item.needs(mode):
        for ref in need.any_of:
            found[ref.item] = found.get(ref.item, False) or _is_must(need)
    return tuple(found.items())


def _is_must(need: Need) -> bool:
    return need.hard and len(need.any_of) == 1


def waivers_of(rubric: Rubric, answers: Assessment) -> list[WaiverLine]:
    """Return the waivers in rubric order, expired ones among them."""
    both = [(one, False) for one in answers.waivers.values()]
    both += [(one, True) for one in answers.expired]
    lines = []
    for waiver, is_expired in sorted(both, key=lambda pair: rubric.items[pair[0].item].position):
        title = told(rubric.items[waiver.item].title)
        reason, owner = told(waiver.reason), told(waiver.owner)
        lines.append(WaiverLine(waiver.item, title, reason, owner, waiver.until, is_expired))
    return lines
