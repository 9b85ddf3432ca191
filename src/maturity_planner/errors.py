"""Every error that reaches a person: what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

Found = TypeVar("Found")

Place = tuple[str | int, ...]
"""The keys and list indices that lead from the root of a document to a value."""

MOST_TOLD = 2_000
"""Characters of one message; what a file or a server calls something may have millions."""


def told(text: str) -> str:
    """Return the text as it is told: of one that fills screens, its beginning and its end.

    >>> len(told("x" * 1_000_000))
    2000
    """
    if len(text) <= MOST_TOLD:
        return text
    return f"{text[: MOST_TOLD - 405]} ... {text[-400:]}"


class Fault(NamedTuple):
    """One thing that is wrong with a file.

    `line` and `column` count from 1 and are 0 where they are not known. With a `code` it is a
    warning: the file can be used as it is.
    """

    message: str
    fix: str = ""
    path: Place = ()
    file: str = ""
    line: int = 0
    column: int = 0
    code: str = ""

    def told(self) -> Fault:
        """Return the fault with texts that fit on a screen."""
        if max(len(self.message), len(self.fix)) <= MOST_TOLD:
            return self
        return self._replace(message=told(self.message), fix=told(self.fix))

    def __str__(self) -> str:
        """`file:line:column: message` and, on a second line, what to do."""
        place = self.file + (f":{self.line}:{self.column}" if self.line else "")
        message = f"warning: {self.message} [{self.code}]" if self.code else self.message
        head = f"{place}: {message}" if place else message
        return f"{head}\n    {self.fix}" if self.fix else head


class MaturityError(Exception):
    """The base of all errors; on its own it is a bug of ours (exit code 70)."""

    exit_code = 70

    def __init__(
        self, message: str, *, fix: str = "", where: str = "", faults: Iterable[Fault] = ()
    ) -> None:
        """Keep the parts apart, so that text and JSON can show each in its place."""
        super().__init__(message)
        self.message = told(message)
        self.fix = told(fix)
        self.where = where
        self.faults = tuple(fault.told() for fault in faults)


class UserError(MaturityError):
    """Something in a file, a setting or the folder that the user can put right."""

    exit_code = 3


class UsageError(MaturityError):
    """Options that contradict each other or name something that is not there."""

    exit_code = 2


class ConfigError(UserError):
    """The settings cannot be used."""


class RubricError(UserError):
    """A rubric cannot be used."""


class AssessmentError(UserError):
    """An assessment cannot be used."""


class PlanError(UserError):
    """A plan file cannot be used."""


class RoadmapError(UserError):
    """A plan can never be placed in time with the people there are."""


class TemplateError(UserError):
    """A ticket template cannot be used."""


class CheckFailed(MaturityError):
    """A check said no; the result itself is fine and has been printed."""

    exit_code = 1


class InfeasibleTarget(CheckFailed):
    """No set of upgrades reaches the target."""


class DoesNotFit(CheckFailed):
    """The plan takes longer than there is time."""


class Undecided(CheckFailed):
    """The time was up before anything was found, or was known not to exist."""


class BelowTarget(CheckFailed):
    """The score is lower than the one asked for."""


class ChangesPending(CheckFailed):
    """`diff --check` found tickets to change."""


class TrackerError(MaturityError):
    """The tracker refused, failed, or was left partly changed."""

    exit_code = 4


class AuthError(TrackerError):
    """There is no token, or the tracker does not accept it."""


class NotFound(TrackerError):
    """The tracker has no such project or ticket, or does not show it to this token."""


class RateLimited(TrackerError):
    """The tracker refused a request for now; `seconds` until it may be asked again."""

    def __init__(self, message: str, seconds: float, *, fix: str = "") -> None:
        """Remember how long to wait."""
        super().__init__(message, fix=fix)
        self.seconds = seconds


class LimitReached(RateLimited):
    """It asks for more patience than we have."""


class OutcomeUnknown(TrackerError):
    """A write was sent and no answer came: it may have been done or not."""


class Conflict(TrackerError):
    """The tracker holds something that only a person can sort out, or is in use."""


class Changed(Conflict):
    """Somebody changed what we were about to write, after we had read it."""


class PartialSync(TrackerError):
    """Some changes were applied and some were not."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "did you mean ...?" for the closest known word, or an empty string.

    >>> nearest("manuel", ["none", "manual", "automated"])
    'Did you mean "manual"?'
    """
    import difflib  # only a mistake needs it

    words = list(known)
    begun = [candidate for candidate in words if word and candidate.startswith(f"{word}-")]
    found = begun or difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f'Did you mean "{found[0]}"?' if found else ""


def suggestion(word: str, known: Iterable[str], *, kind: str = "Known") -> str:
    """Return the closest known word or, when nothing is close, the first ten there are.

    >>> suggestion("x", map(str, range(12)), kind="Items")
    'Items: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more.'
    """
    words = list(known)
    if close := nearest(word, words):
        return close
    listed = ", ".join(words[:10]) + (f", and {len(words) - 10} more" if len(words) > 10 else "")
    return f"{kind}: {listed}." if words else ""


def find(known: Mapping[str, Found], name: str, kind: str, *, of: str = "") -> Found:
    """Return what is known by a name that a person typed; `of` says where, if that is not clear.

    Raises:
        UsageError: nothing is; names the nearest, or what there is.
    """
    if name in known:
        return known[name]
    none = f"{of} has none." if of else "There is none."
    raise UsageError(
        f'there is no {kind} "{name}"' + (f" in {of}" if of else ""),
        fix=suggestion(name, known, kind="There are") or none,
    )
