"""Places that hold tickets, with what people do there: one class a tracker.

A tracker joins the contract tests by adding its class to `PLACES`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from builders import NOW
from contract.jira_place import DataCenterPlace, JiraPlace
from contract.patience import hasty
from fakes.github import TOKEN, FakeGitHub
from fakes.world import Issue
from maturity_planner.applying import apply
from maturity_planner.core.changes import ChangeSet, compute_changes
from maturity_planner.core.tickets import Kind, Present, State, Ticket, Uid
from maturity_planner.trackers.base import Tracker
from maturity_planner.trackers.github import GitHubTracker
from maturity_planner.trackers.local import LocalTracker
from maturity_planner.trackers.patience import Patience

PLAN = "0123abcd"
OTHER_PLAN = "ffffffff"


class Place(Protocol):
    """What people do to the ticket of an identity, in the tracker's own ways."""

    def __init__(self, folder: Path, /) -> None: ...

    def tracker(self) -> Tracker: ...

    def everything(self, uid: str) -> str: ...

    def set_title(self, uid: str, title: str) -> None: ...

    def write_above(self, uid: str, text: str) -> None: ...

    def write_inside(self, uid: str, text: str) -> None: ...

    def comment(self, uid: str, text: str) -> None: ...

    def set_labels(self, uid: str, labels: list[str]) -> None: ...

    def set_needs(self, uid: str, remotes: list[str]) -> None: ...

    def tick(self, uid: str, criterion: str) -> None: ...

    def is_ticked(self, uid: str, criterion: str) -> bool: ...

    def add_criterion(self, uid: str, text: str) -> None: ...

    def move_to(self, uid: str, state: State) -> None: ...

    def milestones(self) -> list[str]:
        """Return the names of what the place has for parts of a roadmap."""
        ...

    def foreign(self) -> str:
        """Return the name of a ticket that is not ours."""
        ...


