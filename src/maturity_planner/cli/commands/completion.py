"""`completion`: the script that teaches a shell our commands and options."""

from __future__ import annotations

import click

from .. import output


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, /, shell: str) -> None:
    """Print the completion script of a shell.

    For bash, put this into ~/.bashrc: eval "$(maturity-planner completion bash)"
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # the choice above names click's own
    root = ctx.find_root().command
    script = kind(root, {}, "maturity-planner", "_MATURITY_PLANNER_COMPLETE")
    output.say(script.source())
