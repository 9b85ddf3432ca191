"""Which files a project has, for `validate`: also where its settings cannot be used."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Project
from ..errors import ConfigError, UserError
from ..files import rubric_names
from ..resources import bundled_rubrics
from .output import short

if TYPE_CHECKING:
    from .context import Context


def project_of(context: Context) -> Project:
    """Return the project; where its settings have faults, its folder with the usual names.

    The faults of the settings are told for the settings, and for nothing else.

    Raises:
        ConfigError: `--config` names no file.
    """
    try:
        return context.project
    except ConfigError:
        settings = context.settings
        if settings is None or (context.config and not _exists(settings)):
            raise
        return Project(settings.parent)


def all_files(context: Context) -> list[Path]:
    """Return the project's files that are there, each once, its rubrics last.

    Raises:
        UserError: there is nothing.
    """
    project = project_of(context)
    settings = context.settings
    usual = (project.assessment, project.plan, project.roadmap, project.history)
    found = [
        *([settings] if settings else ()),
        *(path for path in usual if _exists(path)),
        *sorted(project.templates.glob("*.j2")),
        *(path for files in project.own_rubrics().values() for path in files),
        *named_rubrics(project),
    ]
    if not found:
        raise UserError(
            "there is nothing to check here: no settings, assessment, plan or rubrics/",
            fix="Name files, or start with `maturity-planner init`.",
        )
    return list({os.path.realpath(path): short(path) for path in reversed(found)}.values())[::-1]


def named_rubrics(project: Project) -> Iterator[Path]:
    """Yield the files of the rubrics that settings and assessment name, but for built-in ones.

    A name that leads nowhere is a fault of the file that holds it, and passed over here.
    """
    beside = project.assessment.parent
    names = [(str(project.data["rubric"]), project.root)] if "rubric" in project.data else []
    with contextlib.suppress(UserError):
        names += [(name, beside) for name in rubric_names(project.assessment)]
    built_in = bundled_rubrics().values()
    for name, folder in names:
        try:
            path = project.rubric(name, folder)
        except ConfigError:
            continue
        if path not in built_in:
            yield path


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 (unlike Path's, never raises)
