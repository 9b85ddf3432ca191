"""Random rubrics and assessments: any mix of rules, weights, modes, needs, waivers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from builders import assessment, item, mode, rubric
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.rubric import Rubric

# Few values, so that ties are common.
DAYS: st.SearchStrategy[int | Decimal] = st.sampled_from(
    [0, 1, 2, 3, Decimal("0.5"), Decimal("1.25"), Decimal("2.75")]
)
WEIGHTS = st.sampled_from([1, 1, 1, 2, 0, Decimal("0.5"), Decimal("1.5")])


@st.composite
def efforts(draw: st.DrawFn) -> Any:
    """A number, or three that rise."""
    if draw(st.booleans()):
        return draw(DAYS)
    low, likely, high = sorted(Decimal(day) for day in draw(st.tuples(DAYS, DAYS, DAYS)))
    return {"low": low, "likely": likely, "high": high}


@st.composite
def needs(draw: st.DrawFn, before: list[str], modes: list[str]) -> list[Any]:
    """At most two needs of earlier items: no circle can come about."""
    refs = st.builds("{}@{}".format, st.sampled_from(before), st.sampled_from(modes))
    kinds = [
        refs,
        st.builds(lambda ref: {"soft": ref}, refs),
        st.builds(lambda found: {"any_of": found}, st.lists(refs, min_size=1, max_size=3)),
    ]
    return draw(st.lists(st.one_of(kinds), max_size=2))


@st.composite
def cases(draw: st.DrawFn, most_items: int = 10) -> tuple[Rubric, Assessment]:
    """A rubric of up to so many items, and an assessment of it."""
    names = draw(st.sampled_from([["manual", "automated"], ["done"], ["low", "middle", "high"]]))
    if len(names) == 3:
        most_items = min(most_items, 7)  # keeps the number of plans to try in the thousands
    by_levels = draw(st.booleans())
    count = draw(st.integers(1, most_items))
    items: list[dict[str, Any]] = []
    for n in range(count):
        modes = {}
        for rank, name in enumerate(names):
            keys: dict[str, Any] = {"upkeep_days": draw(DAYS)} if draw(st.booleans()) else {}
            if n and draw(st.booleans()):
                keys["needs"] = draw(needs([f"i{k}" for k in range(n)], names))
            if rank and draw(st.booleans()):
                keys["from_"] = {names[rank - 1]: draw(efforts())}
            modes[name] = mode(draw(efforts()), **keys)
        level = {"level": draw(st.integers(0, 3))} if by_levels else {}
        items.append(
            item(f"i{n}", modes=modes, weight=draw(WEIGHTS), optional=draw(st.booleans()), **level)
        )
    size = draw(st.integers(1, count))
    sections = {f"s{k}": items[k * size : (k + 1) * size] for k in range(-(-count // size))}
    weights = {name: draw(WEIGHTS) for name in sections}
    weights["s0"] = weights["s0"] or 1
    built = rubric(
        sections,
        section="levels" if by_levels else "sum",
        overall=draw(st.sampled_from(["minimum", "mean"])),
        weights=weights,
        modes=[{"id": m, "points": Decimal(k) / len(names)} for k, m in enumerate(names, 1)]
        if len(names) < 3
        else [{"id": m, "points": p} for m, p in zip(names, [Decimal("0.2"), 1, 3], strict=True)],
    )
    answers: dict[str, Any] = {}
    waivers: dict[str, Any] = {}
    for name in built.items:
        answer: dict[str, Any] = {"mode": draw(st.sampled_from([None, "none", *names]))}
        if draw(st.integers(0, 4)) == 0:
            answer["effort_days"] = {names[-1]: draw(efforts())}
        answers[name] = answer
        if draw(st.integers(0, 7)) == 0:
            waivers[name] = {"reason": "r", "owner": "o", "until": "2099-01-01"}
    return built, assessment(answers, waivers)
