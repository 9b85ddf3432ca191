"""One ticket file: taken apart, changed line by line, put together again."""

from __future__ import annotations

import pytest

from maturity_planner.trackers.task_file import (
    Broken,
    Identity,
    TaskFile,
    find_identity,
    id_in,
    line_of_identity,
    new_task,
)

FRONT = {"id": "TASK-1", "title": "A title", "labels": ["maturity"], "dependencies": []}
IDENTITY = Identity("0123abcd.a.automated", {"title": "x", "labels": ("maturity",)})


def text(front: str = "", body: str = "") -> str:
    """A ticket's text with more front matter and more text above the identity."""
    whole = new_task(FRONT, "Our text.", ("One.", "Two."), IDENTITY)
    whole = whole.replace("dependencies: []\n", f"dependencies: []\n{front}")
    return whole.replace("<!-- mp {", f"{body}<!-- mp {{")


def test_new_file_reads_back() -> None:
    file = TaskFile(text())
    assert file.data == FRONT
    assert file.block() == "Our text."
    assert file.criteria() == [("One.", False), ("Two.", False)]
    assert file.identity == IDENTITY
    assert file.text() == text()
    assert id_in(text()) == "TASK-1"
    assert line_of_identity(text(), "0123abcd") == text().count("\n")
    assert line_of_identity(text(), "ffffffff") == 0


