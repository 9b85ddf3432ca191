"""A Jira of our own, Cloud or Data Center: it answers the real client over real sockets."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Mapping
from typing import Self
from urllib.parse import quote

from . import jira_issue_routes, jira_link_routes, jira_project_routes, jira_search_routes
from .faults import Fault
from .jira_calls import Call, Route, refused, trouble
from .jira_people import JiraPeople
from .jira_schemes import Workflow
from .jira_shapes import Shapes
from .jira_world import Change, Issue, Project, Token, World
from .server import Server
from .wire import Answer, Exchange, Refused, Request

ROUTES: list[Route] = [
    *jira_project_routes.ROUTES,
    *jira_search_routes.ROUTES,
    *jira_link_routes.ROUTES,
    *jira_issue_routes.ROUTES,
]
TOKEN = "ATATT-for-tests"  # noqa: S105 - opens nothing but this fake
LOGIN, EMAIL = "planner-bot", "planner-bot@example.org"
NOT_AUTHENTICATED = "Client must be authenticated to access this resource."


class FakeJira:
    """One site with one project to start with, and a token that may do everything in it.

    `base_path` is where a Data Center may live, such as "/jira". Another `seed` gives other ids
    to fields, types and so on. `people` works in the project, `world` holds everything there is.
    """

    def __init__(
        self,
        flavour: str = "cloud",
        key: str = "FRAUD",
        *,
        base_path: str = "",
        seed: int = 1,
        is_team_managed: bool = False,
    ) -> None:
        self.flavour, self.base_path = flavour, base_path
        self.is_cloud = flavour == "cloud"
        self.world = World(is_cloud=self.is_cloud, seed=seed)
        self.tokens = {TOKEN: Token(LOGIN, EMAIL)}
        self.project = self.add_project(key, is_team_managed=is_team_managed)
        self.people = JiraPeople(self.world, self.project)
        self.allowed: set[str] = set()
        self.server = Server(self)
        self.base_url = f"http://127.0.0.1:{self.server.port}{base_path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()

    def add_project(
        self,
        key: str,
        *,
        workflow: Workflow | None = None,
        board: str = "scrum",
        is_team_managed: bool = False,
    ) -> Project:
        """Create a project; on a Cloud the kind of project decides which points it has."""
        scheme = self.world.scheme
        flow = workflow or scheme.workflow(sets_resolution=not is_team_managed)
        project = self.world.add_project(key, flow, board=board)
        project.is_team_managed = is_team_managed
        if self.is_cloud:
            hidden = scheme.points if is_team_managed else scheme.estimate
            project.hidden.add(hidden.id)
        return project

    # What tests ask afterwards

    @property
    def issues(self) -> list[Issue]:
        """All issues, oldest first."""
        return [issue for _, issue in sorted(self.world.issues.items())]

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request so far."""
        return self.server.exchanges

    @property
    def calls(self) -> Counter[str]:
        """How often each method and path template was asked for."""
        return self.server.calls

    def violations(self) -> list[str]:
        """What the client or this fake did wrong by Atlassian's description of the flavour.

        `allowed` holds the requests ("GET /path") that may be outside of it.
        """
        from .jira_openapi import CLOUD, DATA_CENTER
        from .openapi import violations

        description = CLOUD if self.is_cloud else DATA_CENTER
        found = violations(self.exchanges, self.base_url, self.allowed, description)
        return [*dict.fromkeys(found), *self.server.errors]

    def changes(self, who: str = LOGIN) -> list[Change]:
        """What somebody did to issues: by default the holder of the token."""
        return [change for change in self.world.history if change.who == who]

    def fail(self, fault: Fault) -> Fault:
        """Let the fault happen, and return it."""
        return self.server.faults.add(fault)

    # How a request is answered

    def place(self, request: Request) -> tuple[str, str]:
        """Return the path below the site, and its template."""
        path = request.path.removeprefix(self.base_path)
        route, names, version = self._route(request.method, path)
        if route is None:
            return path, path
        quoted = {name: quote(value, safe="") for name, value in names.items()}
        template = route.template.replace("/api/2", f"/api/{version}")
        return template.format(**quoted), template

    def answer(self, request: Request) -> Answer:
        """Process the request."""
        route, names, version = self._route(
            request.method, request.path.removeprefix(self.base_path)
        )
        if route is None:
            return trouble(404, "null for uri: " + request.path)
        is_json = request.headers.get("content-type", "").startswith("application/json")
        if request.body and not is_json:
            return trouble(415, "Unsupported Media Type")
        shapes = Shapes(self.base_url, self.world, is_cloud=self.is_cloud, version=version)
        headers: dict[str, str] = {}
        try:
            token = self._token(request, route, headers)
            answer = route.handler(Call(self.world, shapes, request, token, names, version))
        except Refused as wrong:
            answer = wrong.answer
        answer.headers |= headers
        return answer

    def problem(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        """Return an error as Jira shapes them; a Cloud says which limit was reached."""
        if status != 429:
            return trouble(status, message, headers=headers)
        reason = {"RateLimit-Reason": "jira-burst-based"} if self.is_cloud else {}
        return trouble(status, "Rate limit exceeded.", headers={**headers, **reason})

    def _route(self, method: str, path: str) -> tuple[Route | None, dict[str, str], int]:
        """Return what the path is for; version 3 of the interface is the second one's twin."""
        old = re.sub(r"^/rest/api/(3|latest)/", "/rest/api/2/", path)
        version = 3 if path.startswith("/rest/api/3/") and self.is_cloud else 2
        if version == 2 and path.startswith("/rest/api/3/"):
            return None, {}, version
        for route in ROUTES:
            names = route.match(old) if route.method == method else None
            if names is not None and route.only in ("", self.flavour):
                return route, names, version
        return None, {}, version

    def _token(self, request: Request, route: Route, headers: dict[str, str]) -> Token | None:
        """Return who asks.

        To a Cloud, whoever fails to say so is anonymous, with a hint in a header; a Data Center
        sends whoever has a wrong token away.
        """
        sent = request.headers.get("authorization", "")
        found = self._cloud_token(sent) if self.is_cloud else self._bearer(sent)
        is_valid = found is not None and not found.is_expired
        if is_valid or route.is_open:
            return found if is_valid else None
        if sent and self.is_cloud:
            headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
        if not self.is_cloud or route.template.endswith("/myself"):
            raise refused(401, NOT_AUTHENTICATED)
        return None

    def _cloud_token(self, sent: str) -> Token | None:
        """Return the token of an e-mail address with it."""
        kind, _, coded = sent.partition(" ")
        if kind != "Basic":
            return None
        email, _, secret = base64.b64decode(coded).decode().partition(":")
        found = self.tokens.get(secret)
        return found if found and found.email == email else None

    def _bearer(self, sent: str) -> Token | None:
        kind, _, secret = sent.partition(" ")
        return self.tokens.get(secret) if kind == "Bearer" else None


__all__ = ["EMAIL", "LOGIN", "TOKEN", "FakeJira", "Token", "Workflow"]
