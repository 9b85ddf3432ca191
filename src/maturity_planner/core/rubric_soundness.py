"""What no single value of a rubric shows: duplicate ids, dangling needs, bands out of order.

The functions here, and those for assessments, plans and roadmaps beside them, take documents whose
shape has been checked, with None for a value that is not what it should be, so that all faults of a
file can be told at once. They return every fault with the path to its value, so that the caller can
add file, line and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import Fault, Place, suggestion
from .circles import circles
from .rubric import NONE, Link, ModeId, ModeRef, Need, Rubric, build_link, build_need

Document = Mapping[str, Any]


def rubric_faults(document: Document) -> list[Fault]:
    """Return every fault of a rubric whose shape is right, in document order."""
    return [*faults_for_use(document), *circle_faults(document)]


def faults_for_use(document: Document) -> list[Fault]:
    """Return the faults that make a rubric useless: all but circles of needs, which hinder plans.

    With a circle a rubric can still be read, answered and scored.
    """
    scoring = document.get("scoring") or {}
    faults = [
        *_duplicates(_entries(document, "modes"), "mode"),
        *_duplicates(_entries(document, "sections"), "section"),
        *_duplicates(_items(document), "item"),
        *_duplicates(_entries(scoring, "bands", ("scoring",)), "band"),
        *_mode_faults(_entries(document, "modes")),
        *_band_faults(scoring),
        *_weight_faults(document),
    ]
    modes = [mode["id"] for _, mode in _entries(document, "modes")]
    for path, item in _items(document):
        if scoring.get("section") == "levels" and item.get("level") is None:
            faults.append(
                Fault(
                    f'item "{item["id"]}" has no level',
                    "Add `level: N`: scoring.section is levels.",
                    (*path, "level"),
                )
            )
        if len(modes) == len(document.get("modes") or ()) > 0:
            faults.extend(_item_mode_faults(item, path, modes))
    return [*faults, *_need_faults(document, modes), *_link_faults(document)]


def _entries(parent: Document, key: str, path: Place = ()) -> Iterator[tuple[Place, Document]]:
    """Yield the mappings of a list that have an id, with their paths."""
    for n, value in enumerate(parent.get(key) or ()):
        if value and value.get("id"):
            yield (*path, key, n), value


def _items(document: Document) -> Iterator[tuple[Place, Document]]:
    for n, section in enumerate(document.get("sections") or ()):
        yield from _entries(section or {}, "items", ("sections", n))


def _modes(item: Document, path: Place) -> Iterator[tuple[Place, str, Document]]:
    for mode, own in (item.get("modes") or {}).items():
        if own:
            yield (*path, "modes", mode), mode, own


def _needs(own: Document, path: Place) -> Iterator[tuple[Place, Need]]:
    for n, value in enumerate(own.get("needs") or ()):
        given = value if isinstance(value, Mapping) else {"hard": value}
        if all(given.get("any_of") or [given.get("hard") or given.get("soft")]):
            yield (*path, "needs", n), build_need(given)


def _duplicates(entries: Iterable[tuple[Place, Document]], kind: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, value in entries:
        if value["id"] in seen:
            yield Fault(
                f'{kind} "{value["id"]}" stands twice',
                "Give one of them another id.",
                (*path, "id"),
            )
        seen.add(value["id"])


def _mode_faults(modes: Iterable[tuple[Place, Document]]) -> Iterator[Fault]:
    before: Document = {}
    for path, mode in modes:
        if mode["id"] == NONE:
            yield Fault(
                'the mode "none" is implied and cannot be defined',
                "Remove it, or give it another id.",
                (*path, "id"),
            )
        points, less = mode.get("points"), before.get("points")
        if points is not None and less is not None and points <= less:
            yield Fault(
                f'mode "{mode["id"]}" has no more points than "{before["id"]}" before it',
                "List the modes in rising order of points.",
                (*path, "points"),
            )
        before = mode


def _band_faults(scoring: Document) -> Iterator[Fault]:
    before = None
    for path, band in _entries(scoring, "bands", ("scoring",)):
        up_to = band.get("up_to")
        is_last = path[-1] == len(scoring["bands"]) - 1
        if is_last and up_to is not None:
            yield Fault(
                f'band "{band["id"]}" is the last one and has an up_to',
                "Remove it: the last band has no upper end.",
                (*path, "up_to"),
            )
        if not is_last and up_to is None:
            yield Fault(
                f'band "{band["id"]}" has no up_to',
                "Add `up_to: N`: every band but the last ends somewhere.",
                (*path, "up_to"),
            )
        before, lower = up_to, before
        if up_to is not None and lower is not None and up_to <= lower:
            yield Fault(
                f'band "{band["id"]}" does not end above the band before it',
                "List the bands in rising order of up_to.",
                (*path, "up_to"),
            )


def _weight_faults(document: Document) -> Iterator[Fault]:
    scoring = document.get("scoring") or {}
    sections = [section or {} for section in document.get("sections") or ()]
    weights = [section.get("weight", 1) for section in sections]
    if scoring.get("overall") == "mean" and sections and all(weight == 0 for weight in weights):
        yield Fault(
            "every section has weight 0, so their weighted mean does not exist",
            "Give at least one section a weight above 0.",
            ("sections",),
        )


def _item_mode_faults(item: Document, path: Place, modes: Sequence[str]) -> Iterator[Fault]:
    for here, mode, own in _modes(item, path):
        if mode not in modes:
            yield Fault(
                f'unknown mode "{mode}" of item "{item["id"]}"',
                suggestion(mode, modes, kind="Modes of this rubric"),
                here,
            )
            continue
        lower = [m for m in modes[: modes.index(mode)] if m in item["modes"]]
        for source in own.get("from") or {}:
            if source not in lower:
                yield Fault(
                    f'"from" names "{source}", which is not a lower mode of this item',
                    suggestion(source, lower, kind="Lower modes")
                    or "Remove it: this is the lowest mode of the item.",
                    (*here, "from", source),
                )


def _need_faults(document: Document, modes: Sequence[str]) -> Iterator[Fault]:
    known = {item["id"]: list(item.get("modes") or ()) for _, item in _items(document)}
    sections = document.get("sections") or ()
    if not all(section and all(section.get("items") or [None]) for section in sections):
        return  # what a need names may be in the part that could not be used
    for path, item in _items(document):
        for here, _, own in _modes(item, path):
            for place, need in _needs(own, here):
                for ref in need.any_of:
                    yield from _ref_faults(ref, item["id"], place, known, modes)


def _ref_faults(
    ref: ModeRef, item: str, path: Place, known: Mapping[str, list[str]], modes: Sequence[str]
) -> Iterator[Fault]:
    if ref.item not in known:
        yield Fault(
            f'item "{item}" needs "{ref.item}", which is not in the rubric',
            suggestion(ref.item, known, kind="Items"),
            path,
        )
    elif ref.item == item:
        yield Fault(f'item "{item}" needs itself', "Remove this need.", path)
    elif ref.mode not in known[ref.item]:
        where = f'item "{ref.item}"' if ref.mode in modes else "this rubric"
        yield Fault(
            f'item "{item}" needs "{ref}", but {where} has no mode "{ref.mode}"',
            suggestion(ref.mode, known[ref.item], kind=f'Modes of "{ref.item}"'),
            path,
        )


def _links(document: Document) -> Iterator[tuple[Place, str, Link]]:
    """Yield every link with its path and its item."""
    for path, item in _items(document):
        for here, _, own in _modes(item, path):
            for n, value in enumerate(own.get("suggested_by") or ()):
                ref = value.get("ref") if isinstance(value, Mapping) else value
                if ref:
                    yield (*here, "suggested_by", n), item["id"], build_link(ref)


def _link_faults(document: Document) -> Iterator[Fault]:
    """Yield links of a rubric to itself: what its own items need is a need."""
    for path, item, link in _links(document):
        if link.rubric == document.get("id"):
            yield Fault(
                f'item "{item}" is linked to its own rubric',
                "A link leads to another rubric; inside one write a need.",
                path,
            )


def linked_faults(document: Document, rubrics: Mapping[str, Rubric | None]) -> Iterator[Fault]:
    """Yield links to an item or mode that the other rubric, given by its id, does not have.

    A rubric in use does without: it may be used beside another edition of the linked one.
    """
    for path, item, link in _links(document):
        other = rubrics.get(link.rubric)
        if other is None or link.rubric == document.get("id"):
            continue
        found = other.items.get(link.ref.item)
        if found is None:
            yield Fault(
                f'item "{item}" is linked to "{link.ref.item}", which is not in "{other.id}"',
                suggestion(link.ref.item, other.items, kind=f"Items of {other.id}"),
                path,
            )
        elif link.ref.mode not in found.modes:
            yield Fault(
                f'item "{item}" is linked to "{link}", but "{found.id}" has no such mode',
                suggestion(link.ref.mode, found.modes, kind=f'Modes of "{found.id}"'),
                path,
            )


def circle_faults(document: Document) -> list[Fault]:
    """Return each circle of hard needs, named in full, at the need that closes it.

    A node is a mode of an item. A mode inherits the needs of the modes below it, which an edge
    to the mode below states.
    """
    modes = [mode["id"] for _, mode in _entries(document, "modes")]
    edges: dict[ModeRef, dict[ModeRef, Place]] = {}
    for path, item in _items(document):
        below: ModeRef | None = None
        own = {mode: (here, given) for here, mode, given in _modes(item, path)}
        for mode in (mode for mode in dict.fromkeys(modes) if mode in own):
            node = ModeRef(item["id"], ModeId(mode))
            edges[node] = {below: path} if below else {}
            below = node
            for here, need in _needs(own[mode][1], own[mode][0]):
                refs = need.any_of if need.hard else ()
                edges[node].update({ref: here for ref in refs if ref.item != node.item})
    return [
        Fault(
            "these modes need each other in a circle: " + " -> ".join(map(str, circle)),
            "Remove one of these needs, or make it soft.",
            place,
        )
        for circle, place in circles(edges, lambda ref: ref.item)
    ]
