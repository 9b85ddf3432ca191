"""Calls that a sync with GitHub takes, beside a plain loop over PyGithub, counted by our fake.

`python bench/tickets.py`: 100 tickets in 10 epics with 60 links, into an empty repository; then
the same again; then the states alone. The loop is what a script does that treats one ticket after
the other: it creates each issue, hangs it below its epic and adds its links; the second time it
looks each issue and its links up; for the states it gets each issue. It could not go on after a
crash, and it takes no notice of what people wrote.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from github import Auth, Github
from github.Issue import Issue
from github.Repository import Repository

from builders import NOW
from contract.places import PLAN, GitHubPlace
from contract.test_github_tracker import large_plan
from fakes.github import TOKEN, FakeGitHub
from maturity_planner.core.changes import compute_changes
from maturity_planner.core.tickets import Ticket
from maturity_planner.sync import apply

WORK = ("create all", "change nothing", "read the states")


def counted(github: FakeGitHub, work: Callable[[], object]) -> int:
    """Return how many requests the work takes."""
    github.server.forget()
    work()
    return len(github.exchanges)


def ours(plan: Sequence[Ticket]) -> list[int]:
    """Return the calls of our tracker for each kind of work."""
    with tempfile.TemporaryDirectory() as folder, FakeGitHub() as github:
        place = GitHubPlace(Path(folder), github)

        def sync() -> None:
            tracker = place.tracker()
            list(apply(tracker, PLAN, compute_changes(plan, tracker.read(PLAN)), NOW))

        work = (sync, sync, lambda: place.tracker().read(PLAN))
        return [counted(github, one) for one in work]


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


def plain(plan: Sequence[Ticket]) -> list[int]:
    """Return the calls of the loop for each kind of work."""
    with FakeGitHub() as github:
        client = Github(auth=Auth.Token(TOKEN), base_url=github.base_url, seconds_between_writes=0)
        repo = client.get_repo(github.repo.full_name)
        made: dict[str, Issue] = {}
        first = counted(github, lambda: made.update(create_each(repo, plan)))
        numbers = [issue.number for issue in made.values()]
        second = counted(github, lambda: look_up_each(repo, numbers))
        third = counted(github, lambda: [repo.get_issue(number).state for number in numbers])
        return [first, second, third]


def main() -> None:
    """Print the table."""
    plan = large_plan()
    print(f"{'calls to GitHub':16} {'ours':>5} {'loop':>5} {'most':>5}")
    for what, mine, loop, most in zip(WORK, ours(plan), plain(plan), (280, 3, 2), strict=True):
        print(f"{what:16} {mine:5} {loop:5} {most:5}")


if __name__ == "__main__":
    main()
