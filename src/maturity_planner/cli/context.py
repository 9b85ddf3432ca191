"""What every command starts from: the global options, the project, today."""

from __future__ import annotations

import datetime
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .output import short

if TYPE_CHECKING:
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
        """The project of the current folder, or of `--config`; its paths can be printed as such."""
        from pathlib import Path

        from ..config import Project, find_project

        here = short(Path.cwd())
        return find_project(here, self.settings) if self.settings else Project(here)

    @cached_property
    def settings(self) -> Path | None:
        """The settings file, named or found; None where there is none."""
        from pathlib import Path

        from ..config import find_settings

        found = Path(self.config) if self.config else find_settings(Path.cwd())
        return found and short(found)

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
                f'SOURCE_DATE_EPOCH is "{epoch}", not the seconds from 1970 to a day before 10000',
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
        """Return the file of the rubric to work on, then those of the assessment's other ones."""
        from ..loading import rubric_paths

        return rubric_paths(self.project, self._path(assessment), rubric)

    def load(
        self,
        assessment: Path | None,
        rubric: str | None,
        *,
        to_plan: bool = False,
        as_planned: bool = False,
    ) -> tuple[Rubric, Assessment, Path]:
        """Return the rubric, the assessment and the assessment's file; see `loading.load_part`."""
        from ..loading import load_part
        from .waiting import waiting

        with waiting(self, "Reading the rubric and the assessment"):
            path = self._path(assessment)
            part = load_part(
                self.project, path, rubric, self.today, to_plan=to_plan, as_planned=as_planned
            )
            return *part, path

    def load_all(
        self, assessment: Path | None, rubric: str | None
    ) -> tuple[tuple[Rubric, Assessment], ...]:
        """Return each rubric of the assessment with the part for it, the chosen one first."""
        from ..loading import load_parts

        return load_parts(self.project, self._path(assessment), rubric, self.today)

    def _path(self, assessment: Path | None) -> Path:
        return assessment or self.project.assessment