class LocalPlace:
    """The files of the local tracker, edited as people and the Backlog.md client do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tracker(self) -> Tracker:
        return LocalTracker({}, self.folder, "fraud-scoring")

    def path(self, uid: str) -> Path:
        found = [
            path
            for path in sorted((self.folder / "backlog").glob("**/*.md"))
            if f'<!-- mp {{"uid": "{uid}"' in path.read_text(encoding="utf-8")
        ]
        assert len(found) == 1, (uid, found)
        return found[0]

    def everything(self, uid: str) -> str:
        return self.path(uid).read_text(encoding="utf-8")

    def replace(self, uid: str, pattern: str, text: str) -> None:
        path = self.path(uid)
        changed, count = re.subn(
            pattern,
            lambda _: text,
            path.read_text(encoding="utf-8"),
            count=1,
            flags=re.DOTALL | re.MULTILINE,
        )
        assert count == 1, pattern
        path.write_text(changed, encoding="utf-8")

    def set_title(self, uid: str, title: str) -> None:
        quoted = title.replace("'", "''")
        self.replace(uid, r"^title:.*?\n(?=[a-z])", f"title: '{quoted}'\n")

    def write_above(self, uid: str, text: str) -> None:
        self.replace(uid, r"^<!-- mp:begin -->$", f"{text}\n\n<!-- mp:begin -->")

    def write_inside(self, uid: str, text: str) -> None:
        self.replace(uid, r"^<!-- mp:end -->$", f"{text}\n<!-- mp:end -->")

    def comment(self, uid: str, text: str) -> None:
        entry = f"author: '@ana'\ncreated: 2026-11-20 10:00\n---\n{text}\n---\n"
        end = "<!-- COMMENTS:END -->"
        if end in self.everything(uid):
            self.replace(uid, re.escape(end), f"\n{entry}{end}")
        else:
            section = f"## Comments\n\n<!-- COMMENTS:BEGIN -->\n{entry}{end}\n\n"
            self.replace(uid, r'^<!-- mp \{"uid', section + '<!-- mp {"uid')

    def set_labels(self, uid: str, labels: list[str]) -> None:
        lines = "".join(f"  - {label}\n" for label in labels)
        self.replace(
            uid, r"^labels:.*?\n(?=[a-z])", f"labels:\n{lines}" if labels else "labels: []\n"
        )

    def set_needs(self, uid: str, remotes: list[str]) -> None:
        names = ", ".join(remotes)
        self.replace(uid, r"^dependencies:.*?\n(?=[a-z])", f"dependencies: [{names}]\n")

    def tick(self, uid: str, criterion: str) -> None:
        number = re.search(rf"- \[.\] (#\d+) {re.escape(criterion)}$", self.everything(uid), re.M)
        assert number
        self.replace(uid, rf"^- \[.\] {number[1]} ", f"- [x] {number[1]} ")

    def is_ticked(self, uid: str, criterion: str) -> bool:
        return bool(
            re.search(rf"^- \[x\] #\d+ {re.escape(criterion)}$", self.everything(uid), re.M)
        )

    def add_criterion(self, uid: str, text: str) -> None:
        self.replace(uid, r"^<!-- AC:END -->$", f"- [ ] #99 {text}\n<!-- AC:END -->")

    def move_to(self, uid: str, state: State) -> None:
        if state is State.NOT_DONE:
            path = self.path(uid)
            path.rename(self.folder / "backlog" / "archive" / "tasks" / path.name)
            return
        columns = {State.OPEN: "To Do", State.IN_PROGRESS: "In Progress", State.DONE: "Done"}
        self.replace(uid, r"^status:.*?$", f"status: {columns[state]}")

    def milestones(self) -> list[str]:
        return []  # the files name them, nothing else does

    def foreign(self) -> str:
        return "TASK-999"


class GitHubPlace:
    """The issues of a fake GitHub, edited as people do in the browser."""

    def __init__(self, folder: Path, github: FakeGitHub | None = None) -> None:
        self.folder = folder
        self.github = github or FakeGitHub()
        self.people = self.github.people

    def tracker(self, waits: Patience | None = None) -> GitHubTracker:
        settings = {
            "repository": self.github.repo.full_name,
            "base_url": self.github.base_url,
            "token_command": f"echo {TOKEN}",
        }
        return GitHubTracker(settings, self.folder, "fraud-scoring", waits or hasty())

    def issue(self, uid: str) -> Issue:
        begin = f"<!-- mp:begin v1 uid={uid} "
        found = [issue for issue in self.github.issues if begin in (issue.body or "")]
        assert len(found) == 1, (uid, found)
        return found[0]

    def everything(self, uid: str) -> str:
        issue = self.issue(uid)
        blockers = [f"#{other.number}" for other in issue.blocked_by]
        parent = f"#{issue.parent.number}" if issue.parent else ""
        facts = [issue.title, issue.body, issue.label_names(), issue.state, parent, blockers]
        said = [comment.body for comment in issue.comments]
        return "\n".join(map(str, [*facts, *said])).replace("\r\n", "\n")

    def replace(self, uid: str, old: str, new: str) -> None:
        issue = self.issue(uid)
        assert old in (issue.body or "")
        # A browser sends lines that end in CR LF.
        body = (issue.body or "").replace("\r\n", "\n").replace(old, new, 1)
        self.people.edit(issue.number, body=body.replace("\n", "\r\n"))

    def set_title(self, uid: str, title: str) -> None:
        self.people.edit(self.issue(uid).number, title=title)

    def write_above(self, uid: str, text: str) -> None:
        issue = self.issue(uid)
        self.people.edit(issue.number, body=f"{text}\n\n{issue.body}")

    def write_inside(self, uid: str, text: str) -> None:
        self.replace(uid, "<!-- mp:criteria -->", f"{text}\n\n<!-- mp:criteria -->")

    def comment(self, uid: str, text: str) -> None:
        self.people.comment(self.issue(uid).number, text)

    def set_labels(self, uid: str, labels: list[str]) -> None:
        issue = self.issue(uid)
        for name in issue.label_names():
            if not name.startswith(("mp:", "priority:")):
                self.people.remove_label(issue.number, name)
        for name in labels:
            self.people.add_label(issue.number, name)

    def set_needs(self, uid: str, remotes: list[str]) -> None:
        issue = self.issue(uid)
        for other in list(issue.blocked_by):
            self.people.block(issue.number, other.number, undo=True)
        for name in remotes:
            self.people.block(issue.number, int(name.removeprefix("#")))

    def tick(self, uid: str, criterion: str) -> None:
        self.replace(uid, f"- [ ] {criterion}", f"- [x] {criterion}")

    def is_ticked(self, uid: str, criterion: str) -> bool:
        return f"- [x] {criterion}" in (self.issue(uid).body or "")

    def add_criterion(self, uid: str, text: str) -> None:
        self.replace(uid, "<!-- mp:end -->", f"- [ ] {text}\n<!-- mp:end -->")

    def move_to(self, uid: str, state: State) -> None:
        number = self.issue(uid).number
        match state:
            case State.OPEN:
                self.people.reopen(number)
            case State.IN_PROGRESS:
                self.people.start(number)
            case State.DONE | State.NOT_DONE:
                self.people.reopen(number)  # GitHub takes another reason only with another state
                reason = "completed" if state is State.DONE else "not_planned"
                self.people.close(number, reason)

    def milestones(self) -> list[str]:
        return [one.title for one in self.github.repo.milestones.values()]

    def delete(self, uid: str) -> None:
        self.github.world.forget(self.issue(uid))

    def foreign(self) -> str:
        return f"#{self.people.create('Something else').number}"


class GitHubProjectPlace(GitHubPlace):
    """The same with a project that gets the dates, and with somebody else's draft in it."""

    def __init__(self, folder: Path, github: FakeGitHub | None = None) -> None:
        super().__init__(folder, github)
        self.project = self.github.add_project()
        self.project.add()

    def tracker(self, waits: Patience | None = None) -> GitHubTracker:
        return GitHubTracker(self.settings(), self.folder, "fraud-scoring", waits or hasty())

    def tracker_with(self, **more: object) -> GitHubTracker:
        return GitHubTracker(self.settings() | more, self.folder, "fraud-scoring", hasty())

    def settings(self) -> dict[str, object]:
        """Return what a project's settings say of the place."""
        return {
            "repository": self.github.repo.full_name,
            "base_url": self.github.base_url,
            "token_command": f"echo {TOKEN}",
            "project": self.project.number,
        }

    def dates(self, uid: str) -> dict[str, str]:
        """Return the dates of the ticket on the project's roadmap, by the names of the fields."""
        return self.project.dates(self.issue(uid))


