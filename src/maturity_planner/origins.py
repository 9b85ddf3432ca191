"""Every setting in force, and where it came from: an option, the environment, a file, or nowhere.

For `doctor`. A token is never read here; only where it would come from is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .config import PYPROJECT, TABLE, Project
from .credentials import VARIABLES, token_source
from .errors import ConfigError
from .files import read_text
from .toml_documents import parse_toml


class Origin(StrEnum):
    """What decided a setting."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting by its full name; `where` is the option, the variable or FILE:LINE.

    The value is None for what nobody has set and, always, for what may hold a secret.
    """

    name: str
    value: Any
    origin: Origin = Origin.DEFAULT
    where: str = ""


DEFAULTS: Mapping[str, Any] = {
    "assessment": "assessment.yaml",
    "rubric": None,
    "target": None,
    "horizon_quarters": 4,
    "grace_quarters": 1,
    "plan.file": "plan.yaml",
    "plan.include": [],
    "plan.exclude": [],
    "roadmap": "roadmap.yaml",
    "team.focus": 1,
    "team.sprint_weeks": 2,
    "team.holidays": [],
    "team.correlation": 0,
    "team.people": None,
    "team.absences": [],
    "tracker.kind": "local",
    "tracker.local.directory": "backlog",
    "tracker.github.repository": None,
    "tracker.github.base_url": None,
    "tracker.github.token_command": None,
    "tracker.github.assignees": [],
    "tracker.github.project": None,
    "tracker.github.project_owner": None,
    "tracker.github.project_start": "Start date",
    "tracker.github.project_target": "Target date",
    "tracker.jira.server": None,
    "tracker.jira.project": None,
    "tracker.jira.email": None,
    "tracker.jira.token_command": None,
    "tracker.jira.epic_type": None,
    "tracker.jira.ticket_type": None,
    "tracker.jira.link_type": "Blocks",
    "tracker.jira.components": [],
    "tracker.jira.versions": True,
    "tracker.jira.wont_do": None,
    "tracker.jira.fields.epic_link": None,
    "tracker.jira.fields.epic_name": None,
    "tracker.jira.fields.story_points": None,
}
"""The settings in the order of the page on files; a test keeps them and the shapes in step."""

_SECRET = "token_command"  # noqa: S105 (the name of a setting)


def settings_in_force(
    project: Project, options: Mapping[str, Any], environ: Mapping[str, str]
) -> list[Setting]:
    """Return the settings that play a part: all but those of trackers that are not in use.

    Args:
        project: The project, whose settings are sound.
        options: Values of a command's options by the setting that they replace; None for unset.
        environ: The environment, where a token may be.
    """
    told = dict(_of_file(project))
    found = []
    for name in (*DEFAULTS, *(name for name in told if name not in DEFAULTS)):
        if options.get(name) is not None:
            found.append(Setting(name, str(options[name]), Origin.OPTION, f"--{name}"))
        elif name in told:
            found.append(told[name])
        elif any(known.startswith(f"{name}.") for known in told):
            continue  # a table of names that are not ours: its own lines are told below
        elif _plays_a_part(name, project.tracker):
            found.append(Setting(name, DEFAULTS[name]))
    return [*found, *_token(project, told, environ)]


def _plays_a_part(name: str, tracker: str) -> bool:
    if name.endswith(_SECRET):  # where the token comes from is told on its own
        return False
    return not name.startswith("tracker.") or name.split(".")[1] in ("kind", tracker)


def _token(
    project: Project, told: Mapping[str, Setting], environ: Mapping[str, str]
) -> Iterator[Setting]:
    kind = project.tracker
    if kind not in VARIABLES:
        return
    source = token_source(kind, project.tracker_settings(kind), environ)
    if source == _SECRET:
        yield Setting("token", None, Origin.FILE, told[f"tracker.{kind}.{_SECRET}"].where)
    elif source:
        yield Setting("token", None, Origin.ENVIRONMENT, source)
    else:
        yield Setting("token", None)


def _of_file(project: Project) -> Iterator[tuple[str, Setting]]:
    """Yield what the settings file says, by full name, with its lines."""
    if project.source is None:
        return
    within = TABLE if project.source.name == PYPROJECT else ()
    document = parse_toml(read_text(project.source, ConfigError), with_marks=True)
    for path, value in _leaves(project.data, ()):
        name = "plan.file" if path == ("plan",) else ".".join(path)
        shown = None if path[-1] == _SECRET else value
        line, _ = document.place((*within, *path))
        yield name, Setting(name, shown, Origin.FILE, f"{project.source.name}:{line}")


def _leaves(
    data: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        elif isinstance(value, list):
            yield (*path, key), [_in_a_line(one) for one in value]
        else:
            yield (*path, key), value


def _in_a_line(value: Any) -> str:
    """Return an element of a list as a text; a table as its keys and values."""
    if isinstance(value, Mapping):
        return " ".join(f"{key} {one}" for key, one in value.items())
    return str(value)
