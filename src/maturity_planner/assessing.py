"""Changes of an assessment file that keep its comments, its order and everything else.

The text is changed in place, value by value (`yaml_edits`): whatever is not an answer keeps its
every byte.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .core.rubric import NONE
from .documents import Unreadable, parse_yaml
from .errors import AssessmentError
from .files import locked, read_text, write_atomic
from .yaml_edits import TooClever, part_at, put, with_item, without_item

_BROKEN = re.compile("[\ud800-\udfff]")  # what Python makes of bytes that are not UTF-8


@dataclass(frozen=True, slots=True)
class Edit:
    """A new answer for one item; evidence is added to and taken from what is there.

    An answer that has a date of its own gets today's: that is how evidence is renewed. So does one
    that gets evidence where the assessment has no date, or where others have their own. An edit's
    own date wins; its note takes the place of the one that is there.
    Evidence that is to be added and taken away stays.
    """

    item: str
    mode: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    note: str = ""
    date: datetime.date | None = None


def edit_assessment(path: Path, edits: Sequence[Edit], today: datetime.date) -> bool:
    """Write the answers into the file, in one step.

    The assessment's date becomes today's, if there is one and no other answer goes by it: evidence
    that nobody has shown again does not get younger. Else the new answers get today's each.

    Returns whether something changed. Of several at once, each sees what the one before wrote.

    Raises:
        AssessmentError: the file cannot be changed without changing something else.
    """
    with locked(path):
        before = read_text(path, AssessmentError)
        after = edited_text(before, edits, today)
        if after != before:
            write_atomic(path, after)
    return after != before


def edited_text(text: str, edits: Sequence[Edit], today: datetime.date) -> str:
    """Return the text of an assessment with the edits in it.

    Raises:
        AssessmentError: what came out does not say exactly what was meant.
    """
    for told in (told for edit in edits for told in (*edit.add, edit.note)):
        if _BROKEN.search(told):
            raise AssessmentError(
                f"the evidence {told[:60]!a} is not text in UTF-8", fix="Write it again."
            )
    after = text
    try:
        data = parse_yaml(text).data
        edits = _dated(data, edits, today)
        expected = _expected(data, edits, today)
        for edit in edits:
            after = _with_answer(after, edit)
            if edit.date or part_at(after, ("answers", edit.item, "date")):
                day = edit.date or today
                after = put(after, ("answers", edit.item, "date"), day, after="mode")
            if edit.note:
                after = put(after, ("answers", edit.item, "note"), edit.note)
        if expected.get("date") == today.isoformat():
            after = put(after, ("date",), today)
        is_right = parse_yaml(after).data == expected
    except (Unreadable, TooClever):
        is_right = False
    if not is_right:
        raise AssessmentError(
            "the answers cannot be changed in place: an alias or other rare YAML is in the way",
            fix="Write them by hand: " + ", ".join(f"{e.item}: {e.mode}" for e in edits),
        )
    return after


def _is_gone_by(data: Any, edits: Sequence[Edit], today: datetime.date) -> bool:
    """Return whether answers without a date of their own go by another one of the assessment."""
    if not isinstance(data, dict) or data.get("date", today.isoformat()) == today.isoformat():
        return False
    edited = {edit.item for edit in edits}
    answers = data.get("answers")
    return any(
        "date" not in answer if isinstance(answer, dict) else answer not in (None, NONE)
        for item, answer in (answers.items() if isinstance(answers, dict) else ())
        if item not in edited
    )


def _dated(data: Any, edits: Sequence[Edit], today: datetime.date) -> list[Edit]:
    """Return the edits, each with today's date where its answer is to have one of its own.

    That is so where others go by an earlier date of the assessment. Where it has none, evidence
    gets one, because it is worth little without the day that it was shown on; an answer alone
    only where others have theirs: whoever keeps no dates finds none in the file.
    """
    if _is_gone_by(data, edits, today):
        return [replace(edit, date=edit.date or today) for edit in edits]
    if not isinstance(data, dict) or "date" in data:
        return list(edits)
    answers = data.get("answers")
    there = answers.values() if isinstance(answers, dict) else ()
    has_dates = any(isinstance(answer, dict) and answer.get("date") for answer in there)
    return [
        replace(edit, date=edit.date or today)
        if edit.mode != NONE and (edit.add or has_dates)
        else edit
        for edit in edits
    ]


def _expected(data: Any, edits: Sequence[Edit], today: datetime.date) -> dict[str, Any]:
    """Return what the edited file has to say."""
    if not isinstance(data, dict) or not isinstance(data.get("answers"), dict | None):
        raise TooClever
    answers = dict(data.get("answers") or {})
    for edit in edits:
        old = answers.get(edit.item)
        given = dict(old) if isinstance(old, dict) else {}
        present = given.get("evidence")
        kept = [text for text in present or [] if text in edit.add or text not in edit.remove]
        evidence = kept + [text for text in dict.fromkeys(edit.add) if text not in kept]
        if evidence or present is not None:
            given["evidence"] = evidence
        if edit.date or "date" in given:
            given["date"] = (edit.date or today).isoformat()
        if edit.note:
            given["note"] = edit.note
        is_short = not isinstance(old, dict) and not (evidence or edit.date or edit.note)
        answers[edit.item] = edit.mode if is_short else {**given, "mode": edit.mode}
    if "date" in data and not _is_gone_by(data, edits, today):
        data = {**data, "date": today.isoformat()}
    return {**data, "answers": answers}


def _with_answer(text: str, edit: Edit) -> str:
    here = ("answers", edit.item)
    answer = part_at(text, here)
    if answer is None or not answer.is_mapping:
        long: dict[str, Any] = {"mode": edit.mode}
        if edit.add:
            long["evidence"] = list(dict.fromkeys(edit.add))
        is_long = edit.add or edit.date or edit.note
        return put(text, here, long if is_long else edit.mode)
    text = put(text, (*here, "mode"), edit.mode)
    listed = (*here, "evidence")
    present = part_at(text, listed)
    if present is None:
        new = list(dict.fromkeys(edit.add))
        return put(text, listed, new, after="mode") if new else text
    there = {part.value for part in present.parts}
    for evidence in dict.fromkeys(edit.add):
        if evidence not in there:
            text = with_item(text, listed, evidence)
    for evidence in set(edit.remove) - set(edit.add):
        text = without_item(text, listed, evidence)
    return text
