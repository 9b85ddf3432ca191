"""Where `-o` puts a result: never in place of what a person wrote or what the project lives on."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import output

if TYPE_CHECKING:
    from ..config import Project
    from .context import Context

STDOUT = Path("-")

_OURS = re.compile(rb"^schema: ['\"]?maturity-planner/(rubric|assessment|plan|roadmap)/v", re.M)
_HEAD_BYTES = 20_000
"""Where a file says what it is: below its comments, above its content."""


def is_stdout(out: Path | None) -> bool:
    """Return whether the result goes to stdout: no `-o`, or the usual sign for it."""
    return out is None or out == STDOUT


def refuse_both(out: Path | None, *, as_json: bool) -> None:
    """See that one result goes to stdout, not two.

    Raises:
        UsageError: both were asked for.
    """
    if as_json and out == STDOUT:
        from ..errors import UsageError

        raise UsageError(
            "`-o -` prints the file, and --json or --format something else",
            fix="Leave one out.",
        )


def deliver(ctx: click.Context, out: Path | None, text: str, what: str) -> None:
    """Print the result, or write it into the file; `what` it is: "a report".

    Raises:
        UserError: the file is the project's own, or cannot be written.
    """
    if out is None or is_stdout(out):
        click.echo(text, nl=False)
        return
    from ..files import write_atomic

    refuse_ours(ctx.obj, out, what)
    write_atomic(out, text)
    output.hint(ctx, f"Written to {out}.")


def refuse_ours(context: Context, out: Path | None, what: str, *, own: str = "") -> None:
    """See that the result can go to the file; a file of the kind `own` it may replace.

    Raises:
        UserError: the file is one that the project lives on, or leads out of the project.
    """
    from ..errors import UserError

    if out is None or is_stdout(out):
        return
    project = _project(context)
    role = project.role(out) or _kind_of(out)
    if role in ("ticket", "state") and not os.path.lexists(out):
        of = "tickets" if role == "ticket" else "state"
        raise UserError(
            f"{out} would lie in the folder of the project's {of}, which holds nothing else",
            fix="Name a file outside of it with -o.",
        )
    if role and role != own:
        raise UserError(
            f"{out} is the project's {role}, and {what} would replace it"
            if project.role(out)
            else f"{out} is a file of the kind {role}, and {what} would replace it",
            fix="Name another file with -o, or move this one away.",
        )
    if project.leaves(out):
        raise UserError(
            f"{out} is a link that leads out of the project, to {os.path.realpath(out)}",
            fix="Name that file itself with -o, or remove the link.",
        )


def _project(context: Context) -> Project:
    """Return the project; where its settings cannot be read, it has the usual names."""
    from ..config import Project
    from ..errors import ConfigError

    try:
        return context.project
    except ConfigError:
        return Project(output.short(Path.cwd()))


def _kind_of(path: Path) -> str:
    """Return which of our kinds of file is there, by what it says of itself."""
    if not os.path.isfile(path):  # noqa: PTH113 (unlike Path's, never raises)
        return ""
    try:
        with path.open("rb") as file:
            found = _OURS.search(file.read(_HEAD_BYTES))
    except OSError:  # writing says what is wrong with it
        return ""
    return found[1].decode() if found else ""
