"""`show`, `graph` and `rubrics`: any part of a rubric, for people and for other programs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from builders import document, item, mode
from maturity_planner.documents import dump_yaml
from maturity_planner.output_shapes import schema_of
from maturity_planner.resources import bundled_rubrics
from results import Runner, data_of


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner) -> Path:
    monkeypatch.chdir(tmp_path)
    assert call("init", "--rubric-skeleton", "mine")[0] == 0
    return tmp_path


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (
            "rollback",
            ["Needs repeatable-build@automated: Only", "Needed by on-call@manual", "1 eng"],
        ),
        (
            "on-call@manual",
            ["Needs one of:", "alerts@manual: Somebody is told", "Nothing needs it"],
        ),
        ("on-call@automated", ["Needs one of (as manual does):"]),
        ("alerts@automated", ["Goes better after:", "Why: Who is woken up"]),
        ("rollback@manual", ["Needed by on-call@manual.", "graph +rollback"]),
        ("mode:manual", ["mode manual: By hand", "0.5 points; 5 of 6 items have it"]),
        ("band:start", ["Scores up to 0, which is in it."]),
        ("band:solid", ["above 1 and up to 2", "every section has to score more than 1"]),
        ("band:full", ["Scores above 2."]),
        ("section:run", ["run: Run"]),
        ("mine/build", ["build: Build"]),
        ("mine/alerts@manual", ["alerts@manual"]),
        ("azure-mlops/level:2", ["this one and all below", "optional", "items that count"]),
        ("azure-mlops/level:1", ["items of this one are at"]),
        ("az-l1-app-unit-tests@done", ["az-l1-app-unit-tests@done"]),
        ("ml-test-score/monitor-2-input-invariants@automated", ["Source: "]),
    ],
)
def test_show_explains_every_part(own: Path, call: Runner, what: str, expected: list[str]) -> None:
    code, out, _ = call("show", what)
    assert code == 0
    for text in expected:
        assert text in out


@pytest.mark.parametrize(
    ("what", "items", "modes"),
    [
        ("run", 3, 6),
        ("rollback", 1, 2),
        ("rollback@manual", 1, 1),
        ("mode:manual", 5, 5),
        ("band:solid", 0, 0),
        ("azure-mlops/level:1", 9, 9),
    ],
)
def test_show_narrows_its_json_to_the_part(
    own: Path, call: Runner, what: str, items: int, modes: int
) -> None:
    out = call("show", what, "--json")[1]
    jsonschema.validate(json.loads(out), schema_of("show"))
    data = data_of(out, "show")
    found = [item for section in data["sections"] for item in section["items"]]
    assert len(found) == items
    assert sum(len(item["modes"]) for item in found) == modes
    assert len(data["bands"]) == (1 if what.startswith("band:") else 5 if "azure" in what else 4)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("rollbak", 'Did you mean "rollback"?'),
        ("level:2", 'there is no level "2" in mine\n  mine has none.'),
        ("mode:manuel", 'Did you mean "manual"?'),
        ("bond:x", 'there is no selector "bond:"\n  Did you mean "band:"?'),
        ("rollback@manuel", 'there is no mode of rollback "manuel" in mine'),
        ("nothing@manual", 'there is no item "nothing" in mine'),
        ("mine/rollbak", 'there is no section or item "rollbak" in mine'),
        ("rollback/x", 'there is no rubric, section or item "rollback/x"'),
    ],
)
def test_show_says_what_there_is_instead(own: Path, call: Runner, what: str, message: str) -> None:
    code, _, err = call("show", what)
    assert code == 2
    assert message in err


def test_a_mean_and_modes_that_age_are_shown(own: Path, call: Runner) -> None:
    modes = [{"id": "done", "points": 1, "review_quarters": 2}, {"id": "top", "points": 2}]
    modes[1]["review_quarters"] = 0
    built = document({"s": [item("a", modes={"done": mode(1)})]}, overall="mean", modes=modes)
    (own / "tiny.yaml").write_text(dump_yaml(built | {"version": "2"}), encoding="utf-8")
    assert "Weight in the mean: 1" in call("show", "s", "--rubric", "tiny.yaml")[1]
    assert "holds for 2 quarters" in call("show", "mode:done", "--rubric", "tiny.yaml")[1]
    assert "holds for ever" in call("show", "mode:top", "--rubric", "tiny.yaml")[1]


def test_one_broken_rubric_hides_no_other(own: Path, call: Runner) -> None:
    (own / "rubrics" / "broken.yaml").write_text("id: [", encoding="utf-8")
    code, out, err = call("rubrics")
    assert code == 0
    assert "mine" in out
    assert "broken" not in out
    assert "Not usable: rubrics/broken.yaml; see maturity-planner validate" in err
    out = call("rubrics", "--json")[1]
    jsonschema.validate(json.loads(out), schema_of("rubrics"))
    (line,) = data_of(out, "rubrics")["unusable"]
    assert (line["id"], line["file"]) == ("broken", "rubrics/broken.yaml")
    assert call("show", "az-l1-app-unit-tests")[0] == 0
    assert call("show", "broken")[0] == 3


def test_graph_joins_and_intersects_selections(own: Path, call: Runner) -> None:
    code, out, _ = call("graph", "+rollback", "alerts")
    assert code == 0
    items = re.findall(r"^  (\S+)$", out, re.MULTILINE)
    assert items == ["repeatable-build", "rollback", "alerts"]
    out = call("graph", "section:run,+rollback")[1]
    assert re.findall(r"^  (\S+)$", out, re.MULTILINE) == ["rollback"]
    code, out, err = call("graph", "section:run,section:build")
    assert (code, out.strip()) == (0, "")
    assert "No item is in all of these at once." in err


HOSTILE = {
    "end": 'a\\"b; end',
    "graph-x": "[x](y) }",
    "class": "1. Plan",
    "o-x": "- x",
    "style": "<b>#1</b>",
    "x": "say `so` | %%",
}


def hostile() -> dict[str, Any]:
    items = [item(name, title=title) for name, title in HOSTILE.items()]
    items[1]["modes"]["automated"]["needs"] = ["end@manual", {"any_of": ["x@manual", "o-x@manual"]}]
    built = document({"end": items[:3], "subgraph": items[3:]})
    built["sections"][0]["title"] = 'H "q" \\'
    return built


WORD = r"_?[a-z0-9]+(?:-[a-z0-9]+)*"
RESERVED = r"(?:call|class|click|end|flowchart|graph|href|interpolate|style|subgraph)\b"
MERMAID = re.compile(
    rf"""flowchart\ LR
    |\ \ subgraph\ s-{WORD}\["[^"<>]*"\]|\ \ end
    |\ \ \ \ (?!{RESERVED}){WORD}\["(?!\d+[.)]\ |[-*+]\ )[^"<>]*"\]
    |\ \ (?!{RESERVED}){WORD}\ (?:-->|-\.->)\|{WORD}\|\ (?!{RESERVED}){WORD}""",
    re.VERBOSE,
)
TEXT = r'"(?:[^"\\]|\\\\)*"'
DOT = re.compile(
    rf"""digraph\ prerequisites\ \{{|\ \ (?:rankdir=LR|newrank=true|node\ \[shape=box\]);
    |\ \ subgraph\ "cluster_{WORD}"\ \{{|\ \ \}}|\}}|\ \ \ \ label={TEXT};
    |\ \ \ \ "{WORD}"\ \[label={TEXT}\];
    |\ \ "{WORD}"\ ->\ "{WORD}"\ \[label="{WORD}"(?:\ style=dashed)?\];""",
    re.VERBOSE,
)


@pytest.mark.parametrize("style", ["mermaid", "dot"])
@pytest.mark.parametrize("name", [*bundled_rubrics(), "tiny.yaml"])
def test_graphs_hold_to_the_grammar(own: Path, call: Runner, name: str, style: str) -> None:
    (own / "tiny.yaml").write_text(dump_yaml(hostile()), encoding="utf-8")
    code, out, _ = call("graph", "--rubric", name, "--format", style)
    assert code == 0
    form = {"mermaid": MERMAID, "dot": DOT}[style]
    assert [line for line in out.splitlines() if not form.fullmatch(line)] == []
