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
import requests
import urllib3
from github.Requester import Requester

from ..errors import (
    AuthError,
    ConfigError,
    Conflict,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    TrackerError,
)
from .patience import Patience

# The library writes to stderr as soon as it is imported.
logging.getLogger("github").handlers = [logging.NullHandler()]
logging.getLogger("github").propagate = False

PUBLIC = "https://api.github.com"
SECONDS = 30
"""How long one answer may take."""

_REDIRECTIONS = (301, 302, 303, 307, 308)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
AGAIN = "Run the command again; it goes on from here."
RIGHTS = "It needs to read and write issues, and push access to the repository."

Headers = Mapping[str, str]


class Moved(NotFound):
    """What was asked for has another address now."""

    def __init__(self, message: str, location: str, *, fix: str = "") -> None:
        """Remember where it is."""
        super().__init__(message, fix=fix)
        self.location = location


class Refused(Conflict):
    """GitHub has looked at a request and will not do it (422)."""


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
            response.drain_conn()
            raise _Redirected(response.headers.get("location", ""))
        if isinstance(error, urllib3.exceptions.ReadTimeoutError):
            raise error
        raise urllib3.exceptions.MaxRetryError(_pool, url or "", error) from error


class Client:
    """Speaks to one GitHub with one token, which is asked for when it is first needed."""

    def __init__(self, base_url: str, token: Callable[[], str], patience: Patience) -> None:
        """Keep the address; nothing is sent.

        Raises:
            ConfigError: the address is none, or would send the token in the clear.
        """
        self.base_url = checked_url(base_url)
        self.patience = patience
        self._token = token
        self._requester: Requester | None = None

    def get(self, path: str, **parameters: str) -> tuple[Headers, Any]:
        """Return headers and content of a page, asked for again when the answer gets lost."""
        wait = self.patience.first_retry
        for left in range(self.patience.tries - 1, -1, -1):
            try:
                return self._called("GET", path, parameters, None)
            except OutcomeUnknown as lost:
                if not left:
                    raise TrackerError(
                        f"{self._name} cannot be reached: {lost.message}",
                        fix=f"Check the network and the service. {AGAIN}",
                    ) from lost
                self.patience.wait(wait, f"{self._name} does not answer")
                wait *= 2
        raise AssertionError

    def items(self, path: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """Yield what all pages of a list hold.

        Raises:
            TrackerError: a page is no list, so nobody knows what is missing.
        """
        headers, content = self.get(path, per_page="100", **parameters)
        while True:
            if not isinstance(content, list) or not all(isinstance(i, dict) for i in content):
                raise TrackerError(
                    f"{self._name} answered {path} with something that is no list", fix=AGAIN
                )
            yield from content
            following = re.search(r'<([^>]+)>; rel="next"', headers.get("link", ""))
            if not following:
                return
            headers, content = self.get(following[1])

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

    @property
    def _name(self) -> str:
        return "GitHub" if self.base_url == PUBLIC else urlsplit(self.base_url).netloc

    def _called(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[Headers, Any]:
        """Return the answer; what is refused for a while is sent again after it."""
        waited = 0.0
        for attempt in range(100):
            status, headers, text = self._sent(method, path, parameters, content)
            try:
                return headers, self._understood(method, path, status, headers, text)
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

    def _sent(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[int, Headers, str]:
        try:
            if self._requester is None:
                self._requester = self._connected()
            status, headers, text = self._requester.requestJson(
                method, path, parameters=dict(parameters), input=content
            )
        except _Redirected as redirected:
            raise self._moved(path, redirected.location) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise OutcomeUnknown(_cause(error), fix=AGAIN) from error
        except AssertionError as error:  # the library checks every address it is led to
            raise TrackerError(
                f"{self._name} gave an address outside of {self.base_url}: {error}",
                fix="Set base_url in [tracker.github] to the address that the server uses itself.",
            ) from error
        return status, headers, text

    def _connected(self) -> Requester:
        token = self._token()
        if not re.fullmatch("[!-~]+", token):
            raise AuthError(
                "the token holds characters that no token has",
                fix="Look at what token_command prints, or at GITHUB_TOKEN.",
            )
        return github.Github(
            auth=github.Auth.Token(token),
            base_url=self.base_url,
            timeout=SECONDS,
            retry=_Once(),
            seconds_between_requests=0,
            seconds_between_writes=0,  # ours: `patience` tells about it
            lazy=True,
        ).requester

    def _understood(self, method: str, path: str, status: int, headers: Headers, text: str) -> Any:
        """Return the content of an answer that means success; anything else is an error."""
        if status == 204:
            return None
        try:
            content = json.loads(text)
        except ValueError:
            content = None
        message = str(content.get("message", "")) if isinstance(content, dict) else ""
        if status in (200, 201) and isinstance(content, (dict, list)):
            return content
        if status < 400 or status >= 500:
            raise OutcomeUnknown(f"it answered {status} {message}".rstrip(), fix=AGAIN)
        if status == 429 or (status == 403 and Requester.isRateLimitError(message)):
            raise RateLimited(
                f"{self._name} asks for a pause ({message.rstrip('.') or status})",
                self._pause(headers),
            )
        raise _refusal(self._name, f"{method} {path}", status, headers, _with_errors(content))

    def _pause(self, headers: Headers) -> float:
        """Return the seconds that a refusal asks for; 0 when it does not say."""
        wait = headers.get("retry-after", "")
        if wait.isdigit():
            return float(wait)
        reset = headers.get("x-ratelimit-reset", "")
        if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
            return max(1, float(reset) - self.patience.clock() + 1)
        return 0

    def _moved(self, path: str, location: str) -> Moved:
        fix = "Put its new name into [tracker.github], or move it back."
        return Moved(f"{path} is at {location or 'another address'} now", location, fix=fix)


def checked_url(base_url: str) -> str:
    """Return the address without a slash at its end.

    Raises:
        ConfigError: it is no address, or is not encrypted and leaves this machine.
    """
    fix = f'Write base_url = "https://HOST/api/v3" in [tracker.github]; without it, {PUBLIC}.'
    try:
        url = urlsplit(base_url)
        host, _ = url.hostname, url.port
    except ValueError:
        host = None
    if not host or url.scheme not in ("http", "https") or url.username or url.query:
        raise ConfigError(f'tracker.github.base_url is "{base_url}", which is no address', fix=fix)
    if url.scheme == "http" and host not in _LOOPBACK:
        raise ConfigError(
            f'tracker.github.base_url is "{base_url}": the token would travel unencrypted', fix=fix
        )
    return base_url.rstrip("/")


def _cause(error: Exception) -> str:
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


def _with_errors(content: Any) -> str:
    """Return GitHub's message with what it says of single fields."""
    if not isinstance(content, dict):
        return ""
    more = []
    for error in content.get("errors") or ():
        if isinstance(error, dict):
            said = error.get("message") or f"{error.get('field')} {error.get('code')}"
            more.append(str(said))
    message = str(content.get("message", ""))
    new = [text for text in more if text not in message]
    return f"{message} ({'; '.join(new)})" if new else message


def _refusal(name: str, what: str, status: int, headers: Headers, message: str) -> TrackerError:
    said = message.rstrip(".") or f"status {status}"
    match status:
        case 401:
            return AuthError(
                f"{name} does not accept the token ({said})",
                fix="It is wrong, or has expired: make a new one. " + RIGHTS,
            )
        case 403 if "archived" in message:
            return Conflict(
                f"the repository is archived, so nothing can be written: {what}",
                fix="Unarchive it, or name another one in [tracker.github].",
            )
        case 403 if "x-github-sso" in headers:
            return AuthError(
                f"the organisation wants the token to be authorised for single sign-on: {what}",
                fix="Authorise it in GitHub's settings of the token.",
            )
        case 403:
            return AuthError(f"{name} forbids {what}: {said}", fix=f"Use another token. {RIGHTS}")
        case 404:
            return NotFound(
                f"{name} has no {what.split(' ', 1)[1]}, or does not show it to this token",
                fix="Check the name in [tracker.github], and the rights of the token.",
            )
        case 410:
            return NotFound(
                f"{name} no longer has {what.split(' ', 1)[1]}: {said}",
                fix="Switch the repository's issues on, or, for a deleted issue, run this again.",
            )
    return Refused(f"{name} refused {what}: {said}", fix=AGAIN)
