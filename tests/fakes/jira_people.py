"""What people do in a Jira project while we are not looking."""

from __future__ import annotations

from .jira_schemes import Status
from .jira_world import Issue, Project, World


class JiraPeople:
    """Ana at work in one project; every issue is named by its key."""

    def __init__(self, world: World, project: Project, who: str = "ana") -> None:
        self.world, self.project, self.who = world, project, who

    def create(
        self,
        summary: str,
        description: str | None = None,
        labels: tuple[str, ...] = (),
        *,
        type_name: str = "Task",
        project: Project | None = None,
    ) -> Issue:
        """Create an issue of her own, in this project or in another."""
        kind = next(one for one in self.world.scheme.types if one.name == type_name)
        values = {"summary": summary, "description": description, "labels": list(labels)}
        return self.world.add_issue(project or self.project, kind, values, self.who)

    def edit(self, key: str, *, summary: str | None = None, description: str | None = None) -> None:
        """Change the summary or the text."""
        sent = {"summary": summary, "description": description}
        values = {name: value for name, value in sent.items() if value is not None}
        self.world.set(self._issue(key), values, self.who)

    def add_label(self, key: str, label: str) -> None:
        """Put a label on it."""
        issue = self._issue(key)
        self.world.set(issue, {"labels": [*issue.labels, label]}, self.who)

    def remove_label(self, key: str, label: str) -> None:
        """Take a label off."""
        issue = self._issue(key)
        self.world.set(issue, {"labels": [x for x in issue.labels if x != label]}, self.who)

    def start(self, key: str) -> None:
        """Take the work on."""
        self.set_status(key, self._status(key, "indeterminate").name)

    def close(self, key: str, resolution: str | None = "Done", *, status: str = "") -> None:
        """Finish it with a resolution, or with none."""
        issue = self._issue(key)
        found = [one for one in self.world.scheme.resolutions if one.name == resolution]
        to = issue.project.workflow.status(status) if status else self._status(key, "done")
        self.world.set_status(issue, to, found[0] if resolution else None, self.who)

    def reopen(self, key: str) -> None:
        """Put it back to where it began."""
        self.set_status(key, self._status(key, "new").name)

    def set_status(self, key: str, name: str) -> None:
        """Give it the status of that name, as those who may do everything can."""
        issue = self._issue(key)
        self.world.set_status(issue, issue.project.workflow.status(name), None, self.who)

    def comment(self, key: str, text: str) -> None:
        """Say something."""
        self.world.add_comment(self._issue(key), text, self.who)

    def set_parent(self, key: str, epic: str | None) -> None:
        """Put it below another epic, or below none."""
        relation = "parent" if self.world.scheme.is_cloud else "epic"
        above = self._issue(epic) if epic else None
        self.world.set(self._issue(key), {relation: above}, self.who)

    def block(self, key: str, by: str) -> None:
        """Let it wait for another issue."""
        kind = next(one for one in self.world.scheme.link_types if one.name == "Blocks")
        self.world.add_link(kind, self._issue(by), self._issue(key), self.who)

    def unblock(self, key: str, by: str) -> None:
        """Let it wait no longer."""
        issue, blocker = self._issue(key), self._issue(by)
        for link in self.world.links_of(issue):
            if link.source is blocker:
                self.world.remove_link(link, self.who)

    def move(self, key: str, to: Project) -> str:
        """Move it to another project, and return its new key."""
        issue = self._issue(key)
        self.world.move(issue, to, self.who)
        return issue.key

    def delete(self, key: str) -> None:
        """Delete it for good."""
        self.world.forget(self._issue(key), self.who)

    def _issue(self, key: str) -> Issue:
        found = self.world.find(key)
        assert found, f"there is no {key}"
        return found

    def _status(self, key: str, category: str) -> Status:
        statuses = self._issue(key).project.workflow.statuses
        return next(status for status in statuses if status.category == category)
