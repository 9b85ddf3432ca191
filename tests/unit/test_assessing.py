from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from builders import TODAY, item, rubric
from maturity_planner.assessing import Edit, edit_assessment, edited_text
from maturity_planner.core.assessment_soundness import assessment_faults
from maturity_planner.documents import parse_yaml
from maturity_planner.errors import AssessmentError, UsageError
from maturity_planner.starter import assessment_text

HEAD = "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: tiny\n"


def edited(answers: str, *edits: Edit) -> str:
    """Return what the lines after the head have become."""
    after = edited_text(HEAD + answers, edits, TODAY)
    assert after.startswith(HEAD)
    return after.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "answers:\n  a: none   # why\n\n  # b\n  b:\n",
            "answers:\n  a: manual   # why\n\n  # b\n  b:\n",
        ),
        ("answers:\n  a:\n  # next\n  b:\n", "answers:\n  a: manual\n  # next\n  b:\n"),
        ("answers:\n  a:   # why\n", "answers:\n  a: manual   # why\n"),
        ("answers:\n  a: ~\n", "answers:\n  a: manual\n"),
        ("answers:\n  a: 'none'\n", "answers:\n  a: manual\n"),
        ("answers:\n    a: none\n    b: none\n", "answers:\n    a: manual\n    b: none\n"),
        ("answers:\n  b: none # b\n# end\n", "answers:\n  b: none # b\n  a: manual\n# end\n"),
        ("answers:\n# end\n", "answers:\n  a: manual\n# end\n"),
        ("answers: # all\n", "answers: # all\n  a: manual\n"),
        ("answers: null\n", "answers:\n  a: manual\n"),
        ("answers: {}  # all\n", "answers:  # all\n  a: manual\n"),
        ("answers: {b: none}  # all\n", "answers: {b: none, a: manual}  # all\n"),
        ("answers: {a: none, b: none}\n", "answers: {a: manual, b: none}\n"),
        ("# no answers yet\n", "answers:\n  a: manual\n# no answers yet\n"),
        ("answers:\n  a: none", "answers:\n  a: manual"),
        ("answers:\n  b: none", "answers:\n  b: none\n  a: manual\n"),
        (
            "answers:\n  a:\n    mode: none # m\n    note: n\n",
            "answers:\n  a:\n    mode: manual # m\n    note: n\n",
        ),
        (
            "answers:\n  a:\n    note: n\n    # tail\n",
            "answers:\n  a:\n    note: n\n    mode: manual\n    # tail\n",
        ),
        ("answers:\n  a: {note: n}\n", "answers:\n  a: {note: n, mode: manual}\n"),
        ("answers:\n  a: {}\n", "answers:\n  a: {mode: manual}\n"),
        ("answers:\n  a: {mode: }\n", "answers:\n  a: {mode: manual}\n"),
        ("answers:\n  a: manual # said so\n", "answers:\n  a: manual # said so\n"),
        ("answers:\n  a: none\n...\n", "answers:\n  a: manual\n...\n"),
        ("answers: &all\n  a: none\nwaivers:\n", "answers: &all\n  a: manual\nwaivers:\n"),
        (
            "date: 2026-01-01 # day\nanswers: {a: none}\n",
            "date: 2026-11-20 # day\nanswers: {a: manual}\n",
        ),
        ("date:\nanswers: {a: none}\n", "date: 2026-11-20\nanswers: {a: manual}\n"),
        (
            "answers:\n  b:\n    note: |\n      text\n\n      # of the text\n# end\n",
            "answers:\n  b:\n    note: |\n      text\n\n      # of the text\n  a: manual\n# end\n",
        ),
    ],
)
def test_an_answer_changes_its_own_place_and_nothing_else(before: str, after: str) -> None:
    assert edited(before, Edit("a", "manual")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "answers:\n  a: none   # why\n\n  # b\n",
            "answers:\n  a:   # why\n    mode: manual\n    evidence:\n      - LINK\n\n  # b\n",
        ),
        (
            "answers:\n  a:\n    mode: none # m\n    # tail\n  b:\n",
            "answers:\n  a:\n    mode: manual # m\n    evidence:\n      - LINK\n    # tail\n  b:\n",
        ),
        (
            "answers:\n  a:\n    mode: none\n    evidence:\n    - x # ex\n    # tail\n  # next\n",
            "answers:\n  a:\n    mode: manual\n    evidence:\n    - x # ex\n    - LINK\n"
            "    # tail\n  # next\n",
        ),
        (
            "answers:\n  a: {mode: none, evidence: [x]} # c\n  # next\n  b:\n",
            "answers:\n  a: {mode: manual, evidence: [x, LINK]} # c\n  # next\n  b:\n",
        ),
        ("answers: {a: none}\n", "answers: {a: {mode: manual, evidence: [LINK]}}\n"),
        (
            "answers:\n  a: {evidence: [], mode: none}\n",
            "answers:\n  a: {evidence: [LINK], mode: manual}\n",
        ),
        (
            "answers:\n  a: {mode: none, evidence: [LINK]}\n",
            "answers:\n  a: {mode: manual, evidence: [LINK]}\n",
        ),
    ],
)
def test_evidence_is_added_below_what_is_there(before: str, after: str) -> None:
    today = f"date: {TODAY}\n"
    assert edited(today + before, Edit("a", "manual", add=("LINK", "LINK"))) == today + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" [x, y]", " [y]"),
        (" [y, x]", " [y]"),
        (" [x]", " []"),
        (" [y]", " [y]"),
        (" [x, 'x']", " []"),
        ("\n    - x # gone\n    # tail\n    - y", "\n    # tail\n    - y"),
        ("\n    - x # gone\n    # tail", " []\n    # tail"),
        ("\n    - y\n    - x", "\n    - y"),
    ],
)
def test_evidence_is_taken_from_what_is_there(before: str, after: str) -> None:
    start, end = "answers:\n  a:\n    mode: manual\n    evidence:", "\n  # next\n  b: none\n"
    assert edited(start + before + end, Edit("a", "manual", remove=("x",))) == start + after + end


