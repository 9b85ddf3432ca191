"""From one status to another: ways are told by the category of where they lead, not by names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.tickets import State
from ..errors import Conflict
from .calling import taken_apart
from .jira_client import API, Client
from .jira_issue import Issue

MOST_STEPS = 6
_BEGUN = "indeterminate"


@taken_apart("the ways of the workflow")
def move(client: Client, issue: Issue, state: State, wont_do: frozenset[str]) -> None:
    """Bring the issue to a status that means the state, through work in progress if need be.

    `wont_do` names resolutions and statuses that mean not done, in small letters.

    Raises:
        Conflict: the workflow has no way there, or wants a field filled that we cannot guess.
    """
    category, seen = issue.category, {issue.status.lower()}
    for _ in range(MOST_STEPS):
        if (category == "done") == state.is_closed:
            return
        ways = _ways(client, issue)
        goals = [way for way in ways if (_category(way) == "done") == state.is_closed]
        steps = [w for w in ways if _category(w) == _BEGUN and _target(w) not in seen]
        wanted = {str(way["id"]): _wanted(way, state, wont_do) for way in ways}
        goals.sort(key=lambda w: _rank(w, state, wont_do))
        way = next((w for w in (*goals, *steps) if not wanted[str(w["id"])]), None)
        if way is None:
            told = [f"{w.get('name')} wants {', '.join(wanted[str(w['id'])])}" for w in goals]
            _put_back(client, issue, category)
            raise _stuck(issue, state, told)
        _go(client, issue, way, _resolution(way, state, wont_do))
        category = _category(way)
        seen.add(_target(way))
    raise _stuck(issue, state, [])


def _ways(client: Client, issue: Issue) -> list[Any]:
    path = f"{API}/issue/{issue.key}/transitions"
    ways = client.get_object(path, expand="transitions.fields").get("transitions")
    return ways if isinstance(ways, list) else []


def _go(
    client: Client, issue: Issue, way: Mapping[str, Any], resolution: dict[str, str] | None = None
) -> None:
    content: dict[str, Any] = {"transition": {"id": str(way["id"])}}
    if resolution:
        content["fields"] = {"resolution": resolution}
    client.write("POST", f"{API}/issue/{issue.key}/transitions", content)


def _put_back(client: Client, issue: Issue, category: str) -> None:
    """Undo steps that led nowhere, where that can be: nobody works on it because of us."""
    if category == issue.category:
        return
    for way in _ways(client, issue):
        is_home = _target(way) == issue.status.lower()
        if is_home and not _wanted(way, State.OPEN, frozenset()):
            _go(client, issue, way)
            return


def _category(way: Mapping[str, Any]) -> str:
    return str(((way.get("to") or {}).get("statusCategory") or {}).get("key", ""))


def _target(way: Mapping[str, Any]) -> str:
    return str((way.get("to") or {}).get("name", "")).lower()


def _rank(way: Mapping[str, Any], state: State, wont_do: frozenset[str]) -> tuple[int, int]:
    """Return how well a way suits, the best first."""
    if state is State.OPEN:
        return (int(_category(way) == _BEGUN), 0)
    is_named = (_target(way) in wont_do) == (state is State.NOT_DONE)
    is_told = _resolution(way, state, wont_do) is not None
    return (int(not is_named), int(not is_told))


def _resolution(
    way: Mapping[str, Any], state: State, wont_do: frozenset[str]
) -> dict[str, str] | None:
    """Return the first resolution on the screen of the way that means the state."""
    values = ((way.get("fields") or {}).get("resolution") or {}).get("allowedValues") or ()
    for value in values if _category(way) == "done" else ():
        if (str(value.get("name", "")).lower() in wont_do) == (state is State.NOT_DONE):
            return {"id": str(value["id"])}
    return None


def _wanted(way: Mapping[str, Any], state: State, wont_do: frozenset[str]) -> list[str]:
    """Return the fields that the way wants filled, and for which we have nothing."""
    fields = way.get("fields") or {}
    ours = {"resolution"} if _resolution(way, state, wont_do) else set()
    return [
        str(one.get("name", name))
        for name, one in fields.items()
        if one.get("required") and not one.get("hasDefaultValue") and name not in ours
    ]


def _stuck(issue: Issue, state: State, wanted: Sequence[str]) -> Conflict:
    goal = "a status that is done" if state.is_closed else "a status that is not done"
    told = f" ({'; '.join(wanted)})" if wanted else ""
    return Conflict(
        f"{issue.key} cannot be moved from {issue.status or 'its status'} to {goal}{told}",
        fix="Move it by hand, then run this again; or give its workflow a way there.",
    )
