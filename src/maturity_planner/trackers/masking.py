"""What a service repeats of our token is crossed out before anybody looks at its answer.

A service, or a proxy before it, may quote a request in an error, a header or an address. Messages,
tracebacks and files are made of answers; what is not in them can be in none of these.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable
from urllib.parse import quote

CROSSED_OUT = "***"

LEAST = 16
"""Characters of a token that is crossed out in what means success, too: it is in no other text.

Real ones are longer. A short one, as of a test, might be a word that the content needs.
"""


class Mask:
    """Crosses out one token in every form in which it travels; at first there is none."""

    def __init__(self, token: str = "", account: str = "") -> None:
        """Take the token, and the account that it is sent with."""
        self._forms = sorted(set(_forms(token, account)), key=len, reverse=True) if token else []
        self._is_long = len(token) >= LEAST

    def hide(self, text: str) -> str:
        """Return the text without the token.

        >>> Mask("s3cret").hide("no s3cret here, nor czNjcmV0")
        'no *** here, nor ***'
        """
        for form in self._forms:
            text = text.replace(form, CROSSED_OUT)
        return text

    def hide_content(self, text: str) -> str:
        """Return the text of an answer that means success without the token, if it is a long one.

        >>> Mask("title").hide_content('{"title": 1}')
        '{"title": 1}'
        """
        return self.hide(text) if self._is_long else text

    def harmless(self, error: Exception) -> Exception | None:
        """Return the error, for tracebacks, unless it or one behind it says the token."""
        return None if any(self.hide(text) != text for text in _said(error)) else error


def _forms(token: str, account: str) -> Iterable[str]:
    """Yield the token as it is, quoted for addresses, JSON and pages, and in base64."""
    for text in (token, f"{account}:{token}"):
        yield base64.b64encode(text.encode()).decode()
    yield token
    yield quote(token)
    yield quote(token, safe="")
    yield json.dumps(token)[1:-1]
    yield json.dumps(token)[1:-1].replace("/", "\\/")
    yield html.escape(token)
    yield repr(token)[1:-1]
    yield repr(token.encode())[2:-1]


def _said(error: BaseException | None) -> Iterable[str]:
    """Yield what an error says, and all that led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{error} {error!r}"
        error = error.__cause__ or error.__context__
