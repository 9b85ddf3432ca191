"""How the files of a project stand: what is there and whether it is sound, for `doctor`."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.finding import Finding, Grade
from ..errors import AssessmentError, Fault, MaturityError, UserError, suggestion
from .output import again, plural, short

if TYPE_CHECKING:
    from ..core.assessment import Assessment
    from ..core.rubric import Rubric
    from ..plans import PlanOnFile
    from .context import Context

ALL_FAULTS = "All of them: maturity-planner validate"


@dataclass(frozen=True, slots=True)
class Choice:
    """The files that options of the command name, None where they do not."""

    assessment: Path | None = None
    rubric: str | None = None


def file_findings(context: Context, choice: Choice) -> Iterator[Finding]:
    """Yield how the project's files stand: what is there, and whether it is sound."""
    models = yield from _models(context, choice)
    plan = yield from _plan(context, models)
    yield from _roadmap(context, models, plan)
    yield _history(context)
    yield from _templates(context, models, plan)
    yield _state(context)


Models = tuple["Rubric", "Assessment", Path]


def _models(context: Context, choice: Choice) -> Generator[Finding, None, Models | None]:
    """Yield how rubric and assessment stand, and the pins of the settings; return what is sound."""
    from ..core.circles import has_circle
    from ..files import load_rubric
    from ..resources import bundled_rubrics

    path = choice.assessment or context.project.assessment
    if not os.path.lexists(path):
        yield _no_assessment(context, choice, path)
        return None
    try:
        rubrics = {
            one: load_rubric(one) for one in context.rubric_paths(choice.assessment, choice.rubric)
        }
    except UserError as error:
        yield trouble("assessment" if isinstance(error, AssessmentError) else "rubric", error)
        return None
    for at, one in rubrics.items():
        place = "built in" if at in bundled_rubrics().values() else str(short(at))
        title = " ".join(f"{one.title} {one.version}".split())
        yield Finding("rubric", Grade.OK, f"{title}, {len(one.items)} items, {place}")
        if has_circle(one):
            fix = f"See where: maturity-planner validate {short(at)}"
            text = "needs lead in a circle: nothing can be planned"
            yield Finding("rubric", Grade.FAULT, text, fix)
    try:
        models = context.load_all(choice.assessment, choice.rubric)
    except UserError as error:
        yield trouble("assessment", error)
        return None
    answered = sum(
        answer.mode is not None for _, part in models for answer in part.answers.values()
    )
    items = sum(len(one.items) for one in rubrics.values())
    text = f"{short(path)}: {answered} of {items} items answered"
    yield Finding("assessment", Grade.OK, text)
    yield from _pins(context, *models[0])
    return context.load(choice.assessment, choice.rubric, as_planned=True)


def _no_assessment(context: Context, choice: Choice, path: Path) -> Finding:
    """Return that the assessment is missing: a fault only where somebody says that it is there."""
    if choice.assessment or "assessment" in context.project.data:
        grade, fix = Grade.FAULT, "Check the name, or write one: maturity-planner init"
    else:
        grade, fix = Grade.WARNING, "Write one: maturity-planner init"
    return Finding("assessment", grade, f"{short(path)} is not there", fix)


def _pins(context: Context, rubric: Rubric, assessment: Assessment) -> Iterator[Finding]:
    from ..pins import settings_pins

    try:
        settings_pins(context.project, rubric, assessment)
    except UserError as error:
        yield trouble("pins", error)


def _plan(context: Context, models: Models | None) -> Generator[Finding, None, PlanOnFile | None]:
    """Yield how the plan stands; return it when it is sound."""
    from ..core.quantity import shown
    from ..plans import load_plan, make_again, out_of_date

    path = context.project.plan
    if not os.path.lexists(path):
        fix = f"Make one: {again('plan --target T')}" if models else ""
        yield Finding("plan", Grade.WARNING, f"{short(path)} is not there yet", fix)
        return None
    if models is None:
        yield Finding("plan", Grade.WARNING, f"{short(path)}: not checked without an assessment")
        return None
    try:
        plan = load_plan(path, models[0])
    except UserError as error:
        yield trouble("plan", error)
        return None
    goal = "" if plan.target is None else f" to the target {shown(plan.target, 4)}"
    upgrades = plural(len(plan.upgrades), "upgrade")
    text = f"{short(path)}: {upgrades}{goal}"
    if changed := out_of_date(plan, *models[:2]):
        fix = make_again(plan, context.project.target)
        yield Finding("plan", Grade.WARNING, f"{text}, {changed}", fix)
    else:
        yield Finding("plan", Grade.OK, text)
    return plan


