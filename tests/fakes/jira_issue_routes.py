"""What Jira answers about issues: creating, reading, changing, moving on, comments, properties."""

from __future__ import annotations

import json
from typing import Any

from .jira_calls import API, Call, Route, refused, trouble
from .jira_fields import MAX_TEXT, NOT_ON_SCREEN, FieldReader
from .jira_schemes import IssueType, Named
from .jira_world import Issue, Project
from .wire import Answer, Refused, data

ISSUE = f"{API}/issue/{{issueIdOrKey}}"
BODY = ("fields", "update", "properties", "transition", "historyMetadata")
MAX_BULK, MAX_PROPERTY, MAX_NAMED = 50, 32_768, 5


def create_issue(call: Call) -> Answer:
    return data(201, _created(call, call.sent(*BODY)))


def create_issues(call: Call) -> Answer:
    """Create those that can be; the others are told by their place in the list (from 0)."""
    updates = call.sent("issueUpdates").get("issueUpdates")
    if not isinstance(updates, list) or not 0 < len(updates) <= MAX_BULK:
        text = f"Between 1 and {MAX_BULK} issues can be created."
        return data(400, {"issues": [], "errors": [_failed(MAX_BULK, trouble(400, text))]})
    made: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for place, sent in enumerate(updates):
        try:
            made.append(_created(call, sent))
        except Refused as wrong:
            errors.append(_failed(place, wrong.answer))
    return data(201 if made else 400, {"issues": made, "errors": errors})


def _failed(place: int, answer: Answer) -> dict[str, Any]:
    content = json.loads(answer.body)
    return {"status": answer.status, "elementErrors": content, "failedElementNumber": place}


def _created(call: Call, sent: dict[str, Any]) -> dict[str, str]:
    """Create an issue with its properties, or refuse with everything that is wrong."""
    call.check_keys(sent, BODY)
    fields = sent.get("fields") or {}
    project = _project(call, fields.get("project"))
    reader = FieldReader(call, project, _type(call, fields.get("issuetype")), None)
    reader.read(fields, sent.get("update") or {})
    if reader.errors:
        raise refused(400, **reader.errors)
    properties = {one["key"]: _property(one["value"]) for one in sent.get("properties") or []}
    values = {name: v for name, v in reader.values.items() if name not in project.dropped}
    issue = call.world.add_issue(project, reader.kind, values, call.who)
    issue.properties = properties
    shape = call.shapes.issue(issue, ["key"])
    return {name: shape[name] for name in ("id", "key", "self")}


def _project(call: Call, sent: Any) -> Project:
    wanted = sent or {}
    found = call.world.project_of(str(wanted.get("key") or wanted.get("id") or ""))
    if found is None or not call.may("BROWSE_PROJECTS"):
        raise refused(400, project="valid project is required")
    if not call.may("CREATE_ISSUES"):
        text = "You do not have permission to create issues in this project."
        raise refused(400, project=text)
    if found.is_archived:
        raise refused(400, project=f"Project {found.key} is archived. You can't create issues.")
    return found


def _type(call: Call, sent: Any) -> IssueType:
    wanted = sent or {}
    for kind in call.world.scheme.types:
        if wanted.get("id") == kind.id or wanted.get("name") == kind.name:
            return kind
    raise refused(400, issuetype="Specify a valid issue type")


def get_issue(call: Call) -> Answer:
    """Return the issue, with properties where they can be asked for: not on a Data Center."""
    issue = call.issue()
    wanted = call.many("fields") or ["*all"]
    shape = call.shapes.issue(issue, wanted)
    if call.is_cloud and (names := call.many("properties")):
        shape["properties"] = named_properties(issue, names)
    return data(200, shape)


def named_properties(issue: Issue, names: list[str]) -> dict[str, Any]:
    """Return those of the properties that the issue has; nobody may ask for more than five."""
    if len(names) > MAX_NAMED:
        raise refused(400, f"You can request at most {MAX_NAMED} issue properties.")
    return {name: issue.properties[name] for name in names if name in issue.properties}


def update_issue(call: Call) -> Answer:
    """Change fields, and set properties."""
    issue, sent = call.issue(), call.sent(*BODY)
    call.need("EDIT_ISSUES", 403, "You do not have permission to edit issues in this project.")
    _check_open(issue)
    reader = FieldReader(call, issue.project, issue.type, issue)
    reader.read(sent.get("fields") or {}, sent.get("update") or {})
    if reader.errors:
        raise refused(400, **reader.errors)
    for one in sent.get("properties") or []:
        issue.properties[one["key"]] = _property(one["value"])
    call.world.set(issue, reader.values, call.who)
    return Answer(204)


def _check_open(issue: Issue) -> None:
    if issue.project.is_archived:
        raise refused(403, f"Issue {issue.key} is in an archived project: it is read-only.")


