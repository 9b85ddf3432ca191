"""Answers of GitHub and Jira: conversations with the fakes, replayed with changes.

An input is a list of answers, `[asked, status, headers, body]`. What was asked for is answered
in the list's order, the last one again and again: a page that leads to itself never ends.
"""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests

from builders import NOW
from contract.jira_place import DataCenterPlace, JiraPlace
from contract.patience import hasty
from contract.places import PLAN, GitHubPlace, GitHubProjectPlace, epic, sync, ticket
from maturity_planner.applying import apply
from maturity_planner.core.changes import compute_changes
from maturity_planner.trackers import calling
from maturity_planner.trackers.github import GitHubTracker
from maturity_planner.trackers.jira import JiraTracker

from .target import Form, Target, answered

MOST_CALLS = 2_000
"""Far more than a sync of these few tickets takes; who asks more often never ends."""

WANTED = [epic("data"), ticket("schema"), ticket("sensors", needs=("schema",), title="Röntgen")]
LESS = WANTED[:2]

Tracker = GitHubTracker | JiraTracker
Sent = tuple[int, Mapping[str, str], str]

MakePlace = Callable[[Path], GitHubPlace | JiraPlace]


class Recorder:
    """Stands before a tracker's service and writes down what it answers."""

    def __init__(self, tracker: Tracker, answers: list[Any]) -> None:
        self._sent: Callable[..., Sent] = tracker._client.sent
        self._answers = answers
        setattr(tracker._client, "sent", self)  # noqa: B010 (a method of one object)

    def __call__(self, method: str, path: str, parameters: Mapping[str, str], content: Any) -> Sent:
        status, headers, text = self._sent(method, path, parameters, content)
        kept = {n: headers[n] for n in ("link", "location", "retry-after") if n in headers}
        body = json.loads(text) if text.strip() else None
        self._answers.append([f"{method} {path}", status, kept, body])
        return status, headers, text


class Player:
    """Stands in for a service: gives the recorded answers, or breaks off."""

    def __init__(self, tracker: Tracker, answers: Any) -> None:
        self._left: dict[str, list[Sent]] = {}
        self._calls = 0
        for answer in answers if isinstance(answers, list) else []:
            if isinstance(answer, list) and len(answer) == 4:
                asked, status, headers, body = answer
                text = "" if body is None else body if status == 599 else json.dumps(body)
                self._left.setdefault(str(asked), []).append(
                    (_status(status), _headers(headers), str(text))
                )
        setattr(tracker._client, "sent", self)  # noqa: B010 (a method of one object)

    def __call__(self, method: str, path: str, parameters: Mapping[str, str], content: Any) -> Sent:
        self._calls += 1
        assert self._calls <= MOST_CALLS, f"asks for ever: {method} {path[:100]}"
        left = self._left.get(f"{method} {path}")
        if not left:
            raise requests.ConnectionError
        return left.pop(0) if len(left) > 1 else left[0]


def _status(value: Any) -> int:
    return value if isinstance(value, int) and 100 <= value <= 599 else 200


def _headers(value: Any) -> dict[str, str]:
    """Return headers as they can come over a wire: one line of Latin-1 each."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {
        name.lower(): " ".join(str(text).encode("latin-1", "replace").decode("latin-1").split())
        for name, text in pairs
    }


@functools.cache
def _recorded(make: MakePlace) -> tuple[bytes, tuple[type[Tracker], dict[str, Any]]]:
    """Return a whole conversation with a fake, and how to make a tracker that has it again."""
    with tempfile.TemporaryDirectory() as name:
        place, answers = make(Path(name)), list[Any]()
        fake = place.github if isinstance(place, GitHubPlace) else place.jira
        with fake:
            settings = _settings(place)
            for wanted in (WANTED, WANTED, LESS):
                tracker = place.tracker()
                Recorder(tracker, answers)
                list(tracker.examine())
                sync(tracker, wanted, force=True)
    return json.dumps(answers).encode(), (type(tracker), settings)


def _settings(place: GitHubPlace | JiraPlace) -> dict[str, Any]:
    if isinstance(place, GitHubProjectPlace | JiraPlace):
        return dict(place.settings())
    return {
        "repository": place.github.repo.full_name,
        "base_url": place.github.base_url,
        "token_command": "echo token",
    }


def conversation(make: MakePlace) -> bytes:
    """Return the recorded answers."""
    return _recorded(make)[0]


def replay(make: MakePlace, raw: bytes) -> None:
    """Hold a tracker that gets these answers to one of its own."""
    kind, settings = _recorded(make)[1]
    try:
        answers = json.loads(raw)
    except (ValueError, RecursionError):
        return
    few = patch.object(calling, "MOST_PAGES", 50)
    with tempfile.TemporaryDirectory() as name, few:
        for wanted in (WANTED, LESS):
            tracker = kind(settings, Path(name), "system", hasty())
            Player(tracker, answers)
            answered(lambda: list(tracker.examine()))  # noqa: B023 (called at once)
            answered(lambda: _synced(tracker, wanted))  # noqa: B023 (called at once)


def _synced(tracker: Tracker, wanted: list[Any]) -> None:
    fitting = [tracker.fit(one) for one in wanted]
    present = tracker.read(PLAN)
    changes = compute_changes(fitting, present, force=True, digest=tracker.digest)
    for step in apply(tracker, PLAN, changes, NOW):
        assert step.change.uid


def _target(name: str, make: MakePlace, *words: str) -> Target:
    return Target(
        name,
        Form.JSON,
        lambda: [conversation(make)],
        lambda raw: replay(make, raw),
        words,
    )


COMMON = ("retry-after", "link", "location", "id", "number", "message", "errors", "name", "key")
GITHUB = ("title", "body", "state", "closed_at", "labels", "assignees", "node_id", "data", "nodes")
JIRA = ("fields", "status", "issues", "isLast", "nextPageToken", "total", "properties", "mp", "uid")
TARGETS = (
    _target("github", GitHubPlace, *COMMON, *GITHUB, "x-ratelimit-reset"),
    _target("github-project", GitHubProjectPlace, *COMMON, *GITHUB, "pageInfo", "hasNextPage"),
    _target("jira-cloud", JiraPlace, *COMMON, *JIRA),
    _target("jira-dc", DataCenterPlace, *COMMON, *JIRA, "startAt", "values"),
)
