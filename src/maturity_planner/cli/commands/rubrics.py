"""`rubrics`: the rubrics that can be used."""

from __future__ import annotations

import click

from .. import options, output
from ..output import short


@click.command("rubrics")
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, as_json: bool) -> None:
    """List the built-in rubrics and those in the project's folder rubrics/.

    A file that cannot be used is named apart, and its faults are told by `validate`.
    """
    from ...errors import UserError
    from ...files import load_rubric
    from ...resources import bundled_rubrics

    built_in = bundled_rubrics()
    own = ctx.obj.project.own_rubrics()
    found = []
    unusable = []
    for name, path in ctx.obj.project.rubrics().items():
        try:
            rubric = load_rubric(ctx.obj.project.rubric(name))
        except UserError as error:
            unusable.append({"id": name, "file": str(short(path)), "message": error.message})
            continue
        found.append(
            {
                "id": name,
                "title": rubric.title,
                "version": rubric.version,
                "items": len(rubric.items),
                "scoring": {
                    "section": rubric.section_rule.value,
                    "overall": rubric.overall_rule.value,
                },
                "built_in": built_in.get(name) == path,
            }
        )
    if as_json:
        output.emit("rubrics", {"rubrics": found, "unusable": unusable})
        return
    rows = [
        [
            str(r["id"]),
            f"{r['title']} ({r['version']})" if r["version"] else str(r["title"]),
            str(r["items"]),
            "built in" if r["built_in"] else "rubrics/",
        ]
        for r in found
    ]
    for line in output.table(rows, ["Id", "Rubric", "Items", "From"], right=[2]):
        output.say(line)
    for bad in unusable:
        what = " and ".join(str(short(path)) for path in own.get(bad["id"], ()))
        output.note(f"Not usable: {what}; see maturity-planner validate {bad['file']}")
    output.hint(ctx, "\nNext: maturity-planner show ID, or maturity-planner init --rubric ID")