PLACES: dict[str, type[Place]] = {
    "local": LocalPlace,
    "github": GitHubPlace,
    "github-project": GitHubProjectPlace,
    "jira-cloud": JiraPlace,
    "jira-dc": DataCenterPlace,
}


def epic(name: str, *, plan: str = PLAN, body: str = "The section.", rank: int = 1) -> Ticket:
    """An epic as the renderer makes it."""
    return Ticket(
        uid=Uid(f"{plan}.{name}"),
        kind=Kind.EPIC,
        title=f"Section {name}",
        body=body,
        labels=("maturity", name),
        rank=rank,
    )


def ticket(
    name: str,
    *,
    plan: str = PLAN,
    title: str = "",
    body: str = "What to do.\n\n- **Wanted:** Automatic",
    acceptance: tuple[str, ...] = ("It runs in CI.", "It is linked here."),
    labels: tuple[str, ...] = ("maturity", "data"),
    needs: tuple[str, ...] = (),
    epic: str = "data",
    rank: int = 2,
) -> Ticket:
    """A ticket as the renderer makes it; `needs` and `epic` by their names."""
    return Ticket(
        uid=Uid(f"{plan}.{name}.automated"),
        kind=Kind.TICKET,
        title=title or f"Item {name}",
        body=body,
        acceptance=acceptance,
        labels=labels,
        priority="medium",
        epic=Uid(f"{plan}.{epic}"),
        needs=tuple(Uid(f"{plan}.{need}.automated") for need in needs),
        rank=rank,
    )


def uid_of(name: str, plan: str = PLAN) -> str:
    """The identity of a ticket by its name."""
    return f"{plan}.{name}.automated"


def sync(
    tracker: Tracker, wanted: list[Ticket], *, plan: str = PLAN, force: bool = False
) -> ChangeSet:
    """Bring the tracker in line, and return what was to do; every step has to succeed."""
    tracker.tidy()
    fitting = [tracker.fit(one) for one in wanted]
    changes = compute_changes(fitting, tracker.read(plan), force=force, digest=tracker.digest)
    steps = list(apply(tracker, plan, changes, NOW))
    assert [step.error for step in steps if step.error] == []
    return changes


def present(tracker: Tracker, plan: str = PLAN) -> dict[str, Present]:
    """What the tracker holds, by identity."""
    return {found.uid: found for found in tracker.read(plan)}
