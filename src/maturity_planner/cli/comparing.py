"""`score --compare`: the score now against an earlier one, and what moved it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import output, recording

if TYPE_CHECKING:
    from ..core.assessment import Assessment
    from ..core.comparison import Comparison, ItemMove
    from ..core.record import Facts
    from ..core.rubric import Rubric
    from ..core.score import Score
    from .context import Context

HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier score: the last line of a history, or what another assessment scores.

    `is_merged` where that line stands on one of several branches: the score is that of all.
    """

    name: str
    when: str | None
    score: Fraction
    sections: Mapping[str, Fraction]
    facts: Facts | None
    is_merged: bool = False

    def against(self, rubric: Rubric, assessment: Assessment, score: Score) -> Comparison:
        """Return what has changed until now."""
        from ..core.comparison import compare
        from ..core.record import facts_of

        now = facts_of(rubric, assessment)
        return compare(rubric, score, now, self.score, self.sections, self.facts)


def find_earlier(
    context: Context, name: str, rubric: str | None, model: Rubric, now: Assessment
) -> Earlier:
    """Return the score to compare with: an assessment's, or the last of a history.

    Of the other rubrics of the assessment nothing is compared.

    Raises:
        UsageError: no file is named.
        UserError: the file cannot be used, nothing is recorded in it, or it is of another rubric.
    """
    if not name:
        from ..errors import UsageError

        fix = 'Name an assessment or a .jsonl file, or "history" for that of the project.'
        raise UsageError("--compare names no file", fix=fix)
    found = _found(context, name, rubric, model, now)
    made_for = found.facts.rubric.id if found.facts else model.id
    if made_for != model.id:
        from ..errors import UserError

        raise UserError(
            f'{found.name} is of the rubric "{made_for}", this score of "{model.id}": their scores '
            "do not compare",
            fix=f"Name one of the same rubric, or score against that one: --rubric {made_for}",
        )
    return found


def _found(
    context: Context, name: str, rubric: str | None, model: Rubric, now: Assessment
) -> Earlier:
    if name == HISTORY:
        return _last_of(context.project.history, model, now)
    path = Path(name)
    if not os.path.lexists(path):
        from ..errors import UserError

        raise UserError(f"{name} does not exist", fix="Check the name.")
    if path.suffix == ".jsonl":
        return _last_of(path, model, now)
    return _score_of(context, path, rubric)


def _last_of(path: Path, model: Rubric, now: Assessment) -> Earlier:
    from ..core.record import as_recorded, rubric_mark
    from ..errors import UserError
    from ..history import read_history

    history = read_history(path).past_of(model.id, now.beside)
    recording.note_left_out(path, history.left_out)
    if (last := history.last) is None:
        fix = "Record today's: maturity-planner score --record"
        raise UserError(f"no score is recorded in {path.name}", fix=fix)
    when = last.when.isoformat().replace("+00:00", "Z")
    facts = history.facts if last.facts else None
    if facts and facts.rubric == rubric_mark(model):
        # Of merged branches the line tells one alone: what follows from both counts.
        score, sections = _standing(model, facts)
        stated = {section: as_recorded(value) for section, value in sections.items()}
        if (as_recorded(score), stated, facts) != (last.score, last.sections, last.facts):
            return Earlier(path.name, when, score, sections, facts, is_merged=True)
    return Earlier(path.name, when, last.score, last.sections, facts)


def _standing(model: Rubric, facts: Facts) -> tuple[Fraction, dict[str, Fraction]]:
    """Return the score that follows from the facts; modes are those of the same rubric."""
    from ..core.rubric import NONE
    from ..core.score import score_modes

    modes = {
        item.id: next((mode for mode in item.modes if mode == facts.modes.get(item.id)), NONE)
        for item in model.items.values()
    }
    return score_modes(model, modes, {item for item in model.items if item in facts.waivers})


def _score_of(context: Context, path: Path, rubric: str | None) -> Earlier:
    """Return what the assessment scored on its own day, with the waivers that held then."""
    from ..core.assessment import as_of
    from ..core.record import facts_of
    from ..core.score import score_assessment

    model, claimed, _ = context.load(path, rubric)
    if claimed.last_claimed and claimed.last_claimed < context.today:
        claimed = as_of(claimed, claimed.last_claimed)
    found = score_assessment(model, claimed)
    return Earlier(
        str(path),
        claimed.last_claimed.isoformat() if claimed.last_claimed else None,
        found.score,
        {part.section.id: part.score for part in found.sections},
        facts_of(model, claimed),
    )


def data(earlier: Earlier, rubric: Rubric, assessment: Assessment, score: Score) -> dict[str, Any]:
    """Return the comparison for `--json`."""
    from ..outputs.score import comparison_data

    compared = earlier.against(rubric, assessment, score)
    return comparison_data(compared, earlier.name, earlier.when)


def show(earlier: Earlier, rubric: Rubric, assessment: Assessment, score: Score) -> None:
    """Print the sections then and now, and the items that moved."""
    compared = earlier.against(rubric, assessment, score)
    when = f" of {earlier.when}" if earlier.when else ""
    system = earlier.facts.system if earlier.facts else assessment.system
    head = f"Compared with {earlier.name}{when}: {_points(compared.before)} -> "
    output.say()
    head += f"{_points(compared.now)} ({_signed(compared.change)})"
    output.say(click.style(output.clean(head), bold=True))
    output.say()
    rows = [
        [move.title, _points(move.before), _points(move.now), _signed(move.change)]
        for move in compared.sections
    ]
    for line in output.table(rows, ["Section", "Then", "Now", "Change"], right=[1, 2, 3]):
        output.say("  " + line)
    output.say()
    if system != assessment.system:
        output.say(output.clean(f"That is another system: {system}."))
    if earlier.is_merged:
        output.say("Branches were merged there; compared with what all of their lines say.")
    if compared.is_other_rubric:
        output.say("The rubric has changed since; points below are those of today's.")
    if compared.items is None:
        output.say("That record holds no answers: an earlier version wrote it.")
    elif compared.items:
        _show_items(compared.items)
    else:
        output.say("No answer and no waiver has changed.")


def _show_items(moves: tuple[ItemMove, ...]) -> None:
    rows = [
        [
            move.item,
            move.before if move.before == move.now else f"{move.before} -> {move.now or 'gone'}",
            _signed(move.points),
            f"waiver {move.waiver}" if move.waiver else "",
        ]
        for move in moves
    ]
    for line in output.table(rows, ["Item", "Mode", "Points", ""], right=[2]):
        output.say("  " + line)


def _points(number: Fraction | None) -> str:
    from ..core.quantity import shown

    return "-" if number is None else shown(number, 4)


def _signed(number: Fraction | None) -> str:
    """Return a change for people.

    >>> _signed(Fraction(1, 2)), _signed(Fraction(-1)), _signed(Fraction(0)), _signed(None)
    ('+0.5', '-1', '0', '?')
    """
    text = "?" if number is None else _points(number)
    return f"+{text}" if number is not None and number > 0 and text != "0" else text
