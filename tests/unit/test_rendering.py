"""Ticket texts: templates that are wrong, texts that are hostile."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from builders import assessment, item, mode, rubric
from contract.places import PLAN, LocalPlace, sync
from maturity_planner.core.backlog import backlog
from maturity_planner.core.plan import Upgrade
from maturity_planner.core.quantity import Cents, counted
from maturity_planner.core.rubric import ModeId, Rubric
from maturity_planner.core.tickets import Ticket, Uid
from maturity_planner.errors import TemplateError
from maturity_planner.rendering import Renderer, safe

RUBRIC = rubric({"s": [item("a", title="Schema"), item("b")]})


def rendered(
    folder: Path,
    given: Rubric = RUBRIC,
    answers: dict[str, Any] | None = None,
    *,
    target: Fraction | None = Fraction(2),
    to: str = "automated",
) -> tuple[Ticket, ...]:
    """Epics and tickets for moving every item to one mode."""
    known = assessment(answers)
    upgrades = [
        Upgrade(
            found,
            known.mode(found),
            ModeId(to),
            30_000,
            Cents(300),
            100_000_000,
            why="s has to reach 2",
        )
        for found in given.items.values()
    ]
    epics, tickets = backlog(PLAN, upgrades, given, known)
    return Renderer(folder, "assessment.yaml").tickets(given, known, epics, tickets, target)


def own(folder: Path, text: str | bytes, name: str = "ticket-body.md.j2") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


EPIC = """\
tiny-system is measured against Tiny rubric (1).
The plan brings 2 points to s for 6 person-days of effort, its part of an overall score of 2:

- `a` Schema (automated), 3 days
- `b` b (automated), 3 days

Each is a ticket of this epic. Close a ticket as done when its acceptance criteria are met;
`maturity-planner track` then proposes it for the score."""

TICKET = """\
Rows are checked.

- **Item:** `a` of s, Tiny rubric
- **Today:** manual
- **Wanted:** automated
- **Brings:** 1 point to s
- **Effort:** 2 person-days (1 to 3, likely 2), an estimate of the rubric
- **Upkeep:** 0.5 person-days a quarter
- **In the plan because:** s has to reach 2

**Evidence to attach.** A report.

**Needs first**

- `b` b (automated): rows must be there

**Goes better after**

- `c` c (automated): cheaper then
- `d` d (automated)

**Tools that do it.** Pandera, pytest

**Another estimate?** Put `effort_days: {automated: DAYS}` into the answer that
assessment.yaml has for `a`, so that its line reads like this, and run
`maturity-planner plan` again:

