"""`history`: the recorded scores, and why they moved."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.record import Record

BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


@click.command("history")
@options.as_json
@click.pass_context
def command(ctx: click.Context, /, as_json: bool) -> None:
    """Show every recorded score, how far it moved, and what moved it.

    `score --record` and `track --accept` record scores.
    """
    from ...history import read_history

    history = read_history(ctx.obj.project.history)
    for fault in history.left_out:
        output.note(f"Left out: {fault}")
    if as_json:
        from ...outputs import history_data

        output.emit("history", history_data(history))
    elif history.records:
        _show(history.records)
    else:
        output.say("No score has been recorded yet.")
        output.hint(ctx, "Next: maturity-planner score --record")


def _show(records: Sequence[Record]) -> None:
    from ...core.quantity import shown

    scores = [record.score for record in records]
    first, last = (shown(scores[n], 4) for n in (0, -1))
    output.say(click.style(f"Score {first} -> {last}  {sparkline(scores)}", bold=True))
    output.say()
    earlier = [None, *scores[:-1]]
    known = [
        [_time(record), shown(record.score, 4), _change(before, record.score)]
        for record, before in zip(records, earlier, strict=True)
    ]
    rows = []
    for record, cells in zip(records, known, strict=True):
        causes = textwrap.wrap(
            output.clean(record.cause),
            width=max(30, min(100, output.terminal_width()) - 38),
            break_on_hyphens=False,
            break_long_words=False,
        )
        rows.append([*cells, *(causes[:1] or [""])])
        rows += [["", "", "", more] for more in causes[1:]]
    for line in output.table(rows, ["When", "Score", "Change", "Cause"], right=[1, 2]):
        output.say("  " + line)


def _time(record: Record) -> str:
    return record.when.strftime("%Y-%m-%d %H:%M")


def _change(before: Fraction | None, now: Fraction) -> str:
    from ...core.quantity import shown

    if before is None:
        return ""
    text = shown(now - before, 4)
    return f"+{text}" if now > before and text != "0" else text


def sparkline(scores: Sequence[Fraction], most: int = 60) -> str:
    """Return the last scores as blocks, from the lowest of them to the highest.

    >>> sparkline([Fraction(0), Fraction(1, 2), Fraction(2)]), sparkline([Fraction(3)])
    ('\u2581\u2582\u2588', '\u2584')
    """
    shown = scores[-most:]
    least, span = min(shown), max(shown) - min(shown)
    if not span:
        return BLOCKS[3] * len(shown)
    return "".join(BLOCKS[int((score - least) * 7 / span)] for score in shown)
