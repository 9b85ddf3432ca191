"""Settings: found from the current folder upwards, merged, and never guessed.

`maturity.toml` wins over the table [tool.maturity-planner] of `pyproject.toml`; an option of a
command wins over both.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from .checking import checked
from .core.team import Team, build_team, team_faults
from .documents import Unreadable
from .errors import ConfigError, suggestion
from .files import read_text
from .resources import bundled_rubrics
from .toml_documents import parse_toml

SETTINGS = "maturity.toml"
PYPROJECT = "pyproject.toml"
TABLE = ("tool", "maturity-planner")
RUBRIC_SUFFIXES = (".yaml", ".yml")
ONE_NAME = "Remove one of them, or give it another name."


@dataclass(frozen=True, slots=True)
class Project:
    """A project's folder and its settings. `source` is the settings file, None without one."""

    root: Path
    source: Path | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def assessment(self) -> Path:
        """The assessment file."""
        return self.root / str(self.data.get("assessment", "assessment.yaml"))

    @property
    def plan(self) -> Path:
        """The plan file."""
        named = self.data.get("plan", {})
        return self.root / (named if isinstance(named, str) else named.get("file", "plan.yaml"))

    @property
    def roadmap(self) -> Path:
        """The roadmap file."""
        return self.root / str(self.data.get("roadmap", "roadmap.yaml"))

    @property
    def history(self) -> Path:
        """The history of recorded scores."""
        return self.root / "history.jsonl"

    @property
    def state(self) -> Path:
        """The folder for lock and journal; may be deleted at any time."""
        return self.root / ".maturity"

    @property
    def templates(self) -> Path:
        """The project's own ticket templates, which replace single built-in ones."""
        return self.root / "templates" / "tickets"

    @property
    def target(self) -> Fraction | None:
        """The target score, if the settings name one."""
        target = self.data.get("target")
        return None if target is None else Fraction(target)

    @property
    def horizon(self) -> Fraction:
        """Quarters of upkeep that a plan counts."""
        return Fraction(self.data.get("horizon_quarters", 4))

    @property
    def grace(self) -> int:
        """Quarters for which evidence counts after its review is due."""
        return int(self.data.get("grace_quarters", 1))

    @property
    def team(self) -> Team:
        """The people there are."""
        return build_team(self.data)

    def pins(self, kind: str) -> tuple[str, ...]:
        """The pins of the table [plan]: ITEM or ITEM@MODE; `kind` is include or exclude."""
        table = self.data.get("plan", {})
        return () if isinstance(table, str) else tuple(table.get(kind, ()))

    @property
    def tracker(self) -> str:
        """The kind of tracker."""
        return str(self.data.get("tracker", {}).get("kind", "local"))

    def tracker_settings(self, kind: str) -> Mapping[str, Any]:
        """The settings of one kind of tracker."""
        found: Mapping[str, Any] = self.data.get("tracker", {}).get(kind, {})
        return found

    def inside(self, path: Path, what: str) -> Path:
        """Return the path if writing there stays inside the project, links followed.

        Raises:
            ConfigError: it leads outside, or to a pipe, which nobody may ever read.
        """
        # Unlike Path.resolve, realpath takes links in a circle without an error of its own.
        root = Path(os.path.realpath(self.root))
        if not Path(os.path.realpath(path)).is_relative_to(root):
            raise ConfigError(
                f"{what} {path} leads outside the project {root}",
                fix="Name a path inside the project, without links or `..` that leave it.",
            )
        if path.is_fifo():
            raise ConfigError(f"{what} {path} is a pipe", fix="Name a file.")
        return path

    def role(self, path: Path) -> str:
        """Return what a file is to the project, links followed; nothing for one that is not ours.

        A file that is not there yet has a role by its name, and in a folder that is ours alone.
        """
        place = os.path.realpath(path)
        files = {
            "assessment": self.assessment,
            "plan": self.plan,
            "roadmap": self.roadmap,
            "history": self.history,
            "settings": self.source or self.root / SETTINGS,
        }
        for role, file in files.items():
            if _is_same(place, os.path.realpath(file)):
                return role
        tickets = self.tracker_settings("local").get("directory", "backlog")
        for role, folder in (("ticket", self.root / str(tickets)), ("state", self.state)):
            if place.startswith(os.path.realpath(folder) + os.sep):
                return role
        # The schema of an editor lies beside the rubrics, and can be made anew.
        if not os.path.lexists(place) or place.endswith(".schema.json"):
            return ""
        for role, folder in (
            ("rubric", self.root / "rubrics"),
            ("ticket template", self.templates),
        ):
            if place.startswith(os.path.realpath(folder) + os.sep):
                return role
        return ""

    def leaves(self, path: Path) -> bool:
        """Return whether a path of the project leads out of it by a link."""
        # What normal paths say: only then is a link to blame.
        plain = os.path.abspath(path)  # noqa: PTH100 (Path.absolute keeps "..")
        if not Path(plain).is_relative_to(os.path.abspath(self.root)):  # noqa: PTH100 (the same)
            return False
        return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.root))

    def own_rubrics(self) -> dict[str, tuple[Path, ...]]:
        """The project's own rubrics by id, the file's name; more than one file is a fault."""
        found: dict[str, tuple[Path, ...]] = {}
        for path in sorted((self.root / "rubrics").glob("*")):
            if path.suffix.lower() in RUBRIC_SUFFIXES:
                found[path.stem] = (*found.get(path.stem, ()), path)
        return found

    def rubrics(self) -> dict[str, Path]:
        """Every known rubric by id: built-in ones, then the project's own, which win."""
        return bundled_rubrics() | {name: files[0] for name, files in self.own_rubrics().items()}

    def rubric(self, name: str, beside: Path | None = None) -> Path:
        """Return the file of a rubric named by id or path; a path counts from `beside`.

        Raises:
            ConfigError: there is no such rubric, or two files of one id.
        """
        known = self.rubrics()
        if name in known:
            if len(twins := self.own_rubrics().get(name, ())) > 1:
                raise ConfigError(same_name(twins), fix=ONE_NAME)
            return known[name]
        path = (beside or self.root) / name
        if os.path.isfile(path):  # noqa: PTH113 (unlike Path's, never raises)
            return path
        raise ConfigError(
            f'there is no rubric "{name}": neither a known id nor a file',
            fix=suggestion(name, known, kind="Known rubrics"),
        )


