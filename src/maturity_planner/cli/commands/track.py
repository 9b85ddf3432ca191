"""`track`: closed tickets into proposed answers, accepted ones into the assessment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.assessment import Assessment
    from ...core.proposals import Proposal
    from ...core.rubric import Rubric
    from ...core.score import Score
    from ...desk import Desk
    from ..context import Context


@click.command("track")
@click.option(
    "--accept",
    multiple=True,
    metavar="all|ITEM",
    help="Put proposals into the assessment; repeatable.",
)
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, accept: tuple[str, ...], as_json: bool) -> None:
    """Read the tickets and propose answers for those that were closed as done.

    A ticket that was closed in any other way proposes nothing; one that was opened again takes
    its proposal back.
    """
    from ...core.proposals import propose, tracked_tickets
    from ...core.score import score_assessment
    from ...lookup import find_item
    from ...state import exclusive
    from .. import ticketing
    from ..syncing import reading

    desk = ticketing.open_desk(ctx.obj)
    project = ctx.obj.project
    wanted = {find_item(desk.rubric, name).id for name in accept if name != "all"}
    before = score_assessment(desk.rubric, desk.assessment)
    with exclusive(project.inside(project.state, "the state folder")):
        with reading(ctx.obj, desk.tracker):
            present = desk.tracker.read(desk.plan.id)
        tracked = tracked_tickets(desk.rubric, present)
        proposals = propose(desk.assessment, tracked)
        accepted = [p for p in proposals if "all" in accept or p.item.id in wanted]
        for name in sorted(wanted - {p.item.id for p in proposals}):
            output.note(f"No ticket proposes an answer for {name}.")
        new = _answered(desk.assessment, accepted or proposals)
        after = score_assessment(desk.rubric, new)
        if accepted:
            from ...assessing import Edit, edit_assessment
            from ...history import see_writable

            edits = [
                Edit(
                    p.item.id,
                    p.to_mode,
                    add=() if p.is_taken_back else (p.evidence,),
                    remove=(p.evidence,) if p.is_taken_back else (),
                )
                for p in accepted
            ]
            see_writable(project)
            edit_assessment(project.inside(desk.path, "the assessment"), edits, ctx.obj.today)
            _record(ctx.obj, desk, (desk.assessment, before), (new, after), accepted)
    if as_json:
        output.emit("track", _data(tracked, proposals, accepted, before, after))
    else:
        _show(ctx, desk.rubric, tracked, proposals, accepted, before, after)


def _record(
    context: Context,
    desk: Desk,
    before: tuple[Assessment, Score],
    now: tuple[Assessment, Score],
    accepted: Sequence[Proposal],
) -> None:
    """Record the score that the accepted tickets led to; the answers are in the file by now.

    Raises:
        UserError: that failed; it says what is lost with it.
    """
    from ...errors import UserError
    from .. import recording

    tickets = ", ".join(f"{p.ref} ({p.remote})" for p in accepted)
    try:
        recording.record(
            context,
            desk.rubric,
            *now,
            accepted=f"tickets accepted: {tickets}",
            by_accepted={p.item.id for p in accepted},
            before=before,
        )
    except UserError as error:
        raise UserError(
            f"the answers of {tickets} were taken over, but not recorded: {error.message}",
            fix="Put that right, then `maturity-planner score --record`; it cannot name the "
            "tickets any more.",
        ) from error


def _answered(assessment: Assessment, proposals: Sequence[Proposal]) -> Assessment:
    """Return the assessment with the proposals as answers."""
    from dataclasses import replace

    from ...core.assessment import Answer

    answers = dict(assessment.answers)
    for proposal in proposals:
        old = answers.get(proposal.item.id, Answer(None))
        answers[proposal.item.id] = replace(old, mode=proposal.to_mode)
    return replace(assessment, answers=answers)


def _data(
    tracked: Sequence[Any],
    proposals: Sequence[Proposal],
    accepted: Sequence[Proposal],
    before: Score,
    after: Score,
) -> dict[str, Any]:
    from ...core.quantity import plain

    return {
        "tickets": [
            {
                "uid": t.present.uid,
                "remote": t.present.remote,
                "item": t.item.id,
                "to": t.to_mode,
                "state": t.present.state.value,
                "closed_on": t.present.closed_on.isoformat() if t.present.closed_on else None,
            }
            for t in tracked
        ],
        "proposals": [
            {
                "item": p.item.id,
                "from": p.from_mode,
                "to": p.to_mode,
                "because": p.because,
                "remote": p.remote,
                "accepted": p in accepted,
            }
            for p in proposals
        ],
        "before": {"score": plain(before.score)},
        "after": {"score": plain(after.score)},
    }


def _show(
    ctx: click.Context,
    rubric: Rubric,
    tracked: Sequence[Any],
    proposals: Sequence[Proposal],
    accepted: Sequence[Proposal],
    before: Score,
    after: Score,
) -> None:
    from ...core.quantity import precise

    counts: dict[str, int] = {}
    for ticket in tracked:
        state = ticket.present.state.value.replace("_", " ")
        counts[state] = counts.get(state, 0) + 1
    states = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    output.say(f"{output.plural(len(tracked), 'ticket')}" + (f": {states}." if states else "."))
    if not tracked:
        output.hint(ctx, "There are no tickets of this plan yet. Next: maturity-planner sync")
    if not proposals:
        output.say(f"No new answers to propose. The score stays {precise(before.score)}.")
        return
    output.say()
    rows = [
        [p.item.id, f"{p.from_mode} -> {p.to_mode}", p.because, "accepted" if p in accepted else ""]
        for p in proposals
    ]
    for line in output.table(rows, ["Item", "Answer", "Because", ""]):
        output.say("  " + line)
    output.say()
    _show_scores(rubric, before, after, is_accepted=bool(accepted))
    if len(accepted) < len(proposals):
        output.hint(ctx, "Next: maturity-planner track --accept all (or --accept ITEM)")
    else:
        output.hint(ctx, "Next: maturity-planner score; plan again when the target has moved")


def _show_scores(rubric: Rubric, before: Score, after: Score, *, is_accepted: bool) -> None:
    from ...core.quantity import precise

    old_score, new_score = precise(before.score), precise(after.score)
    if before.score == after.score:
        output.say(f"The score {'stays' if is_accepted else 'would stay'} {old_score}.")
    elif is_accepted:
        output.say(f"Score {old_score} -> {new_score}.")
    else:
        output.say(f"With all of them the score would go {old_score} -> {new_score}.")
    for old, new in zip(before.sections, after.sections, strict=True):
        if old.score != new.score:
            name = output.clean(rubric.section_titles[old.section.id])
            output.say(f"  {name}: {precise(old.score)} -> {precise(new.score)}")
