"""`doctor`: where each setting came from, and whether files and tracker can be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.finding import Finding
    from ...origins import Setting
    from ..context import Context
    from ..examining import Point
    from ..file_findings import Choice

SIGNS = {"ok": "ok", "warning": "!", "fault": "x"}
COLORS = {"ok": "green", "warning": "yellow", "fault": "red"}


@click.command("doctor")
@options.assessment
@options.rubric
@options.as_json
@click.pass_context
def command(
    ctx: click.Context, /, assessment: Path | None, rubric: str | None, as_json: bool
) -> None:
    """Say where each setting came from, and whether files and tracker can be used.

    Changes nothing. Exits 3 when a setting or a file is at fault, else 4 when the tracker is.
    """
    from ..examining import examine, report_data
    from ..file_findings import Choice

    choice = Choice(assessment, rubric)
    settings = _settings(ctx.obj, choice)
    points = examine(ctx.obj, choice)
    if as_json:
        found = list(points)
        output.emit("doctor", report_data(settings, found))
    else:
        found = _show(settings, points)
    _conclude(found)


def _settings(context: Context, choice: Choice) -> Sequence[Setting]:
    """Return the settings in force; none when they cannot be used, which is told elsewhere."""
    import os

    from ...errors import UserError
    from ...origins import settings_in_force

    try:
        project = context.project
    except UserError:
        return ()
    given = {"assessment": choice.assessment, "rubric": choice.rubric}
    return settings_in_force(project, given, os.environ)


def _show(settings: Sequence[Setting], points: Iterator[Point]) -> list[Point]:
    """Print all of it as it is found, and return what was found."""
    for line in _setting_lines(settings):
        output.say(line)
    found: list[Point] = []
    for point in points:
        if not found or found[-1].about is not point.about:
            output.say(("\n" if settings or found else "") + point.about.value.capitalize())
        for line in _finding_lines(point.finding):
            output.say(line)
        found.append(point)
    counts = [sum(p.finding.grade.value == g for p in found) for g in ("fault", "warning")]
    texts = [
        output.plural(n, noun) for n, noun in zip(counts, ("fault", "warning"), strict=True) if n
    ]
    output.say(f"\n{', '.join(texts)}." if texts else "\nNothing is at fault.")
    return found


def _setting_lines(settings: Sequence[Setting]) -> Iterator[str]:
    """Yield a table of the settings; those that nobody set are dim."""
    if not settings:
        return
    rows = [[s.name, _value(s), s.where or s.origin.value] for s in settings]
    head, *lines = output.table(rows, ["Setting", "Value", "From"])
    yield head
    for setting, line in zip(settings, lines, strict=True):
        yield click.style(line, dim=True) if setting.origin.value == "default" else line


def _value(setting: Setting) -> str:
    """Return the value for people; never that of what may be secret."""
    if setting.value is None:
        return "none" if setting.origin.value == "default" else "not shown"
    if isinstance(setting.value, list):
        return ", ".join(map(str, setting.value)) or "none"
    if isinstance(setting.value, bool):
        return str(setting.value).lower()  # as it is written in the file
    return str(setting.value)


def _finding_lines(finding: Finding) -> Iterator[str]:
    sign = finding.grade.value
    mark = click.style(f"{SIGNS[sign]:2}", fg=COLORS[sign])
    yield f"  {mark}  {output.clean(f'{finding.name}: {finding.detail}')}"
    if finding.fix:
        yield f"        {output.clean(finding.fix)}"


def _conclude(found: Sequence[Point]) -> None:
    """Raise what the exit code follows from.

    Raises:
        UserError: a setting or a file is at fault.
        TrackerError: the tracker is.
    """
    from ...errors import TrackerError, UserError

    faults = [point.about.value for point in found if point.finding.grade.value == "fault"]
    if here := [about for about in faults if about != "tracker"]:
        raise UserError(f"{output.plural(len(here), 'fault')} in settings or files")
    if faults:
        raise TrackerError(f"{output.plural(len(faults), 'fault')} of the tracker")
