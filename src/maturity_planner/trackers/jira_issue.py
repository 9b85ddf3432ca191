"""An issue as Jira's JSON has it, what we remember of it, and a ticket as it can be one."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Self

from ..core.tickets import Kind, State, Ticket, Uid, Value
from .jira_markup import to_wiki
from .jira_text import Text, take_apart
from .patience import unusable_answer

PROPERTY = "mp"
MOVED = "statuscategorychangedate"
"""When a Cloud's issue was last opened or closed: also where no resolution is set."""

MOST_TITLE, MOST_LABEL = 255, 255
MOST_TEXT, ROOM = 32_767, 3_000
"""Characters of a description, and how many of them are left to people and to our last line."""

CUT = "\n\n(What followed did not fit into an issue.)"
_UID = re.compile(r"[^\s.]+\.\S+")
_STATES = {"new": State.OPEN, "undefined": State.OPEN, "indeterminate": State.IN_PROGRESS}


@dataclass(frozen=True, slots=True)
class Memory:
    """What the entity property of an issue holds: nobody sees it, and it is no part of a text.

    `base` is what we wrote last, as in `Present`; `left_out` what the issue has no place for.
    `closed` is the state in which we closed it, empty once we opened it again, `left` how it
    looked then; `turn` counts how often we did either. `batch` names the tickets that were
    created together as long as their links may not all be made (`jira_tickets.Tickets.unsettled`);
    `settled`, in the oldest issue of a plan, is the id of the newest whose links are known to be.
    `home` is the key of the project that it was made for, wherever people moved it.
    """

    uid: Uid
    base: Mapping[str, Value] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    closed: str = ""
    left: str = ""
    turn: int = 0
    batch: str = ""
    settled: int = 0
    home: str = ""

    @classmethod
    def read(cls, data: Any) -> Self | None:
        """Return what the property says; None when that is nothing of ours."""
        try:
            uid = str(data["uid"])
            if data["v"] != 1 or not _UID.fullmatch(uid):
                return None
            base = {
                str(name): tuple(map(str, value)) if isinstance(value, list) else str(value)
                for name, value in data["base"].items()
            }
            left_out = {str(n): str(value) for n, value in data.get("left_out", {}).items()}
            return cls(
                Uid(uid),
                base,
                left_out,
                closed=str(data.get("closed", "")),
                left=str(data.get("left", "")),
                turn=int(data.get("turn", 0)),
                batch=str(data.get("batch", "")),
                settled=int(data.get("settled", 0)),
                home=str(data.get("home", "")),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            return None

    def data(self) -> dict[str, Any]:
        """Return what to keep; lists where there are tuples."""
        base = {n: list(v) if isinstance(v, tuple) else v for n, v in self.base.items()}
        more = {
            "left_out": dict(self.left_out),
            "closed": self.closed,
            "left": self.left,
            "turn": self.turn,
            "batch": self.batch,
            "settled": self.settled,
            "home": self.home,
        }
        kept = {name: value for name, value in more.items() if value}
        return {"v": 1, "uid": self.uid, "base": base, **kept}

    def properties(self) -> list[dict[str, Any]]:
        """Return what a request holds that writes it."""
        return [{"key": PROPERTY, "value": self.data()}]

    @property
    def stamp(self) -> str:
        """Twelve hex digits that change when the memory does."""
        text = json.dumps(self.data(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Issue:
    """What we use of an issue.

    `blockers` maps keys of issues that it waits for to the link. `ids` are those of status and
    resolution, `closed_at` is in UTC. `effort_days` is what a new one is estimated at; later
    nobody asks.
    """

    key: str
    id: int
    title: str
    text: str
    labels: tuple[str, ...]
    priority: str
    category: str
    status: str
    resolution: str
    closed_at: str
    parent: str
    blockers: Mapping[str, str]
    ids: str = ""
    versions: tuple[str, ...] = ()
    due: str = ""
    memory: Memory | None = None
    effort_days: Fraction = Fraction(0)

    @property
    def ours(self) -> Memory:
        """Our memory, which the issue is known to have."""
        assert self.memory is not None
        return self.memory

    @property
    def uid(self) -> Uid:
        """The identity of the ticket."""
        return self.ours.uid

    @property
    def kind(self) -> Kind:
        """Epics have the shorter identity."""
        return Kind.EPIC if self.uid.count(".") == 1 else Kind.TICKET

    @property
    def parts(self) -> Text:
        """The description taken apart."""
        if not self.memory:
            return take_apart(self.text, None)
        return take_apart(self.text, self.memory.base.get("body"), self.uid)

    def state(self, wont_do: frozenset[str]) -> State:
        """Return where it stands; `wont_do` names resolutions and statuses, in small letters.

        What is done is achieved, unless its resolution or its status says otherwise. What we
        closed is what we closed it as, also where the workflow has no word
        for that, as long as it is as we left it.
        """
        if self.category != "done":
            if self.memory and self.memory.closed and not self.memory.left:
                return State.OPEN  # on its way to be closed, when a run was cut short
            state = _STATES.get(self.category, State.OPEN)
            is_begun = self.memory and any(ticked for _, ticked in self.parts.criteria)
            return State.IN_PROGRESS if is_begun else state
        if self.is_as_we_closed_it:
            return State(self.ours.closed)
        words = {self.resolution.lower(), self.status.lower()}
        return State.NOT_DONE if words & wont_do else State.DONE

    @property
    def is_closed_in_part(self) -> bool:
        """Whether a run was cut short after it had closed the issue."""
        memory = self.memory
        return self.category == "done" and bool(memory and memory.closed and not memory.left)

    @property
    def is_as_we_closed_it(self) -> bool:
        """Whether nobody has touched its status since we closed it."""
        if self.category != "done" or self.memory is None or not self.memory.closed:
            return False
        # Nothing is noted when a run was cut short right after it had closed the issue.
        return self.memory.left in ("", self.look)

    @property
    def look(self) -> str:
        """What changes whenever somebody closes it anew."""
        return f"{self.ids} {self.closed_at}"

    @property
    def closed_on(self) -> datetime.date | None:
        """When it was closed, if Jira tells."""
        return datetime.date.fromisoformat(self.closed_at[:10]) if self.closed_at else None


def read_issue(data: Any, epic_link: str, link_type: str) -> Issue:
    """Return the issue; `epic_link` is the field of the epic, `link_type` that of blockers.

    Raises:
        TrackerError: this is no issue.
    """
    try:
        fields = data["fields"]
        status = fields["status"]
        above = fields.get(epic_link) or ""
        return Issue(
            key=str(data["key"]),
            id=int(data["id"]),
            title=str(fields["summary"]),
            text=str(fields.get("description") or "").replace("\r\n", "\n"),
            labels=tuple(str(label) for label in fields.get("labels") or ()),
            priority=_name(fields.get("priority")),
            category=str(status["statusCategory"]["key"]),
            status=str(status["name"]),
            resolution=_name(fields.get("resolution")),
            closed_at=_instant(fields.get("resolutiondate") or fields.get(MOVED)),
            ids=f"{status.get('id')}/{(fields.get('resolution') or {}).get('id', '')}",
            parent=str(above["key"]) if isinstance(above, dict) else str(above),
            blockers=dict(_blockers(fields.get("issuelinks") or (), link_type)),
            versions=tuple(str(one["name"]) for one in fields.get("fixVersions") or ()),
            due=str(fields.get("duedate") or ""),
            memory=Memory.read((data.get("properties") or {}).get(PROPERTY)),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise unusable_answer("Jira", "about an issue") from error


def _instant(text: Any) -> str:
    """Return a point in time in UTC: Jira writes it in the zone of whoever asks."""
    if not text:
        return ""
    return datetime.datetime.fromisoformat(str(text)).astimezone(datetime.UTC).isoformat()


def _name(value: Any) -> str:
    return str(value["name"]) if value else ""


def _blockers(links: Any, link_type: str) -> list[tuple[str, str]]:
    """Return keys and links. What blocks an issue is its inward one."""
    wanted = link_type.lower()
    ours = [x for x in links if str(x["type"]["name"]).lower() == wanted and "inwardIssue" in x]
    return [(str(link["inwardIssue"]["key"]), str(link["id"])) for link in ours]


def size(text: str) -> int:
    """Return how long the text is for Jira, which counts UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def label_of(text: str) -> str:
    """Return the text as a label, which holds no blank.

    >>> label_of("Data & Features")
    'Data-&-Features'
    """
    return re.sub(r"\s+", "-", text.strip())[:MOST_LABEL]


def fitted(ticket: Ticket) -> Ticket:
    """Return the ticket as an issue can hold it, its texts as wiki markup."""
    room = MOST_TEXT - ROOM
    criteria, left = [], room // 2
    for text in ticket.acceptance:
        wiki = " ".join(to_wiki(text).split())
        left -= size(wiki) + len("* _ \n")
        if left >= 0 and wiki:
            criteria.append(wiki)
            room -= size(wiki) + len("* _ \n")
    title = " ".join(ticket.title.split())
    return replace(
        ticket,
        title=title if size(title) <= MOST_TITLE else f"{_cut(title, MOST_TITLE - 3)}...",
        body=_short_wiki(ticket.body, room),
        acceptance=tuple(criteria),
        labels=tuple(dict.fromkeys(filter(None, map(label_of, ticket.labels)))),
        priority=ticket.priority.lower(),
        start=None,  # no field of Jira's own holds it
    )


def _cut(text: str, most: int) -> str:
    """Return the beginning of the text that Jira counts as at most that long."""
    while size(text) > most:
        text = text[: len(text) - max(1, (size(text) - most) // 2)]
    return text


def _short_wiki(markdown: str, room: int) -> str:
    """Return wiki markup of at most that size; what is cut is Markdown, so that marks close."""
    wiki = to_wiki(markdown)
    most = room
    while size(wiki) > room:
        most = most * 9 // 10
        wiki = to_wiki(_cut(markdown, most) + CUT)
    return wiki
