"""Is each line of a history a recorded score? Its faults, in words for people."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from .errors import Fault
from .shape_checking import described, first_of


def history_faults(text: str, name: str) -> list[Fault]:
    """Return the faults of a history of scores, which holds one JSON object a line."""
    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = recorded_faults(json.loads(line))
        except (ValueError, RecursionError):
            found = [no_line(line)]
        faults += [fault._replace(file=name, line=number, column=1) for fault in found]
    return first_of(faults, name)


def no_line(line: str) -> Fault:
    """Return the fault of a line of a history that is not JSON."""
    if re.match(r"(<{7}|\|{7}|={7}|>{7})(\s|$)", line):
        return Fault(
            "this file has a merge conflict",
            "Keep the lines of both sides, and remove the one that marks the conflict.",
        )
    return Fault("this line is not JSON", "Remove the line: a crash may have cut it short.")


def recorded_faults(data: Any) -> list[Fault]:
    """Return every fault of one recorded score; keys of later versions are none."""
    if not isinstance(data, dict):
        return [Fault("this line holds no JSON object", "Remove the line.")]
    sections = data.get("sections")
    expected = {
        "when": ("a time, YYYY-MM-DDTHH:MM:SSZ", _is_time(data.get("when"))),
        "score": ("a number", _is_number(data.get("score"))),
        "sections": (
            "a mapping of numbers",
            isinstance(sections, dict) and all(map(_is_number, sections.values())),
        ),
        "cause": ("a text", isinstance(data.get("cause"), str)),
    }
    if any(key in data for key in ("system", "rubric", "answers", "waivers")):
        expected |= _expected_facts(data)  # earlier versions wrote none of them
    for key in ("beside", "after"):
        if key in data:
            expected[key] = ("a list of texts", _is_texts(data[key]))
    faults = []
    for key, (kind, is_right) in expected.items():
        if key not in data:
            faults.append(Fault(f'the key "{key}" is missing', "Remove the line."))
        elif not is_right:
            faults.append(Fault(f'"{key}" should be {kind}, not {described(data[key])}'))
    return faults


def _expected_facts(data: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    rubric, answers, waivers = (data.get(key) for key in ("rubric", "answers", "waivers"))
    return {
        "system": ("a text", isinstance(data.get("system"), str)),
        "rubric": (
            "a mapping of id, version and digest to texts",
            isinstance(rubric, dict)
            and rubric.keys() == {"id", "version", "digest"}
            and all(isinstance(value, str) for value in rubric.values()),
        ),
        "answers": (
            "a mapping of items to [mode before, mode now]",
            isinstance(answers, dict) and all(map(_is_change, answers.values())),
        ),
        "waivers": (
            "a mapping of items to dates",
            isinstance(waivers, dict) and all(map(_is_date, waivers.values())),
        ),
    }


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_change(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and all(isinstance(mode, str | None) for mode in value)


def _is_date(value: Any) -> bool:
    try:
        return bool(datetime.date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_time(value: Any) -> bool:
    try:
        return bool(datetime.datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False
