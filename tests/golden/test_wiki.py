"""Tickets of the ML Test Score as Jira gets them; `make golden` writes the expected texts anew."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from builders import assessment
from expected import compare
from fakes.jira_texts import given_back
from maturity_planner.core.backlog import backlog
from maturity_planner.core.plan import Upgrade, upgrade_cost
from maturity_planner.core.rubric import ModeId
from maturity_planner.core.score import score_modes
from maturity_planner.core.tickets import Ticket
from maturity_planner.files import load_rubric
from maturity_planner.rendering import Renderer
from maturity_planner.resources import bundled_rubrics
from maturity_planner.trackers.jira_markup import to_wiki
from maturity_planner.trackers.jira_text import digest

FOLDER = Path(__file__).parent / "wiki"
MODES = ("manual", "automated")


def markdown(ticket: Ticket) -> str:
    """The text of a ticket with its acceptance criteria."""
    criteria = [f"- [ ] {text}" for text in ticket.acceptance]
    return "\n".join([ticket.body, *(["", "**Done when**", ""] if criteria else []), *criteria])


def texts(mode: str, own: Path) -> dict[str, str]:
    """The wiki markup of every epic and ticket that moves all items to a mode, by file name."""
    rubric = load_rubric(bundled_rubrics()["ml-test-score"])
    known, to = assessment(), ModeId(mode)
    score, _ = score_modes(rubric, dict.fromkeys(rubric.items, to), set())
    upgrades = []
    for item in rubric.items.values():
        cost, effort, _ = upgrade_cost(known, item, to, Fraction(4))
        why = f"{rubric.section_titles[item.section]} has to reach {score}"
        upgrades.append(Upgrade(item, known.mode(item), to, cost, effort, item.points(to), why=why))
    facts = backlog("0123abcd", upgrades, rubric, known)
    tickets = Renderer(own, "assessment.yaml").tickets(rubric, known, *facts, score)
    names = [ticket.uid.split(".")[1] for ticket in tickets]
    assert len(set(names)) == len(rubric.items) + len(rubric.sections)
    pairs = zip(names, tickets, strict=True)
    return {f"{name}@{mode}.txt": to_wiki(markdown(ticket)) + "\n" for name, ticket in pairs}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    own = tmp_path_factory.mktemp("templates")
    return {name: text for mode in MODES for name, text in texts(mode, own).items()}


def test_every_ticket_is_as_it_was(found: dict[str, str]) -> None:
    compare(found, FOLDER)


def test_no_markdown_is_left(found: dict[str, str]) -> None:
    for name, text in found.items():
        prose = re.sub(r"\{code:yaml\}\n.*?\n\{code\}", "", text, flags=re.DOTALL)
        assert not re.search(r"\*\*|`|^#|\[[ x]\]|\]\(|^- |^[ \t]|<!--", prose, re.MULTILINE), name


def test_what_a_cloud_gives_back_says_the_same(found: dict[str, str]) -> None:
    assert [n for n, text in found.items() if digest(given_back(text)) != digest(text)] == []
