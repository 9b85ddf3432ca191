"""An issue as GitHub's JSON has it, and as one of our tickets."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from typing import Any

from ..core.tickets import Kind, State, Ticket, Uid
from .block import Block
from .patience import unusable_answer

MOST_TITLE, MOST_TEXT = 255, 65_536
MOST_LABEL = 50
ROOM = 5_000
"""Characters of an issue that are left to people and to the first line of our block."""

PRIORITY = "priority:"
CUT = "\n\n(What followed did not fit into an issue.)"

_ISSUE_URL = re.compile(r".*/repos/([^/]+/[^/]+)/issues/(\d+)")


@dataclass(frozen=True, slots=True)
class Issue:
    """What we use of an issue. `name` is #12, or OWNER/NAME#12 in another repository.

    `parent` is such a name or empty; `blockers` counts what the issue waits for. Either is None
    where the server has no such links. `is_trusted`: its author belongs to the project. `needs`
    are our identities, or names of issues that are not ours; known once somebody has looked.
    `node` is the issue's id in GraphQL.
    """

    number: int
    id: int
    title: str
    text: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    state: State
    closed_on: datetime.date | None
    comments: int
    parent: str | None
    blockers: int | None
    is_trusted: bool
    milestone: str = ""
    node: str = ""
    block: Block | None = None
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a person would write in the same repository."""
        return f"#{self.number}"

    @property
    def ours(self) -> Block:
        """Our block, which the issue is known to have."""
        assert self.block is not None
        return self.block

    @property
    def uid(self) -> Uid:
        """The identity of the ticket."""
        return self.ours.mark.uid

    @property
    def kind(self) -> Kind:
        """Epics have the shorter identity."""
        return Kind.EPIC if self.uid.count(".") == 1 else Kind.TICKET


def read_issue(data: Any, repository: str) -> Issue:
    """Return the issue, without a look at our block.

    Raises:
        TrackerError: this is no issue of that repository.
    """
    try:
        home = str(data["repository_url"]).partition("/repos/")[2]
        if home.lower() != repository.lower() or not isinstance(data["id"], int):
            raise ValueError(home)
        closed = data["closed_at"]
        blockers = data.get("issue_dependencies_summary")
        parent = data.get("parent_issue_url") or ""
        return Issue(
            number=int(data["number"]),
            id=data["id"],
            title=str(data["title"]),
            text=str(data["body"] or ""),
            labels=tuple(str(label["name"]) for label in data["labels"]),
            assignees=tuple(str(user["login"]) for user in data["assignees"] or ()),
            state=_state(data),
            closed_on=datetime.date.fromisoformat(str(closed)[:10]) if closed else None,
            comments=int(data["comments"]),
            parent=name_of(parent, repository) if "sub_issues_summary" in data else None,
            blockers=int(blockers["total_blocked_by"]) if blockers else None,
            is_trusted=_is_trusted(data),
            milestone=str((data.get("milestone") or {}).get("title", "")),
            node=str(data.get("node_id", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise unusable_answer("GitHub", f"about an issue of {repository}") from error


def _is_trusted(data: Any) -> bool:
    user = data.get("user") or {}
    insiders = ("OWNER", "MEMBER", "COLLABORATOR")
    return data.get("author_association") in insiders or user.get("type") == "Bot"


def name_of(url: str, repository: str) -> str:
    """Return the name of the issue with that address; empty without one."""
    found = _ISSUE_URL.fullmatch(url)
    if not found:
        return ""
    is_here = found[1].lower() == repository.lower()
    return f"#{found[2]}" if is_here else f"{found[1]}#{found[2]}"


def _state(data: Any) -> State:
    if data["state"] == "open":
        return State.OPEN
    return State.NOT_DONE if data["state_reason"] in ("not_planned", "duplicate") else State.DONE


def same_label(one: str, other: str) -> bool:
    """Whether GitHub takes the names for one label: it does not look at capitals."""
    return one.lower() == other.lower()


def label_of(text: str) -> str:
    """Return the text as a label that filters and addresses can name.

    >>> label_of("Data & Features")
    'data-features'
    """
    return re.sub(r"[^a-z0-9:-]+", "-", text.lower()).strip("-")[:MOST_LABEL].rstrip("-")


def fitted(ticket: Ticket, *, with_dates: bool = False) -> Ticket:
    """Return the ticket as an issue can hold it; dates only where a project takes them."""
    room = (MOST_TEXT - ROOM) // 2
    criteria, left = [], room
    for text in ticket.acceptance:
        left -= len(text) + len("- [ ] \n")
        if left >= 0:
            criteria.append(text)
    body, title = ticket.body, ticket.title
    return replace(
        ticket,
        title=title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 3]}...",
        body=body if len(body) <= room else body[: room - len(CUT)] + CUT,
        acceptance=tuple(criteria),
        labels=tuple(dict.fromkeys(filter(None, map(label_of, ticket.labels)))),
        start=ticket.start if with_dates else None,
        due=ticket.due if with_dates else None,
        priority=label_of(ticket.priority)[: MOST_LABEL - len(PRIORITY)],
    )