def test_evidence_that_takes_the_place_of_other_evidence() -> None:
    before = "date: 2026-11-20\nanswers:\n  a:\n    mode: none\n    evidence:\n      - x\n"
    edit = Edit("a", "manual", add=("y",), remove=("x",))
    assert edited(before, edit) == before.replace("none", "manual").replace("- x", "- y")


def test_several_edits_at_once_and_one_after_the_other() -> None:
    text = edited(
        "answers:\n  a:\n    date: 2026-01-01\n",
        Edit("b", "none"),
        Edit("a", "manual", ("x",)),
        Edit("b", "manual"),
    )
    assert text == (
        "answers:\n  a:\n    date: 2026-11-20\n    mode: manual\n    evidence:\n      - x\n"
        "  b:\n    mode: manual\n    date: 2026-11-20\n"
    )


@pytest.mark.parametrize(
    ("before", "date", "own"),
    [
        ("answers: {b: manual}\n", None, "2026-11-20"),
        ("date:\nanswers: {b: manual}\n", None, "2026-11-20"),
        ("date:\nanswers: {}\n", "2026-11-20", None),
        ("date: 2026-11-20\nanswers: {b: manual}\n", "2026-11-20", None),
    ],
)
def test_evidence_is_dated_where_the_assessment_has_no_date(
    before: str, date: str | None, own: str | None
) -> None:
    data = parse_yaml(edited(before, Edit("a", "manual", add=("x",)))).data
    assert data.get("date") == date
    assert data["answers"]["a"].get("date") == own


