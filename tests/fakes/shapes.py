"""The JSON that GitHub makes of what it holds."""

from __future__ import annotations

import base64
import datetime
from dataclasses import dataclass
from typing import Any

from .world import Comment, Issue, IssueType, Label, Milestone, Repo, Right, Token

USER_LINKS = """
followers following=following{/other_user} gists=gists{/gist_id} starred=starred{/owner}{/repo}
subscriptions organizations=orgs repos events=events{/privacy} received_events
"""
REPO_LINKS = """
forks keys=keys{/key_id} collaborators=collaborators{/collaborator} teams hooks
issue_events=issues/events{/number} events assignees=assignees{/user} branches=branches{/branch}
tags blobs=git/blobs{/sha} git_tags=git/tags{/sha} git_refs=git/refs{/sha} trees=git/trees{/sha}
statuses=statuses/{sha} languages stargazers contributors subscribers subscription
commits=commits{/sha} git_commits=git/commits{/sha} comments=comments{/number}
issue_comment=issues/comments{/number} contents=contents/{+path} compare=compare/{base}...{head}
merges archive={archive_format}{/ref} downloads issues=issues{/number} pulls=pulls{/number}
milestones=milestones{/number} notifications=notifications{?since,all,participating}
labels=labels{/name} releases=releases{/id} deployments
"""
ZEROS = ("forks", "forks_count", "stargazers_count", "watchers", "watchers_count", "size")
REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")
CREATED = "2024-02-01T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Features:
    """What the server can do; an older Enterprise Server can less."""

    sub_issues: bool = True
    dependencies: bool = True
    issue_types: bool = True


