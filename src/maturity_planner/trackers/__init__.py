"""The trackers there are: kind -> module and class, imported when one is used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .base import Tracker

TRACKERS = {
    "local": ("local", "LocalTracker"),
    "github": ("github", "GitHubTracker"),
    "jira": ("jira", "JiraTracker"),
}


def open_tracker(kind: str, settings: Mapping[str, Any], root: Path, system: str) -> Tracker:
    """Return the tracker of that kind for the project in `root`.

    Raises:
        ConfigError: its settings cannot be used.
    """
    module, name = TRACKERS[kind]
    tracker: Tracker = getattr(importlib.import_module(f".{module}", __package__), name)(
        settings, root, system
    )
    return tracker
