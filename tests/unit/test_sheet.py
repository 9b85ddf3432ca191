"""Tables of answers as spreadsheets write them, and as people get them wrong."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from builders import item, rubric
from maturity_planner.core.assessment import Answer, Evidence
from maturity_planner.core.rubric import ItemId, ModeId
from maturity_planner.errors import UserError
from maturity_planner.importers import table
from maturity_planner.importers.claims import Claim, Claims, find_changes
from maturity_planner.importers.sheet import import_sheet

RUBRIC = rubric({"s": [item("a-1"), item("b-2"), item("c-3")]})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.csv"


def read(file: Path, content: str | bytes) -> Claims:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_sheet(file, [RUBRIC])


def faults(file: Path, content: str | bytes) -> list[str]:
    with pytest.raises(UserError) as stop:
        read(file, content)
    return [f"{f.line}:{f.column} {f.message} {f.fix}" for f in stop.value.faults]


PLAIN = "item,mode,evidence\na-1,manual,docs/a.md\nb-2,none,\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\n", "\n\n,,\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=;\r\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("item,mode,evidence", "Item-ID , STATUS,Proof"),
        PLAIN.replace("item,", "Item,").replace("a-1", '"a-1"').replace("docs", " docs"),
        "evidence,mode,item\ndocs/a.md,manual,a 1\n,none,b 2",
        "title,mode,evidence\na 1,manual,docs/a.md\nb 2,Not done,\n",
    ],
)
def test_any_spreadsheet_is_read(file: Path, content: str | bytes) -> None:
    assert read(file, content).claims == (
        Claim(ItemId("a-1"), ModeId("manual"), ("docs/a.md",)),
        Claim(ItemId("b-2"), ModeId("none")),
    )


def test_quoted_cells_formulas_notes_and_dates(file: Path) -> None:
    text = (
        'item,mode,evidence,note,date\na-1,manual,"one\ntwo, ""2""",\'=SUM(A1),2026-11-01\n'
        "b-2,automated,=1+1; 'tis,,\n"
    )
    assert read(file, text).claims == (
        Claim(
            ItemId("a-1"),
            ModeId("manual"),
            ("one", 'two, "2"'),
            "=SUM(A1)",
            datetime.date(2026, 11, 1),
        ),
        Claim(ItemId("b-2"), ModeId("automated"), ("=1+1", "'tis")),
    )


def test_rows_without_an_answer_say_nothing(file: Path) -> None:
    text = "item,mode,answered,other\na-1,,,x\nb-2,none,No,\n,,,\nc-3,none,yes\n"
    found = read(file, text)
    assert [claim.item for claim in found.claims] == ["c-3"]
    assert [(unread.what, unread.why) for unread in found.unread] == [
        ("other", "columns that are not read")
    ]


def test_all_faults_are_told_at_once_with_their_places(file: Path) -> None:
    text = (
        "item,mode,evidence,date\nA-1,manual,,\na-1,Manual,,2026-13-01\nb-2,manuel,,1.2.2026\n"
        "b-2,manual,,\n,manual,,\nc-3,,x,\nzzz,manual,,\na-1,manual,x,y,z\n"
    )
    assert faults(file, text) == [
        '2:1 unknown item "A-1" Did you mean "a-1"?',
        '3:5 unknown mode "Manual" of item "a-1" Did you mean "manual"?',
        '3:13 "2026-13-01" is not a date that exists: write YYYY-MM-DD '
        "Format the column as text or as YYYY-MM-DD.",
        '4:5 unknown mode "manuel" of item "b-2" Did you mean "manual"?',
        '4:13 "1.2.2026" is not a date that exists: write YYYY-MM-DD '
        "Format the column as text or as YYYY-MM-DD.",
        '5:1 the item "b-2" stands in line 4 already Keep one row for each item.',
        "6:1 this row names no item Name it, or empty the row.",
        '7:5 "c-3" has no mode, and 1 more cells '
        'Answer it, with "none" if it is not done, or empty the row.',
        '8:1 unknown item "zzz" `maturity-planner show` lists them.',
        "9:16 this row has more cells than the first one (4) "
        "Put a text that holds the separator in quotes.",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "1:1 there is no table in this file"),
        ("\n\n \n", "1:1 there is no table in this file"),
        ("item,evidence\n", '1:1 the first row names no column "mode"'),
        ("itm,mode\n", '1:1 the first row names no column "item" Is it "itm"?'),
        ("item,answer,status\n", '1:13 "answer" and "status" may both be the column "mode"'),
        ('item,mode\na-1,"manual\n\n', "2:5 this quote does not end"),
        ('item,mode\na-1,"manual" x\n', "2:5 text stands behind the quote"),
        ('item,mode\n"x\ny" z,manual\n', "2:1 text stands behind the quote"),
        ('"item,mode', "1:1 this quote does not end"),
        (b"item,mode\na-1,\xe4\n", "2:5 the byte 0xe4 is not UTF-8 here"),
        (b"\xff\xfei\0t", "1:5 the byte 0x74 is not UTF-16 here"),
    ],
)
def test_what_is_no_table_of_answers_is_told(file: Path, content: str | bytes, fault: str) -> None:
    assert faults(file, content)[0].startswith(fault)


