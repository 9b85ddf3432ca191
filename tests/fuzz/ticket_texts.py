"""Texts that people and we write together: ticket files, issues, descriptions, templates."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from builders import TODAY
from contract.places import PLAN, ticket, uid_of
from maturity_planner.core.tickets import Uid, base_of
from maturity_planner.files import load_assessment
from maturity_planner.plans import load_plan
from maturity_planner.rendering import TEMPLATES, Renderer
from maturity_planner.resources import bundled
from maturity_planner.sync import wanted_tickets
from maturity_planner.trackers import block, task_file
from maturity_planner.trackers.block import Block, Mark
from maturity_planner.trackers.jira_issue import MOST_TEXT, fitted, size
from maturity_planner.trackers.jira_markup import to_wiki
from maturity_planner.trackers.jira_text import digest, take_apart
from maturity_planner.trackers.local import LocalTracker
from maturity_planner.trackers.task_file import BEGIN, END, TaskFile

from .target import Form, Target, answered
from .workshop import RUBRIC, RUBRICS, demo, folder

UID = Uid(uid_of("sensors"))
NEW = "New words.\n\n- of ours"


def read_task(raw: bytes) -> None:
    """A ticket file: read as one of a board, and edited where it is ours."""
    tasks = folder() / "board" / "backlog" / "tasks"
    tasks.mkdir(parents=True, exist_ok=True)
    (tasks / "task-1 - Title.md").write_bytes(raw)
    tracker = LocalTracker({}, tasks.parents[1], "system")
    plan = raw.partition(b'<!-- mp {"uid": "')[2][:8].decode("utf-8", "replace")
    answered(lambda: tracker.read(plan or PLAN))
    with contextlib.suppress(task_file.Broken, UnicodeDecodeError):
        _edit_task(raw.decode("utf-8"))


def _edit_task(text: str) -> None:
    """Change our parts; all others stay as they are."""
    if TaskFile(text).identity is None:
        return
    assert TaskFile(text).text() == text, "unchanged, and not the same"
    edited = TaskFile(text)
    edited.set_block(NEW)
    before, begun, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    if edited.block() == NEW:
        assert edited.text().startswith(before + begun)
        assert edited.text().endswith(after)
    edited.set_criteria(("It is done.",))
    edited.set_key("priority", "low")
    edited.add_comment("Closed.", "2026-11-20 09:30")
    assert edited.identity
    edited.set_identity(replace(edited.identity, closed="done"))
    again = TaskFile(edited.text())
    assert again.word("priority") == "low"
    assert again.identity == edited.identity
    front = TaskFile(text)._front.split("\n")
    assert [line for line in front if line.startswith("person:")] == [
        line for line in edited._front.split("\n") if line.startswith("person:")
    ]


def read_block(raw: bytes) -> None:
    """The text of an issue of GitHub: what is not ours stays."""
    text = raw.decode("utf-8", "replace")
    try:
        found = Block.parse(text)
    except block.Broken:
        return
    if found is None:
        return
    assert text.startswith(found.before)
    assert text.endswith(found.after)
    again = Block.parse(found.text())
    assert again is not None
    assert (again.before, again.after, again.mark) == (found.before, found.after, found.mark)


def read_description(raw: bytes) -> None:
    """A description of Jira: taken apart and put together it says the same."""
    text = raw.decode("utf-8", "replace")
    for body in (None, digest("What to do."), digest(text)):
        found = take_apart(text, body, UID)
        if found.uid:
            again = take_apart(found.text(), body, found.uid)
            assert (again.uid, again.stamp, again.after) == (found.uid, found.stamp, found.after)


def write_markup(raw: bytes) -> None:
    """Markdown of ours or of a rubric as Jira's markup, which has its own limits."""
    text = raw.decode("utf-8", "replace")
    to_wiki(text)
    fitting = fitted(ticket("sensors", title=text, body=text, acceptance=(text, "Done.")))
    assert size(fitting.body) <= MOST_TEXT


