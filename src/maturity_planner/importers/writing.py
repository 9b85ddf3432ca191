"""Documents of ours as YAML that people like to read, fast; and whether they were edited since.

The general writer (`documents.dump_yaml`) takes seconds for a large model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from textwrap import wrap
from typing import Any

from ..documents import MOST_BYTES
from ..errors import RubricError

_BARE = re.compile("[A-Za-z](?:[A-Za-z0-9 ,.()/_@+'-]*[A-Za-z0-9).])?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FOLDED = re.compile(r"[^\s\x00-\x1f]+(?: [^\s\x00-\x1f]+)*")
_WORDS = frozenset(
    ("true", "false", "null", "yes", "no", "on", "off", "y", "n")  # to us or to other readers
)
_BLOCK = re.compile(r"[^\s\x00-\x1f][^\x00-\x09\x0b-\x1f]*[^\s\x00-\x1f]")
_ESCAPED = re.compile("[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_WIDTH = 100
_SEAL = "# sha256 of all lines below: "


class Useful(int):
    """The weight of an item in a rubric of levels: no score, but a choice between equal plans.

    `validate` would warn about it, so a comment beside it says that it is meant.
    """

    def __str__(self) -> str:
        """Return the number with its comment."""
        return f"{int(self)}  # ignore: without-effect"


def written(document: Mapping[str, Any], comments: Sequence[str]) -> str:
    """Return the document as YAML under its comments, sealed: see `is_untouched`.

    Raises:
        RubricError: no file of ours may be so large.
    """
    body = "\n".join(_mapping(document, "")) + "\n"
    head = [*(f"# {comment}".rstrip() for comment in comments), _SEAL + _digest(body)]
    text = "\n".join(head) + "\n" + body
    if len(text.encode()) > MOST_BYTES:
        raise RubricError(
            f"what comes of it is larger than {MOST_BYTES // 1_000_000} MB",
            fix="Take a part of the model only.",
        )
    return text


def is_untouched(text: str) -> bool:
    """Return whether nobody has edited the text since it was written, comments at the top aside."""
    _, seal, rest = text.partition(_SEAL)
    digest, _, body = rest.partition("\n")
    return bool(seal) and digest == _digest(body)


def _digest(body: str) -> str:
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _mapping(values: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in values.items():
        yield from _entry(f"{indent}{_scalar(key)}:", value, indent + "  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a value after its key."""
    if isinstance(value, Mapping) and value:
        yield head
        yield from _mapping(value, indent)
    elif isinstance(value, list) and value:
        yield head
        for one in value:
            yield from _item(one, indent)
    elif isinstance(value, str) and "\n" in value and _is_block(value):
        yield f"{head} |-"
        yield from (f"{indent}{line}".rstrip() for line in value.split("\n"))
    elif isinstance(value, str) and len(value) > _WIDTH - len(head) and _is_foldable(value):
        yield f"{head} >-"
        yield from wrap(
            value,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        )
    else:
        yield head if value is None and head.endswith(":") else f"{head} {_scalar(value)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of one value of a list."""
    if isinstance(value, Mapping) and value:
        first, *others = _mapping(value, indent + "  ")
        yield f"{indent}- {first.lstrip()}"
        yield from others
    else:
        yield from _entry(f"{indent}-", value, indent + "  ")


def _is_block(text: str) -> bool:
    """Return whether the text can stand as it is, indented: no blanks at the ends of its lines."""
    return (
        bool(_BLOCK.fullmatch(text))
        and not _ESCAPED.search(text)
        and not any(line != line.rstrip() for line in text.split("\n"))
    )


def _is_foldable(text: str) -> bool:
    """Return whether the text may be broken at its blanks: there is one between two words."""
    return bool(_FOLDED.fullmatch(text)) and not _ESCAPED.search(text)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if value is None:
        return "null"
    if isinstance(value, str):
        if _BARE.fullmatch(value) and value.lower() not in _WORDS:
            return value
        # A text in JSON is one in YAML, but for a few signs that YAML wants escaped.
        quoted = json.dumps(value, ensure_ascii=False)
        return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
    return "[]" if isinstance(value, list) else "{}"
