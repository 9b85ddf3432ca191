"""Services under fire: what the crash tests do with each of them, and ask it afterwards."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from contract.jira_place import DataCenterPlace, JiraPlace
from contract.places import GitHubPlace
from fakes import github, jira
from fakes.faults import Fault, Kind
from fakes.github import FakeGitHub
from fakes.jira import FakeJira
from fakes.jira_world import Issue
from fakes.server import Server
from maturity_planner.trackers.base import Tracker
from maturity_planner.trackers.patience import Patience

REFUSALS_OF_GITHUB = (Kind.SECONDARY, Kind.SECONDARY_SILENT)


EVERY = os.environ.get("FAULTS") == "all"
"""Whether every write is struck, as `make faults` does; else a part of them, spread evenly."""


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket as it is there: its epic and its needs by their identities, what was said in it."""

    uid: str
    parent: str | None
    needs: list[str]
    comments: list[str]


class Site(ABC):
    """One service with a place of ours, and tickets of strangers in it.

    `variable` holds the token for the command, `kinds` is what can go wrong with it. Of the
    writes every `step`th is struck.
    """

    variable: str
    token: str
    kinds: tuple[Kind, ...] = tuple(Kind)
    step = 1 if EVERY else 3
    server: Server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()

    @abstractmethod
    def __init__(self, folder: Path) -> None:
        """Start the service; a run of ours keeps its notes in the folder."""

    @abstractmethod
    def tracker(self, waits: Patience | None = None) -> Tracker:
        """Return a tracker as a new run has it."""

    @abstractmethod
    def settings(self) -> str:
        """Return what a project's settings say of it."""

    @abstractmethod
    def strangers(self) -> set[str]:
        """Create tickets that are not ours, and return what they are called."""

    @abstractmethod
    def found(self) -> list[Found]:
        """Return every ticket of ours, doubles too."""

    @abstractmethod
    def touched(self) -> set[str]:
        """Return what we have changed."""

    @abstractmethod
    def violations(self) -> list[str]:
        """Return what does not fit the service's own description."""

    def fail(self, fault: Fault) -> Fault:
        """Let the fault happen, and return it."""
        return self.server.faults.add(fault)


class GitHubSite(Site):
    """A repository."""

    variable, token = "GITHUB_TOKEN", github.TOKEN

    def __init__(self, folder: Path) -> None:
        self.github = FakeGitHub()
        self.place = GitHubPlace(folder, self.github)
        self.server = self.github.server

    def tracker(self, waits: Patience | None = None) -> Tracker:
        return self.place.tracker(waits)

    def settings(self) -> str:
        return (
            f'[tracker]\nkind = "github"\n[tracker.github]\n'
            f'repository = "{self.github.repo.full_name}"\nbase_url = "{self.github.base_url}"\n'
        )

    def strangers(self) -> set[str]:
        create = self.github.people.create
        return {str(create(f"Theirs {n}", "Text").number) for n in range(3)}

    def found(self) -> list[Found]:
        return [
            Found(
                uid=uid,
                parent=_uid(issue.parent.body) if issue.parent else None,
                needs=sorted(_uid(other.body) for other in issue.blocked_by),
                comments=[re.sub(r"<!--.*", "", comment.body) for comment in issue.comments],
            )
            for issue in self.github.issues
            if (uid := _uid(issue.body))
        ]

    def touched(self) -> set[str]:
        return {str(change.number) for change in self.github.changes()}

    def violations(self) -> list[str]:
        return self.github.violations()


def _uid(body: str | None) -> str:
    uids = re.findall(r"<!-- mp:begin v1 uid=(\S+)", body or "")
    assert len(uids) <= 1
    return str(uids[0]) if uids else ""


class JiraSite(Site):
    """A project on a Cloud."""

    variable, token = "JIRA_TOKEN", jira.TOKEN
    kinds = tuple(kind for kind in Kind if kind not in REFUSALS_OF_GITHUB)
    lag = 0

    def __init__(self, folder: Path) -> None:
        self.place = self._place(folder)
        self.jira = self.place.jira
        self.jira.world.lag_reads = self.lag
        self.server = self.jira.server

    def _place(self, folder: Path) -> JiraPlace:
        return JiraPlace(folder, FakeJira("cloud"))

    def tracker(self, waits: Patience | None = None) -> Tracker:
        return self.place.tracker(waits)

    def settings(self) -> str:
        named = self.place.settings()
        del named["token_command"]
        lines = [f'{name} = "{value}"' for name, value in named.items()]
        return "\n".join(['[tracker]\nkind = "jira"\n[tracker.jira]', *lines, ""])

    def strangers(self) -> set[str]:
        create = self.jira.people.create
        return {create(f"Theirs {n}", "Text").key for n in range(3)}

    def found(self) -> list[Found]:
        world = self.jira.world
        uids = {issue.id: str(issue.properties["mp"]["uid"]) for issue in self.ours()}
        return [
            Found(
                uid=uids[issue.id],
                parent=uids[above.id] if (above := issue.parent or issue.epic) else None,
                needs=sorted(uids[x.source.id] for x in world.links_of(issue) if x.target is issue),
                comments=[re.sub(r"\(mp-uid.*", "", comment.body) for comment in issue.comments],
            )
            for issue in self.ours()
        ]

    def ours(self) -> list[Issue]:
        return [issue for issue in self.jira.issues if "mp" in issue.properties]

    def touched(self) -> set[str]:
        return {change.key for change in self.jira.changes()}

    def violations(self) -> list[str]:
        return self.jira.violations()


class LaggingSite(JiraSite):
    """A project on a Cloud whose index shows an issue only to the fifth search."""

    lag = 4
    step = 3 if EVERY else 5


class DataCenterSite(JiraSite):
    """A project on a Data Center."""

    def _place(self, folder: Path) -> JiraPlace:
        return DataCenterPlace(folder, FakeJira("dc"))


class BoardSite(DataCenterSite):
    """A project on a Data Center whose board alone can put tickets below epics.

    Between the request that creates them and that of the board many tickets have no epic: more
    than are changed without being asked.
    """

    step = 3 if EVERY else 5

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.jira.project.hidden.add(self.jira.world.scheme.epic_link.id)


SITES: dict[str, type[Site]] = {
    "github": GitHubSite,
    "jira-cloud": JiraSite,
    "jira-cloud-lagging": LaggingSite,
    "jira-dc": DataCenterSite,
    "jira-dc-board": BoardSite,
}
