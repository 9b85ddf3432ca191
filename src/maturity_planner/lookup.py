"""Names that a person typed, found in a rubric, or a usage error with the nearest one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from .errors import UsageError, suggestion

if TYPE_CHECKING:
    from .core.rubric import Item, ModeRef, Rubric, Section

Found = TypeVar("Found")


def _find(known: Mapping[str, Found], name: str, kind: str, plural: str) -> Found:
    if name in known:
        return known[name]
    fix = suggestion(name, known, kind=f"Known {plural}")
    raise UsageError(f'there is no {kind} "{name}"', fix=fix)


def find_item(rubric: Rubric | Sequence[Rubric], name: str) -> Item:
    """Return the item of that id, of the rubric or of one of several.

    Raises:
        UsageError: there is none; names the nearest.
    """
    rubrics = rubric if isinstance(rubric, Sequence) else (rubric,)
    known = {str(key): item for one in rubrics for key, item in one.items.items()}
    return _find(known, name, "item", "items")


def find_section(rubric: Rubric, name: str) -> Section:
    """Return the section of that id.

    Raises:
        UsageError: there is none; names the nearest.
    """
    known = {str(section.id): section for section in rubric.sections}
    return _find(known, name, "section", "sections")


def find_mode(rubric: Rubric, name: str) -> ModeRef:
    """Return the mode that ITEM@MODE names.

    Raises:
        UsageError: no such item or mode.
    """
    from .core.rubric import ModeRef, parse_ref

    ref = parse_ref(name)
    item = find_item(rubric, ref.item)
    known = {str(key): key for key in item.modes}
    mode = _find(known, ref.mode, f"mode of {item.id}", f"modes of {item.id}")
    return ModeRef(item.id, mode)
