"""Results that tell of tickets: `diff`, `sync`, `track`, `doctor`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .values import Number, Output


class ChangeOut(Output):
    """One step of a sync; fields hold what is present and what is wanted."""

    op: Literal["create", "update", "close", "reopen", "link", "keep"]
    kind: Literal["epic", "ticket"]
    uid: str
    title: str
    remote: str | None
    fields: dict[str, Annotated[list[Any], Field(min_length=2, max_length=2)]]
    why: str
    applied: bool
    error: str | None


class ChangesOut(Output):
    """Tickets wanted against tickets present."""

    tracker: str
    target: str
    changes: list[ChangeOut]
    counts: dict[str, int]
    fingerprint: str


class TicketOut(Output):
    """A ticket and the upgrade that it stands for."""

    uid: str
    remote: str
    item: str
    to: str
    state: Literal["open", "in_progress", "done", "not_done"]
    closed_on: str | None


class ProposalOut(Output):
    """A suggested change of an answer."""

    item: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    because: str
    remote: str
    accepted: bool


class ScoreOnly(Output):
    """An overall score."""

    score: Number


class TrackOut(Output):
    """What the tickets say, and what follows from it."""

    tickets: list[TicketOut]
    proposals: list[ProposalOut]
    before: ScoreOnly
    after: ScoreOnly


class SettingOut(Output):
    """A setting in force; null for what nobody has set, and always for what may be secret."""

    name: str
    value: str | Number | list[str] | None
    origin: Literal["option", "environment", "file", "default"]
    where: Annotated[str, Field(description="--OPTION, VARIABLE or FILE:LINE.")]


class FindingOut(Output):
    """One thing that was looked at, how it stands, and what to do about it."""

    about: Literal["settings", "files", "tracker"]
    name: str
    grade: Literal["ok", "warning", "fault"]
    detail: str
    fix: str


class DoctorOut(Output):
    """The settings in force, and how settings, files and tracker stand."""

    settings: list[SettingOut]
    findings: list[FindingOut]
