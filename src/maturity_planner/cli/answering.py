"""Answers that a foreign file holds, into an assessment: shown, and written in one step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, output

if TYPE_CHECKING:
    from ..core.assessment import Answer
    from ..core.rubric import ItemId, Rubric
    from ..errors import UserError
    from ..importers.claims import Claims, NewAnswer
    from .context import Context

out = click.option("-o", "out", type=options.FILE, help="Assessment  [default: settings']")
system = click.option("--system", metavar="NAME", help="The system, for a new assessment.")
dry_run = click.option("-n", "--dry-run", is_flag=True, help="Show what changes, write nothing.")


@dataclass(frozen=True, slots=True)
class Place:
    """The assessment that takes the answers in: what is there, and the text to start one from."""

    path: Path
    rubrics: Sequence[Rubric]
    answers: dict[ItemId, Answer]
    start: str | None = None


def find_place(context: Context, out: Path | None, rubric: str | None, system: str | None) -> Place:
    """Return the assessment in the file, or a new one of the rubric.

    Raises:
        UsageError: there is none, and nothing says against which rubric a new one is.
    """
    from ..errors import UsageError
    from .writing import STDOUT, refuse_ours

    if out == STDOUT:
        fix = "Name the assessment that takes the answers, or leave -o out."
        raise UsageError("`-o -` names no assessment", fix=fix)
    path = out or context.project.inside(context.project.assessment, "the assessment")
    if not os.path.lexists(path):
        refuse_ours(context, out, "an assessment", own="assessment")
        return _new(context, path, rubric, system)
    if system is not None:
        fix = "Leave --system out, or name a new file with -o."
        raise UsageError(f"{path} is there, and says which system it is about", fix=fix)
    models = context.load_all(path, rubric)[: 1 if rubric else None]
    answers = {item: answer for _, part in models for item, answer in part.answers.items()}
    return Place(path, [model for model, _ in models], answers)


def _new(context: Context, path: Path, rubric: str | None, system: str | None) -> Place:
    from ..errors import UsageError
    from ..files import load_rubric
    from ..starter import assessment_text

    named = rubric or context.project.data.get("rubric")
    if not named:
        fix = "Name it: --rubric ID. `maturity-planner rubrics` lists them."
        raise UsageError(f"{path} is not there yet, and no rubric is named for it", fix=fix)
    at = context.project.rubric(str(named), Path.cwd() if rubric else None)
    known = context.project.rubrics().get(str(named)) == at
    name = str(named) if known else os.path.relpath(at, path.parent)
    model = load_rubric(at)
    told = system or path.absolute().parent.name or "system"
    return Place(path, [model], {}, assessment_text({name: model}, told, context.today))


def take_in(
    ctx: click.Context, source: Path, place: Place, claims: Claims, *, dry_run: bool, as_json: bool
) -> tuple[NewAnswer, ...]:
    """Write what the claims change, unless it is only to be shown, and return it."""
    from ..importers.claims import find_changes

    changes = find_changes(claims.claims, place.answers)
    is_new = place.start is not None
    if (changes or is_new) and not dry_run:
        _write(ctx.obj, place, changes)
    if as_json:
        output.emit("import-answers", _data(source, place, claims, changes, written=not dry_run))
    else:
        _show(ctx, place, claims, changes, dry_run=dry_run)
    return changes


def refuse(source: Path, place: Place, error: UserError) -> None:
    """Print as JSON why nothing was taken from the file, if it has faults."""
    from ..importers.claims import Claims

    if error.faults:
        keys = ("line", "column", "message", "fix")
        faults = [{key: getattr(fault, key) for key in keys} for fault in error.faults]
        data = _data(source, place, Claims(()), (), written=False)
        output.emit("import-answers", data | {"faults": faults})


def _write(context: Context, place: Place, changes: Sequence[NewAnswer]) -> None:
    from ..assessing import Edit, edit_assessment, edited_text
    from ..files import write_new

    edits = [
        Edit(c.item, c.mode, add=c.added, remove=c.removed, note=c.note, date=c.date)
        for c in changes
    ]
    if place.start is None:
        edit_assessment(place.path, edits, context.today)
    else:
        write_new(place.path, edited_text(place.start, edits, context.today))


def _show(
    ctx: click.Context,
    place: Place,
    claims: Claims,
    changes: Sequence[NewAnswer],
    *,
    dry_run: bool,
) -> None:
    rows = [[c.item, c.before or "-", c.mode, _more(c)] for c in changes]
    if rows:
        for text in output.table(rows, ["Item", "Before", "Now", "And"]):
            output.say(text)
        output.say()
    verb = "would change" if dry_run else "changed"
    same = len(claims.claims) - len(changes)
    told = f"{output.plural(len(changes), 'answer')} {verb} in {place.path}"
    output.say(f"{told}, {same} as before." if same else f"{told}.")
    for unread in claims.unread:
        output.note(f"Left out: {unread.what}: {unread.why}")
    following = output.again("score", assessment=ctx.params.get("out"))
    output.hint(ctx, f"Next: {following}")


def _more(change: NewAnswer) -> str:
    parts = [
        f"+{len(change.added)} evidence" if change.added else "",
        f"-{len(change.removed)} evidence" if change.removed else "",
        "note" if change.note else "",
        str(change.date or ""),
    ]
    return ", ".join(filter(None, parts))


def _data(
    source: Path, place: Place, claims: Claims, changes: Sequence[NewAnswer], *, written: bool
) -> dict[str, Any]:
    return {
        "source": str(source),
        "assessment": str(place.path),
        "rubrics": [rubric.id for rubric in place.rubrics],
        "created": place.start is not None,
        "written": written and bool(changes or place.start),
        "answers": len(claims.claims),
        "changes": [
            {
                "item": change.item,
                "from": change.before,
                "to": change.mode,
                "evidence_added": list(change.added),
                "evidence_removed": list(change.removed),
                "note": change.note or None,
                "date": change.date.isoformat() if change.date else None,
            }
            for change in changes
        ],
        "left_out": [{"what": one.what, "why": one.why} for one in claims.unread],
        "faults": [],
    }