def when(at: datetime.datetime) -> str:
    """Return the time as GitHub writes it, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def node(kind: str, number: int) -> str:
    """Return an id of the other interface (GraphQL)."""
    return f"{kind}_{base64.urlsafe_b64encode(str(number).encode()).decode()}"


def links(text: str, url: str) -> dict[str, str]:
    """Return the addresses below the URL that a list of NAME or NAME=PATH stands for."""
    pairs = (pair.partition("=") for pair in text.split())
    return {f"{name}_url": f"{url}/{path or name}" for name, _, path in pairs}


class Shapes:
    """Makes JSON, with links that start with the base URL."""

    def __init__(self, api: str, site: str, features: Features) -> None:
        self.api, self.site, self.features = api, site, features
        self.api_path = api.removeprefix(site)

    def user(self, login: str, kind: str = "User") -> dict[str, Any]:
        """An account."""
        url = f"{self.api}/users/{login}"
        number = int.from_bytes(login.encode()[:4], "big")
        return {
            "login": login,
            "id": number,
            "node_id": node("U", number),
            "avatar_url": f"{self.site}/avatars/{login}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self.site}/{login}",
            "type": kind,
            "site_admin": False,
            "user_view_type": "public",
            **links(USER_LINKS, url),
        }

    def account(self, login: str) -> dict[str, Any]:
        """The account that a token belongs to."""
        nothing = ("bio", "company", "email", "hireable", "location", "name")
        counts = ("followers", "following", "public_gists", "public_repos")
        return {
            **self.user(login),
            **dict.fromkeys(nothing),
            **dict.fromkeys(counts, 0),
            "blog": "",
            "created_at": CREATED,
            "updated_at": CREATED,
        }

    def repo_url(self, repo: Repo) -> str:
        """Where the interface has the repository."""
        return f"{self.api}/repos/{repo.full_name}"

    def repository(self, repo: Repo, token: Token) -> dict[str, Any]:
        """A repository with what the token may do in it."""
        url, html = self.repo_url(repo), f"{self.site}/{repo.full_name}"
        right = repo.right_of(token)
        opened = sum(issue.state == "open" for issue in repo.issues.values())
        owner = self.user(repo.owner, "Organization" if repo.is_organization else "User")
        return {
            "id": repo.id,
            "node_id": node("R", repo.id),
            "name": repo.name,
            "full_name": repo.full_name,
            "private": repo.is_private,
            "visibility": "private" if repo.is_private else "public",
            "owner": owner,
            **({"organization": owner} if repo.is_organization else {}),
            "html_url": html,
            "description": None,
            "fork": False,
            "url": url,
            **links(REPO_LINKS, url),
            **dict.fromkeys(("created_at", "updated_at", "pushed_at"), CREATED),
            **{f"{scheme}_url": f"{html}.git" for scheme in ("git", "clone", "svn", "ssh")},
            **dict.fromkeys((*ZEROS, "network_count", "subscribers_count"), 0),
            **dict.fromkeys(("homepage", "language", "license", "mirror_url")),
            **dict.fromkeys(("has_projects", "has_wiki"), True),
            **dict.fromkeys(("has_pages", "has_discussions", "disabled"), False),
            "has_issues": repo.has_issues,
            "archived": repo.is_archived,
            "open_issues": opened,
            "open_issues_count": opened,
            "default_branch": "main",
            "permissions": {
                "admin": False,
                "maintain": False,
                "push": right >= Right.PUSH,
                "triage": right >= Right.TRIAGE,
                "pull": True,
            },
        }

    def label(self, repo: Repo, label: Label) -> dict[str, Any]:
        """A label."""
        return {
            "id": label.id,
            "node_id": node("LA", label.id),
            "url": f"{self.repo_url(repo)}/labels/{label.name.replace(' ', '%20')}",
            "name": label.name,
            "color": label.color,
            "default": False,
            "description": label.description,
        }

    def type(self, kind: IssueType) -> dict[str, Any]:
        """A type of issue."""
        return {
            "id": kind.id,
            "node_id": node("IT", kind.id),
            "name": kind.name,
            "description": None,
            "color": "blue",
            "created_at": CREATED,
            "updated_at": CREATED,
            "is_enabled": kind.is_enabled,
        }

    def milestone(self, repo: Repo, milestone: Milestone) -> dict[str, Any]:
        """A milestone."""
        url = f"{self.repo_url(repo)}/milestones/{milestone.number}"
        inside = [i for i in repo.issues.values() if i.milestone is milestone]
        return {
            "url": url,
            "html_url": f"{self.site}/{repo.full_name}/milestone/{milestone.number}",
            "labels_url": f"{url}/labels",
            "id": milestone.id,
            "node_id": node("MI", milestone.id),
            "number": milestone.number,
            "title": milestone.title,
            "description": milestone.description,
            "creator": self.user("ana"),
            "open_issues": sum(i.state == "open" for i in inside),
            "closed_issues": sum(i.state == "closed" for i in inside),
            "state": milestone.state,
            "created_at": when(milestone.created_at),
            "updated_at": when(milestone.created_at),
            "due_on": milestone.due_on,
            "closed_at": None,
        }

    def comment(self, issue: Issue, comment: Comment) -> dict[str, Any]:
        """A comment."""
        url = self.issue_url(issue)
        return {
            "id": comment.id,
            "node_id": node("IC", comment.id),
            "url": f"{self.repo_url(issue.repo)}/issues/comments/{comment.id}",
            "html_url": f"{self.html_url(issue)}#issuecomment-{comment.id}",
            "issue_url": url,
            "body": comment.body,
            "user": self.user(comment.author),
            "created_at": when(comment.at),
            "updated_at": when(comment.at),
            "author_association": "MEMBER",
        }

    def issue_url(self, issue: Issue) -> str:
        """Where the interface has the issue."""
        return f"{self.repo_url(issue.repo)}/issues/{issue.number}"

    def html_url(self, issue: Issue) -> str:
        """Where a browser finds it."""
        place = "pull" if issue.is_pull_request else "issues"
        return f"{self.site}/{issue.repo.full_name}/{place}/{issue.number}"

    def issue(self, issue: Issue) -> dict[str, Any]:
        """An issue, as lists and single requests show it."""
        url, people = self.issue_url(issue), [self.user(login) for login in issue.assignees]
        shape: dict[str, Any] = {
            "url": url,
            "repository_url": self.repo_url(issue.repo),
            "labels_url": f"{url}/labels{{/name}}",
            **{f"{name}_url": f"{url}/{name}" for name in ("comments", "events", "timeline")},
            "html_url": self.html_url(issue),
            "id": issue.id,
            "node_id": node("I", issue.id),
            "number": issue.number,
            "title": issue.title,
            "user": self.user(issue.author),
            "labels": [self.label(issue.repo, label) for label in issue.labels],
            "state": issue.state,
            "locked": False,
            "active_lock_reason": None,
            "assignee": people[0] if people else None,
            "assignees": people,
            "milestone": issue.milestone and self.milestone(issue.repo, issue.milestone),
            "comments": len(issue.comments),
            "created_at": when(issue.created_at),
            "updated_at": when(issue.updated_at),
            "closed_at": issue.closed_at and when(issue.closed_at),
            "closed_by": issue.closed_by and self.user(issue.closed_by),
            "author_association": "NONE" if issue.author in issue.repo.strangers else "MEMBER",
            "body": issue.body,
            "reactions": {"url": f"{url}/reactions", "total_count": 0}
            | dict.fromkeys(REACTIONS, 0),
            "performed_via_github_app": None,
            "state_reason": issue.state_reason,
        }
        return shape | self._relations(issue, url)

    def _relations(self, issue: Issue, url: str) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if issue.is_pull_request:
            links = {"url": url.replace("/issues/", "/pulls/"), "html_url": self.html_url(issue)}
            ends = {f"{end}_url": f"{self.html_url(issue)}.{end}" for end in ("diff", "patch")}
            return {"draft": False, "pull_request": {**links, **ends, "merged_at": None}}
        if self.features.issue_types:
            more["type"] = issue.type and self.type(issue.type)
        if self.features.sub_issues:
            done = sum(child.state == "closed" for child in issue.children)
            total = len(issue.children)
            percent = done * 100 // total if total else 0
            counts = {"total": total, "completed": done, "percent_completed": percent}
            more["sub_issues_summary"] = counts
            if issue.parent:
                more["parent_issue_url"] = self.issue_url(issue.parent)
        if self.features.dependencies:
            more["issue_dependencies_summary"] = {
                "blocked_by": sum(i.state == "open" for i in issue.blocked_by),
                "total_blocked_by": len(issue.blocked_by),
                "blocking": sum(i.state == "open" for i in issue.blocking),
                "total_blocking": len(issue.blocking),
            }
        return more
