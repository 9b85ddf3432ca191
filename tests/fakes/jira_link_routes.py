"""What Jira answers about links between issues, epics' children, boards and sprints."""

from __future__ import annotations

from typing import Any

from .jira_calls import AGILE, API, Call, Route, refused
from .jira_fields import WrongValue, find_sprint
from .jira_schemes import Named
from .jira_world import Board, Issue, Link, Sprint
from .wire import Answer, data

MAX_ISSUES = 50


def list_link_types(call: Call) -> Answer:
    types = [call.shapes.named("issueLinkType", one) for one in call.world.scheme.link_types]
    return data(200, {"issueLinkTypes": types})


def create_link(call: Call) -> Answer:
    """Link two issues: of "Blocks" the inward issue is the blocker.

    The same link again is no second one on a Cloud, and may be one on a Data Center.
    """
    sent = call.sent("type", "inwardIssue", "outwardIssue", "comment")
    kind = _link_type(call, sent.get("type") or {})
    source, target = (_end(call, sent.get(end) or {}) for end in ("inwardIssue", "outwardIssue"))
    if not call.may("LINK_ISSUES"):
        raise refused(401, f"No Link Issue Permission for issue '{source.key}'")
    if source is target:
        raise refused(400, "You cannot link an issue to itself.")
    ends = (kind, source, target)
    is_there = ends in [(x.type, x.source, x.target) for x in call.world.links.values()]
    if not is_there or call.world.doubles_links:
        call.world.add_link(*ends, call.who)
    return Answer(201)


def _link_type(call: Call, sent: dict[str, Any]) -> Named:
    for one in call.world.scheme.link_types:
        if sent.get("id") == one.id or sent.get("name") == one.name:
            return one
    raise refused(404, f"No issue link type with name '{sent.get('name')}' found.")


def _end(call: Call, sent: dict[str, Any]) -> Issue:
    return call.issue(str(sent.get("key") or sent.get("id") or "-"))


def get_link(call: Call) -> Answer:
    return data(200, call.shapes.link(_link(call)))


def delete_link(call: Call) -> Answer:
    link = _link(call)
    if not call.may("LINK_ISSUES"):
        raise refused(401, f"No Link Issue Permission for issue '{link.source.key}'")
    call.world.remove_link(link, call.who)
    return Answer(204)


def _link(call: Call) -> Link:
    number = call.names["linkId"]
    link = call.world.links.get(number)
    if link is None or not call.sees(link.source):
        raise refused(404, f"No issue link with id '{number}' exists.")
    return link


def list_boards(call: Call) -> Answer:
    wanted = call.request.query.get("projectKeyOrId")
    kind = call.request.query.get("type")
    boards = [
        call.shapes.board(board)
        for project in call.world.projects
        for board in project.boards
        if wanted in (None, project.key, project.id) and kind in (None, board.type)
    ]
    return call.page(boards, "values")


def list_sprints(call: Call) -> Answer:
    """Return the sprints of a board, of the states that are asked for."""
    board = _board(call, int(call.names["boardId"]))
    states = call.many("state")
    found = [s for s in board.sprints if not states or s.state in states]
    return call.page([call.shapes.sprint(s) for s in found], "values")


def _board(call: Call, number: int) -> Board:
    for board in (board for project in call.world.projects for board in project.boards):
        if board.id == number and call.may("BROWSE_PROJECTS"):
            if board.type != "scrum":
                raise refused(400, "The board does not support sprints")
            return board
    text = "Requested board cannot be viewed because it either does not exist or you do not have"
    raise refused(404, f"{text} permission to view it.")


def create_sprint(call: Call) -> Answer:
    sent = call.sent("name", "originBoardId", "startDate", "endDate", "goal")
    board = _board(call, int(sent.get("originBoardId") or 0))
    text = "You do not have permission to create or edit sprints."
    call.need("MANAGE_SPRINTS_PERMISSION", 403, text)
    name = sent.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 30:
        raise refused(400, name="Sprint name must be between 1 and 30 characters long.")
    number = int(call.world.short_id())
    sprint = Sprint(number, name, board, sent.get("startDate"), sent.get("endDate"))
    board.sprints.append(sprint)
    return data(201, call.shapes.sprint(sprint))


def add_to_sprint(call: Call) -> Answer:
    try:
        sprint = find_sprint(call.world.projects, int(call.names["sprintId"]))
    except WrongValue as wrong:
        raise refused(404, str(wrong)) from None
    for issue in _issues(call, "SCHEDULE_ISSUES"):
        call.world.set(issue, {"sprint": sprint}, call.who)
    return Answer(204)


def add_to_epic(call: Call) -> Answer:
    """Make issues children of an epic; projects that a team manages by itself cannot."""
    epic = call.issue(call.names["epicIdOrKey"])
    if epic.project.is_team_managed:
        raise refused(400, "The operation is not available for next-gen projects.")
    if epic.type.level != 1:
        raise refused(400, f"Issue '{epic.key}' is not an epic.")
    relation = "parent" if call.is_cloud else "epic"
    for issue in _issues(call, "EDIT_ISSUES"):
        call.world.set(issue, {relation: epic}, call.who)
    return Answer(204)


def _issues(call: Call, permission: str) -> list[Issue]:
    names = call.sent("issues").get("issues") or []
    if not 0 < len(names) <= MAX_ISSUES:
        raise refused(400, f"Between 1 and {MAX_ISSUES} issues can be moved, not {len(names)}.")
    found = [call.issue(str(name)) for name in names]
    call.need(permission, 403, "You do not have permission to move these issues.")
    return found


ROUTES = [
    Route("GET", f"{API}/issueLinkType", list_link_types),
    Route("POST", f"{API}/issueLink", create_link),
    Route("GET", f"{API}/issueLink/{{linkId}}", get_link),
    Route("DELETE", f"{API}/issueLink/{{linkId}}", delete_link),
    Route("GET", f"{AGILE}/board", list_boards),
    Route("GET", f"{AGILE}/board/{{boardId}}/sprint", list_sprints),
    Route("POST", f"{AGILE}/sprint", create_sprint),
    Route("POST", f"{AGILE}/sprint/{{sprintId}}/issue", add_to_sprint),
    Route("POST", f"{AGILE}/epic/{{epicIdOrKey}}/issue", add_to_epic),
]
