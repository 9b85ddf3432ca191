from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from maturity_planner.documents import MOST_DEPTH, Unreadable, dump_yaml, merge_conflict, parse_yaml
from maturity_planner.errors import Fault
from maturity_planner.toml_documents import parse_toml


def yaml_fault(text: str) -> Fault:
    with pytest.raises(Unreadable) as caught:
        parse_yaml(text)
    return caught.value.fault


def toml_fault(text: str) -> Fault:
    with pytest.raises(Unreadable) as caught:
        parse_toml(text)
    return caught.value.fault


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("true", True),
        ("~", None),
        ("", None),
        ("2026-11-20", "2026-11-20"),
        ("12:30:00", "12:30:00"),
        ("0.1", Decimal("0.1")),
        ("1e308", Decimal("1e308")),
        ("012", 12),
        ("1_000", "1_000"),
        ("'3'", "3"),
        ("-.inf", Decimal("-inf")),
        ("9" * 40, int("9" * 40)),
        ("9" * 41, "9" * 41),
        ("|\n  1\n", "1\n"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    assert parse_yaml(f"key: {text}").data == {"key": value}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_text_holds_nothing(text: str) -> None:
    assert parse_yaml(text).data is None


def test_keys_are_texts() -> None:
    assert parse_yaml("1: a\ntrue: b\n~: c").data == {"1": "a", "true": "b", "~": "c"}


def test_marks_name_the_place_of_a_key_and_of_an_entry() -> None:
    found = parse_yaml("a:\n  - x\n  - {é: 1, b: 2}\n", with_marks=True)
    assert found.place(("a", 0)) == (2, 5)
    assert found.place(("a", 1, "b")) == (3, 12)
    assert found.place(("a", 1, "missing", "deeper")) == (3, 5)


def test_both_places_of_a_key_that_stands_twice_are_told() -> None:
    faults = parse_yaml("a: 1\nb: {c: 1, c: 2}\na: 3\n").faults
    assert [(f.line, f.column) for f in faults] == [(2, 11), (3, 1)]
    assert faults[1].message == 'the key "a" stands twice in one mapping'


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: !!python/name:os.system x", 1, 4, "the tag"),
        ("a: !own x", 1, 4, "the tag"),
        ("!!int 1: x", 1, 1, "the tag"),
        ("a: 1\n---\nb: 2", 2, 1, "a second document"),
        ("a:\n\t- b", 2, 1, "a tab"),
        ("a: [1\nb: 2", 2, 2, "not YAML"),
        ("a: &x [*x]", 1, 8, "contains itself"),
        ("a: *x", 1, 4, "has no anchor"),
        ("? [a]\n: 1", 1, 3, "a key has to be a plain text"),
        ("# é\nb: é\x07", 2, 5, "a character that is not allowed"),
        ("\0", 1, 1, "a character that is not allowed"),
    ],
)
def test_what_is_no_yaml_of_ours_is_refused_at_its_place(
    text: str, line: int, column: int, words: str
) -> None:
    fault = yaml_fault(text)
    assert (fault.line, fault.column) == (line, column)
    assert words in fault.message
    assert fault.fix


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? "])
def test_nesting_ends_at_a_limit(bracket: str) -> None:
    fault = yaml_fault(bracket * 10_000)
    assert f"more than {MOST_DEPTH} deep" in fault.message or "a key has to be" in fault.message


def test_as_deep_as_allowed_is_read() -> None:
    data: Any = parse_yaml("[" * MOST_DEPTH + "1" + "]" * MOST_DEPTH).data
    for _ in range(MOST_DEPTH):
        (data,) = data
    assert data == 1


def test_an_alias_repeats_a_value() -> None:
    assert parse_yaml("a: &x [1, 2]\nb: *x").data == {"a": [1, 2], "b": [1, 2]}


def test_aliases_cannot_be_a_bomb() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 30):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]")
    fault = yaml_fault("\n".join(lines))
    assert "expands to more than 2000000 values" in fault.message
    assert fault.line == 7


def test_toml_keeps_every_digit_and_knows_where_keys_stand() -> None:
    text = 'target = 1.50\r\n# "x" = 1\r\n[team.people]\r\n  ml-engineer = 2\r\n'
    found = parse_toml(text, with_marks=True)
    assert found.data == {"target": Decimal("1.50"), "team": {"people": {"ml-engineer": 2}}}
    assert found.place(("target",)) == (1, 1)
    assert found.place(("team", "people", "ml-engineer")) == (4, 3)
    assert found.place(("team", "people", "other")) == (3, 1)


