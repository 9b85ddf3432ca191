"""What GitHub answers about issues: lists, creating, changing, labels and comments."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from .calls import Call, Route
from .repository_routes import REPO, check_label_name
from .wire import Answer, Refused, data, invalid, problem
from .world import Issue, IssueType, Label, Milestone, Right

ISSUE = f"{REPO}/issues/{{issue_number}}"
MAX_TITLE, MAX_BODY = 256, 65_536
REASONS = ("completed", "not_planned", "duplicate", "reopened", None)


def list_issues(call: Call) -> Answer:
    """Issues and pull requests, newest first unless asked otherwise."""
    query = call.request.query
    state = query.get("state", "open")
    labels = {name.strip().lower() for name in query.get("labels", "").split(",") if name}
    since = datetime.datetime.fromisoformat(query.get("since", "1970-01-01T00:00:00Z"))
    found = [
        issue
        for issue in call.repo.issues.values()
        if state in ("all", issue.state)
        and labels <= {name.lower() for name in issue.label_names()}
        and issue.updated_at >= since
        and _is_of_milestone(issue, query.get("milestone"))
        and query.get("creator", issue.author) == issue.author
        and query.get("type", _type_name(issue)) == _type_name(issue)
    ]
    keys: dict[str, Callable[[Issue], Any]] = {
        "created": lambda issue: issue.number,
        "updated": lambda issue: issue.updated_at,
        "comments": lambda issue: len(issue.comments),
    }
    newest_first = query.get("direction", "desc") == "desc"
    found.sort(key=keys[query.get("sort", "created")], reverse=newest_first)
    return call.pages([call.shapes.issue(issue) for issue in found])


def _is_of_milestone(issue: Issue, wanted: str | None) -> bool:
    number = str(issue.milestone.number) if issue.milestone else "none"
    return wanted is None or number == wanted or (wanted == "*" and number != "none")


def _type_name(issue: Issue) -> str:
    return issue.type.name if issue.type else "none"


def create_issue(call: Call) -> Answer:
    sent = call.request.json()
    _check_texts(sent, title=sent.get("title"))
    values = _values(call, sent)
    issue = call.world.add_issue(call.repo, str(sent["title"]), sent.get("body"), call.token.login)
    _set(issue, values)
    return data(201, call.shapes.issue(issue))


def get_issue(call: Call) -> Answer:
    return data(200, call.shapes.issue(call.issue))


def update_issue(call: Call) -> Answer:
    """Change what is sent. Labels and assignees are replaced."""
    sent, issue, who = call.request.json(), call.issue, call.token.login
    if call.right < Right.TRIAGE and issue.author != who:
        raise Refused(problem(403, "Must have admin rights to Repository."))
    _check_texts(sent, title=sent.get("title") or issue.title)
    if sent.get("state", "open") not in ("open", "closed"):
        raise invalid("state", value=sent["state"])
    if sent.get("state_reason") not in REASONS:
        raise invalid("state_reason", value=sent["state_reason"])
    values = _values(call, sent)
    if sent.get("title") is not None:
        issue.title = str(sent["title"])
    if "body" in sent:
        issue.body = sent["body"]
    _set(issue, values)
    if texts := sorted(set(sent) - {"state", "state_reason"}):
        call.world.record(issue, who, "edit " + ", ".join(texts))
    if "state" in sent:
        call.world.set_state(issue, sent["state"], sent.get("state_reason"), who)
    return data(200, call.shapes.issue(issue))


def _check_texts(sent: dict[str, Any], title: object) -> None:
    if title is None or not str(title).strip():
        raise invalid("title", "missing_field")
    for name, value, most in (("title", title, MAX_TITLE), ("body", sent.get("body"), MAX_BODY)):
        if len(str(value or "")) > most:
            text = f"{name} is too long (maximum is {most} characters)"
            raise invalid(name, "custom", message=text)


def _values(call: Call, sent: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent besides texts, checked; without the right it is dropped silently."""
    if not call.can_push:
        return {}
    values: dict[str, Any] = {}
    if "labels" in sent:
        values["labels"] = _labels(call, sent["labels"])
    logins = sent.get("assignees", [sent["assignee"]] if sent.get("assignee") else None)
    if logins is not None:
        if unknown := [login for login in logins if login not in call.repo.people]:
            raise invalid("assignees", value=unknown[0])
        values["assignees"] = list(logins)
    if "milestone" in sent:
        values["milestone"] = _milestone(call, sent["milestone"])
    if "type" in sent and call.shapes.features.issue_types:
        values["type"] = _type(call, sent["type"])
    return values


