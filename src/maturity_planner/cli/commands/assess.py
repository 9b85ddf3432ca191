"""`assess`: the interview that fills an assessment, one saved answer at a time."""

from __future__ import annotations

import contextlib
import re
import unicodedata
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

    if answers and section is not None:
        raise UsageError(
            "--set and --section exclude each other", fix="Leave --section out: --set names items."
        )
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
    _tell(_interview(ctx.obj, model, current, path, items), path)
    output.hint(ctx, "Next: maturity-planner score")


def _tell(saved: int, path: Path) -> None:
    output.say(
        f"{output.plural(saved, 'answer')} saved in {path}." if saved else "Nothing changed."
    )


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
    _tell(len(edits) if edit_assessment(path, edits, ctx.obj.today) else 0, path)


def _goes_on(answered: Sequence[Item], items: Sequence[Item]) -> bool:
    """Ask whether to leave out what is answered, when some is and some is not."""
    if not answered or len(answered) == len(items):
        return False
    are = "is" if len(answered) == 1 else "are"
    question = f"{len(answered)} of {len(items)} items {are} answered. Go on with the rest?"
    return click.confirm(question, default=True)


def _interview(
    context: Context, rubric: Rubric, current: Assessment, path: Path, items: Sequence[Item]
) -> int:
    """Ask for each item and save each answer; return how many changed something."""
    from ...assessing import Edit, edit_assessment
    from ...core.rubric import NONE

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 (with it, arrow keys move the cursor in a prompt)
    saved = 0
    for number, item in enumerate(items, start=1):
        modes = [NONE, *item.modes]
        _introduce(rubric, current, item, f"{number}/{len(items)}")
        for choice, mode in enumerate(modes):
            evidence = "" if mode == NONE else item.modes[mode].evidence
            title = " - ".join(filter(None, [f"{choice}  {rubric.mode_title(mode)}", evidence]))
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
        # Saved at once: whoever stops at the next question has answered this one.
        is_new = edit_assessment(path, [Edit(item.id, mode)], context.today)
        if mode != NONE and (evidence := _asked_evidence(current, item)):
            added = [Edit(item.id, mode, add=(evidence,))]
            is_new = edit_assessment(path, added, context.today) or is_new
        saved += is_new
    return saved


def _asked_evidence(current: Assessment, item: Item) -> str:
    answer = current.answers.get(item.id)
    more = " to add" if answer and answer.evidence else ""
    question = f"  Evidence{more} (a link, a path or a sentence; Enter for none)"
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
