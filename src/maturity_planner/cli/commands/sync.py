"""`sync`: bring the tickets in line with the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...applying import Step
    from ...core.changes import ChangeSet
    from ...desk import Desk
    from ...state import Journal


@click.command("sync")
@click.option("-n", "--dry-run", is_flag=True, help="Show the changes and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before writing to a remote tracker.")
@click.option("--fingerprint", metavar="F", help="Apply only the changes that `diff` named so.")
@click.option("--force", is_flag=True, help="Close tickets in progress; change many at once.")
@click.option("--only", metavar="ITEM", help="Only the ticket of one item, and its epic.")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    dry_run: bool,
    yes: bool,
    fingerprint: str | None,
    force: bool,
    only: str | None,
    as_json: bool,
) -> None:
    """Create, update, link, close and reopen tickets so that they match the plan.

    What people edited stays; what they closed stays closed. Stop it and run it again at any time.
    """
    from ...lookup import find_item
    from ...state import Journal, exclusive
    from ...sync import changes_data, check_guard, pending_changes
    from .. import ticketing
    from ..syncing import reading

    desk = ticketing.open_desk(ctx.obj, to_plan=True)
    item = find_item(desk.rubric, only).id if only else None
    folder = ctx.obj.project.inside(ctx.obj.project.state, "the state folder")
    with exclusive(folder):
        journal = Journal(folder, desk.tracker.patience.clock) if desk.tracker.is_remote else None
        if not dry_run:
            desk.tracker.tidy()
            _wait_for_doubts(ctx, desk, journal)
        wanted = desk.wanted()
        unfinished = journal.unfinished() if journal else frozenset()

        def look() -> ChangeSet:
            with reading(ctx.obj, desk.tracker):
                return pending_changes(
                    desk.tracker, desk.plan, wanted, force=force, only=item, unfinished=unfinished
                )

        changes = look()
        _check_fingerprint(changes, fingerprint)
        desk.tell_of_open(wanted, changes)
        steps: list[Step] | None = None
        if not dry_run and changes.pending:
            if not force:
                check_guard(changes, is_remote=desk.tracker.is_remote)
            if _has_asked(ctx, desk, changes, yes):
                # A person may have taken a while to answer.
                again = look()
                _check_fingerprint(again, changes.fingerprint)
                changes = again
            steps = _apply(ctx, desk, changes, journal, quiet=as_json)
    if as_json:
        output.emit("sync", changes_data(desk.tracker, changes, steps))
    elif steps is None:
        for line in ticketing.describe(changes.changes, verbose=ctx.obj.verbose):
            output.say(line)
        output.say(ticketing.summary(changes))
    else:
        done = sum(step.is_applied for step in steps)
        output.say(f"{output.plural(done, 'change')} made in {desk.tracker.target}.")
        if not ticketing.failed(steps):
            output.hint(ctx, "Next: work on the tickets, then maturity-planner track")
    _report_failures(desk, steps or [])


def _check_fingerprint(changes: ChangeSet, fingerprint: str | None) -> None:
    from ...errors import Conflict

    if fingerprint is not None and fingerprint != changes.fingerprint:
        raise Conflict(
            f"the changes are no longer those of {fingerprint}; they are {changes.fingerprint}",
            fix="Look at `maturity-planner diff` again and use its fingerprint.",
        )


def _has_asked(ctx: click.Context, desk: Desk, changes: ChangeSet, yes: bool) -> bool:
    """Show and confirm writes that leave this machine; local files are written at once."""
    from ...errors import UsageError
    from .. import ticketing

    if not desk.tracker.is_remote or yes:
        return False
    for line in ticketing.describe(changes.changes, verbose=ctx.obj.verbose):
        click.echo(line, err=True, color=ctx.color)
    output.note(ticketing.summary(changes))
    if not ctx.obj.may_ask:
        raise UsageError(
            f"writing to {desk.tracker.target} needs a yes, and there is nobody to ask",
            fix="Add --yes; with --fingerprint F it applies only what was reviewed.",
        )
    if not click.confirm(f"Apply to {desk.tracker.target}?", err=True):
        output.note("Nothing was changed.")
        ctx.exit(1)
    return True


def _wait_for_doubts(ctx: click.Context, desk: Desk, journal: Journal | None) -> None:
    """Let requests of a run that was killed come to their end, so that they can be seen."""
    from ..syncing import asking

    patience = desk.tracker.patience
    if journal and (seconds := journal.doubts(patience.in_doubt)):
        busy = f"{desk.tracker.target} was busy"
        with asking(ctx.obj, desk.tracker, busy):
            patience.wait(seconds, f"The last sync was cut short while {busy}")


def _apply(
    ctx: click.Context, desk: Desk, changes: ChangeSet, journal: Journal | None, *, quiet: bool
) -> list[Step]:
    from ...applying import apply
    from .. import ticketing
    from ..syncing import writes_of, writing

    steps: list[Step] = []
    writes = sum(map(writes_of, changes.pending))
    try:
        with writing(ctx.obj, desk.tracker, writes) as progress:
            made = apply(desk.tracker, desk.plan.id, changes, ctx.obj.now, journal=journal)
            for step in made:
                steps.append(step)
                progress.add(writes_of(step.change))
                if not quiet:
                    sign = "x" if step.error else ticketing.SIGNS[step.change.op.value]
                    with progress.line.aside():
                        output.say(ticketing.line_of(step.change, sign, step.error, step.remote))
    except KeyboardInterrupt:
        done = sum(step.is_applied for step in steps)
        of = output.plural(len(changes.pending), "change")
        output.note(f"\nStopped after {done} of {of} in {desk.tracker.target}.")
        output.note("Run `maturity-planner sync` again; it goes on from here.")
        ctx.exit(130)
    return steps


def _report_failures(desk: Desk, steps: list[Step]) -> None:
    from ...errors import PartialSync
    from ...trackers.patience import AGAIN
    from .. import ticketing

    pending = [step for step in steps if step.is_applied or step.error]
    if failures := ticketing.failed(steps):
        fix = failures[0].fix
        raise PartialSync(
            f"{len(failures)} of {output.plural(len(pending), 'change')} in {desk.tracker.target} "
            f"{'was' if len(failures) == 1 else 'were'} not made: "
            f"{failures[0].error}",
            fix=fix if AGAIN in fix else f"{fix or 'Put that right.'}\n{AGAIN}",
        )
