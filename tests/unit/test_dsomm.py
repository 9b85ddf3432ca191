"""DSOMM as a rubric: what is read, every fault and trap with its place, the days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from maturity_planner.errors import RubricError, UsageError
from maturity_planner.importers.dsomm import Choice, Grouping, as_rubric, read_model
from maturity_planner.importers.dsomm_needs import Break
from maturity_planner.importers.imported import Imported

FIRST = "11111111-aaaa-4bbb-8ccc-000000000001"
SECOND = "22222222-aaaa-4bbb-8ccc-000000000002"
THIRD = "33333333-aaaa-4bbb-8ccc-000000000003"
HEADER = """\
---
meta:
  version: 0.0.1
  released: "2031-02-03"
  publisher: https://example.org/kitchen-model
"""


def activity(uuid: str | None = FIRST, **fields: Any) -> dict[str, Any]:
    """An activity without faults; None leaves a field out."""
    usual = {
        "uuid": uuid,
        "risk": "Bread burns.",
        "measure": "Look at it.",
        "level": 1,
        "difficultyOfImplementation": {"knowledge": 1, "time": 1, "resources": 1},
        "usefulness": 3,
    }
    return {key: value for key, value in (usual | fields).items() if value is not None}


def kitchen(ovens: dict[str, Any], **others: dict[str, Any]) -> str:
    """A model of one dimension; `others` are more sub-dimensions."""
    text: str = yaml.safe_dump({"Kitchen": {"Ovens": ovens, **others}}, sort_keys=False)
    return f"---\n{text}"


def imported(folder: Path, text: str, **choice: Any) -> Imported:
    path = folder / "model.yaml"
    path.write_text(text, encoding="utf-8")
    return as_rubric(path, *read_model(path), Choice(**choice))


def items(found: Imported) -> dict[str, Any]:
    return {i["id"]: i for section in found.document["sections"] for i in section["items"]}


def needs(found: Imported) -> dict[str, list[str]]:
    return {
        name: [need.removesuffix("@implemented") for need in mode["needs"]]
        for name, item in items(found).items()
        if "needs" in (mode := item["modes"]["implemented"])
    }


def told(found: Imported) -> list[str]:
    return [fault.message for fault in found.findings.sorted_faults()]


def fixes(found: Imported) -> list[str]:
    return [fault.fix for fault in found.findings.sorted_faults()]


def places(found: Imported) -> list[tuple[int, int]]:
    return [(fault.line, fault.column) for fault in found.findings.sorted_faults()]


def test_a_model_of_two_documents(tmp_path: Path) -> None:
    text = HEADER + kitchen(
        {
            "_meta": {"label": "not an activity"},
            "Oven checklist": activity(
                assessment="- Show the list.\n- Show last week's.\n",
                description="Long.",
                implementation=[{"name": "Chalk"}, {"$ref": "x"}, {"name": "Chalk"}],
                level=2,
                usefulness=5,
                difficultyOfImplementation={"knowledge": 3, "time": 4, "resources": 5},
            ),
        }
    )
    found = imported(tmp_path, text)
    assert told(found) == []
    document = found.document
    assert (document["version"], document["source"]) == (
        "0.0.1",
        "https://example.org/kitchen-model",
    )
    assert document["scoring"] == {"section": "levels", "overall": "minimum"}
    assert [(s["id"], s["title"]) for s in document["sections"]] == [("ovens", "Ovens")]
    item = items(found)["oven-checklist-11111111"]
    assert (item["title"], item["level"], item["weight"]) == ("Oven checklist", 2, 5)
    assert item["tools"] == ["Chalk"]
    assert item["summary"] == (
        "Look at it.\n\nRisk: Bread burns.\n\nLong.\n\nUsefulness 5 of 5. Difficulty: knowledge 3, "
        "time 4, resources 5 of 5; resources are not in the days."
    )
    assert item["modes"] == {
        "implemented": {
            "effort_days": Decimal(24),
            "basis": "derived",
            "acceptance": ["Show the list.", "Show last week's."],
        }
    }
    assert found.comments[0].endswith("from model.yaml, version 0.0.1 of 2031-02-03")


def test_a_model_of_one_document(tmp_path: Path) -> None:
    found = imported(tmp_path, kitchen({"Checklist": activity()}))
    assert told(found) == []
    assert "version" not in found.document
    assert "version unknown" in found.comments[0]


def test_documents_beyond_header_and_model_are_told(tmp_path: Path) -> None:
    text = HEADER + kitchen({"Checklist": activity()}) + HEADER + kitchen({"Alarm": activity()})
    found = imported(tmp_path, text)
    assert list(items(found)) == ["checklist-11111111"]
    assert told(found) == ["this document is one too many; it is left out"] * 2


def test_dimensions_as_sections(tmp_path: Path) -> None:
    text = kitchen({"Checklist": activity()}, Store={"Shelf": activity(SECOND)})
    found = imported(tmp_path, text, grouping=Grouping.DIMENSION)
    assert [(s["id"], len(s["items"])) for s in found.document["sections"]] == [("kitchen", 2)]


def test_sub_dimensions_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    model = {
        "Kitchen": {"Care": {"Checklist": activity()}},
        "Shop": {"Care": {"Counter": activity(SECOND)}},
    }
    found = imported(tmp_path, yaml.safe_dump(model))
    assert [(s["id"], s["title"]) for s in found.document["sections"]] == [
        ("kitchen-care", "Kitchen: Care"),
        ("shop-care", "Shop: Care"),
    ]


@pytest.mark.parametrize("knowledge", range(1, 6))
@pytest.mark.parametrize("time", range(1, 6))
def test_the_days_follow_from_time_and_knowledge(tmp_path: Path, knowledge: int, time: int) -> None:
    hard = {"knowledge": knowledge, "time": time, "resources": 5}
    text = kitchen({"A": activity(difficultyOfImplementation=hard)})
    base = {1: 1, 2: 3, 3: 8, 4: 20, 5: 40}[time]
    (item,) = items(imported(tmp_path, text)).values()
    days = item["modes"]["implemented"]["effort_days"]
    assert Fraction(days) == base * (1 + Fraction(1, 10) * (knowledge - 1))
    own = [Fraction(n, 4) for n in range(5)]
    (item,) = items(imported(tmp_path, text, days=own)).values()
    days = item["modes"]["implemented"]["effort_days"]
    assert Fraction(days) == Fraction(time - 1, 4) * (1 + Fraction(1, 10) * (knowledge - 1))


# References --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ref", [FIRST, FIRST.upper(), f"uuid:{FIRST}", f"uuid: {FIRST}", "Oven checklist"]
)
def test_a_reference_is_a_uuid_with_or_without_prefix_or_a_name(tmp_path: Path, ref: str) -> None:
    ovens = {"Oven checklist": activity(), "Alarm": activity(SECOND, dependsOn=[ref])}
    found = imported(tmp_path, kitchen(ovens))
    assert told(found) == []
    assert needs(found) == {"alarm-22222222": ["oven-checklist-11111111"]}


@pytest.mark.parametrize(
    ("ref", "fix"),
    [
        ("oven Checklist", 'Did you mean "Oven checklist"? Capital letters count.'),
        ("Oven checklists", 'Did you mean "Oven checklist"?'),
        ("Thermometer", "Remove it, or name the uuid of an activity."),
        (THIRD, "Remove it, or name the uuid of an activity."),
        ("uuid:Oven checklist", 'Did you mean "Oven checklist"? Capital letters count.'),
    ],
)
def test_a_dangling_reference_is_told_and_never_guessed(tmp_path: Path, ref: str, fix: str) -> None:
    ovens = {"Oven checklist": activity(), "Alarm": activity(SECOND, dependsOn=[ref, FIRST])}
    found = imported(tmp_path, kitchen(ovens))
    assert told(found) == [f'"Alarm" depends on "{ref}", which no activity is']
    assert fixes(found) == [fix]
    assert needs(found) == {"alarm-22222222": ["oven-checklist-11111111"]}


def test_the_comment_of_a_dangling_reference_is_a_hint(tmp_path: Path) -> None:
    text = kitchen({"Oven checklist": activity(), "Alarm": activity(SECOND, dependsOn=[THIRD])})
    found = imported(tmp_path, text.replace(f"- {THIRD}", f"- {THIRD} # Oven checklist"))
    assert fixes(found) == [f'Its comment names "Oven checklist": that is {FIRST}.']
    assert places(found) == [(text[: text.index(f"- {THIRD}")].count("\n") + 1, 9)]


def test_of_two_activities_of_a_name_the_near_one_is_taken(tmp_path: Path) -> None:
    ovens = {"Checklist": activity(), "Alarm": activity(SECOND, dependsOn=["Checklist"])}
    found = imported(tmp_path, kitchen(ovens, Store={"Checklist": activity(THIRD)}))
    assert needs(found) == {"alarm-22222222": ["checklist-11111111"]}
    assert told(found) == [
        '"Alarm" depends on "Checklist", which is in Kitchen / Ovens and Kitchen / Store'
    ]
    assert fixes(found) == ["The one in the same sub-dimension is taken; name its uuid."]


def test_of_two_distant_activities_of_a_name_none_is_taken(tmp_path: Path) -> None:
    far = {"Store": {"List": activity()}, "Shop": {"List": activity(THIRD)}}
    found = imported(tmp_path, kitchen({"Alarm": activity(SECOND, dependsOn=["List"])}, **far))
    assert needs(found) == {}
    assert told(found) == [
        '"Alarm" depends on "List", which is in Kitchen / Store and Kitchen / Shop'
    ]
    assert fixes(found) == ["Name the uuid of the one that is meant; the need is left out."]


def test_a_uuid_that_stands_twice_is_nobodys(tmp_path: Path) -> None:
    ovens = {
        "Checklist": activity(),
        "Bell": activity(),
        "Alarm": activity(SECOND, dependsOn=[FIRST]),
    }
    found = imported(tmp_path, kitchen(ovens))
    assert list(items(found)) == ["checklist-11111111", "bell-11111111", "alarm-22222222"]
    assert needs(found) == {}
    assert told(found) == [
        f'the uuid "{FIRST}" of "Bell" (line 14) is that of "Checklist" (line 4)',
        f'"Alarm" depends on "{FIRST}", which is the uuid of "Checklist" (line 4) and '
        '"Bell" (line 14)',
    ]


def test_an_activity_without_a_uuid_is_named_by_its_title(tmp_path: Path) -> None:
    ovens = {"Checklist": activity(None), "Alarm": activity(dependsOn=["Checklist"])}
    found = imported(tmp_path, kitchen(ovens))
    assert needs(found) == {"alarm-11111111": ["checklist"]}
    assert told(found) == ['activity "Checklist" has no uuid']
    assert places(found) == [(4, 5)]


def test_an_inversion_of_levels_is_told_and_holds(tmp_path: Path) -> None:
    ovens = {
        "Checklist": activity(level=3),
        "Alarm": activity(SECOND, level=2, dependsOn=[FIRST]),
    }
    found = imported(tmp_path, kitchen(ovens))
    assert told(found) == ['"Alarm" of level 2 depends on "Checklist" of level 3']
    assert needs(found) == {"alarm-22222222": ["checklist-11111111"]}


def test_what_depends_on_itself_or_twice_is_told(tmp_path: Path) -> None:
    refs = [SECOND, FIRST, "Checklist"]
    ovens = {"Checklist": activity(), "Alarm": activity(SECOND, dependsOn=refs)}
    found = imported(tmp_path, kitchen(ovens))
    assert told(found) == ['"Alarm" depends on itself', '"Alarm" depends on "Checklist" twice']
    assert needs(found) == {"alarm-22222222": ["checklist-11111111"]}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([{"a": 1}, [], None, FIRST], "a reference should be a text; it is left out"),
        ({"a": 1}, '"dependsOn" should be a list; it is left out'),
        (FIRST, '"dependsOn" should be a list'),
    ],
)
def test_references_of_another_kind(tmp_path: Path, given: Any, message: str) -> None:
    ovens = {"Checklist": activity(), "Alarm": activity(SECOND, dependsOn=given)}
    found = imported(tmp_path, kitchen(ovens))
    assert set(told(found)) == {message}
    assert len(needs(found)) == (not isinstance(given, dict))


@pytest.mark.parametrize("given", ["", "null", "[]"])
def test_no_references_at_all(tmp_path: Path, given: str) -> None:
    text = kitchen({"Checklist": activity(dependsOn="HERE", implementation="HERE")})
    found = imported(tmp_path, text.replace("HERE", given))
    assert told(found) == []


# Circles -----------------------------------------------------------------------------------

CIRCLE = {
    "Alarm": activity(FIRST, dependsOn=["Bell"]),
    "Bell": activity(SECOND, dependsOn=["Alarm"]),
    "Clock": activity(THIRD, dependsOn=["Alarm"]),
}


def test_a_circle_is_told_in_full_and_kept(tmp_path: Path) -> None:
    found = imported(tmp_path, kitchen(CIRCLE))
    (message,) = told(found)
    assert message == (
        "these activities need each other in a circle: "
        "alarm-11111111 -> bell-22222222 -> alarm-11111111"
    )
    assert fixes(found) == [
        "Nothing is planned until one is left out, like: --break alarm-11111111:bell-22222222"
    ]
    assert places(found) == [(15, 9)]
    assert len(needs(found)) == 3


@pytest.mark.parametrize(
    ("pair", "left"),
    [
        (("alarm-11111111", "bell-22222222"), ["bell-22222222", "clock-33333333"]),
        ((SECOND, FIRST.upper()), ["alarm-11111111", "clock-33333333"]),
    ],
)
def test_a_need_can_be_left_out(tmp_path: Path, pair: tuple[str, str], left: list[str]) -> None:
    found = imported(tmp_path, kitchen(CIRCLE), breaks=[Break(*pair)])
    assert told(found) == []
    assert list(needs(found)) == left
    assert any("--break" in comment for comment in found.comments)


@pytest.mark.parametrize(
    ("pair", "message", "fix"),
    [
        (("alam", "bell"), 'there is no item "alam"', ""),
        (("alarm-1111111", "b"), 'no item "alarm-1111111"', 'Did you mean "alarm-11111111"?'),
        (
            ("alarm-11111111", "clock-33333333"),
            '"alarm-11111111" does not need "clock-33333333"',
            "It needs: bell-22222222.",
        ),
    ],
)
def test_only_a_need_that_is_there_can_be_left_out(
    tmp_path: Path, pair: tuple[str, str], message: str, fix: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        imported(tmp_path, kitchen(CIRCLE), breaks=[Break(*pair)])
    assert caught.value.fix == fix


# Fields ------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [None, 0, 6, "two", [1], 1.5])
def test_an_activity_without_a_level_is_left_out(tmp_path: Path, level: Any) -> None:
    ovens = {"Checklist": activity(level=level), "Alarm": activity(SECOND)}
    found = imported(tmp_path, kitchen(ovens))
    assert list(items(found)) == ["alarm-22222222"]
    if level is None:
        assert told(found) == ['activity "Checklist" has no level and is left out']
    else:
        shown = "a list" if isinstance(level, list) else f'"{level}"'
        assert told(found) == [
            f'"level" should be a whole number from 1 to 5, not {shown}; '
            'activity "Checklist" is left out'
        ]


@pytest.mark.parametrize("ref", [FIRST, f"uuid:{FIRST}", "Checklist"])
@pytest.mark.parametrize(
    ("level", "why"),
    [(None, "it has no level (line 4)"), (9, "its level is none of 1 to 5 (line 4)")],
)
def test_a_reference_to_an_activity_that_was_left_out_says_so(
    tmp_path: Path, ref: str, level: int | None, why: str
) -> None:
    ovens = {"Checklist": activity(level=level), "Checklists": activity(SECOND, dependsOn=[ref])}
    found = imported(tmp_path, kitchen(ovens))
    assert told(found)[-1] == f'"Checklists" depends on "{ref}", which was left out: {why}'
    assert fixes(found)[-1] == "Put it right there; the need is left out until then."


def test_an_activity_is_never_what_it_needs_itself(tmp_path: Path) -> None:
    refs = ["alarm", "Alarms", THIRD]
    found = imported(tmp_path, kitchen({"Alarm": activity(dependsOn=refs)}))
    assert fixes(found) == ["Remove it, or name the uuid of an activity."] * 3


def test_missing_figures_are_told_and_taken_from_the_middle(tmp_path: Path) -> None:
    hard = {"knowledge": 9, "time": 2}
    ovens = {
        "Checklist": activity(difficultyOfImplementation=hard, usefulness=None),
        "Alarm": activity(SECOND, difficultyOfImplementation=None),
    }
    found = imported(tmp_path, kitchen(ovens))
    one, other = items(found).values()
    assert one["weight"] == 3
    assert one["modes"]["implemented"]["effort_days"] == Decimal("3.6")
    assert other["modes"]["implemented"]["effort_days"] == Decimal("9.6")
    message = '"knowledge" should be a whole number from 1 to 5, not "9"; 3 is taken'
    assert message in told(found)
    assert 'activity "Checklist" has no usefulness: 3 is taken' in told(found)
    assert sum("no difficulty for" in message for message in told(found)) == 4


def test_keys_that_are_nearly_known_are_told_and_new_ones_are_not(tmp_path: Path) -> None:
    found = imported(tmp_path, kitchen({"Checklist": activity(dependson=[], brandNewField=1)}))
    assert told(found) == ['unknown key "dependson"']
    assert fixes(found) == ['Did you mean "dependsOn"?']


def test_texts_are_made_to_fit(tmp_path: Path) -> None:
    name = "Oven\x07 checklist " + "x" * 400
    ovens = {name: activity(measure="y" * 9000, risk=["a"], uuid="ÄÖ")}
    text = "Kitchen:\n  Ovens:\n" + "".join(
        f"    {line}\n" for line in yaml.safe_dump(ovens).splitlines()
    )
    found = imported(tmp_path, text)
    ((key, item),) = items(found).items()
    assert len(item["title"]) == 300
    assert item["title"].startswith("Oven checklist x")
    assert len(key) <= 120
    assert item["summary"].startswith("y" * 5900)
    assert "the name is longer than 300 characters; its end is left out" in told(found)
    assert '"measure" is longer than 6000 characters; its end is left out' in told(found)
    assert '"risk" should be a text; it is left out' in told(found)


def test_names_without_latin_letters_still_have_ids(tmp_path: Path) -> None:
    model = {"窯": {"火": {"温度計": activity(None), "鐘": activity()}}}
    found = imported(tmp_path, yaml.safe_dump(model, allow_unicode=True))
    first, second = items(found)
    assert (first[:2], second) == ("x-", "11111111")
    assert found.document["sections"][0]["title"] == "火"


def test_parts_that_hold_nothing_are_told(tmp_path: Path) -> None:
    model = {
        "Kitchen": {
            "Ovens": {"Checklist": activity(), "Bare": None, "Word": "a", "List": [1]},
            "Store": 3,
        },
        "Shop": [1],
    }
    found = imported(tmp_path, yaml.safe_dump(model, sort_keys=False))
    assert told(found) == [
        'activity "Bare" has nothing in it; left out',
        'activity "Word" is a text, no mapping of fields; left out',
        'activity "List" is a list, no mapping of fields; left out',
        'sub-dimension "Store" is a text, no mapping; left out',
        'dimension "Shop" is a list, no mapping; left out',
    ]


# YAML --------------------------------------------------------------------------------------


def traps(found: Imported) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.message) for one in found.findings.sorted_traps()]


def test_yaml_traps_are_read_as_they_were_meant(tmp_path: Path) -> None:
    text = """\
