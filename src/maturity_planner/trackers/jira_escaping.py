r"""Text made literal for Jira's wiki markup: it starts no macro, mention, attachment or image.

Our own markup stands between two control characters, which no text holds. One pass over finished
lines escapes all that stands outside of them, seeing each character's neighbours, so that most
text stays as it is: a_b, 1-2, x * y.

A backslash escapes ``- # * _ + ? ^ ~ | % { } [ ] ( ) ! @`` on Jira Cloud and Data Center; anything
else, the backslash itself included, needs an entity.
"""

from __future__ import annotations

import re
from urllib.parse import quote

OPEN, CLOSE = "\x0e", "\x0f"
BREAK = f"{OPEN}\n{CLOSE}"
"""The end of a line inside of a paragraph."""

_LITERAL = re.compile(
    r"""\x0e(?P<markup>[^\x0f]*)\x0f
    |(?P<url>https?://(?:[^\s\x0e\x0f<>"'`()\[\]{}|\\^!*]*[\w/=\#&%+~$-]))
    |(?:^|(?<=\x0f))(?P<block>[^\S\n]*(?:h[1-6]|bq))\.    # a heading, a quotation
    |(?:^|(?<=\x0f))(?P<number>[^\S\n]*)\#(?=[#*-]*(?:\s|$))  # a list
    |&(?=\#?\w{1,32};)                                    # an entity
    |[\\{}\[\]|]
    |(?P<phrase>[*_+^~-])
    |\?(?=\?)|(?<=\?)\?                                   # a citation
    |!(?!\s)                                              # an image
    |\((?=(?:[ynix/?]|on|off|flag|flagoff)\))|(?<=[:;\\])[()]|:(?=[PpD]\b)  # small pictures
    """,
    re.VERBOSE | re.MULTILINE,
)
_BY_BACKSLASH = frozenset("-#*_+?^~|{}[]()!")


def markup(text: str) -> str:
    """Return what `escaped` leaves as it is."""
    return f"{OPEN}{text}{CLOSE}"


def escaped(text: str, *, entities: str = "", links: bool = True) -> str:
    """Return the text with our markup in place and everything else made literal.

    `entities` are characters for which a backslash is not enough where the text will stand.
    """

    def literal(found: re.Match[str]) -> str:
        if found["markup"] is not None:
            return found["markup"]
        if found["url"]:
            return link_to(found[0], found[0], found[0]) if links else found[0]
        if found["block"]:
            return f"{found['block']}&#46;"
        if found["number"] is not None:
            return f"{found['number']}\\#"
        char, before = found[0], text[found.start() - 1 : found.start()]
        after = text[found.end() : found.end() + 1]
        if found["phrase"] and _is_idle(before, after):
            return char
        # Twice the same brace would be one of Jira's, for it takes the backslashes off first.
        if char in entities or char not in _BY_BACKSLASH or (char in "{}" and before == char):
            return "&amp;" if char == "&" else f"&#{ord(char)};"
        return f"\\{char}"

    return _LITERAL.sub(literal, text)


def _is_idle(before: str, after: str) -> bool:
    """Whether a sign between these cannot begin or end a phrase: a-b, a - b."""
    if is_word(before) and is_word(after):
        return True
    return before == after == " "


def is_word(char: str) -> bool:
    """Whether Jira sees no phrase begin after this character."""
    return char.isalpha() or char.isdecimal()


def link_to(shown: str, plain: str, url: str) -> str:
    """Return a link; the address alone where it is what is shown."""
    address = quote(url, safe="/:?#@$&()+,;=~%")
    return f"[{address}]" if address in (shown, plain) or not shown else f"[{shown}|{address}]"
