"""Texts, numbers and names as a report tells them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from ..core.quantity import plural
from ..exports import one_line

MOST_TEXT = 300
"""Characters of a text; a report is for reading."""


def told(text: str) -> str:
    r"""Return the text as a report tells it: in one line, cut where it is too long.

    Control characters and marks of direction are gone, so that a format has only its own signs
    to escape.

    >>> told("a\n\x1b b"), len(told("x" * 10_000))
    ('a  b', 300)
    """
    line = "".join(c for c in one_line(text) if unicodedata.category(c) != "Cs")
    return cut(line, MOST_TEXT)


def cut(text: str, most: int) -> str:
    """Return the text in at most so many characters.

    >>> cut("a longer text", 8)
    'a lon...'
    """
    return text if len(text) <= most else text[: most - 3] + "..."


def days(number: Fraction) -> str:
    """Return person-days with their noun.

    >>> days(Fraction(1)), days(Fraction(5, 2))
    ('1 person-day', '2.5 person-days')
    """
    return plural(number, "person-day")


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
