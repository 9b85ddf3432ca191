"""Calls that a sync takes, beside a plain loop over the library of each tracker, on our fakes.

`python bench/tickets.py`: 100 tickets in 10 epics with 60 links, into an empty place; then the
same again, with and without what `.maturity/` remembers; then the states alone. The loop is what a
script does that treats one ticket after the other: it creates each issue, puts it below its epic
and adds its links; the second time it looks each issue and its links up; for the states it gets
each issue. It could not go on after a crash, and it takes no notice of what people wrote.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from github import Auth, Github
from github.Issue import Issue
from github.Repository import Repository
from jira import JIRA

from builders import NOW
from contract.places import PLAN
from contract.sites import DataCenterSite, GitHubSite, JiraSite, Site
from contract.test_github_tracker import large_plan
from fakes.github import TOKEN, FakeGitHub
from fakes.jira import FakeJira
from fakes.jira_client import connect
from fakes.server import Server
from maturity_planner.applying import apply
from maturity_planner.core.changes import compute_changes
from maturity_planner.core.tickets import Kind, Ticket

WORK = ("create all", "change nothing", "the same, notes lost", "read the states")


def counted(server: Server, work: Callable[[], object]) -> int:
    """Return how many requests the work takes."""
    server.forget()
    work()
    return len(server.exchanges)


def ours(kind: type[Site], plan: Sequence[Ticket]) -> list[int]:
    """Return the calls of our tracker for each kind of work."""
    with tempfile.TemporaryDirectory() as folder, kind(Path(folder)) as site:

        def sync() -> None:
            tracker = site.tracker()
            wanted, present = [tracker.fit(one) for one in plan], tracker.read(PLAN)
            changes = compute_changes(wanted, present, digest=tracker.digest)
            list(apply(tracker, PLAN, changes, NOW))

        def sync_anew() -> None:
            for path in Path(folder).glob(".maturity/*.json"):
                path.unlink()
            sync()

        work = (sync, sync, sync_anew, lambda: site.tracker().read(PLAN))
        return [counted(site.server, one) for one in work]


# GitHub -------------------------------------------------------------------------------


def create_each(repo: Repository, plan: Sequence[Ticket]) -> dict[str, Issue]:
    """Create the issues one after the other."""
    made: dict[str, Issue] = {}
    for ticket in plan:
        issue = made[ticket.uid] = repo.create_issue(
            ticket.title, body=ticket.body, labels=["plan"]
        )
        if ticket.epic:
            made[ticket.epic].add_sub_issue(issue.id)
        for need in ticket.needs:
            issue.add_blocked_by(made[need])
    return made


def look_up_each(repo: Repository, numbers: Sequence[int]) -> None:
    """Get each issue and what it is linked to."""
    for number in numbers:
        issue = repo.get_issue(number)
        list(issue.get_sub_issues())
        list(issue.get_blocked_by())


def plain_github(plan: Sequence[Ticket]) -> list[int]:
    """Return the calls of the loop over PyGithub for each kind of work."""
    with FakeGitHub() as github:
        client = Github(
            auth=Auth.Token(TOKEN),
            base_url=github.base_url,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        repo = client.get_repo(github.repo.full_name)
        made: dict[str, Issue] = {}
        first = counted(github.server, lambda: made.update(create_each(repo, plan)))
        numbers = [issue.number for issue in made.values()]
        second = counted(github.server, lambda: look_up_each(repo, numbers))
        third = counted(github.server, lambda: [repo.get_issue(n).state for n in numbers])
        return [first, second, second, third]


# Jira ---------------------------------------------------------------------------------


def create_each_in_jira(client: JIRA, jira: FakeJira, plan: Sequence[Ticket]) -> dict[str, str]:
    """Create the issues one after the other, and return their keys."""
    made: dict[str, str] = {}
    scheme = jira.world.scheme
    for ticket in plan:
        is_epic = ticket.kind is Kind.EPIC
        fields: dict[str, Any] = {
            "project": {"key": jira.project.key},
            "issuetype": {"name": "Epic" if is_epic else "Task"},
            "summary": ticket.title,
            "description": ticket.body,
            "labels": ["plan"],
        }
        if is_epic and not jira.is_cloud:
            fields[scheme.epic_name.id] = ticket.title
        if ticket.epic and jira.is_cloud:
            fields["parent"] = {"key": made[ticket.epic]}
        elif ticket.epic:
            fields[scheme.epic_link.id] = made[ticket.epic]
        made[ticket.uid] = client.create_issue(fields).key
        for need in ticket.needs:
            client.create_issue_link("Blocks", made[need], made[ticket.uid])
    return made


def plain_jira(flavour: str, plan: Sequence[Ticket]) -> list[int]:
    """Return the calls of the loop over the jira package; an issue comes with its links."""
    with FakeJira(flavour) as jira:
        client = connect(jira)
        made: dict[str, str] = {}
        first = counted(jira.server, lambda: made.update(create_each_in_jira(client, jira, plan)))
        second = counted(jira.server, lambda: [client.issue(key) for key in made.values()])
        client._session.close()
        return [first, second, second, second]


def main() -> None:
    """Print a table for each service."""
    plan = large_plan()
    table = (
        ("GitHub", GitHubSite, plain_github(plan), (280, 3, 3, 2)),
        ("Jira Cloud", JiraSite, plain_jira("cloud", plan), (80, 3, 4, 2)),
        ("Jira Data Center", DataCenterSite, plain_jira("dc", plan), (80, 3, 120, 2)),
    )
    for name, kind, loops, mosts in table:
        print(f"{f'calls to {name}':26} {'ours':>5} {'loop':>5} {'most':>5}")
        for what, mine, loop, most in zip(WORK, ours(kind, plan), loops, mosts, strict=True):
            print(f"{what:26} {mine:5} {loop:5} {most:5}")


if __name__ == "__main__":
    main()
