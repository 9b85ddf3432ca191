"""A result of OpenSSF Scorecard as answers to a rubric of its checks.

A check's score counts as the highest mode whose points it reaches. Scorecard says -1 where it
cannot tell: that is no answer.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..core.quantity import POINT, plural
from ..core.rubric import NONE, Item, ItemId, ModeId, Rubric
from ..documents import Unreadable, parse_yaml
from ..errors import Fault, UserError
from ..files import read_text
from .claims import Claim, Claims, Unread
from .reading import see_file
from .words import HIDDEN, hidden_in

RUBRIC = "openssf-scorecard"
PREFIX = "ossf-"
SOURCE = "OpenSSF Scorecard"
INCONCLUSIVE = -1
MOST_CHECKS = 1000
MOST_REASON = 300
_HINT = "Make the result again: scorecard --repo=REPOSITORY --format json"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a result: 0 to 10, or -1 where Scorecard cannot tell."""

    name: str
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """A result: which repository, when, by which version; `score` is Scorecard's own."""

    repository: str
    commit: str
    version: str
    day: date | None
    score: Fraction | None
    checks: tuple[Check, ...]
    hidden: str = ""


def load_result(path: Path) -> Result:
    """Return the result in a file that `scorecard --format json` has written.

    Raises:
        UserError: with every fault of the file.
    """
    see_file(path)
    text = read_text(path)
    doubled: list[str] = []
    try:
        data = json.loads(
            text,
            parse_constant=_refused,
            object_pairs_hook=lambda pairs: _object(pairs, doubled),
        )
    except (ValueError, RecursionError) as problem:
        line, column = getattr(problem, "lineno", 1), getattr(problem, "colno", 1)
        fault = Fault("this is not JSON", _HINT, (), str(path), line, column)
        raise UserError(f"{path} is no result of Scorecard", faults=[fault]) from problem
    found = _doubled(doubled, text, str(path)) if doubled else []
    found += _placed(list(_faults(data)), text, str(path))
    if found:
        raise UserError(f"{path} has {plural(len(found), 'fault')}", faults=found)
    repo, made_by = data.get("repo") or {}, data.get("scorecard") or {}
    score = data.get("score")
    return Result(
        repository=_line(repo.get("name")),
        commit=_line(repo.get("commit")),
        version=_line(made_by.get("version")).removeprefix("v"),
        day=date.fromisoformat(data["date"][:10]) if data.get("date") else None,
        score=None if score is None or score < 0 else Fraction(str(score)),
        checks=tuple(
            Check(check["name"], int(check["score"]), _line(check.get("reason")))
            for check in data["checks"]
        ),
        hidden=_hidden(data),
    )


def claim_checks(result: Result, rubric: Rubric) -> Claims:
    """Return what the result says of the rubric's items; checks without one are left out."""
    claims = []
    unread = []
    if result.day is None:
        unread.append(Unread("date", "the result has none, so its answers have none either"))
    if result.hidden:
        unread.append(Unread(result.hidden, "texts hold characters that nobody sees"))
    for check in result.checks:
        item = rubric.items.get(ItemId(PREFIX + check.name.lower()))
        if item is None:
            unread.append(Unread(check.name, f"{rubric.id} has no item for this check"))
        elif check.score == INCONCLUSIVE:
            why = f": {check.reason}" if check.reason else ""
            unread.append(Unread(check.name, f"inconclusive, so no answer{why}"))
        else:
            mode = reached_mode(item, check.score)
            told = (_evidence(result, check),)
            claims.append(Claim(item.id, mode, told, date=result.day, replaces=f"{SOURCE} "))
    return Claims(tuple(claims), tuple(unread))


def reached_mode(item: Item, score: int) -> ModeId:
    """Return the item's highest mode that gives no more points than the score: rounded down."""
    reached = (mode.id for mode in item.modes.values() if mode.points <= score * POINT)
    return max(reached, key=item.rank, default=NONE)


def _evidence(result: Result, check: Check) -> str:
    version = f"{SOURCE} {result.version}".strip()
    commit = f" at {result.commit[:12]}" if result.commit else ""
    of = f", {result.repository}{commit}" if result.repository else ""
    why = f": {check.reason}" if check.reason else ""
    return f"{version} - {check.name} {check.score} of 10{of}{why}"


