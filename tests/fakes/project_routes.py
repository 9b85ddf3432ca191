"""What GitHub answers in GraphQL: projects alone, by a schema of just the parts that we use.

The schema has GitHub's names and types in words of our own. A query is parsed and checked against
it, so that a field, an argument or a type that GitHub does not have is an error here, too.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from .calls import Call, Route
from .projects import Field, Item, Project
from .shapes import node
from .wire import Answer, data
from .world import Issue

SDL = """
scalar Date

type Query { repositoryOwner(login: String!): RepositoryOwner }

interface RepositoryOwner { login: String! }
interface ProjectV2Owner { projectV2(number: Int!): ProjectV2 }
type Organization implements RepositoryOwner & ProjectV2Owner {
  login: String!
  projectV2(number: Int!): ProjectV2
}
type User implements RepositoryOwner & ProjectV2Owner {
  login: String!
  projectV2(number: Int!): ProjectV2
}

type PageInfo { hasNextPage: Boolean! endCursor: String }

type ProjectV2 {
  id: ID!
  number: Int!
  title: String!
  viewerCanUpdate: Boolean!
  fields(first: Int, after: String): ProjectV2FieldConfigurationConnection!
  items(first: Int, after: String): ProjectV2ItemConnection!
}

enum ProjectV2FieldType { ASSIGNEES DATE ITERATION LABELS NUMBER SINGLE_SELECT TEXT TITLE }
enum ProjectV2CustomFieldType { DATE ITERATION NUMBER SINGLE_SELECT TEXT }
interface ProjectV2FieldCommon { id: ID! name: String! dataType: ProjectV2FieldType! }
type ProjectV2Field implements ProjectV2FieldCommon {
  id: ID!
  name: String!
  dataType: ProjectV2FieldType!
}
type ProjectV2SingleSelectField implements ProjectV2FieldCommon {
  id: ID!
  name: String!
  dataType: ProjectV2FieldType!
}
union ProjectV2FieldConfiguration = ProjectV2Field | ProjectV2SingleSelectField
type ProjectV2FieldConfigurationConnection {
  nodes: [ProjectV2FieldConfiguration]
  pageInfo: PageInfo!
}

type ProjectV2Item {
  id: ID!
  isArchived: Boolean!
  content: ProjectV2ItemContent
  fieldValues(first: Int, after: String): ProjectV2ItemFieldValueConnection!
}
type ProjectV2ItemConnection { nodes: [ProjectV2Item] pageInfo: PageInfo! totalCount: Int! }
union ProjectV2ItemContent = DraftIssue | Issue | PullRequest
type DraftIssue { id: ID! title: String! }
type Issue { id: ID! number: Int! repository: Repository! }
type PullRequest { id: ID! number: Int! repository: Repository! }
type Repository { nameWithOwner: String! }

type ProjectV2ItemFieldDateValue { date: Date field: ProjectV2FieldConfiguration! }
type ProjectV2ItemFieldNumberValue { number: Float field: ProjectV2FieldConfiguration! }
union ProjectV2ItemFieldValue = ProjectV2ItemFieldDateValue | ProjectV2ItemFieldNumberValue
type ProjectV2ItemFieldValueConnection {
  nodes: [ProjectV2ItemFieldValue]
  pageInfo: PageInfo!
}

