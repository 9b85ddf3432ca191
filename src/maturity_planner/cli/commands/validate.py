"""`validate`: all faults of the files and what smells in a rubric, each with its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import options, output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...errors import Fault
    from ..context import Context


@click.command("validate")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Exit 1 for a warning, too.")
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, files: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Check files of any kind, or without FILES the whole project.

    Prints every fault as file:line:column and exits 1 when there is one. A rubric or an
    assessment without faults gets warnings about what is hardly meant, each with its code;
    `# ignore: CODE` at the end of the line silences one.
    """
    from ...errors import CheckFailed

    checked = _checked(ctx.obj, files or _all_files(ctx.obj))
    if as_json:
        output.emit("validate", {"files": [_file_data(path, found) for path, found in checked]})
    else:
        for finding in (finding for _, found in checked for finding in found):
            output.say(_as_text(finding))
        for path, found in checked:
            if all(finding.code for finding in found):
                warned = f", {output.plural(len(found), 'warning')}" if found else ""
                output.say(f"{path}: sound{warned}")
    every = [bool(finding.code) for _, found in checked for finding in found]
    counts = {"fault": every.count(False), "warning": every.count(True) if strict else 0}
    if any(counts.values()):
        many = " and ".join(output.plural(count, noun) for noun, count in counts.items() if count)
        raise CheckFailed(f"{many} in {output.plural(len(checked), 'file')}")


def _checked(context: Context, files: Sequence[Path]) -> list[tuple[Path, list[Fault]]]:
    """Return the findings of each file."""
    from ..waiting import waiting

    checked = []
    with waiting(context, "Checking") as line:
        for done, path in enumerate(files):
            line.busy(f"Checking {path}", (done, len(files)) if len(files) > 1 else None)
            checked.append((path, _findings(context, path)))
    return checked


def _as_text(finding: Fault) -> str:
    """Return the finding in two lines at most, whatever its texts hold."""
    parts = [part.replace("\n", "\0") for part in (finding.message, finding.fix)]
    return output.clean(str(finding._replace(message=parts[0], fix=parts[1])))


def _file_data(path: Path, findings: list[Fault]) -> dict[str, Any]:
    def data(finding: Fault) -> dict[str, Any]:
        keys = ("line", "column", *(("code",) if finding.code else ()), "message", "fix")
        return {key: getattr(finding, key) for key in keys}

    return {
        "file": str(path),
        "faults": [data(finding) for finding in findings if not finding.code],
        "warnings": [data(finding) for finding in findings if finding.code],
    }