# Faults ------------------------------------------------------------------------------------


def _faults(data: Any) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault("this is no result of Scorecard: it holds no mapping", _HINT)
        return
    for key, inner in (("repo", ("name", "commit")), ("scorecard", ("version",))):
        given = data.get(key) or {}
        if not isinstance(given, dict):
            yield Fault(f'"{key}" should be a mapping', _HINT, (key,))
            continue
        for name in inner:
            if not isinstance(given.get(name), str | None):
                yield Fault(f'"{name}" should be a text', _HINT, (key, name))
    if data.get("date") and not _is_day(data["date"]):
        yield Fault('"date" should start with a day, YYYY-MM-DD', _HINT, ("date",))
    if data.get("score") is not None and not _is_number(data["score"]):
        yield Fault('"score" should be a number', _HINT, ("score",))
    checks = data.get("checks")
    if not isinstance(checks, list) or len(checks) > MOST_CHECKS:
        yield Fault(f'"checks" should be a list of at most {MOST_CHECKS}', _HINT, ("checks",))
        return
    yield from _check_faults(checks)


def _check_faults(checks: Sequence[Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, check in enumerate(checks):
        path = ("checks", n)
        if not isinstance(check, dict):
            yield Fault("a check should be a mapping", _HINT, path)
            continue
        name, score = check.get("name"), check.get("score")
        if not isinstance(name, str) or not re.fullmatch(r"[\w. -]{1,100}", name):
            yield Fault('the "name" of a check should be a short text', _HINT, (*path, "name"))
        elif name.lower() in seen:
            yield Fault(f'the check "{name}" stands twice', "Keep one.", (*path, "name"))
        else:
            seen.add(name.lower())
        if not _is_number(score) or score not in range(INCONCLUSIVE, 11):
            message = 'the "score" of a check should be a whole number from -1 to 10'
            yield Fault(message, _HINT, (*path, "score"))
        if not isinstance(check.get("reason"), str | None):
            yield Fault('"reason" should be a text', _HINT, (*path, "reason"))


def _object(pairs: Sequence[tuple[str, Any]], doubled: list[str]) -> dict[str, Any]:
    """Return the mapping, the keys that stand twice in it noted."""
    found = dict(pairs)
    if len(found) < len(pairs):
        doubled += [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    return found


def _doubled(keys: Sequence[str], text: str, name: str) -> list[Fault]:
    """Return the faults of keys that stand twice: two readers might take two different ones."""
    try:
        found = parse_yaml(text, with_marks=True).faults
    except Unreadable:
        found = []
    shown = f'the key "{_line(keys[0])[:60]}" stands twice in one mapping'
    faults = found or [Fault(shown, "Keep one of the two.", line=1, column=1)]
    return [fault._replace(message=_line(fault.message), file=name, path=()) for fault in faults]


def _placed(faults: Sequence[Fault], text: str, name: str) -> list[Fault]:
    """Return the faults with their places: JSON is YAML, too, for whoever looks for places."""
    if not faults:
        return []
    try:
        document = parse_yaml(text, with_marks=True)
    except Unreadable:  # but for a few rare texts
        return [fault._replace(file=name, line=1, column=1) for fault in faults]
    placed = []
    for fault in faults:
        line, column = document.place(fault.path)
        placed.append(fault._replace(file=name, line=line, column=column))
    return placed


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and -(10**6) <= value <= 10**6


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value[:10])) and value[4:5] == value[7:8] == "-"
    except (TypeError, ValueError):
        return False


def _hidden(data: Any) -> str:
    """Return the codes of what nobody sees in the texts that are taken over."""
    repo, made_by = data.get("repo") or {}, data.get("scorecard") or {}
    texts = [repo.get("name"), repo.get("commit"), made_by.get("version")]
    texts += [check.get("reason") for check in data["checks"]]
    signs = {sign for text in texts if text for sign in hidden_in(text)}
    return ", ".join(f"U+{ord(sign):04X}" for sign in sorted(signs)[:5])


def _line(text: Any) -> str:
    """Return a text as one line of bounded length that can stand in our files."""
    seen = HIDDEN.sub("", text or "")
    line = " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", seen).split())
    return line if len(line) <= MOST_REASON else f"{line[: MOST_REASON - 3]}..."
