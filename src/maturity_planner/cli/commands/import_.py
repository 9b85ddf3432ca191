"""`import`: rubrics and assessments that others have written, each kind in a file of its own."""

from __future__ import annotations

import click

from ..lazy import LazyGroup

KINDS = {
    "dsomm": "OWASP DSOMM: a model as a rubric, a team's progress as an assessment",
    "samm": "OWASP SAMM: the folder of a model as a rubric",
    "csv": "a table of any spreadsheet as answers: item, mode, evidence",
    "scorecard": "a result of OpenSSF Scorecard as answers to a rubric of its checks",
}


@click.group("import", cls=LazyGroup, summaries=KINDS, prefix="import_")
def command() -> None:
    """Turn what others have written into files of ours, and tell every fault found in it.

    The files are your copies, under the licence that they came with; none ships with this program.
    """
