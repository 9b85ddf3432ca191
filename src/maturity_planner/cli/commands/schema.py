"""`schema`: the JSON Schema of a file or of an output."""

from __future__ import annotations

from pathlib import Path

import click

from .. import options

# Those of `output_shapes`, whose import takes long; a test holds the two together.
KINDS = (
    "rubric",
    "assessment",
    "settings",
    "plan",
    "roadmap",
    "history",
    "rubrics",
    "import",
    "validate",
    "show",
    "import-answers",
    "assess",
    "score",
    "frontier",
    "diff",
    "sync",
    "track",
    "report",
    "doctor",
)


@click.command("schema")
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.option("-o", "out", type=options.FILE, help="Write into a file.")
@click.pass_context
def command(ctx: click.Context, /, kind: str, out: Path | None) -> None:
    """Print the JSON Schema of a file kind, or of what a command prints as JSON.

    Files: rubric, assessment, settings, plan, roadmap, history. Outputs: rubrics, import,
    import-answers, validate, show, assess, score, history, plan, frontier, roadmap, diff, sync,
    track, report, doctor. `plan`, `roadmap` and `history` cover both.

    With -o beside a YAML file, the line `# yaml-language-server: $schema=NAME` on top of that file
    makes editors complete and explain its keys.
    """
    from ...output_shapes import schema_text
    from ..writing import deliver

    deliver(ctx, out, schema_text(kind), "a schema")
