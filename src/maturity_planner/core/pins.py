"""Pins from two places: those that stand in the settings, and those of a command's options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..errors import Fault, Place, suggestion
from .assessment import Assessment
from .plan import Pin, Request
from .reasons import contradictions
from .rubric import ItemId, ModeId, Rubric

KINDS = ("include", "exclude")


class Pins(NamedTuple):
    """Upgrades that a plan has to hold, and those that it must not hold."""

    include: tuple[Pin, ...] = ()
    exclude: tuple[Pin, ...] = ()

    def besides(self, others: Pins) -> Pins:
        """Return these pins without those of items that the others say something about.

        >>> ours = Pins(exclude=(Pin("a"), Pin("b")))
        >>> ours.besides(Pins(include=(Pin("a", "manual"),)))
        Pins(include=(), exclude=(Pin(item='b', mode=None),))
        """
        named = {pin.item for pins in others for pin in pins}
        return Pins(*(tuple(pin for pin in pins if pin.item not in named) for pins in self))

    def joined(self, others: Pins) -> Pins:
        """Return these pins and then the others."""
        return Pins(self.include + others.include, self.exclude + others.exclude)


NO_PINS = Pins()


def parse_pin(text: str) -> Pin:
    """Return the pin that ITEM or ITEM@MODE spells.

    >>> parse_pin("data-1"), parse_pin("data-1@manual")
    (Pin(item='data-1', mode=None), Pin(item='data-1', mode='manual'))
    """
    item, at, mode = text.partition("@")
    return Pin(ItemId(item), ModeId(mode) if at else None)


def parse_pins(texts: Iterable[str]) -> tuple[Pin, ...]:
    """Return the pins, each once."""
    return tuple(dict.fromkeys(map(parse_pin, texts)))


def pin_faults(
    settings: Mapping[str, Any], rubric: Rubric, assessment: Assessment, options: Pins = NO_PINS
) -> list[Fault]:
    """Return every fault of the pins in settings whose shape is right.

    A pin names an item, and one of its modes; no pin contradicts another one or a waiver, those
    that the options replace aside. Pins of items of the other rubrics are for their plans.
    """
    table = settings.get("plan")
    if not isinstance(table, Mapping):
        return []
    faults: list[Fault] = []
    given: list[tuple[Pin, ...]] = []
    for kind in KINDS:
        named = [
            (n, text)
            for n, text in enumerate(text for text in table.get(kind) or () if text)
            if parse_pin(text).item not in assessment.elsewhere
        ]
        found = [_unknown(text, rubric, ("plan", kind, n)) for n, text in named]
        faults += [fault for fault in found if fault]
        sound = (text for (_, text), fault in zip(named, found, strict=True) if not fault)
        given.append(parse_pins(sound))
    include, exclude = Pins(*given).besides(options)
    request = Request(None, include=include, exclude=exclude)
    against = contradictions(rubric, assessment, request)
    fix = "Take one of the two out."
    return [*faults, *(Fault(line, fix, ("plan", "include")) for line in against)]


def _unknown(text: str, rubric: Rubric, path: Place) -> Fault | None:
    pin = parse_pin(text)
    item = rubric.items.get(pin.item)
    if item is None:
        fix = suggestion(pin.item, rubric.items, kind=f"Items of {rubric.id}")
        return Fault(f'unknown item "{pin.item}"', fix, path)
    if pin.mode is not None and pin.mode not in item.modes:
        fix = suggestion(pin.mode, item.modes, kind="Modes")
        return Fault(f'unknown mode "{pin.mode}" of item "{item.id}"', fix, path)
    return None
