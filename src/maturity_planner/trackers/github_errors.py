"""What GitHub's refusals, and answers that never came, mean to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import AuthError, Conflict, NotFound, OutcomeUnknown, TrackerError
from .patience import AGAIN, REFUSED

RIGHTS = "It needs to read and write issues, and push access to the repository."
PROJECT_RIGHTS = (
    "The token needs the scope `project`; a fine-grained one, for a project of an organisation, "
    "its permission Projects: read and write."
)


class Moved(NotFound):
    """What was asked for has another address now."""

    def __init__(self, message: str, location: str, *, fix: str = "") -> None:
        """Remember where it is."""
        super().__init__(message, fix=fix)
        self.location = location


class Forbidden(AuthError):
    """GitHub knows the token, which may not do this (403)."""


class Refused(Conflict):
    """GitHub has looked at a request and will not do it (422)."""


def message_of(content: Any) -> str:
    """Return GitHub's message with what it says of single fields."""
    if not isinstance(content, dict):
        return ""
    more = []
    for error in _list(content.get("errors")):
        if isinstance(error, dict):
            said = error.get("message") or f"{error.get('field')} {error.get('code')}"
            more.append(str(said))
    message = str(content.get("message", ""))
    new = [text for text in more if text not in message]
    return f"{message} ({'; '.join(new)})" if new else message


def archived(where: str) -> Conflict:
    """Return the error for a repository that can only be read."""
    return Conflict(
        f"the repository is archived, so nothing can be written: {where}",
        fix="Unarchive it, or name another one in [tracker.github].",
    )


def refusal(
    name: str, what: str, status: int, headers: Mapping[str, str], message: str
) -> TrackerError:
    """Return the error for an answer between 400 and 499, which means that nothing was done."""
    said = message.rstrip(".") or f"status {status}"
    match status:
        case 401:
            return AuthError(
                f"{name} does not accept the token ({said})",
                fix="It is wrong, or has expired: make a new one. " + RIGHTS,
            )
        case 403 if "archived" in message:
            return archived(what)
        case 403 if "x-github-sso" in headers:
            return Forbidden(
                f"the organisation wants the token to be authorised for single sign-on: {what}",
                fix="Authorise it in GitHub's settings of the token.",
            )
        case 403:
            return Forbidden(f"{name} forbids {what}: {said}", fix=f"Use another token. {RIGHTS}")
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
    fix = "Correct `assignees` in [tracker.github]." if "assignees" in said else REFUSED
    return Refused(f"{name} refused {what}: {said}", fix=fix)


def grave_errors(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the errors in an answer of GraphQL, but for contents that the token may not see.

    A project shows items of other repositories, too, which are none of our business.
    """
    errors = [error for error in _list(content.get("errors")) if isinstance(error, dict)]
    return [error for error in errors if "content" not in _list(error.get("path"))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def graphql_refusal(name: str, errors: Sequence[Mapping[str, Any]]) -> TrackerError:
    """Return the one error for what GraphQL reports, often once for each field."""
    kinds = {
        str(error.get("type") or (error.get("extensions") or {}).get("code")) for error in errors
    }
    said = str(errors[0].get("message")).rstrip(".")
    if any("Something went wrong while executing" in str(e.get("message")) for e in errors):
        return OutcomeUnknown(f"it answered that something went wrong: {said}", fix=AGAIN)
    if "INSUFFICIENT_SCOPES" in kinds:
        return AuthError(f"{name} lets this token do nothing with projects", fix=PROJECT_RIGHTS)
    if "FORBIDDEN" in kinds:
        return Forbidden(f"{name} forbids this with the project: {said}", fix=PROJECT_RIGHTS)
    if "NOT_FOUND" in kinds:
        return NotFound(f"{name} does not find a part of the project: {said}", fix=AGAIN)
    if any(kind.startswith("undefined") for kind in kinds):
        fix = "It is too old for them: remove `project` from [tracker.github]."
        return Refused(f"{name} knows no projects with fields: {said}", fix=fix)
    return Refused(f"{name} refused a change of the project: {said}", fix=REFUSED)