def list_transitions(call: Call) -> Answer:
    """Return the ways that are open; without the right there are none."""
    issue = call.issue()
    has_fields = "transitions.fields" in call.many("expand")
    ways = issue.project.workflow.ways_from(issue.status) if _may_move(call) else []
    shown = [call.shapes.transition(way, has_fields=has_fields) for way in ways]
    return data(200, {"expand": "transitions", "transitions": shown})


def _may_move(call: Call) -> bool:
    return call.may("TRANSITION_ISSUES")


def do_transition(call: Call) -> Answer:
    """Move the issue on; what its screen requires has to come with it."""
    issue, sent = call.issue(), call.sent(*BODY)
    wanted = str((sent.get("transition") or {}).get("id"))
    workflow = issue.project.workflow
    found = [way for way in workflow.ways_from(issue.status) if way.id == wanted]
    if not found or not _may_move(call):
        text = "It seems that you have tried to perform an illegal workflow operation."
        raise refused(400, f"Transition id '{wanted}' is not valid for this issue. {text}")
    _check_open(issue)
    way, fields = found[0], sent.get("fields") or {}
    errors = {name: NOT_ON_SCREEN.format(name) for name in fields if name not in way.screen}
    for one in call.world.scheme.fields:
        if way.screen.get(one.id) and not fields.get(one.id):
            errors[one.id] = f"{one.name} is required."
    if errors:
        raise refused(400, **errors)
    resolution = _resolution(call, fields.get("resolution"))
    is_done = way.target.category == "done"
    if is_done and resolution is None and workflow.sets_resolution:
        resolution = call.world.scheme.resolutions[0]
    call.world.set_status(issue, way.target, resolution if is_done else None, call.who)
    return Answer(204)


def _resolution(call: Call, sent: Any) -> Named | None:
    if not sent:
        return None
    for one in call.world.scheme.resolutions:
        if sent.get("id") == one.id or sent.get("name") == one.name:
            return one
    raise refused(400, resolution="Resolution is not valid.")


def list_comments(call: Call) -> Answer:
    issue = call.issue()
    return call.page([call.shapes.comment(issue, c) for c in issue.comments], "comments", most=5000)


def add_comment(call: Call) -> Answer:
    issue = call.issue()
    call.need("ADD_COMMENTS", 403, "You do not have permission to comment on this issue.")
    body = call.sent("body", "visibility", "properties").get("body")
    if not isinstance(body, str) or not 0 < len(body) <= MAX_TEXT:
        raise refused(400, comment="Comment body can not be empty or too long!")
    return data(201, call.shapes.comment(issue, call.world.add_comment(issue, body, call.who)))


def _property(value: Any) -> Any:
    """Return the value unless it is too large."""
    if len(json.dumps(value)) > MAX_PROPERTY:
        raise refused(400, f"The property value cannot exceed {MAX_PROPERTY} characters.")
    return value


def list_properties(call: Call) -> Answer:
    issue = call.issue()
    url = f"{call.shapes.api}/issue/{issue.id}/properties"
    keys = [{"self": f"{url}/{key}", "key": key} for key in sorted(issue.properties)]
    return data(200, {"keys": keys})


def get_property(call: Call) -> Answer:
    issue, key = call.issue(), call.names["propertyKey"]
    if key not in issue.properties:
        raise refused(404, f"The property with key '{key}' does not exist.")
    return data(200, {"key": key, "value": issue.properties[key]})


def set_property(call: Call) -> Answer:
    """Set a property: 201 when it is new."""
    issue, key = call.issue(), call.names["propertyKey"]
    call.need("EDIT_ISSUES", 403, "You do not have permission to edit issues in this project.")
    try:
        value = json.loads(call.request.body)
    except ValueError:
        raise refused(400, "The property value is not valid JSON.") from None
    is_new = key not in issue.properties
    issue.properties[key] = _property(value)
    call.world.record(issue, call.who, f"property {key}")
    return Answer(201 if is_new else 200)


ROUTES = [
    Route("POST", f"{API}/issue", create_issue),
    Route("POST", f"{API}/issue/bulk", create_issues),
    Route("GET", ISSUE, get_issue),
    Route("PUT", ISSUE, update_issue),
    Route("GET", f"{ISSUE}/transitions", list_transitions),
    Route("POST", f"{ISSUE}/transitions", do_transition),
    Route("GET", f"{ISSUE}/comment", list_comments),
    Route("POST", f"{ISSUE}/comment", add_comment),
    Route("GET", f"{ISSUE}/properties", list_properties),
    Route("GET", f"{ISSUE}/properties/{{propertyKey}}", get_property),
    Route("PUT", f"{ISSUE}/properties/{{propertyKey}}", set_property),
]
