r"""Texts as a Cloud gives them back: it keeps documents, and makes wiki markup of them anew.

The words are the same, the marks need not be. What is done here is more than any Cloud was seen
to do at once: blank lines are gone but for one, entities are characters, hyphens within words
have a backslash, lists begin with another sign, and links that show their address are cards.
"""

from __future__ import annotations

import html
import re

_CODE = re.compile(r"(\{(?:code|noformat)\b[^}\n]*\}.*?\{(?:code|noformat)\}|\{\{.*?\}\})", re.S)
_CARD = re.compile(r"\[(https?://[^\]|\s]+)\]")
_LINK = re.compile(r"(\[[^\]\n]*\])")
_HYPHEN = re.compile(r"(?<=\w)\\?-(?=\w)")
_BULLET = re.compile(r"^[ \t]*\*(?= )", re.M)
_IDLE = re.compile(r"\\(?=[+^~?])")
_ENTITY = re.compile(r"&#\d+;|&\w+;")
_ESCAPED = frozenset(r"-#*_+?^~|{}[]()!")


def given_back(text: str) -> str:
    """Return the text after a Cloud has kept it."""
    text = re.sub(r"[ \t]+$", "", text.replace("\r\n", "\n"), flags=re.M)
    pieces = _CODE.split(re.sub(r"\n{3,}", "\n\n", text).strip("\n"))
    return "".join(
        piece.replace("{noformat}", "{code}") if place % 2 else _prose(piece)
        for place, piece in enumerate(pieces)
    )


def _prose(text: str) -> str:
    text = _BULLET.sub("-", _IDLE.sub("", text))
    pieces = _LINK.split(_CARD.sub(r"[\1|\1|smart-link]", text))
    return "".join(
        piece if place % 2 else _ENTITY.sub(_character, _HYPHEN.sub(r"\\-", piece))
        for place, piece in enumerate(pieces)
    )


def _character(found: re.Match[str]) -> str:
    """Return what an entity stands for; as it is where the character alone would mean more."""
    char = html.unescape(found[0])
    if char in ("\\", "&", ".", " "):
        return found[0]
    return f"\\{char}" if char in _ESCAPED else char
