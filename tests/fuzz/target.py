"""What a target is, and what counts as an answer."""

from __future__ import annotations

import contextlib
import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from maturity_planner.cli.output import show_error
from maturity_planner.errors import MaturityError

Read = TypeVar("Read")

MOST_MESSAGE = 5_000
"""Characters of what a person is told at once; a hostile file must not fill the screen."""


class Form(Enum):
    """How inputs are written, so that mutations can go for the tree instead of the bytes."""

    YAML = "yaml"
    TOML = "toml"
    JSON = "json"
    LINES = "lines of JSON"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of input: examples that are fine, words that matter in it, and who reads it.

    `seeds` may take long, as it runs commands to make them.
    """

    name: str
    form: Form
    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[bytes], None]
    words: tuple[str, ...] = ()


def answered(read: Callable[[], Read]) -> Read | None:
    """Return what was read; None when it was refused as it should be."""
    try:
        return read()
    except MaturityError as error:
        assert error.exit_code in (1, 2, 3, 4), error
        shown = io.StringIO()
        with contextlib.redirect_stderr(shown):
            show_error(error)
        check_shown(shown.getvalue())
        faults = [str(fault) for fault in error.faults]
        assert all(len(one) <= MOST_MESSAGE for one in (error.message, error.fix, *faults)), (
            f"a message of {max(map(len, (error.message, error.fix, *faults)))} characters"
        )
        return None


def check_shown(text: str) -> None:
    """Hold a text to what a terminal shows and does not obey."""
    assert text.strip()
    bad = [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert not bad, f"control characters are shown: {bad[:3]!r}"
