"""What no single value of an assessment shows: items, modes and estimates that there are not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import Fault, Place, suggestion
from .rubric import NONE, Rubric

Document = Mapping[str, Any]


def assessment_faults(document: Document, rubric: Rubric, *others: Rubric) -> list[Fault]:
    """Return every fault of an assessment whose shape is right, against all its rubrics.

    `init` lists every item; the empty ones are no fault when another rubric is tried.
    """
    rubrics = (rubric, *others)
    items = {id_: item for one in reversed(rubrics) for id_, item in one.items.items()}
    kind_of_items = f"Items of {' and '.join(one.id for one in rubrics)}"
    faults = [*shared_items(rubrics)]
    is_tried = not others and document.get("rubric") != rubric.id
    for kind in ("answers", "waivers"):
        for item_id, value in (document.get(kind) or {}).items():
            if item_id not in items and not (is_tried and value is None):
                faults.append(
                    Fault(
                        f'unknown item "{item_id}"',
                        suggestion(item_id, items, kind=kind_of_items),
                        (kind, item_id),
                    )
                )
    for item_id, answer in (document.get("answers") or {}).items():
        if item_id not in items:
            continue
        modes = items[item_id].modes
        path: Place = ("answers", item_id)
        mode = answer
        if isinstance(answer, Mapping):
            faults.extend(_estimate_faults(answer, path, list(modes)))
            mode = answer.get("mode")
            path = (*path, "mode")
        if mode is not None and mode != NONE and mode not in modes:
            faults.append(
                Fault(
                    f'unknown mode "{mode}" of item "{item_id}"',
                    suggestion(mode, [NONE, *modes], kind="Modes"),
                    path,
                )
            )
    return faults


def is_of_others(document: Document, *rubrics: Rubric) -> bool:
    """Whether most of what is answered are items of none of the rubrics."""
    answers = document.get("answers") or {}
    answered = [item for item, answer in answers.items() if answer is not None]
    unknown = [item for item in answered if not any(item in one.items for one in rubrics)]
    return 2 * len(unknown) > len(answered)


def shared_items(rubrics: Sequence[Rubric]) -> Iterator[Fault]:
    """Yield each pair of rubrics that one answer would be of: their ids have to differ."""
    for one, other in itertools.combinations(rubrics, 2):
        shared = [item for item in one.items if item in other.items]
        if one.id == other.id:
            message = f'two of the rubrics have the id "{one.id}"'
            yield Fault(message, "Name each rubric once.", ("rubric",))
        elif shared:
            more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
            yield Fault(
                f'the rubrics "{one.id}" and "{other.id}" both have the item "{shared[0]}"{more}',
                "Give the items of one of them other ids, or keep an assessment for each.",
                ("rubric",),
            )


def _estimate_faults(answer: Document, path: Place, modes: Sequence[str]) -> Iterator[Fault]:
    for key in ("effort_days", "upkeep_days"):
        for mode in answer.get(key) or {}:
            if mode not in modes:
                yield Fault(
                    f'{key} names the unknown mode "{mode}"',
                    suggestion(mode, modes, kind="Modes"),
                    (*path, key, mode),
                )