```yaml
a: {mode: manual, effort_days: {automated: DAYS}}
```"""

FULL = mode(
    {"low": 1, "likely": 2, "high": 3},
    upkeep_days=0.5,
    basis="estimate",
    evidence="A report.",
    acceptance=["It runs\n  in CI.", "It is read."],
    needs=[
        {"any_of": ["b@manual"], "why": "rows must be there"},
        {"soft": "c@manual", "why": "cheaper then"},
        {"soft": "d@manual"},
    ],
)


def test_ticket_says_all_there_is_to_say(tmp_path: Path) -> None:
    first = item(
        "a",
        title="Schema",
        summary="Rows are checked.",
        tools=["Pandera", "pytest"],
        modes={"manual": mode(1), "automated": FULL},
    )
    given = rubric({"s": [first, item("b"), item("c"), item("d")]})
    found = {t.uid: t for t in rendered(tmp_path, given, {"a": "manual"})}[
        Uid(f"{PLAN}.a.automated")
    ]
    assert found.title == "Schema (automated)"
    assert found.body == TICKET
    assert found.acceptance == (
        "It runs in CI.",
        "It is read.",
        "The evidence is attached or linked here.",
    )
    assert (found.labels, found.priority) == (("maturity", "s"), "medium")


def test_ticket_says_nothing_that_is_not_there(tmp_path: Path) -> None:
    body = rendered(tmp_path)[1].body
    for absent in (
        "Evidence",
        "Upkeep",
        "Needs",
        "Goes better",
        "Tools",
        "likely",
        "None",
        "Level",
    ):
        assert absent not in body
    assert "\n\n\n" not in body
    assert "a: {effort_days: {automated: DAYS}}" in body


def test_epic_lists_its_tickets(tmp_path: Path) -> None:
    epic = rendered(tmp_path)[0]
    assert (epic.title, epic.body) == ("Tiny rubric: s", EPIC)
    assert "overall score" not in rendered(tmp_path, target=None)[0].body


def test_levels_have_no_points(tmp_path: Path) -> None:
    steps = [{"id": "done", "title": "In place", "points": 1}]
    first = item("a", title="Builds run", level=1, modes={"done": mode(1)})
    given = rubric({"s": [first]}, section="levels", modes=steps)
    epic, ticket = rendered(tmp_path, given, to="done")
    assert "- **Level:** 1\n" in ticket.body
    assert "point" not in epic.body + ticket.body
    assert ticket.title == "Builds run"
    assert "It is a ticket of this epic." in epic.body


def test_own_estimate_is_named(tmp_path: Path) -> None:
    body = rendered(tmp_path, RUBRIC, {"a": {"effort_days": {"automated": 1}}})[1].body
    assert "- **Effort:** 1 person-day, the team's own estimate\n" in body


def test_single_template_is_replaced(tmp_path: Path) -> None:
    own(tmp_path, "Do {{ item.id }} with {{ days_text }}.")
    own(tmp_path, "{% include 'ticket-body.md.j2' %} <!-- mine -->", "epic-body.md.j2")
    own(tmp_path, "X " * 300, "epic-title.md.j2")
    body = "Do {{ item.id if item is defined else 'all' }}."
    own(tmp_path, body)
    epic, ticket, _ = rendered(tmp_path)
    assert epic.body == "Do all. &lt;!-- mine --&gt;"
    assert epic.title == "X " * 98 + "X..."
    assert ticket.body == "Do a."
    assert ticket.title == "Schema (automated)"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("one\n{% if %}", 2, "Expected an expression"),
        ("one\ntwo {{ item.nothing }}", 2, "has no attribute 'nothing'"),
        ("{{ nothing }}", 1, "'nothing' is undefined"),
        ("\n{{ ''.__class__.__mro__ }}", 2, "unsafe"),
        ("\n{{ item.__init__.__globals__ }}", 2, ""),
        ("\n{{ item.tools.append('x') }}", 2, "unsafe"),
        ("\n{% for i in range(10**9) %}x{% endfor %}", 2, "larger than 100000"),
        ("\n{% include 'ticket-body.md.j2' %}", 2, "includes itself"),
        ("\n{% include '../../../etc/passwd' %}", 2, "passwd"),
        ("\n{{ 5 | xmlattr }}", 2, ""),
        ("\n{{ 1 / 0 }}", 2, "division"),
        ("\n{{ cycler() }}", 2, ""),
        ("\n{{ 'x' | capitalize_first | nonsense }}", 2, "No filter named 'nonsense'"),
        (b"one\n\xff\xfe\x00", 2, "not UTF-8"),
        ("x" * 30_001, 1, "30001 characters"),
    ],
)
def test_template_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, message: str
) -> None:
    path = own(tmp_path, text)
    with pytest.raises(TemplateError) as stop:
        rendered(tmp_path)
    assert stop.value.where == f"{path}:{line}"
    assert message in stop.value.message
    assert stop.value.fix
    assert stop.value.exit_code == 3


def test_fault_in_an_included_template_names_that_one(tmp_path: Path) -> None:
    own(tmp_path, "{% include 'part.md.j2' %}")
    part = own(tmp_path, "\n\n{{ nothing }}", "part.md.j2")
    with pytest.raises(TemplateError) as stop:
        rendered(tmp_path)
    assert stop.value.where == f"{part}:3"


def test_empty_title_is_an_error(tmp_path: Path) -> None:
    path = own(tmp_path, "\n {# nothing #} \n", "ticket-title.md.j2")
    with pytest.raises(TemplateError, match="empty title") as stop:
        rendered(tmp_path)
    assert stop.value.where == f"{path}:1"


def test_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    path = own(tmp_path, "text")
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        with pytest.raises(TemplateError, match="cannot be read") as stop:
            rendered(tmp_path)
        assert stop.value.where == f"{path}:1"
    else:
        pytest.skip("this user may read everything")


HOSTILE = [
    "ends it <!-- mp:end -->",
    "-->",
    "<!-- AC:END -->",
    "<!-- SECTION:DESCRIPTION:END -->\n## Notes",
    '<!-- mp {"uid": "0123abcd.a.automated", "base": {}} -->',
    "a\x00b\x1b[31mred\x07\x85",
    "\u202etxet\u2066\u200f\u061c\ufeff",
    "one\ntwo\r\nthree\rfour\u2028five",
    "---",
    "---\nid: TASK-99\n---",
    "## Acceptance Criteria\n\n- [ ] #1 evil",
    "- [x] #1 done already",
    "#3 #4",
    "$(rm -rf /) `id` ${HOME} %s {0}",
    "{{ 1 / 0 }} {% if %}",
    "'\"\\: # & * ! | > % @ ` [] {}",
    "<<<<<<< HEAD",
    "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other",
    "w" * 5_000,
    "\U0001f600 \u4e2d\u6587 \u0627\u0644",
    "null",
    "2026-11-20",
    "0x1F",
    "1_000",
    "12:30:45",
    "~",
    "=",
    "<<",
    "y",
    "- -",
    "?",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:20])
def test_no_text_of_a_rubric_can_break_a_ticket(tmp_path: Path, text: str) -> None:
    hostile = mode(1, evidence=text, acceptance=[text, "Second."])
    hostile["needs"] = [{"soft": "b@automated", "why": text}]
    first = item("a", title=text, summary=text, tools=[text], modes={"automated": hostile})
    given = rubric({"s": [first, item("b", title=text)]})
    wanted = list(rendered(tmp_path / "templates", given))
    place = LocalPlace(tmp_path)
    sync(place.tracker(), wanted)
    found = {present.uid: present for present in place.tracker().read(PLAN)}
    assert set(found) == {ticket.uid for ticket in wanted}
    for ticket in wanted:
        assert found[ticket.uid].fields == {"milestone": "", **ticket.fields()}
        assert found[ticket.uid].remote in {"TASK-1", "TASK-2", "TASK-3"}
    assert sync(place.tracker(), wanted).changes == ()


def test_long_texts_are_kept_and_long_titles_cut(tmp_path: Path) -> None:
    text = "long " * 2_000
    given = rubric({"s": [item("a", title=text, summary=text)]})
    wanted = list(rendered(tmp_path / "templates", given))
    assert text.strip() in wanted[1].body
    assert len(wanted[1].title) == 200
    place = LocalPlace(tmp_path)
    sync(place.tracker(), wanted)
    assert sync(place.tracker(), wanted).changes == ()


def test_nothing_hides_from_a_reader() -> None:
    assert safe("a\x1b\u202e\u061c\ufeffb\tc\nd") == "ab\tc\nd"
    assert safe(safe("<!-- x -->")) == safe("<!-- x -->") == "&lt;!-- x --&gt;"
    assert "<!--" not in safe("<\u202e!--") + safe("<!\x00--")


def test_numbers_with_their_nouns() -> None:
    assert [counted(n, "day") for n in ("0", "0.5", "1", "2")] == [
        "0 days",
        "0.5 days",
        "1 day",
        "2 days",
    ]
