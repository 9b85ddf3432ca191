"""A roadmap for spreadsheets and Microsoft Project: CSV, a row an upgrade.

The columns carry the names that Microsoft Project gives its own fields, so that its import finds
them. `Predecessors` are numbers of rows (`ID`); `Resource Names` are roles, with the share of one
person in per cent where it is not one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from ..core.activities import Activity
from ..core.quantity import plural
from ..core.roadmap import Placed
from . import Subject, one_line

HEADS = (
    *("ID", "Name", "Start", "Finish", "Duration", "Predecessors", "Resource Names"),
    *("Upgrade", "Section", "Sprint"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With the full-width forms, which some spreadsheets take for the same signs."""


def project_sheet(subject: Subject) -> str:
    """Return the roadmap in rubric order; lines end as RFC 4180 says."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    activities = subject.roadmap.activities
    for number, placed in enumerate(activities, start=1):
        upgrade = placed.activity.upgrade
        row = [
            str(number),
            subject.title(placed),
            placed.start.isoformat(),
            placed.end.isoformat(),
            plural(placed.activity.days, "day"),
            ",".join(str(before + 1) for before in _before(placed, activities)),
            _people(placed.activity),
            str(upgrade.ref),
            one_line(subject.rubric.section_titles[upgrade.item.section]),
            placed.sprint.rpartition("-")[2],
        ]
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue()


def _before(placed: Placed, activities: Sequence[Placed]) -> list[int]:
    """Return what an activity waits for; of several that would do, the one that is done first."""
    firsts = (min(need, key=lambda n: (activities[n].end_day, n)) for need in placed.activity.after)
    return sorted(set(firsts))


def _people(activity: Activity) -> str:
    people = activity.people.items()
    names = [role if count == 1 else f"{role}[{count * 100}%]" for role, count in people]
    return ",".join(names) or "anybody"


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("a=b")
    ("'=1+1", 'a=b')
    """
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
