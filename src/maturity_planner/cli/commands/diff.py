"""`diff`: tickets wanted against tickets present."""

from __future__ import annotations

import click

from .. import options, output


@click.command("diff")
@click.option("--check", is_flag=True, help="Exit 1 when there is something to change.")
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, check: bool, as_json: bool) -> None:
    """Show what `sync` would change. Writes nothing.

    Signs: + create or reopen, ~ change, - close, ! kept because a person edited it.
    """
    from ...errors import ChangesPending
    from ...sync import changes_data
    from .. import ticketing
    from ..syncing import reading

    desk = ticketing.open_desk(ctx.obj, to_plan=True)
    wanted = desk.wanted()
    with reading(ctx.obj, desk.tracker):
        changes = desk.changes(wanted)
    if as_json:
        output.emit("diff", changes_data(desk.tracker, changes))
    else:
        for line in ticketing.describe(changes.changes, verbose=ctx.obj.verbose):
            output.say(line)
        output.say(ticketing.summary(changes))
        if changes.swept(updates=desk.tracker.is_remote):
            output.hint(ctx, "Next: maturity-planner sync --force, if so many are meant")
        elif changes.pending:
            output.hint(ctx, "Next: maturity-planner sync")
    if check and changes.pending:
        raise ChangesPending(
            f"{output.plural(len(changes.pending), 'change')} to make in {desk.tracker.target}",
            fix="`maturity-planner sync` applies them.",
        )
