"""What `doctor` looks at: settings, files (`file_findings.py`) and the tracker. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..config import PYPROJECT, SETTINGS, find_project
from ..core.finding import Finding, Grade
from ..errors import MaturityError, TrackerError, UserError
from .file_findings import Choice, file_findings, placed, trouble
from .output import short

if TYPE_CHECKING:
    from ..origins import Setting
    from ..trackers.base import Tracker
    from .context import Context


class About(StrEnum):
    """What a finding is about; it decides the exit code of a fault."""

    SETTINGS = "settings"
    FILES = "files"
    TRACKER = "tracker"


@dataclass(frozen=True, slots=True)
class Point:
    """A finding, and what it is about."""

    about: About
    finding: Finding


def examine(context: Context, choice: Choice) -> Iterator[Point]:
    """Yield what stands how: settings, files, tracker. Settings with faults hide the rest."""
    is_sound = True
    for finding in _settings(context):
        is_sound = is_sound and finding.grade is not Grade.FAULT
        yield Point(About.SETTINGS, finding)
    if not is_sound:
        return
    tracker = None
    refusal: MaturityError | None = None
    try:
        tracker = _open(context)
    except UserError as error:
        yield Point(About.SETTINGS, trouble("tracker", error))
    except TrackerError as error:
        refusal = error
    for finding in file_findings(context, choice):
        yield Point(About.FILES, finding)
    if refusal:
        yield Point(About.TRACKER, trouble("tracker", refusal))
    for finding in _answers(context, tracker) if tracker else ():
        yield Point(About.TRACKER, finding)


def _open(context: Context) -> Tracker:
    from ..permits import permitted_tracker
    from .permitting import ask_permits

    ask_permits(context)
    return permitted_tracker(context.project, "")  # the name matters only to what is written


def _answers(context: Context, tracker: Tracker) -> Iterator[Finding]:
    """Yield what the tracker finds; one that cannot go on is a finding of its own."""
    from .syncing import asking

    name = f"{tracker.kind} {tracker.target}"
    with asking(context, tracker, f"Asking {name}") as line:
        try:
            for finding in tracker.examine():
                with line.aside():  # it may be printed at once
                    yield finding
        except MaturityError as error:
            line.close()
            yield trouble(name, error)


def _settings(context: Context) -> Iterator[Finding]:
    """Yield how the settings stand; every fault of theirs, or one line when they are sound."""
    try:
        project = context.project
    except UserError as error:
        for fault in error.faults:
            yield Finding("settings", Grade.FAULT, placed(fault), fault.fix)
        if not error.faults:
            yield Finding("settings", Grade.FAULT, error.message, error.fix)
        return
    if project.source is None:
        none = f"there is no {SETTINGS} here or above: defaults are in force"
        yield Finding("settings", Grade.WARNING, none, "Write one: maturity-planner init")
        return
    yield Finding("settings", Grade.OK, f"{short(project.source)} is sound")
    if passed_over := _passed_over(context):
        fix = "Keep the settings in one of the two."
        yield Finding("settings", Grade.WARNING, passed_over, fix)


def _passed_over(context: Context) -> str:
    """Return that there is a second place with settings which do not count."""
    project = context.project
    if context.config or project.source is None or project.source.name != SETTINGS:
        return ""
    try:
        other = find_project(project.root, project.root / PYPROJECT)
    except UserError:
        return ""  # not there, or not ours to judge
    return f"{PYPROJECT} has settings, too; {SETTINGS} is read alone" if other.data else ""


def report_data(settings: Iterable[Setting], points: Iterable[Point]) -> dict[str, Any]:
    """Return all of it as plain data (`doctor`)."""
    return {
        "settings": [
            {"name": s.name, "value": _plain(s.value), "origin": s.origin.value, "where": s.where}
            for s in settings
        ],
        "findings": [{"about": point.about.value, **asdict(point.finding)} for point in points],
    }


def _plain(value: Any) -> Any:
    """Return a value of a setting for JSON, where numbers are plain and dates are texts."""
    from ..core.quantity import plain

    match value:
        case list():
            return [str(element) for element in value]
        case int() | Decimal():
            return plain(value)
    return value
