"""What every search is given: its time, and somebody who hears what it does."""

from __future__ import annotations

from collections.abc import Callable

DEFAULT_SECONDS = 60.0

Watcher = Callable[[str], None]
"""Is told, about twenty times a second, what the search is busy with."""
