"""A group of commands, each in a module of its own that is imported when it is asked for."""

from __future__ import annotations

import importlib
import keyword
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """Imports a command's module when the command is asked for, not before.

    `summaries` names the commands with a line for the list of them; the module of one is
    `commands/<prefix><name>.py`.
    """

    def __init__(
        self, *arguments: Any, summaries: Mapping[str, str], prefix: str = "", **options: Any
    ) -> None:
        """Remember which commands there are, in the order in which they are listed."""
        super().__init__(*arguments, **options)
        self.summaries = summaries
        self.prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order given, not that of the alphabet."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command, or None when there is no such one."""
        if name not in self.summaries:
            return None
        module = self.prefix + name + ("_" if keyword.iskeyword(self.prefix + name) else "")
        command: click.Command = importlib.import_module(f".commands.{module}", __package__).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for one that does not exist."""
        from ..errors import suggestion

        if args and args[0] not in self.summaries and not args[0].startswith("-"):
            hint = suggestion(args[0], self.summaries, kind="Commands")
            ctx.fail(f'there is no command "{args[0]}". {hint}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))
