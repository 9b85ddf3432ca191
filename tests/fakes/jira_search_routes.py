"""What Jira answers to searches, and to whom asks for many issues by key."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from .jira_calls import API, Call, Route, refused
from .jira_issue_routes import named_properties
from .jira_jql import WrongQuery, parse
from .jira_world import Issue
from .wire import Answer, data

REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full "
    "migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
MAX_PAGE, MAX_DC_PAGE, MAX_FETCH, MAX_RECONCILED = 100, 1000, 100, 50
LISTS = ("fields", "properties", "reconcileIssues")


def _asked(call: Call) -> dict[str, Any]:
    """Return what is asked for, whether in a body or in the query."""
    if call.request.method == "POST":
        return call.request.json()
    lists = {name: call.many(name) for name in LISTS if name in call.request.query}
    return {**call.request.query, **lists}


def _found(call: Call, jql: Any, reconciled: list[int]) -> list[Issue]:
    """Return what the index has; whoever may see nothing finds nothing out."""
    try:
        is_known = call.may("BROWSE_PROJECTS")
        query = parse(str(jql or ""), call.world, call.sees, is_known=is_known)
    except WrongQuery as wrong:
        raise refused(400, str(wrong)) from None
    if call.is_cloud and len(query.tests) == 1:
        text = "Unbounded JQL queries are not allowed here. Please add a search restriction."
        raise refused(400, text)
    return call.world.indexed(query.run(call.world), reconciled)


def search_cloud(call: Call) -> Answer:
    """Find issues page by page, each page naming the next by a token, never the total."""
    asked = _asked(call)
    reconciled = [int(number) for number in asked.get("reconcileIssues") or []]
    if len(reconciled) > MAX_RECONCILED:
        raise refused(400, f"At most {MAX_RECONCILED} issues can be reconciled.")
    token, jql = asked.get("nextPageToken"), asked.get("jql")
    start = _start(str(token), jql) if token else 0
    size = min(MAX_PAGE, int(asked.get("maxResults") or 50))
    wanted = asked.get("fields") or ["id"]
    found = _found(call, jql, reconciled)
    shown = [call.shapes.issue(issue, wanted) for issue in found[start : start + size]]
    if names := asked.get("properties"):
        names = names.split(",") if isinstance(names, str) else names
        for shape, issue in zip(shown, found[start : start + size], strict=True):
            shape["properties"] = named_properties(issue, names)
    answer: dict[str, Any] = {"issues": shown, "isLast": start + size >= len(found)}
    if not answer["isLast"]:
        content = json.dumps([start + size, jql]).encode()
        answer["nextPageToken"] = base64.urlsafe_b64encode(content).decode()
    return data(200, answer)


def _start(token: str, jql: Any) -> int:
    """Return where the page begins; a token is good for the query that it came from."""
    try:
        start, of = json.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError):
        raise refused(400, "The provided next page token is invalid or expired.") from None
    if of != jql:
        raise refused(400, "The provided next page token is not of this query.")
    return int(start)


def search_removed(call: Call) -> Answer:
    raise refused(410, REMOVED)


def search_data_center(call: Call) -> Answer:
    """Find issues page by page, counted from `startAt`; nothing is said about properties."""
    if call.request.method == "POST":
        call.sent("jql", "startAt", "maxResults", "validateQuery", "fields", "expand")
    asked = _asked(call)
    start = int(asked.get("startAt") or 0)
    size = min(MAX_DC_PAGE, int(asked.get("maxResults") or 50))
    found = _found(call, asked.get("jql"), [])
    wanted = asked.get("fields") or ["*navigable"]
    page = [call.shapes.issue(issue, wanted) for issue in found[start : start + size]]
    frame = {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found)}
    return data(200, {**frame, "issues": page})


def fetch_issues(call: Call) -> Answer:
    """Return issues by id or key, whatever the index knows, in the order of their ids."""
    asked = call.request.json()
    names = [str(name) for name in asked.get("issueIdsOrKeys") or []]
    if not 0 < len(names) <= MAX_FETCH:
        raise refused(400, f"Between 1 and {MAX_FETCH} issues can be fetched, not {len(names)}.")
    found: dict[int, Issue] = {}
    errors: list[dict[str, str]] = []
    for name in names:
        issue = call.world.find(name)
        if issue is not None and call.sees(issue):
            found[issue.id] = issue
        else:
            text = "Issue does not exist or you do not have permission to see it."
            errors.append({"id": name, "errorMessage": text})
    shown = []
    for _, issue in sorted(found.items()):
        shape = call.shapes.issue(issue, asked.get("fields") or ["*navigable"])
        if properties := asked.get("properties"):
            shape["properties"] = named_properties(issue, properties)
        shown.append(shape)
    return data(200, {"issues": shown, "issueErrors": errors})


ROUTES = [
    Route("GET", f"{API}/search/jql", search_cloud, only="cloud"),
    Route("POST", f"{API}/search/jql", search_cloud, only="cloud"),
    Route("POST", f"{API}/issue/bulkfetch", fetch_issues, only="cloud"),
    Route("GET", f"{API}/search", search_removed, only="cloud"),
    Route("POST", f"{API}/search", search_removed, only="cloud"),
    Route("GET", f"{API}/search", search_data_center, only="dc"),
    Route("POST", f"{API}/search", search_data_center, only="dc"),
]
