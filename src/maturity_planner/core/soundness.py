"""What no single value shows: duplicate ids, dangling needs, cycles, bands out of order.

The functions take documents whose shape has been checked and return every fault, with the path
to the value at fault, so that the caller can add file, line and column.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ..errors import Fault, suggestion
from .rubric import NONE, ModeRef, Rubric, build_need

Path = tuple[str | int, ...]
Document = Mapping[str, Any]

MOST_CYCLES = 20
"""More cycles than this are not listed one by one: breaking the first ones changes the rest."""


def rubric_faults(document: Document) -> list[Fault]:
    """Return every fault of a rubric whose shape is right, in document order."""
    faults = [
        *_duplicates(document["modes"], ("modes",), "mode"),
        *_duplicates(document["sections"], ("sections",), "section"),
        *_mode_faults(document["modes"]),
        *_band_faults(document["scoring"].get("bands", [])),
        *_weight_faults(document),
    ]
    modes = [mode["id"] for mode in document["modes"]]
    first: dict[str, Path] = {}
    for path, item in _items(document):
        if item["id"] in first:
            faults.append(
                Fault(
                    f'item "{item["id"]}" stands twice in the rubric',
                    "Give one of the two another id; ids are unique over all sections.",
                    (*path, "id"),
                )
            )
        first.setdefault(item["id"], path)
        if document["scoring"]["section"] == "levels" and item.get("level") is None:
            faults.append(
                Fault(
                    f'item "{item["id"]}" has no level',
                    "Add `level: N`: scoring.section is levels.",
                    path,
                )
            )
        faults.extend(_item_mode_faults(item, path, modes))
    faults.extend(_need_faults(document, modes))
    if not faults:
        faults.extend(_cycles(document))
    return faults


def _items(document: Document) -> Iterator[tuple[Path, Document]]:
    for s, section in enumerate(document["sections"]):
        for i, item in enumerate(section["items"]):
            yield ("sections", s, "items", i), item


def _duplicates(values: Sequence[Document], path: Path, kind: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, value in enumerate(values):
        if value["id"] in seen:
            yield Fault(
                f'{kind} "{value["id"]}" stands twice', "Give one another id.", (*path, n, "id")
            )
        seen.add(value["id"])


def _mode_faults(modes: Sequence[Document]) -> Iterator[Fault]:
    for n, mode in enumerate(modes):
        if mode["id"] == NONE:
            yield Fault(
                'the mode "none" is implied and cannot be defined',
                "Remove it, or give it another id.",
                ("modes", n, "id"),
            )
        if n and mode["points"] <= modes[n - 1]["points"]:
            yield Fault(
                f'mode "{mode["id"]}" has no more points than "{modes[n - 1]["id"]}" before it',
                "List the modes in rising order of points.",
                ("modes", n, "points"),
            )


def _band_faults(bands: Sequence[Document]) -> Iterator[Fault]:
    yield from _duplicates(bands, ("scoring", "bands"), "band")
    last = len(bands) - 1
    for n, band in enumerate(bands):
        up_to = band.get("up_to")
        path: Path = ("scoring", "bands", n)
        if (up_to is None) != (n == last):
            yield Fault(
                f'band "{band["id"]}" '
                + ("has no up_to" if up_to is None else "is the last one and has an up_to"),
                "Every band but the last ends at its up_to; the last one has no upper end.",
                path,
            )
        before = bands[n - 1].get("up_to") if n else None
        if up_to is not None and before is not None and up_to <= before:
            yield Fault(
                f'band "{band["id"]}" does not end above the band before it',
                "List the bands in rising order of up_to.",
                (*path, "up_to"),
            )


def _weight_faults(document: Document) -> Iterator[Fault]:
    if document["scoring"]["overall"] == "mean" and not any(
        section.get("weight", 1) for section in document["sections"]
    ):
        yield Fault(
            "every section has weight 0, so their weighted mean does not exist",
            "Give at least one section a weight above 0.",
            ("sections",),
        )


def _item_mode_faults(item: Document, path: Path, modes: Sequence[str]) -> Iterator[Fault]:
    for mode, own in item["modes"].items():
        here = (*path, "modes", mode)
        if mode not in modes:
            yield Fault(
                f'unknown mode "{mode}" of item "{item["id"]}"',
                suggestion(mode, modes, kind="Modes of this rubric"),
                here,
            )
            continue
        lower = [m for m in modes[: modes.index(mode)] if m in item["modes"]]
        for source in own.get("from", {}):
            if source not in lower:
                yield Fault(
                    f'"from" names "{source}", which is not a lower mode of this item',
                    suggestion(source, lower, kind="Lower modes"),
                    (*here, "from", source),
                )


def _need_faults(document: Document, modes: Sequence[str]) -> Iterator[Fault]:
    known = {item["id"]: list(item["modes"]) for _, item in _items(document)}
    for path, item in _items(document):
        for mode, own in item["modes"].items():
            for n, value in enumerate(own.get("needs", ())):
                here = (*path, "modes", mode, "needs", n)
                for ref in build_need(value).any_of:
                    yield from _ref_faults(ref, item["id"], here, known, modes)


def _ref_faults(
    ref: ModeRef, item: str, path: Path, known: Mapping[str, list[str]], modes: Sequence[str]
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


def _cycles(document: Document) -> Iterator[Fault]:
    """Yield each cycle of hard needs, named in full, at the need that closes it.

    A node is a mode of an item. A mode inherits the needs of the modes below it, which an edge
    to the mode below states.
    """
    edges: dict[tuple[str, str], dict[tuple[str, str], Path]] = {}
    for path, item in _items(document):
        below: tuple[str, str] | None = None
        for mode in (m["id"] for m in document["modes"] if m["id"] in item["modes"]):
            node = (item["id"], mode)
            edges[node] = {below: path} if below else {}
            below = node
            for n, value in enumerate(item["modes"][mode].get("needs", ())):
                need = build_need(value)
                if need.hard:
                    here = (*path, "modes", mode, "needs", n)
                    edges[node].update({(r.item, r.mode): here for r in need.any_of})
    for _ in range(MOST_CYCLES):
        try:
            TopologicalSorter(edges).prepare()
            return
        except CycleError as error:
            # graphlib lists predecessors first: turn it so that it reads "a needs b needs a".
            cycle = list(reversed(error.args[1]))
            pairs = itertools.pairwise(cycle)
            start, closing = next((a, b) for a, b in pairs if a[0] != b[0])
            named = [f"{item}@{mode}" for item, mode in cycle]
            yield Fault(
                "these modes need each other in a circle: " + " -> ".join(named),
                "Remove one of these needs, or make it soft.",
                edges[start].pop(closing),
            )


def assessment_faults(document: Document, rubric: Rubric) -> list[Fault]:
    """Return every fault of an assessment whose shape is right, against its rubric."""
    faults: list[Fault] = []
    for kind in ("answers", "waivers"):
        for item_id in document.get(kind) or {}:
            if item_id not in rubric.items:
                faults.append(
                    Fault(
                        f'unknown item "{item_id}"',
                        suggestion(item_id, rubric.items, kind=f"Items of {rubric.id}"),
                        (kind, item_id),
                    )
                )
    for item_id, answer in (document.get("answers") or {}).items():
        if item_id not in rubric.items:
            continue
        modes = rubric.items[item_id].modes
        path: Path = ("answers", item_id)
        if isinstance(answer, str):
            answer = {"mode": answer}
        elif answer is None:
            continue
        else:
            faults.extend(_estimate_faults(answer, path, list(modes)))
            path = (*path, "mode")
        mode = answer.get("mode")
        if mode is not None and mode != NONE and mode not in modes:
            faults.append(
                Fault(
                    f'unknown mode "{mode}" of item "{item_id}"',
                    suggestion(mode, [NONE, *modes], kind="Modes"),
                    path,
                )
            )
    return faults


def plan_faults(document: Document, rubric: Rubric) -> list[Fault]:
    """Return every fault of a plan whose shape is right, against its rubric."""
    faults: list[Fault] = []
    seen: set[str] = set()
    for n, upgrade in enumerate(document["upgrades"]):
        path: Path = ("upgrades", n)
        item = rubric.items.get(upgrade["item"])
        if item is None:
            faults.append(
                Fault(
                    f'unknown item "{upgrade["item"]}"',
                    suggestion(upgrade["item"], rubric.items, kind=f"Items of {rubric.id}"),
                    (*path, "item"),
                )
            )
            continue
        if item.id in seen:
            faults.append(
                Fault(
                    f'item "{item.id}" is upgraded twice', "Keep one of the two.", (*path, "item")
                )
            )
        seen.add(item.id)
        known = {key: [NONE, *item.modes] for key in ("from", "to")}
        wrong = [key for key, modes in known.items() if upgrade[key] not in modes]
        for key in wrong:
            faults.append(
                Fault(
                    f'unknown mode "{upgrade[key]}" of item "{item.id}"',
                    suggestion(upgrade[key], known[key], kind="Modes"),
                    (*path, key),
                )
            )
        if not wrong and item.rank(upgrade["to"]) <= item.rank(upgrade["from"]):
            faults.append(
                Fault(
                    f'"{upgrade["to"]}" of item "{item.id}" is no higher than "{upgrade["from"]}"',
                    "An upgrade leads to a higher mode.",
                    (*path, "to"),
                )
            )
    return faults


def _estimate_faults(answer: Document, path: Path, modes: Sequence[str]) -> Iterator[Fault]:
    for key in ("effort_days", "upkeep_days"):
        for mode in answer.get(key) or {}:
            if mode not in modes:
                yield Fault(
                    f'{key} names the unknown mode "{mode}"',
                    suggestion(mode, modes, kind="Modes"),
                    (*path, key, mode),
                )
