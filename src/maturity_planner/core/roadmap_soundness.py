"""What no single value of a roadmap file shows: items, modes and sprints that there are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import Fault, Place, suggestion
from .rubric import NONE, Rubric

AGAIN = "Make it again: maturity-planner roadmap"


def roadmap_faults(document: Mapping[str, Any], rubric: Rubric) -> list[Fault]:
    """Return every fault of a roadmap whose shape is right, against its rubric."""
    faults: list[Fault] = []
    seen: set[str] = set()
    sprints = {sprint.get("id") for sprint in document.get("sprints") or () if sprint}
    for n, activity in enumerate(document.get("activities") or ()):
        if not activity:
            continue
        path: Place = ("activities", n)
        item, mode, sprint = (activity.get(key) for key in ("item", "to", "sprint"))
        faults += _mode_faults(rubric, item, mode, ((*path, "item"), (*path, "to")))
        if item in seen:
            faults.append(Fault(f'item "{item}" is placed twice', AGAIN, (*path, "item")))
        seen.add(item)
        if sprint and sprint not in sprints:
            fix = suggestion(sprint, filter(None, sprints), kind="Sprints")
            faults.append(Fault(f'there is no sprint "{sprint}"', fix, (*path, "sprint")))
    for n, sprint in enumerate(document.get("sprints") or ()):
        refs = (sprint or {}).get("upgrades") or ()
        faults += _ref_faults(rubric, refs, ("sprints", n, "upgrades"))
    faults += _ref_faults(rubric, document.get("left") or (), ("left",))
    return faults


def _ref_faults(rubric: Rubric, refs: Iterable[Any], path: Place) -> Iterator[Fault]:
    for n, ref in enumerate(refs):
        if ref:
            item, _, mode = ref.partition("@")
            yield from _mode_faults(rubric, item, mode, ((*path, n), (*path, n)))


def _mode_faults(
    rubric: Rubric, item: Any, mode: Any, paths: tuple[Place, Place]
) -> Iterator[Fault]:
    if item and item not in rubric.items:
        fix = suggestion(item, rubric.items, kind=f"Items of {rubric.id}")
        yield Fault(f'unknown item "{item}"', fix, paths[0])
    elif item and mode and mode not in (NONE, *rubric.items[item].modes):
        fix = suggestion(mode, rubric.items[item].modes, kind="Modes")
        yield Fault(f'unknown mode "{mode}" of item "{item}"', fix, paths[1])
