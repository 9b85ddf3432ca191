"""What we are judged by: rubric > section > item > mode, with needs between modes.

These are the checked, normalised values; the shapes of the files are in `shapes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, NewType

from .quantity import Cents, Points, to_cents, to_points

SectionId = NewType("SectionId", str)
ItemId = NewType("ItemId", str)
ModeId = NewType("ModeId", str)

NONE = ModeId("none")
"""The implied lowest mode of every item: no points, no effort."""


class SectionRule(StrEnum):
    """How a section's score follows from its items (docs/glossary.md)."""

    SUM = "sum"
    LEVELS = "levels"


class OverallRule(StrEnum):
    """How the overall score follows from the sections (docs/glossary.md)."""

    MINIMUM = "minimum"
    MEAN = "mean"


class ModeRef(NamedTuple):
    """A mode of an item, written ITEM@MODE."""

    item: ItemId
    mode: ModeId

    def __str__(self) -> str:
        """ITEM@MODE."""
        return f"{self.item}@{self.mode}"


class Effort(NamedTuple):
    """A three-point estimate in person-days, and its mean in hundredths of a day."""

    low: Fraction
    likely: Fraction
    high: Fraction
    expected: Cents


class Need(NamedTuple):
    """A prerequisite: met when one of `any_of` is at the named mode or a higher one.

    A hard need constrains the plan; a soft one only orders work.
    """

    any_of: tuple[ModeRef, ...]
    hard: bool
    why: str = ""
    source: str = ""

    def __str__(self) -> str:
        """ITEM@MODE, or several joined by "or"."""
        return " or ".join(map(str, self.any_of))


class Link(NamedTuple):
    """A mode of another rubric's item whose work may count here, too; it is never an answer."""

    rubric: str
    ref: ModeRef
    is_partial: bool = False
    why: str = ""
    basis: str = ""

    def __str__(self) -> str:
        """RUBRIC/ITEM@MODE."""
        return f"{self.rubric}/{self.ref}"


class Mode(NamedTuple):
    """A way to do an item, with what it scores. `rank` counts from 1; `none` is rank 0."""

    id: ModeId
    title: str
    points: Points
    rank: int
    review_quarters: int | None = None


class ItemMode(NamedTuple):
    """What one mode asks of one item; its evidence never ages when `review_quarters` is 0."""

    id: ModeId
    rank: int
    points: Points
    effort: Effort
    effort_from: Mapping[ModeId, Effort]
    upkeep: Cents
    basis: str
    evidence: str
    acceptance: tuple[str, ...]
    needs: tuple[Need, ...]
    review_quarters: int
    suggested_by: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is judged. `position` counts from 0 over the whole rubric."""

    id: ItemId
    section: SectionId
    position: int
    title: str
    summary: str
    level: int | None
    optional: bool
    weight: Points
    people: Mapping[str, int]
    tools: tuple[str, ...]
    modes: Mapping[ModeId, ItemMode]

    @property
    def top(self) -> ItemMode:
        """The item's highest mode."""
        return list(self.modes.values())[-1]

    def rank(self, mode: ModeId) -> int:
        """The mode's rank; 0 for `none`."""
        return 0 if mode == NONE else self.modes[mode].rank

    def points(self, mode: ModeId) -> int:
        """Weight x points of the mode, in units of 1e-8."""
        return 0 if mode == NONE else self.weight * self.modes[mode].points

    def needs(self, mode: ModeId) -> Iterator[Need]:
        """Every need that binds the mode: its own and those of lower modes."""
        rank = self.rank(mode)
        for own in self.modes.values():
            if own.rank <= rank:
                yield from own.needs


class Section(NamedTuple):
    """A group of items that is scored on its own."""

    id: SectionId
    title: str
    weight: Points
    items: tuple[Item, ...]


class Band(NamedTuple):
    """A named range of the overall score; `up_to` belongs to it, None means no upper end."""

    id: str
    title: str
    up_to: Fraction | None


@dataclass(frozen=True)
class Rubric:
    """A whole model: what is judged, how it is scored, what needs what."""

    id: str
    title: str
    version: str
    source: str
    notes: str
    modes: tuple[Mode, ...]
    section_rule: SectionRule
    overall_rule: OverallRule
    bands: tuple[Band, ...]
    sections: tuple[Section, ...]

    @cached_property
    def items(self) -> Mapping[ItemId, Item]:
        """All items by id, in rubric order."""
        return {item.id: item for section in self.sections for item in section.items}

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The levels that occur in the rubric, rising."""
        return tuple(sorted({i.level for i in self.items.values() if i.level is not None}))

    @cached_property
    def section_titles(self) -> Mapping[SectionId, str]:
        """The title of each section."""
        return {section.id: section.title for section in self.sections}

    @cached_property
    def has_estimates(self) -> bool:
        """Whether some effort in the rubric is marked as an estimate."""
        return "estimate" in self.bases

    @cached_property
    def bases(self) -> frozenset[str]:
        """What the efforts in the rubric are marked as: estimate, derived, measured."""
        return frozenset(m.basis for i in self.items.values() for m in i.modes.values() if m.basis)

    def mode_title(self, mode: ModeId) -> str:
        """The mode's title; `none` has one of ours."""
        return next((m.title for m in self.modes if m.id == mode), "Not done")


