"""Evidence that ages, as data."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.quantity import DAY, plain
from .plan import standing_data

if TYPE_CHECKING:
    from ..core.plan import Standing
    from ..core.renewal import Lapse

Data = dict[str, Any]


def lapse_data(lapses: Sequence[Lapse], otherwise: Standing) -> Data:
    """Return the answers whose evidence is too old, and the score without them (`score`)."""
    return {
        "lapsing": [
            {
                "item": lapse.item.id,
                "mode": lapse.mode,
                "shown_on": lapse.shown_on.isoformat(),
                "due": lapse.due.isoformat(),
                "until": lapse.until.isoformat(),
                "lapsed": lapse.has_lapsed,
                "effort_days": plain(Fraction(lapse.effort, DAY)),
            }
            for lapse in lapses
        ],
        "if_not_renewed": standing_data(otherwise)
        if any(lapse.has_lapsed for lapse in lapses)
        else None,
    }


def renewal_data(lapses: Sequence[Lapse]) -> list[Data]:
    """Return the renewals beside a plan (`plan --renew`)."""
    return [
        {
            "item": lapse.item.id,
            "mode": lapse.mode,
            "due": lapse.due.isoformat(),
            "effort_days": plain(Fraction(lapse.effort, DAY)),
        }
        for lapse in lapses
    ]
