"""What GitHub answers about accounts, limits, repositories, labels, milestones and types."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from .calls import Call, Route
from .wire import Answer, Refused, data, invalid, not_found, problem
from .world import Issue, Milestone, Right

REPO = "/repos/{owner}/{repo}"


def get_user(call: Call) -> Answer:
    if call.token.is_of_app:
        raise Refused(problem(403, "Resource not accessible by integration"))
    return data(200, call.shapes.account(call.token.login))


def get_rate_limit(call: Call) -> Answer:
    limits = call.limits
    used = limits.limit - limits.remaining
    core = {
        "limit": limits.limit,
        "used": used,
        "remaining": limits.remaining,
        "reset": limits.reset,
    }
    search = {"limit": 30, "used": 0, "remaining": 30, "reset": limits.reset}
    return data(200, {"resources": {"core": core, "search": search}, "rate": core})


def get_repository(call: Call) -> Answer:
    return data(200, call.shapes.repository(call.repo, call.token))


def list_labels(call: Call) -> Answer:
    labels = [label for _, label in sorted(call.repo.labels.items())]
    return call.pages([call.shapes.label(call.repo, label) for label in labels])


def get_label(call: Call) -> Answer:
    found = call.repo.labels.get(call.names["name"].lower())
    if found is None:
        raise not_found()
    return data(200, call.shapes.label(call.repo, found))


def create_label(call: Call) -> Answer:
    sent = call.request.json()
    name, description = str(sent["name"]), sent.get("description")
    check_label_name(name)
    if description and len(description) > 100:
        raise invalid("description", "too_long")
    if not re.fullmatch("[0-9a-fA-F]{6}", sent.get("color", "ededed")):
        raise invalid("color")
    if name.lower() in call.repo.labels:
        raise invalid("name", "already_exists")
    label = call.world.label(call.repo, name)
    label.color, label.description = sent.get("color", "ededed"), description
    return data(201, call.shapes.label(call.repo, label))


def check_label_name(name: str) -> None:
    """Refuse a name that is empty or too long."""
    if not name.strip():
        raise invalid("name", "missing_field")
    if len(name) > 50:
        raise invalid("name", "too_long", message="name is too long (maximum is 50 characters)")


def list_milestones(call: Call) -> Answer:
    state = call.request.query.get("state", "open")
    found = [m for m in call.repo.milestones.values() if state in ("all", m.state)]
    return call.pages([call.shapes.milestone(call.repo, m) for m in found])


def create_milestone(call: Call) -> Answer:
    sent = call.request.json()
    title = str(sent["title"])
    if not title or len(title) > 255:
        raise invalid("title", "invalid")
    if any(m.title == title for m in call.repo.milestones.values()):
        raise invalid("title", "already_exists")
    number = len(call.repo.milestones) + 1
    made = Milestone(call.world.next_id(), number, title, call.world.now)
    made.description, made.due_on = sent.get("description"), sent.get("due_on")
    made.state = sent.get("state", "open")
    call.repo.milestones[number] = made
    return data(201, call.shapes.milestone(call.repo, made))


def get_milestone(call: Call) -> Answer:
    return data(200, call.shapes.milestone(call.repo, _milestone(call)))


def update_milestone(call: Call) -> Answer:
    found, sent = _milestone(call), call.request.json()
    found.title, found.state = sent.get("title", found.title), sent.get("state", found.state)
    found.description = sent.get("description", found.description)
    found.due_on = sent.get("due_on", found.due_on)
    return data(200, call.shapes.milestone(call.repo, found))


def _milestone(call: Call) -> Milestone:
    found = call.repo.milestones.get(int(call.names["milestone_number"]))
    if found is None:
        raise not_found()
    return found


def list_types(call: Call) -> Answer:
    """The types of the organisation; an account that is a person has none."""
    owner = call.names.get("org") or call.names["owner"]
    repos = [r for r in call.world.repos if r.owner.lower() == owner.lower()]
    if not repos or not repos[0].is_organization:
        raise not_found()
    return data(200, [call.shapes.type(kind) for kind in repos[0].types])


def search_issues(call: Call) -> Answer:
    """Find issues by `repo:`, `label:` and words; the newest are not found yet."""
    query = call.request.query["q"]
    words = re.findall(r'(?:(\w+):)?("[^"]*"|\S+)', query)
    horizon = call.world.now - datetime.timedelta(seconds=call.world.search_lag_seconds)

    def matches(issue: Issue) -> bool:
        text = f"{issue.title}\n{issue.body}".lower()
        tests: dict[str, Callable[[str], bool]] = {
            "repo": lambda value: issue.repo.full_name.lower() == value,
            "label": lambda value: value in map(str.lower, issue.label_names()),
            "is": lambda value: value in (issue.state, _sort_of(issue)),
            "": lambda value: value in text,
        }
        known = [(tests[name], value.strip('"').lower()) for name, value in words if name in tests]
        return all(test(value) for test, value in known) and issue.updated_at <= horizon

    issues = [i for repo in call.world.repos for i in repo.issues.values() if matches(i)]
    size = int(call.request.query.get("per_page", "30"))
    items: list[dict[str, Any]] = [
        call.shapes.issue(i) | {"body": i.body or "", "score": 1} for i in issues[:size]
    ]
    counts = {"total_count": len(issues), "incomplete_results": False}
    return data(200, {**counts, "search_type": "lexical", "items": items})


def _sort_of(issue: Issue) -> str:
    return "pr" if issue.is_pull_request else "issue"


ROUTES = [
    Route("GET", "/user", get_user),
    Route("GET", "/rate_limit", get_rate_limit),
    Route("GET", "/search/issues", search_issues),
    Route("GET", "/orgs/{org}/issue-types", list_types),
    Route("GET", f"{REPO}/issue-types", list_types),
    Route("GET", REPO, get_repository),
    Route("GET", f"{REPO}/labels", list_labels),
    Route("POST", f"{REPO}/labels", create_label, Right.PUSH),
    Route("GET", f"{REPO}/labels/{{name}}", get_label),
    Route("GET", f"{REPO}/milestones", list_milestones),
    Route("POST", f"{REPO}/milestones", create_milestone, Right.PUSH),
    Route("GET", f"{REPO}/milestones/{{milestone_number}}", get_milestone),
    Route("PATCH", f"{REPO}/milestones/{{milestone_number}}", update_milestone, Right.PUSH),
]
