"""Pins and section targets that a person typed, found in a rubric."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.plan import Pin, Request
from ..core.quantity import as_fraction
from ..core.reasons import contradictions
from ..core.rubric import SectionId
from ..errors import UsageError
from .lookup import find_item, find_mode, find_section

if TYPE_CHECKING:
    from ..core.assessment import Assessment
    from ..core.rubric import Rubric


def parse_pins(rubric: Rubric, names: Iterable[str]) -> tuple[Pin, ...]:
    """Return the pins that ITEM or ITEM@MODE name, each once.

    Raises:
        UsageError: no such item or mode; names the nearest.
    """
    pins = [
        Pin(*find_mode(rubric, name)) if "@" in name else Pin(find_item(rubric, name).id)
        for name in names
    ]
    return tuple(dict.fromkeys(pins))


def parse_section_targets(rubric: Rubric, given: Iterable[str]) -> dict[SectionId, Fraction]:
    """Return the scores that SECTION=T ask for.

    Raises:
        UsageError: no such section, or no number.
    """
    targets: dict[SectionId, Fraction] = {}
    for text in given:
        name, equals, number = text.partition("=")
        wanted = as_fraction(number)
        if not equals or wanted is None or not 0 <= wanted <= 1_000_000:
            raise UsageError(f'"{text}" asks for nothing', fix="Write SECTION=T, T from 0 up.")
        targets[find_section(rubric, name).id] = wanted
    return targets


def check_pins(rubric: Rubric, assessment: Assessment, request: Request) -> None:
    """Refuse pins that contradict each other or a waiver.

    Raises:
        UsageError: they do; each contradiction is named.
    """
    if found := contradictions(rubric, assessment, request):
        raise UsageError("the pins contradict each other or a waiver", fix="\n  ".join(found))
