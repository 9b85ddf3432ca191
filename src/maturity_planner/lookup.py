"""Names that a person typed, found in a rubric, or a usage error with the nearest one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .errors import find

if TYPE_CHECKING:
    from .core.rubric import Item, ModeRef, Rubric, Section


def find_item(rubric: Rubric | Sequence[Rubric], name: str) -> Item:
    """Return the item of that id, of the rubric or of one of several.

    Raises:
        UsageError: there is none; names the nearest.
    """
    rubrics = rubric if isinstance(rubric, Sequence) else (rubric,)
    known = {str(key): item for one in rubrics for key, item in one.items.items()}
    return find(known, name, "item")


def find_section(rubric: Rubric, name: str) -> Section:
    """Return the section of that id.

    Raises:
        UsageError: there is none; names the nearest.
    """
    known = {str(section.id): section for section in rubric.sections}
    return find(known, name, "section")


def find_mode(rubric: Rubric, name: str) -> ModeRef:
    """Return the mode that ITEM@MODE names.

    Raises:
        UsageError: no such item or mode.
    """
    from .core.rubric import ModeRef, parse_ref

    ref = parse_ref(name)
    item = find_item(rubric, ref.item)
    known = {str(key): key for key in item.modes}
    return ModeRef(item.id, find(known, ref.mode, f"mode of {item.id}"))
