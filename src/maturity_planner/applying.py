"""Bring a change set into a tracker, step by step.

Every step can be the last one: a run that was cut short is continued by the next, because each
ticket carries its identity and what we last wrote.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from .core.changes import Change, ChangeSet, Op, compute_changes, still_due
from .core.tickets import SETS, Present, State, Ticket, Uid, Value, base_of
from .errors import Changed, LimitReached, OutcomeUnknown, RateLimited, TrackerError
from .state import Journal
from .trackers.base import Tracker
from .trackers.patience import Pauses


@dataclass(frozen=True, slots=True)
class Step:
    """A change with its outcome. `error` is empty when it was applied."""

    change: Change
    remote: str | None = None
    is_applied: bool = False
    error: str = ""
    fix: str = ""


def apply(
    tracker: Tracker,
    plan: str,
    changes: ChangeSet,
    now: datetime.datetime,
    *,
    journal: Journal | None = None,
) -> Iterator[Step]:
    """Apply the changes in order and yield each with its outcome.

    After a failure nothing more is tried: what depends on it could not succeed. The journal
    remembers what was asked to be created, for a run that is killed before it hears the answer.
    """
    if not changes.pending:
        yield from (Step(change, change.remote) for change in changes.changes)
        return
    there: dict[Uid, Present] = {ticket.uid: ticket for ticket in changes.present}
    run = _Run(tracker, plan, there, now, journal)
    held = {c.ticket.milestone for c in changes.pending if c.ticket and c.ticket.milestone}
    milestones = sorted(held, key=lambda one: (one.start, one.name))
    run.surely(lambda _: tracker.prepare(plan, milestones))
    failed = False
    for group in _groups(changes.changes, tracker.batch):
        for step in run.steps(group, is_over=failed):
            failed = failed or bool(step.error)
            yield step
    if not failed:
        with contextlib.suppress(TrackerError):  # the next run looks up what this one cannot note
            run.surely(lambda _: tracker.settle())
        if journal:
            journal.forget()


def _groups(changes: Sequence[Change], most: int) -> Iterator[Sequence[Change]]:
    """Yield the changes one by one, but creations of one kind together, up to `most` of them.

    Links of what is created come right after it, so that only the newest tickets can lack some.
    """
    group: list[Change] = []
    links: list[Change] = []
    for change in changes:
        if group and change.op is Op.LINK:
            links.append(change)
            continue
        is_more = change.op is Op.CREATE and group and change.kind is group[0].kind
        if not is_more or len(group) == most:
            yield from _closed(group, links)
            group, links = [], []
        if change.op is Op.CREATE:
            group.append(change)
        else:
            yield [change]
    yield from _closed(group, links)


def _closed(group: list[Change], links: list[Change]) -> Iterator[Sequence[Change]]:
    if group:
        yield group
    yield from ([link] for link in links)


class _Remotes(Mapping[Uid, str]):
    """What the tracker calls the tickets that it holds by now; no copy, as there are many."""

    def __init__(self, there: Mapping[Uid, Present]) -> None:
        self._there = there

    def __getitem__(self, uid: Uid) -> str:
        return self._there[uid].remote

    def __iter__(self) -> Iterator[Uid]:
        return iter(self._there)

    def __len__(self) -> int:
        return len(self._there)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run through the changes; `there` is what the tracker holds by now."""

    tracker: Tracker
    plan: str
    there: dict[Uid, Present]
    now: datetime.datetime
    journal: Journal | None

    def surely(self, write: Callable[[bool], None]) -> None:
        """Write; after a refusal for a while, a change by others or in doubt, look and try again.

        `write` is told whether this is another try.

        Raises:
            TrackerError: it was refused, or its outcome stayed unknown several times.
        """
        patience, is_repeat = self.tracker.patience, False
        left, pauses = patience.tries, Pauses(patience)
        while True:
            try:
                return write(is_repeat)
            except LimitReached:
                raise
            except Changed:
                left -= 1
                if not left:
                    raise
            except RateLimited as refused:
                pauses.take(refused)
            except OutcomeUnknown as lost:
                left -= 1
                if not left:
                    raise TrackerError(
                        f"{self.tracker.target} gave no clear answer: {lost.message}", fix=lost.fix
                    ) from lost
                why = f"No clear answer ({lost.message}); it may be done all the same"
                patience.wait(patience.in_doubt, why)
            self.there.update((t.uid, t) for t in self.tracker.read(self.plan))
            is_repeat = True

    def steps(self, group: Sequence[Change], *, is_over: bool) -> Iterator[Step]:
        """Make the changes unless it is over, and yield each with its outcome."""
        done: set[Uid] = set()
        error: TrackerError | None = None
        if not is_over:
            try:
                self.surely(partial(self.apply, group, done))
            except TrackerError as trouble:
                error = trouble
        for change in group:
            if change.op is Op.KEEP:
                yield Step(change, change.remote)
            elif change.uid in done:
                yield Step(change, self.there[change.uid].remote, is_applied=True)
            elif error:
                yield Step(change, change.remote, error=error.message, fix=error.fix)
                error = None
            else:
                yield Step(change, change.remote, error="not tried after the failure before it")

    def apply(self, group: Sequence[Change], done: set[Uid], is_repeat: bool) -> None:
        """Make the changes, or what is missing of those whose answers were lost."""
        first = group[0]
        if first.op is Op.CREATE:
            self._create(group, done)
            return
        found = self.there.get(first.uid)
        change: Change | None = first
        if is_repeat and found and first.op is not Op.KEEP:
            change = still_due(first, found, self.tracker.digest)
        if change and change.op is not Op.KEEP:
            self._change(change)
        done.add(first.uid)

    def _change(self, change: Change) -> None:
        values: dict[str, Value] = {name: pair[1] for name, pair in change.fields.items()}
        found = self.there.get(change.uid)
        match change.op:
            case Op.UPDATE | Op.LINK:
                self._note("update", change.uid)
                self._update(change, values)
                self._note("", change.uid)
            case Op.CLOSE if found and not (found.is_closed_by_us and found.state.is_closed):
                comment = f"Closed by maturity-planner: {change.why}."
                self.tracker.close(found, State(str(values["state"])), comment, self.now)
            case Op.REOPEN if found and found.is_closed_by_us:
                comment = f"Opened again by maturity-planner: {change.why}."
                self.tracker.reopen(found, comment, self.now)

    @property
    def _remotes(self) -> Mapping[Uid, str]:
        return _Remotes(self.there)

    def _create(self, group: Sequence[Change], done: set[Uid]) -> None:
        for change in group:
            if change.uid in self.there and change.uid not in done:
                self._complete(change)
                done.add(change.uid)
        if missing := [c.ticket for c in group if c.ticket and c.uid not in done]:
            self._make(missing, done)

    def _make(self, tickets: Sequence[Ticket], done: set[Uid]) -> None:
        for ticket in tickets:
            self._note("create", ticket.uid)
        try:
            for made in self.tracker.create(tickets, self._remotes, self.now):
                self.there[made.uid] = made
                done.add(made.uid)
                self._note("", made.uid)
                self._renew(made, next(one for one in tickets if one.uid == made.uid))
        except OutcomeUnknown:
            raise
        except TrackerError:
            for ticket in tickets:
                if ticket.uid not in done:
                    self._note("", ticket.uid)  # it was refused: nothing is in doubt
            raise

    def _renew(self, made: Present, ticket: Ticket) -> None:
        """Give a ticket that was taken up, rather than made, the texts and the state of today."""
        changes = compute_changes([ticket], [made], digest=self.tracker.digest)
        for change in changes.changes:
            if change.op in (Op.UPDATE, Op.REOPEN):
                self._change(change)

    def _note(self, intent: str, uid: Uid) -> None:
        """Note what is about to be asked for, or without a word that it is settled."""
        if self.journal and intent:
            self.journal.intend(intent, uid, self.tracker.target)
        elif self.journal:
            self.journal.done(uid, self.there[uid].remote if uid in self.there else "")

    def _complete(self, change: Change) -> None:
        """Give a ticket that was created unheard what its creation did not come to."""
        assert change.ticket is not None
        found = self.there[change.uid]
        missing = {
            name: value
            for name, value in change.ticket.fields().items()
            if name not in SETS
            and name not in found.base
            and self.tracker.digest(found.fields.get(name, "")) != self.tracker.digest(value)
        }
        if missing:
            self.tracker.update(
                found, missing, base_of(missing, self.tracker.digest), self._remotes
            )
        self._note("", change.uid)

    def _update(self, change: Change, values: dict[str, Value]) -> None:
        assert change.ticket is not None
        found, ours = self.there[change.uid], change.ticket.fields()
        base = base_of({name: ours[name] for name in values}, self.tracker.digest)
        if change.op is Op.LINK:
            # What was not linked now and not before waits for a ticket that a later sync makes.
            known = (*values["needs"], *found.base.get("needs", ()))
            base["needs"] = tuple(need for need in base["needs"] if need in known)
        self.tracker.update(found, values, base, self._remotes)
