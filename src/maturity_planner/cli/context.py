"""What every command starts from: the global options, the project, today."""

from __future__ import annotations

import datetime
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import AssessmentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..config import Project
    from ..core.assessment import Assessment
    from ..core.rubric import Rubric


@dataclass
class Context:
    """The global options and what follows from them. The clock is read here and nowhere else.

    `is_waiting` while a line on the terminal tells about something: there is never a second one.
    """

    config: str | None = None
    color: str = "auto"
    no_input: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    is_waiting: bool = False

    @cached_property
    def project(self) -> Project:
        """The project of the current folder, or of `--config`."""
        from pathlib import Path

        from ..config import find_project

        return find_project(Path.cwd(), Path(self.config) if self.config else None)

    @cached_property
    def now(self) -> datetime.datetime:
        """The time in UTC; SOURCE_DATE_EPOCH, as for reproducible builds, sets it."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if not epoch:
            return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        try:
            return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
        except (ValueError, OverflowError, OSError):
            from ..errors import ConfigError

            raise ConfigError(
                f'SOURCE_DATE_EPOCH is "{epoch}", not a number of seconds since 1970',
                fix="Unset it, or set it to what `date +%s` prints.",
            ) from None

    @property
    def today(self) -> datetime.date:
        """The day in UTC."""
        return self.now.date()

    @property
    def may_ask(self) -> bool:
        """Whether there is a person at a terminal who wants to be asked."""
        return not self.no_input and not os.environ.get("CI") and sys.stdin.isatty()

    def rubric_path(self, assessment: Path | None, rubric: str | None) -> Path:
        """Return the rubric's file: the option's, else the settings', else the assessment's."""
        return self.rubric_paths(assessment, rubric)[0]

    def rubric_paths(self, assessment: Path | None, rubric: str | None) -> tuple[Path, ...]:
        """Return the file of the rubric to work on, then those of the assessment's other ones.

        A rubric that the assessment does not name is tried alone.
        """
        from ..files import rubric_names

        path = assessment or self.project.assessment
        chosen = self._chosen_rubric(rubric)
        try:
            names = rubric_names(path)
        except AssessmentError:
            if chosen is None:
                raise
            return (chosen,)  # the one to tell what is wrong with the assessment
        if chosen is not None and len(names) == 1:
            return (chosen,)
        named = [self.project.rubric(name, path.parent) for name in names]
        if chosen is None:
            return tuple(named)
        # The same file may be named by its id and by a path.
        others = [one for one in named if os.path.realpath(one) != os.path.realpath(chosen)]
        return (chosen, *others) if len(others) < len(named) else (chosen,)

    def _chosen_rubric(self, rubric: str | None) -> Path | None:
        from pathlib import Path

        if rubric:
            return self.project.rubric(rubric, Path.cwd())
        named = self.project.data.get("rubric")
        return self.project.rubric(str(named)) if named else None

    def load(
        self,
        assessment: Path | None,
        rubric: str | None,
        *,
        to_plan: bool = False,
        as_planned: bool = False,
    ) -> tuple[Rubric, Assessment, Path]:
        """Return the rubric, the assessment and the assessment's file.

        Nothing is planned for a rubric whose needs lead in a circle. Of several rubrics it is the
        chosen one or, `as_planned`, the one that the plan was made for.
        """
        from ..files import load_rubric, refuse_circles
        from .waiting import waiting

        with waiting(self, "Reading the rubric and the assessment"):
            rubrics = {one: load_rubric(one) for one in self.rubric_paths(assessment, rubric)}
            at = next(iter(rubrics))
            if as_planned and not rubric and len(rubrics) > 1:
                from ..plans import planned_rubric

                made_for = planned_rubric(self.project.plan)
                at = next((one for one in rubrics if rubrics[one].id == made_for), at)
            if to_plan:
                refuse_circles(rubrics[at], at)
            return rubrics[at], self._part(assessment, rubrics, at), self._path(assessment)

    def load_all(
        self, assessment: Path | None, rubric: str | None
    ) -> tuple[tuple[Rubric, Assessment], ...]:
        """Return each rubric of the assessment with the part for it, the chosen one first."""
        from ..files import load_rubric

        rubrics = {one: load_rubric(one) for one in self.rubric_paths(assessment, rubric)}
        return tuple((rubrics[at], self._part(assessment, rubrics, at)) for at in rubrics)

    def _part(
        self, assessment: Path | None, rubrics: Mapping[Path, Rubric], at: Path
    ) -> Assessment:
        from ..files import load_assessment

        others = {one: rubrics[one] for one in rubrics if one != at}
        return load_assessment(self._path(assessment), rubrics[at], at, self.today, others)

    def _path(self, assessment: Path | None) -> Path:
        return assessment or self.project.assessment
