"""`import dsomm`: a DSOMM model as a rubric, and a team's progress as an assessment."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import importing, options, output

if TYPE_CHECKING:
    from ...importers.dsomm import Model
    from ...importers.dsomm_needs import Break
    from ...importers.dsomm_progress import Files, Progress
    from ...importers.findings import Findings


@click.command("dsomm")
@click.argument("path", type=click.Path(path_type=Path))
@importing.out
@click.option(
    "--sections",
    "grouping",
    type=click.Choice(["dimension", "sub-dimension"]),
    default="sub-dimension",
    show_default=True,
    help="What becomes a section.",
)
@click.option(
    "--days-per-difficulty",
    "days",
    type=importing.DaysType(5),
    metavar="D1,D2,D3,D4,D5",
    help="Days for each step of `time`  [default: 1,3,8,20,40]",
)
@click.option(
    "--break",
    "breaks",
    multiple=True,
    metavar="ITEM:NEED",
    help="Leave out this need, to end a circle; repeatable.",
)
@click.option("--progress", type=options.FILE, help="A team's team-progress.yaml.")
@click.option("--evidence", type=options.FILE, help="Its team-evidence.yaml.")
@click.option("--settings", type=options.FILE, help="Its meta.yaml, for own progress titles.")
@click.option("--team", metavar="NAME", help="The team, where there are several.")
@click.option(
    "--assessment-out", type=options.FILE, help="Write the progress as an assessment here."
)
@importing.strict
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    path: Path,
    out: Path | None,
    grouping: str,
    days: tuple[Fraction, ...] | None,
    breaks: tuple[str, ...],
    progress: Path | None,
    evidence: Path | None,
    settings: Path | None,
    team: str | None,
    assessment_out: Path | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Turn PATH, the generated model of OWASP DSOMM, into a rubric of levels.

    Every fault of the model is told with its place; the rest is loaded. With --progress, what a
    team has done becomes an assessment. Days of effort follow from the difficulty by a formula.
    """
    from ...errors import UsageError
    from ...files import write_atomic
    from ...importers.dsomm import BASE_DAYS, Choice, Grouping, as_rubric, read_model
    from ..writing import refuse_ours

    refuse_ours(ctx.obj, assessment_out, "an assessment", own="assessment")
    files = _files(progress, evidence, settings, team, assessment_out)
    if out and out == assessment_out:
        raise UsageError("-o and --assessment-out name the same file", fix="Name two files.")
    model, findings = read_model(path)
    choice = Choice(Grouping(grouping), days or BASE_DAYS, [_break(text) for text in breaks])
    imported = as_rubric(path, model, findings, choice)
    found = None
    if files and assessment_out:
        found = _progress(ctx, files, model, findings, team, _name(out, assessment_out))
        importing.check(out, assessment_out)
        write_atomic(assessment_out, _text(found, files))
    summary = _data(found, assessment_out)
    importing.finish(ctx, "dsomm", imported, out, as_json=as_json, assessment=summary)
    if found:
        output.hint(
            ctx,
            f"{found.team or 'No team'}: {found.implemented} implemented, {found.begun} begun. "
            f"Written to {assessment_out}.",
        )
        if not out:
            output.note(
                f'{assessment_out} names the rubric "dsomm", and no file of it was written.\n'
                "    Save it as rubrics/dsomm.yaml, or import again with -o FILE."
            )
    importing.end(findings, is_strict=strict)


def _files(
    progress: Path | None,
    evidence: Path | None,
    settings: Path | None,
    team: str | None,
    assessment_out: Path | None,
) -> Files | None:
    """Return the files of a team's progress, if one is wanted."""
    from ...errors import UsageError
    from ...importers.dsomm_progress import Files

    if progress and assessment_out:
        return Files(progress, evidence, settings)
    if progress:
        raise UsageError("--progress needs a file to write", fix="Add --assessment-out FILE.")
    given = {
        "--evidence": evidence,
        "--settings": settings,
        "--team": team,
        "--assessment-out": assessment_out,
    }
    if names := [name for name, value in given.items() if value]:
        say = "says" if len(names) == 1 else "say"
        raise UsageError(
            f"{' and '.join(names)} {say} something about a team's progress, and no --progress is "
            "given",
            fix="Add --progress team-progress.yaml.",
        )
    return None


def _break(text: str) -> Break:
    from ...errors import UsageError
    from ...importers.dsomm_needs import Break

    item, colon, need = text.partition(":")
    if not (item and colon and need):
        raise UsageError(f'"--break {text}" names no need', fix="Write --break ITEM:NEED.")
    return Break(item.strip(), need.strip())


def _name(out: Path | None, assessment: Path) -> str:
    """Return what the assessment calls the rubric: its path from there, else its id."""
    if out is None:
        return "dsomm"
    return os.path.relpath(out, assessment.parent)


def _progress(
    ctx: click.Context,
    files: Files,
    model: Model,
    findings: Findings,
    team: str | None,
    rubric: str,
) -> Progress:
    from ...importers.dsomm_progress import import_progress

    return import_progress(files, model, findings, team=team, rubric=rubric, today=ctx.obj.today)


def _text(found: Progress, files: Files) -> str:
    from ...importers.words import one_line
    from ...importers.writing import written

    return written(
        found.document,
        [
            f"Made by `maturity-planner import dsomm` from {one_line(files.progress.name)}.",
            "Only what is implemented in full counts; notes say how far the rest is.",
        ],
    )


def _data(found: Progress | None, path: Path | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "team": found.team,
        "file": str(path),
        "implemented": found.implemented,
        "begun": found.begun,
    }
