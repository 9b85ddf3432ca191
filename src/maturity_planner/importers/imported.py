"""What an import comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..core.quantity import shown
from .findings import Findings
from .words import MOST_LINE, cut, one_line


@dataclass(frozen=True, slots=True)
class Imported:
    """A document of ours, the comments that head its file, and what was wrong with the model."""

    document: Mapping[str, Any]
    comments: tuple[str, ...]
    findings: Findings


def comments(command: str, origin: str, *formula: str) -> tuple[str, ...]:
    """Return the comments at the head of a rubric: where it is from, whose it is, its days."""
    return (
        cut(f"Made by `maturity-planner {command}` from {one_line(origin)}", MOST_LINE),
        "The texts are the model's, under the model's own licence: this is a user's copy.",
        "The days are not the model's. They are derived (`basis: derived`):",
        *formula,
        "A team's own days go into its assessment: `ITEM: {effort_days: {MODE: DAYS}}`.",
    )


def decimal(number: Fraction) -> Decimal:
    """Return a number of few decimals as a file has it.

    >>> decimal(Fraction(88, 10))
    Decimal('8.8')
    """
    return Decimal(shown(number, 6))
