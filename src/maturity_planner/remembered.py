"""What was read before: YAML takes longer to read than a score takes to compute.

The data of a text stands as JSON in the user's cache directory, under the hash of that text.
Losing the folder costs time only; nothing in a project can write to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from . import __version__
from .documents import Document, parse_yaml

MOST_KEPT = 100
"""Texts; the oldest ones go."""

MOST_CHARACTERS = 1_000_000
"""Of a text that is kept."""

_READERS = ("documents.py", "remembered.py")

_NUMBER = ""
"""The key of a decimal number, the one kind of value of YAML that JSON lacks."""

_NOT_OURS = (ValueError, TypeError, ArithmeticError)
"""What reading raises where the file is damaged or has our sign for a number without one."""


def cache_folder(kind: str) -> Path | None:
    """Return the folder for one kind of thing, there or not; None where a relative path is set."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return root / "maturity-planner" / kind if root.is_absolute() else None


def place(kind: str, rules: Iterable[str], *texts: str) -> Path | None:
    """Return the file that stands for the texts; None without a cache directory.

    `rules` are the modules that decide what the file says.
    """
    folder = cache_folder(kind)
    if folder is None:
        return None
    here = Path(__file__).parent
    # While we develop, the version stands still and the rules do not.
    times = [(here / rule).stat().st_mtime_ns for rule in rules]
    digest = hashlib.sha256(repr((__version__, times, kind, texts)).encode("utf-8", "replace"))
    return folder / digest.hexdigest()


def parse_known_yaml(text: str, *, with_marks: bool = False) -> Document:
    """Return the document as `parse_yaml` does; from memory where that is enough.

    Raises:
        Unreadable: as `parse_yaml` does.
    """
    known = None if with_marks else place("read", _READERS, text)
    if known is None:
        return parse_yaml(text, with_marks=with_marks)
    with contextlib.suppress(OSError, *_NOT_OURS):
        return Document(_read(known.read_bytes()))
    document = parse_yaml(text)
    if not document.faults and len(text) <= MOST_CHARACTERS:
        _remember(known, document.data)
    return document


def _remember(path: Path, data: Any) -> None:
    written = json.dumps(data, default=_as_json, separators=(",", ":")).encode()
    with contextlib.suppress(OSError, *_NOT_OURS):  # a cache that cannot be written is no fault
        if _read(written) != data:  # it has our sign for a number, or NaN
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(written)
        draft.replace(path)
        kept = sorted(path.parent.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        for old in kept[:-MOST_KEPT]:
            old.unlink()


def _read(raw: bytes) -> Any:
    return json.loads(raw, object_hook=_with_decimals)


def _as_json(value: Decimal) -> Any:
    return {_NUMBER: str(value)}


def _with_decimals(values: dict[str, Any]) -> Any:
    return Decimal(values[_NUMBER]) if values.keys() == {_NUMBER} else values
