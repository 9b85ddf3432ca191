"""`roadmap.yaml`: written by `roadmap`, read for the dates of tickets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .checking import checked, faults_of
from .core.plan import Upgrade
from .core.roadmap_soundness import AGAIN, roadmap_faults
from .core.rubric import ItemId, ModeId, ModeRef, Rubric, parse_ref
from .core.tickets import Milestone, Ticket, Uid
from .documents import dump_yaml, parse_yaml
from .errors import RoadmapError
from .files import read_text, write_atomic
from .outputs.roadmap import placed_data
from .plans import PlanOnFile
from .remembered import parse_known_yaml

if TYPE_CHECKING:
    from .core.roadmap import Roadmap

HEADER = """\
# Made by `maturity-planner roadmap`. Make it again instead of editing it: the plan, the assessment
# and the team are what it follows from.
schema: maturity-planner/roadmap/v1
"""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Slot:
    """When an upgrade is worked on, first and last day, and the sprint in which it is finished."""

    start: date
    end: date
    milestone: Milestone


@dataclass(frozen=True, slots=True)
class RoadmapOnFile:
    """A roadmap as it was written: the plan that it places, the upgrades, and what it leaves."""

    plan: str
    slots: Mapping[ModeRef, Slot]
    left: tuple[ModeRef, ...]
    asked_start: date | None = None
    asked_end: date | None = None

    def missing(self, upgrades: Iterable[Upgrade]) -> list[ModeRef]:
        """Return the upgrades that the roadmap neither places nor leaves for later."""
        return [u.ref for u in upgrades if u.ref not in self.slots and u.ref not in self.left]


def write_roadmap(
    path: Path, roadmap: Roadmap, plan: PlanOnFile, left: Sequence[ModeRef] = ()
) -> None:
    """Write the roadmap of a plan.

    Raises:
        RoadmapError: what stands there is no roadmap, and would be lost.
    """
    if os.path.isfile(path):  # noqa: PTH113 (unlike Path's, never raises)
        text = read_text(path, RoadmapError)
        if text.strip() and "maturity-planner/roadmap/v1" not in text:
            raise RoadmapError(
                f"{path} is no roadmap, and writing one would replace it",
                fix="Name another file with -o, or move this one away.",
            )
    write_atomic(path, roadmap_text(roadmap, plan, left))


def roadmap_text(roadmap: Roadmap, plan: PlanOnFile, left: Sequence[ModeRef] = ()) -> str:
    """Return the text of a roadmap's file."""
    window = roadmap.window
    whole = {
        "plan": plan.id,
        "system": plan.system,
        "rubric": plan.rubric,
        "asked": {"start": window.start, "end": window.end},
        **_with_dates(placed_data(roadmap)),
        "left": [str(ref) for ref in left],
    }
    return HEADER + dump_yaml(whole)


def _with_dates(data: Any) -> Any:
    """Return the data with dates for texts that are some, so that they stand without quotes."""
    match data:
        case dict():
            return {key: _with_dates(value) for key, value in data.items()}
        case list():
            return [_with_dates(value) for value in data]
        case str() if _DAY.fullmatch(data):
            return date.fromisoformat(data)
    return data


def load_roadmap(path: Path, rubric: Rubric) -> RoadmapOnFile | None:
    """Return the roadmap in the file, None when there is none; one of another rubric is empty.

    Raises:
        RoadmapError: with every fault.
    """
    if not os.path.lexists(path):
        return None
    text = read_text(path, RoadmapError)
    data = checked("roadmap", text, str(path), parse=parse_known_yaml, error=RoadmapError)
    if data["rubric"] != rubric.id:
        return RoadmapOnFile(data["plan"], {}, ())
    if roadmap_faults(data, rubric):
        faults, _ = faults_of(
            "roadmap",
            text,
            str(path),
            parse=parse_yaml,
            sound=lambda document: roadmap_faults(document, rubric),
        )
        message = f'{path} does not fit the rubric "{rubric.id}"'
        raise RoadmapError(message, fix=AGAIN, faults=faults)
    sprints = {sprint["id"]: _milestone(sprint) for sprint in data["sprints"]}
    return RoadmapOnFile(
        plan=data["plan"],
        slots={
            ModeRef(ItemId(given["item"]), ModeId(given["to"])): Slot(
                date.fromisoformat(given["start"]),
                date.fromisoformat(given["end"]),
                sprints[given["sprint"]],
            )
            for given in data["activities"]
        },
        left=tuple(parse_ref(ref) for ref in data.get("left") or ()),
        asked_start=_day(data["asked"]["start"]),
        asked_end=_day(data["asked"]["end"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _milestone(sprint: Mapping[str, Any]) -> Milestone:
    """Return a sprint as trackers know it: by a name that no other roadmap's sprint has."""
    start, end = (date.fromisoformat(sprint[key]) for key in ("start", "end"))
    number = sprint["id"].rpartition("-")[2]
    return Milestone(f"Sprint {number} ({start})", start, end)


def with_dates(
    tickets: Sequence[Ticket], upgrades: Iterable[Upgrade], roadmap: RoadmapOnFile
) -> tuple[Ticket, ...]:
    """Return the tickets with sprint, start and due date where the roadmap places their upgrade.

    An epic lasts from the first start to the last end of its tickets, and belongs to no sprint.
    """
    slots = {str(u.ref): roadmap.slots[u.ref] for u in upgrades if u.ref in roadmap.slots}
    found = {t.uid: slots[_ref(t.uid)] for t in tickets if _ref(t.uid) in slots}
    of_epic: dict[Uid, list[Slot]] = {}
    for ticket in tickets:
        if ticket.epic and ticket.uid in found:
            of_epic.setdefault(ticket.epic, []).append(found[ticket.uid])
    return tuple(_dated(t, found.get(t.uid), of_epic.get(t.uid, ())) for t in tickets)


def _dated(ticket: Ticket, slot: Slot | None, of_epic: Sequence[Slot]) -> Ticket:
    if slot:
        return replace(ticket, milestone=slot.milestone, start=slot.start, due=slot.end)
    if of_epic:
        first, last = min(s.start for s in of_epic), max(s.end for s in of_epic)
        return replace(ticket, start=first, due=last)
    return ticket


def _ref(uid: Uid) -> str:
    """Return the upgrade of a ticket's identity."""
    return "@".join(uid.split(".")[1:])
