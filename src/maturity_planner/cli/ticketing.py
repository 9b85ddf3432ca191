"""What `diff`, `sync` and `track` share: the project's desk, and changes in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import output

if TYPE_CHECKING:
    from ..applying import Step
    from ..core.changes import Change, ChangeSet
    from ..desk import Desk
    from .context import Context

SIGNS = {"create": "+", "update": "~", "link": "~", "reopen": "+", "close": "-", "keep": "!"}
COLORS = {"+": "green", "~": "yellow", "-": "red", "!": "magenta", "x": "red"}
WIDTH = 60
"""How much of a value is shown."""


def open_desk(context: Context, *, to_plan: bool = False) -> Desk:
    """Return the project's desk; see `Context.load`.

    Of several rubrics it is the one that the plan was made for.
    """
    from ..desk import open_desk as opened
    from .permitting import ask_permits

    found = context.load(None, None, to_plan=to_plan, as_planned=True)
    ask_permits(context)
    return opened(context.project, *found, say=output.note)


def describe(changes: Iterable[Change], *, verbose: bool) -> list[str]:
    """Return a line a change, like `+ create  epic  Title`; fields below when verbose."""
    lines = []
    for change in changes:
        lines.append(line_of(change, SIGNS[change.op.value]))
        if verbose or change.op.value in ("update", "keep"):
            lines += _field_lines(change)
    return lines


def line_of(change: Change, sign: str, remark: str = "", remote: str | None = None) -> str:
    """Return the line of one change; `remote` names a ticket that it has just created."""
    remote = remote or change.remote
    name = f"{output.clean(remote)}  " if remote else ""
    if change.op.value == "link":
        needs = ", ".join(_short(uid) for uid in change.fields["needs"][1])
        remark = remark or (f"needs {needs}" if needs else "no longer needs anything")
    reason = remark or change.why
    tail = f"  ({output.clean(reason)})" if reason else ""
    text = f"{sign} {change.op.value:6}  {change.kind.value:6}  {name}{output.clean(change.title)}"
    return click.style(text, fg=COLORS[sign]) + tail


def _short(uid: str) -> str:
    return "@".join(uid.split(".")[1:]) or uid


def _field_lines(change: Change) -> list[str]:
    lines = []
    for name, (present, wanted) in change.fields.items():
        before, after = _previews(present, wanted)
        lines.append(f"      {name}: {before} -> {after}")
        if (change.op.value, name, present) == ("keep", "body", ""):
            # Emptying it further changes nothing: only what we wrote last counts as not edited.
            lines.append(
                "      (restore the description from the ticket's history to get ours back)"
            )
    return lines


def _previews(present: Any, wanted: Any) -> tuple[str, str]:
    """Return both values in one line each; of two long ones, where they differ first."""
    if _is_nothing(present) or _is_nothing(wanted):
        return _preview(present), _preview(wanted)
    is_text = isinstance(present, str)
    before, after = (_lines(present), _lines(wanted)) if is_text else (present, wanted)
    if not is_text and max(len(", ".join(before)), len(", ".join(after))) <= WIDTH:
        return _preview(present), _preview(wanted)
    if is_text and before == after:  # they differ in blank lines only
        before, after = present.splitlines(), wanted.splitlines()
    at = _first_difference(before, after)
    left, right = (part[at] if at < len(part) else "" for part in (before, after))
    if _one_line(left) != _one_line(right):  # else they differ in blank space only
        left, right = _one_line(left), _one_line(right)
    left, right = output.clean(left), output.clean(right)
    first = _first_difference(left, right)
    missing = "(no line)" if is_text else "(no element)"
    return _cut(left, first) or missing, _cut(right, first) or missing


def _first_difference(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(text: str) -> list[str]:
    """Return the lines that hold something, as the comparison looks at them."""
    return [line.rstrip() for line in text.strip().splitlines() if line.strip()]


def _one_line(text: str) -> str:
    return " ".join(output.clean(text).split())


def _cut(line: str, at: int) -> str:
    """Return at most `WIDTH` characters of the line, the one at `at` among them."""
    if len(line) <= WIDTH:
        return line
    begin = min(max(0, at - WIDTH // 3), len(line) - WIDTH)
    text = line[begin : begin + WIDTH]
    if begin:
        text = f"...{text[3:]}"
    return text if begin + WIDTH == len(line) else f"{text[:-3]}..."


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", ())


def _preview(value: Any) -> str:
    """Return a value in one line of at most `WIDTH` characters."""
    if _is_nothing(value):
        return "nothing"
    return _cut(_one_line(", ".join(value) if isinstance(value, tuple) else str(value)), 0)


def summary(changes: ChangeSet) -> str:
    """Return the closing line: what there is to do, counted."""
    if not changes.pending:
        kept = changes.counts["keep"]
        kept_text = f" ({kept} kept as people left them)" if kept else ""
        return f"Nothing to change: the tickets match the plan{kept_text}."
    parts = [f"{count} to {op}" for op, count in changes.counts.items() if count and op != "keep"]
    if changes.counts["keep"]:
        parts.append(f"{changes.counts['keep']} kept as people left them")
    return ", ".join(parts) + f". Fingerprint {changes.fingerprint}."


def failed(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that could not be applied."""
    return [step for step in steps if step.error]
