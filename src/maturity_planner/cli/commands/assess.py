"""`assess`: the interview that fills an assessment, one saved answer at a time."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import choosing, options, output, suggesting

if TYPE_CHECKING:
    from ...core.assessment import Assessment
    from ...core.rubric import Item, ModeId, Rubric
    from ..context import Context
    from ..suggesting import Models

    Question = tuple[Rubric, Assessment, Item]


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
@click.option(
    "--suggest",
    "only_suggest",
    is_flag=True,
    help="List what answers to other rubrics suggest; sets nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; with --suggest.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    assessment: Path | None,
    rubric: str | None,
    section: str | None,
    only: str | None,
    answers: tuple[str, ...],
    only_suggest: bool,
    as_json: bool,
) -> None:
    """Answer the rubric's items: numbered choices, evidence, saved after every answer.

    Stop with Ctrl-C whenever you like and run it again to go on.
    """
    from ...errors import UsageError

    if answers and section is not None:
        raise UsageError(
            "--set and --section exclude each other", fix="Leave --section out: --set names items."
        )
    if only_suggest and answers:
        raise UsageError("--suggest sets nothing, and --set does", fix="Leave one of them out.")
    if as_json and not only_suggest:
        raise UsageError("only --suggest prints JSON", fix="Leave --json out, or add --suggest.")
    models = ctx.obj.load_all(assessment, rubric)
    path = assessment or ctx.obj.project.assessment
    asked = models if rubric is None else models[:1]
    if only_suggest:
        items = [item for _, _, item in _chosen(asked, section, only)]
        _show_suggestions(models, items, as_json=as_json)
        return
    if assessment is None:
        ctx.obj.project.inside(path, "the assessment")
    if answers:
        _set(ctx, [model for model, _ in asked], path, answers)
        return
    questions = _chosen(asked, section, None)
    if not ctx.obj.may_ask:
        raise UsageError(
            "assess asks questions, and there is nobody to answer them here",
            fix="Answer with --set ITEM=MODE, or run it at a terminal (without --no-input or CI).",
        )
    open_ones = _chosen(asked, section, "unanswered")
    if only or _goes_on(len(questions) - len(open_ones), len(questions)):
        questions = open_ones
    saved: list[str] = []
    try:
        _interview(ctx.obj, models, path, questions, saved)
    except (click.Abort, KeyboardInterrupt):
        output.note("\n" + _told(len(saved), path))
        raise
    output.say(_told(len(saved), path))
    output.hint(ctx, f"Next: {output.again('score')}")


def _show_suggestions(models: Models, items: Sequence[Item], *, as_json: bool) -> None:
    found = suggesting.find(models, items)
    if as_json:
        from ...outputs.rubric import suggestions_data

        output.emit("assess", suggestions_data(found))
    else:
        suggesting.show(found, models)


def _told(saved: int, path: Path) -> str:
    return f"{output.plural(saved, 'answer')} saved in {path}." if saved else "Nothing changed."


def _chosen(models: Models, section: str | None, only: str | None) -> list[Question]:
    """Return the items to ask for, in the order of the rubrics."""
    from ...lookup import find_section

    if section is None:
        chosen = {item.id for model, _ in models for item in model.items.values()}
    else:
        owners = [m for m, _ in models if any(part.id == section for part in m.sections)]
        model = owners[0] if owners else models[0][0]
        chosen = {item.id for item in find_section(model, section).items}
    return [
        (model, current, item)
        for model, current in models
        for item in model.items.values()
        if item.id in chosen and not (only and current.is_answered(item))
    ]


def _set(ctx: click.Context, rubrics: Sequence[Rubric], path: Path, answers: Sequence[str]) -> None:
    from ...assessing import Edit, edit_assessment
    from ...core.rubric import NONE
    from ...errors import UsageError, suggestion
    from ...lookup import find_item

    edits = []
    for given in answers:
        name, equals, mode = given.partition("=")
        if not equals:
            raise UsageError(f'"--set {given}" sets nothing', fix="Write --set ITEM=MODE.")
        item = find_item(rubrics, name)
        if mode != NONE and mode not in item.modes:
            fix = suggestion(mode, [NONE, *item.modes], kind="Modes")
            raise UsageError(f'item "{name}" has no mode "{mode}"', fix=fix)
        edits.append(Edit(name, mode))
    count = len({edit.item for edit in edits})  # of several for one item, the last one counts
    output.say(_told(count if edit_assessment(path, edits, ctx.obj.today) else 0, path))


def _goes_on(answered: int, items: int) -> bool:
    """Ask whether to leave out what is answered, when some is and some is not."""
    if not answered or answered == items:
        return False
    are = "is" if answered == 1 else "are"
    question = f"{answered} of {items} items {are} answered. Go on with the rest?"
    return click.confirm(question, default=True)


def _interview(
    context: Context, models: Models, path: Path, questions: Sequence[Question], saved: list[str]
) -> None:
    """Ask for each item and save each answer; those that changed something go into `saved`."""
    from ...assessing import Edit, edit_assessment
    from ...core.rubric import NONE
    from ...core.suggesting import answered_modes, suggest

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 (with it, arrow keys move the cursor in a prompt)
    rubrics = [rubric for rubric, _ in models]
    answered = answered_modes(assessment for _, assessment in models)
    for number, (rubric, current, item) in enumerate(questions, start=1):
        modes = [NONE, *item.modes]
        _introduce(rubric, current, item, f"{number}/{len(questions)}")
        if suggested := suggest(rubrics, item, answered):
            output.say(output.wrap(suggesting.line(suggested)))
        now = current.mode(item)
        default = str(modes.index(now)) if current.is_answered(item) else choosing.SKIP
        names = [(mode, rubric.mode_title(mode)) for mode in modes]
        answer = choosing.choose(_choices(rubric, item, modes), names, default)
        if answer == choosing.STOP:
            break
        if answer == choosing.SKIP:
            continue
        mode = modes[int(answer)]
        # Saved at once: whoever stops at the next question has answered this one.
        if edit_assessment(path, [Edit(item.id, mode)], context.today):
            saved.append(item.id)
        answered[item.id] = mode
        evidence = _asked_evidence(current, item) if mode != NONE else ""
        if choosing.is_stop(evidence):
            break
        added = [Edit(item.id, mode, add=(evidence,))]
        if evidence and edit_assessment(path, added, context.today) and item.id not in saved:
            saved.append(item.id)


def _choices(rubric: Rubric, item: Item, modes: Sequence[ModeId]) -> list[str]:
    """Return a line for each mode, with its number and the evidence that it asks for."""
    lines = []
    for choice, mode in enumerate(modes):
        evidence = item.modes[mode].evidence if mode in item.modes else ""
        title = " - ".join(filter(None, [f"{choice}  {rubric.mode_title(mode)}", evidence]))
        lines.append(output.wrap(title, indent="    "))
    return lines


def _asked_evidence(current: Assessment, item: Item) -> str:
    answer = current.answers.get(item.id)
    more = " to add" if answer and answer.evidence else ""
    question = f"  Evidence{more} (a link, a path or a sentence; q to stop, Enter for none)"
    return typed_text(click.prompt(question, default="", show_default=False))


def typed_text(line: str) -> str:
    r"""Return what a person typed, without what keys like the arrows put into the line.

    >>> typed_text("docs/a.md\x1b[D")
    'docs/a.md'
    """
    text = re.sub(r"\x1b(\[[0-9;]*[A-Za-z~]|O[A-Za-z])", "", line).replace("\t", " ")
    text = "".join(char for char in text if unicodedata.category(char) != "Cc")
    return output.clean(text).strip()


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
