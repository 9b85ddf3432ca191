"""What a tracker has to be able to do; everything else of it stays in its own module."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from ..core.finding import Finding
from ..core.tickets import Milestone, Present, State, Ticket, Uid, Value
from ..errors import NotFound
from .patience import AGAIN, Patience

Held = TypeVar("Held")


class LastRead(dict[Uid, Held]):
    """What was read last, by identity; a sync may know tickets from an earlier reading."""

    def __missing__(self, uid: Uid) -> Held:
        """Tell that somebody has taken the ticket away meanwhile."""
        raise NotFound(f"the ticket {uid} is not there any more", fix=AGAIN)


class Tracker(Protocol):
    """One place that holds tickets.

    `kind` is its name in the settings, `target` what a person calls the place. `is_remote`
    tells whether writes leave this machine and have to be confirmed, `patience` how to wait for
    what does not come at once. `batch` is how many tickets one request can create.
    """

    kind: str
    target: str
    is_remote: bool
    patience: Patience
    batch: int

    def digest(self, value: Value) -> str:
        """Return what is the same for texts that mean the same here (see `tickets.digest`)."""
        ...

    def read(self, plan: str) -> Sequence[Present]:
        """Return every ticket of the plan, closed ones too; an incomplete list is an error."""
        ...

    def fit(self, ticket: Ticket) -> Ticket:
        """Return the ticket as this place can hold it: texts cut, labels as it spells them."""
        ...

    def examine(self) -> Iterator[Finding]:
        """Yield what `doctor` tells: reachability, rights, features; reads only.

        A fault that hides the rest ends it. Nothing that the tracker answers is an error here.
        """
        ...

    def tidy(self) -> None:
        """Remove what a run that was cut short left behind; called under the project's lock."""
        ...

    def prepare(self, plan: str, milestones: Sequence[Milestone]) -> None:
        """Create what tickets rest on (folders, these milestones), and see that we may write.

        Called after `read` and before the first write.
        """
        ...

    def settle(self) -> None:
        """Note that all was written; called after the last write of a run without failures."""
        ...

    def create(
        self, tickets: Sequence[Ticket], remotes: Mapping[Uid, str], now: datetime.datetime
    ) -> Iterator[Present]:
        """Create at most `batch` tickets without their needs, and yield each as it is there.

        The identity of each is part of the first write. All are epics, or all tickets.

        Raises:
            OutcomeUnknown: no answer came. As with every write, `read` tells what was done.
            TrackerError: the first of those that were not yielded was refused.
        """
        ...

    def update(
        self,
        present: Present,
        fields: Mapping[str, Value],
        base: Mapping[str, Value],
        remotes: Mapping[Uid, str],
    ) -> None:
        """Give the fields new values, remember `base` as written by us, leave the rest alone."""
        ...

    def close(self, present: Present, state: State, comment: str, now: datetime.datetime) -> None:
        """Close the ticket as done or not done, and say why in it."""
        ...

    def reopen(self, present: Present, comment: str, now: datetime.datetime) -> None:
        """Open a ticket again that we closed."""
        ...
