"""Requests to GitHub through PyGithub: sent once, answered, refused or in doubt - never guessed.

PyGithub as it comes repeats a write whose answer was lost, follows a redirection of a write into
another repository, and takes any answer below 400 for success (measured on 2.10.0). Here the
library signs and sends; what the answer means is decided in this module.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import github
import urllib3
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
)

from ..core.addresses import GITHUB
from ..errors import OutcomeUnknown, RateLimited, TrackerError
from . import calling
from .calling import Caller, Headers, Pages, bounded, cause_of, checked_token, checked_url
from .github_errors import (
    Moved,
    graphql_refusal,
    grave_errors,
    message_of,
    refusal,
)
from .masking import Mask
from .patience import AGAIN, Patience, unusable_answer

# The library writes to stderr as soon as it is imported.
logging.getLogger("github").handlers = [logging.NullHandler()]
logging.getLogger("github").propagate = False

GRAPHQL = "/graphql"
"""The path of the other interface, which a server has beside this one and not below it."""

_REDIRECTIONS = (301, 302, 303, 307, 308)


class _Redirected(Exception):
    """An answer that leads elsewhere; `location` is where."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class _Once(urllib3.Retry):
    """Sends every request once; a redirection ends it before the library can follow."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__(
            total=0, status_forcelist=_REDIRECTIONS, allowed_methods=None, redirect=False
        )

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: urllib3.BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> Self:
        """Never count, always end."""
        if response is not None:
            response.close()  # its text tells nothing, and may have no end
            raise _Redirected(response.headers.get("location", ""))
        if isinstance(error, urllib3.exceptions.ReadTimeoutError):
            raise error
        raise urllib3.exceptions.MaxRetryError(_pool, url or "", error) from error


class _Plain(HTTPRequestsConnectionClass):
    """A connection on this machine, whose answers end."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.session.hooks["response"].append(bounded)


class _Secure(HTTPSRequestsConnectionClass):
    """An encrypted connection, whose answers end."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.session.hooks["response"].append(bounded)


class Client(Caller):
    """Speaks to one GitHub with one token, which is asked for when it is first needed."""

    def __init__(self, base_url: str, token: Callable[[], str], patience: Patience) -> None:
        """Keep the address; nothing is sent.

        Raises:
            ConfigError: the address is none, or would send the token in the clear.
        """
        super().__init__(patience)
        fix = f'Write base_url = "https://HOST/api/v3" in [tracker.github]; without it, {GITHUB}.'
        self.base_url = checked_url(base_url, "tracker.github.base_url", fix)
        self.name = "GitHub" if self.base_url == GITHUB else urlsplit(self.base_url).netloc
        self._token = token
        self._requester: Requester | None = None

    def items(self, path: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """Yield what all pages of a list hold.

        Raises:
            TrackerError: a page is no list, so nobody knows what is missing.
        """
        headers, content = self.get(path, per_page="100", **parameters)
        pages = Pages(self.name, path)
        while True:
            if not isinstance(content, list) or not all(isinstance(i, dict) for i in content):
                raise unusable_answer(self.name, path)
            yield from content
            following = re.search(r'<([^>]+)>; rel="next"', headers.get("link", ""))
            if not following:
                return
            pages.turn(following[1])
            headers, content = self.get(following[1])

    def sent(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[int, Headers, str]:
        """Send a request once (see `Caller.sent`)."""
        try:
            if self._requester is None:
                self._requester = self._connected()
            address = self._requester.graphql_url if path == GRAPHQL else path
            status, headers, text = self._requester.requestJson(
                method, address, parameters=dict(parameters), input=content
            )
        except _Redirected as redirected:
            raise self._moved(path, self.mask.hide(redirected.location)) from None
        except urllib3.exceptions.HTTPError as error:
            raise OutcomeUnknown(cause_of(error), fix=AGAIN) from self.mask.harmless(error)
        except AssertionError as error:  # the library checks every address it is led to
            told = self.mask.hide(str(error))
            raise TrackerError(
                f"{self.name} gave an address outside of {self.base_url}: {told}",
                fix="Set base_url in [tracker.github] to the address that the server uses itself.",
            ) from self.mask.harmless(error)
        return status, headers, text

    def _connected(self) -> Requester:
        with self.patience.aside():  # a token_command may ask for something
            token = checked_token(self._token(), "GITHUB_TOKEN")
        self.mask = Mask(token)
        Requester.injectConnectionClasses(_Plain, _Secure)
        try:
            return github.Github(
                auth=github.Auth.Token(token),
                base_url=self.base_url,
                timeout=calling.SECONDS,
                retry=_Once(),
                seconds_between_requests=0,
                seconds_between_writes=0,  # ours: `patience` tells about it
                lazy=True,
            ).requester
        finally:
            Requester.resetConnectionClasses()  # others may use the library in their own way

    def understood(self, method: str, path: str, status: int, headers: Headers, text: str) -> Any:
        """Return the content of an answer (see `Caller.understood`)."""
        if status == 204:
            return None
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        message = str(content.get("message", "")) if isinstance(content, dict) else ""
        if path == GRAPHQL and status == 200 and isinstance(content, dict):
            return self._data(content, headers)
        if status in (200, 201) and isinstance(content, (dict, list)):
            return content
        if status < 400 or status >= 500:
            raise OutcomeUnknown(f"it answered {status} {message}".rstrip(), fix=AGAIN)
        if status == 429 or (status == 403 and Requester.isRateLimitError(message)):
            raise RateLimited(
                f"{self.name} asks for a pause ({message.rstrip('.') or status})",
                self._pause(headers),
            )
        raise refusal(self.name, f"{method} {path}", status, headers, message_of(content))

    def _data(self, content: dict[str, Any], headers: Headers) -> Any:
        """Return the data of an answer of GraphQL, which tells of errors with status 200, too."""
        errors = grave_errors(content)
        if any(map(_is_pause, errors)):
            raise RateLimited(f"{self.name} asks for a pause", self._pause(headers))
        if errors:
            raise graphql_refusal(self.name, errors)
        if not isinstance(content.get("data"), dict):
            raise OutcomeUnknown("it answered without data", fix=AGAIN)
        return content["data"]

    def _pause(self, headers: Headers) -> float:
        """Return the seconds that a refusal asks for; 0 when it does not say."""
        wait = headers.get("retry-after", "")
        if wait.isdecimal():  # unlike `isdigit`, not true of a raised two
            return float(wait)
        reset = headers.get("x-ratelimit-reset", "")
        if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(1, float(reset) - self.patience.clock() + 1)
        return 0

    def _moved(self, path: str, location: str) -> Moved:
        fix = "Put its new name into [tracker.github], or move it back."
        return Moved(f"{path} is at {location or 'another address'} now", location, fix=fix)


def _is_pause(error: Mapping[str, Any]) -> bool:
    """Whether an error of GraphQL asks to come back later; then nothing was done."""
    is_named = str(error.get("type")).startswith("RATE_LIMIT")
    return is_named or Requester.isRateLimitError(str(error.get("message")))
