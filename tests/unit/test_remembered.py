"""What was read before is read the same again, and a damaged memory costs time only."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maturity_planner import remembered
from maturity_planner.documents import dump_yaml, parse_yaml
from maturity_planner.remembered import MOST_KEPT, cache_folder, parse_known_yaml

TEXT = "a: [1, 1.0, 1.50, 1e3, true, null, '2']\nb: {c: ''}\n"


def kept() -> list[Path]:
    folder = cache_folder("read")
    assert folder is not None
    return sorted(folder.iterdir()) if folder.exists() else []


def test_the_second_reading_is_from_memory_and_says_the_same() -> None:
    first = parse_known_yaml(TEXT)
    assert repr(first.data) == repr(parse_yaml(TEXT).data)
    (file,) = kept()
    file.write_bytes(file.read_bytes().replace(b'"2"', b'"3"'))
    assert parse_known_yaml(TEXT).data["a"][-1] == "3"
    assert parse_known_yaml(TEXT, with_marks=True).data["a"][-1] == "2"


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(max_size=3)
)


@given(
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=1), inner, max_size=2)
        ),
        max_leaves=6,
    )
)
@example({"\xa0": None})
@example({"\u200b": ["\u3000"]})
def test_any_data_comes_back_as_they_were_or_are_not_kept(data: object) -> None:
    text = dump_yaml({"data": data} if "\x00" not in repr(data) else {})
    expected = parse_yaml(text).data
    assert repr(parse_known_yaml(text).data) == repr(expected)
    assert repr(parse_known_yaml(text).data) == repr(expected)


@pytest.mark.parametrize("text", ["a: {'': '1'}\n", "a: {'': 1}\n", "a: .nan\n"])
def test_what_memory_cannot_tell_is_not_kept(text: str) -> None:
    parse_known_yaml(text)
    assert kept() == []


def test_a_text_with_faults_is_not_kept() -> None:
    assert parse_known_yaml("a: 1\na: 2\n").faults
    assert kept() == []


@pytest.mark.parametrize("damage", [b"", b"{", b'{"": "x"}', b"\xff", b'{"": []}'])
def test_a_damaged_memory_is_read_anew_and_mended(damage: bytes) -> None:
    parse_known_yaml(TEXT)
    (file,) = kept()
    file.write_bytes(damage)
    assert parse_known_yaml(TEXT).data["a"][1] == Decimal("1.0")


def test_the_oldest_go_first() -> None:
    for number in range(MOST_KEPT + 3):
        parse_known_yaml(f"a: {number}\n")
        newest = max(kept(), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, ns=(number, number))
    assert len(kept()) == MOST_KEPT
    assert min(file.stat().st_mtime_ns for file in kept()) == 3


def test_a_folder_that_cannot_be_written_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert parse_known_yaml("a: 1\n").data == {"a": 1}
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert remembered.cache_folder("read") is None
    assert parse_known_yaml("a: 1\n").data == {"a": 1}
