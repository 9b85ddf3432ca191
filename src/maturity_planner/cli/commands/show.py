"""`show`: a rubric, or any part of one, explained."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ...core.rubric import Rubric
    from ..context import Context
    from ..parts import Part


@click.command("show")
@click.argument("what", metavar="[RUBRIC[/PART]|PART]", required=False)
@options.rubric
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, what: str | None, rubric: str | None, as_json: bool) -> None:
    """Explain a rubric or a part of it; without a name the project's rubric.

    PART is a section, ITEM, ITEM@MODE, mode:ID, level:N, band:ID or section:ID. An item that the
    project's rubric does not have is looked for in all others.
    """
    from ..parts import narrowed
    from ..showing import show_part, show_rubric

    model, part = _find(ctx.obj, what, rubric)
    if as_json:
        from ...outputs.rubric import rubric_data

        data = rubric_data(model)
        output.emit("show", data if part is None else narrowed(data, part))
    elif part is None:
        show_rubric(model)
        output.hint(ctx, f"\nNext: {output.again('show ITEM')}")
    else:
        show_part(model, part)


def _find(context: Context, what: str | None, rubric: str | None) -> tuple[Rubric, Part | None]:
    import re

    from ...core.rubric import Section
    from ...errors import UsageError
    from ...files import load_rubric
    from ..parts import find_part

    known = context.project.rubrics()
    name, _, inner = (what or "").partition("/")
    if name in known:
        model = load_rubric(context.project.rubric(name))
        return model, find_part(model, inner) if inner else None
    is_of_own = re.fullmatch("[a-z]+:[a-z0-9-]*", what or "") is not None
    own = _own(context, rubric, is_needed=not what or rubric is not None or is_of_own)
    if what is None:
        return own[0], None
    if is_of_own:
        return _of_one(own, what)
    for model in (*own, *_sound(known.values())):
        try:
            part = find_part(model, what)
        except UsageError:
            continue
        if model in own or not isinstance(part, Section):
            return model, part
    if "@" in what and own:
        return _of_one(own, what)  # says what is wrong with it
    return load_rubric(_named_file(context, what, own)), None


def _of_one(own: Sequence[Rubric], what: str) -> tuple[Rubric, Part]:
    """Return the part with the first of the rubrics that has it.

    Raises:
        UsageError: none has it; what the first one says.
    """
    from ...errors import UsageError
    from ..parts import find_part

    for model in own[:-1]:
        with contextlib.suppress(UsageError):
            return model, find_part(model, what)
    try:
        return own[-1], find_part(own[-1], what)
    except UsageError:
        return own[0], find_part(own[0], what)


def _sound(paths: Iterable[Path]) -> Iterator[Rubric]:
    """Yield the rubrics that can be used; one with faults is no reason not to find an item."""
    from ...errors import UserError
    from ...files import load_rubric

    for path in paths:
        try:
            yield load_rubric(path)
        except UserError:
            continue


def _own(context: Context, rubric: str | None, *, is_needed: bool) -> list[Rubric]:
    """Return the project's rubrics; none where there are none and they are not needed."""
    from ...errors import UserError
    from ...files import load_rubric

    try:
        return [load_rubric(path) for path in context.rubric_paths(None, rubric)]
    except UserError:
        if is_needed:
            raise
        return []


def _named_file(context: Context, name: str, own: list[Rubric]) -> Path:
    from ...errors import ConfigError, UsageError, suggestion

    try:
        return context.project.rubric(name)
    except ConfigError:
        parts = [name for m in own for name in (*(s.id for s in m.sections), *m.items)]
        fix = suggestion(
            name, [*context.project.rubrics(), *parts], kind="Rubrics, sections and items"
        )
        raise UsageError(f'there is no rubric, section or item "{name}"', fix=fix) from None