type Mutation {
  addProjectV2ItemById(input: AddProjectV2ItemByIdInput!): AddProjectV2ItemByIdPayload
  createProjectV2Field(input: CreateProjectV2FieldInput!): CreateProjectV2FieldPayload
  updateProjectV2ItemFieldValue(
    input: UpdateProjectV2ItemFieldValueInput!
  ): UpdateProjectV2ItemFieldValuePayload
}
input AddProjectV2ItemByIdInput { projectId: ID! contentId: ID! clientMutationId: String }
type AddProjectV2ItemByIdPayload { item: ProjectV2Item }
input CreateProjectV2FieldInput {
  projectId: ID!
  dataType: ProjectV2CustomFieldType!
  name: String!
  clientMutationId: String
}
type CreateProjectV2FieldPayload { projectV2Field: ProjectV2FieldConfiguration }
input ProjectV2FieldValue { date: Date number: Float singleSelectOptionId: String text: String }
input UpdateProjectV2ItemFieldValueInput {
  projectId: ID!
  itemId: ID!
  fieldId: ID!
  value: ProjectV2FieldValue!
  clientMutationId: String
}
type UpdateProjectV2ItemFieldValuePayload { projectV2Item: ProjectV2Item }
"""

Info = GraphQLResolveInfo[Call]
Resolver = Callable[..., Any]
SCOPE = (
    "Your token has not been granted the required scopes to execute this query. "
    "The '{field}' field requires one of the following scopes: ['{scope}']."
)


class Trouble(Exception):
    """Something that GitHub reports with a type beside the message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def answer_query(call: Call) -> Answer:
    """Answer a query or mutation; whatever is wrong with it comes with status 200."""
    if call.world.graphql_says:
        return data(200, call.world.graphql_says.pop(0))
    sent = call.request.json()
    result = graphql_sync(
        _schema(), sent["query"], variable_values=sent.get("variables"), context_value=call
    )
    answer: dict[str, Any] = {}
    if result.data is not None or not result.errors:
        answer["data"] = result.data
    if result.errors:
        answer["errors"] = [_error(error) for error in result.errors]
    return data(200, answer)


