"""Our fakes of Jira tell the truth: spoken to with the real client, held against Atlassian's own
descriptions of Cloud and Data Center."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jira import JIRA

from fakes.jira import EMAIL, TOKEN, FakeJira
from fakes.jira_client import connect, fields, raw, wrong

Start = Callable[..., FakeJira]


@pytest.fixture
def client(jira: FakeJira) -> Iterator[JIRA]:
    made = connect(jira)
    yield made
    made._session.close()


def test_it_tells_its_flavour_and_what_the_token_may_do(jira: FakeJira, client: JIRA) -> None:
    assert client._is_cloud == jira.is_cloud
    myself = client.myself()
    assert (myself["emailAddress"], "accountId" in myself) == (EMAIL, jira.is_cloud)
    asked = {"permissions": "CREATE_ISSUES,LINK_ISSUES"} if jira.is_cloud else {}
    jira.tokens[TOKEN].permissions.remove("LINK_ISSUES")
    found = raw(client, "GET", "mypermissions", projectKey="FRAUD", **asked)["permissions"]
    assert found["CREATE_ISSUES"]["havePermission"]
    assert not found["LINK_ISSUES"]["havePermission"]
    project = client.project("FRAUD")
    assert [kind.name for kind in project.issueTypes][:2] == ["Bug", "Epic"]
    levels = [getattr(kind, "hierarchyLevel", None) for kind in project.issueTypes]
    assert levels == ([0, 1, 0, 0, -1] if jira.is_cloud else [None] * 5)
    wrong(404, lambda: client.project("NONE"))


def test_an_issue_is_created_with_everything(jira: FakeJira, client: JIRA) -> None:
    scheme = jira.world.scheme
    client.create_version("2027-Q1", "FRAUD", releaseDate="2027-03-31")
    raw(client, "POST", "component", {"name": "model", "project": "FRAUD"})
    board = raw(client, "GET", "agile/1.0/board", projectKeyOrId="FRAUD")["values"][0]
    sprint = raw(client, "POST", "agile/1.0/sprint", {"name": "S1", "originBoardId": board["id"]})
    sent = fields(
        jira,
        description="h1. Text",
        labels=["mp-1"],
        priority={"name": "High"},
        components=[{"name": "model"}],
        fixVersions=[{"name": "2027-Q1"}],
        duedate="2027-03-01",
        timetracking={"originalEstimate": "1w 2d"},
    ) | {scheme.points.id: 5, scheme.sprint.id: sprint["id"]}
    made = raw(client, "POST", "issue", {"fields": sent, "properties": [{"key": "mp", "value": 1}]})
    found = client.issue(made["key"]).fields
    assert (found.summary, found.description, found.labels) == ("One", "h1. Text", ["mp-1"])
    assert (found.priority.name, found.components[0].name) == ("High", "model")
    assert (found.fixVersions[0].name, found.duedate) == ("2027-Q1", "2027-03-01")
    assert found.timetracking.originalEstimateSeconds == 7 * 28_800
    assert (found.status.statusCategory.key, found.resolution) == ("new", None)
    assert getattr(found, scheme.points.id) == 5
    shown = getattr(found, scheme.sprint.id)[0]
    assert (shown.name if jira.is_cloud else "name=S1" in shown) in ("S1", True)
    assert raw(client, "GET", f"issue/{made['key']}/properties/mp")["value"] == 1
    assert [change.what for change in jira.changes()] == ["create"]


def test_ids_are_made_up_and_found_by_what_they_are_for(new_jira: Start) -> None:
    found = []
    for flavour, seed in (("cloud", 1), ("cloud", 2), ("dc", 1)):
        fake = new_jira(flavour, seed=seed)
        kinds = {
            one["schema"].get("custom", "").split(":")[-1]: one["id"]
            for one in connect(fake).fields()
        }
        assert {"gh-sprint", "gh-epic-link", "gh-epic-label", "float"} <= set(kinds)
        assert ("jsw-story-points" in kinds) == fake.is_cloud
        found.append(kinds["gh-sprint"])
    assert len(set(found)) > 1


def test_choices(jira: FakeJira, client: JIRA) -> None:
    assert client.priorities()[0].name == "Highest"
    assert "Won't Do" in [one.name for one in client.resolutions()]
    assert {one["key"] for one in raw(client, "GET", "statuscategory")} == {
        *("new", "indeterminate", "done")
    }
    assert [one.name for one in client.statuses()] == ["To Do", "In Progress", "Done"]
    assert [one.name for one in client.issue_types()][1] == "Epic"
    assert client.project_versions("FRAUD") == client.project_components("FRAUD") == []
    statuses = raw(client, "GET", "project/FRAUD/statuses")[0]["statuses"]
    assert statuses[2]["statusCategory"]["key"] == "done"
    names = [one.name for one in client.issue_link_types()]
    assert names == ["Relates", "Blocks", "Duplicate"]
    client.create_version("Q1", "FRAUD")
    wrong(400, lambda: client.create_version("Q1", "FRAUD"))
    jira.tokens[TOKEN].permissions.remove("ADMINISTER_PROJECTS")
    wrong(404 if jira.is_cloud else 403, lambda: client.create_version("Q2", "FRAUD"))


def test_what_is_on_the_create_screen(jira: FakeJira, client: JIRA) -> None:
    scheme = jira.world.scheme
    jira.project.hidden.add("labels")
    jira.project.required.add("priority")
    path, key = "issue/createmeta/FRAUD/issuetypes", "issueTypes" if jira.is_cloud else "values"
    types = {one["name"]: one["id"] for one in raw(client, "GET", path)[key]}
    assert len(raw(client, "GET", path, maxResults=2, startAt=4)[key]) == 1

    def screen(name: str) -> dict[str, bool]:
        page = raw(client, "GET", f"{path}/{types[name]}")
        shown = page["fields" if jira.is_cloud else "values"]
        return {one["fieldId"]: one["required"] for one in shown}

    task, epic = screen("Task"), screen("Epic")
    assert (task["summary"], task["priority"], task["duedate"]) == (True, True, False)
    assert "labels" not in task
    assert scheme.points.id in task
    assert ("parent" in task, scheme.epic_link.id in task) == (jira.is_cloud, not jira.is_cloud)
    assert epic.get(scheme.epic_name.id) is (None if jira.is_cloud else True)
    sent = fields(jira, labels=["x"])
    errors = wrong(400, lambda: raw(client, "POST", "issue", {"fields": sent}))["errors"]
    assert "cannot be set" in errors["labels"]
    assert errors["priority"] == "Priority is required."
    wrong(404, lambda: raw(client, "GET", path.replace("FRAUD", "NONE")))


def test_a_team_managed_project_has_points_of_its_own(new_jira: Start) -> None:
    jira = new_jira(is_team_managed=True)
    client, scheme = connect(jira), jira.world.scheme
    made = client.create_issue(fields(jira, **{scheme.estimate.id: 3}), prefetch=False)
    wrong(400, lambda: client.create_issue(fields(jira, **{scheme.points.id: 3})))
    jira.people.close(made.key, None)
    assert client.issue(made.key).fields.resolution is None
    epic = jira.people.create("Epic", type_name="Epic")
    sent = {"issues": [made.key]}
    wrong(400, lambda: raw(client, "POST", f"agile/1.0/epic/{epic.key}/issue", sent))


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("summary", "x" * 256, "255"),
        ("summary", "a\nb", "newline"),
        ("summary", " ", "must specify"),
        ("description", "x" * 32_768, "32,767"),
        ("description", {"type": "doc", "version": 1, "content": []}, "must be a string"),
        ("labels", ["a b"], "contains spaces"),
        ("priority", {"name": "Urgent"}, "not valid"),
        ("fixVersions", [{"name": "Q9"}], "not valid"),
        ("components", [{"name": "none"}], "not valid"),
        ("duedate", "tomorrow", "date"),
        ("timetracking", {"originalEstimate": "soon"}, "estimate"),
        ("project", {"key": "NONE"}, "valid project"),
        ("issuetype", {"name": "Saga"}, "valid issue type"),
        ("resolution", {"name": "Done"}, "cannot be set"),
        ("customfield_1", 1, "cannot be set"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(
    jira: FakeJira, client: JIRA, field: str, value: object, text: str
) -> None:
    sent = fields(jira) | {field: value}
    content = wrong(400, lambda: client.create_issue(sent, prefetch=False))
    assert text in content["errors"][field]
    assert jira.issues == []


def test_longest_texts_and_emoji_are_taken(jira: FakeJira, client: JIRA) -> None:
    sent = fields(jira, summary="\N{ROCKET}" + "x" * 254, description="x" * 32_767)
    made = client.create_issue(sent)
    assert made.fields.description == sent["description"]


def test_fifty_are_created_at_once_and_each_fails_alone(jira: FakeJira, client: JIRA) -> None:
    good, bad = {"fields": fields(jira)}, {"fields": fields(jira, summary="")}
    updates = [good, bad, {**good, "properties": [{"key": "mp", "value": {"uid": "a.b"}}]}]
    answer = raw(client, "POST", "issue/bulk", {"issueUpdates": updates})
    assert [one["key"] for one in answer["issues"]] == ["FRAUD-1", "FRAUD-2"]
    (error,) = answer["errors"]
    assert (error["failedElementNumber"], list(error["elementErrors"]["errors"])) == (
        1,
        ["summary"],
    )
    assert raw(client, "GET", "issue/FRAUD-2/properties/mp")["value"] == {"uid": "a.b"}
    made = client.create_issues([fields(jira), fields(jira, labels=["a b"])], prefetch=False)
    assert [one["status"] for one in made] == ["Success", "Error"]
    assert "spaces" in made[1]["error"]["labels"]
    content = wrong(400, lambda: raw(client, "POST", "issue/bulk", {"issueUpdates": [bad]}))
    assert content["issues"] == []
    wrong(400, lambda: raw(client, "POST", "issue/bulk", {"issueUpdates": [good] * 51}))
    assert len(raw(client, "POST", "issue/bulk", {"issueUpdates": [good] * 50})["issues"]) == 50
    assert jira.calls["POST /rest/api/2/issue/bulk"] == 5


def test_fields_and_labels_are_changed_by_key(jira: FakeJira, client: JIRA) -> None:
    jira.people.create("One", labels=("a",))
    raw(client, "PUT", "issue/FRAUD-1", {"fields": {"summary": "Two"}})
    operations = {"labels": [{"add": "b"}, {"remove": "a"}, {"add": "b"}]}
    raw(client, "PUT", "issue/FRAUD-1", {"update": operations})
    found = client.issue("fraud-1").fields
    assert (found.summary, found.labels) == ("Two", ["b"])
    bad = {"fields": {"summary": "x" * 256, "status": {"name": "Done"}}}
    errors = wrong(400, lambda: raw(client, "PUT", "issue/FRAUD-1", bad))["errors"]
    assert set(errors) == {"summary", "status"}
    jira.tokens[TOKEN].permissions.remove("EDIT_ISSUES")
    wrong(403, lambda: raw(client, "PUT", "issue/FRAUD-1", {"fields": {"summary": "Three"}}))
    assert [change.what for change in jira.changes()] == ["edit summary", "edit labels"]


def test_labels_can_be_lost_without_a_word(jira: FakeJira, client: JIRA) -> None:
    jira.project.dropped.add("labels")
    made = client.create_issue(fields(jira, labels=["mp-1"]))
    assert made.fields.labels == []
    raw(client, "PUT", f"issue/{made.key}", {"update": {"labels": [{"add": "mp-1"}]}})
    assert client.issue(made.key).fields.labels == ["mp-1"]


def test_epics_hold_issues(jira: FakeJira, client: JIRA) -> None:
    scheme, name = jira.world.scheme, jira.world.scheme.epic_name.id
    sent = fields(jira, issuetype={"name": "Epic"})
    if not jira.is_cloud:
        errors = wrong(400, lambda: raw(client, "POST", "issue", {"fields": sent}))["errors"]
        assert errors == {name: "Epic Name is required."}
        sent[name] = "Data"
    epic = raw(client, "POST", "issue", {"fields": sent})["key"]
    below = {"parent": {"key": epic}} if jira.is_cloud else {scheme.epic_link.id: epic}
    task = raw(client, "POST", "issue", {"fields": fields(jira, **below)})["key"]
    shown = client.issue(task).raw["fields"]
    assert (shown["parent"]["key"] if jira.is_cloud else shown[scheme.epic_link.id]) == epic
    under_task = {"parent": {"key": task}} if jira.is_cloud else {scheme.epic_link.id: task}
    wrong(400, lambda: raw(client, "POST", "issue", {"fields": fields(jira, **under_task)}))
    other = jira.people.create("Two").key
    raw(client, "POST", f"agile/1.0/epic/{epic}/issue", {"issues": [other]})
    held = jira.issues[2]
    assert (held.parent if jira.is_cloud else held.epic) is jira.issues[0]
    path, many = f"agile/1.0/epic/{epic}/issue", {"issues": [f"FRAUD-{n}" for n in range(51)]}
    wrong(400, lambda: raw(client, "POST", path, many))


def test_sprints_of_a_board(jira: FakeJira, client: JIRA) -> None:
    board = jira.project.boards[0]
    for name in ("S1", "S2"):
        sprint = raw(client, "POST", "agile/1.0/sprint", {"name": name, "originBoardId": board.id})
    path = f"agile/1.0/board/{board.id}/sprint"
    assert [one["name"] for one in raw(client, "GET", path)["values"]] == ["S1", "S2"]
    page = raw(client, "GET", path, maxResults=1)
    assert (page["isLast"], len(page["values"])) == (False, 1)
    assert raw(client, "GET", path, state="active,closed")["values"] == []
    board.sprints[0].state = "active"
    assert [one.name for one in client.sprints(board.id, state="active")] == ["S1"]
    key = jira.people.create("One").key
    path = f"agile/1.0/sprint/{sprint['id']}/issue"
    raw(client, "POST", path, {"issues": [key]})
    assert jira.issues[0].sprint is board.sprints[1]
    many = {"issues": [f"FRAUD-{number}" for number in range(51)]}
    wrong(400, lambda: raw(client, "POST", path, many))
    wrong(404, lambda: raw(client, "POST", "agile/1.0/sprint/1/issue", {"issues": [key]}))
    board.type = "kanban"
    wrong(400, lambda: raw(client, "GET", f"agile/1.0/board/{board.id}/sprint"))


def test_of_a_link_the_inward_issue_blocks(jira: FakeJira, client: JIRA) -> None:
    for name in ("Blocker", "Blocked"):
        jira.people.create(name)
    sent = {
        "type": {"name": "Blocks"},
        "inwardIssue": {"key": "FRAUD-1"},
        "outwardIssue": {"key": "FRAUD-2"},
    }
    for _ in range(2):
        raw(client, "POST", "issueLink", sent)
    (blocks,), (waits,) = (client.issue(key).fields.issuelinks for key in ("FRAUD-1", "FRAUD-2"))
    assert (blocks.outwardIssue.key, blocks.type.outward) == ("FRAUD-2", "blocks")
    assert (waits.inwardIssue.key, waits.type.inward) == ("FRAUD-1", "is blocked by")
    assert not hasattr(blocks, "inwardIssue")
    jira.world.doubles_links = True
    client.create_issue_link("Blocks", "FRAUD-1", "FRAUD-2")
    assert len(client.issue("FRAUD-1").fields.issuelinks) == 2
    client.delete_issue_link(waits.id)
    assert len(jira.world.links) == 1
    wrong(404, lambda: client.delete_issue_link(waits.id))
    wrong(404, lambda: raw(client, "POST", "issueLink", {**sent, "type": {"name": "Stops"}}))
    none = {**sent, "inwardIssue": {"key": "FRAUD-9"}}
    wrong(404, lambda: raw(client, "POST", "issueLink", none))
    jira.tokens[TOKEN].permissions.remove("LINK_ISSUES")
    wrong(401, lambda: raw(client, "POST", "issueLink", sent))


def test_transitions_lead_on_by_category(jira: FakeJira, client: JIRA) -> None:
    jira.project.workflow = jira.world.scheme.workflow(
        ("Backlog", "Doing", "Shipped"), screen={"resolution": True}
    )
    jira.people.create("One")
    path = "issue/FRAUD-1/transitions"

    def ways() -> dict[str, Any]:
        found = raw(client, "GET", path, expand="transitions.fields")["transitions"]
        return {way["to"]["statusCategory"]["key"]: way for way in found}

    wrong(400, lambda: raw(client, "POST", path, {"transition": {"id": "1"}}))
    raw(client, "POST", path, {"transition": {"id": ways()["indeterminate"]["id"]}})
    done = ways()["done"]
    assert done["fields"]["resolution"]["required"]
    sent = {"transition": {"id": done["id"]}}
    errors = wrong(400, lambda: raw(client, "POST", path, sent))["errors"]
    assert errors == {"resolution": "Resolution is required."}
    extra = {**sent, "fields": {"resolution": {"name": "Won't Do"}, "duedate": "2027-01-01"}}
    assert set(wrong(400, lambda: raw(client, "POST", path, extra))["errors"]) == {"duedate"}
    raw(client, "POST", path, {**sent, "fields": {"resolution": {"name": "Won't Do"}}})
    found = client.issue("FRAUD-1").fields
    assert (found.status.name, str(found.resolution)) == ("Shipped", "Won't Do")
    assert found.resolutiondate is not None
    raw(client, "POST", path, {"transition": {"id": ways()["new"]["id"]}})
    assert client.issue("FRAUD-1").fields.resolution is None
    jira.tokens[TOKEN].permissions.remove("TRANSITION_ISSUES")
    assert ways() == {}


def test_a_workflow_may_set_a_resolution_or_have_no_end(jira: FakeJira, client: JIRA) -> None:
    jira.people.create("One")
    jira.people.start("FRAUD-1")
    (way,) = [one for one in client.transitions("FRAUD-1") if one["name"] == "Finish"]
    raw(client, "POST", "issue/FRAUD-1/transitions", {"transition": {"id": way["id"]}})
    assert str(client.issue("FRAUD-1").fields.resolution) == "Done"
    endless = jira.add_project("ENDLESS", workflow=jira.world.scheme.workflow(has_end=False))
    key = jira.people.create("Two", project=endless).key
    jira.people.start(key)
    assert [one["name"] for one in client.transitions(key)] == ["Put back"]


def test_comments_and_properties(jira: FakeJira, client: JIRA) -> None:
    jira.people.create("One")
    client.add_comment("FRAUD-1", "Why.")
    jira.people.comment("FRAUD-1", "Because.")
    assert [one.body for one in client.comments("FRAUD-1")] == ["Why.", "Because."]
    path = "issue/FRAUD-1/properties/mp"
    wrong(404, lambda: raw(client, "GET", path))
    raw(client, "PUT", path, {"uid": "a", "h": None})
    raw(client, "PUT", path, {"uid": "b", "h": None})
    assert raw(client, "GET", path)["value"] == {"uid": "b", "h": None}
    assert client.issue_properties("FRAUD-1")[0].key == "mp"
    wrong(400, lambda: raw(client, "PUT", path, "x" * 32_768))
    answers = [one.answer.status for one in jira.server.writes if one.answer]
    assert answers == [201, 201, 200, 400]


def test_texts_are_documents_in_version_3_only(cloud: FakeJira) -> None:
    client = JIRA(
        cloud.base_url,
        options={"rest_api_version": "3"},
        basic_auth=(EMAIL, TOKEN),
        max_retries=0,
        timeout=3,
    )
    plain = wrong(400, lambda: client.create_issue(fields(cloud, description="Text")))
    assert "Document" in plain["errors"]["description"]
    text = {"type": "text", "text": "Text"}
    content = [{"type": "paragraph", "content": [text]}]
    sent = {"type": "doc", "version": 1, "content": content}
    made = client.create_issue(fields(cloud, description=sent), prefetch=False)
    assert connect(cloud).issue(made.key).fields.description == "Text"
    assert client.issue(made.key).raw["fields"]["description"]["content"] == content


def test_an_archived_project_can_only_be_read(jira: FakeJira, client: JIRA) -> None:
    jira.people.create("One")
    jira.project.is_archived = True
    assert client.project("FRAUD").archived
    assert client.issue("FRAUD-1").key == "FRAUD-1"
    text = wrong(400, lambda: client.create_issue(fields(jira)))["errors"]["project"]
    assert "archived" in text
    wrong(403, lambda: raw(client, "PUT", "issue/FRAUD-1", {"fields": {"summary": "Two"}}))
    jira.project.is_archived = False
    jira.tokens[TOKEN].permissions.remove("CREATE_ISSUES")
    wrong(400, lambda: client.create_issue(fields(jira)))


def test_people_are_told_from_the_token(jira: FakeJira, client: JIRA) -> None:
    people, other = jira.people, jira.add_project("OTHER")
    made = client.create_issue(fields(jira, labels=["mp-1"]), prefetch=False)
    epic = people.create("Epic", type_name="Epic").key
    people.edit(made.key, summary="Ours", description="Hand-made")
    people.add_label(made.key, "urgent")
    people.remove_label(made.key, "mp-1")
    people.set_parent(made.key, epic)
    people.block(made.key, by=epic)
    people.unblock(made.key, by=epic)
    people.set_parent(made.key, None)
    people.start(made.key)
    people.close(made.key, "Won't Do")
    found = client.issue(made.key).fields
    assert (found.summary, found.description, found.labels) == ("Ours", "Hand-made", ["urgent"])
    assert (found.status.statusCategory.key, str(found.resolution)) == ("done", "Won't Do")
    people.reopen(made.key)
    assert client.issue(made.key).fields.resolution is None
    assert people.move(made.key, other) == "OTHER-1"
    moved = client.issue(made.key)
    assert (moved.key, moved.id) == ("OTHER-1", made.id)
    people.delete(epic)
    wrong(404, lambda: client.issue(epic))
    assert [change.what for change in jira.changes()] == ["create"]
    assert {change.key for change in jira.changes("ana")} == {"FRAUD-1", "FRAUD-2", "OTHER-1"}


def test_links_to_itself_lead_elsewhere_on_a_cloud(cloud: FakeJira) -> None:
    cloud.people.create("One")
    found = connect(cloud).issue("FRAUD-1")
    assert not found.self.startswith(cloud.base_url)
    wrong(404, lambda: found.update(summary="Two"))
    assert cloud.exchanges[-1].path.startswith("/ex/jira/")
    cloud.server.forget()


def test_a_data_center_may_live_below_a_path(new_jira: Start) -> None:
    dc = new_jira("dc", base_path="/jira")
    client = connect(dc)
    dc.people.create("One")
    found = client.issue("FRAUD-1")
    found.update(summary="Two")
    assert dc.issues[0].summary == "Two"
    assert dc.calls["PUT /rest/api/2/issue/{issueIdOrKey}"] == 1
