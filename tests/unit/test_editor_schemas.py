"""The printed schema of a rubric against `validate`: what the one refuses, the other does."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from builders import document, item, mode
from maturity_planner.checking import faults_of
from maturity_planner.core.rubric_soundness import rubric_faults
from maturity_planner.documents import dump_yaml, parse_yaml
from maturity_planner.output_shapes import schema_of
from maturity_planner.resources import bundled_rubrics
from maturity_planner.starter import skeleton_text

RUBRIC = jsonschema.Draft202012Validator(schema_of("rubric"))


def keys(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every key that the schema knows, with what it says of it."""
    for named in (schema, *schema["$defs"].values()):
        yield from named.get("properties", {}).items()


def test_every_key_of_a_rubric_is_described_and_explained_in_the_skeleton() -> None:
    text = skeleton_text("team-health")
    found = dict(keys(schema_of("rubric")))
    assert len(found) > 25
    assert [key for key, schema in found.items() if not schema.get("description")] == []
    assert [key for key in found if not re.search(rf"\b{key}: |{key}:\n", text)] == []


@pytest.mark.parametrize("kind", ["rubric", "assessment", "settings", "plan", "roadmap"])
def test_defaults_are_of_the_kind_that_they_stand_for(kind: str) -> None:
    schema = schema_of(kind)

    def check(node: Any) -> None:
        if isinstance(node, list):
            for value in node:
                check(value)
        elif isinstance(node, dict):
            if "default" in node and "type" in node:
                jsonschema.validate(node["default"], node | {"pattern": ""})
            for value in node.values():
                check(value)

    for part in (schema.get("properties", {}), schema.get("anyOf", []), schema["$defs"]):
        check(part)


@pytest.mark.parametrize("name", [*bundled_rubrics(), "skeleton"])
def test_sound_rubrics_fit_the_schema(name: str) -> None:
    path = bundled_rubrics().get(name)
    text = path.read_text(encoding="utf-8") if path else skeleton_text("team-health")
    assert [error.message for error in RUBRIC.iter_errors(parse_yaml(text).data)] == []


def base() -> dict[str, Any]:
    low = mode(1, upkeep_days=1, basis="estimate", acceptance=["x"])
    high = mode({"low": 1, "likely": 2, "high": 3}, from_={"manual": 1}, needs=["b@manual"])
    first = item("a", people={"engineer": 1}, level=1, modes={"manual": low, "automated": high})
    return document({"s": [first, item("b", level=1)]}, bands=[{"id": "x"}])


MISSING = object()
A = ("sections", 0, "items", 0)
HIGH = (*A, "modes", "automated")

BAD: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "no schema": (("schema",), MISSING),
    "another kind": (("schema",), "maturity-planner/plan/v1"),
    "no id": (("id",), MISSING),
    "a bad id": (("id",), "Team_Health"),
    "an id of two hyphens": (("id",), "a--b"),
    "a long id": (("id",), "a" * 121),
    "a title of two lines": (("title",), "a\nb"),
    "a number as version": (("version",), 2017),
    "no modes": (("modes",), []),
    "points as a text": (("modes", 0, "points"), "0.5"),
    "points of true": (("modes", 0, "points"), True),
    "negative points": (("modes", 0, "points"), -1),
    "the mode none": (("modes", 0, "id"), "none"),
    "an unknown rule": (("scoring", "section"), "max"),
    "no rule": (("scoring", "overall"), MISSING),
    "levels without a level": ((*A, "level"), MISSING),
    "levels of a null": ((*A, "level"), None),
    "a level that is no whole number": ((*A, "level"), 1.5),
    "a negative level": ((*A, "level"), -1),
    "a band without id": (("scoring", "bands", 0, "id"), MISSING),
    "a section without items": (("sections", 0, "items"), []),
    "sections as a mapping": (("sections",), {"s": 1}),
    "an unknown key": (("titles",), "x"),
    "an unknown key of an item": ((*A, "efforts"), 1),
    "an item without modes": ((*A, "modes"), {}),
    "optional as a text": ((*A, "optional"), "yes"),
    "people of nobody": ((*A, "people"), {"engineer": 0}),
    "a role that is no id": ((*A, "people"), {"Data Engineer": 1}),
    "a mode that is no id": ((*A, "modes", "By Hand"), {"effort_days": 1}),
    "from a mode that is no id": ((*HIGH, "from"), {"By Hand": 1}),
    "no effort": ((*HIGH, "effort_days"), MISSING),
    "two of three efforts": ((*HIGH, "effort_days"), {"low": 1, "likely": 2}),
    "effort as a list": ((*HIGH, "effort_days"), [1, 2, 3]),
    "too much effort": ((*HIGH, "effort_days"), 100_001),
    "an unknown basis": ((*HIGH, "basis"), "guess"),
    "acceptance as a text": ((*HIGH, "acceptance"), "x"),
    "a need without mode": ((*HIGH, "needs"), ["b"]),
    "a need of two modes": ((*HIGH, "needs"), ["b@manual@automated"]),
    "a need of nothing": ((*HIGH, "needs"), [{"why": "x"}]),
    "a need hard and soft": ((*HIGH, "needs"), [{"hard": "b@manual", "soft": "b@manual"}]),
    "a choice of nothing": ((*HIGH, "needs"), [{"any_of": []}]),
    "a need that is a number": ((*HIGH, "needs"), [1]),
    "evidence that is never shown": ((*HIGH, "review_quarters"), 41),
}


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(base())
    if "level" in path:
        data["scoring"]["section"] = "levels"
    inner: Any = data
    for part in path[:-1]:
        inner = inner[part]
    if value is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return data


@pytest.mark.parametrize("what", BAD)
def test_what_validate_refuses_the_schema_refuses(what: str) -> None:
    data = changed(*BAD[what])
    sound: Callable[[Any], Any] = rubric_faults
    assert faults_of("rubric", dump_yaml(data), "r.yaml", parse=parse_yaml, sound=sound)[0]
    assert not RUBRIC.is_valid(data)


def test_the_rubric_that_they_are_made_from_is_sound() -> None:
    for section in ("sum", "levels"):
        data = base()
        data["scoring"]["section"] = section
        found = faults_of(
            "rubric", dump_yaml(data), "r.yaml", parse=parse_yaml, sound=rubric_faults
        )
        assert found[0] == []
        RUBRIC.validate(data)
