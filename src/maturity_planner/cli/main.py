"""The group of commands, the options that all share, and the only place that handles errors."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..errors import MaturityError
from . import INTERRUPTED, output
from .context import Context
from .lazy import LazyGroup

COMMANDS = {
    "init": "starter files for a project; never overwrites",
    "rubrics": "list the rubrics that can be used",
    "import": "a foreign model as a rubric, with every fault found",
    "validate": "check all files of a project: all faults at once",
    "show": "explain a rubric, or any part of it",
    "assess": "answer the rubric's items in an interview",
    "score": "where the system stands, and what sets the score",
    "history": "the recorded scores, and why they moved",
    "plan": "the cheapest upgrades that reach the target",
    "frontier": "what each step up costs, from today to the best score",
    "roadmap": "the plan in time: who does what when, and how sure that is",
    "graph": "what needs what",
    "diff": "tickets wanted against tickets present; writes nothing",
    "sync": "bring the tickets in line with the plan",
    "track": "turn closed tickets into proposed answers",
    "report": "one page for people: score, change, plan, roadmap, all items",
    "doctor": "where each setting came from; whether files and tracker can be used",
    "demo": "the whole loop on a bundled example, step by step",
    "schema": "the JSON Schema of a file or of an output",
    "completion": "the completion script of a shell",
}


@click.group(
    cls=LazyGroup,
    summaries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `maturity-planner demo`, or `maturity-planner init` in your own project.",
)
@click.option("--config", type=click.Path(dir_okay=False), help="Settings file.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Use colour."
)
@click.option("--no-input", is_flag=True, help="Never ask; take defaults or fail.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the result.")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what is done.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="maturity-planner")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """From a maturity assessment to the cheapest plan, its tickets, and back to the score."""
    ctx.obj = Context(**options)
    ctx.color = output.wants_color(options["color"])


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; every error ends here."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    output.forgive_encoding()
    try:
        code = cli.main(args=given, prog_name="maturity-planner", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place for all
        if "--debug" in given:
            import traceback

            output.note(traceback.format_exc().rstrip())  # it quotes texts of strangers
        return _tell(error)
    return code if isinstance(code, int) else 0  # a number is what `ctx.exit` was told


def _tell(error: BaseException) -> int:
    """Print what happened and what to do next; return the exit code (docs/cli.md)."""
    match error:
        case MaturityError():
            output.show_error(error)
            return error.exit_code
        case click.ClickException():
            shown = io.StringIO()
            error.show(file=shown)
            output.note(shown.getvalue().rstrip("\n"))  # without the escape codes that were typed
            return 2 if isinstance(error, click.UsageError) else 3
        case click.Abort() | KeyboardInterrupt():
            output.note(f"\n{INTERRUPTED}")
            return 130
        case OSError() if _is_folder_gone():
            output.note("Error: the current folder is not there any more")
            output.note("  Go to one that is, then run this again.")
            return 3
        case OSError():
            what = error.filename or "the result"
            output.note(f"Error: {what} cannot be read or written: {error.strerror or error}")
            output.note("  Check the path, its permissions and the free space.")
            return 3
    output.note(f"This is a bug of maturity-planner: {type(error).__name__}: {error}")
    output.note("Please report it, with what `maturity-planner --debug COMMAND ...` prints.")
    return 70


def _is_folder_gone() -> bool:
    """Whether the folder in which the command was started has been removed."""
    try:
        Path.cwd()
    except OSError:
        return True
    return False
