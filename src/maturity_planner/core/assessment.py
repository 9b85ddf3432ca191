"""What we claim today: answers with their evidence, a team's own estimates, and waivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NewType

from .quantity import Cents, to_cents
from .rubric import NONE, Effort, Item, ItemId, ModeId, Rubric, build_effort

Day = date  # the classes below have attributes of the name
Evidence = NewType("Evidence", str)
"""A link, path or sentence that shows how an item is done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an item is done. `mode` is None as long as nobody has answered."""

    mode: ModeId | None
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    effort: Mapping[ModeId, Effort] | None = None
    upkeep: Mapping[ModeId, Cents] | None = None
    date: Day | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted exemption; it holds up to and including `until`."""

    item: ItemId
    reason: str
    owner: str
    until: date


@dataclass(frozen=True, slots=True)
class Assessment:
    """One system against one rubric, as of a day.

    `today` is the day on which it was read: dates after it are claims of nothing yet.
    `waivers` are those that hold; `expired` are reported and count as none. `beside` holds the
    ids of the other rubrics that the same system is assessed against, `elsewhere` their items.
    """

    system: str
    rubric: str
    date: date | None
    answers: Mapping[ItemId, Answer]
    waivers: Mapping[ItemId, Waiver]
    expired: tuple[Waiver, ...] = ()
    beside: tuple[str, ...] = ()
    elsewhere: Set[ItemId] = frozenset()
    today: Day | None = None

    @property
    def last_claimed(self) -> Day | None:
        """The day of the newest claim, today at the latest; None when no day is known."""
        days = [self.date, *(answer.date for answer in self.answers.values())]
        return max((d for d in days if d and (not self.today or d <= self.today)), default=None)

    def shown_on(self, item: ItemId) -> Day | None:
        """The day on which the item's evidence was shown; None when it is not known."""
        answer = self.answers.get(item)
        return (answer.date if answer else None) or self.date

    def mode(self, item: Item) -> ModeId:
        """The item's mode today; an unanswered item counts as `none`."""
        answer = self.answers.get(item.id)
        return answer.mode if answer and answer.mode is not None else NONE

    def is_answered(self, item: Item) -> bool:
        """Whether somebody has said how the item is done."""
        answer = self.answers.get(item.id)
        return answer is not None and answer.mode is not None

    def effort(self, item: Item, mode: ModeId) -> Effort:
        """The estimate to bring the item from its mode today to the given higher one.

        A team's own estimate wins: it was made from where the team stands. Next comes the
        rubric's smaller effort from today's mode, then its full effort.
        """
        answer = self.answers.get(item.id)
        if answer and answer.effort and mode in answer.effort:
            return answer.effort[mode]
        wanted = item.modes[mode]
        return wanted.effort_from.get(self.mode(item), wanted.effort)

    def upkeep(self, item: Item, mode: ModeId) -> Cents:
        """What the mode keeps costing, in hundredths of a person-day a quarter."""
        if mode == NONE:
            return Cents(0)
        answer = self.answers.get(item.id)
        if answer and answer.upkeep and mode in answer.upkeep:
            return answer.upkeep[mode]
        return item.modes[mode].upkeep


def as_of(assessment: Assessment, day: date) -> Assessment:
    """Return the assessment with the waivers that held, and those that had ended, on that day."""
    waivers = (*assessment.waivers.values(), *assessment.expired)
    return replace(
        assessment,
        waivers={waiver.item: waiver for waiver in waivers if waiver.until >= day},
        expired=tuple(waiver for waiver in waivers if waiver.until < day),
    )


def part_for(assessment: Assessment, rubric: Rubric, others: Sequence[Rubric]) -> Assessment:
    """Return what an assessment of several rubrics says of one of them."""
    items = rubric.items
    return replace(
        assessment,
        rubric=rubric.id,
        answers={item: answer for item, answer in assessment.answers.items() if item in items},
        waivers={item: waiver for item, waiver in assessment.waivers.items() if item in items},
        expired=tuple(waiver for waiver in assessment.expired if waiver.item in items),
        beside=tuple(other.id for other in others),
        elsewhere=frozenset(item for other in others for item in other.items),
    )


def named_rubrics(document: Any) -> tuple[str, ...]:
    """Return the rubrics that an assessment names, none where it does not say it rightly.

    >>> named_rubrics({"rubric": "a"}), named_rubrics({"rubric": ["a", "b"]}), named_rubrics({})
    (('a',), ('a', 'b'), ())
    """
    named = document.get("rubric") if isinstance(document, Mapping) else None
    given: list[Any] = named if isinstance(named, list) else [named]
    return tuple(given) if all(isinstance(name, str) for name in given) else ()


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _answer(value: Any) -> Answer:
    if value is None or isinstance(value, str):
        return Answer(None if value is None else ModeId(value))
    mode = value.get("mode")
    return Answer(
        mode=None if mode is None else ModeId(mode),
        evidence=tuple(Evidence(text) for text in value.get("evidence", ())),
        note=value.get("note", ""),
        effort={ModeId(m): build_effort(e) for m, e in value.get("effort_days", {}).items()},
        upkeep={ModeId(m): to_cents(u) for m, u in value.get("upkeep_days", {}).items()},
        date=None if value.get("date") is None else _day(value["date"]),
    )


def build_assessment(document: Mapping[str, Any], today: date) -> Assessment:
    """Return the assessment that a checked document (see `shapes.AssessmentFile`) states."""
    waivers = [
        Waiver(ItemId(item), given["reason"], given["owner"], _day(given["until"]))
        for item, given in (document.get("waivers") or {}).items()
    ]
    on = document.get("date")
    stated = Assessment(
        system=document["system"],
        rubric=named_rubrics(document)[0],
        date=None if on is None else _day(on),
        answers={ItemId(k): _answer(v) for k, v in (document.get("answers") or {}).items()},
        waivers={},
        expired=tuple(waivers),
        today=today,
    )
    return as_of(stated, today)
