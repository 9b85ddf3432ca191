"""`history.jsonl`: one line a recorded score, only ever appended to."""

from __future__ import annotations

import datetime
import fcntl
import json
import os
from typing import Any

from .config import Project
from .core.quantity import plain
from .core.score import Score
from .errors import UserError


def record_score(project: Project, score: Score, cause: str, now: datetime.datetime) -> bool:
    """Append the score unless the last line already holds the same; return whether it was added.

    A line is written in one call under a lock, so two writers cannot mix their lines; a last
    line that a crash cut short is closed first, so that it cannot swallow ours.

    Raises:
        UserError: the file cannot be written.
    """
    line = {
        "when": now.isoformat().replace("+00:00", "Z"),
        "score": plain(score.score),
        "sections": {part.section.id: plain(part.score) for part in score.sections},
        "cause": cause,
    }
    path = project.inside(project.history, "the history")
    try:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            before = file.read()
            if _is_same(_last(before), line):
                return False
            text = json.dumps(line, ensure_ascii=False) + "\n"
            gap = b"\n" if before and not before.endswith(b"\n") else b""
            file.write(gap + text.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise UserError(
            f"{path} cannot be written: {problem.strerror}",
            fix="Check the name, the folder's permissions and the free space.",
        ) from problem
    return True


def _last(raw: bytes) -> Any:
    for line in reversed(raw.splitlines()):
        try:
            return json.loads(line)
        except (ValueError, RecursionError):  # a line that a crash cut short, or none of ours
            continue
    return None


def _is_same(last: Any, line: dict[str, Any]) -> bool:
    same = ("score", "sections", "cause")
    return isinstance(last, dict) and all(last.get(key) == line[key] for key in same)
