"""The rubrics and the assessment of a project: which files they are, and what is in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from .config import Project
from .core.assessment import Assessment
from .core.rubric import Rubric
from .errors import AssessmentError
from .files import load_assessment, load_rubric, refuse_circles, rubric_names
from .resources import bundled_rubrics


def rubric_paths(project: Project, assessment: Path, rubric: str | None) -> tuple[Path, ...]:
    """Return the file of the rubric to work on, then those of the assessment's other ones.

    It is the one that is asked for, else the settings', else the assessment's first. A rubric that
    the assessment does not name is tried alone.
    """
    chosen = _chosen_rubric(project, rubric)
    try:
        names = rubric_names(assessment)
    except AssessmentError:
        if chosen is None:
            raise
        return (chosen,)  # the one to tell what is wrong with the assessment
    if chosen is not None and len(names) == 1:
        return (chosen,)
    named = [project.rubric(name, assessment.parent) for name in names]
    if chosen is None:
        return tuple(named)
    # The same file may be named by its id and by a path.
    others = [one for one in named if os.path.realpath(one) != os.path.realpath(chosen)]
    return (chosen, *others) if len(others) < len(named) else (chosen,)


def _chosen_rubric(project: Project, rubric: str | None) -> Path | None:
    if rubric:
        return project.rubric(rubric, Path.cwd())
    named = project.data.get("rubric")
    return project.rubric(str(named)) if named else None


def load_part(
    project: Project,
    assessment: Path,
    rubric: str | None,
    today: date,
    *,
    to_plan: bool = False,
    as_planned: bool = False,
) -> tuple[Rubric, Assessment]:
    """Return the rubric, and what the assessment says of it.

    Nothing is planned for a rubric whose needs lead in a circle. Of several rubrics it is the
    chosen one or, `as_planned`, the one that the plan was made for.
    """
    rubrics = {one: load_rubric(one) for one in rubric_paths(project, assessment, rubric)}
    at = next(iter(rubrics))
    if as_planned and not rubric and len(rubrics) > 1:
        from .plans import planned_rubric

        made_for = planned_rubric(project.plan)
        at = next((one for one in rubrics if rubrics[one].id == made_for), at)
    if to_plan:
        refuse_circles(rubrics[at], at)
    return rubrics[at], _part(assessment, rubrics, at, today)


def load_parts(
    project: Project, assessment: Path, rubric: str | None, today: date
) -> tuple[tuple[Rubric, Assessment], ...]:
    """Return each rubric of the assessment with the part for it, the chosen one first."""
    rubrics = {one: load_rubric(one) for one in rubric_paths(project, assessment, rubric)}
    return tuple((rubrics[at], _part(assessment, rubrics, at, today)) for at in rubrics)


def _part(assessment: Path, rubrics: Mapping[Path, Rubric], at: Path, today: date) -> Assessment:
    others = {one: rubrics[one] for one in rubrics if one != at}
    known = bundled_rubrics().values()
    return load_assessment(assessment, rubrics[at], at, today, others, known)
