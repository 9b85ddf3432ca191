"""`validate`: all faults of the files and the warnings about a rubric, each with its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import options, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...errors import Fault
    from ..context import Context


@click.command("validate")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Exit 1 for a warning, too.")
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, files: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Check files of any kind, or without FILES the whole project and every rubric in use.

    Prints every fault as file:line:column and exits 1 when there is one. A rubric or an
    assessment without faults gets warnings about what is hardly meant, each with its code;
    `# ignore: CODE` at the end of the line silences one.
    """
    from ...errors import CheckFailed
    from ...shape_checking import MOST_FAULTS
    from ..project_files import all_files, project_of

    project_of(ctx.obj)  # a wrong --config is no fault of any file
    checked = _checked(ctx.obj, files or all_files(ctx.obj))
    if as_json:
        output.emit("validate", {"files": [_file_data(path, found) for path, found in checked]})
    else:
        for fault in (fault for _, found in checked for fault in found):
            output.say(_as_text(fault))
        for path, found in checked:
            if all(fault.code for fault in found):
                warned = f", {output.plural(len(found), 'warning')}" if found else ""
                output.say(f"{path}: sound{warned}")
    every = [bool(fault.code) for _, found in checked for fault in found]
    counts = {"fault": every.count(False), "warning": every.count(True) if strict else 0}
    if any(counts.values()):
        many = " and ".join(output.plural(count, noun) for noun, count in counts.items() if count)
        if any(len(found) > MOST_FAULTS and not found[0].code for _, found in checked):
            many = f"more than {MOST_FAULTS} faults"
        raise CheckFailed(f"{many} in {output.plural(len(checked), 'file')}")


def _checked(context: Context, files: Sequence[Path]) -> list[tuple[Path, list[Fault]]]:
    """Return the faults of each file, or its warnings."""
    from ..checks import faults_or_warnings
    from ..waiting import waiting

    checked = []
    with waiting(context, "Checking") as line:
        for done, path in enumerate(files):
            line.busy(f"Checking {path}", (done, len(files)) if len(files) > 1 else None)
            checked.append((path, faults_or_warnings(context, path)))
    return checked


def _as_text(fault: Fault) -> str:
    """Return the fault in two lines at most, whatever its texts hold."""
    parts = [part.replace("\n", "\0") for part in (fault.message, fault.fix)]
    return output.clean(str(fault._replace(message=parts[0], fix=parts[1])))


def _file_data(path: Path, found: list[Fault]) -> dict[str, Any]:
    def data(fault: Fault) -> dict[str, Any]:
        keys = ("line", "column", *(("code",) if fault.code else ()), "message", "fix")
        return {key: getattr(fault, key) for key in keys}

    return {
        "file": str(path),
        "faults": [data(fault) for fault in found if not fault.code],
        "warnings": [data(fault) for fault in found if fault.code],
    }
