"""What a repository has to be so that a sync can work in it, and what `doctor` tells of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..core.finding import Finding, Grade
from ..core.tickets import Milestone
from ..errors import AuthError, Conflict, NotFound, TrackerError
from .calling import taken_apart
from .github_client import Client
from .github_errors import RIGHTS, Forbidden, Moved, archived
from .github_project import Project
from .patience import unusable_answer

FEW_REQUESTS = 300
TYPES = ("Epic", "Task")


def renamed(client: Client, moved: Moved, target: str) -> NotFound:
    """Return the error that tells the new name of the repository, or that it has none."""
    number = re.search(r"/repositories/(\d+)", moved.location)
    try:
        data = client.get_object(f"/repositories/{number[1]}") if number else {}
    except TrackerError:
        data = {}
    name = data.get("full_name")
    if not name:
        return NotFound(
            f"{client.name} sends requests for {target} elsewhere: {moved.location}",
            fix="Check base_url in [tracker.github]: it ends in /api/v3 on an Enterprise Server.",
        )
    return NotFound(
        f"the repository {target} is called {name} now",
        fix=f'Write repository = "{name}" in [tracker.github].',
    )


def switched_off(target: str) -> NotFound:
    """Return the error of a repository without issues."""
    return NotFound(
        f"the issues of {target} are switched off",
        fix="Switch them on in the repository's settings, under Features.",
    )


def get_repository(client: Client, target: str) -> Any:
    """Return what GitHub says of the repository.

    Raises:
        NotFound: there is none of that name.
    """
    try:
        return client.get_object(f"/repos/{target}")
    except Moved as moved:
        raise renamed(client, moved, target) from moved


@taken_apart("the repository")
def check_repository(data: Any, target: str) -> None:
    """Refuse a repository in which a sync would fail or be cut short.

    Raises:
        TrackerError: it is archived, has no issues, or does not take labels from this token.
    """
    if data.get("archived"):
        raise archived(target)
    if not data.get("has_issues"):
        raise switched_off(target)
    if not data.get("permissions", {}).get("push"):
        raise AuthError(
            f"the token may not push to {target}, so GitHub would silently drop labels",
            fix=f"Use another token. {RIGHTS}",
        )


@taken_apart("the types of issues")
def issue_types(client: Client, data: Any, target: str) -> set[str]:
    """Return the issue types of the organisation; none where there is no such thing."""
    if data.get("owner", {}).get("type") != "Organization":
        return set()
    try:
        kinds = client.get(f"/repos/{target}/issue-types")[1]
    except TrackerError:
        return set()  # an older server, or an organisation that does not show them
    return {str(kind.get("name")) for kind in kinds if kind.get("is_enabled", True)}


@taken_apart("the milestones")
def ensure_milestones(
    client: Client, target: str, wanted: Sequence[Milestone]
) -> Mapping[str, int]:
    """Return the numbers of the repository's milestones by title, after creating what is missing.

    One that is there is used as it is: its dates and whether it is closed belong to people.
    """
    path = f"/repos/{target}/milestones"
    there = {str(one["title"]): int(one["number"]) for one in client.items(path, state="all")}
    for one in wanted:
        if one.name not in there:
            # At noon: GitHub keeps a day in California, where midnight is the day before.
            due = f"{one.end.isoformat()}T12:00:00Z"
            made = client.write("POST", path, {"title": one.name, "due_on": due})
            there[one.name] = int(made["number"])
    return there


def examine(client: Client, target: str, project: Project | None = None) -> Iterator[Finding]:
    """Yield what `doctor` tells; a fault that hides the rest ends it."""
    steps: dict[str, Callable[[Client, str], Iterator[Finding]]] = {
        "token": _token,
        "repository": _repository,
        "links": _links,
        "types": _types,
        "limit": _limit,
    }
    if project:
        steps["project"] = lambda *_: project.examine()
    for name, step in steps.items():
        try:
            yield from step(client, target)
        except TrackerError as error:
            yield Finding(name, Grade.FAULT, error.message, error.fix)
            return


def _token(client: Client, _: str) -> Iterator[Finding]:
    try:
        login = client.get_object("/user").get("login")
    except (Conflict, Forbidden, NotFound):
        # The token of an app or of a workflow is no person's; a wrong one is answered 401.
        yield Finding("token", Grade.OK, f"accepted by {client.base_url}, of no account")
        return
    yield Finding("token", Grade.OK, f"accepted by {client.base_url} as {login}")


def _repository(client: Client, target: str) -> Iterator[Finding]:
    data = get_repository(client, target)
    check_repository(data, target)
    yield Finding("repository", Grade.OK, f"{data.get('full_name')}, open for issues and labels")


def _links(client: Client, target: str) -> Iterator[Finding]:
    path = f"/repos/{target}/issues"
    _, found = client.get(path, state="all", per_page="1")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise unusable_answer(client.name, path)
    if not found:
        yield Finding("links", Grade.OK, "no issue yet: the first one tells what the server can")
        return
    for name, key, instead in (
        ("sub-issues", "sub_issues_summary", "a task list in the epic"),
        ("dependencies", "issue_dependencies_summary", 'lines like "Needs #1" in the ticket'),
    ):
        with taken_apart("the issues"):
            is_native = key in found[0]
        if is_native:
            yield Finding(name, Grade.OK, "native")
        else:
            yield Finding(
                name,
                Grade.WARNING,
                f"this server has none: {instead} stands in",
                "Nothing to do; a newer server shows them as links.",
            )


def _types(client: Client, target: str) -> Iterator[Finding]:
    kinds = issue_types(client, get_repository(client, target), target)
    used = [kind for kind in TYPES if kind in kinds]
    detail = " and ".join(used) if used else "neither Epic nor Task: issues get no type"
    yield Finding("issue types", Grade.OK, detail)


def _limit(client: Client, _: str) -> Iterator[Finding]:
    try:
        core = client.get_object("/rate_limit")["resources"]["core"]
        left, most = int(core["remaining"]), int(core["limit"])
        until = datetime.datetime.fromtimestamp(int(core["reset"]), datetime.UTC)
    except NotFound:
        yield Finding("requests left", Grade.OK, "this server sets no limit")
        return
    except (KeyError, TypeError, ValueError, OverflowError):
        yield Finding("requests left", Grade.WARNING, "the server does not say how many")
        return
    detail = f"{left} of {most}, new ones at {until:%H:%M} UTC"
    if left >= min(FEW_REQUESTS, most):
        yield Finding("requests left", Grade.OK, detail)
    else:
        fix = "A large sync may have to pause; it says so and goes on."
        yield Finding("requests left", Grade.WARNING, detail, fix)