def test_the_place_of_a_cell_counts_the_lines_inside_the_cells_before(file: Path) -> None:
    assert faults(file, 'item,mode,note\na-1,manual,"1\r\n2\n3"\r\nzzz,manual,\r\n') == [
        '5:1 unknown item "zzz" `maturity-planner show` lists them.'
    ]
    assert faults(file, 'note,item,mode\n"1\n2",zzz,manual\n') == [
        '3:4 unknown item "zzz" `maturity-planner show` lists them.'
    ]


def test_a_canonical_name_wins_over_another_one(file: Path) -> None:
    assert read(file, "item,status,mode\na-1,open,manual\n").unread[0].what == "status"


def test_a_title_of_several_items_needs_an_id(tmp_path: Path) -> None:
    twin = rubric({"s": [item("a", title="Same"), item("b", title="Same")]})
    path = tmp_path / "t.csv"
    path.write_text("item,mode\nSame,manual\n", encoding="utf-8")
    with pytest.raises(UserError) as stop:
        import_sheet(path, [twin])
    assert stop.value.faults[0].fix == "Use an id: a, b."


def test_binary_data_and_half_a_character_are_no_table(file: Path) -> None:
    for content in (b"item,\0\0\0\0", b"\xff\xfei\0t\0\0\xd8"):
        with pytest.raises(UserError):
            read(file, content)


def test_there_are_limits(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "more than 20000 characters" in faults(file, "item,mode\na-1," + "x" * 20_001)[0]
    assert "more than 200 cells" in faults(file, "item,mode\na-1,manual" + "," * 300 + "\n")[0]
    monkeypatch.setattr(table, "MOST_ROWS", 2)
    assert "more than 2 rows" in faults(file, PLAIN)[0]
    many = "item,mode\n" + "zzz,manual\n" * 500
    monkeypatch.setattr(table, "MOST_ROWS", 1000)
    assert len(faults(file, many)) == 200
    for rows, count in ((200, "200"), (201, "more than 200")):
        with pytest.raises(UserError, match=f" has {count} faults; "):
            read(file, ("item,mode\n" + "zzz,manual\n" * rows).encode())


def test_a_claim_that_says_the_same_changes_nothing() -> None:
    day = datetime.date(2026, 1, 1)
    answers = {
        ItemId("a-1"): Answer(ModeId("manual"), (Evidence("x; y"), Evidence("z")), "n", date=day),
    }
    same = Claim(ItemId("a-1"), ModeId("manual"), ("x", "y", "z"), "n", day)
    less = Claim(ItemId("a-1"), ModeId("manual"))
    assert find_changes([same, less], answers) == ()
    (new,) = find_changes([Claim(ItemId("a-1"), ModeId("none"), ("w",), replaces="x")], answers)
    assert (new.before, new.mode, new.added, new.removed) == ("manual", "none", ("w",), ("x; y",))
