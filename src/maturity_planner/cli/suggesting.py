"""Suggestions for people: beside the question of `assess`, and all of them in a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from . import output

if TYPE_CHECKING:
    from ..core.assessment import Assessment
    from ..core.rubric import Item, Rubric
    from ..core.suggesting import Suggestion

Models = Sequence[tuple["Rubric", "Assessment"]]


def find(models: Models, items: Iterable[Item]) -> list[Suggestion]:
    """Return what the answers that are there suggest for the items."""
    from ..core.suggesting import answered_modes, suggest

    rubrics = [rubric for rubric, _ in models]
    answered = answered_modes(assessment for _, assessment in models)
    found = (suggest(rubrics, item, answered) for item in items)
    return [suggestion for suggestion in found if suggestion]


def line(suggestion: Suggestion) -> str:
    """Return a suggestion with its reasons, in one line."""
    title = suggestion.rubric.mode_title(suggestion.mode)
    return f"Suggested: {title}, because {because(suggestion)}"


def because(suggestion: Suggestion) -> str:
    """Return the reasons; a link is an estimate, and says so."""
    told = "; ".join(map(str, suggestion.because))
    is_estimate = any(reason.link.basis == "estimate" for reason in suggestion.because)
    return f"{told} (an estimate)" if is_estimate else told


def show(suggestions: Sequence[Suggestion], models: Models) -> None:
    """Print the item, the mode and the reason of each, or why there is none."""
    if not suggestions:
        output.say("Nothing is suggested by the answers that are there.")
        if len(models) == 1:
            output.note("Answers suggest answers of another rubric: name both in `rubric: [...]`.")
        return
    rows = [[s.item.id, s.mode, s.today or "-", because(s)] for s in suggestions]
    for text in output.table(rows, ["Item", "Suggested", "Today", "Because"]):
        output.say(text)
    output.say()
    output.say(f"Nothing is set. To answer: {output.again('assess --set ITEM=MODE')}")