def is_met(need: Need, modes: Mapping[ItemId, ModeId], rubric: Rubric) -> bool:
    """Return whether one of the need's alternatives is at its mode or higher."""
    items = rubric.items
    return any(
        items[ref.item].rank(modes[ref.item]) >= items[ref.item].rank(ref.mode)
        for ref in need.any_of
    )


def parse_ref(text: str) -> ModeRef:
    """Return the ModeRef that ITEM@MODE spells.

    >>> parse_ref("data-1@manual")
    ModeRef(item='data-1', mode='manual')
    """
    item, _, mode = text.partition("@")
    return ModeRef(ItemId(item), ModeId(mode))


def build_effort(value: Any) -> Effort:
    """Return the estimate that a number or a low/likely/high mapping states.

    The mean is (low + 4 likely + high) / 6, the usual one of a PERT estimate, rounded half up
    to 0.01 day once, here.
    """
    if isinstance(value, Mapping):
        low, likely, high = (Fraction(value[key]) for key in ("low", "likely", "high"))
    else:
        low = likely = high = Fraction(value)
    return Effort(low, likely, high, to_cents((low + 4 * likely + high) / 6))


def build_need(value: Any) -> Need:
    """Return the need that a string or a mapping with hard, soft or any_of states."""
    if isinstance(value, str):
        return Need((parse_ref(value),), hard=True)
    refs = value.get("any_of") or [value.get("hard") or value["soft"]]
    return Need(
        tuple(parse_ref(ref) for ref in refs),
        hard="soft" not in value,
        why=value.get("why", ""),
        source=value.get("source", ""),
    )


def build_link(value: Any) -> Link:
    """Return the link that RUBRIC/ITEM@MODE, or a mapping with it, states.

    >>> print(build_link("ml-test-score/data-1@manual"))
    ml-test-score/data-1@manual
    """
    given: Mapping[str, Any] = {"ref": value} if isinstance(value, str) else value
    rubric, _, ref = given["ref"].partition("/")
    return Link(
        rubric,
        parse_ref(ref),
        is_partial=given.get("partly", False),
        why=given.get("why", ""),
        basis=given.get("basis", ""),
    )


def _build_item(value: Any, section: SectionId, position: int, modes: Sequence[Mode]) -> Item:
    given = value["modes"]
    top = next((mode.id for mode in reversed(modes) if mode.id in given), NONE)
    return Item(
        id=ItemId(value["id"]),
        section=section,
        position=position,
        title=value["title"],
        summary=value.get("summary", ""),
        level=value.get("level"),
        optional=value.get("optional", False),
        weight=to_points(value.get("weight", 1)),
        people=value.get("people", {}),
        tools=tuple(value.get("tools", ())),
        modes={
            mode.id: ItemMode(
                id=mode.id,
                rank=mode.rank,
                points=mode.points,
                effort=build_effort(own["effort_days"]),
                effort_from={ModeId(m): build_effort(e) for m, e in own.get("from", {}).items()},
                upkeep=to_cents(own.get("upkeep_days", 0)),
                basis=own.get("basis", ""),
                evidence=own.get("evidence", ""),
                acceptance=tuple(own.get("acceptance", ())),
                needs=tuple(build_need(need) for need in own.get("needs", ())),
                review_quarters=_review_quarters(own, mode, is_top=mode.id == top),
                suggested_by=tuple(build_link(link) for link in own.get("suggested_by", ())),
            )
            for mode in modes
            if (own := given.get(mode.id)) is not None
        },
    )


def _review_quarters(own: Any, mode: Mode, *, is_top: bool) -> int:
    """Return how long evidence holds: the item's word, the mode's, else a quarter where it must.

    What costs upkeep is done again and again by hand; the top mode is where that ends.
    """
    usual = 1 if own.get("upkeep_days") and not is_top else 0
    stated = own.get("review_quarters", mode.review_quarters)
    return usual if stated is None else int(stated)


def build_rubric(document: Mapping[str, Any]) -> Rubric:
    """Return the rubric that a checked document (see `shapes.RubricFile`) describes."""
    modes = [
        Mode(
            ModeId(m["id"]),
            m.get("title", m["id"]),
            to_points(m["points"]),
            rank,
            m.get("review_quarters"),
        )
        for rank, m in enumerate(document["modes"], start=1)
    ]
    sections: list[Section] = []
    position = 0
    for given in document["sections"]:
        section = SectionId(given["id"])
        items = tuple(
            _build_item(value, section, position + n, modes)
            for n, value in enumerate(given["items"])
        )
        position += len(items)
        weight = to_points(given.get("weight", 1))
        sections.append(Section(section, given.get("title", section), weight, items))
    scoring = document["scoring"]
    return Rubric(
        id=document["id"],
        title=document["title"],
        version=document.get("version", ""),
        source=document.get("source", ""),
        notes=document.get("notes", ""),
        modes=tuple(modes),
        section_rule=SectionRule(scoring["section"]),
        overall_rule=OverallRule(scoring["overall"]),
        bands=tuple(
            Band(
                band["id"],
                band.get("title", band["id"]),
                None if band.get("up_to") is None else Fraction(band["up_to"]),
            )
            for band in scoring.get("bands", ())
        ),
        sections=tuple(sections),
    )
