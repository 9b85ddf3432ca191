"""What people do in a repository while we are not looking."""

from __future__ import annotations

from .world import Issue, Repo, World


class People:
    """Ana at work in one repository; every issue is named by its number."""

    def __init__(self, world: World, repo: Repo, who: str = "ana") -> None:
        self.world, self.repo, self.who = world, repo, who

    def create(self, title: str, body: str | None = None, labels: tuple[str, ...] = ()) -> Issue:
        """Open an issue of her own."""
        issue = self.world.add_issue(self.repo, title, body, self.who)
        issue.labels = [self.world.label(self.repo, name) for name in labels]
        return issue

    def create_pull_request(self, title: str, labels: tuple[str, ...] = ()) -> Issue:
        """Open a pull request."""
        issue = self.create(title, None, labels)
        issue.is_pull_request = True
        return issue

    def edit(self, number: int, *, title: str | None = None, body: str | None = None) -> None:
        """Change the title or the text."""
        issue = self.repo.issues[number]
        issue.title = issue.title if title is None else title
        issue.body = issue.body if body is None else body
        self.world.record(issue, self.who, "edit")

    def add_label(self, number: int, name: str) -> None:
        """Put a label on it."""
        issue = self.repo.issues[number]
        issue.labels.append(self.world.label(self.repo, name))
        self.world.record(issue, self.who, f"label {name}")

    def remove_label(self, number: int, name: str) -> None:
        """Take a label off."""
        issue = self.repo.issues[number]
        issue.labels = [label for label in issue.labels if label.name.lower() != name.lower()]
        self.world.record(issue, self.who, f"unlabel {name}")

    def delete_label(self, name: str) -> None:
        """Delete the label from the repository, and so from every issue."""
        for number, issue in self.repo.issues.items():
            if name.lower() in (label.lower() for label in issue.label_names()):
                self.remove_label(number, name)
        del self.repo.labels[name.lower()]

    def close(self, number: int, reason: str = "completed") -> None:
        """Close it as completed, not_planned or duplicate."""
        self.world.set_state(self.repo.issues[number], "closed", reason, self.who)

    def reopen(self, number: int) -> None:
        """Open it again."""
        self.world.set_state(self.repo.issues[number], "open", None, self.who)

    def start(self, number: int) -> None:
        """Take the work on."""
        issue = self.repo.issues[number]
        issue.assignees.append(self.who)
        self.world.record(issue, self.who, "assign")

    def comment(self, number: int, text: str) -> None:
        """Say something."""
        self.world.add_comment(self.repo.issues[number], text, self.who)

    def move(self, number: int, parent: int | None) -> None:
        """Make it a sub-issue of another one, or of none."""
        above = self.repo.issues[parent] if parent else None
        self.world.set_parent(self.repo.issues[number], above, self.who)

    def block(self, number: int, by: int, *, undo: bool = False) -> None:
        """Let it wait for another issue, or no longer."""
        issues = self.repo.issues
        self.world.block(issues[number], issues[by], self.who, undo=undo)

    def transfer(self, number: int, to: Repo) -> Issue:
        """Move it to another repository, where it gets a number and id of its own."""
        issue = self.repo.issues[number]
        self.world.forget(issue)
        new = self.world.add_issue(to, issue.title, issue.body, issue.author)
        new.state, new.state_reason, new.closed_at = (
            issue.state,
            issue.state_reason,
            issue.closed_at,
        )
        new.labels = [self.world.label(to, label.name) for label in issue.labels]
        new.comments = issue.comments
        self.repo.moved[number] = new
        self.world.record(new, self.who, "transfer")
        return new

    def delete(self, number: int) -> None:
        """Delete it for good."""
        issue = self.repo.issues[number]
        self.world.record(issue, self.who, "delete")
        self.world.forget(issue)
        self.repo.deleted.add(number)

    def rename_repository(self, name: str) -> None:
        """Give the repository another name."""
        self.repo.rename(name)
