from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest

from builders import TODAY, document, item
from maturity_planner.documents import dump_yaml
from maturity_planner.errors import AssessmentError, ConfigError, RubricError, UserError
from maturity_planner.files import (
    load_assessment,
    load_rubric,
    locked,
    read_text,
    rubric_names,
    write_atomic,
    write_new,
)

ASSESSMENT = "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: tiny\n"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rubric_file(folder: Path) -> Path:
    path = folder / "tiny.yaml"
    path.write_text(dump_yaml(document({"s": [item("a"), item("b")]})), encoding="utf-8")
    return path


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\xef\xbb\xbfa\r\n\xc3\xa9")
    assert read_text(path) == "a\r\né"


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        (b"ok\n\xe9\n", 2, 1),
        ("a\né ü".encode() + b"\xff", 2, 4),
        (b"\xef\xbb\xbfab\xff", 1, 3),
        ("a".encode("utf-16"), 1, 1),
    ],
)
def test_the_first_byte_that_is_not_utf_8_is_named(
    tmp_path: Path, raw: bytes, line: int, column: int
) -> None:
    path = tmp_path / "x"
    path.write_bytes(raw)
    with pytest.raises(AssessmentError, match="is not UTF-8") as caught:
        read_text(path, AssessmentError)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (line, column)


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (UserError, "Check the name."),
        (RubricError, "Check the name."),
        (AssessmentError, "Check the name, or write one: maturity-planner init"),
        (ConfigError, "Check the name, or write one: maturity-planner init"),
    ],
)
def test_a_file_that_does_not_exist(tmp_path: Path, error: type[UserError], fix: str) -> None:
    with pytest.raises(error, match="does not exist") as caught:
        read_text(tmp_path / "x", error)
    assert caught.value.fix == fix


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        read_text(tmp_path)


def test_a_device_without_an_end_is_too_large() -> None:
    with pytest.raises(UserError, match="larger than 20 MB"):
        read_text(Path("/dev/zero"))


def test_a_pipe_that_nobody_writes_to_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(AssessmentError, match="is a pipe"):
        read_text(pipe, AssessmentError)


def test_what_a_shell_pipes_in_is_read() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"text")
    os.close(writer)
    try:
        assert read_text(Path(f"/dev/fd/{reader}")) == "text"
    finally:
        os.close(reader)


def test_a_lock_is_taken_where_it_can_be(tmp_path: Path) -> None:
    with locked(tmp_path / "x"):
        folder = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)
    with locked(tmp_path / "nowhere" / "x"):
        assert names(tmp_path) == []


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(UserError, match="larger than 20 MB"):
        read_text(path)


def test_a_write_replaces_the_text_and_keeps_the_rights(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    write_atomic(path, "new\né")
    assert path.read_bytes() == "new\né".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["x"]


def test_a_write_makes_the_folders_above(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a" / "b" / "x", "text")
    assert read_text(tmp_path / "a" / "b" / "x") == "text"


def test_a_new_file_has_the_rights_that_new_files_have(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_atomic(tmp_path / "ours", "")
    write_new(tmp_path / "new", "")
    usual = (tmp_path / "usual").stat().st_mode
    assert (tmp_path / "ours").stat().st_mode == usual
    assert (tmp_path / "new").stat().st_mode == usual


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert read_text(tmp_path / "real") == "new"


def test_links_in_a_circle_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(UserError, match=r"cannot be written: Too many levels of symbolic links"):
        write_atomic(tmp_path / "a", "text")
    assert (tmp_path / "a").is_symlink()


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write_atomic(pipe, "text")
    reader.join(10)
    assert read == ["text"]
    assert pipe.is_fifo()


def test_a_folder_is_not_replaced_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(UserError, match="cannot be written: Is a directory"):
        write_atomic(tmp_path / "x", "text")
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("write", [write_atomic, write_new])
def test_a_file_where_a_folder_should_be(tmp_path: Path, write: object) -> None:
    (tmp_path / "x").write_text("kept", encoding="utf-8")
    assert callable(write)
    with pytest.raises(UserError, match=r"x is not a folder$"):
        write(tmp_path / "x" / "y", "text")
    assert read_text(tmp_path / "x") == "kept"


def test_a_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_atomic(path, "\udcff")
    assert read_text(path) == "old"
    assert names(tmp_path) == ["x"]


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    write_new(tmp_path / "x", "first")
    with pytest.raises(UserError, match="exists already"):
        write_new(tmp_path / "x", "second")
    assert read_text(tmp_path / "x") == "first"
    assert names(tmp_path) == ["x"]


def test_a_rubric_comes_out_of_its_file(tmp_path: Path) -> None:
    rubric = load_rubric(rubric_file(tmp_path))
    assert list(rubric.items) == ["a", "b"]


def test_a_rubric_with_faults_is_no_rubric(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("schema: maturity-planner/rubric/v1\n", encoding="utf-8")
    with pytest.raises(RubricError, match="has 5 faults"):
        load_rubric(path)


def test_an_assessment_is_checked_against_the_rubric_that_is_there_now(tmp_path: Path) -> None:
    rubric_path = rubric_file(tmp_path)
    path = tmp_path / "assessment.yaml"
    path.write_text(ASSESSMENT + "answers: {b: manual}\n", encoding="utf-8")
    assessment = load_assessment(path, load_rubric(rubric_path), rubric_path, TODAY)
    assert assessment.answers.keys() == {"b"}
    rubric_path.write_text(dump_yaml(document({"s": [item("a")]})), encoding="utf-8")
    with pytest.raises(AssessmentError) as caught:
        load_assessment(path, load_rubric(rubric_path), rubric_path, TODAY)
    assert [fault.message for fault in caught.value.faults] == ['unknown item "b"']


def test_the_name_of_the_rubric_is_read_before_the_rest_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "assessment.yaml"
    path.write_text(ASSESSMENT + "answers: {nonsense: 3}\n", encoding="utf-8")
    assert rubric_names(path) == ("tiny",)


def test_without_a_rubric_all_other_faults_are_told_too(tmp_path: Path) -> None:
    path = tmp_path / "assessment.yaml"
    path.write_text("system: 3\nrubrik: tiny\n", encoding="utf-8")
    with pytest.raises(AssessmentError) as caught:
        rubric_names(path)
    assert {fault.message for fault in caught.value.faults} == {
        'the key "schema" is missing',
        'the key "rubric" is missing',
        '"system" should be a text, not the number 3',
        'unknown key "rubrik"',
    }


def test_a_rubric_cannot_be_named_in_a_text_that_is_no_yaml(tmp_path: Path) -> None:
    path = tmp_path / "assessment.yaml"
    path.write_text("rubric: [", encoding="utf-8")
    with pytest.raises(AssessmentError, match="has 1 fault") as caught:
        rubric_names(path)
    assert caught.value.faults[0].file == str(path)