def same_name(files: Sequence[Path]) -> str:
    """Return that these files of one folder would all be one rubric."""
    names = " and ".join(f"rubrics/{path.name}" for path in files)
    return f'{names} are both the rubric "{files[0].stem}"'


def find_project(start: Path, config: Path | None = None) -> Project:
    """Return the project of a folder: the nearest one upwards with settings, else the folder.

    Raises:
        ConfigError: with every fault of the settings.
    """
    settings = config or find_settings(start)
    return Project(start) if settings is None else _load(settings)


def find_settings(start: Path) -> Path | None:
    """Return the nearest file with settings from the folder upwards, whatever is wrong with it."""
    for folder in (start, *start.parents):
        if os.path.lexists(folder / SETTINGS):  # a folder or a dead link is a fault to report
            return folder / SETTINGS
        pyproject = folder / PYPROJECT
        if pyproject.is_file() and _has_table(pyproject):
            return pyproject
        if (folder / ".git").exists():  # a repository is the widest a project can be
            break
    return None


def _is_same(one: str, other: str) -> bool:
    """Return whether two real paths are one file: by name, as a hard link, in another case."""
    try:
        return one == other or os.path.samefile(one, other)  # noqa: PTH121 (both are text)
    except (OSError, ValueError):
        return False


def _has_table(pyproject: Path) -> bool:
    """Return whether our table is in the file; one that cannot be read may well have it."""
    try:
        text = read_text(pyproject, ConfigError)
        if TABLE[-1] not in text:
            return False
        tools = parse_toml(text).data.get(TABLE[0], {})
    except (ConfigError, Unreadable):
        return True
    return isinstance(tools, dict) and TABLE[-1] in tools


def _load(path: Path) -> Project:
    data = checked(
        "settings",
        read_text(path, ConfigError),
        str(path),
        parse=parse_toml,
        sound=team_faults,
        within=TABLE if path.name == PYPROJECT else (),
        error=ConfigError,
    )
    return Project(path.parent, path, data)
