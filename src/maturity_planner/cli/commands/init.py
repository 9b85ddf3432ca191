"""`init`: starter files for a project."""

from __future__ import annotations

from pathlib import Path

import click

from .. import output


@click.command("init")
@click.option("--rubric", default="ml-test-score", show_default=True, metavar="ID", help="Rubric.")
@click.option(
    "--tracker",
    type=click.Choice(["local", "github", "jira"]),
    default="local",
    show_default=True,
    help="Where tickets go.",
)
@click.option("--system", metavar="NAME", help="The system's name  [default: the folder's]")
@click.pass_context
def command(ctx: click.Context, /, rubric: str, tracker: str, system: str | None) -> None:
    """Write maturity.toml and assessment.yaml into this folder; never overwrite anything."""
    from ...config import SETTINGS
    from ...files import load_rubric, write_new
    from ...starter import assessment_text, settings_text

    root = Path.cwd()
    model = load_rubric(ctx.obj.project.rubric(rubric, root))
    texts = {
        SETTINGS: settings_text(tracker),
        "assessment.yaml": assessment_text(
            model, rubric, system or root.name or "system", ctx.obj.today
        ),
    }
    for name, text in texts.items():
        path = root / name
        if path.exists():
            output.say(f"{name} is there already and stays as it is.")
        else:
            write_new(path, text)
            output.say(f"{name} written.")
    output.hint(ctx, "Next: maturity-planner assess")