# yaml-language-server: $schema=../schema.json
---
Kitchen:
  Ovens:
    Checklist: &usual
      uuid: &id 11111111-aaaa-4bbb-8ccc-000000000001
      level: 1
      measure: No
      risk: 12:30
      usefulness: 3
      difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}
      references: {iso27001-2022: [8.31, 8.10, "5.2"], samm2: [I-SB-A-1]}
    Bell:
      <<: *usual
      uuid: 22222222-aaaa-4bbb-8ccc-000000000002
      measure: &id !!str ring
      dependsOn: [11111111-aaaa-4bbb-8ccc-000000000001]
      color: #FF0000
"""
    found = imported(tmp_path, text)
    assert told(found) == []
    checklist, bell = items(found).values()
    assert checklist["summary"].startswith("No\n\nRisk: 12:30\n\n")
    assert bell["summary"].startswith("ring\n\nRisk: 12:30\n\n")
    assert needs(found) == {"bell-22222222": ["checklist-11111111"]}
    assert traps(found) == [
        (8, 16, "No without quotes is no text to many readers"),
        (9, 13, "12:30 without quotes is another number to many readers"),
        (12, 36, "the reference 8.31 without quotes is a number"),
        (12, 42, "the reference 8.10 without quotes is a number"),
        (16, 16, "the tag tag:yaml.org,2002:str means nothing here"),
        (16, 16, "the anchor &id stands twice"),
        (18, 13, "#FF0000 without quotes is a comment, so there is no value"),
    ]


JOINED = "Put the \u06a9\u200c\u06a9 and the \U0001f469\u200d\U0001f4bb up."
"""What these join is no word, and no picture, without them."""


def test_what_nobody_sees_is_left_out_and_told_once(tmp_path: Path) -> None:
    signs = "\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u2060\u00ad\u200d\u200c"
    ovens = {
        f"Al{signs}arm": activity(risk=f"Bread{signs} burns.", dependsOn=[SECOND]),
        "Bell": activity(SECOND, measure=JOINED),
    }
    text: str = yaml.safe_dump({"Kitchen": {"Ovens": ovens}}, sort_keys=False)
    found = imported(tmp_path, text)
    assert told(found) == []
    alarm, bell = items(found).values()
    assert (alarm["id"], alarm["title"]) == ("alarm-11111111", "Alarm")
    assert "Risk: Bread burns." in alarm["summary"]
    assert bell["summary"].startswith(JOINED)
    codes = "U+00AD, U+061C, U+200B, U+200C, U+200D and others"
    message = f"texts hold characters that nobody sees ({codes}); they are left out"
    assert traps(found) == [(3, 5, message)]


def test_a_key_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    text = kitchen({"Checklist": activity()}).replace("      level: 1\n", "      level: 1\n" * 2)
    found = imported(tmp_path, text)
    assert told(found) == ['the key "level" stands twice in one mapping']


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no activity"),
        ("---\nmeta: {version: 1}\n", "holds no activity"),
        ("- 1\n", "holds no activity"),
        ("just a text", "holds no activity"),
        ("a: [", "cannot be read"),
        ("a: &x [*x]\n", "cannot be read"),
        ("a: *nothing\n", "cannot be read"),
        ("[" * 60 + "]" * 60, "cannot be read"),
        ("a: \x07\n", "cannot be read"),
    ],
)
def test_what_is_no_model(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RubricError, match=message):
        imported(tmp_path, text)


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="is a folder") as caught:
        as_rubric(tmp_path, *read_model(tmp_path), Choice())
    assert "generated/model.yaml" in caught.value.fix


def test_aliases_cannot_blow_up_the_file(tmp_path: Path) -> None:
    lines: list[str] = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(RubricError) as caught:
        imported(tmp_path, "\n".join(lines))
    assert "expands to more than" in caught.value.faults[0].message


def test_faults_beyond_a_number_are_counted(tmp_path: Path) -> None:
    refs: Sequence[str] = [f"nothing {n}" for n in range(250)]
    found = imported(tmp_path, kitchen({"Checklist": activity(dependsOn=refs)}))
    assert len(told(found)) == 200
    assert found.findings.more == 50
