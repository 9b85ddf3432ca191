"""Waiting in tests: for nothing."""

from __future__ import annotations

from collections.abc import Callable

from maturity_planner.trackers.patience import Patience


def hasty(say: Callable[[str], None] = lambda _: None) -> Patience:
    """The patience of a test: nothing is ever waited for."""
    return Patience(say=say, sleep=lambda _: None, between_writes=0)
