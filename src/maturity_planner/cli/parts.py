"""Parts of a rubric that a person names: a section, an item, a mode, a band, a level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.rubric import Band, Item, ItemMode, Mode, Rubric, Section, parse_ref
from ..errors import find

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Level:
    """A stage of a staged rubric."""

    number: int


@dataclass(frozen=True, slots=True)
class WayToDo:
    """One mode of one item, ITEM@MODE."""

    item: Item
    mode: ItemMode


Part = Section | Item | Mode | Band | Level | WayToDo


def find_part(rubric: Rubric, name: str) -> Part:
    """Return the part of that name: KIND:ID, ITEM@MODE, or the id of a section or an item.

    Raises:
        UsageError: there is none; names the nearest.
    """
    kind, colon, value = name.partition(":")
    if colon:
        kinds: Mapping[str, Mapping[str, Part]] = {
            "section": {section.id: section for section in rubric.sections},
            "level": {str(level): Level(level) for level in rubric.levels},
            "band": {band.id: band for band in rubric.bands},
            "mode": {mode.id: mode for mode in rubric.modes},
        }
        of_kind = find({f"{one}:": parts for one, parts in kinds.items()}, f"{kind}:", "selector")
        return find(of_kind, value, kind, of=rubric.id)
    ref = parse_ref(name)
    if ref.mode:
        item = find(
            {str(i): item for i, item in rubric.items.items()}, ref.item, "item", of=rubric.id
        )
        ways = {str(mode.id): WayToDo(item, mode) for mode in item.modes.values()}
        return find(ways, ref.mode, f"mode of {item.id}", of=rubric.id)
    parts: dict[str, Part] = {str(item): part for item, part in rubric.items.items()}
    parts |= {section.id: section for section in rubric.sections}
    return find(parts, name, "section or item", of=rubric.id)


def narrowed(data: dict[str, Any], part: Part) -> dict[str, Any]:
    """Return the rubric as data with nothing but the part: for a band, no sections."""
    if isinstance(part, Band):
        data["bands"] = [band for band in data["bands"] if band["id"] == part.id]
        return data | {"sections": []}
    for section in data["sections"]:
        if isinstance(part, Section):
            section["items"] = section["items"] if section["id"] == part.id else []
            continue
        section["items"] = [item for item in section["items"] if _is_of(item, part)]
        for item in section["items"]:
            mode = part.mode.id if isinstance(part, WayToDo) else None
            mode = part.id if isinstance(part, Mode) else mode
            item["modes"] = [own for own in item["modes"] if mode in (None, own["id"])]
    return data | {"sections": [section for section in data["sections"] if section["items"]]}


def _is_of(item: Mapping[str, Any], part: Part) -> bool:
    match part:
        case Level():
            return bool(item["level"] == part.number)
        case Mode():
            return any(mode["id"] == part.id for mode in item["modes"])
        case WayToDo():
            return bool(item["id"] == part.item.id)
        case _:
            return bool(item["id"] == part.id)
