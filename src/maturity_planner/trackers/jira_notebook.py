"""What a run learned about a Jira, kept in `.maturity/`: the next one asks for less.

It may be lost or stale at any time: what is read from it is checked against the tracker where it
matters, and asked for again where it is missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..files import hide_folder, read_text, write_atomic
from .jira_issue import Issue, Memory


class Notebook:
    """The flavour of the server, the field of epics, and of each ticket key and memory."""

    def __init__(self, root: Path, *names: str) -> None:
        """Keep it in a file of its own for the place that the names tell."""
        place = hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]
        self._path = root / ".maturity" / f"jira-{place}.json"
        self._data: dict[str, Any] = {}
        self._written = ""
        self._entries: dict[str, dict[str, dict[str, Any]]] = {}
        try:
            text = read_text(self._path)
            data = json.loads(text)
        except (UserError, ValueError, RecursionError):
            return
        if isinstance(data, dict):
            self._data, self._written = data, text

    def get(self, name: str) -> str:
        """Return a fact about the server; empty when it is not known."""
        found = self._data.get(name)
        return found if isinstance(found, str) else ""

    def put(self, name: str, value: str) -> None:
        """Take note of a fact about the server."""
        self._data[name] = value

    def keys(self, plan: str) -> list[str]:
        """Return the keys of all issues of the plan that there once were."""
        return [str(entry.get("key")) for entry in self._tickets(plan).values()]

    def memory(self, plan: str, issue: Issue, stamp: str) -> Memory | None:
        """Return the memory of the issue if it is the one that the stamp tells."""
        if plan not in self._entries:
            there = reversed(self._tickets(plan).values())  # of two, the first one counts
            self._entries[plan] = {str(entry.get("key")): entry for entry in there}
        memory = Memory.read(self._entries[plan].get(issue.key, {}).get("memory"))
        return memory if memory and memory.stamp == stamp else None

    def _tickets(self, plan: str) -> dict[str, dict[str, Any]]:
        tickets = self._data.get(f"plan {plan}")
        if not isinstance(tickets, dict):
            return {}
        return {uid: entry for uid, entry in tickets.items() if isinstance(entry, dict)}

    def save(self, plan: str, issues: Mapping[Any, Issue]) -> None:
        """Write the file if there is anything new."""
        self._entries.clear()
        self._data[f"plan {plan}"] = {
            str(uid): {"key": issue.key, "memory": issue.ours.data()}
            for uid, issue in issues.items()
        }
        # On one line, as the encoder for several is slow.
        text = json.dumps(self._data, sort_keys=True) + "\n"
        if text != self._written:
            hide_folder(self._path.parent)
            write_atomic(self._path, text)
            self._written = text
