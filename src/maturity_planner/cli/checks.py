"""What is wrong with a file of any kind, for `validate`: by itself and beside its neighbours."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..checking import faults_of
from ..config import ONE_NAME, PYPROJECT, TABLE, Project, same_name
from ..core.assessment import named_rubrics
from ..core.plan_soundness import of_other_rubric, plan_faults
from ..core.roadmap_soundness import roadmap_faults
from ..core.rubric_soundness import linked_faults, rubric_faults
from ..core.team import team_faults
from ..documents import parse_yaml
from ..errors import Fault, MaturityError, TemplateError, UserError, nearest
from ..files import answer_faults, load_rubric, read_text
from ..linting import assessment_warnings, rubric_warnings
from ..record_checking import history_faults
from ..resources import bundled_rubrics
from ..toml_documents import parse_toml
from . import project_files
from .output import short
from .project_files import project_of

if TYPE_CHECKING:
    from ..core.rubric import Rubric
    from .context import Context

Document = Mapping[str, Any]


def faults_or_warnings(context: Context, path: Path) -> list[Fault]:
    """Return the faults of a file; of one without faults the warnings, which have a code."""
    try:
        text = read_text(path)
    except UserError as error:
        return list(error.faults) or [Fault(error.message, error.fix, file=str(path))]
    match kind := _kind(path, text):
        case "history":
            return history_faults(text, str(path))
        case "template":
            return _of_template(context, path)
        case "settings":
            return _of_settings(context, path, text)
        case "rubric":
            return _of_rubric(context, path, text)
        case "assessment":
            return _of_assessment(context, path, text)
        case "plan" | "roadmap":
            return _of_plan(context, kind, path, text)
    return [_of_no_kind(kind)._replace(file=str(path))]


def _kind(path: Path, text: str) -> str:
    """Return the file's kind: by its name, else by its `schema`, else by its folder."""
    by_name = {".jsonl": "history", ".toml": "settings", ".j2": "template"}
    if path.suffix in by_name:
        return by_name[path.suffix]
    found = re.search(r"^schema:\s*[\"']?maturity-planner/([a-z]+)\b", text, re.MULTILINE)
    in_place = "rubric" if path.absolute().parent.name == "rubrics" else "unknown"
    return found[1] if found else in_place


def _of_no_kind(kind: str) -> Fault:
    known = ("rubric", "assessment", "plan", "roadmap")
    fix = nearest(kind, known) or (
        "Start the file with `schema: maturity-planner/KIND/v1`; KIND is rubric, assessment, plan "
        "or roadmap."
    )
    return Fault(
        "the file does not say what it is: it has no `schema` line that is known here",
        fix,
        line=1,
        column=1,
    )


def _of_yaml(
    kind: str, path: Path, text: str, sound: Callable[[Document], list[Fault]] = lambda _: []
) -> list[Fault]:
    return faults_of(kind, text, str(path), parse=parse_yaml, sound=sound)[0]


# Settings and templates ----------------------------------------------------------------------


def _of_settings(context: Context, path: Path, text: str) -> list[Fault]:
    """Return the faults of settings; of the project's own also of what they name."""
    from ..pins import faults_of_settings

    named: list[Fault] = []
    try:
        if _is_same(context.project.source, path):
            named = _of_names(context.project)
            if not named:
                rubric, assessment, _ = context.load(None, None)
                return faults_of_settings(path, text, rubric, assessment)
    except MaturityError:  # each of the other files has its own faults told
        pass
    return faults_of(
        "settings",
        text,
        str(path),
        parse=parse_toml,
        sound=lambda document: [*team_faults(document), *named],
        within=TABLE if path.name == PYPROJECT else (),
    )[0]


def _of_names(project: Project) -> list[Fault]:
    """Return a fault for each name in the settings that leads nowhere."""
    faults = []
    if "assessment" in project.data and not os.path.lexists(project.assessment):
        message = f"the assessment {short(project.assessment)} is not there"
        fix = "Check the name; `maturity-planner init` writes assessment.yaml."
        faults.append(Fault(message, fix, ("assessment",)))
    if "rubric" in project.data:
        try:
            project.rubric(str(project.data["rubric"]))
        except UserError as error:
            faults.append(Fault(error.message, error.fix, ("rubric",)))
    return faults


