"""What Jira answers about itself, accounts, projects and what can be chosen in them."""

from __future__ import annotations

from typing import Any

from .jira_calls import API, Call, Route, refused
from .jira_fields import FieldReader
from .jira_schemes import CATEGORIES, IssueType, Named
from .jira_world import PERMISSIONS, Project, Version
from .wire import Answer, data

PROJECT = f"{API}/project/{{projectIdOrKey}}"
META = f"{API}/issue/createmeta/{{projectIdOrKey}}/issuetypes"


def get_server(call: Call) -> Answer:
    """Tell the flavour: anybody may know."""
    version = [1001, 0, 0] if call.is_cloud else [10, 3, 24]
    told = {
        "baseUrl": call.shapes.api.split("/rest/")[0],
        "version": ".".join(map(str, version)) + ("-SNAPSHOT" if call.is_cloud else ""),
        "versionNumbers": version,
        "deploymentType": "Cloud" if call.is_cloud else "Server",
        "buildNumber": 100_290 if call.is_cloud else 10_030_024,
        "serverTitle": "Jira",
    }
    return data(200, told)


def get_myself(call: Call) -> Answer:
    assert call.token
    address = {"emailAddress": call.token.email, "locale": "en_GB"}
    return data(200, call.shapes.user(call.token.login) | address)


def get_permissions(call: Call) -> Answer:
    """Tell what the account may do; a Cloud wants to be asked for permissions by name."""
    if key := call.request.query.get("projectKey"):
        call.names["projectIdOrKey"] = key
        call.project()
    wanted = call.many("permissions")
    if call.is_cloud and not wanted:
        raise refused(400, "The 'permissions' query parameter is required.")
    if unknown := [name for name in wanted if name not in PERMISSIONS]:
        raise refused(400, f"Unrecognized permission key '{unknown[0]}'.")
    shown = {
        name: {
            "id": str(number),
            "key": name,
            "name": name.replace("_", " ").capitalize(),
            "type": "PROJECT",
            "description": "",
            "havePermission": call.may(name),
        }
        for number, name in enumerate(sorted(PERMISSIONS), 10)
        if not wanted or name in wanted
    }
    return data(200, {"permissions": shown})


def get_project(call: Call) -> Answer:
    project = call.project()
    shape = call.shapes.project(project) | {
        "description": "",
        "archived": project.is_archived,
        "lead": call.shapes.user("ana"),
        "assigneeType": "UNASSIGNED",
        "issueTypes": [call.shapes.type(kind) for kind in call.world.scheme.types],
        "versions": _versions(call, project),
        "components": _components(call, project),
        "projectTypeKey": "software",
    }
    if call.is_cloud:
        is_own = project.is_team_managed
        style = "next-gen" if is_own else "classic"
        shape |= {"simplified": is_own, "style": style, "isPrivate": False}
    return data(200, shape)


def _versions(call: Call, project: Project) -> list[dict[str, Any]]:
    return [call.shapes.version_of_project(project, one) for one in project.versions]


def _components(call: Call, project: Project) -> list[dict[str, Any]]:
    return [_component(call, project, one) for one in project.components]


def _component(call: Call, project: Project, one: Named) -> dict[str, Any]:
    number = {"projectId": int(project.id)} if call.is_cloud else {}
    return call.shapes.named("component", one) | {"project": project.key} | number


def list_versions(call: Call) -> Answer:
    return data(200, _versions(call, call.project()))


def list_components(call: Call) -> Answer:
    return data(200, _components(call, call.project()))


def _administered(call: Call, sent: dict[str, Any]) -> Project:
    """Return the project to add something to; without the right a Cloud knows of none."""
    call.names["projectIdOrKey"] = str(sent.get("project") or sent.get("projectId") or "-")
    project = call.project()
    text = "You must have administrator rights in this project."
    call.need("ADMINISTER_PROJECTS", 404 if call.is_cloud else 403, text)
    return project


def create_version(call: Call) -> Answer:
    known = ("name", "project", "projectId", "description", "startDate", "releaseDate", "archived")
    sent = call.sent(*known, "released")
    project, name = _administered(call, sent), sent.get("name")
    _check_name(name, [one.name for one in project.versions], "version")
    dates = (sent.get("startDate"), sent.get("releaseDate"))
    version = Version(call.world.short_id(), str(name), *dates)
    project.versions.append(version)
    return data(201, call.shapes.version_of_project(project, version))


