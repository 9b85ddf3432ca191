"""Requests to a service: sent once, answered, refused or in doubt - never guessed.

Only what was refused for a while, and reads, are ever sent again. What an answer means is for
each service to say (`Caller.sent` and `Caller.understood`).
"""

from __future__ import annotations

import contextlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from ..core.addresses import LOOPBACK
from ..errors import AuthError, ConfigError, OutcomeUnknown, RateLimited, TrackerError
from .masking import Mask
from .patience import AGAIN, LOOK, Patience, Pauses, unusable_answer

SECONDS = 30
"""How long one answer may take."""

MOST_ANSWER = 100_000_000
"""Bytes of one answer; a page of a thousand issues of the largest size is a third of that."""

MOST_PAGES = 10_000
"""Of one list; a hundred issues a page are more than any project has."""

Headers = Mapping[str, str]

_NOT_AS_ASKED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What taking data apart raises where a text stands for an object, or a number has no end."""


@contextlib.contextmanager
def taken_apart(what: str) -> Iterator[None]:
    """Take an answer apart that may come from another service, or from a proxy before it.

    Raises:
        TrackerError: it has not the form that was asked for.
    """
    try:
        yield
    except _NOT_AS_ASKED as error:
        raise unusable_answer("the service", f"about {what}") from error


class TooLarge(requests.RequestException):
    """An answer was larger than any should be."""


def bounded(answer: requests.Response, *_: Any, **__: Any) -> None:
    """Read the content of an answer, but not for ever: a hook of the library `requests`.

    Raises:
        TooLarge: it does not end in time.
    """
    parts, size = [], 0
    for part in answer.iter_content(65_536):
        parts.append(part)
        size += len(part)  # after unpacking: few bytes can stand for many
        if size > MOST_ANSWER:
            answer.close()
            raise TooLarge
    answer._content = b"".join(parts)  # where the library itself keeps it
    answer.encoding = answer.encoding or "utf-8"  # else it guesses, which takes long


class Pages:
    """Counts the pages of one list, and knows where it has been: a server may never end."""

    def __init__(self, name: str, path: str) -> None:
        """Count for the list at that path of the service of that name."""
        self._list = f"{name} answered {path}"
        self._seen: set[str] = set()

    def turn(self, place: object) -> None:
        """Go on at that place, an address or a mark of the server's.

        Raises:
            TrackerError: it has been there already, or there are more than any list has.
        """
        if str(place) in self._seen or len(self._seen) >= MOST_PAGES:
            raise TrackerError(f"{self._list} with pages that never end", fix=LOOK)
        self._seen.add(str(place))


class Caller(ABC):
    """Speaks to one service; `name` is what a person calls it.

    `mask` crosses our token out; it knows it as soon as there is one.
    """

    name: str

    def __init__(self, patience: Patience) -> None:
        """Wait with that patience."""
        self.patience = patience
        self.mask = Mask()

    @abstractmethod
    def sent(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[int, Headers, str]:
        """Send a request once, and return status, headers (names in small letters) and text.

        Raises:
            OutcomeUnknown: no answer came.
        """

    @abstractmethod
    def understood(self, method: str, path: str, status: int, headers: Headers, text: str) -> Any:
        """Return the content of an answer that means success; anything else is an error.

        Raises:
            RateLimited: it was refused for a while, and surely not done.
            OutcomeUnknown: it does not tell whether it was done.
            TrackerError: it was refused.
        """

    def get(self, path: str, **parameters: str) -> tuple[Headers, Any]:
        """Return headers and content of a page, asked for again when the answer gets lost."""
        return self._read("GET", path, parameters, None)

    def ask(self, path: str, content: Any) -> Any:
        """Return the answer to a question that is sent as a POST and changes nothing."""
        return self._read("POST", path, {}, content)[1]

    def _read(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[Headers, Any]:
        wait, pauses = self.patience.first_retry, Pauses(self.patience)
        left = self.patience.tries
        while True:
            try:
                return self._called(method, path, parameters, content)
            except RateLimited as refused:
                pauses.take(refused)
            except OutcomeUnknown as lost:
                left -= 1
                if not left:
                    raise TrackerError(
                        f"{self.name} cannot be reached: {lost.message}",
                        fix=f"Check the network and the service. {AGAIN}",
                    ) from lost
                self.patience.wait(wait, f"{self.name} does not answer")
                wait *= 2

    def write(self, method: str, path: str, content: Any = None) -> Any:
        """Send a write once, not too soon after the one before, and return the answer.

        Raises:
            OutcomeUnknown: no answer came that tells whether it was done.
            RateLimited: it was not done. Who waits looks again before it is sent once more:
                people may have changed what it is about.
        """
        self.patience.before_write()
        try:
            return self._called(method, path, {}, content)[1]
        finally:
            self.patience.after_write()

    def _called(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[Headers, Any]:
        try:
            status, headers, text = self.sent(method, path, parameters, content)
        except (requests.RequestException, UnicodeError) as error:  # the library decodes headers
            raise OutcomeUnknown(cause_of(error), fix=AGAIN) from self.mask.harmless(error)
        except OSError as error:
            raise TrackerError(
                f"the certificates to check {self.name} with cannot be read: {_first_line(error)}",
                fix="Correct REQUESTS_CA_BUNDLE, or unset it.",
            ) from error
        headers = {name: self.mask.hide(value) for name, value in headers.items()}
        hide = self.mask.hide_content if 200 <= status < 300 else self.mask.hide
        return headers, self.understood(method, path, status, headers, hide(text))

    def get_object(self, path: str, **parameters: str) -> dict[str, Any]:
        """Return the object that a page holds.

        Raises:
            TrackerError: it holds something else, as of another service.
        """
        content = self.get(path, **parameters)[1]
        if not isinstance(content, dict):
            raise unusable_answer(self.name, path)
        return content


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def cause_of(error: Exception) -> str:
    """Return what happened in a few words; the library's own hold objects and addresses."""
    match error:
        case requests.exceptions.SSLError():
            return "it speaks no TLS there, or its certificate is not accepted"
        case requests.exceptions.ProxyError():
            return "the proxy does not let us through"
        case requests.exceptions.Timeout():
            return f"no answer within {SECONDS} s"
        case requests.exceptions.InvalidURL() | requests.exceptions.InvalidSchema():
            return "it has no address that could be called"
        case requests.exceptions.ConnectionError():
            return "the connection could not be made, or broke"
        case TooLarge():
            return f"its answer is larger than {MOST_ANSWER // 1_000_000} MB"
    return "the answer broke off"


