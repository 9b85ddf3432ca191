"""Requests to a service: sent once, answered, refused or in doubt - never guessed.

Only what was refused for a while, and reads, are ever sent again. What an answer means is for
each service to say (`Caller.sent` and `Caller.understood`).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from ..errors import AuthError, ConfigError, OutcomeUnknown, RateLimited, TrackerError
from .patience import Patience

SECONDS = 30
"""How long one answer may take."""

AGAIN = "Run the command again; it goes on from here."
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

Headers = Mapping[str, str]


class Caller(ABC):
    """Speaks to one service; `name` is what a person calls it."""

    name: str

    def __init__(self, patience: Patience) -> None:
        """Wait with that patience."""
        self.patience = patience

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
        wait = self.patience.first_retry
        for left in range(self.patience.tries - 1, -1, -1):
            try:
                return self._called(method, path, parameters, content)
            except OutcomeUnknown as lost:
                if not left:
                    raise TrackerError(
                        f"{self.name} cannot be reached: {lost.message}",
                        fix=f"Check the network and the service. {AGAIN}",
                    ) from lost
                self.patience.wait(wait, f"{self.name} does not answer")
                wait *= 2
        raise AssertionError

    def write(self, method: str, path: str, content: Any = None) -> Any:
        """Send a write once, not too soon after the one before, and return the answer.

        Raises:
            OutcomeUnknown: no answer came that tells whether it was done.
        """
        self.patience.before_write()
        try:
            return self._called(method, path, {}, content)[1]
        finally:
            self.patience.after_write()

    def _called(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[Headers, Any]:
        """Return the answer; what is refused for a while is sent again after it."""
        waited = 0.0
        for attempt in range(100):
            status, headers, text = self.sent(method, path, parameters, content)
            try:
                return headers, self.understood(method, path, status, headers, text)
            except RateLimited as refused:
                seconds = refused.seconds or 60 * 2**attempt
                waited += seconds
                if waited > self.patience.most:
                    raise RateLimited(
                        f"{refused.message}, until {seconds:.0f} s from now",
                        seconds,
                        fix=f"Wait that long. {AGAIN}",
                    ) from refused
                self.patience.wait(seconds, refused.message)
        raise AssertionError


def cause_of(error: Exception) -> str:
    """Return what happened in a few words; the library's own hold objects and addresses."""
    match error:
        case requests.exceptions.SSLError():
            return "its certificate is not accepted"
        case requests.exceptions.ProxyError():
            return "the proxy does not let us through"
        case requests.exceptions.Timeout():
            return f"no answer within {SECONDS} s"
        case requests.exceptions.ConnectionError():
            return "the connection could not be made, or broke"
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
    if host and (url.username or url.password):  # not repeated: it may be a secret
        raise ConfigError(f"{setting} holds a user name or a password", fix=fix)
    if not host or url.scheme not in ("http", "https") or url.query or url.fragment:
        raise ConfigError(f'{setting} is "{address}", which is no address', fix=fix)
    if url.scheme == "http" and host not in _LOOPBACK:
        raise ConfigError(f'{setting} is "{address}": the token would travel unencrypted', fix=fix)
    return address.rstrip("/")
