"""`import scorecard`: a result of OpenSSF Scorecard as answers to the rubric of its checks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import answering, options, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.rubric import Rubric
    from ...importers.scorecard import Result


@click.command("scorecard")
@click.argument("path", type=options.FILE)
@options.rubric
@answering.out
@answering.system
@answering.dry_run
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    path: Path,
    rubric: str | None,
    out: Path | None,
    system: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Answer the checks in PATH, which `scorecard --format json` has written.

    A check's score counts as the highest mode that it reaches; an inconclusive check is no answer.
    The assessment has to name the rubric openssf-scorecard; a new one does.
    """
    from ...importers.scorecard import RUBRIC, claim_checks, load_result

    result = load_result(path)
    target = out or ctx.obj.project.assessment
    if rubric is None and not os.path.lexists(target):
        rubric = RUBRIC
        system = system or result.repository or None
    place = answering.find_place(ctx.obj, out, rubric, system)
    model = place.rubrics[0] if rubric else _rubric_of_checks(place.rubrics, target)
    claims = claim_checks(result, model)
    answering.take_in(ctx, path, place, claims, dry_run=dry_run, as_json=as_json)
    if not as_json:
        _compare(ctx, result)


def _rubric_of_checks(rubrics: Sequence[Rubric], path: Path) -> Rubric:
    from ...errors import UsageError
    from ...importers.scorecard import RUBRIC

    found = next((rubric for rubric in rubrics if rubric.id == RUBRIC), None)
    if found is None:
        names = ", ".join([*(rubric.id for rubric in rubrics), RUBRIC])
        raise UsageError(
            f"{path} is not about the rubric {RUBRIC}",
            fix=f"Name another file with -o, or both there: `rubric: [{names}]`.",
        )
    return found


def _compare(ctx: click.Context, result: Result) -> None:
    """Say what Scorecard itself makes of the checks, and why that may be more."""
    from ...core.quantity import shown

    if result.score is not None:
        text = (
            f"Scorecard's own score is {shown(result.score, 4)}; it leaves out what it cannot tell."
        )
        output.hint(ctx, text)
