"""`history.jsonl`: one line a recorded score, only ever appended to.

A line holds the answers that changed since the line before it, not all of them: what it says is
what a person reviews. It names the line before it, so that branches can be told apart where all of
their lines were kept. Lines are read one by one, so one that a crash cut short costs itself alone;
what it would have said is in the next line, which is made from those that can be read.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import stat
from codecs import BOM_UTF8
from collections.abc import Set
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from .config import Project
from .core.assessment import Assessment
from .core.lineage import History, in_order
from .core.quantity import plain
from .core.record import Facts, Record, RubricMark, follow, make_record
from .core.rubric import Rubric
from .core.score import Score
from .documents import MOST_BYTES
from .errors import Fault, UserError
from .files import not_written
from .record_checking import no_line, recorded_faults


class Outcome(NamedTuple):
    """What came of recording a score.

    `after` is the time of the last line where that lies ahead of the clock: the new line has it.
    """

    is_new: bool
    left_out: tuple[Fault, ...] = ()
    after: datetime.datetime | None = None


def read_history(path: Path) -> History:
    """Return the history in the file; an empty one where there is none.

    Raises:
        UserError: the file cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError(f"{path} is no file", fix="Name a file with one JSON object a line.")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return History()
    except OSError as problem:
        raise UserError(
            f"{path} cannot be read: {problem.strerror}", fix="Check that it is a readable file."
        ) from problem
    return parse_history(raw, str(path))


def parse_history(raw: bytes, name: str) -> History:
    """Return the history that the bytes hold; lines that are none of ours are left out.

    Raises:
        UserError: the history is too large.
    """
    if len(raw) > MOST_BYTES:
        raise UserError(
            f"{name} is larger than {MOST_BYTES // 1_000_000} MB",
            fix="Move its oldest lines into another file.",
        )
    records: list[Record] = []
    left_out: list[Fault] = []
    for number, line in enumerate(raw.removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line.decode("utf-8"))
            faults = recorded_faults(data)
        except (ValueError, RecursionError):
            faults = [no_line(line.decode("utf-8", "replace"))]
        if faults:
            left_out.append(faults[0]._replace(file=name, line=number, column=1))
            continue
        records.append(_record(data, _id_of(line)))
    return History(in_order(records), tuple(left_out))


def _id_of(line: bytes) -> str:
    return hashlib.sha256(line.strip()).hexdigest()[:12]


def _record(data: dict[str, Any], name: str) -> Record:
    """Return what the line itself says; modes that did not change are not among its facts yet."""
    answers = {item: (old, new) for item, (old, new) in data.get("answers", {}).items()}
    when = datetime.datetime.fromisoformat(data["when"])
    return Record(
        when=when if when.tzinfo else when.replace(tzinfo=datetime.UTC),
        score=_number(data["score"]),
        sections={section: _number(score) for section, score in data["sections"].items()},
        cause=data["cause"],
        answers=answers,
        facts=Facts(
            data["system"],
            RubricMark(**data["rubric"]),
            follow(None, answers),
            {i: datetime.date.fromisoformat(until) for i, until in data["waivers"].items()},
        )
        if "rubric" in data
        else None,
        beside=tuple(data.get("beside", ())),
        after=tuple(data["after"]) if "after" in data else None,
        id=name,
    )


def _number(value: float) -> Fraction:
    return Fraction(str(value))  # the digits in the file, not the nearest binary number


def line_of(record: Record) -> dict[str, Any]:
    """Return the record as a line of the file."""
    line: dict[str, Any] = {
        "when": record.when.isoformat().replace("+00:00", "Z"),
        "score": plain(record.score),
        "sections": {section: plain(score) for section, score in record.sections.items()},
        "cause": record.cause,
    }
    if facts := record.facts:
        mark = facts.rubric
        line |= {
            "system": facts.system,
            "rubric": {"id": mark.id, "version": mark.version, "digest": mark.digest},
            "answers": {item: list(change) for item, change in record.answers.items()},
            "waivers": {item: until.isoformat() for item, until in facts.waivers.items()},
        }
        if record.beside:
            line["beside"] = list(record.beside)
        if record.after is not None:
            line["after"] = list(record.after)
    return line


def see_writable(project: Project) -> None:
    """See that a score can be recorded, before that is done which it tells of.

    Raises:
        UserError: the file cannot be written, or is too large to be read again.
    """
    path = _place(project)
    try:
        with _opened(path) as file:
            parse_history(file.read(MOST_BYTES + 1), str(path))
    except OSError as problem:
        raise not_written(path, problem) from problem


def record_score(
    project: Project,
    rubric: Rubric,
    assessment: Assessment,
    score: Score,
    now: datetime.datetime,
    *,
    accepted: str = "",
    by_accepted: Set[str] = frozenset(),
    before: tuple[Assessment, Score] | None = None,
) -> Outcome:
    """Append the score unless nothing has changed since the last line.

    Where no line holds answers yet, the state `before` comes first, so that what changed is told.
    Lines are made and written under a lock, so two writers cannot mix theirs, and the second one
    sees what the first one wrote. A last line that a crash cut short is closed first, so that it
    cannot swallow ours.

    Raises:
        UserError: the file cannot be written.
    """
    path = _place(project)
    try:
        with _opened(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            there = file.read(MOST_BYTES + 1)
            past = parse_history(there, str(path)).past_of(rubric.id, assessment.beside)
            new = b"" if there.endswith(b"\n") or not there else b"\n"
            last = past.last
            if before and past.known is None:
                first = make_record(rubric, *before, past, now)
                new += _as_bytes(first) if first else b""
                past = parse_history(there + new, str(path)).past_of(rubric.id, assessment.beside)
            record = make_record(
                rubric, assessment, score, past, now, accepted=accepted, by_accepted=by_accepted
            )
            if record:
                _append(file.fileno(), new + _as_bytes(record), len(there))
    except OSError as problem:
        raise not_written(path, problem) from problem
    is_ahead = record is not None and last is not None and last.when > now
    return Outcome(record is not None, past.left_out, last.when if last and is_ahead else None)


def _as_bytes(record: Record) -> bytes:
    # A character that is no text (half of a pair) is written as the escape JSON has for it.
    text = json.dumps(line_of(record), ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _place(project: Project) -> Path:
    return Path(os.path.realpath(project.inside(project.history, "the history")))


def _opened(path: Path) -> BinaryIO:
    """Open the file to read and to append; never through a link, and not what is no file."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    file = os.fdopen(os.open(path, flags, 0o666), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UserError(f"{path} is no file", fix="Move it away, then run this again.")
    return file


def _append(descriptor: int, line: bytes, size: int) -> None:
    """Write the line and see it on the disk; where that fails, no half of it stays."""
    try:
        while line:
            line = line[os.write(descriptor, line) :]
        os.fsync(descriptor)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise
