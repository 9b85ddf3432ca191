"""`rubrics`: the rubrics that can be used."""

from __future__ import annotations

import click

from .. import options, output


@click.command("rubrics")
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, as_json: bool) -> None:
    """List the built-in rubrics and those in the project's folder rubrics/."""
    from ...files import load_rubric
    from ...resources import bundled_rubrics

    built_in = bundled_rubrics()
    found = []
    for name, path in ctx.obj.project.rubrics().items():
        rubric = load_rubric(path)
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
        output.emit("rubrics", {"rubrics": found})
        return
    rows = [
        [
            str(r["id"]),
            f"{r['title']} ({r['version']})",
            str(r["items"]),
            "built in" if r["built_in"] else "rubrics/",
        ]
        for r in found
    ]
    for line in output.table(rows, ["Id", "Rubric", "Items", "From"], right=[2]):
        output.say(line)
    output.hint(ctx, "\nNext: maturity-planner show ID, or maturity-planner init --rubric ID")
