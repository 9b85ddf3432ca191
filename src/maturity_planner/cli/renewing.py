"""Evidence that is too old, for people."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from . import output

if TYPE_CHECKING:
    from datetime import date

    from ..core.assessment import Assessment
    from ..core.plan import Standing
    from ..core.renewal import Lapse
    from ..core.rubric import Rubric


def show(lapses: Sequence[Lapse], otherwise: Standing) -> None:
    """Print what is due a review, and the score if what has lapsed is not renewed."""
    from ..core.quantity import precise

    if not lapses:
        return
    output.say()
    output.say(f"Evidence older than its review period: {output.plural(len(lapses), 'answer')}.")
    rows = [
        [
            lapse.item.id,
            lapse.mode,
            str(lapse.shown_on),
            str(lapse.due),
            "lapsed" if lapse.has_lapsed else f"lapses after {lapse.until}",
        ]
        for lapse in lapses
    ]
    for line in output.table(rows, ["Item", "Mode", "Shown on", "Review due", ""]):
        output.say("  " + line)
    if any(lapse.has_lapsed for lapse in lapses):
        head = f"If not renewed: {precise(otherwise.score)} (what has lapsed counts as not done)"
        output.say(click.style(head, bold=True))
    output.say(
        output.wrap(
            "To renew one, show it again and give its answer the date of that day. "
            f"`{output.again('plan --renew')}` says what that takes.",
            indent="",
        )
    )


def show_dates(rubric: Rubric, assessment: Assessment, today: date) -> None:
    """Print how many answers have no age, or one that nobody can believe."""
    from ..core.renewal import find_ageless, find_early

    lines = []
    if count := len(find_ageless(rubric, assessment)):
        has = "has no date, so its evidence" if count == 1 else "have no date, so their evidence"
        lines.append(
            f"{output.plural(count, 'answer')} {has} does not age. Give the assessment a `date`, "
            "or an answer its own: the day on which it was shown."
        )
    if early := find_early(rubric, assessment, today):
        is_are = "is" if len(early) == 1 else "are"
        lines.append(
            f"{output.plural(len(early), 'answer')} {is_are} dated after today, {today}. "
            "`maturity-planner validate` says where."
        )
    if lines:
        output.say()
    for line in lines:
        output.say(output.wrap(line, indent=""))


def show_plan(lapses: Sequence[Lapse]) -> None:
    """Print the renewals that go beside a plan, and their effort."""
    from ..core.quantity import DAY, shown

    output.say()
    if not lapses:
        output.say("Nothing is to be renewed.")
        return
    rows = [
        [lapse.item.id, lapse.mode, str(lapse.due), shown(Fraction(lapse.effort, DAY))]
        for lapse in lapses
    ]
    for line in output.table(rows, ["Renewal", "Mode", "Review due", "Effort"], right=[3]):
        output.say("  " + line)
    output.say()
    total = shown(Fraction(sum(lapse.effort for lapse in lapses), DAY))
    output.say(f"{output.plural(len(lapses), 'renewal')}: {total} person-days beside the plan.")
