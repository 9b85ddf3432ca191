"""`init`: starter files for a project."""

from __future__ import annotations

from pathlib import Path

import click

from .. import output


@click.command("init")
@click.option(
    "--rubric",
    "rubrics",
    multiple=True,
    default=["ml-test-score"],
    show_default="ml-test-score",
    metavar="ID",
    help="Rubric; several if repeated.",
)
@click.option(
    "--tracker",
    type=click.Choice(["local", "github", "jira"]),
    default="local",
    show_default=True,
    help="Where tickets go.",
)
@click.option("--system", metavar="NAME", help="The system's name  [default: the folder's]")
@click.pass_context
def command(
    ctx: click.Context, /, rubrics: tuple[str, ...], tracker: str, system: str | None
) -> None:
    """Write maturity.toml and assessment.yaml into this folder; never overwrite anything."""
    from ...config import SETTINGS
    from ...files import load_rubric, write_new
    from ...starter import assessment_text, settings_text

    root = Path.cwd()
    models = {name: load_rubric(ctx.obj.project.rubric(name, root)) for name in rubrics}
    texts = {
        SETTINGS: settings_text(tracker),
        "assessment.yaml": assessment_text(models, system or root.name or "system", ctx.obj.today),
    }
    for name, text in texts.items():
        path = root / name
        if path.exists():
            output.say(f"{name} is there already and stays as it is.")
        else:
            write_new(path, text)
            output.say(f"{name} written.")
    output.hint(ctx, "Next: maturity-planner assess")