def test_line_ends_of_windows_stay() -> None:
    before = (HEAD + "answers:\n  # é\n  a: # a\n  b: none\n").replace("\n", "\r\n")
    after = edited_text(before, [Edit("a", "manual", ("x",)), Edit("c", "none")], TODAY)
    assert after.count("\n") == after.count("\r\n") == 12
    assert after.splitlines()[5:10] == [
        "  a: # a",
        "    mode: manual",
        "    date: 2026-11-20",
        "    evidence:",
        "      - x",
    ]


@pytest.mark.parametrize(
    "evidence",
    [
        *("yes", "1", "# no", "a: b", "[x]", "- x", "@x", "https://x.example/y?z=1,2#3", "'", '"'),
        *(
            "null",
            "a, b",
            "two\nlines",
            "tab\tand\u2028other",
            "\u00a0",
            "\ufeff",
            "\\n",
            "😀",
            "x" * 500,
        ),
    ],
)
def test_any_evidence_is_a_text_again(evidence: str) -> None:
    for before in ("answers:\n", "answers: {b: none}\n"):
        text = edited(before, Edit("a", "manual", (evidence,)))
        assert parse_yaml(text).data["answers"]["a"]["evidence"] == [evidence]


def test_evidence_that_is_no_text_is_refused() -> None:
    with pytest.raises(AssessmentError, match=r"the evidence 'abc\\udce9' is not text in UTF-8"):
        edited("answers:\n", Edit("a", "manual", ("abc\udce9",)))


@pytest.mark.parametrize(
    "answers",
    [
        "answers:\n  b: &x {mode: none}\n  a: *x\n",
        "answers:\n  a: &x none\n  b: *x\n",
        "answers:\n  a: [none]\n",
        "base: &x {a: none}\nanswers: *x\n",
        "answers: [a]\n",
        "answers: text\n",
        "answers: {}\n---\nanswers: {}\n",
        "answers: [\n",
    ],
)
def test_what_cannot_be_changed_in_place_is_left_to_a_person(answers: str, tmp_path: Path) -> None:
    path = tmp_path / "assessment.yaml"
    path.write_text(HEAD + answers, encoding="utf-8")
    with pytest.raises(AssessmentError) as caught:
        edit_assessment(path, [Edit("a", "manual")], TODAY)
    assert caught.value.fix == "Write them by hand: a: manual"
    assert path.read_text(encoding="utf-8") == HEAD + answers


@pytest.mark.parametrize("edit", [Edit("a", "none", add=("z",)), Edit("a", "none", remove=("x",))])
def test_evidence_behind_an_alias_is_left_to_a_person(edit: Edit) -> None:
    answers = "answers:\n  b: {evidence: &x [x, y]}\n  a: {mode: none, evidence: *x}\n"
    with pytest.raises(AssessmentError, match="an alias or other rare YAML is in the way"):
        edited(answers, edit)


def test_a_file_is_written_only_when_something_changed(tmp_path: Path) -> None:
    path = tmp_path / "assessment.yaml"
    path.write_text(HEAD + "answers: {a: none}\n", encoding="utf-8")
    inode = path.stat().st_ino
    edit_assessment(path, [Edit("a", "none")], TODAY)
    assert path.stat().st_ino == inode
    edit_assessment(path, [Edit("a", "manual")], TODAY)
    assert path.read_text(encoding="utf-8") == HEAD + "answers: {a: manual}\n"
    assert [p.name for p in tmp_path.iterdir()] == ["assessment.yaml"]


def test_answers_that_are_written_at_the_same_time_are_all_there(tmp_path: Path) -> None:
    path = tmp_path / "assessment.yaml"
    path.write_text(HEAD + "answers:\n", encoding="utf-8")
    write = (
        "import datetime, pathlib, sys\n"
        "from maturity_planner.assessing import Edit, edit_assessment\n"
        "print(flush=True)\n"
        "sys.stdin.readline()\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "edit_assessment(path, [Edit(sys.argv[2], 'manual')], datetime.date(2026, 11, 20))\n"
    )
    names = list("abcdefgh")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", write, path, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in names
    ]
    for writer in writers:  # all of them are ready
        assert writer.stdout is not None
        writer.stdout.readline()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    answers = parse_yaml(path.read_text(encoding="utf-8")).data["answers"]
    assert answers == dict.fromkeys(answers, "manual")
    assert sorted(answers) == names
    assert [p.name for p in tmp_path.iterdir()] == ["assessment.yaml"]


