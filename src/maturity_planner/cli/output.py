"""What a person sees: colour, tables, bars, and JSON for programs.

Results go to stdout, everything else to stderr. Texts from files and trackers are hostile until
`clean` has taken their control characters out.
"""

from __future__ import annotations

import io
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from .. import __version__

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from ..errors import MaturityError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def wants_color(choice: str) -> bool | None:
    """Return whether to use colour: the option, NO_COLOR, FORCE_COLOR, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def forgive_encoding() -> None:
    """Let stdout and stderr print what their encoding lacks as `?`: that is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        errors = getattr(stream, "errors", None)
        if errors in ("strict", "surrogateescape") and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def can_print(text: str) -> bool:
    """Return whether stdout has all signs of the text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def clean(text: str) -> str:
    r"""Return the text without control characters: no escape codes reach the terminal.

    >>> clean("a\x1b[31mred")
    'a\ufffd[31mred'
    """
    return _CONTROL.sub("\ufffd", text)


def say(text: str = "", *, nl: bool = True) -> None:
    """Print one line of the result; when nobody reads it any more, go on without."""
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """Print one line that is not part of the result."""
    click.echo(clean(text), err=True)


def short(path: Path) -> Path:
    """Return the path from the current folder, if it lies in there: so every path is printed."""
    from pathlib import Path

    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def hint(ctx: click.Context, text: str) -> None:
    """Print a next step for a person, unless only the result is wanted."""
    if not ctx.obj.quiet:
        note(text)


def again(command: str, **named: object) -> str:
    """Return a command to go on with; it keeps the assessment and the rubric named to this one."""
    import shlex

    context = click.get_current_context(silent=True)  # the hints stand far from the options
    given = (context.params if context else {}) | named
    kept = [(key, given.get(key)) for key in ("assessment", "rubric")]
    options = [f"--{key} {shlex.quote(str(value))}" for key, value in kept if value]
    return " ".join(["maturity-planner", command, *options])


def show_error(error: MaturityError) -> None:
    """Print what happened, where, and what to do."""
    head = f"{error.where}: {error.message}" if error.where else error.message
    note(f"Error: {head}" + (":" if error.faults else ""))
    for fault in error.faults:
        note(f"  {fault}".replace("\n", "\n  "))
    if error.fix:
        note(f"  {error.fix}")


def json_document(command: str, data: Any) -> str:
    """Return a command's result as JSON, in the envelope that all commands share."""
    import json

    envelope = {
        "schema": f"maturity-planner/{command}/v1",
        "generated_by": f"maturity-planner {__version__}",
        "data": data,
    }
    return json.dumps(envelope, indent=2, ensure_ascii=False)


def width(text: str) -> int:
    """Return the columns that the text takes on a terminal; wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def table(
    rows: Iterable[Sequence[str]], head: Sequence[str], *, right: Iterable[int] = ()
) -> list[str]:
    """Return the rows under a head, columns aligned; `right` columns to the right."""
    body = [[clean(cell) for cell in row] for row in rows]
    widths = [max(width(row[n]) for row in [list(head), *body]) for n in range(len(head))]
    to_right = set(right)

    def line(cells: Sequence[str]) -> str:
        padded = []
        for n, cell in enumerate(cells):
            space = " " * (widths[n] - width(cell))
            padded.append(space + cell if n in to_right else cell + space)
        return "  ".join(padded).rstrip()

    return [click.style(line(head), bold=True), *(line(row) for row in body)]


def bar(part: Fraction, whole: Fraction, cells: int = 14) -> str:
    """Return a bar of `cells` characters that is filled to part / whole.

    >>> from fractions import Fraction
    >>> bar(Fraction(1), Fraction(2), 4)
    '##..'
    """
    filled = int(part * cells / whole) if whole else cells
    return "#" * filled + "." * (cells - filled)


def wrap(text: str, *, indent: str = "  ") -> str:
    """Return the text in lines that fit the terminal, each indented."""
    import textwrap

    return "\n".join(
        textwrap.fill(
            paragraph,
            width=min(100, terminal_width()),
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,  # ids stay whole, so that they can be copied
            break_long_words=False,
        )
        for paragraph in clean(text).splitlines()
    )


def terminal_width() -> int:
    """Return the terminal's columns; 100 where there is no terminal."""
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns or 100)
    except (OSError, ValueError):
        return 100


def plural(number: Fraction | int, noun: str, places: int = 2) -> str:
    """Return the number with its noun (`core.quantity.plural`, imported when it is needed)."""
    from ..core import quantity

    return quantity.plural(number, noun, places)


def emit(command: str, data: Mapping[str, Any]) -> None:
    """Print the result as JSON."""
    say(json_document(command, data))
