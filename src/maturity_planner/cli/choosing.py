"""One question of the interview: which mode an item is in, by number or by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from . import output

SKIP, STOP, AGAIN = "s", "q", "?"


def choose(lines: Sequence[str], names: Sequence[Sequence[str]], default: str) -> str:
    """Ask for one of the choices and return its number, `SKIP` or `STOP`.

    The `lines` show the choices, and again when somebody types `?`; `names` are what each choice
    may be called in place of its number.
    """
    known: dict[str, str] = {SKIP: SKIP, "skip": SKIP, STOP: STOP, AGAIN: AGAIN}
    known |= {str(number): str(number) for number in range(len(names))}
    for number, given in enumerate(names):
        for name in given:
            known.setdefault(_plain(name), str(number))

    def read(text: str) -> str:
        return _known(text, known, len(names) - 1, default)

    while True:
        for line in lines:
            output.say(line)
        output.say("    s  skip    q  save and stop    ?  show this again")
        answer = click.prompt("  Which one", default=default, value_proc=read)
        if answer != AGAIN:
            return str(answer)


def _known(text: str, known: Mapping[str, str], last: int, default: str) -> str:
    """Return the choice that the text means; blanks alone mean the default one.

    Raises:
        click.UsageError: it means none; the question comes again.
    """
    word = _plain(text)
    if word and word not in known:
        said = output.clean(text.strip())[:60]
        raise click.UsageError(f'"{said}" is none of them: 0 to {last}, a name, s, q or ?')
    return known[word or default]


def is_stop(text: str) -> bool:
    """Return whether an answer in words is the one that stops the interview."""
    return _plain(text) == STOP


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
