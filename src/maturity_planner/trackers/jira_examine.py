"""What `doctor` tells of a Jira project: who asks, what may be done, what would be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..core.finding import Finding, Grade
from ..errors import TrackerError
from .jira_client import API, Client
from .jira_project import Project, load_project
from .jira_server import get_project, lacking_rights, link_type, server_info


class Examination:
    """One look at everything, from the server down to single fields."""

    def __init__(self, client: Client, key: str, settings: Mapping[str, Any], link: str) -> None:
        """Look at the project of that key; `link` is the kind of link for needs."""
        self._client = client
        self._key = key
        self._settings = settings
        self._link = link
        self._is_cloud = False

    def findings(self) -> Iterator[Finding]:
        """Yield what there is to tell; a fault that hides the rest ends it."""
        steps: Mapping[str, Callable[[], Iterator[Finding]]] = {
            "server": self._server,
            "token": self._token,
            "project": self._project,
            "rights": self._rights,
            "screens": self._screens,
            "links": self._links,
        }
        for name, step in steps.items():
            try:
                yield from step()
            except TrackerError as error:
                yield Finding(name, Grade.FAULT, error.message, error.fix)
                return

    def _server(self) -> Iterator[Finding]:
        info = server_info(self._client)
        self._is_cloud = info["deploymentType"] == "Cloud"
        version = f"Data Center {info.get('version', '')}".rstrip()
        kind = "Cloud" if self._is_cloud else version
        yield Finding("server", Grade.OK, f"{self._client.server}, {kind}")
        if self._is_cloud and not self._settings.get("email"):
            yield Finding(
                "token",
                Grade.WARNING,
                "a Cloud wants the e-mail address of the account beside its API token",
                'Write email = "..." in [tracker.jira].',
            )

    def _token(self) -> Iterator[Finding]:
        person = self._client.get_object(f"{API}/myself")
        name = person.get("emailAddress") or person.get("name") or person.get("displayName")
        yield Finding("token", Grade.OK, f"accepted as {name}")

    def _project(self) -> Iterator[Finding]:
        name = get_project(self._client, self._key).get("name")
        yield Finding("project", Grade.OK, f"{self._key}, {name}")

    def _rights(self) -> Iterator[Finding]:
        lacking = lacking_rights(self._client, self._key, is_cloud=self._is_cloud)
        if lacking:
            fix = "Ask who administers the project for these rights."
            detail = f"the account may not {', '.join(lacking)}"
            yield Finding("rights", Grade.FAULT, detail, fix)
        else:
            yield Finding("rights", Grade.OK, "create, edit, move, link and comment")

    def _screens(self) -> Iterator[Finding]:
        yield from _of_screens(
            load_project(self._client, self._key, self._settings, is_cloud=self._is_cloud)
        )

    def _links(self) -> Iterator[Finding]:
        link_type(self._client, self._link)
        yield Finding("links", Grade.OK, f'needs become "{self._link}" links')


def _of_screens(project: Project) -> Iterator[Finding]:
    yield Finding("types", Grade.OK, f"{project.epic.name} and {project.ticket.name}")
    field = project.ticket.fields.get(project.parent, {}).get("name", project.parent)
    told = f"by the field {field}" if project.parent else "through the board: it is on no screen"
    yield Finding("epics", Grade.OK, f"tickets are put below them {told}")
    if project.points:
        name = project.ticket.fields[project.points].get("name", project.points)
        yield Finding("story points", Grade.OK, f"{name} gets the expected person-days")
    if project.left_out:
        yield Finding(
            "fields",
            Grade.WARNING,
            f"left out of new tickets, being on no screen of theirs: {', '.join(project.left_out)}",
            f"Nothing to do, or put them on the create screen of {project.ticket.name}.",
        )