@pytest.mark.parametrize("whole", [text(), text().replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_line_ends_stay(whole: str) -> None:
    file = TaskFile(whole)
    assert file.text() == whole
    file.set_key("title", "Another")
    assert file.text() == whole.replace("title: A title", "title: Another")


def test_line_ends_of_both_kinds_stay_where_they_are() -> None:
    lines = text(body="A person.\n\nMore of theirs.\n").split("\n")
    ends = ("\r\n", "\n", "\n")
    whole = "".join(line + ends[(n + 1) % 3] for n, line in enumerate(lines[:-1]))
    file = TaskFile(whole)
    assert file.text() == whole
    file.set_key("title", "Another")
    assert file.text() == whole.replace("title: A title", "title: Another")
    file.set_block("Less.")
    before, begun, rest = whole.replace("title: A title", "title: Another").partition("Our text.")
    assert begun
    assert file.text().startswith(before)
    assert file.text().endswith(rest.partition("\n")[2])


@pytest.mark.parametrize(
    ("front", "key", "value", "after"),
    [
        ("x: 1  # mine\n", "x", "2", 'x: "2"\n'),
        ("# mine\nx:\n  - a\n  - b\n\n# more\n", "x", ("c",), "# mine\nx:\n  - c\n\n# more\n"),
        ("x: >-\n  long\n\n  text\ny: 1\n", "x", "short", "x: short\ny: 1\n"),
        ("x:\n- a\n- b\ny: 1\n", "x", (), "x: []\ny: 1\n"),
        ("y: 1\n", "x", "new", "y: 1\nx: new\n"),
        ("x: a\n", "x", "yes: no # '\"", "x: 'yes: no # ''\"'\n"),
        ("x: a\n", "x", "2026", 'x: "2026"\n'),
    ],
)
def test_one_key_is_changed(front: str, key: str, value: str | tuple[str, ...], after: str) -> None:
    file = TaskFile(text(front))
    file.set_key(key, value)
    assert file.text() == text(after)
    assert TaskFile(file.text()).data == file.data


@pytest.mark.parametrize("front", ['"x": a\n', "x : a\n", "x: [a,\nb]\n", "x: 'a\nb'\n"])
def test_key_in_a_shape_that_cannot_be_changed_is_refused(front: str) -> None:
    file = TaskFile(text(front))
    with pytest.raises(Broken) as stop:
        file.set_key("x", "new")
    assert "x cannot be changed safely" in stop.value.fault.message
    assert file.text() == text(front)


def test_values_are_read_as_people_wrote_them() -> None:
    file = TaskFile(text("a: true\nb: 1.50\nc: null\nd: {e: f}\ng: one\nh: [1, true, null]\n"))
    assert [file.word(key) for key in "abcd"] == ["true", "1.50", "", ""]
    assert file.words("g") == ("one",)
    assert file.words("h") == ("1", "true")
    assert file.words("c") == file.words("missing") == ()


def test_criteria_with_lines_of_people() -> None:
    given = text().replace("- [ ] #2 Two.", "- [X] Two.\n  a detail\n\n* starred")
    file = TaskFile(given)
    assert file.criteria() == [
        ("One.", False),
        ("Two.", True),
        ("  a detail", False),
        ("* starred", False),
    ]


def test_ticked_criteria_stay_ticked() -> None:
    file = TaskFile(text().replace("- [ ] #2", "- [x] #2"))
    file.set_criteria(("Two.", "Three."))
    assert file.criteria() == [("Two.", True), ("Three.", False)]
    assert "- [x] #1 Two.\n- [ ] #2 Three.\n" in file.text()


@pytest.mark.parametrize("has_description", [True, False])
def test_criteria_are_added_where_there_were_none(has_description: bool) -> None:
    whole = new_task(FRONT, "Our text.", (), IDENTITY)
    if not has_description:
        whole = whole.replace("<!-- SECTION:DESCRIPTION:END -->\n", "")
    file = TaskFile(whole)
    file.set_criteria(("One.",))
    section = (
        "## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [ ] #1 One.\n<!-- AC:END -->\n\n<!-- mp {"
    )
    assert section in file.text()
    assert TaskFile(file.text()).criteria() == [("One.", False)]


def test_comments_are_added_below_each_other() -> None:
    file = TaskFile(text())
    file.add_comment("First.", "2026-11-20 09:30")
    file.add_comment("Second.", "2026-11-21 09:30")
    assert file.text().endswith(
        "## Comments\n\n<!-- COMMENTS:BEGIN -->\n"
        "author: maturity-planner\ncreated: 2026-11-20 09:30\n---\nFirst.\n---\n\n"
        "author: maturity-planner\ncreated: 2026-11-21 09:30\n---\nSecond.\n---\n"
        "<!-- COMMENTS:END -->\n\n" + IDENTITY.line() + "\n"
    )


def test_block_that_a_person_removed_is_empty() -> None:
    file = TaskFile(text().replace("<!-- mp:begin -->\n", ""))
    assert file.block() == ""
    file.set_block("New.")
    assert "New." not in file.text()


def test_identity_never_ends_its_comment_early() -> None:
    identity = Identity("0123abcd.a.b", {"labels": ("a-->b", "---", "<!--")}, "not_done")
    assert identity.line().index("-->") == len(identity.line()) - 3
    assert find_identity(identity.line()) == identity


def test_last_identity_counts() -> None:
    quoted = Identity("0123abcd.quoted.b").line()
    assert TaskFile(text(body=f"{quoted}\n")).identity == IDENTITY
    assert find_identity("no identity here") is None


@pytest.mark.parametrize(
    "line",
    [
        '<!-- mp {"uid": "0123abcd.a", "base": {"title": 1} -->',
        '<!-- mp {"uid": "0123abcd.a"} -->',
        '<!-- mp {"uid": "0123abcd.a", "base": []} -->',
        '<!-- mp {"uid": "0123abcd.a", "base": ' + "[" * 100_000 + "} -->",
    ],
    ids=["cut", "no base", "list", "deep"],
)
def test_identity_that_cannot_be_read_is_a_fault(line: str) -> None:
    with pytest.raises(Broken) as stop:
        find_identity(f"text\n{line}\n")
    assert (stop.value.fault.line, stop.value.fault.column) == (2, 1)


@pytest.mark.parametrize(
    ("whole", "message", "line"),
    [
        (text(body="a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"), "merge conflict", 24),
        (text(body="a\n>>>>>>> half resolved\n"), "merge conflict", 24),
        ("no front matter\n", "no front matter", 1),
        ("---\nid: 1\n", "no front matter", 1),
        (text("x: [1\n"), "not YAML", 8),
        (text("x: 1\nx: 2\n"), "twice", 8),
        ("---\n- a\n---\n", "no keys", 2),
    ],
)
def test_file_that_cannot_be_used_is_a_fault(whole: str, message: str, line: int) -> None:
    with pytest.raises(Broken) as stop:
        TaskFile(whole)
    assert message in stop.value.fault.message
    assert stop.value.fault.line == line
    assert stop.value.fault.fix


@pytest.mark.parametrize(
    ("front", "said"), [("x: [1\n", "line 7 opens"), ("x:\n  - a\n b: c\n", "begins at line 2")]
)
def test_lines_in_a_message_are_those_of_the_file(front: str, said: str) -> None:
    with pytest.raises(Broken, match=said):
        TaskFile(text(front))


def test_underlined_heading_is_no_conflict() -> None:
    assert TaskFile(text(body="Pros\n=======\n")).identity == IDENTITY
