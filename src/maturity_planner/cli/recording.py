"""What is told of recording a score, and of lines of a history that nobody can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import output

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from ..core.assessment import Assessment
    from ..core.rubric import Rubric
    from ..core.score import Score
    from ..errors import Fault
    from .context import Context


def record(
    context: Context, rubric: Rubric, assessment: Assessment, score: Score, **cause: Any
) -> bool:
    """Append the score to the history, tell what is odd about that, and return whether it is new.

    Raises:
        UserError: the history cannot be written.
    """
    from ..history import record_score

    project = context.project
    told = record_score(project, rubric, assessment, score, context.now, **cause)
    note_left_out(project.history, told.left_out)
    if told.after:
        output.note(
            f"The last line of {project.history.name} is of {_time(told.after)}, ahead of the "
            f"clock's {_time(context.now)}: the new one has that time, too. Check the clock, or "
            "correct the `when` of that line."
        )
    return told.is_new


def note_left_out(path: Path, left_out: Sequence[Fault]) -> None:
    """Say how many lines of a history are left out, if any are."""
    if left_out:
        are = "is" if len(left_out) == 1 else "are"
        lines = output.plural(len(left_out), "line")
        output.note(
            f"{lines} of {path.name} {are} left out: `maturity-planner validate {path.name}` "
            "says why."
        )


def note_unread(path: Path) -> None:
    """Say how many lines of the history in the file are left out, if any are."""
    from ..history import read_history

    note_left_out(path, read_history(path).left_out)


def _time(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
