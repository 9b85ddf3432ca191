"""What is odd about the records of SAMM together: what stands twice, and what is missing.

All of it is loaded as it stands; where that changes a score, the message says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .findings import Findings
from .reading import Node
from .samm_records import LEVELS, Activity, Model
from .words import one_line


def check_model(model: Model, findings: Findings) -> None:
    """Tell what stands twice, what is missing, and what that does to a score."""
    _tell_twice(model.functions.values(), ("name",), findings)
    _tell_twice((one.node for one in model.practices.values()), ("name",), findings)
    _tell_twice(model.streams.values(), ("letter", "practice"), findings)
    _tell_twice(model.practice_levels.values(), ("maturityLevel", "practice"), findings)
    by_practice: dict[str, list[Activity]] = defaultdict(list)
    for one in model.activities.values():
        by_practice[one.practice].append(one)
    for practice, own in by_practice.items():
        _tell_same_place(own, findings)
        _tell_empty_levels(practice, own, model, findings)
        _tell_gaps(practice, own, model, findings)


def _plain(node: Node, key: str) -> str:
    found = node.get(key)
    return one_line(found.value) if found and isinstance(found.value, str) else ""


def _tell_twice(nodes: Iterable[Node], keys: tuple[str, ...], findings: Findings) -> None:
    """Tell the first of the fields where another record has all of them alike."""
    seen: dict[tuple[str, ...], Node] = {}
    for node in nodes:
        own = tuple(_plain(node, key).casefold() for key in keys)
        if not all(own):
            continue
        if other := seen.get(own):
            message = f'"{keys[0]}" is that of {other.source.name}: {_plain(node, keys[0])[:60]}'
            findings.fault(node.get(keys[0]) or node, message, "Both are loaded; change one.")
        seen.setdefault(own, node)


def _tell_same_place(own: Sequence[Activity], findings: Findings) -> None:
    seen: dict[tuple[str, int], Activity] = {}
    for one in own:
        if other := seen.get((one.stream, one.level)):
            message = f"{other.node.source.name} has the same stream and level"
            findings.fault(one.node, message, "Both are loaded; a stream has one for each level.")
        seen.setdefault((one.stream, one.level), one)


def _tell_empty_levels(
    practice: str, own: Sequence[Activity], model: Model, findings: Findings
) -> None:
    """Tell levels at which the model has activities, and this practice none."""
    reached = {one.level for one in own}
    levels = {one.level for one in model.activities.values() if one.level <= LEVELS}
    for level in sorted(levels - reached):
        title = model.practices[practice].title.name
        message = f'practice "{title}" has no activity at level {level}'
        fix = f"Its highest score is {len(reached)}. Look whether files are missing or empty."
        findings.fault(model.practices[practice].node, message, fix)


def _tell_gaps(practice: str, own: Sequence[Activity], model: Model, findings: Findings) -> None:
    """Tell streams that have no activity at a level where others of their practice have one."""
    levels = sorted({one.level for one in own})
    taken = {(one.stream, one.level) for one in own}
    fix = "Its files are missing, empty or left out: without them, scores are not those of SAMM."
    for key, node in model.streams.items():
        if _plain(node, "practice") != practice:
            continue
        missing = [str(level) for level in levels if (key, level) not in taken]
        if missing:
            at = " and ".join(missing)
            name = _plain(node, "name")[:60] or _plain(node, "letter")[:60]
            message = f'stream "{name}" has no activity at level {at}'
            effect = "the rest of its practice counts in full there"
            findings.fault(node, f"{message}, so {effect}", fix)
