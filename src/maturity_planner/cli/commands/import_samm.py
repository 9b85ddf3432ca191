"""`import samm`: the folder of a SAMM model as a rubric."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from .. import importing, options


@click.command("samm")
@click.argument("path", type=click.Path(path_type=Path))
@importing.out
@click.option(
    "--order",
    type=click.Choice(["soft", "hard", "none"]),
    default="soft",
    show_default=True,
    help="Whether a level in a stream needs the one before.",
)
@click.option(
    "--days-per-level",
    "days",
    type=importing.DaysType(3),
    metavar="D1,D2,D3",
    help="Days of a full answer at each level  [default: 5,10,20]",
)
@importing.strict
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    path: Path,
    out: Path | None,
    order: str,
    days: tuple[Fraction, ...] | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Turn PATH, the folder of an OWASP SAMM model, into a rubric that scores as SAMM does.

    An answer worth 0.25, 0.5 or 1 becomes a mode. Every fault of the model is told with its place;
    the rest is loaded.
    """
    from ...importers.samm import LEVEL_DAYS, Choice, Order, import_samm

    imported = import_samm(path, Choice(Order(order), days or LEVEL_DAYS))
    importing.finish(ctx, "samm", imported, out, as_json=as_json)
    importing.end(imported.findings, is_strict=strict)
