"""`score`: where the system stands, and what sets the score."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import comparing, options, output, recording, renewing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.assessment import Assessment
    from ...core.rubric import Rubric
    from ...core.score import Score, SectionScore


@click.command("score")
@options.assessment
@options.rubric
@options.target
@click.option("--fail-under", type=options.SCORE, metavar="N", help="Exit 1 below this score.")
@click.option(
    "--compare",
    metavar="FILE",
    help='What has changed since: another assessment, a .jsonl, or "history" for the project\'s.',
)
@click.option("--explain", metavar="ITEM", help="Explain what one item brings.")
@click.option("--record", is_flag=True, help="Append the score to history.jsonl.")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    assessment: Path | None,
    rubric: str | None,
    target: Fraction | None,
    fail_under: Fraction | None,
    compare: str | None,
    explain: str | None,
    record: bool,
    as_json: bool,
) -> None:
    """Show the score, its band, what sets it, and the gap to the target."""
    from ...core.circles import has_circle
    from ...core.renewal import find_lapses, if_not_renewed
    from ...core.score import score_assessment
    from ...errors import BelowTarget

    model, answers, _ = ctx.obj.load(assessment, rubric)
    score = score_assessment(model, answers)
    lapses = find_lapses(model, answers, ctx.obj.today, ctx.obj.project.grace)
    # Of several rubrics, another assessment is compared by the same one.
    same = str(ctx.obj.rubric_path(assessment, rubric)) if answers.beside else rubric
    earlier = None
    if compare is not None:  # with what was there before this run records
        earlier = comparing.find_earlier(ctx.obj, compare, same, model, answers)
    is_first = rubric is None and bool(answers.beside)
    others = ctx.obj.load_all(assessment, None)[1:] if is_first else ()
    # Recorded first: whoever reads the result may stop at any line of it.
    is_new = recording.record(ctx.obj, model, answers, score) if record else False
    if as_json:
        from ...outputs.renewal import lapse_data
        from ...outputs.score import other_score_data, score_data

        data = score_data(model, answers.system, score)
        data |= lapse_data(lapses, if_not_renewed(model, answers, lapses))
        if earlier:
            data["compared"] = comparing.data(earlier, model, answers, score)
        if others:
            data["others"] = [other_score_data(*other) for other in others]
        output.emit("score", data)
    elif explain:
        _explain(model, answers, score, explain)
    else:
        _show(ctx, model, answers, score, target if target is not None else ctx.obj.project.target)
        renewing.show(lapses, if_not_renewed(model, answers, lapses))
        renewing.show_dates(model, answers, ctx.obj.today)
        _show_others(others)
    if earlier and not as_json:
        comparing.show(earlier, model, answers, score)
    if record:
        output.hint(ctx, "Recorded." if is_new else "Nothing has changed since the last record.")
    if fail_under is not None and score.score < fail_under:
        from ...core.quantity import exact, precise

        raise BelowTarget(
            f"the score {exact(score.score)} is below {precise(fail_under)}",
            fix="" if has_circle(model) else f"`{output.again('plan')}` finds the cheapest way up.",
        )


def _show(
    ctx: click.Context,
    rubric: Rubric,
    assessment: Assessment,
    score: Score,
    target: Fraction | None,
) -> None:
    from ...core.quantity import precise

    as_of = f", as of {assessment.last_claimed}" if assessment.last_claimed else ""
    version = f" ({rubric.version})" if rubric.version else ""
    title = f"{assessment.system} against {rubric.title}{version}{as_of}"
    output.say(output.clean(title))
    band = f": {score.band.title}" if score.band else ""
    headline = f"Score {precise(score.score)}{output.clean(band)}"
    output.say(click.style(headline, bold=True))
    output.say()
    rows = [
        [
            part.section.title,
            precise(part.score),
            f"of {precise(part.at_most)}",
            output.bar(part.score, part.at_most),
            ", ".join(_section_remarks(rubric, assessment, part, target)),
        ]
        for part in score.sections
    ]
    for line in output.table(rows, ["Section", "Score", "", "", ""], right=[1]):
        output.say("  " + line)
    output.say()
    for remark in _remarks(rubric, assessment, score):
        output.say(output.wrap(remark, indent=""))
    _show_target(ctx, rubric, assessment, score, target)


def _show_others(others: Sequence[tuple[Rubric, Assessment]]) -> None:
    """Print a line for each of the assessment's other rubrics."""
    from ...core.quantity import precise
    from ...core.score import score_assessment

    for rubric, assessment in others:
        score = score_assessment(rubric, assessment)
        band = f", {score.band.title}" if score.band else ""
        left = f"; {len(score.unanswered)} unanswered" if score.unanswered else ""
        line = f"Also against {rubric.id}: score {precise(score.score)}{band}{left}."
        output.say(output.wrap(line, indent=""))


