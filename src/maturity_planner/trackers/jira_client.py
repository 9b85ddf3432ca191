"""Requests to Jira through the `jira` package: sent once, answered, refused or in doubt.

The package signs, sends and takes answers apart. Its own calls are left aside where they ask
more than once, repeat writes, or wait for ever (measured on 3.10.5); what an answer means is
decided here.
"""

from __future__ import annotations

import datetime
import email.utils
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import jira

from ..errors import AuthError, Conflict, NotFound, OutcomeUnknown, RateLimited, TrackerError
from . import calling
from .calling import Caller, Headers, bounded, checked_token, checked_url
from .masking import Mask
from .patience import AGAIN, REFUSED, Patience

# The library writes to stderr, and names addresses there.
logging.getLogger("jira").handlers = [logging.NullHandler()]
logging.getLogger("jira").propagate = False

API, AGILE = "/rest/api/2", "/rest/agile/1.0"
SERVER = 'Write server = "https://SITE.atlassian.net" in [tracker.jira].'
RENEW = "Make a new one, and put it into JIRA_TOKEN or behind token_command."


class Refused(Conflict):
    """Jira has looked at a request and will not do it (400 and the like)."""


class Client(Caller):
    """Speaks to one Jira for one account, whose token is asked for when it is first needed.

    With an e-mail address the token is an API token (Cloud), without one a personal access token.
    """

    def __init__(
        self, server: str, account: str, token: Callable[[], str], patience: Patience
    ) -> None:
        """Keep the address; nothing is sent.

        Raises:
            ConfigError: the address is none, or would send the token in the clear.
        """
        super().__init__(patience)
        self.server = checked_url(server, "tracker.jira.server", SERVER)
        self.name = urlsplit(self.server).netloc
        self._account = account
        self._token = token
        self._session: Any = None

    def sent(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[int, Headers, str]:
        """Send a request once (see `Caller.sent`)."""
        if self._session is None:
            self._session = self._connected()
        body = None if content is None else json.dumps(content)
        try:
            answer = self._session.request(
                method,
                self.server + path,
                params=dict(parameters),
                data=body,
                allow_redirects=False,  # a write must not end up as a read elsewhere
            )
        except jira.JIRAError as refused:
            answer = refused.response
            if answer is None:
                raise OutcomeUnknown("the answer broke off", fix=AGAIN) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status_code, headers, answer.text

    def _connected(self) -> Any:
        with self.patience.aside():  # a token_command may ask for something
            token = checked_token(self._token(), "JIRA_TOKEN")
        self.mask = Mask(token, self._account)
        sign: dict[str, Any] = (
            {"basic_auth": (self._account, token)} if self._account else {"token_auth": token}
        )
        client = jira.JIRA(
            server=self.server,
            get_server_info=False,
            max_retries=0,  # ours: a write whose answer was lost is never repeated
            timeout=calling.SECONDS,
            **sign,
        )
        client._session.hooks["response"].append(bounded)
        return client._session

    def understood(self, method: str, path: str, status: int, headers: Headers, text: str) -> Any:
        """Return the content of an answer (see `Caller.understood`)."""
        what = f"{method} {path.removeprefix(API)}"
        if status in (200, 201, 204) and not text.strip():
            return None
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        if status in (200, 201) and isinstance(content, (dict, list)):
            return content
        if status < 300:
            raise OutcomeUnknown(f"it answered {what} with a page that is no data", fix=AGAIN)
        said = message_of(content)
        if status == 429 or (status == 503 and "retry-after" in headers):
            reason = headers.get("ratelimit-reason") or said.rstrip(".") or str(status)
            raise RateLimited(f"{self.name} asks for a pause ({reason})", self._pause(headers))
        if 300 <= status < 400:
            raise TrackerError(
                f"{self.name} sends {what} elsewhere: {headers.get('location', 'nobody knows')}",
                fix=f"Use the address that the server uses itself. {SERVER}",
            )
        if status < 400 or status >= 500 or status == 408:
            raise OutcomeUnknown(f"it answered {status} {said}".rstrip(), fix=AGAIN)
        raise refusal(self.name, what, status, headers, said, has_account=bool(self._account))

    def _pause(self, headers: Headers) -> float:
        """Return the seconds that a refusal asks for; 0 when it does not say."""
        wait = headers.get("retry-after", "")
        if wait.isdecimal():  # unlike `isdigit`, not true of a raised two
            return float(wait)
        try:
            until = email.utils.parsedate_to_datetime(wait)
        except (ValueError, OverflowError):  # the latter for a day or a year without end
            try:
                until = datetime.datetime.fromisoformat(headers.get("x-ratelimit-reset", ""))
            except ValueError:
                return 0
        if until.tzinfo is None:
            until = until.replace(tzinfo=datetime.UTC)
        return max(1.0, until.timestamp() - self.patience.clock() + 1)


def message_of(content: Any) -> str:
    """Return what Jira says is wrong, single fields included."""
    if not isinstance(content, dict):
        return ""
    told = content.get("errorMessages")
    texts = [str(text) for text in (told if isinstance(told, list) else ())]
    errors = content.get("errors")
    if isinstance(errors, dict):
        texts += [f"{name}: {text}" for name, text in errors.items()]
    if not texts and isinstance(content.get("message"), str):
        texts = [content["message"]]
    return " ".join(" ".join(text.split()) for text in texts)


def refusal(
    name: str, what: str, status: int, headers: Headers, said: str, *, has_account: bool
) -> TrackerError:
    """Return the error for an answer between 400 and 499, which means that nothing was done."""
    told = f": {said}" if said else f" (status {status})"
    if "captcha" in headers.get("x-authentication-denied-reason", "").lower():
        return AuthError(
            f"{name} wants the account to solve a captcha first",
            fix="Log in with a browser once, then run this again.",
        )
    is_anonymous = headers.get("x-seraph-loginreason", "").startswith("AUTHENTICATED_FAILED")
    if (status == 401 and "permission" not in said.lower()) or is_anonymous:
        return _not_accepted(name, has_account=has_account)
    match status:
        case 401 | 403:
            return AuthError(
                f"{name} forbids {what}{told}",
                fix="Ask who administers the project for the right, or see `doctor` for what is "
                "missing.",
            )
        case 404:
            return NotFound(
                f"{name} has no {what.split(' ', 1)[1]}, or does not show it to this account",
                fix="Check `server` and `project` in [tracker.jira], and what the account may see.",
            )
    return Refused(f"{name} refused {what}{told}", fix=REFUSED)


def _not_accepted(name: str, *, has_account: bool) -> AuthError:
    """Return the error for a wrong token; what Jira says then is about what it hides."""
    first = (
        "It is wrong or has expired, or `email` in [tracker.jira] is not its account's (a personal "
        "access token, as on a Data Center, needs no `email`)."
        if has_account
        else "On Jira Cloud, write the account's `email` into [tracker.jira]. Else it is wrong or "
        "has expired."
    )
    return AuthError(f"{name} does not accept the token", fix=f"{first} {RENEW}")
