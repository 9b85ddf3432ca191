"""`schema`: the JSON Schema of a file or of an output."""

from __future__ import annotations

import click

from .. import output

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
def command(kind: str) -> None:
    """Print the JSON Schema of a file kind, or of what a command prints as JSON.

    Files: rubric, assessment, settings, plan, roadmap, history. Outputs: rubrics, import,
    import-answers, validate, show, assess, score, history, plan, frontier, roadmap, diff, sync,
    track, report, doctor. `plan`, `roadmap` and `history` cover both.
    """
    import json

    from ...output_shapes import schema_of

    output.say(json.dumps(schema_of(kind), indent=2, ensure_ascii=False))