def _section_remarks(
    rubric: Rubric, assessment: Assessment, part: SectionScore, target: Fraction | None
) -> list[str]:
    from ...core.quantity import precise
    from ...core.score import criteria

    by_minimum = rubric.overall_rule.value == "minimum"
    remarks = ["sets the score"] if part.sets_score and by_minimum else []
    if rubric.section_rule.value == "levels":
        if upcoming := part.next_level:
            met = f"{upcoming.met} of {upcoming.total}"
            noun = "criterion" if upcoming.total == 1 else "criteria"
            remarks.append(f"{met} {noun} of level {upcoming.level} met")
        elif not criteria(part.section, assessment.waivers.keys()):
            remarks.append("nothing here counts for a level")
    elif by_minimum and target is not None and part.score < target:
        remarks.append(f"lacks {precise(target - part.score)} to the target {precise(target)}")
    return remarks


def _show_target(
    ctx: click.Context,
    rubric: Rubric,
    assessment: Assessment,
    score: Score,
    target: Fraction | None,
) -> None:
    from ...core.circles import has_circle
    from ...core.quantity import precise, shown
    from ..output import short

    if target is not None and score.score >= target:
        output.say(f"The target {precise(target)} is reached.")
        return
    if target is not None:
        best = _best(rubric, assessment)
        if target > best:
            most = f"the highest score that can be reached is {precise(best)}"
            output.say(f"The target {precise(target)} is out of reach: {most}.")
            return
        output.say(f"The target {precise(target)} is {precise(target - score.score)} away.")
    if has_circle(rubric):
        path = ctx.obj.rubric_path(ctx.params["assessment"], ctx.params["rubric"])
        where = f"maturity-planner validate {short(path)}"
        output.hint(ctx, f"Its needs lead in a circle: nothing can be planned. See where: {where}")
    else:
        wanted = "T" if target is None else shown(target, 4)
        output.hint(ctx, f"Next: {output.again(f'plan --target {wanted}')}")


def _best(rubric: Rubric, assessment: Assessment) -> Fraction:
    """Return the highest score that waivers and hard needs allow."""
    from ...core.plan import Request, reachable_modes
    from ...core.score import score_modes

    best = reachable_modes(rubric, assessment, Request(None))
    return score_modes(rubric, best, assessment.waivers.keys())[0]


def _remarks(rubric: Rubric, assessment: Assessment, score: Score) -> list[str]:
    from ...core.quantity import precise
    from ...core.score import unmet_needs

    lines = []
    if score.unanswered:
        count = len(score.unanswered)
        verb = "is unanswered and counts" if count == 1 else "are unanswered and count"
        lines.append(
            f"{output.plural(count, 'item')} {verb} as not done; with all of them at their top "
            f"mode the score would be {precise(score.at_best)}. "
            f"`{output.again('assess --only unanswered')}` asks for them."
        )
    for waiver in assessment.waivers.values():
        lines.append(
            f"{waiver.item} is waived until {waiver.until} by {waiver.owner}: {waiver.reason}."
        )
    for waiver in assessment.expired:
        lines.append(
            f"The waiver of {waiver.item} ended on {waiver.until} and no longer counts "
            f"(owner: {waiver.owner})."
        )
    return [*lines, *unmet_needs(rubric, assessment)]


def _explain(rubric: Rubric, assessment: Assessment, score: Score, name: str) -> None:
    from ...core.quantity import POINT, exact, shown
    from ...lookup import find_item

    item = find_item(rubric, name)
    mine = next(part for part in score.items if part.item.id == item.id)
    section = next(part for part in score.sections if part.section.id == item.section)
    answer = assessment.answers.get(item.id)
    output.say(click.style(f"{item.id}: {output.clean(item.title)}", bold=True))
    state = "waived" if mine.is_waived else rubric.mode_title(mine.mode)
    unanswered = "" if mine.is_answered or mine.is_waived else " (nobody has answered)"
    output.say(f"  Today: {output.clean(state)}{unanswered}.")
    for evidence in answer.evidence if answer else ():
        output.say(f"  Evidence: {output.clean(evidence)}")
    by_minimum = rubric.overall_rule.value == "minimum"
    sets = " and sets the overall score" if section.sets_score and by_minimum else ""
    title = output.clean(section.section.title)
    output.say(f"  {title} scores {exact(section.score)} of {exact(section.at_most)}{sets}.")
    if rubric.section_rule.value == "levels":
        counts = f"counts for level {item.level}"
        counts = "is optional and does not count" if item.optional else counts
        output.say(f"  A section's level is that up to which every criterion holds; this {counts}.")
        return
    if item.weight != POINT:
        output.say(f"  Its points weigh {shown(Fraction(item.weight, POINT), 4)}.")
    output.say(f"  It brings {_points(mine.points)} today.")
    for mode in item.modes.values():
        if mode.rank > item.rank(mine.mode) and not mine.is_waived:
            gain = Fraction(item.points(mode.id), POINT * POINT) - mine.points
            output.say(f"  As {mode.id} it would bring {_points(gain)} more.")


def _points(number: Fraction) -> str:
    return output.plural(number, "point", 4)