def test_the_starter_file_can_be_filled_from_end_to_end() -> None:
    model = rubric({"s": [item("a"), item("b")], "t": [item("c")]})
    start = assessment_text({"tiny": model}, "My: #1 'system'", datetime.date(2026, 1, 1))
    assert parse_yaml(start).data["system"] == "My: #1 'system'"
    text = start
    for name in model.items:
        text = edited_text(text, [Edit(name, "manual", (f"{name}.md",))], TODAY)
    data = parse_yaml(text).data
    assert assessment_faults(data, model) == []
    assert data["answers"] == {n: {"mode": "manual", "evidence": [f"{n}.md"]} for n in "abc"}
    kept = [line for line in start.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in text.splitlines() if line.lstrip().startswith("#")] == kept
    assert text.index("  # t\n") < text.index("  c:")
    assert text.index("b.md") < text.index("  # t\n")


@pytest.mark.parametrize("system", ["a\nb", "\x1b[31m", "\udcff", "x" * 301, "a\u2028b"])
def test_a_name_that_cannot_stand_in_a_file_is_refused_before_it_is_written(system: str) -> None:
    with pytest.raises(UsageError, match="cannot be the system's name"):
        assessment_text({"tiny": rubric({"s": [item("a")]})}, system, TODAY)


FULL = Edit("a", "manual", add=("x",), note="new: #1", date=datetime.date(2026, 11, 1))
MAPPING = "    mode: manual\n    date: 2026-11-01\n    evidence:\n      - x\n    note: 'new: #1'\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("answers:\n  a:\n", f"answers:\n  a:\n{MAPPING}"),
        ("answers:\n  a: none # why\n", f"answers:\n  a: # why\n{MAPPING}"),
        (
            "answers:\n  a: {mode: none, note: old}  # why\n",
            "answers:\n  a: {mode: manual, date: 2026-11-01, evidence: [x], note: 'new: #1'}"
            "  # why\n",
        ),
        (
            "answers:\n  a:\n    note: |\n      old\n      words\n    # m\n    mode: none\n",
            "answers:\n  a:\n    note: 'new: #1'\n    # m\n    mode: manual\n    date: 2026-11-01\n"
            "    evidence:\n      - x\n",
        ),
        (
            "answers:\n  a:\n    mode: none\n    note: >\n      old\n  b: none\n",
            "answers:\n  a:\n    mode: manual\n    date: 2026-11-01\n    evidence:\n      - x\n"
            "    note: 'new: #1'\n  b: none\n",
        ),
        (
            "answers:\n  a:\n    mode: none\n    note: old\n    date: 2025-01-01 # then\n",
            "answers:\n  a:\n    mode: manual\n    evidence:\n      - x\n    note: 'new: #1'\n"
            "    date: 2026-11-01 # then\n",
        ),
    ],
)
def test_a_note_and_a_date_of_its_own_are_put_in_place(before: str, after: str) -> None:
    assert edited(before, FULL) == after


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (Edit("a", "none", note="n"), "answers:\n  a:\n    mode: none\n    note: n\n"),
        (
            Edit("a", "none", date=TODAY),
            "answers:\n  a:\n    mode: none\n    date: 2026-11-20\n",
        ),
    ],
)
def test_a_note_or_a_date_alone_makes_an_answer_long(edit: Edit, after: str) -> None:
    assert edited("answers:\n  a:\n", edit) == after


def test_a_note_that_is_no_text_is_refused() -> None:
    with pytest.raises(AssessmentError, match="is not text in UTF-8"):
        edited("answers:\n", Edit("a", "none", note="\ud800"))
