"""What a team shows for its activities, as the application of DSOMM stores it: lines with links.

What has another form than the application writes is told and left out, never read as something.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from .findings import Findings
from .reading import Node
from .words import MOST_PART, fit_text, one_line

_FIELDS = (
    *("id", "teams", "title", "evidenceRecorded", "description", "reviewer", "attachment"),
    *("activityUuid", "progress"),
)
_LINK = ("type", "externalLink")


def read_day(node: Node, findings: Findings) -> datetime.date | None:
    """Return the date; a time of the day behind it is left aside."""
    if isinstance(node.value, str):
        try:
            return datetime.date.fromisoformat(node.value.strip()[:10])
        except ValueError:
            pass
    findings.fault(node, "this is not a date that exists; it is left out", "Write YYYY-MM-DD.")
    return None


def teams_of(entry: Node) -> list[str]:
    """Return the teams that an entry names."""
    given = entry.get("teams")
    if given is None:
        return []
    values = [given.value, *(one.value for one in given.entries())]
    return [value for value in values if isinstance(value, str)]


def entries_of(entries: Node, team: str, findings: Findings) -> Iterator[Node]:
    """Yield the entries of an activity that are of the team, or name none and are of everybody."""
    if entries.value is not None and not isinstance(entries.value, list):
        message = f"the evidence of an activity should be a list, not {entries.kind}; left out"
        findings.fault(entries, message, "Write each piece as `- title: TITLE`.")
    for entry in entries.entries():
        if not isinstance(entry.value, dict):
            message = f"a piece of evidence should be a mapping, not {entry.kind}; left out"
            findings.fault(entry, message, "Write it as `- title: TITLE`.")
        elif _has_teams(entry, findings) and team in (teams_of(entry) or [team]):
            findings.slips(entry, _FIELDS)
            yield entry


def _has_teams(entry: Node, findings: Findings) -> bool:
    """Return whether it can be told whose an entry is."""
    given = entry.get("teams")
    if given is None or isinstance(given.value, str):
        return True
    if isinstance(given.value, list) and all(isinstance(one, str) for one in given.value):
        return True
    message = '"teams" should be a list of names; this piece of evidence is left out'
    findings.fault(given, message, "Write it as `teams: [NAME]`.")
    return False


def read_evidence(entry: Node, findings: Findings) -> tuple[list[str], datetime.date | None]:
    """Return a line for each link of the entry, or one without a link, and its date."""
    recorded = entry.get("evidenceRecorded")
    day = read_day(recorded, findings) if recorded else None
    title = findings.line(entry, "title") or findings.line(entry, "description") or "Evidence"
    text = f"{title} ({day})" if day else title
    return [f"{text}: {link}" for link in _links(entry, findings)] or [text], day


def _links(entry: Node, findings: Findings) -> Iterator[str]:
    given = entry.get("attachment")
    if given is None:
        return
    fix = "Write each one as `- {type: document, externalLink: LINK}`."
    if not isinstance(given.value, list):
        message = f'"attachment" should be a list, not {given.kind}; it is left out'
        findings.fault(given, message, fix)
    for one in given.entries():
        if not isinstance(one.value, dict):
            message = f"an attachment should be a mapping, not {one.kind}; it is left out"
            findings.fault(one, message, fix)
            continue
        findings.slips(one, _LINK)
        if "externalLink" not in one.value:
            findings.fault(one, 'an attachment has no "externalLink"; it is left out', fix)
        elif link := findings.text(one, "externalLink"):
            yield findings.cut(one, '"externalLink"', fit_text(one_line(link)), MOST_PART)
