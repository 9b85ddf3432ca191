"""TOML texts into plain data, with the places of tables and keys when a fault needs them.

The standard library reads them; what it does not bound is bounded here, as the texts are hostile.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from .documents import MOST_DEPTH, Document, Unreadable, merge_conflict
from .errors import Fault, Place

MOST_BITS = 13_000  # of a number: fewer digits than Python writes out

_LONG_KEY = re.compile(
    r"""(?<![\w"'.-])(?<!\.[ \t])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
    f"{{{MOST_DEPTH}}}"
)
"""A key of TOML with that many dots: the standard library takes the square of their number."""


def parse_toml(text: str, *, with_marks: bool = False) -> Document:
    """Return the document of a TOML text.

    Raises:
        Unreadable: the text is not TOML.
    """
    import tomllib

    try:
        if _LONG_KEY.search(text):
            raise RecursionError
        data = tomllib.loads(text, parse_float=_toml_float)
        _check_toml(data, MOST_DEPTH)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(merge_conflict(text) or _toml_fault(str(error), text)) from error
    except RecursionError as error:
        raise Unreadable(
            Fault(f"this nests more than {MOST_DEPTH} deep", "Flatten it.", line=1, column=1)
        ) from error
    except ValueError as error:  # int() refuses more digits than a number can sensibly have
        raise Unreadable(
            Fault("a number here has too many digits", "Shorten it.", line=1, column=1)
        ) from error
    return Document(data, _toml_marks(text) if with_marks else {})


def _check_toml(data: Any, levels: int) -> None:
    """Raise what the reader itself does where something is too deep or too long, only earlier."""
    if levels < 0:
        raise RecursionError
    if isinstance(data, int) and data.bit_length() > MOST_BITS:  # 0xfff... has no other limit
        raise ValueError
    for value in (
        data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    ):
        _check_toml(value, levels - 1)


def _toml_float(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("beyond what a number can hold") from None


def _toml_fault(message: str, text: str) -> Fault:
    found = re.fullmatch(
        r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL
    )
    problem = found[1] if found else message
    if found and found[2]:
        line, column = int(found[2]), int(found[3])
    else:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    if twice := re.fullmatch(r"Cannot declare (\(.*\)) twice", problem, re.DOTALL):
        name = ".".join(ast.literal_eval(twice[1]))  # the library tells a tuple of its parts
        message = f"this is not TOML: the table [{name}] stands twice"
        return Fault(message, "Put the lines of both below one head.", line=line, column=column)
    return Fault(
        f"this is not TOML: {problem[:1].lower()}{problem[1:]}",
        "Check quotes, brackets and `key = value` around this place.",
        line=line,
        column=column,
    )


def _toml_marks(text: str) -> dict[Place, tuple[int, int]]:
    """Return where tables and keys stand; the standard library's reader keeps no places."""
    marks: dict[Place, tuple[int, int]] = {}
    table: Place = ()
    tables: Counter[Place] = Counter()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := re.match(r"\s*(\[\[?)([^\]]+)\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[2].split("."))
            if header[1] == "[[":  # one of several tables: a list
                tables[table] += 1
                table = (*table, tables[table] - 1)
            path = table
        elif key := re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", line):
            path = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        column = len(line) - len(line.lstrip()) + 1
        marks.setdefault(path, (number, column))
    return marks
