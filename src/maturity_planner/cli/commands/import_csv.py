"""`import csv`: a table of answers from any spreadsheet."""

from __future__ import annotations

from pathlib import Path

import click

from .. import answering, options


@click.command("csv")
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
    """Answer the items that the table PATH names, a row each: item, mode, evidence, note, date.

    A mode is replaced, evidence is added, what the table does not name stays. With a fault in the
    table nothing is written.
    """
    from ...errors import UserError
    from ...importers.sheet import import_sheet

    place = answering.find_place(ctx.obj, out, rubric, system)
    try:
        claims = import_sheet(path, place.rubrics)
    except UserError as error:
        if as_json:
            answering.refuse(path, place, error)
        raise
    answering.take_in(ctx, path, place, claims, dry_run=dry_run, as_json=as_json)
