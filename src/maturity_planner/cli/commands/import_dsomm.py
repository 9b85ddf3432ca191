"""`import dsomm`: a DSOMM model as a rubric, and a team's progress as an assessment."""

from __future__ import annotations

from pathlib import Path

import click

from .. import options


@click.command("dsomm")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "out", type=options.FILE, help="Write into a file.")
@click.option("--strict", is_flag=True, help="Exit 1 when there is a fault.")
@options.as_json
def command(path: Path, out: Path | None, strict: bool, as_json: bool) -> None:
    """Turn PATH, the generated model of OWASP DSOMM, into a rubric."""
    raise NotImplementedError