def _of_template(context: Context, path: Path) -> list[Fault]:
    """Return the fault of a ticket template; of the project's own also with the plan's tickets."""
    from ..plans import load_plan
    from ..rendering import Renderer
    from ..sync import wanted_tickets

    renderer = Renderer(path.parent, "assessment.yaml")
    try:
        renderer.check(path.name)
        if _is_same(context.project.templates, path.parent):
            rubric, assessment, _ = context.load(None, None, as_planned=True)
            plan = load_plan(context.project.plan, rubric)
            wanted_tickets(plan, rubric, assessment, renderer)
    except TemplateError as error:
        file, _, line = error.where.rpartition(":")
        if _is_same(Path(file), path):  # else it is told there
            return [Fault(error.message, error.fix, file=str(path), line=int(line), column=1)]
    except MaturityError:  # without a sound plan there is nothing to put into it
        pass
    return []


def _is_same(one: Path | None, other: Path) -> bool:
    return one is not None and os.path.realpath(one) == os.path.realpath(other)


# Rubrics -------------------------------------------------------------------------------------


def _of_rubric(context: Context, path: Path, text: str) -> list[Fault]:
    project = project_of(context)
    linked = _rubrics_by_id(project) if "suggested_by" in text else {}
    twins = project.own_rubrics().get(path.stem, ())

    def sound(document: Document) -> list[Fault]:
        is_twin = len(twins) > 1 and any(_is_same(one, path) for one in twins)
        return [
            *([Fault(same_name(twins), ONE_NAME, ("id",))] if is_twin else ()),
            *rubric_faults(document),
            *linked_faults(document, linked),
        ]

    return _of_yaml("rubric", path, text, sound) or rubric_warnings(text, path, linked)


def _rubrics_by_id(project: Project) -> dict[str, Rubric | None]:
    """Return the rubrics that a link can lead to; None for one with faults of its own."""
    files = project.rubrics()
    files |= {path.stem: path for path in project_files.named_rubrics(project)}
    found: dict[str, Rubric | None] = dict.fromkeys(files)
    for name, path in files.items():
        try:
            rubric = load_rubric(path)
        except UserError:
            continue
        if rubric.id == name or found.get(rubric.id) is None:
            found[rubric.id] = rubric
    return found


# Assessments, plans and roadmaps -------------------------------------------------------------


def _of_assessment(context: Context, path: Path, text: str) -> list[Fault]:
    project = project_of(context)

    def sound(document: Document) -> list[Fault]:
        rubrics = []
        unusable = []
        for n, name in enumerate(named_rubrics(document)):
            file = name
            try:
                file = str(short(project.rubric(name, path.parent)))
                rubrics.append(load_rubric(Path(file)))
            except MaturityError as error:
                fix = error.fix or f"Check the rubric first: maturity-planner validate {file}"
                is_list = isinstance(document["rubric"], list)
                at = ("rubric", n) if is_list else ("rubric",)
                unusable.append(Fault(error.message, fix, at))
        if unusable or not rubrics:  # an item may be one of a rubric that cannot be read
            return unusable
        return answer_faults(document, rubrics, bundled_rubrics().values())

    found = _of_yaml("assessment", path, text, sound)
    return found or assessment_warnings(text, path, context.today)


def _of_plan(context: Context, kind: str, path: Path, text: str) -> list[Fault]:
    """Return the faults of a plan or roadmap, against the project's rubric if made for that one."""
    try:
        found = [load_rubric(at) for at in context.rubric_paths(None, None)]
        rubrics = {one.id: one for one in found}
        is_ours = _is_same(
            context.project.plan if kind == "plan" else context.project.roadmap, path
        )
    except MaturityError:
        return _of_yaml(kind, path, text)

    def sound(document: Document) -> list[Fault]:
        made_for = document.get("rubric")
        if made_for in rubrics:
            faults_in = plan_faults if kind == "plan" else roadmap_faults
            return faults_in(document, rubrics[made_for])
        if not made_for or not is_ours:  # a plan of another project, say
            return []
        return [of_other_rubric(kind, made_for, *rubrics)]

    return _of_yaml(kind, path, text, sound)
