"""Which recorded score follows which: by time and, where branches were merged, by branch.

A line says what changed since the lines that it was made after, and names those. Where it does not
(it was written by hand or by an earlier version, or what it names is gone), the one before it in
time stands for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ..errors import Fault
from .record import MERGED, Facts, Record, follow
from .rubric import NONE

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class History:
    """The recorded scores, oldest first, and what is wrong with lines that are left out."""

    records: tuple[Record, ...] = ()
    left_out: tuple[Fault, ...] = ()

    @property
    def last(self) -> Record | None:
        """The latest record."""
        return self.records[-1] if self.records else None

    @property
    def known(self) -> Facts | None:
        """What the last record says, on its branch; None when no line holds any answers."""
        return _facts_at(self.last)

    @property
    def heads(self) -> tuple[Record, ...]:
        """The records that none was made after: one, unless branches were merged since."""
        followed = {parent.id for record in self.records for parent in record.parents}
        return tuple({r.id: r for r in self.records if r.id not in followed}.values())

    @property
    def facts(self) -> Facts | None:
        """What holds after all of the changes, those of merged branches by time."""
        heads = self.heads
        return self.known if len(heads) < 2 else _union(self.records, heads)

    @property
    def trunk(self) -> tuple[Record, ...]:
        """The records that led to the last one, without those of merged branches."""
        steps: list[Record] = []
        step = self.last
        while step:
            steps.append(step)
            step = step.parents[0] if step.parents else None
        return tuple(reversed(steps))

    def past_of(self, rubric: str, beside: Collection[str]) -> History:
        """Return the history without the records of the rubrics that stand beside this one."""
        kept = tuple(r for r in self.records if r.is_past_of(rubric, beside))
        return History(kept, self.left_out)

    def earlier(self) -> tuple[Record | None, ...]:
        """Return for each record the one before it that it is to be compared with."""
        return tuple(record.before for record in self.records)


def in_order(stated: Sequence[Record]) -> tuple[Record, ...]:
    """Return the records of a file by time, each with what it was made after and all its facts."""
    placed: list[Record] = []
    known: dict[str, Record] = {}
    for n in sorted(range(len(stated)), key=lambda n: stated[n].when):
        record = _joined(stated, n, placed, known)
        placed.append(record)
        known[record.id] = record
    return tuple(placed)


def _joined(
    stated: Sequence[Record], number: int, placed: Sequence[Record], known: dict[str, Record]
) -> Record:
    """Return the record with its past; its cause says so where that is not the line before."""
    record = stated[number]
    latest = _latest(record, reversed(placed))
    parents = tuple(known[one] for one in record.after or () if one in known)
    is_told = bool(parents) or record.after == ()
    if not is_told and latest:
        parents = (latest,)
    first = parents[0] if parents else None
    base = _facts_at(first)
    on_file = None if is_told else _latest(record, (stated[n] for n in range(number - 1, -1, -1)))
    is_sure = is_told or not record.facts  # what says nothing of answers follows from any line
    is_doubtful = not is_sure and not (_is_line(on_file, latest) and _fits(record, base))
    is_merged = is_doubtful or not _is_line(first, latest)
    return replace(
        record,
        cause=f"{MERGED}; on one of them: {record.cause}" if is_merged else record.cause,
        facts=record.facts and replace(record.facts, modes=follow(base, record.answers)),
        parents=parents,
        before=None if is_doubtful else first,
    )


def _latest(record: Record, back: Iterable[Record]) -> Record | None:
    rubric = record.facts.rubric.id if record.facts else ""
    return next((one for one in back if one.is_past_of(rubric, record.beside)), None)


def _is_line(one: Record | None, other: Record | None) -> bool:
    return (one and one.id) == (other and other.id)


def _fits(record: Record, before: Facts | None) -> bool:
    """Return whether the changes start from what was there."""
    if before is None:
        return True
    return all(before.modes.get(item, NONE) == old for item, (old, _) in record.answers.items())


def _facts_at(record: Record | None) -> Facts | None:
    while record and not record.facts:  # earlier versions wrote none
        record = record.parents[0] if record.parents else None
    return record.facts if record else None


def _union(records: Sequence[Record], heads: Sequence[Record]) -> Facts | None:
    """Return what all changes since the branches parted lead to, the later one of two winning."""
    behind = [_ancestors(head) for head in heads]
    shared, every = set.intersection(*behind), set.union(*behind)
    fork = _facts_at(next((r for r in reversed(records) if r.id in shared), None))
    modes = dict(fork.modes) if fork else {}
    waivers = dict(fork.waivers) if fork else {}
    latest = fork
    for record in records:
        if record.facts and record.id in every - shared:
            latest = record.facts
            past = [facts for facts in map(_facts_at, record.parents) if facts]
            _decide(modes, latest.modes, [facts.modes for facts in past])
            _decide(waivers, latest.waivers, [facts.waivers for facts in past])
    return latest and replace(latest, modes=modes, waivers=waivers)


def _ancestors(head: Record) -> set[str]:
    """Return the ids of the record and of all that it was made after."""
    found = {head.id}
    left = [head]
    while left:
        new = [parent for parent in left.pop().parents if parent.id not in found]
        found.update(parent.id for parent in new)
        left += new
    return found


def _decide(
    state: dict[str, Value], now: Mapping[str, Value], past: Sequence[Mapping[str, Value]]
) -> None:
    """Put into the state what is another now than in any of the states it was made after."""
    for item in dict.fromkeys(item for one in (now, *past) for item in one):
        if not past or any(one.get(item) != now.get(item) for one in past):
            state.pop(item, None)
            if item in now:
                state[item] = now[item]