def render(raw: bytes) -> None:
    """A project's own template: its tickets, or an error that says where the fault is."""
    own = folder() / "templates"
    own.mkdir(exist_ok=True)
    (own / "ticket-body.md.j2").write_bytes(raw)
    rubric = RUBRIC()
    assessment = load_assessment(
        demo() / "assessment.yaml", rubric, RUBRICS["ml-test-score"], TODAY
    )
    plan = load_plan(demo() / "plan.yaml", rubric)
    plan = replace(plan, upgrades=plan.upgrades[:1])
    answered(lambda: wanted_tickets(plan, rubric, assessment, Renderer(own, "assessment.yaml")))


def _tasks() -> list[bytes]:
    found = sorted((demo() / "backlog" / "tasks").glob("*.md"))[:3]
    return [path.read_bytes().replace(b"ordinal:", b"person: x\nordinal:") for path in found]


def _blocks() -> list[bytes]:
    one = ticket("sensors", needs=("schema",))
    mark = Mark(UID, base_of(one.fields()), closed="done", turn=2, is_new=True, settled=3)
    found = Block(mark, one.body, (("Done.", True),), ("- [ ] #3",), "above\n", "\nbelow\n")
    return [found.text().encode(), found.text().replace("\n", "\r\n").encode()]


def _descriptions() -> list[bytes]:
    text = (
        f"Above by a person.\n\nWhat to do.\n\n*Done when*\n\n* ☐ It runs.\n* ☑ It is linked.\n\n"
        f"----\nmp-uid: {UID} 0123456789ab\n\nBelow: {{code}}x{{code}} [a|http://b|smart-link]\n"
    )
    return [text.encode(), text.replace("-", "\\-").encode()]


def _templates() -> list[bytes]:
    place = bundled("templates") / "tickets"
    return [(place / name).read_bytes() for name in TEMPLATES]


def _markdown() -> list[bytes]:
    text = (
        "# Head\n\n> said\n> again\n\n1. one\n   - two **bold** _it_ `code` ~~gone~~\n\n"
        "| a | b |\n|---|:-:|\n| 1 | [x](http://y.z/?q=1) |\n\n```yaml\na: {b: 1}\n```\n"
        "- [ ] do ![i](u) <b>html</b> &amp; https://e.org/a_b\n\n***\n"
    )
    return [text.encode(), *_templates()[1:2]]


MARKS = (
    "<!-- mp:begin -->",
    "<!-- mp:end -->",
    "<!-- AC:BEGIN -->",
    "<!-- AC:END -->",
    "<!-- mp {",
)
TARGETS = (
    Target(
        "task-file",
        Form.TEXT,
        _tasks,
        read_task,
        (*MARKS, "---\n", "- [x] #1 ", "person: x\n", "\r\n", "priority:", "labels: [", "status: "),
    ),
    Target(
        "block",
        Form.TEXT,
        _blocks,
        read_block,
        (*MARKS, "<!-- mp:criteria -->", "<!-- mp:links -->", "- [x] ", "\r\n", "**Done when**"),
    ),
    Target(
        "description",
        Form.TEXT,
        _descriptions,
        read_description,
        (
            "mp-uid: ",
            "mp\\-uid:",
            "*Done when*",
            "* ☐ ",
            "* ☑ ",
            "----\n",
            "{code}",
            "|smart-link]",
        ),
    ),
    Target(
        "markup",
        Form.TEXT,
        _markdown,
        write_markup,
        ("**", "[", "](", "![", "<", "`", "```\n", "> ", "1. ", "- ", "| ", "{", "h1.", "http://"),
    ),
    Target(
        "template",
        Form.TEXT,
        _templates,
        render,
        ("{{ ", " }}", "{% for x in ", "{% endfor %}", "{% if ", "{% endif %}", "item", "|safe"),
    ),
)