def checked_token(token: str, variable: str) -> str:
    """Return the token, which `variable` may have held.

    Raises:
        AuthError: it cannot be one, and would spoil the request's headers.
    """
    if not re.fullmatch("[!-~]+", token):
        raise AuthError(
            "the token holds characters that no token has",
            fix=f"Look at what token_command prints, or at {variable}.",
        )
    return token


def _proxy(address: str) -> str:
    """Return the host of the proxy that requests to the address go through; empty without one."""
    found = requests.utils.get_environ_proxies(address).get("http", "")
    return urlsplit(found).hostname or found


def checked_url(address: str, setting: str, fix: str) -> str:
    """Return the address of a service without a slash at its end.

    Raises:
        ConfigError: it is no address, or is not encrypted and leaves this machine.
    """
    try:
        url = urlsplit(address)
        host, _ = url.hostname, url.port
    except ValueError:
        host = None
    if "@" in address:  # not repeated: it may be a secret
        raise ConfigError(f"{setting} holds a user name or a password", fix=fix)
    if not host or url.scheme not in ("http", "https") or url.query or url.fragment:
        raise ConfigError(f'{setting} is "{address}", which is no address', fix=fix)
    if url.scheme == "http" and _proxy(address):
        raise ConfigError(
            f"{setting} would be called through the proxy {_proxy(address)}, unencrypted",
            fix=f"Put {host} into NO_PROXY.",
        )
    if url.scheme == "http" and host not in LOOPBACK:
        raise ConfigError(f'{setting} is "{address}": the token would travel unencrypted', fix=fix)
    return address.rstrip("/")
