"""A GitHub of our own: it answers as GitHub does, to the real client, over real sockets."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from typing import Self
from urllib.parse import quote

from . import issue_routes, link_routes, project_routes, repository_routes
from .calls import Call, Limits, Route
from .faults import Fault
from .people import People
from .projects import Project
from .server import Server
from .shapes import Features, Shapes
from .wire import Answer, Exchange, Refused, Request, not_found, problem
from .world import Change, Issue, Repo, Right, Token, World

ROUTES: list[Route] = [
    *repository_routes.ROUTES,
    *issue_routes.ROUTES,
    *link_routes.ROUTES,
    *project_routes.ROUTES,
]
TOKEN = "github_pat_for-tests"  # noqa: S105 - opens nothing but this fake
LOGIN = "planner-bot"


class FakeGitHub:
    """One server with one repository to start with, and a token that may write to it.

    `base_path` is "/api/v3" on an Enterprise Server. `repo` is the first repository, `people`
    works in it, and `world` holds everything there is.
    """

    def __init__(
        self,
        full_name: str = "acme/fraud-model",
        *,
        types: tuple[str, ...] = (),
        features: Features | None = None,
        base_path: str = "",
    ) -> None:
        self.base_path = base_path
        self.world = World()
        self.limits = Limits()
        self.tokens = {TOKEN: Token(LOGIN)}
        self.repo = self.world.add_repo(full_name, types)
        self.people = People(self.world, self.repo)
        self.features = features or Features()
        self.allowed: set[str] = {"POST /graphql"}  # held against a schema of its own
        self.server = Server(self)
        self.site = f"http://127.0.0.1:{self.server.port}"
        self.base_url = f"{self.site}{base_path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()

    def add_project(self, owner: str = "", number: int = 7) -> Project:
        """Create a project, of the repository's owner unless said otherwise."""
        self.world.projects.append(Project(owner or self.repo.owner, number))
        return self.world.projects[-1]

    # What tests ask afterwards

    @property
    def issues(self) -> list[Issue]:
        """The issues of the repository, by number."""
        return [issue for _, issue in sorted(self.repo.issues.items())]

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request so far."""
        return self.server.exchanges

    @property
    def calls(self) -> Counter[str]:
        """How often each method and path template was asked for."""
        return self.server.calls

    def violations(self) -> list[str]:
        """What the client or this fake did wrong by GitHub's description of its interface.

        `allowed` holds the requests ("GET /path") that may be outside of it.
        """
        from .openapi import violations

        found = violations(self.exchanges, self.base_url, self.allowed)
        return [*dict.fromkeys(found), *self.server.errors]

    def changes(self, who: str = LOGIN) -> list[Change]:
        """What somebody did to issues: by default the holder of the token."""
        return [change for change in self.world.history if change.who == who]

    def fail(self, fault: Fault) -> Fault:
        """Let the fault happen, and return it."""
        return self.server.faults.add(fault)

    # How a request is answered

    def place(self, request: Request) -> tuple[str, str]:
        """Return the path as today's names have it, and its template."""
        path = self._named(request.path)
        route, names = self._route(request.method, path)
        if route is None:
            return path, path
        quoted = {name: quote(value, safe="") for name, value in names.items()}
        return route.template.format(**quoted), route.template

    def answer(self, request: Request) -> Answer:
        """Process the request."""
        route, names = self._route(request.method, self._named(request.path))
        if route is None:
            return self._finished(not_found().answer)
        try:
            answer = self._called(request, route, names)
        except Refused as refused:
            answer = refused.answer
        if route.template != "/rate_limit" and answer.status != 403:
            answer = self._unchanged(request, answer)
            self.limits.remaining -= answer.status != 304
        return self._finished(answer)

    def problem(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        """Return an error as GitHub shapes them."""
        return problem(status, message, headers=headers)

    def _named(self, path: str) -> str:
        """Return the path with the repository's name in place of its number."""
        graphql = "/api/graphql" if self.base_path else "/graphql"
        if path == graphql:
            return "/graphql"
        if path == f"{self.base_path}/graphql":
            return path
        path = path.removeprefix(self.base_path)
        found = re.match(r"/repositories/(\d+)", path)
        if found:
            for repo in self.world.repos:
                if repo.id == int(found[1]):
                    return f"/repos/{repo.full_name}{path[found.end() :]}"
        return path

    def _route(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for route in ROUTES:
            names = route.match(path) if route.method == method else None
            if names is not None:
                return route, names
        return None, {}

    def _is_off(self, template: str) -> bool:
        there = {
            "/sub_issue": self.features.sub_issues,
            "/parent": self.features.sub_issues,
            "/dependencies/": self.features.dependencies,
            "/issue-types": self.features.issue_types,
        }
        return any(part in template and not is_there for part, is_there in there.items())

    def _called(self, request: Request, route: Route, names: dict[str, str]) -> Answer:
        token = self._token(request)
        shapes = Shapes(self.base_url, self.site, self.features)
        call = Call(self.world, shapes, self.limits, request, token, names)
        if route.template != "/rate_limit":
            self.limits.check(request, token.login)
        if self._is_off(route.template):
            raise not_found()
        if "owner" in names:
            call.found_repo = self._repo(call, route)
        if "issue_number" in names:
            call.found_issue = self._issue(call)
        answer = route.handler(call)
        if token.scopes is not None:
            answer.headers["X-OAuth-Scopes"] = ", ".join(token.scopes)
        return answer

    def _token(self, request: Request) -> Token:
        sent = request.headers.get("authorization", "").split(" ")[-1]
        if not sent:
            raise Refused(problem(401, "Requires authentication"))
        token = self.tokens.get(sent)
        if token is None or token.is_expired:
            raise Refused(problem(401, "Bad credentials"))
        return token

    def _repo(self, call: Call, route: Route) -> Repo:
        """Return the repository in the path, if it is there, visible and open to the call."""
        name = f"{call.names['owner']}/{call.names['repo']}".lower()
        for repo in self.world.repos:
            if name in repo.old_names and repo.right_of(call.token):
                raise self._moved(call, f"/repositories/{repo.id}", name)
        found = [r for r in self.world.repos if r.full_name.lower() == name]
        if not found or not found[0].right_of(call.token):
            raise not_found()
        repo = found[0]
        if repo.right_of(call.token) < route.right:
            raise Refused(problem(403, "Resource not accessible by personal access token"))
        if repo.is_archived and route.method != "GET":
            raise Refused(problem(403, "Repository was archived so is read-only."))
        if not repo.has_issues and "/issues" in route.template:
            raise Refused(problem(410, "Issues has been disabled in this repository."))
        return repo

    def _issue(self, call: Call) -> Issue:
        number = int(call.names["issue_number"])
        if moved := call.repo.moved.get(number):
            if not moved.repo.right_of(call.token):
                raise not_found()
            new = f"/repositories/{moved.repo.id}/issues/{moved.number}"
            raise self._moved(
                call, new, f"{call.names['owner']}/{call.names['repo']}/issues/{number}"
            )
        if number in call.repo.deleted:
            raise Refused(problem(410, "This issue was deleted"))
        if number not in call.repo.issues:
            raise not_found()
        return call.repo.issues[number]

    def _moved(self, call: Call, to: str, old: str) -> Refused:
        """Return the redirection from a path that starts with /repos/`old`."""
        rest = call.request.path.removeprefix(self.base_path)[len("/repos/") + len(old) :]
        url = f"{self.base_url}{to}{rest}"
        status, text = (301, "Moved Permanently")
        if call.request.method != "GET" and "/issues/" not in to:
            status, text = (307, "Temporary Redirect")
        return Refused(problem(status, text, headers={"Location": url}, url=url))

    def _unchanged(self, request: Request, answer: Answer) -> Answer:
        """Add the ETag, and answer 304 when the client knows the content already."""
        if request.method != "GET" or answer.status != 200:
            return answer
        tag = f'W/"{hashlib.sha256(answer.body).hexdigest()}"'
        answer.headers["ETag"] = tag
        if request.headers.get("if-none-match") == tag:
            return Answer(304, headers=answer.headers)
        return answer

    def _finished(self, answer: Answer) -> Answer:
        answer.headers |= self.limits.headers()
        answer.headers["X-GitHub-Request-Id"] = f"{len(self.exchanges):04X}"
        if self.base_path:
            answer.headers["X-GitHub-Enterprise-Version"] = "3.14.0"
        return answer


__all__ = ["LOGIN", "TOKEN", "FakeGitHub", "Features", "Right", "Token"]
