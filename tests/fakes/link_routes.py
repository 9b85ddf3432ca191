"""What GitHub answers about sub-issues and dependencies: by id where it writes, never by number."""

from __future__ import annotations

from .calls import Call, Route
from .issue_routes import ISSUE
from .wire import Answer, Refused, data, not_found, problem
from .world import Issue, Right

MAX_CHILDREN, MAX_DEPTH, MAX_BLOCKERS = 100, 8, 50


def _target(call: Call, sent: object) -> Issue:
    """Return the issue with the id that was sent."""
    if not isinstance(sent, int):
        raise Refused(problem(422, "Invalid request. An id is a number."))
    found = call.world.issue_of(sent)
    if found is None:
        raise not_found()
    if found.is_pull_request:
        raise _refused("Target issue may only be an issue")
    return found


def _refused(message: str) -> Refused:
    errors = [{"resource": "Issue", "code": "custom", "message": message}]
    return Refused(problem(422, f"Validation Failed: {message}", errors=errors))


def list_sub_issues(call: Call) -> Answer:
    return call.pages([call.shapes.issue(child) for child in call.issue.children])


def add_sub_issue(call: Call) -> Answer:
    """Add a sub-issue and return the parent, which is the issue in the path."""
    sent, parent = call.request.json(), call.issue
    child = _target(call, sent.get("sub_issue_id"))
    if child.parent is parent:
        raise _refused("Issue may not contain duplicate sub-issues")
    if child.parent and not sent.get("replace_parent"):
        raise _refused("Sub issue may only have one parent")
    if child is parent or child in parent.ancestors():
        raise _refused("Sub issue may not create a circular dependency")
    if child.repo.owner.lower() != parent.repo.owner.lower():
        raise _refused("Sub issue must belong to the same owner")
    if len(parent.children) >= MAX_CHILDREN:
        raise _refused(f"Parent cannot have more than {MAX_CHILDREN} sub-issues")
    if 1 + len(list(parent.ancestors())) + _height(child) > MAX_DEPTH:
        raise _refused(f"Sub-issues cannot be nested more than {MAX_DEPTH} levels deep")
    call.world.set_parent(child, parent, call.token.login)
    return data(201, call.shapes.issue(parent))


def _height(issue: Issue) -> int:
    return 1 + max((_height(child) for child in issue.children), default=0)


def remove_sub_issue(call: Call) -> Answer:
    child = _target(call, call.request.json().get("sub_issue_id"))
    if child.parent is not call.issue:
        raise not_found()
    call.world.set_parent(child, None, call.token.login)
    return data(200, call.shapes.issue(call.issue))


def get_parent(call: Call) -> Answer:
    if call.issue.parent is None:
        raise not_found()
    return data(200, call.shapes.issue(call.issue.parent))


def list_blocked_by(call: Call) -> Answer:
    return call.pages([call.shapes.issue(blocker) for blocker in call.issue.blocked_by])


def list_blocking(call: Call) -> Answer:
    return call.pages([call.shapes.issue(blocked) for blocked in call.issue.blocking])


def add_blocked_by(call: Call) -> Answer:
    """Let the issue in the path wait for another one."""
    issue = call.issue
    blocker = _target(call, call.request.json().get("issue_id"))
    if blocker in issue.blocked_by:
        raise _refused("Issue is already blocked by the target issue")
    if blocker is issue or _waits_for(blocker, issue):
        raise _refused("Dependencies may not be circular")
    if len(issue.blocked_by) >= MAX_BLOCKERS:
        raise _refused(f"Issue cannot have more than {MAX_BLOCKERS} dependencies")
    call.world.block(issue, blocker, call.token.login)
    return data(201, call.shapes.issue(issue))


def _waits_for(issue: Issue, other: Issue) -> bool:
    return any(x is other or _waits_for(x, other) for x in issue.blocked_by)


def remove_blocked_by(call: Call) -> Answer:
    blocker = _target(call, int(call.names["issue_id"]))
    if blocker not in call.issue.blocked_by:
        raise not_found()
    call.world.block(call.issue, blocker, call.token.login, undo=True)
    return data(200, call.shapes.issue(call.issue))


ROUTES = [
    Route("GET", f"{ISSUE}/sub_issues", list_sub_issues),
    Route("POST", f"{ISSUE}/sub_issues", add_sub_issue, Right.TRIAGE),
    Route("DELETE", f"{ISSUE}/sub_issue", remove_sub_issue, Right.TRIAGE),
    Route("GET", f"{ISSUE}/parent", get_parent),
    Route("GET", f"{ISSUE}/dependencies/blocked_by", list_blocked_by),
    Route("GET", f"{ISSUE}/dependencies/blocking", list_blocking),
    Route("POST", f"{ISSUE}/dependencies/blocked_by", add_blocked_by, Right.TRIAGE),
    Route(
        "DELETE", f"{ISSUE}/dependencies/blocked_by/{{issue_id}}", remove_blocked_by, Right.TRIAGE
    ),
]
