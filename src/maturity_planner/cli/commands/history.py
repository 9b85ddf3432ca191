"""`history`: the recorded scores, and why they moved."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.lineage import History
    from ...core.record import Record

PLAIN = "_.-:=+*#"
"""Instead of blocks, where the encoding of the output has none."""

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
        from ...outputs.score import history_data

        output.emit("history", history_data(history))
    elif history.records:
        _show(history)
    else:
        output.say("No score has been recorded yet.")
        output.hint(ctx, "Next: maturity-planner score --record")


def _show(history: History) -> None:
    from ...core.quantity import precise

    records = history.records
    names = [record.facts.rubric.id if record.facts else "" for record in records]
    has_several = any(record.beside for record in records)
    for name in dict.fromkeys(names if has_several else names[-1:]):
        last = next(
            r for r, its in zip(reversed(records), reversed(names), strict=True) if its == name
        )
        _show_line(
            [r.score for r in history.past_of(name, last.beside).trunk],
            name if has_several else "",
        )
    output.say()
    known = [
        [_time(record), precise(record.score), _change(before, record), name]
        for record, before, name in zip(records, history.earlier(), names, strict=True)
    ]
    rows = []
    room = max([len(name) + 2 for name in names] if has_several else [0])
    for record, cells in zip(records, known, strict=True):
        causes = textwrap.wrap(
            output.clean(record.cause),
            width=max(30, min(100, output.terminal_width()) - 38 - room),
            break_on_hyphens=False,
            break_long_words=False,
        )
        shown_cells = cells if has_several else cells[:3]
        rows.append([*shown_cells, *(causes[:1] or [""])])
        rows += [[*[""] * len(shown_cells), more] for more in causes[1:]]
    heads = ["When", "Score", "Change", *(["Rubric"] if has_several else []), "Cause"]
    for line in output.table(rows, heads, right=[1, 2]):
        output.say("  " + line)


def _show_line(scores: Sequence[Fraction], rubric: str) -> None:
    from ...core.quantity import precise

    first, last = (precise(scores[n]) for n in (0, -1))
    of = f" ({output.clean(rubric)})" if rubric else ""
    output.say(click.style(f"Score {first} -> {last}  {sparkline(scores)}{of}", bold=True))


def _time(record: Record) -> str:
    return record.when.strftime("%Y-%m-%d %H:%M")


def _change(before: Record | None, now: Record) -> str:
    from ...core.quantity import precise

    if before is None:
        return ""
    moved = now.score - before.score
    sign = "+" if moved > 0 else "-" if moved < 0 else ""
    return f"{sign}{precise(abs(moved))}"


def sparkline(scores: Sequence[Fraction], most: int = 60) -> str:
    """Return the last scores as blocks, from the lowest of them to the highest.

    >>> sparkline([Fraction(0), Fraction(1, 2), Fraction(2)]), sparkline([Fraction(3)])
    ('\u2581\u2582\u2588', '\u2584')
    """
    shown = scores[-most:]
    blocks = BLOCKS if output.can_print(BLOCKS) else PLAIN
    least, span = min(shown), max(shown) - min(shown)
    if not span:
        return blocks[3] * len(shown)
    return "".join(blocks[int((score - least) * 7 / span)] for score in shown)
