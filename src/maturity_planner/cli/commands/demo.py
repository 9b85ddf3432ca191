"""`demo`: the whole loop on a bundled example, in a folder that stays for play."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from .. import output

CLOSED = 2
WEEKS = 3
"""Time enough for the example, whenever it is run, and not so much that nothing is at stake."""


@click.command("demo")
@click.argument("directory", type=click.Path(path_type=Path), default=Path("maturity-demo"))
@click.pass_context
def command(ctx: click.Context, /, directory: Path) -> None:
    """Run the loop on an example: score, plan, roadmap, tickets, two of them closed, new score.

    Works in DIRECTORY (default: maturity-demo), which is left behind; needs no network.
    """
    from ...errors import UserError
    from ...files import read_text, write_new
    from ...resources import bundled

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UserError(
            f"{directory} is there already",
            fix="Name another folder: maturity-planner demo FOLDER",
        )
    example = bundled("examples") / "fraud-scoring"
    for path in sorted(example.iterdir()):
        write_new(directory / path.name, read_text(path))
    _tell(
        "A lead reads that her fraud model scores below 1 on the ML Test Score. The goal is 2 by "
        f"the end of the quarter. Her assessment is in {directory}/assessment.yaml."
    )
    _run(ctx, directory, "score")
    _tell("What is the cheapest way to 2? The planner knows what needs what, and proves it.")
    _run(ctx, directory, "plan")
    end = ctx.obj.today + timedelta(weeks=WEEKS)
    _tell(
        "Two people give three days in five to it. Who does what when, and are they done in "
        f"{WEEKS} weeks? The roadmap is proven, too; how long work takes is an estimate."
    )
    _run(ctx, directory, "roadmap", "--end", end.isoformat())
    _tell(
        "The plan becomes tickets, as files: one epic a section, one ticket an upgrade, in its "
        "sprint."
    )
    _run(ctx, directory, "sync")
    closed = _close_two(directory)
    _tell(
        "Weeks pass. The team closes two tickets as done, here by setting their status as a board "
        f"does: {' and '.join(closed)}."
    )
    _run(ctx, directory, "track", "--accept", "all")
    _tell("The tickets stand as evidence in the assessment, and the score has moved.")
    _run(ctx, directory, "score")
    output.say()
    output.say(f"Everything is in {directory}. To play on:")
    output.say(f"  cd {shlex.quote(str(directory))}")
    program = _program()
    for arguments in ("show monitor-2-input-invariants", "plan --target 3", "diff"):
        output.say(f"  {program} {arguments}")


def _program() -> str:
    """Return what a shell finds this command by, also from another folder."""
    name = "maturity-planner"
    if shutil.which(name):
        return name
    running = Path(sys.argv[0]).absolute()
    if running.name == name:
        return shlex.quote(str(running))
    return f"{shlex.quote(sys.executable)} -m maturity_planner"


def _tell(text: str) -> None:
    output.say()
    output.say(output.wrap(text, indent=""))


def _run(ctx: click.Context, directory: Path, *arguments: str) -> None:
    """Show a command as a person would type it in the folder, and run it there."""
    from ..main import cli

    output.say()
    output.say(click.style(f"$ maturity-planner {' '.join(arguments)}", fg="cyan", bold=True))
    given: Sequence[str] = ("--config", str(directory / "maturity.toml"), "--quiet", *arguments)
    color = "always" if ctx.color else "never" if ctx.color is False else "auto"
    cli.main(args=["--color", color, *given], prog_name="maturity-planner", standalone_mode=False)


def _close_two(directory: Path) -> list[str]:
    """Set two tickets of the weakest section to Done, and return their names."""
    from ...files import read_text, write_atomic

    closed: list[str] = []
    for path in sorted((directory / "backlog" / "tasks").glob("*.md")):
        text = read_text(path)
        if len(closed) < CLOSED and "\n  - monitor\n" in text and "\nparent_task_id:" in text:
            write_atomic(path, text.replace("\nstatus: To Do\n", "\nstatus: Done\n", 1))
            closed.append(path.name.split(" - ")[0].upper())
    return closed
