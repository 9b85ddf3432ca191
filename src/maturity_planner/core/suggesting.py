"""What answers to one rubric's items suggest for those of another: shown, and never set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .assessment import Assessment
from .rubric import NONE, Item, ItemId, ItemMode, Link, ModeId, Rubric

Answered = Mapping[ItemId, ModeId]
"""The modes that somebody has answered, over all rubrics of an assessment."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A link whose other end is answered, and how."""

    link: Link
    rubric: Rubric
    item: Item
    mode: ModeId

    def __str__(self) -> str:
        """A clause that can follow "because"."""
        part = "in part, as " if self.link.is_partial else ""
        why = f" ({self.link.why})" if self.link.why else ""
        title = self.rubric.mode_title(self.mode).lower()
        return f"{part}{self.item.id} of {self.rubric.id} is answered: {title}{why}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mode that an item may be in, higher than the one that is answered, if any is."""

    rubric: Rubric
    item: Item
    mode: ModeId
    today: ModeId | None
    because: tuple[Reason, ...]

    @property
    def is_partial(self) -> bool:
        """Whether every reason covers only a part of the mode."""
        return all(reason.link.is_partial for reason in self.because)


def answered_modes(assessments: Iterable[Assessment]) -> dict[ItemId, ModeId]:
    """Return what somebody has answered; an item without an answer is not among it."""
    return {
        item: answer.mode
        for assessment in assessments
        for item, answer in assessment.answers.items()
        if answer.mode is not None
    }


def suggest(rubrics: Sequence[Rubric], item: Item, answered: Answered) -> Suggestion | None:
    """Return the highest mode that answers to the other rubrics suggest for an item.

    An answer suggests what links to its mode or a lower one. What is answered that high already
    needs no suggestion; an answer of `none` suggests nothing.
    """
    known = {rubric.id: rubric for rubric in rubrics}
    own = next(rubric for rubric in rubrics if rubric.items.get(item.id) is item)
    today = answered.get(item.id)
    for mode in reversed(list(item.modes.values())):
        if mode.rank <= item.rank(today or NONE):
            break
        if because := tuple(_reasons(known, mode, answered)):
            return Suggestion(own, item, mode.id, today, because)
    return None


def _reasons(known: Mapping[str, Rubric], mode: ItemMode, answered: Answered) -> Iterator[Reason]:
    for link in mode.suggested_by:
        rubric = known.get(link.rubric)
        other = rubric.items.get(link.ref.item) if rubric else None
        if rubric is None or other is None or link.ref.mode not in other.modes:
            continue  # the rubric is not one of this assessment's, or another edition of it
        now = answered.get(other.id, NONE)
        if other.rank(now) >= other.rank(link.ref.mode):
            yield Reason(link, rubric, other, now)
