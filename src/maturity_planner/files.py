"""Files into models, and texts onto the disk without ever half a file."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from .checking import checked, faults_of
from .core.assessment import Assessment, build_assessment, named_rubrics, part_for
from .core.assessment_soundness import assessment_faults, is_of_others
from .core.circles import has_circle
from .core.rubric import Rubric, build_rubric
from .core.rubric_soundness import circle_faults, faults_for_use
from .documents import MOST_BYTES, Unreadable
from .errors import AssessmentError, ConfigError, Fault, RubricError, UserError
from .remembered import parse_known_yaml

ErrorKind = type[UserError]


def read_bytes(path: Path, error: ErrorKind = UserError) -> bytes:
    """Return what is in the file.

    Raises:
        UserError: (of the given kind) missing, no file, a pipe, too large, unreadable.
    """
    try:
        if stat.S_ISFIFO(path.stat().st_mode) and not path.absolute().is_relative_to("/dev"):
            raise error(  # nobody may ever write to it
                f"{path} is a pipe", fix="Name a file, or /dev/stdin for what is piped in."
            )
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)  # devices have no size and no end
    except FileNotFoundError:
        ours = issubclass(error, (ConfigError, AssessmentError))  # which `init` writes
        fix = "Check the name, or write one: maturity-planner init" if ours else "Check the name."
        raise error(f"{path} does not exist", fix=fix) from None
    except OSError as problem:
        raise error(
            f"{path} cannot be read: {problem.strerror}", fix="Check that it is a readable file."
        ) from problem
    if len(raw) > MOST_BYTES:
        raise error(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB",
            fix=f"Files up to {MOST_BYTES // 1_000_000} MB are read; name another one.",
        )
    return raw


def read_text(path: Path, error: ErrorKind = UserError) -> str:
    """Return the file's text.

    Raises:
        UserError: (of the given kind) as `read_bytes`, and not UTF-8.
    """
    raw = read_bytes(path, error).removeprefix(BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        before = raw[: problem.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        fault = Fault(
            f"the byte 0x{raw[problem.start]:02x} is not UTF-8 here",
            "Save the file with the encoding UTF-8.",
            (),
            str(path),
            line,
            column,
        )
        raise error(f"{path} is not UTF-8", faults=[fault]) from problem


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file's folder, waiting for it: what is read stays so until the write.

    The file itself cannot carry the lock, because every write puts another file in its place.
    Where there is no folder or its file system knows no such lock, nothing is held.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            folder = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
            stack.callback(os.close, folder)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield


def write_atomic(path: Path, text: str) -> None:
    """Put the text at the path in one step: a reader, or a crash, sees the old or the new file.

    Raises:
        UserError: the folder cannot be written, or the path is a folder.
    """
    try:
        if _is_stream(path):  # a pipe, a terminal: there is no old file to protect
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        # A symbolic link stays one: the file that it names is replaced.
        target = Path(os.path.realpath(path))
        if target.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        _make_folder(target.parent)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
            temporary.chmod(mode)
            temporary.replace(target)
        except BaseException:  # whatever stops the write, Ctrl-C too, leaves nothing behind
            temporary.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise not_written(path, problem) from problem


def write_new(path: Path, text: str) -> None:
    """Put the text at a path that is free, in one step.

    Raises:
        UserError: something is there already, or the folder cannot be written.
    """
    try:
        _make_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o666 & ~_umask())
            os.link(name, path)  # unlike a rename, this never replaces a file
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError as problem:
        raise UserError(
            f"{path} exists already", fix="Move it away, then run this again."
        ) from problem
    except OSError as problem:
        raise not_written(path, problem) from problem


def check_new(path: Path) -> None:
    """See that a file can be put at a path that is free, as far as that shows without trying.

    Raises:
        UserError: a link that leads nowhere is there, or the folder cannot be made or written.
    """
    if os.path.lexists(path):
        raise UserError(f"{path} exists already", fix="Move it away, then run this again.")
    folder = next(one for one in path.absolute().parents if os.path.lexists(one))
    if not os.path.isdir(folder):  # noqa: PTH112 (unlike Path's, never raises)
        raise not_written(path, NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder"))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise not_written(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def hide_folder(folder: Path) -> None:
    """Make a folder that Git does not look at."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x") as ignore:
        ignore.write("*\n")


