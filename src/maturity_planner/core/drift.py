"""Whether a plan on file still follows from the assessment, and its tickets from what is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from .assessment import Assessment
from .plan import Upgrade
from .quantity import DAY, shown
from .rubric import Rubric
from .score import modes_today, score_modes
from .tickets import Kind, Present, Ticket


def to_do(upgrades: Sequence[Upgrade], assessment: Assessment) -> list[Upgrade]:
    """Return the upgrades whose mode the assessment does not claim yet."""
    return [u for u in upgrades if u.item.rank(assessment.mode(u.item)) < u.item.rank(u.to_mode)]


def changes_since(
    rubric: Rubric,
    assessment: Assessment,
    upgrades: Sequence[Upgrade],
    before: Mapping[str, Fraction],
) -> Iterator[str]:
    """Yield what is no longer as it was when the plan was made; `before` are its section scores.

    What the upgrades themselves have brought since is what was planned, and no change.
    """
    modes = modes_today(rubric, assessment)
    for upgrade in upgrades:
        item = upgrade.item
        if item.id in assessment.waivers:
            yield f"{item.id} is waived"
        elif item.rank(modes[item.id]) > item.rank(upgrade.from_mode):
            modes[item.id] = upgrade.from_mode
    scores = score_modes(rubric, modes, assessment.waivers.keys())[1]
    for section, then in before.items():
        if scores.get(section) != then:
            now = f", now {shown(scores[section], 4)}" if section in scores else ""
            yield f"{section} was {shown(then, 4)}{now}"
    for upgrade in upgrades:
        if assessment.mode(upgrade.item) != upgrade.from_mode:
            continue  # another estimate counts from another mode
        effort = assessment.effort(upgrade.item, upgrade.to_mode).expected
        if effort != upgrade.effort:
            now = shown(Fraction(effort, DAY), 2)
            yield f"{upgrade.ref} was {shown(upgrade.effort_days, 2)} days, now {now}"


def open_though_done(wanted: Sequence[Ticket], present: Sequence[Present]) -> list[Present]:
    """Return the tickets that are open while the assessment claims what they are for."""
    done = {ticket.uid for ticket in wanted if ticket.is_settled and ticket.kind is Kind.TICKET}
    return [ticket for ticket in present if ticket.uid in done and not ticket.state.is_closed]