def create_component(call: Call) -> Answer:
    sent = call.sent("name", "project", "description", "assigneeType", "leadUserName")
    project, name = _administered(call, sent), sent.get("name")
    _check_name(name, [one.name for one in project.components], "component")
    component = Named(call.world.short_id(), str(name))
    project.components.append(component)
    return data(201, _component(call, project, component))


def _check_name(name: Any, taken: list[str], what: str) -> None:
    if not isinstance(name, str) or not 0 < len(name) <= 255:
        raise refused(400, name=f"You must specify a valid {what} name")
    if name in taken:
        raise refused(400, name=f"A {what} with this name already exists in this project.")


def list_project_statuses(call: Call) -> Answer:
    """Return the statuses by type of issue."""
    statuses = [call.shapes.status(one) for one in call.project().workflow.statuses]
    kept = ("self", "id", "name", "subtask")
    types = [call.shapes.type(kind) for kind in call.world.scheme.types]
    return data(200, [{k: kind[k] for k in kept} | {"statuses": statuses} for kind in types])


def list_create_types(call: Call) -> Answer:
    """Return the types that can be created, in the page of the flavour."""
    call.project()
    types = call.world.scheme.types if call.may("CREATE_ISSUES") else []
    key = "issueTypes" if call.is_cloud else "values"
    return call.page([call.shapes.type(kind) for kind in types], key)


def list_create_fields(call: Call) -> Answer:
    """Return the fields on the screen for one type."""
    project, number = call.project(), call.names["issueTypeId"]
    found = [kind for kind in call.world.scheme.types if kind.id == number]
    if not found or not call.may("CREATE_ISSUES"):
        raise refused(400, f"Issue type with id '{number}' is not valid for this project.")
    reader = FieldReader(call, project, found[0], None)
    required, fields = reader.required(), []
    for one in reader.screen.values():
        shape = call.shapes.on_screen(one, is_required=one.id in required)
        if choices := _choices(call, project, found[0], one.id):
            shape["allowedValues"] = choices
        fields.append(shape)
    return call.page(fields, "fields" if call.is_cloud else "values")


def _choices(call: Call, project: Project, kind: IssueType, field: str) -> list[dict[str, Any]]:
    """Return what can be chosen for a field, if that is fixed."""
    match field:
        case "priority":
            return [call.shapes.named("priority", one) for one in call.world.scheme.priorities]
        case "components":
            return _components(call, project)
        case "fixVersions":
            return _versions(call, project)
        case "issuetype":
            return [call.shapes.type(kind)]
        case _:
            return []


def list_fields(call: Call) -> Answer:
    return data(200, [call.shapes.field(one) for one in call.world.scheme.fields])


def list_types(call: Call) -> Answer:
    return data(200, [call.shapes.type(kind) for kind in call.world.scheme.types])


def list_priorities(call: Call) -> Answer:
    return data(200, [call.shapes.named("priority", p) for p in call.world.scheme.priorities])


def list_resolutions(call: Call) -> Answer:
    return data(200, [call.shapes.named("resolution", r) for r in call.world.scheme.resolutions])


def list_statuses(call: Call) -> Answer:
    workflows = [project.workflow for project in call.world.projects]
    return data(200, [call.shapes.status(s) for flow in workflows for s in flow.statuses])


def list_categories(call: Call) -> Answer:
    return data(200, [call.shapes.category(key) for key in CATEGORIES])


ROUTES = [
    Route("GET", f"{API}/serverInfo", get_server, is_open=True),
    Route("GET", f"{API}/myself", get_myself),
    Route("GET", f"{API}/mypermissions", get_permissions),
    Route("GET", PROJECT, get_project),
    Route("GET", f"{PROJECT}/versions", list_versions),
    Route("GET", f"{PROJECT}/components", list_components),
    Route("GET", f"{PROJECT}/statuses", list_project_statuses),
    Route("POST", f"{API}/version", create_version),
    Route("POST", f"{API}/component", create_component),
    Route("GET", META, list_create_types),
    Route("GET", f"{META}/{{issueTypeId}}", list_create_fields),
    Route("GET", f"{API}/field", list_fields),
    Route("GET", f"{API}/issuetype", list_types),
    Route("GET", f"{API}/priority", list_priorities),
    Route("GET", f"{API}/resolution", list_resolutions),
    Route("GET", f"{API}/status", list_statuses),
    Route("GET", f"{API}/statuscategory", list_categories),
]
