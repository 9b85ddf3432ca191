"""A project of a fake Jira, with what people do to the issues in it."""

from __future__ import annotations

from pathlib import Path

from contract.patience import hasty
from fakes.jira import EMAIL, TOKEN, FakeJira
from fakes.jira_world import Issue
from maturity_planner.core.tickets import State
from maturity_planner.trackers.jira import JiraTracker
from maturity_planner.trackers.patience import Patience


class JiraPlace:
    """The issues of a fake Jira, edited as people do in the browser."""

    flavour = "cloud"

    def __init__(self, folder: Path, jira: FakeJira | None = None) -> None:
        self.folder = folder
        self.jira = jira or FakeJira(self.flavour)
        self.people = self.jira.people

    def settings(self) -> dict[str, str]:
        account = {"email": EMAIL} if self.jira.is_cloud else {}
        return {
            "server": self.jira.base_url,
            "project": self.jira.project.key,
            "token_command": f"echo {TOKEN}",
            **account,
        }

    def tracker(self, waits: Patience | None = None) -> JiraTracker:
        return JiraTracker(self.settings(), self.folder, "fraud-scoring", waits or hasty())

    def issue(self, uid: str) -> Issue:
        found = [i for i in self.jira.issues if (i.properties.get("mp") or {}).get("uid") == uid]
        assert len(found) == 1, (uid, found)
        return found[0]

    def everything(self, uid: str) -> str:
        issue = self.issue(uid)
        links = [link.source.key for link in self.jira.world.links_of(issue)]
        above = issue.parent or issue.epic
        facts = [issue.summary, issue.description, issue.labels, issue.priority, issue.status.name]
        said = [comment.body for comment in issue.comments]
        return "\n".join(map(str, [*facts, above and above.key, links, *said]))

    def replace(self, uid: str, old: str, new: str) -> None:
        issue = self.issue(uid)
        assert old in (issue.description or ""), issue.description
        text = (issue.description or "").replace(old, new, 1)
        self.people.edit(issue.key, description=text.replace("\n", "\r\n"))

    def set_title(self, uid: str, title: str) -> None:
        self.people.edit(self.issue(uid).key, summary=title)

    def write_above(self, uid: str, text: str) -> None:
        issue = self.issue(uid)
        self.people.edit(issue.key, description=f"{text}\r\n\r\n{issue.description}")

    def write_inside(self, uid: str, text: str) -> None:
        self.replace(uid, "*Done when*", f"{text}\n\n*Done when*")

    def comment(self, uid: str, text: str) -> None:
        self.people.comment(self.issue(uid).key, text)

    def set_labels(self, uid: str, labels: list[str]) -> None:
        issue = self.issue(uid)
        for name in list(issue.labels):
            if not name.startswith("mp-"):
                self.people.remove_label(issue.key, name)
        for name in labels:
            self.people.add_label(issue.key, name)

    def set_needs(self, uid: str, remotes: list[str]) -> None:
        issue = self.issue(uid)
        for link in self.jira.world.links_of(issue):
            if link.target is issue:
                self.people.unblock(issue.key, link.source.key)
        for key in remotes:
            self.people.block(issue.key, key)

    def tick(self, uid: str, criterion: str) -> None:
        self.replace(uid, f"\N{BALLOT BOX} {criterion}", f"\N{BALLOT BOX WITH CHECK} {criterion}")

    def is_ticked(self, uid: str, criterion: str) -> bool:
        return f"\N{BALLOT BOX WITH CHECK} {criterion}" in (self.issue(uid).description or "")

    def add_criterion(self, uid: str, text: str) -> None:
        self.replace(uid, "----", f"* \N{BALLOT BOX} {text}\n\n----")

    def move_to(self, uid: str, state: State) -> None:
        key = self.issue(uid).key
        match state:
            case State.OPEN:
                self.people.reopen(key)
            case State.IN_PROGRESS:
                self.people.start(key)
            case State.DONE:
                self.people.close(key)
            case State.NOT_DONE:
                self.people.close(key, "Won't Do")

    def milestones(self) -> list[str]:
        return [one.name for one in self.jira.project.versions]

    def delete(self, uid: str) -> None:
        self.people.delete(self.issue(uid).key)

    def foreign(self) -> str:
        return self.people.create("Something else").key


class DataCenterPlace(JiraPlace):
    """The same on a Data Center."""

    flavour = "dc"
