"""`import samm`: a SAMM model as a rubric."""

from __future__ import annotations

from pathlib import Path

import click

from .. import options


@click.command("samm")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "out", type=options.FILE, help="Write into a file.")
@click.option("--strict", is_flag=True, help="Exit 1 when there is a fault.")
@options.as_json
def command(path: Path, out: Path | None, strict: bool, as_json: bool) -> None:
    """Turn PATH, the folder of a model of OWASP SAMM, into a rubric."""
    raise NotImplementedError
