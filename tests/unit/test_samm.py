"""SAMM as a rubric: scores by its own formula, every trap, what is wrong with single files."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import models
from maturity_planner.core.rubric import NONE, ItemId, ModeId, Rubric, build_rubric
from maturity_planner.core.score import score_modes
from maturity_planner.errors import RubricError
from maturity_planner.importers.imported import Imported
from maturity_planner.importers.samm import Choice, Order, import_samm

WORTH = {
    "none": Fraction(0),
    "quarter": Fraction(1, 4),
    "half": Fraction(1, 2),
    "full": Fraction(1),
}
SMALL = models.samm(practices=(1,))
"""One practice, A0, with two streams of three levels."""


def imported(folder: Path, files: dict[str, Any], **choice: Any) -> Imported:
    models.write_samm(folder, files)
    return import_samm(folder, Choice(**choice))


def items(found: Imported) -> dict[str, Any]:
    return {i["id"]: i for section in found.document["sections"] for i in section["items"]}


def told(found: Imported) -> list[str]:
    return [
        f"{Path(fault.file).name}:{fault.line}: {fault.message}"
        for fault in found.findings.sorted_faults()
    ]


def test_practices_become_sections_and_answers_modes(tmp_path: Path) -> None:
    files = SMALL | {
        "answer_sets/00.yml": SMALL["answer_sets/00.yml"],
        "activities/A0-1-A.yml": SMALL["activities/A0-1-A.yml"]
        | {
            "title": "Put a thermometer in every oven",
            "benefit": "Fewer burnt trays",
            "shortDescription": "Measure heat.",
            "longDescription": "Buy, fit and read.",
            "relatedActivities": [SMALL["activities/A0-3-B.yml"]["id"]],
        },
        "questions/A0-1-A.yml": SMALL["questions/A0-1-A.yml"]
        | {"text": "Is there one?", "quality": ["Written down", "Replaced"]},
    }
    found = imported(tmp_path, files)
    assert told(found) == []
    document = found.document
    assert document["version"] == "DEMO10"
    assert document["scoring"] == {"section": "sum", "overall": "mean"}
    assert [(mode["id"], mode["points"]) for mode in document["modes"]] == [
        ("quarter", Decimal("0.25")),
        ("half", Decimal("0.5")),
        ("full", Decimal(1)),
    ]
    assert list(items(found)) == [f"a-a0-{s}-{level}" for s in "ab" for level in (1, 2, 3)]
    item = items(found)["a-a0-a-1"]
    other = SMALL["activities/A0-3-B.yml"]["title"]
    assert item["summary"] == (
        "Measure heat.\n\nBuy, fit and read.\n\nBenefit: Fewer burnt trays\n\n"
        f"Question: Is there one?\n\nSee also: {other}"
    )
    assert (item["level"], item["weight"]) == (1, Decimal("0.5"))
    assert item["modes"]["half"] == {
        "effort_days": Decimal("2.5"),
        "from": {"quarter": Decimal("1.25")},
        "basis": "derived",
        "evidence": "The answer is: Yes, for at least half",
        "acceptance": ["Written down", "Replaced"],
    }


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.SOFT, {"half": [{"soft": "a-a0-a-1@half"}], "full": [{"soft": "a-a0-a-1@full"}]}),
        (Order.HARD, {"half": ["a-a0-a-1@half"], "full": ["a-a0-a-1@full"]}),
        (Order.NONE, {"half": None, "full": None}),
    ],
)
def test_the_order_inside_a_stream(tmp_path: Path, order: Order, expected: Any) -> None:
    found = imported(tmp_path, SMALL, order=order)
    modes = items(found)["a-a0-a-2"]["modes"]
    assert {mode: modes[mode].get("needs") for mode in expected} == expected
    assert "needs" not in items(found)["a-a0-b-1"]["modes"]["full"]


def test_days_of_each_level(tmp_path: Path) -> None:
    found = imported(tmp_path, SMALL, days=(Fraction(3), Fraction(7, 2), Fraction(0)))
    days = {name: item["modes"]["full"]["effort_days"] for name, item in items(found).items()}
    assert days["a-a0-a-1"] == Decimal(3)
    assert days["a-a0-a-2"] == Decimal("3.5")
    assert days["a-a0-b-3"] == Decimal(0)
    assert "full days: 3, 3.5, 0" in " ".join(found.comments)


# Scores ------------------------------------------------------------------------------------


def official(
    files: dict[str, Any], worth: dict[str, Fraction]
) -> tuple[Fraction, dict[str, Fraction]]:
    """Overall and practice scores by the model's own rule; `worth` is by activity id.

    Mean of the streams' answers at a level, sum of the levels, mean of the practices of a
    function, mean of the functions.
    """

    def mean(values: Iterable[Fraction]) -> Fraction:
        known = list(values)
        return sum(known, Fraction(0)) / len(known)

    def kind(folder: str) -> dict[str, Any]:
        found = (doc for path, doc in files.items() if path.startswith(folder))
        return {document["id"]: document for document in found}

    answers: dict[str, dict[int, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
    levels, numbers = kind("practice_levels"), kind("maturity_levels")
    for key, activity in kind("activities").items():
        level = levels[activity["level"]]
        number = numbers[level["maturityLevel"]]["number"]
        answers[level["practice"]][number].append(worth[key])
    practices = {
        key: sum((mean(streams) for streams in own.values()), Fraction(0))
        for key, own in answers.items()
    }
    functions = defaultdict(list)
    for key, practice in kind("security_practices").items():
        functions[practice["function"]].append(practices[key])
    overall = mean(mean(own) for own in functions.values())
    names = {kind("security_practices")[key]["name"]: score for key, score in practices.items()}
    return overall, names


def scored(rubric: Rubric, modes: dict[str, str]) -> tuple[Fraction, dict[str, Fraction]]:
    """Overall and practice scores of the imported rubric."""
    known = {ItemId(item): ModeId(mode) for item, mode in modes.items()}
    overall, sections = score_modes(rubric, known, set())
    return overall, {str(s.title): sections[s.id] for s in rubric.sections}


@pytest.mark.parametrize(
    ("practices", "streams"),
    [((3, 3, 3, 3, 3), 2), ((1, 2, 3), 2), ((4, 3, 1, 7, 5), 2), ((2, 3), 1), ((3,), 4)],
)
@pytest.mark.parametrize("seed", range(3))
def test_scores_are_exactly_those_of_the_model(
    tmp_path: Path, practices: Sequence[int], streams: int, seed: int
) -> None:
    files = models.samm(practices, streams)
    found = imported(tmp_path, files)
    assert told(found) == []
    rubric = build_rubric(found.document)
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    modes = {str(item): chosen.choice(list(WORTH)) for item in rubric.items}
    by_code = {
        _code(path): doc["id"] for path, doc in files.items() if path.startswith("activities")
    }
    worth = {by_code[item]: WORTH[mode] for item, mode in modes.items()}
    assert scored(rubric, modes) == official(files, worth)


def _code(path: str) -> str:
    """The item that the file of an activity becomes: A0-1-B is a-a0-b-1."""
    found = re.fullmatch(r"activities/(([A-J])\d+)-(\d)-([A-F])\.yml", path)
    assert found
    return "-".join([found[2], found[1], found[4], found[3]]).lower()


def test_one_answer_from_nothing_to_all_adds_half_to_its_practice(tmp_path: Path) -> None:
    rubric = build_rubric(imported(tmp_path, models.samm()).document)
    nothing = dict.fromkeys(map(str, rubric.items), str(NONE))
    for item in list(nothing)[::17]:
        overall, practices = scored(rubric, nothing | {item: "full"})
        assert sorted(practices.values())[-2:] == [0, Fraction(1, 2)]
        assert overall == Fraction(1, 2) / 3 / 5


def test_three_streams_share_a_level_as_well_as_decimals_can(tmp_path: Path) -> None:
    found = imported(tmp_path, models.samm((1,), streams=3))
    weights = [item["weight"] for item in items(found).values() if item["level"] == 1]
    assert weights == [Decimal("0.3334"), Decimal("0.3333"), Decimal("0.3333")]
    assert told(found) == []  # the model is right
    assert [(Path(one.file).name, one.message) for one in found.findings.sorted_traps()] == [
        ("A0.yml", f"3 activities share level {level}: their weights are nearly the same")
        for level in (1, 2, 3)
    ]
    rubric = build_rubric(found.document)
    assert scored(rubric, dict.fromkeys(map(str, rubric.items), "full"))[0] == 3


# Traps -------------------------------------------------------------------------------------


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_traps_of_yaml_are_told_and_read_as_meant(tmp_path: Path) -> None:
    models.write_samm(tmp_path, SMALL)
    rewrite(tmp_path, "answer_sets/00.yml", "text: 'No'", "text: No")
    rewrite(tmp_path, "answer_sets/01.yml", "text: Yes, all", "text: yes")
    with (tmp_path / "business_functions" / "0.yml").open("a") as file:
        file.write("color: #FF8800\nlogo:\n")
    found = import_samm(tmp_path, Choice())
    assert told(found) == []
    assert [
        (Path(one.file).name, one.line, one.message) for one in found.findings.sorted_traps()
    ] == [
        ("00.yml", 3, "No without quotes is no text to many readers"),
        ("01.yml", 15, "yes without quotes is no text to many readers"),
        ("0.yml", 6, "#FF8800 without quotes is a comment, so there is no value"),
    ]
    asked = SMALL["questions/A0-1-A.yml"]["answerSet"]
    assert asked == SMALL["answer_sets/01.yml"]["id"]  # its words are read as well
    assert "full" in items(found)["a-a0-a-1"]["modes"]


def test_ids_of_digits_are_texts(tmp_path: Path) -> None:
    models.write_samm(tmp_path, SMALL)
    old = SMALL["streams/A0-A.yml"]["id"]
    new = "0" * 29 + "701"
    for path in tmp_path.rglob("*.yml"):
        path.write_text(path.read_text().replace(old, new), encoding="utf-8")
    found = import_samm(tmp_path, Choice())
    assert told(found) == []
    assert len(items(found)) == 6
    assert len(found.findings.traps) == 4


def test_placeholders_bookkeeping_and_costs_are_left_aside(tmp_path: Path) -> None:
    activity = SMALL["activities/A0-1-A.yml"] | {
        "costs": "TBS.",
        "results": ["result1"],
        "metrics": ["metric1"],
        "notes": "None",
        "benefit": "TBS.",
    }
    found = imported(tmp_path, SMALL | {"activities/A0-1-A.yml": activity})
    text = str(found.document)
    assert told(found) == []
    for placeholder in ("TBS", "result1", "metric1", "Benefit: None", "Benefit: TBS"):
        assert placeholder not in text


def test_related_activities_are_no_needs(tmp_path: Path) -> None:
    activity = SMALL["activities/A0-1-A.yml"] | {
        "relatedActivities": [SMALL["activities/A0-3-B.yml"]["id"], "f" * 32, {"a": 1}]
    }
    found = imported(tmp_path, SMALL | {"activities/A0-1-A.yml": activity}, order=Order.NONE)
    assert all("needs" not in m for i in items(found).values() for m in i["modes"].values())
    assert told(found) == [
        "A0-1-A.yml:41: this related activity is not there; it is left out",
        "A0-1-A.yml:42: a related activity should be an id; it is left out",
    ]


# Faults ------------------------------------------------------------------------------------


def changed(path: str, **fields: Any) -> dict[str, Any]:
    """The small model with fields of one file changed, or left out when None."""
    document = {k: v for k, v in (SMALL[path] | fields).items() if v is not None}
    return SMALL | {path: document}


def without(path: str) -> dict[str, Any]:
    return {name: document for name, document in SMALL.items() if name != path}


@pytest.mark.parametrize(
    ("files", "messages", "left"),
    [
        (
            changed("activities/A0-1-A.yml", id=None),
            ["this has no id and is left out", '"activity" names a'],
            5,
        ),
        (
            changed("activities/A0-1-A.yml", id=SMALL["activities/A0-1-B.yml"]["id"]),
            ["the id a"],
            5,
        ),
        (changed("activities/A0-1-A.yml", stream="nowhere"), ['"stream" names nowhere'], 5),
        (changed("activities/A0-1-A.yml", level=None), ['there is no "level" here'], 5),
        (changed("activities/A0-1-A.yml", title=None), ["this activity has no title"], 6),
        (changed("activities/A0-1-A.yml", type="Stream"), ['"type" is "Stream"'], 5),
        (without("questions/A0-1-A.yml"), ["no question asks for this activity"], 6),
        (without("streams/A0-A.yml"), ['"stream" names d'], 3),
        (without("practice_levels/A0-2.yml"), ['"level" names f'], 4),
        (without("maturity_levels/3.yml"), ['"maturityLevel" names e'], 4),
        (
            changed("maturity_levels/3.yml", number="three"),
            ['"number" should be a whole number from 1 to 100, not "three"'],
            4,
        ),
        (changed("questions/A0-1-A.yml", answerSet="lost"), ['"answerSet" names lost'], 6),
        (changed("questions/A0-1-A.yml", quality="One"), ['"quality" should be a list'], 6),
        (
            SMALL | {"questions/more.yml": SMALL["questions/A0-1-A.yml"] | {"id": "new"}},
            ["A0-1-A.yml asks for this activity already"],
            6,
        ),
        (
            SMALL | {"activities/more.yml": SMALL["activities/A0-1-A.yml"] | {"id": "new"}},
            ["A0-1-A.yml has the same stream and level"],
            7,
        ),
        (changed("streams/A0-A.yml", order="first"), ['"order" should be a whole number'], 6),
        (changed("streams/A0-A.yml", name=None), ["this has no name"], 6),
        (SMALL | {"streams/odd.yml": ["a"]}, ["this file holds no mapping"], 6),
        (
            SMALL | {"security_practices/B.yml": SMALL["security_practices/A0.yml"] | {"id": "b"}},
            ['the practice "Practice A0" has no activity'],
            6,
        ),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_is_loaded(
    tmp_path: Path, files: dict[str, Any], messages: list[str], left: int
) -> None:
    found = imported(tmp_path, files)
    assert len(items(found)) == left
    text = "\n".join(told(found))
    for message in messages:
        assert message in text, text


def test_a_file_that_is_no_yaml_is_told_and_the_rest_is_loaded(tmp_path: Path) -> None:
    models.write_samm(tmp_path, SMALL)
    (tmp_path / "streams" / "A0-A.yml").write_text("a: [", encoding="utf-8")
    (tmp_path / "streams" / "C.yml").write_bytes(b"a: \xff")
    found = import_samm(tmp_path, Choice())
    assert len(items(found)) == 3
    assert told(found)[-2].startswith("A0-A.yml:2: this is not YAML")
    assert told(found)[-1].startswith("C.yml:1: the byte 0xff is not UTF-8")


def test_a_level_of_another_practice_is_told(tmp_path: Path) -> None:
    files = models.samm((2,))
    files["activities/A0-1-A.yml"]["level"] = files["practice_levels/A1-2.yml"]["id"]
    found = imported(tmp_path, files)
    assert any("one of another practice" in message for message in told(found))
    assert items(found)["a-a0-a-2-" + files["activities/A0-1-A.yml"]["id"][-8:]]["level"] == 2


@pytest.mark.parametrize(
    ("values", "message", "modes"),
    [
        (
            [{"value": 0.3}, {"value": 1}],
            "an answer is worth 0.3; it is taken",
            ["worth-0-3", "full"],
        ),
        ([{"value": 0}, {"value": 1}], "no answer worth 0.25 or 0.5", ["full"]),
        ([{"value": 0.5}, {"value": 1}], "no answer worth 0 or 0.25", ["half", "full"]),
        ([{"value": 1, "weight": 2}], "the weight of an answer should be 1", ["full"]),
        ([{"value": 1, "weight": [1]}], "the weight of an answer should be 1", ["full"]),
        ([{"value": 1, "weights": 2}], 'unknown key "weights"', ["full"]),
        ([{"value": 2}, {"value": 1}], "an answer is worth 0 to 1", ["full"]),
        ([{"value": 0.12345}, {"value": 1}], "an answer is worth 0 to 1", ["full"]),
        ([{"value": 1}, {"value": 1.0}], "two answers are worth 1", ["full"]),
        ([{"value": 0}], "no answer of this set is worth anything", ["quarter", "half", "full"]),
        ("nothing", "no answer of this set is worth anything", ["quarter", "half", "full"]),
    ],
)
def test_odd_answers(tmp_path: Path, values: Any, message: str, modes: list[str]) -> None:
    files = changed("answer_sets/01.yml", values=values)
    found = imported(tmp_path, files)
    assert list(items(found)["a-a0-a-1"]["modes"]) == modes
    assert message in "\n".join(told(found))


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("business_functions/0.yml", "model"),
        ("security_practices/A0.yml", "shortName"),
        ("streams/A0-A.yml", "letter"),
        ("maturity_levels/1.yml", "number"),
        ("practice_levels/A0-1.yml", "objective"),
        ("activities/A0-1-A.yml", "title"),
        ("questions/A0-1-A.yml", "quality"),
        ("answer_sets/01.yml", "values"),
    ],
)
def test_a_misspelt_field_is_told_in_every_kind(tmp_path: Path, path: str, key: str) -> None:
    slip = f"{key[:-2]}{key[-1]}{key[-2]}"
    document = {slip if name == key else name: value for name, value in SMALL[path].items()}
    models.write_samm(tmp_path, SMALL | {path: document})
    found = import_samm(tmp_path, Choice())
    (fault,) = [f for f in found.findings.faults if f.message == f'unknown key "{slip}"']
    assert fault.fix == f'Did you mean "{key}"?'
    assert (Path(fault.file).name, fault.line > 0) == (Path(path).name, True)


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "---\n"])
def test_an_empty_activity_without_a_question_is_told_and_so_is_what_that_does(
    tmp_path: Path, text: str
) -> None:
    models.write_samm(tmp_path, without("questions/A0-1-B.yml"))
    (tmp_path / "activities" / "A0-1-B.yml").write_text(text, encoding="utf-8")
    found = import_samm(tmp_path, Choice())
    line = len(text.splitlines()) if "---" in text else 0
    assert told(found) == [
        f"A0-1-B.yml:{line + 1}: this file is empty; it is left out",
        'A0-B.yml:1: stream "Stream B" has no activity at level 1, '
        "so the rest of its practice counts in full there",
    ]
    assert items(found)["a-a0-a-1"]["weight"] == 1


def test_a_practice_without_a_level_is_told(tmp_path: Path) -> None:
    files = models.samm((2,))
    kept = {name: one for name, one in files.items() if not re.search("/A1-3-[AB]", name)}
    found = imported(tmp_path, kept)
    assert told(found) == ['A1.yml:1: practice "Practice A1" has no activity at level 3']


@pytest.mark.parametrize(
    ("path", "fields", "message"),
    [
        (
            "streams/A0-B.yml",
            {"letter": "A"},
            'A0-B.yml:4: "letter" is that of A0-A.yml: A',
        ),
        (
            "business_functions/1.yml",
            {"name": "a Function"},
            '1.yml:3: "name" is that of 0.yml: a Function',
        ),
        (
            "security_practices/B0.yml",
            {"name": "Practice A0"},
            'B0.yml:3: "name" is that of A0.yml: Practice A0',
        ),
        (
            "maturity_levels/3.yml",
            {"number": 4},
            "3.yml:2: SAMM has the levels 1 to 3, and this is 4",
        ),
        (
            "maturity_levels/3.yml",
            {"number": 2},
            "3.yml:2: another file has the level 2, too",
        ),
    ],
)
def test_what_stands_twice_or_is_beyond_the_model_is_told(
    tmp_path: Path, path: str, fields: dict[str, Any], message: str
) -> None:
    files = models.samm((1, 1))
    found = imported(tmp_path, files | {path: files[path] | fields})
    names = [re.sub(r"\S*/", "", one) for one in told(found)]
    assert message in names, names


@pytest.mark.parametrize("number", [0, "three"])
def test_a_number_that_is_no_level_is_told_once(tmp_path: Path, number: Any) -> None:
    found = imported(tmp_path, changed("maturity_levels/3.yml", number=number))
    of_levels = [one for one in told(found) if one.startswith("3.yml")]
    assert of_levels == [
        f'3.yml:2: "number" should be a whole number from 1 to 100, not "{number}"; '
        "what is at this level is left out"
    ]


def test_needs_fall_back_to_narrower_answers(tmp_path: Path) -> None:
    files = changed("answer_sets/01.yml", values=[{"value": 0.5}])
    found = imported(tmp_path, files, order=Order.HARD)
    modes = items(found)["a-a0-a-2"]["modes"]
    assert {name: mode["needs"] for name, mode in modes.items()} == {
        "quarter": ["a-a0-a-1@half"],
        "half": ["a-a0-a-1@half"],
        "full": ["a-a0-a-1@half"],
    }


def test_too_many_different_answers(tmp_path: Path) -> None:
    values = [{"value": n / 100} for n in range(100)]
    with pytest.raises(RubricError, match="more than 50 different values"):
        imported(tmp_path, changed("answer_sets/01.yml", values=values))


def test_the_folder_above_will_do(tmp_path: Path) -> None:
    models.write_samm(tmp_path / "model", SMALL)
    assert len(items(import_samm(tmp_path, Choice()))) == 6


def test_what_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="holds no SAMM model"):
        import_samm(tmp_path, Choice())
    (tmp_path / "activities").mkdir()
    with pytest.raises(RubricError, match="holds no activity"):
        import_samm(tmp_path, Choice())