def _labels(call: Call, sent: Iterable[str | dict[str, Any]]) -> list[Label]:
    names = [str(label["name"]) if isinstance(label, dict) else label for label in sent]
    for name in names:
        check_label_name(name)
    unique = {name.lower(): name for name in names}
    return [call.world.label(call.repo, name) for name in unique.values()]


def _milestone(call: Call, number: Any) -> Milestone | None:
    if number in (None, ""):
        return None
    found = call.repo.milestones.get(int(number))
    if found is None:
        raise invalid("milestone", value=number)
    return found


def _type(call: Call, name: str | None) -> IssueType | None:
    if name is None:
        return None
    found = [kind for kind in call.repo.types if kind.name == name and kind.is_enabled]
    if not found:
        raise invalid("type", value=name)
    return found[0]


def _set(issue: Issue, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(issue, name, value)


def list_issue_labels(call: Call) -> Answer:
    return call.pages(_shown(call))


def add_labels(call: Call) -> Answer:
    """Add labels to those that are there."""
    sent = call.request.json()
    labels = _labels(call, sent.get("labels", sent.get("", [])))
    call.issue.labels += [label for label in labels if label not in call.issue.labels]
    names = ", ".join(label.name for label in labels)
    call.world.record(call.issue, call.token.login, f"label {names}")
    return data(200, _shown(call))


def remove_label(call: Call) -> Answer:
    """Take one label off; it is an error when it is not there."""
    found = [x for x in call.issue.labels if x.name.lower() == call.names["name"].lower()]
    if not found:
        raise Refused(problem(404, "Label does not exist"))
    call.issue.labels.remove(found[0])
    call.world.record(call.issue, call.token.login, f"unlabel {found[0].name}")
    return data(200, _shown(call))


def _shown(call: Call) -> list[dict[str, Any]]:
    return [call.shapes.label(call.repo, label) for label in call.issue.labels]


def add_assignees(call: Call) -> Answer:
    """Add people; without push rights nothing happens, and nothing is said."""
    sent = call.request.json().get("assignees", [])
    known = [login for login in sent if login in call.repo.people]
    return _assigned(call, [*dict.fromkeys([*call.issue.assignees, *known])], 201)


def remove_assignees(call: Call) -> Answer:
    """Take people off."""
    sent = call.request.json().get("assignees", [])
    return _assigned(call, [login for login in call.issue.assignees if login not in sent], 200)


def _assigned(call: Call, logins: list[str], status: int) -> Answer:
    if call.can_push:
        call.issue.assignees = logins
        call.world.record(call.issue, call.token.login, "assign")
    return data(status, call.shapes.issue(call.issue))


def list_comments(call: Call) -> Answer:
    return call.pages([call.shapes.comment(call.issue, c) for c in call.issue.comments])


def create_comment(call: Call) -> Answer:
    body = str(call.request.json().get("body") or "")
    if not body.strip() or len(body) > MAX_BODY:
        raise invalid("body", "custom", message="body is too long or empty")
    comment = call.world.add_comment(call.issue, body, call.token.login)
    return data(201, call.shapes.comment(call.issue, comment))


ROUTES = [
    Route("GET", f"{REPO}/issues", list_issues),
    Route("POST", f"{REPO}/issues", create_issue, Right.VISITOR),
    Route("GET", ISSUE, get_issue),
    Route("PATCH", ISSUE, update_issue, Right.VISITOR),
    Route("GET", f"{ISSUE}/labels", list_issue_labels),
    Route("POST", f"{ISSUE}/labels", add_labels, Right.TRIAGE),
    Route("DELETE", f"{ISSUE}/labels/{{name}}", remove_label, Right.TRIAGE),
    Route("POST", f"{ISSUE}/assignees", add_assignees, Right.VISITOR),
    Route("DELETE", f"{ISSUE}/assignees", remove_assignees, Right.VISITOR),
    Route("GET", f"{ISSUE}/comments", list_comments),
    Route("POST", f"{ISSUE}/comments", create_comment, Right.VISITOR),
]
