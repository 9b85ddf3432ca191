from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from maturity_planner.core.highs import Model
from maturity_planner.core.solver import solve

SIZE = 6
# Few small values, so that ties are common; large ones that no price can be put on in a float.
WEIGHTS = st.sampled_from([0, 1, 1, 2, 3, -1, -2, 10**9, 3 * 10**11 + 1])
OBJECTIVES = st.lists(st.lists(WEIGHTS, min_size=SIZE, max_size=SIZE), min_size=1, max_size=4)
ROWS = st.lists(
    st.tuples(st.lists(st.integers(-2, 3), min_size=SIZE, max_size=SIZE), st.integers(-3, 5)),
    max_size=4,
)


def total(weights: list[int], values: tuple[int, ...]) -> int:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


@settings(deadline=None, max_examples=300)
@given(OBJECTIVES, ROWS)
def test_the_answer_is_the_first_of_all_in_the_order_of_the_objectives(
    objectives: list[list[int]], rows: list[tuple[list[int], int]]
) -> None:
    model = Model([1] * SIZE)
    for row, least in rows:
        model.at_least(dict(enumerate(row)), least)
    possible = [
        values
        for values in product((1, 0), repeat=SIZE)
        if all(total(row, values) >= least for row, least in rows)
    ]
    named = [(str(k), dict(enumerate(weights))) for k, weights in enumerate(objectives)]
    found = solve(model, named, start=None, settled=SIZE, seconds=60)
    if not possible:
        assert found is None
    else:
        # The first one of the product wins what ties: its first difference is a 1.
        best = min(possible, key=lambda values: [total(o, values) for o in objectives])
        assert found is not None
        assert (found.values, found.proven, found.is_settled) == (best, len(objectives), True)
        assert found.bound == total(objectives[0], best)
