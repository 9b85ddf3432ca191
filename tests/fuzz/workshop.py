"""A project in a temporary folder: the files of the bundled example, with all that commands made.

The one place on the disk where targets write.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from maturity_planner.cli.main import run
from maturity_planner.documents import dump_yaml, parse_yaml
from maturity_planner.files import load_rubric
from maturity_planner.resources import bundled_rubrics

RUBRICS = bundled_rubrics()


@functools.cache
def folder() -> Path:
    """Return the folder, which the command `demo` fills."""
    place = Path(tempfile.mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    code, out = called("demo", str(place / "demo"))
    assert code == 0, out
    return place


@functools.cache
def demo() -> Path:
    """Return the project."""
    return folder() / "demo"


RUBRIC = functools.cache(lambda: load_rubric(RUBRICS["ml-test-score"]))


def called(*arguments: str) -> tuple[int, str]:
    """Return the exit code of a command, and all that it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        return run([*arguments]), printed.getvalue()


def written(name: str, raw: bytes) -> Path:
    """Return the path of a file with those bytes, outside of the project."""
    path = folder() / name
    path.write_bytes(raw)
    return path


def made(*names: str) -> Callable[[], list[bytes]]:
    """Return seeds: files of the project."""
    return lambda: [(demo() / name).read_bytes() for name in names]


def small_rubric(name: str) -> Any:
    """Return a bundled rubric, cut down."""
    return small(RUBRICS[name].read_text(encoding="utf-8"))


def small(text: str) -> Any:
    """Return a rubric with two items in each of two sections, and the needs among these."""
    data = parse_yaml(text).data
    data["sections"] = data["sections"][:2]
    for section in data["sections"]:
        section["items"] = section["items"][:2]
    items = [item for section in data["sections"] for item in section["items"]]
    refs = [f"{item['id']}@" for item in items]
    for own in (own for item in items for own in item["modes"].values()):
        needs = own.pop("needs", [])
        own["needs"] = [need for need in needs if any(ref in str(need) for ref in refs)]
    return data


def small_rubrics() -> list[bytes]:
    """Return seeds: the bundled rubrics, cut down."""
    return [dump_yaml(small_rubric(name)).encode() for name in sorted(RUBRICS)]
