"""Warnings about the text of a rubric or an assessment: where each stands, which are ignored."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from .core.rubric import build_rubric
from .core.rubric_warnings import WarningCode, unknown_rubrics, warnings_of
from .documents import Document, parse_yaml
from .errors import Fault

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_IGNORED = re.compile(r"#\s*ignore:\s*([a-z-]+(?:\s*,\s*[a-z-]+)*)")


def rubric_warnings(text: str, path: Path, known: Collection[str] = ()) -> list[Fault]:
    """Return the warnings about a rubric without faults, in the order of its lines.

    Links to rubrics are looked up among the `known` ones, if there are any. A comment
    `# ignore: CODE, CODE` silences the warnings of these codes on its line.
    """
    document = parse_yaml(text, with_marks=True)
    rubric = build_rubric(document.data)
    strangers = unknown_rubrics(rubric, known) if known else ()
    warnings = [*_misnamed(path, rubric.id), *warnings_of(rubric), *strangers]
    return _told(warnings, document, text, path)


def _told(warnings: Iterable[Fault], document: Document, text: str, path: Path) -> list[Fault]:
    """Return those that no comment silences, each with its place."""
    lines = _BREAK.split(text)
    found = []
    for warning in warnings:
        line, column = document.place(warning.path)
        ignored = _IGNORED.search(lines[line - 1])
        if not ignored or warning.code not in re.split(r"\s*,\s*", ignored[1]):
            found.append(warning._replace(file=str(path), line=line, column=column))
    return sorted(found, key=lambda warning: (warning.line, warning.column))


def assessment_warnings(text: str, path: Path, today: datetime.date) -> list[Fault]:
    """Return the warnings about an assessment without faults: evidence of days to come."""
    document = parse_yaml(text, with_marks=True)
    answers = document.data.get("answers") or {}
    places: list[tuple[str, ...]] = [("date",), *(("answers", item, "date") for item in answers)]
    dates = [document.data.get("date")]
    dates += [one.get("date") if isinstance(one, dict) else None for one in answers.values()]
    warnings = [
        Fault(
            f"this is dated after today, {today}",
            "Give it the day on which it was shown.",
            place,
            code="future-date",
        )
        for place, day in zip(places, dates, strict=True)
        if day is not None and datetime.date.fromisoformat(str(day)) > today
    ]
    return _told(warnings, document, text, path)


def _misnamed(path: Path, rubric: str) -> list[Fault]:
    """Return the warning that a rubric of a project is known by another name than its own."""
    if path.absolute().parent.name != "rubrics" or path.stem == rubric:
        return []
    message = f'the rubric "{rubric}" is known as "{path.stem}", after its file'
    fix = "Give the file the name of the id, or the id that of the file."
    return [Fault(message, fix, ("id",), code=WarningCode.FILE_NAME.value)]
