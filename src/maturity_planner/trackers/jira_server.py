"""What a Jira tells of itself, of whoever asks, and of what can be linked how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.tickets import Milestone
from ..errors import AuthError, Conflict, NotFound, TrackerError
from .calling import taken_apart
from .jira_client import AGILE, API, Client, Refused

EPIC_LINK = ":gh-epic-link"
RIGHTS = {
    "BROWSE_PROJECTS": "see the project",
    "CREATE_ISSUES": "create issues",
    "EDIT_ISSUES": "edit issues",
    "TRANSITION_ISSUES": "move issues to another status",
    "LINK_ISSUES": "link issues",
    "ADD_COMMENTS": "comment",
}


def check_rights(client: Client, key: str, *, is_cloud: bool) -> None:
    """Refuse an account that cannot do all that a sync does.

    Raises:
        AuthError: naming every right that is missing.
    """
    if lacking := lacking_rights(client, key, is_cloud=is_cloud):
        raise AuthError(
            f"the account may not {', '.join(lacking)} in {key}",
            fix="Ask who administers the project for these rights.",
        )


@taken_apart("the rights of the account")
def lacking_rights(client: Client, key: str, *, is_cloud: bool) -> list[str]:
    """Return what the account may not do, in words."""
    named = {"permissions": ",".join(RIGHTS)} if is_cloud else {}  # a Data Center tells all
    answer = client.get_object(f"{API}/mypermissions", projectKey=key, **named)
    held = answer.get("permissions") or {}
    return [text for name, text in RIGHTS.items() if not held.get(name, {}).get("havePermission")]


@taken_apart("the kinds of links")
def link_type(client: Client, wanted: str) -> str:
    """Return the id of the kind of link that says what blocks what.

    Raises:
        Conflict: there is none of that name.
    """
    types = client.get_object(f"{API}/issueLinkType").get("issueLinkTypes") or []
    for one in types:
        if str(one.get("name", "")).lower() == wanted.lower():
            return str(one["id"])
    names = ", ".join(str(one.get("name")) for one in types)
    raise Conflict(
        f'there is no kind of link called "{wanted}"',
        fix=f'Write link_type = "NAME" in [tracker.jira]; there are: {names or "none"}.',
    )


@taken_apart("the versions")
def ensure_versions(client: Client, key: str, wanted: Sequence[Milestone]) -> None:
    """Create the versions that the project lacks; one that is there is used as it is.

    Raises:
        AuthError: the account may not create any.
    """
    content = client.get(f"{API}/project/{key}/versions")[1]
    there = {str(one.get("name")) for one in content if isinstance(one, dict)}
    for one in wanted:
        if one.name in there:
            continue
        dates = {"startDate": one.start.isoformat(), "releaseDate": one.end.isoformat()}
        try:
            client.write("POST", f"{API}/version", {"name": one.name, "project": key, **dates})
        except (AuthError, NotFound) as refused:
            raise AuthError(
                f'the account may not create the version "{one.name}" in {key}',
                fix="Ask for the right to administer the project, create the version by hand, or "
                "write versions = false in [tracker.jira].",
            ) from refused


def put_into_epic(client: Client, epic: str, keys: list[str]) -> None:
    """Make issues children of the epic where no field can; at most 50."""
    try:
        client.write("POST", f"{AGILE}/epic/{epic}/issue", {"issues": keys})
    except NotFound as missing:
        raise Refused(
            f"{client.name} has no field and no board interface for epics",
            fix="Put Epic Link on the create screen of the tickets' type.",
        ) from missing


def server_info(client: Client) -> Mapping[str, Any]:
    """Return what the server says of itself, `deploymentType` among it."""
    info = client.get_object(f"{API}/serverInfo")
    if "deploymentType" not in info:
        raise NotFound(
            f"{client.name} does not answer as a Jira does",
            fix="Check `server` in [tracker.jira]: the address before /browse/KEY-1.",
        )
    return info


@taken_apart("the fields")
def field_of_epics(client: Client) -> str:
    """Return the id of the field Epic Link, which a Data Center has; empty without one."""
    for one in client.get(f"{API}/field")[1]:
        if str((one.get("schema") or {}).get("custom", "")).endswith(EPIC_LINK):
            return str(one["id"])
    return ""


def get_project(client: Client, key: str) -> Any:
    """Return what Jira says of the project.

    Raises:
        AuthError: Jira does not know who asks, and hides it.
        NotFound: there is none of that key.
    """
    try:
        return client.get_object(f"{API}/project/{key}")
    except NotFound as missing:
        raise unseen(client, key) from missing


def unseen(client: Client, key: str) -> TrackerError:
    """Return why a project is not shown: to somebody unknown Jira shows nothing at all."""
    try:
        login = client.get_object(f"{API}/myself")
    except AuthError as error:
        return error
    who = login.get("displayName") or login.get("name") or "this account"
    return NotFound(
        f"{client.name} has no project {key}, or does not show it to {who}",
        fix='Check project = "KEY" in [tracker.jira], and what the account may see.',
    )