def _is_stream(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder") from None


def not_written(path: Path, problem: OSError) -> UserError:
    """Return the error for a file that cannot be written."""
    return UserError(
        f"{path} cannot be written: {problem.strerror}",
        fix="Check the name, the folder's permissions and the free space.",
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def load_rubric(path: Path) -> Rubric:
    """Return the rubric in the file; its needs may still lead in a circle.

    Raises:
        RubricError: with every fault of the file.
    """
    return rubric_of(read_text(path, RubricError), str(path))


def rubric_of(text: str, name: str) -> Rubric:
    """Return the rubric that the text of a file states; it is remembered as sound.

    Raises:
        RubricError: with every fault of the text.
    """
    data = checked(
        "rubric", text, name, parse=parse_known_yaml, sound=faults_for_use, error=RubricError
    )
    return build_rubric(data)


def refuse_circles(rubric: Rubric, path: Path) -> None:
    """See that the rubric, which the file holds, can be planned for.

    Raises:
        RubricError: with every circle of its needs.
    """
    if not has_circle(rubric):
        return
    text = read_text(path, RubricError)
    faults, _ = faults_of("rubric", text, str(path), parse=parse_known_yaml, sound=circle_faults)
    raise RubricError(
        f"nothing is planned for {path}: its needs lead in a circle",
        faults=faults,
        fix="Remove one of these needs, or make it soft; for an import: "
        "`maturity-planner import dsomm PATH --break ITEM:NEED`.",
    )


def answer_faults(
    document: Mapping[str, Any], rubrics: Sequence[Rubric], known: Iterable[Path]
) -> list[Fault]:
    """Return the faults of an assessment against its rubrics.

    The first one says when it is one of other rubrics, and of which of those that are `known`.
    """
    faults = assessment_faults(document, *rubrics)
    if len(faults) > 2 and is_of_others(document, *rubrics):  # fewer are rather misspelt
        likely = (one.id for one in map(load_rubric, known) if not is_of_others(document, one))
        found = next(likely, "")
        named = " and ".join(one.id for one in rubrics)
        fault = Fault(
            f"this looks like an assessment of another rubric than {named}",
            f"Its items are those of {found}: name that rubric." if found else "Name that rubric.",
            ("rubric",),
        )
        faults.insert(0, fault)
    return faults


def load_assessment(
    path: Path,
    rubric: Rubric,
    rubric_path: Path,
    today: date,
    others: Mapping[Path, Rubric] = {},
    known: Iterable[Path] = (),
) -> Assessment:
    """Return the assessment in the file, checked against its rubric.

    Of an assessment that names `others` as well, it is the part for the one rubric. One that is of
    neither may be of a rubric that is `known`.

    Raises:
        AssessmentError: with every fault of the file.
    """
    beside = tuple(others.values())
    data = checked(
        "assessment",
        read_text(path, AssessmentError),
        str(path),
        parse=parse_known_yaml,
        sound=lambda document: answer_faults(document, (rubric, *beside), known),
        against="\0".join(read_text(one, RubricError) for one in (rubric_path, *others)),
        error=AssessmentError,
    )
    assessment = build_assessment(data, today)
    return part_for(assessment, rubric, beside) if beside else assessment


def rubric_names(path: Path) -> tuple[str, ...]:
    """Return the rubrics that an assessment file names, without checking the rest of it.

    Raises:
        AssessmentError: the file is unreadable or names none.
    """
    text = read_text(path, AssessmentError)
    try:
        data = parse_known_yaml(text).data
    except Unreadable as stop:
        raise AssessmentError(
            f"{path} has 1 fault", faults=[stop.fault._replace(file=str(path))]
        ) from stop
    if names := named_rubrics(data):
        return names
    # Without the name nothing else can be judged against a rubric: tell all other faults now.
    checked("assessment", text, str(path), parse=parse_known_yaml, error=AssessmentError)
    raise AssertionError("an assessment without a rubric cannot be sound")
