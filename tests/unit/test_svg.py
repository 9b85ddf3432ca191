"""Charts: where things stand, and what happens to few, many and odd ones."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from maturity_planner.report import network, plots, svg

DAY = date(2026, 11, 20)


def parsed(body: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<g>{body}</g>")  # noqa: S314 (our own)


def test_a_chart_has_a_title_and_a_sentence_and_a_role() -> None:
    chart = svg.Chart("x", "<T>", 'a "b"', "", 10, 10)
    root = ElementTree.fromstring(chart.markup)  # noqa: S314 (our own)
    assert root.attrib["role"] == "img"
    assert [child.text for child in root] == ["<T>", 'a "b"']
    assert root.attrib["aria-labelledby"].split() == [child.attrib["id"] for child in root]


@pytest.mark.parametrize("count", [3, 4, 16])
def test_a_radar_has_an_axis_a_section(count: int) -> None:
    axes = [(f"<{n}>", 0.5, 0.75) for n in range(count)]
    names = [node.text for node in parsed(svg.radar(axes)[0]).iter("text")]
    assert [name for name in names if name and name.startswith("<")] == [a for a, _, _ in axes]
    assert "after the plan" in names
    assert "after the plan" not in svg.radar([(a, s, None) for a, s, _ in axes])[0]


def test_a_gantt_marks_today_and_the_end() -> None:
    end = date(2026, 12, 24)
    bars = [("a", DAY, DAY, True), ("b", DAY, date(2026, 12, 1), False)]
    body, _, _ = plots.gantt(bars, DAY, end)
    boxes = list(parsed(body).iter("rect"))
    fills = [box.attrib["fill"] for box in boxes]
    assert fills == [svg.GREEN, svg.BLUE, svg.BLUE, svg.GREEN]
    names = [text.text for text in parsed(body).iter("text")]
    assert names[-2:] == ["planned", "done"]  # what the last two boxes stand for
    assert float(boxes[1].attrib["width"]) > float(boxes[0].attrib["width"])
    assert ">today<" in body
    assert ">end asked for<" in body
    body, _, _ = plots.gantt(bars, date(2025, 1, 1), None)
    assert ">today<" not in body


def test_a_burn_up_of_one_day_is_drawn() -> None:
    body, _, _ = plots.burnup([(DAY, 0.0)], [(DAY, 0.0)])
    assert len(list(parsed(body).iter("circle"))) == 1


def test_a_graph_puts_what_is_needed_to_the_left() -> None:
    nodes = [("b", "long " * 12, True), ("a", "A", False), ("c", "C", False)]
    body, width, height = network.graph(nodes, [("a", "b", True), ("b", "c", False)])
    boxes = [float(box.attrib["x"]) for box in parsed(body).iter("rect")]
    assert boxes == [260, 10, 510]
    assert (width, height) == (720, 66)


def test_layers_of_a_circle_end_somewhere() -> None:
    found = network.layers(["a", "b"], [("a", "b"), ("b", "a")])
    assert set(found) == {"a", "b"}
    assert max(found.values()) <= 1


@pytest.mark.parametrize("days", [0, 1, 3, 40, 400, 4000])
def test_ticks_are_few(days: int) -> None:
    last = date.fromordinal(DAY.toordinal() + days)
    ticks = plots.Scale(DAY, last, 0, 100).ticks()
    assert 1 <= len(ticks) <= 5
    assert ticks[0] == DAY


def test_a_level_shows_today_what_is_planned_and_the_target() -> None:
    full = parsed(svg.level(0.25, 0.5, 0.75))
    boxes = [(box.attrib["fill"], box.attrib["width"]) for box in full.iter("rect")]
    assert boxes == [(svg.GRID, "200"), (svg.GREEN, "100"), (svg.BLUE, "50")]
    assert len(list(full.iter("path"))) == 1
    assert next(full.iter("svg")).attrib["aria-hidden"] == "true"
    empty = parsed(svg.level(0, 0, 2))
    assert [box.attrib["fill"] for box in empty.iter("rect")] == [svg.GRID]
    assert list(empty.iter("path")) == []


def test_a_frontier_has_a_dot_a_step_and_the_target_where_it_can_be_reached() -> None:
    steps = [(0.0, 0.5), (2.0, 1.0), (9.5, 1.5)]
    body, _, _ = plots.frontier(steps, 1.0)
    places = [float(dot.attrib["cy"]) for dot in parsed(body).iter("circle")]
    assert places == sorted(places, reverse=True)
    assert ">target<" in body
    assert ">target<" not in plots.frontier(steps, 7.0)[0]


@pytest.mark.parametrize("highest", [0.001, 0.5, 1, 6, 7, 99, 12_345.6])
def test_round_numbers_reach_the_highest(highest: float) -> None:
    numbers = plots.rounds(highest)
    assert 3 <= len(numbers) <= 7
    assert numbers[-2] < highest <= numbers[-1] * 1.000001
