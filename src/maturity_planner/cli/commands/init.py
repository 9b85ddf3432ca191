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
    metavar="ID",
    help="Rubric; several if repeated.  [default: ml-test-score]",
)
@click.option(
    "--rubric-skeleton",
    "skeleton",
    metavar="ID",
    help="Start a rubric of your own: rubrics/ID.yaml.",
)
@click.option(
    "--tracker",
    type=click.Choice(["local", "github", "jira"]),
    help="Where tickets go.  [default: local]",
)
@click.option("--system", metavar="NAME", help="The system's name  [default: the folder's]")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    rubrics: tuple[str, ...],
    skeleton: str | None,
    tracker: str | None,
    system: str | None,
) -> None:
    """Write maturity.toml and assessment.yaml into this folder; never overwrite anything.

    With --rubric-skeleton also a small rubric to edit, which explains every key, and its JSON
    Schema for editors; the assessment is one of that rubric.
    """
    from ...config import SETTINGS, Project
    from ...core.rubric import build_rubric
    from ...documents import parse_yaml
    from ...errors import UsageError
    from ...files import check_new, load_rubric
    from ...starter import ASSESSMENT, assessment_text, settings_text, unheeded

    root = Path.cwd()
    if rubrics and skeleton is not None:
        raise UsageError(
            "--rubric and --rubric-skeleton name two rubrics", fix="Give one of the two options."
        )
    texts = {SETTINGS: settings_text(tracker or "local", target=None if skeleton is None else 1)}
    if skeleton is None:
        names = rubrics or ("ml-test-score",)
        models = {name: load_rubric(ctx.obj.project.rubric(name, root)) for name in names}
    else:
        own = _skeleton(skeleton)
        found = [file.name for file in Project(root).own_rubrics().get(skeleton, ())]
        if found and f"{skeleton}.yaml" not in found:
            raise UsageError(
                f'rubrics/{found[0]} is the rubric "{skeleton}"',
                fix=f"Start from it: --rubric {skeleton}",
            )
        texts |= own
        path, text = next(iter(own.items()))
        is_there = (root / path).exists()
        model = load_rubric(root / path) if is_there else build_rubric(parse_yaml(text).data)
        models = {skeleton: model}
    said = system or root.name or "system"
    texts[ASSESSMENT] = assessment_text(models, said, ctx.obj.today, is_listed=skeleton is None)
    if left := list(unheeded(root, tracker, system, rubrics)):
        raise UsageError(
            "`init` changes no file that is there already, and has written nothing",
            fix="Edit the lines above, or leave the options out.",
            faults=left,
        )
    for file in texts:  # half of the files would be no start
        if not (root / file).exists():
            check_new(root / file)
    _tell_of_outer(ctx, root)
    is_new = [_write(root, file, text) for file, text in texts.items()]
    if skeleton is None:
        output.hint(ctx, "Next: maturity-planner assess")
    elif is_new[-1]:
        output.hint(ctx, f"Next: edit rubrics/{skeleton}.yaml, then maturity-planner validate")
    else:
        output.hint(ctx, f"Next: maturity-planner score --rubric {skeleton}")


def _tell_of_outer(ctx: click.Context, root: Path) -> None:
    """Say that a project further up is left for the one that begins here."""
    from ...config import find_settings

    outer = find_settings(root)
    if outer and outer.parent != root:
        output.hint(
            ctx,
            f"This folder belonged to the project of {outer}; now it starts a project of "
            "its own, in which those settings do not count.",
        )


def _skeleton(name: str) -> dict[str, str]:
    """Return the files of a rubric to start with, the rubric itself first.

    Raises:
        UsageError: the name is no id, or that of a built-in rubric.
    """
    from ...editor_schemas import SCHEMA_FILE
    from ...errors import UsageError
    from ...output_shapes import schema_text
    from ...resources import bundled_rubrics
    from ...starter import skeleton_text

    if name in bundled_rubrics():
        raise UsageError(
            f'"{name}" is a built-in rubric',
            fix="Give yours an id of its own: --rubric-skeleton ID",
        )
    return {
        f"rubrics/{name}.yaml": skeleton_text(name),
        f"rubrics/{SCHEMA_FILE}": schema_text("rubric"),
    }


def _write(root: Path, name: str, text: str) -> bool:
    """Write a file where there is none, and say so; return whether there was none."""
    from ...files import write_new

    path = root / name
    if path.exists():
        output.say(f"{name} is there already and stays as it is.")
        return False
    write_new(path, text)
    output.say(f"{name} written.")
    return True
