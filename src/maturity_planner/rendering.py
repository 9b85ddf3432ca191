"""Ticket texts from `templates/tickets/`: sandboxed, strict, and safe to put into Markdown.

A project's own template replaces the built-in one of the same name. A template sees plain
values only; what is missing is an error, not an empty place.
"""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import jinja2
from jinja2.loaders import split_template_path

from .core.assessment import Assessment
from .core.backlog import EpicFacts, TicketFacts
from .core.plan import Upgrade
from .core.quantity import DAY, counted, shown
from .core.rubric import Item, ModeId, Need, Rubric
from .core.score import UNIT
from .core.tickets import Kind, Ticket, Uid
from .errors import TemplateError
from .files import read_bytes
from .resources import bundled
from .sandbox import Sandbox

TEMPLATES = (
    "epic-title.md.j2",
    "epic-body.md.j2",
    "ticket-title.md.j2",
    "ticket-body.md.j2",
    "ticket-acceptance.md.j2",
)
MOST_TITLE = 200
MOST_BODY = 30_000
"""Below the smallest limit of the trackers (Jira's 32,767 characters)."""

_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_MARKER = re.compile(r"<!--|-->|^<{7}|^>{7}", re.MULTILINE)
_MISTAKES = (
    jinja2.TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What an expression of a template can raise when its author is wrong about a value.

SyntaxError and NameError are Python's: of templates that nest deeper than its compiler goes, and of
numbers beyond a float, which Jinja writes as names. Some filters of Jinja's assert.
"""


def safe(text: str) -> str:
    """Return the text so that it cannot hide, close our comment markers or look like a conflict.

    >>> safe("done <!-- mp:end -->")
    'done &lt;!-- mp:end --&gt;'
    """
    shown = _HIDDEN.sub("", text)
    return _MARKER.sub(lambda found: found[0].replace("<", "&lt;").replace(">", "&gt;"), shown)


class Renderer:
    """Renders the texts of one project's tickets."""

    def __init__(self, own: Path, assessment_file: str) -> None:
        """Look for templates in the project's folder first, then among the built-in ones."""
        self._own = own
        self._assessment_file = assessment_file
        built_in = jinja2.FileSystemLoader(bundled("templates") / "tickets")
        self._environment = Sandbox(
            jinja2.ChoiceLoader([jinja2.FunctionLoader(self._load), built_in])
        )
        self._environment.filters["capitalize_first"] = _capitalize_first

    def _load(self, name: str) -> tuple[str, str, None] | None:
        """Return text and path of the project's own template; nothing where there is none.

        Raises:
            TemplateError: it leads out of the project, whose texts alone are sent to a tracker.
        """
        path = self._own.joinpath(*split_template_path(name))
        if not os.path.lexists(path):
            return None
        project = os.path.realpath(self._own.parent.parent)
        if not Path(os.path.realpath(path)).is_relative_to(project):
            raise TemplateError(
                "this leads outside the project",
                where=str(path),
                fix="Copy the template into the folder; links out of it are not followed.",
            )
        try:
            raw = read_bytes(path, TemplateError)
        except TemplateError as error:
            raise TemplateError(error.message, where=f"{path}:1", fix=error.fix) from error
        return raw.removeprefix(BOM_UTF8).decode("utf-8"), str(path), None

    def check(self, name: str) -> None:
        """See that a template can be read, whatever it is then asked for.

        Raises:
            TemplateError: it cannot.
        """
        try:
            self._environment.start()
            self._environment.get_template(name)
        except _MISTAKES as error:
            raise self._explained(name, error) from error

    def tickets(
        self,
        rubric: Rubric,
        assessment: Assessment,
        epics: Sequence[EpicFacts],
        tickets: Sequence[TicketFacts],
        target: Fraction | None,
    ) -> tuple[Ticket, ...]:
        """Return epics, then tickets in the order of work, with their texts.

        Raises:
            TemplateError: a template is broken or asks for something that is not there.
        """
        base: dict[str, Any] = {
            "system": assessment.system,
            "rubric": {
                "id": rubric.id,
                "title": rubric.title,
                "version": rubric.version,
                "section_rule": rubric.section_rule.value,
            },
            "target": None if target is None else shown(target, 4),
            "assessment_file": self._assessment_file,
        }
        rendered = [self._epic(rubric, base, facts, rank) for rank, facts in enumerate(epics, 1)]
        for rank, facts in enumerate(tickets, len(epics) + 1):
            rendered.append(self._ticket(rubric, assessment, base, facts, rank))
        return tuple(rendered)

    def _epic(self, rubric: Rubric, base: dict[str, Any], facts: EpicFacts, rank: int) -> Ticket:
        section = facts.section
        effort = shown(Fraction(sum(u.effort for u in facts.upgrades), DAY))
        points = shown(Fraction(sum(u.points for u in facts.upgrades), UNIT), 4)
        values = base | {
            "section": {"id": section.id, "title": section.title},
            "upgrades": [_upgrade_values(rubric, upgrade) for upgrade in facts.upgrades],
            "effort": effort,
            "effort_text": counted(effort, "person-day"),
            "points": points,
            "points_text": counted(points, "point"),
        }
        return Ticket(
            uid=facts.uid,
            kind=Kind.EPIC,
            title=self._title("epic-title.md.j2", values),
            body=self._text("epic-body.md.j2", values),
            labels=("maturity", section.id),
            rank=rank,
        )

    def _ticket(
        self,
        rubric: Rubric,
        assessment: Assessment,
        base: dict[str, Any],
        facts: TicketFacts,
        rank: int,
    ) -> Ticket:
        upgrade, item = facts.upgrade, facts.upgrade.item
        effort = assessment.effort(item, upgrade.to_mode)
        expected = shown(Fraction(effort.expected, DAY))
        upkeep = shown(Fraction(assessment.upkeep(item, upgrade.to_mode), DAY))
        answer = assessment.answers.get(item.id)
        is_own = bool(answer and answer.effort and upgrade.to_mode in answer.effort)
        values = (
            base
            | _upgrade_values(rubric, upgrade)
            | {
                "section": {"id": item.section, "title": rubric.section_titles[item.section]},
                "evidence": facts.mode.evidence,
                "acceptance": list(facts.mode.acceptance),
                "is_answered": bool(answer and answer.mode is not None),
                "effort": {
                    "expected": expected,
                    "text": counted(expected, "person-day"),
                    "low": shown(effort.low),
                    "likely": shown(effort.likely),
                    "high": shown(effort.high),
                    "basis": "own" if is_own else facts.mode.basis,
                },
                "upkeep": upkeep,
                "upkeep_text": counted(upkeep, "person-day"),
                "needs": [_link_values(rubric, link) for link in facts.needs],
                "after": [_link_values(rubric, link) for link in facts.after],
            }
        )
        lines = self._text("ticket-acceptance.md.j2", values).splitlines()
        return Ticket(
            uid=facts.uid,
            kind=Kind.TICKET,
            title=self._title("ticket-title.md.j2", values),
            body=self._text("ticket-body.md.j2", values),
            acceptance=tuple(" ".join(line.split()) for line in lines if line.strip()),
            labels=("maturity", item.section),
            priority="high" if upgrade.needed_by else "medium",
            epic=facts.epic,
            needs=tuple(uid for uid, _, _ in facts.needs),
            rank=rank,
            effort_days=Fraction(effort.expected, DAY),
        )

    def _title(self, name: str, values: dict[str, Any]) -> str:
        title = " ".join(self._text(name, values).split())
        if not title:
            raise TemplateError(
                "this gives an empty title",
                where=self._where(name),
                fix="Let it print a line of text.",
            )
        return title if len(title) <= MOST_TITLE else title[: MOST_TITLE - 3] + "..."

    def _text(self, name: str, values: dict[str, Any]) -> str:
        try:
            self._environment.start()
            text = safe(self._environment.get_template(name).render(values)).strip()
        except _MISTAKES as error:
            raise self._explained(name, error) from error
        if len(text) > MOST_BODY:
            raise TemplateError(
                f"this gives {len(text)} characters; trackers take {MOST_BODY}",
                where=self._where(name),
                fix="Shorten the template or the rubric's texts.",
            )
        return text

    def _explained(self, name: str, error: BaseException) -> TemplateError:
        message, where = str(error), self._where(name, error)
        fix = "docs/templates.md lists what a template can use."
        match error:
            case jinja2.TemplateSyntaxError():
                message, where = f"{error.message}", f"{error.filename or name}:{error.lineno}"
                fix = "Correct the template, or remove it to use the built-in one."
            case jinja2.TemplateNotFound():
                message = f'there is no template "{error.name}"'
            case UnicodeDecodeError():
                line = bytes(error.object).count(b"\n", 0, error.start) + 1
                message, where = "this is not UTF-8", self._where(name, error, line)
                fix = "Save the template with the encoding UTF-8."
            case OSError():
                message = f"this cannot be read: {error.strerror}"
                fix = "Check the permissions, or remove the file to use the built-in template."
            case RecursionError() | MemoryError():
                message = "this includes itself, or makes far too much text"
        return TemplateError(message, where=where, fix=fix)

    def _where(self, name: str, error: BaseException | None = None, line: int = 1) -> str:
        """Return file and line of the template that the traceback last passed through."""
        own = self._own / name
        place = f"{own if own.is_file() else name}:{line}"
        trace = error.__traceback__ if error else None
        while trace:
            file = trace.tb_frame.f_code.co_filename
            if file.endswith(".j2"):
                place = f"{file}:{trace.tb_lineno}"
            trace = trace.tb_next
        return place


def _capitalize_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _item_values(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "summary": item.summary,
        "tools": list(item.tools),
        "level": item.level,
        "has_one_mode": len(item.modes) == 1,
    }


def _mode_values(rubric: Rubric, mode: ModeId) -> dict[str, Any]:
    return {"id": mode, "title": rubric.mode_title(mode)}


def _upgrade_values(rubric: Rubric, upgrade: Upgrade) -> dict[str, Any]:
    points = shown(upgrade.gain, 4)
    days = shown(upgrade.effort_days)
    return {
        "item": _item_values(upgrade.item),
        "today": _mode_values(rubric, upgrade.from_mode),
        "wanted": _mode_values(rubric, upgrade.to_mode),
        "points": points,
        "points_text": counted(points, "point"),
        "days": days,
        "days_text": counted(days, "day"),
        "cost": shown(upgrade.cost_days),
        "why": upgrade.why,
    }


def _link_values(rubric: Rubric, link: tuple[Uid, Upgrade, Need]) -> dict[str, Any]:
    _, upgrade, need = link
    return _upgrade_values(rubric, upgrade) | {"why": need.why}