def _roadmap(context: Context, models: Models | None, plan: PlanOnFile | None) -> Iterator[Finding]:
    """Yield how the roadmap stands, if there is one."""
    from ..core.drift import to_do
    from ..core.roadmap_soundness import AGAIN
    from ..roadmaps import load_roadmap

    path = context.project.roadmap
    if models is None or not os.path.lexists(path):
        return
    try:
        found = load_roadmap(path, models[0])
    except UserError as error:
        yield trouble("roadmap", error)
        return
    assert found is not None
    if plan and found.plan != plan.id:
        yield Finding("roadmap", Grade.WARNING, f"{short(path)} is of another plan", AGAIN)
    elif plan and (missing := len(found.missing(to_do(plan.upgrades, models[1])))):
        text = f"{short(path)} is out of date: {plural(missing, 'upgrade')} of the plan not in it"
        yield Finding("roadmap", Grade.WARNING, text, AGAIN)
    else:
        upgrades = plural(len(found.slots), "upgrade")
        yield Finding("roadmap", Grade.OK, f"{short(path)}: {upgrades} in time")


def _history(context: Context) -> Finding:
    from ..files import read_text
    from ..record_checking import history_faults

    path = context.project.history
    name = short(path)
    if not os.path.lexists(path):
        return Finding("history", Grade.OK, f"{name} is not there yet: `score --record` starts it")
    try:
        text = read_text(path)
    except UserError as error:
        return trouble("history", error)
    if faults := history_faults(text, str(name)):
        return _first_of("history", faults)
    lines = sum(bool(line.strip()) for line in text.split("\n"))
    return Finding("history", Grade.OK, f"{name}: {plural(lines, 'recorded score')}")


def _templates(
    context: Context, models: Models | None, plan: PlanOnFile | None
) -> Iterator[Finding]:
    """Yield which ticket templates are the project's own, and whether the plan's tickets work."""
    folder = context.project.templates
    own = sorted(path.name for path in folder.glob("*.j2"))
    if not own:
        yield Finding("templates", Grade.OK, "the built-in ones")
        return
    from ..rendering import TEMPLATES, Renderer
    from ..sync import wanted_tickets

    for name in own:
        if name not in TEMPLATES:
            text = f"{short(folder / name)} replaces no built-in template"
            yield Finding("templates", Grade.WARNING, text, suggestion(name, TEMPLATES))
    try:
        for name in own:
            Renderer(folder, "").check(name)
        if models and plan:
            rubric, assessment, path = models
            wanted_tickets(plan, rubric, assessment, Renderer(folder, path.name))
    except UserError as error:
        yield trouble("templates", error)
        return
    yield Finding("templates", Grade.OK, f"{short(folder)}: {', '.join(own)}")


def _state(context: Context) -> Finding:
    folder = context.project.state
    name = f"{short(folder)}/"
    if not os.path.lexists(folder):
        return Finding("state", Grade.OK, f"{name} is not there yet: a sync makes it")
    if not os.path.isdir(folder):  # noqa: PTH112 (unlike Path's, never raises)
        return Finding("state", Grade.FAULT, f"{name} is no folder", "Remove it.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        fix = "Check the folder's permissions."
        return Finding("state", Grade.FAULT, f"{name} cannot be written", fix)
    return Finding("state", Grade.OK, f"{name} can be written")


def trouble(name: str, error: MaturityError) -> Finding:
    """Return an error as a finding: its first fault, and how many more there are."""
    if not error.faults:
        where = f"{error.where}: " if error.where else ""
        return Finding(name, Grade.FAULT, where + error.message, error.fix)
    return _first_of(name, error.faults)


def _first_of(name: str, faults: Sequence[Fault]) -> Finding:
    first, *others = faults
    more = f" (and {len(others)} more)" if others else ""
    return Finding(name, Grade.FAULT, placed(first) + more, ALL_FAULTS if others else first.fix)


def placed(fault: Fault) -> str:
    """Return the message of a fault after its place."""
    place = f"{short(Path(fault.file))}:{fault.line}: " if fault.line else ""
    return place + fault.message