def _error(error: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": error.message, "path": error.path or []}
    if isinstance(error.original_error, Trouble):
        return {"type": error.original_error.kind, **shown}
    if error.original_error and not isinstance(error.original_error, GraphQLError):
        raise error.original_error  # a fault of the fake itself
    return {**shown, "extensions": {"code": "undefinedField"}}


@cache
def _schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    resolvers: dict[str, dict[str, Resolver]] = {
        "Query": {"repositoryOwner": _owner},
        "Organization": {"projectV2": _project},
        "User": {"projectV2": _project},
        "ProjectV2": {"fields": _fields, "items": _items},
        "ProjectV2Item": {"content": _content, "fieldValues": _values},
        "Mutation": {
            "addProjectV2ItemById": _add_item,
            "createProjectV2Field": _create_field,
            "updateProjectV2ItemFieldValue": _update_value,
        },
    }
    for kind, fields in resolvers.items():
        for name, resolver in fields.items():
            schema.type_map[kind].fields[name].resolve = resolver  # type: ignore[attr-defined]
    schema.type_map["Date"].coerce_input_value = _date  # type: ignore[attr-defined]
    return schema


def _date(value: Any) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise GraphQLError(f"Variable of type Date was provided invalid value {value}") from error


def _owner(_: object, info: Info, login: str) -> dict[str, Any] | None:
    call: Call = info.context
    homes = {repo.owner.lower(): repo.is_organization for repo in call.world.repos}
    owners = {one.owner.lower() for one in call.world.projects} | set(homes)
    if login.lower() not in owners:
        return None
    kind = "Organization" if homes.get(login.lower(), True) else "User"
    return {"__typename": kind, "login": login}


def _check_scope(call: Call, field: str, *scopes: str) -> None:
    held = call.token.scopes
    if held is not None and not set(scopes) & set(held):
        raise Trouble("INSUFFICIENT_SCOPES", SCOPE.format(field=field, scope=scopes[0]))


def _project(owner: Mapping[str, Any], info: Info, number: int) -> dict[str, Any]:
    _check_scope(info.context, "projectV2", "read:project", "project")
    for one in info.context.world.projects:
        is_it = (one.owner.lower(), one.number) == (owner["login"].lower(), number)
        if is_it and not one.is_hidden:
            can = not one.is_read_only
            shown = {"id": one.id, "number": number, "title": one.title, "viewerCanUpdate": can}
            return {**shown, "project": one}
    raise Trouble("NOT_FOUND", f"Could not resolve to a ProjectV2 with the number {number}.")


def _page(nodes: list[Any], first: int | None, after: str | None) -> dict[str, Any]:
    if first is None or not 1 <= first <= 100:
        raise Trouble("EXCESSIVE_PAGINATION", "`first` has to be given, and at most 100.")
    begin = int(after or 0)
    end = begin + first
    info = {"hasNextPage": end < len(nodes), "endCursor": str(min(end, len(nodes)))}
    return {"nodes": nodes[begin:end], "pageInfo": info, "totalCount": len(nodes)}


def _field(one: Field) -> dict[str, Any]:
    kind = "ProjectV2SingleSelectField" if one.kind == "SINGLE_SELECT" else "ProjectV2Field"
    return {"__typename": kind, "id": one.id, "name": one.name, "dataType": one.kind}


def _fields(
    shown: Mapping[str, Any], _: object, first: int | None = None, after: str | None = None
) -> dict[str, Any]:
    return _page([_field(one) for one in shown["project"].fields], first, after)


def _item(project: Project, item: Item) -> dict[str, Any]:
    more = {"project": project, "item": item}
    return {"id": item.id, "isArchived": item.is_archived, **more}


def _items(
    shown: Mapping[str, Any], _: object, first: int | None = None, after: str | None = None
) -> dict[str, Any]:
    project: Project = shown["project"]
    return _page([_item(project, item) for item in project.items], first, after)


def _content(shown: Mapping[str, Any], _: object) -> dict[str, Any]:
    item: Item = shown["item"]
    if item.is_redacted:
        raise Trouble("FORBIDDEN", "Resource protected by organization SAML enforcement.")
    if item.issue is None:
        return {"__typename": "DraftIssue", "id": f"DI_{item.id}", "title": "Draft"}
    issue = item.issue
    kind = "PullRequest" if issue.is_pull_request else "Issue"
    home = {"nameWithOwner": issue.repo.full_name}
    return {"__typename": kind, "id": _id(issue), "number": issue.number, "repository": home}


def _values(
    shown: Mapping[str, Any], _: object, first: int | None = None, after: str | None = None
) -> dict[str, Any]:
    values: list[dict[str, Any]] = []
    for one in shown["project"].fields:
        if (value := shown["item"].values.get(one.id)) is not None:
            kind = {"DATE": "Date", "NUMBER": "Number"}[one.kind]
            name = f"ProjectV2ItemField{kind}Value"
            values.append({"__typename": name, kind.lower(): value, "field": _field(one)})
    return _page(values, first, after)


def _id(issue: Issue) -> str:
    return node("I", issue.id)


def _writable(call: Call, field: str, project_id: str) -> Project:
    _check_scope(call, field, "project")
    for one in call.world.projects:
        if one.id == project_id and not one.is_hidden:
            if one.is_read_only:
                kind = "personal access token"
                raise Trouble("FORBIDDEN", f"Resource not accessible by {kind}")
            return one
    raise _unknown(project_id)


def _unknown(wanted: str) -> Trouble:
    return Trouble("NOT_FOUND", f"Could not resolve to a node with the global id of '{wanted}'")


def _add_item(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    call: Call = info.context
    project = _writable(call, "addProjectV2ItemById", input["projectId"])
    for repo in call.world.repos:
        for issue in repo.issues.values():
            if _id(issue) == input["contentId"]:
                return {"item": _item(project, project.add(issue))}
    raise _unknown(input["contentId"])


def _create_field(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    project = _writable(info.context, "createProjectV2Field", input["projectId"])
    if input["name"].lower() in (one.name.lower() for one in project.fields):
        raise Trouble("UNPROCESSABLE", "Name has already been taken")
    return {"projectV2Field": _field(project.add_field(input["name"], input["dataType"]))}


def _update_value(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    project = _writable(info.context, "updateProjectV2ItemFieldValue", input["projectId"])
    found = [item for item in project.items if item.id == input["itemId"]]
    fields = [one for one in project.fields if one.id == input["fieldId"]]
    if not found or not fields:
        raise _unknown(input["itemId"])
    if found[0].is_archived:
        raise Trouble("UNPROCESSABLE", "The item is archived and cannot be updated")
    if set(input["value"]) != {fields[0].kind.lower()}:
        message = f"Did not receive a {fields[0].kind.lower()} value to update the field"
        raise Trouble("UNPROCESSABLE", message)
    (found[0].values[fields[0].id],) = input["value"].values()
    project.writes += 1
    return {"projectV2Item": _item(project, found[0])}


ROUTES = [Route("POST", "/graphql", answer_query)]
