"""What every import does after reading: the file, the faults, the summary, the exit code."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, output

if TYPE_CHECKING:
    from fractions import Fraction

    from ..errors import Fault
    from ..importers.findings import Findings
    from ..importers.imported import Imported

SHOWN_TRAPS = 20


def _place(ctx: click.Context, _: click.Parameter, out: Path | None) -> Path | None:
    """Return where the rubric goes, None for stdout; `check` looks at what stands there."""
    from .writing import is_stdout, refuse_ours

    refuse_ours(ctx.obj, out, "a rubric", own="rubric")
    return None if is_stdout(out) else out


out = click.option(
    "-o",
    "out",
    type=options.FILE,
    callback=_place,
    help="Write the rubric here  [default: stdout]",
)
strict = click.option("--strict", is_flag=True, help="Exit 1 when the model has a fault.")


class DaysType(click.ParamType[Any]):
    """So many numbers of days, separated by commas."""

    name = "days"

    def __init__(self, count: int) -> None:
        """Accept `count` numbers."""
        self.count = count
        self.number = options.NumberType(10_000, 2)

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[Fraction, ...]:
        """Return the numbers as fractions."""
        if isinstance(value, tuple):
            return value
        parts = str(value).split(",")
        if len(parts) != self.count:
            like = ",".join(str(n + 1) for n in range(self.count))
            self.fail(f'"{value}" should be {self.count} numbers like {like}', param, ctx)
        return tuple(self.number.convert(part, param, ctx) for part in parts)


def check(*paths: Path | None) -> None:
    """See that what is written holds nothing of anybody's: no file, or an untouched import.

    Raises:
        UserError: one was edited, or is none that an import has written.
    """
    from ..errors import UserError
    from ..files import read_text
    from ..importers.writing import is_untouched

    for path in filter(None, paths):
        # A pipe or a terminal holds nothing that could be lost.
        is_file = os.path.isfile(path)  # noqa: PTH113 (unlike Path's, never raises)
        if is_file and not is_untouched(read_text(path)):
            raise UserError(
                f"{path} was edited, or is not from an import; it stays as it is",
                fix="Write to another file and compare the two, or move this one away.",
            )


def tell(ctx: click.Context, findings: Findings) -> None:
    """Print faults and traps with their places, beside the result."""
    for fault in findings.sorted_faults():
        output.note(_described("fault", fault))
    traps = findings.sorted_traps()
    for trap in [] if ctx.obj.quiet else traps[: None if ctx.obj.verbose else SHOWN_TRAPS]:
        output.note(_described("trap", trap))
    if not ctx.obj.quiet and not ctx.obj.verbose and len(traps) > SHOWN_TRAPS:
        count = len(traps) - SHOWN_TRAPS
        output.note(f"... and {output.plural(count, 'trap')} more: maturity-planner -v import ...")
    if findings.more:
        output.note(f"... and {findings.more} more of both, too many to tell one by one")


def _described(kind: str, fault: Fault) -> str:
    head = f"{fault.file}:{fault.line}:{fault.column}" if fault.line else fault.file
    return f"{kind}: {head}: {fault.message}" + (f"\n    {fault.fix}" if fault.fix else "")


def fault_data(findings: Findings) -> list[dict[str, Any]]:
    """Return faults and traps for `--json`."""
    return [
        {
            "kind": kind,
            "file": fault.file,
            "line": fault.line,
            "column": fault.column,
            "message": fault.message,
            "fix": fault.fix,
        }
        for kind, found in (
            ("fault", findings.sorted_faults()),
            ("trap", findings.sorted_traps()),
        )
        for fault in found
    ]


def end(findings: Findings, *, is_strict: bool) -> None:
    """Leave with exit code 1 for faults where that is wanted."""
    from ..errors import CheckFailed

    if is_strict and findings.faults:
        many = output.plural(len(findings.faults) + findings.more, "fault")
        raise CheckFailed(
            f"{many} in the model",
            fix="Correct them in the model, or leave --strict out: then they are only listed.",
        )


def finish(
    ctx: click.Context,
    kind: str,
    imported: Imported,
    out: Path | None,
    *,
    as_json: bool,
    assessment: Mapping[str, Any] | None = None,
) -> None:
    """Write or print the rubric, tell the faults, sum up; `assessment` goes into the JSON."""
    from ..files import rubric_of, write_atomic
    from ..importers.writing import written

    imported = _named_after(imported, out) if out else imported
    text = written(imported.document, imported.comments)
    if out:
        check(out)
        rubric_of(text, str(out))  # what could not be read again is not written
        write_atomic(out, text)
    tell(ctx, imported.findings)
    data = _counts(imported)
    if as_json:
        told = {"faults": fault_data(imported.findings), "more": imported.findings.more}
        file = {"file": str(out) if out else None}
        output.emit("import", {"source": kind, **file, **data, "assessment": assessment, **told})
    elif not out:
        output.say(text, nl=False)
    output.hint(
        ctx,
        f"{output.plural(data['items'], 'item')} in {output.plural(data['sections'], 'section')}, "
        f"{output.plural(data['needs'], 'need')}; "
        f"{output.plural(len(imported.findings.faults), 'fault')}, "
        f"{output.plural(len(imported.findings.traps), 'trap')}"
        + (f". Written to {out}. Next: maturity-planner validate {out}" if out else "."),
    )


def _named_after(imported: Imported, out: Path) -> Imported:
    """Return the rubric with the name by which its file will make it known in a project."""
    from ..shapes.values import ID_PATTERN

    if out.absolute().parent.name != "rubrics" or not re.fullmatch(ID_PATTERN, out.stem):
        return imported
    return replace(imported, document={**imported.document, "id": out.stem})


def _counts(imported: Imported) -> dict[str, Any]:
    sections = imported.document["sections"]
    items = [item for section in sections for item in section["items"]]
    needs = [need for i in items for mode in i["modes"].values() for need in mode.get("needs", ())]
    return {
        "rubric": {
            "id": imported.document["id"],
            "version": imported.document.get("version", ""),
        },
        "sections": len(sections),
        "items": len(items),
        "needs": len(needs),
    }
