"""`assess`: the interview that fills an assessment, one saved answer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.assessment import Assessment
    from ...core.rubric import Item, Rubric
    from ..context import Context


@click.command("assess")
@options.assessment
@options.rubric
@click.option("--section", metavar="ID", help="Ask for one section only.")
@click.option("--only", type=click.Choice(["unanswered"]), help="Ask only what nobody answered.")
@click.option(
    "--set",
    "answers",
    multiple=True,
    metavar="ITEM=MODE",
    help="Answer without asking; repeatable.",
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    assessment: Path | None,
    rubric: str | None,
    section: str | None,
    only: str | None,
    answers: tuple[str, ...],
) -> None:
    """Answer the rubric's items: numbered choices, evidence, saved after every answer.

    Stop with Ctrl-C whenever you like and run it again to go on.
    """
    from ...errors import UsageError

    model, current, path = ctx.obj.load(assessment, rubric)
    if assessment is None:
        ctx.obj.project.inside(path, "the assessment")
    if answers:
        _set(ctx, model, path, answers)
        return
    items = _chosen(model, section)
    if not ctx.obj.may_ask:
        raise UsageError(
            "assess asks questions, and there is nobody to answer them here",
            fix="Answer with --set ITEM=MODE, or run it at a terminal (without --no-input or CI).",
        )
    answered = [item for item in items if current.is_answered(item)]
    if only or _goes_on(answered, items):
        items = [item for item in items if not current.is_answered(item)]
    asked = _interview(ctx.obj, model, current, path, items)
    output.say(f"{output.plural(asked, 'answer')} saved in {path}.")
    output.hint(ctx, "Next: maturity-planner score")


def _chosen(rubric: Rubric, section: str | None) -> list[Item]:
    from ..lookup import find_section

    if section is None:
        return list(rubric.items.values())
    return list(find_section(rubric, section).items)


def _set(ctx: click.Context, rubric: Rubric, path: Path, answers: Sequence[str]) -> None:
    from ...assessing import Edit, edit_assessment
    from ...core.rubric import NONE
    from ...errors import UsageError, suggestion
    from ..lookup import find_item

    edits = []
    for given in answers:
        name, equals, mode = given.partition("=")
        if not equals:
            raise UsageError(f'"--set {given}" sets nothing', fix="Write --set ITEM=MODE.")
        item = find_item(rubric, name)
        if mode != NONE and mode not in item.modes:
            fix = suggestion(mode, [NONE, *item.modes], kind="Modes")
            raise UsageError(f'item "{name}" has no mode "{mode}"', fix=fix)
        edits.append(Edit(name, mode))
    edit_assessment(path, edits, ctx.obj.today)
    output.say(f"{output.plural(len(edits), 'answer')} saved in {path}.")


def _goes_on(answered: Sequence[Item], items: Sequence[Item]) -> bool:
    """Ask whether to leave out what is answered, when some is and some is not."""
    if not answered or len(answered) == len(items):
        return False
    question = f"{len(answered)} of {len(items)} items are answered. Go on with the rest?"
    return click.confirm(question, default=True)


def _interview(
    context: Context, rubric: Rubric, current: Assessment, path: Path, items: Sequence[Item]
) -> int:
    """Ask for each item and save each answer; return how many were given."""
    from ...assessing import Edit, edit_assessment
    from ...core.rubric import NONE

    asked = 0
    for number, item in enumerate(items, start=1):
        modes = [NONE, *item.modes]
        _introduce(rubric, current, item, f"{number}/{len(items)}")
        for choice, mode in enumerate(modes):
            evidence = "" if mode == NONE else f" - {item.modes[mode].evidence}"
            title = f"{choice}  {rubric.mode_title(mode)}{evidence}"
            output.say(output.wrap(title, indent="    "))
        output.say("    s  skip    q  save and stop")
        now = current.mode(item)
        default = str(modes.index(now)) if current.is_answered(item) else "s"
        words = [*map(str, range(len(modes))), "s", "q"]
        answer = click.prompt(
            "  Which one", type=click.Choice(words), default=default, show_choices=False
        )
        if answer == "q":
            break
        if answer == "s":
            continue
        mode = modes[int(answer)]
        given: tuple[str, ...] = ()
        if mode != NONE:
            text = click.prompt(
                "  Evidence (a link, a path or a sentence; Enter for none)",
                default="",
                show_default=False,
            )
            given = (output.clean(text.strip()),) if text.strip() else ()
        edit_assessment(path, [Edit(item.id, mode, add=given)], context.today)
        asked += 1
    return asked


def _introduce(rubric: Rubric, current: Assessment, item: Item, progress: str) -> None:
    section = output.clean(rubric.section_titles[item.section])
    output.say()
    output.say(click.style(f"[{progress}] {section}: {output.clean(item.title)}", bold=True))
    if item.summary:
        output.say(output.wrap(item.summary))
    answer = current.answers.get(item.id)
    if answer and answer.mode:
        shown = ", ".join([rubric.mode_title(answer.mode), *answer.evidence])
        output.say(output.wrap(f"Until now: {shown}"))