def _all_files(context: Context) -> list[Path]:
    """Return the project's files that are there, rubrics of its own last."""
    from ...config import SETTINGS

    # Settings with faults are what this command is for: look for the files without reading them.
    settings = Path(context.config) if context.config else Path.cwd() / SETTINGS
    root = settings.parent
    usual = ("assessment.yaml", "plan.yaml", "roadmap.yaml", "history.jsonl")
    names = [settings, *(root / name for name in usual)]
    if not _faults_of_settings(settings):
        project = context.project
        names = [settings, project.assessment, project.plan, project.roadmap, project.history]
        root = project.root
    found = [path for path in names if _exists(path)]
    if _exists(root / "rubrics"):
        found += sorted((root / "rubrics").glob("*.yaml"))
    if not found:
        from ...errors import UserError

        raise UserError(
            "there is nothing to check here: no settings, assessment, plan or rubrics/",
            fix="Name files, or start with `maturity-planner init`.",
        )
    return [_short(path) for path in found]


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 (unlike Path's, never raises)


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _faults_of_settings(path: Path) -> bool:
    from ...errors import UserError
    from ...files import read_text

    if not _exists(path):
        return True
    try:
        return bool(_of_text("settings", path, read_text(path)))
    except UserError:
        return True


def _kind(path: Path, text: str) -> str:
    """Return the file's kind: by its name, else by its `schema`, else by its folder."""
    import re

    if path.suffix == ".jsonl":
        return "history"
    if path.suffix == ".toml":
        return "settings"
    found = re.search(r"^schema:\s*[\"']?maturity-planner/([a-z]+)\b", text, re.MULTILINE)
    in_place = "rubric" if path.absolute().parent.name == "rubrics" else "unknown"
    return found[1] if found else in_place


def _findings(context: Context, path: Path) -> list[Fault]:
    """Return the faults of a file; of one without faults the warnings, which have a code."""
    from ...checking import history_faults
    from ...errors import Fault, UserError
    from ...files import read_text
    from ...linting import rubric_warnings

    try:
        text = read_text(path)
    except UserError as error:
        return list(error.faults) or [Fault(error.message, error.fix, file=str(path))]
    kind = _kind(path, text)
    if kind == "history":
        return history_faults(text, str(path))
    if kind not in ("settings", "rubric", "assessment", "plan", "roadmap"):
        return [_of_no_kind(kind)._replace(file=str(path))]
    if kind == "assessment":
        return _of_assessment(context, path, text)
    if kind in ("plan", "roadmap"):
        return _of_plan(context, kind, path, text)
    if kind == "settings":
        return _of_settings(context, path, text)
    return _of_text(kind, path, text) or rubric_warnings(text, path)


def _of_no_kind(kind: str) -> Fault:
    from ...errors import Fault, nearest

    known = ("rubric", "assessment", "plan", "roadmap")
    fix = nearest(kind, known) or (
        "Start the file with `schema: maturity-planner/KIND/v1`; KIND is rubric, assessment, plan "
        "or roadmap."
    )
    return Fault("this says of no known kind that it is one", fix, line=1, column=1)


def _of_text(kind: str, path: Path, text: str) -> list[Fault]:
    from ...checking import faults_of
    from ...config import PYPROJECT, TABLE
    from ...core.soundness import rubric_faults
    from ...core.team import team_faults
    from ...documents import parse_toml, parse_yaml

    found, _ = faults_of(
        kind,
        text,
        str(path),
        parse=parse_toml if kind == "settings" else parse_yaml,
        sound={"rubric": rubric_faults, "settings": team_faults}.get(kind, lambda _: []),
        within=TABLE if path.name == PYPROJECT else (),
    )
    return found


def _of_settings(context: Context, path: Path, text: str) -> list[Fault]:
    """Return the faults of settings; the pins of the project's own against its rubric."""
    from ...errors import MaturityError
    from ...pins import faults_of_settings

    try:
        source = context.project.source
        if source is None or os.path.realpath(source) != os.path.realpath(path):
            return _of_text("settings", path, text)
        rubric, assessment, _ = context.load(None, None)
    except MaturityError:  # each of the other files has its own faults told
        return _of_text("settings", path, text)
    return faults_of_settings(path, text, rubric, assessment)


def _of_assessment(context: Context, path: Path, text: str) -> list[Fault]:
    from ...checking import faults_of
    from ...core.assessment import named_rubrics
    from ...core.soundness import assessment_faults
    from ...documents import parse_yaml
    from ...errors import Fault, MaturityError
    from ...files import load_rubric
    from ...linting import assessment_warnings

    def sound(document: Mapping[str, Any]) -> list[Fault]:
        rubrics = []
        unusable = []
        for n, name in enumerate(named_rubrics(document)):
            file = name
            try:
                file = str(_short(context.project.rubric(name, path.parent)))
                rubrics.append(load_rubric(Path(file)))
            except MaturityError as error:
                fix = error.fix or f"Check the rubric first: maturity-planner validate {file}"
                is_list = isinstance(document["rubric"], list)
                at = ("rubric", n) if is_list else ("rubric",)
                unusable.append(Fault(error.message, fix, at))
        if unusable or not rubrics:  # an item may be one of a rubric that cannot be read
            return unusable
        return assessment_faults(document, *rubrics)

    found, _ = faults_of("assessment", text, str(path), parse=parse_yaml, sound=sound)
    return found or assessment_warnings(text, path, context.today)


def _of_plan(context: Context, kind: str, path: Path, text: str) -> list[Fault]:
    """Return the faults of a plan or roadmap, against the project's rubric if made for that one."""
    from ...checking import faults_of
    from ...core.roadmap_soundness import roadmap_faults
    from ...core.soundness import plan_faults
    from ...documents import parse_yaml
    from ...errors import Fault, MaturityError
    from ...files import load_rubric

    try:
        rubrics = {}
        for at in context.rubric_paths(None, None):
            one = load_rubric(at)
            rubrics[one.id] = one
        ours = context.project.plan if kind == "plan" else context.project.roadmap
        is_ours = os.path.realpath(path) == os.path.realpath(ours)
    except MaturityError:
        return _of_text(kind, path, text)

    def sound(document: Mapping[str, Any]) -> list[Fault]:
        made_for = document.get("rubric")
        if made_for in rubrics:
            faults_in = plan_faults if kind == "plan" else roadmap_faults
            return faults_in(document, rubrics[made_for])
        if not made_for or not is_ours:  # a plan of another project, say
            return []
        named = '", "'.join(rubrics)
        message = f'this {kind} is for the rubric "{made_for}", the assessment for "{named}"'
        return [Fault(message, f"Make it again: maturity-planner {kind}", ("rubric",))]

    found, _ = faults_of(kind, text, str(path), parse=parse_yaml, sound=sound)
    return found