def test_a_table_made_by_its_keys_alone_stands_at_the_first_of_them() -> None:
    found = parse_toml('target = 1\n tracker.kind = "local"\ntracker.x = 1\n', with_marks=True)
    assert found.place(("tracker",)) == (2, 2)
    assert found.place(("tracker", "other")) == (2, 2)
    assert found.place(("nothing",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = \n", 1, "invalid value"),
        ("a = 1\nb", 2, "expected '='"),
        ("a = 1\na = 2\n", 2, "cannot overwrite a value"),
        ("[a.b]\n[a]\n[a.b]\n", 3, "the table [a.b] stands twice"),
        ("['q)']\n['q)']\n", 2, "the table [q)] stands twice"),
        ("day = 2026-02-30\n", 1, "invalid date"),
        ("a = " + "9" * 5000, 1, "too many digits"),
        ("a = 1e99999999999999999999", 1, "too many digits"),
        ("a = 0x" + "f" * 5000, 1, "too many digits"),
        ("a." * 100 + "a = 1", 1, "more than 50 deep"),
        ("a = " + "[" * 10_000, 1, "more than 50 deep"),
        (".".join("a" * 5000) + " = 1", 1, "more than 50 deep"),
    ],
)
def test_what_is_no_toml_is_refused_at_its_place(text: str, line: int, words: str) -> None:
    fault = toml_fault(text)
    assert words in fault.message
    assert fault.line == line
    assert fault.column >= 1


@pytest.mark.parametrize("text", ["1", "1e5", "true", "~", "", "yes", "2026-11-20", "# a", "a: b"])
def test_a_text_is_written_so_that_it_stays_one(text: str) -> None:
    assert parse_yaml(dump_yaml({"key": [text]})).data == {"key": [text]}


def test_lists_are_indented_and_aliases_never_written() -> None:
    shared = ["x"]
    assert dump_yaml({"a": shared, "b": shared}) == "a:\n  - x\nb:\n  - x\n"


def test_one_line_is_one_line() -> None:
    text = dump_yaml({"a": ["x, y", "two\nlines", "long " * 60]}, in_one_line=True)
    assert text.count("\n") == 1
    assert parse_yaml(text).data == {"a": ["x, y", "two\nlines", "long " * 60]}


CONFLICT = "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_merge_conflict_is_named_at_its_first_marker(newline: str) -> None:
    for text, fault_of in (("b: 1\n", yaml_fault), ("b = 1\n", toml_fault)):
        fault = fault_of((text + CONFLICT).replace("\n", newline))
        assert fault.message == "this file has a merge conflict"
        assert fault.fix == "Resolve it, then run this again."
        assert (fault.line, fault.column) == (2, 1)


def test_a_marker_that_was_left_over_is_a_merge_conflict() -> None:
    assert yaml_fault("a: 1\n=======\nb: 1\n>>>>>>> x\n").line == 2
    assert merge_conflict("a: 1\n=======\n") is None


def test_markers_inside_a_text_that_can_be_read_are_part_of_it() -> None:
    text = "a: |\n" + "".join(f"  {line}\n" for line in CONFLICT.splitlines())
    assert parse_yaml(text).data == {"a": CONFLICT}
    assert parse_toml(f'a = """{CONFLICT}"""').data == {"a": CONFLICT}


@pytest.mark.parametrize(
    ("text", "char", "place"),
    [
        ("a:\n\xa0\xa0b: 1\n", "U+00A0 (no-break space)", (2, 1)),
        ("a:\n  b: 1\n \u200b c: 2\n", "U+200B (zero width space)", (3, 2)),
        ("a:\n  - b\n\u3000\u3000- c: 1\n", "U+3000 (ideographic space)", (3, 1)),
        ("a:\n  b: x\n  \xa0c: 2\n", "U+00A0 (no-break space)", (3, 3)),
    ],
)
def test_a_space_that_is_none_is_named_with_its_place(
    text: str, char: str, place: tuple[int, int]
) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_yaml(text)
    fault = caught.value.fault
    assert f"the character {char} stands where spaces belong" in fault.message
    assert (fault.line, fault.column) == place


def test_strange_spaces_may_stand_in_texts() -> None:
    text = "a: |\n  \xa0x\n'\xa0b': \u200by\n"
    assert parse_yaml(text).data == {"a": "\xa0x\n", "\xa0b": "\u200by"}
