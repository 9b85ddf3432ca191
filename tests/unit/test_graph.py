from __future__ import annotations

import pytest

from builders import item, mode, rubric
from maturity_planner.core.graph import edges, select
from maturity_planner.core.rubric import Rubric
from maturity_planner.errors import UsageError


def chain() -> Rubric:
    def needing(*needs: object) -> dict[str, object]:
        return {"manual": mode(1), "automated": mode(1, needs=list(needs))}

    return rubric(
        {
            "s": [
                item("a"),
                item("b", modes=needing("a@manual")),
                item("c", modes=needing({"soft": "b@manual"})),
            ],
            "t": [item("d", modes=needing({"any_of": ["c@manual", "a@manual"]})), item("e")],
        }
    )


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("b", "b"),
        ("+b", "ab"),
        ("b+", "bcd"),
        ("b+1", "bc"),
        ("1+c", "bc"),
        ("+c+", "abcd"),
        ("2+d", "abcd"),
        ("section:t", "de"),
        ("+section:t", "abcde"),
        ("section:s+1", "abcd"),
        ("a e", "ae"),
        ("+b  e", "abe"),
        ("section:s,d+", ""),
        ("section:s,+d", "abc"),
        ("section:t,a+ b", "bd"),
        ("section:t,e,section:t", "e"),
    ],
)
def test_selectors_take_in_what_dbt_takes_in(selector: str, expected: str) -> None:
    assert "".join(item.id for item in select(chain(), selector)) == expected


def test_levels_can_be_selected() -> None:
    model = rubric(
        {"s": [item("a", level=1), item("b", level=2)]}, section="levels", overall="minimum"
    )
    assert [item.id for item in select(model, "level:2")] == ["b"]


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("x", 'there is no item "x"'),
        ("section:x", 'there is no section "x"'),
        ("level:1", 'there is no level "1"'),
        ("", '"" is no selector'),
        ("a+b", '"a+b" is no selector'),
        ("a,", '"" is no selector'),
        ("a e,x", 'there is no item "x"'),
        ("sektion:s", 'there is no selector "sektion:"'),
        ("mode:manual", 'there is no selector "mode:"'),
    ],
)
def test_a_selector_that_names_nothing_is_a_usage_error(selector: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        select(chain(), selector)
    assert caught.value.message == message
    assert caught.value.fix


def test_every_alternative_is_an_edge() -> None:
    found = [(e.giver, e.item, e.need.hard, e.is_choice) for e in edges(chain())]
    assert found == [
        ("a", "b", True, False),
        ("b", "c", False, False),
        ("c", "d", True, True),
        ("a", "d", True, True),
    ]
