"""The files of a project: rubric, assessment, plan, roadmap, settings, history, memory."""

from __future__ import annotations

import datetime
import json
from typing import Any

from builders import NOW, TODAY
from maturity_planner.assessing import Edit, edited_text
from maturity_planner.config import find_project
from maturity_planner.core.rubric import ItemId
from maturity_planner.core.score import score_assessment
from maturity_planner.documents import Unreadable, dump_yaml, parse_yaml
from maturity_planner.files import load_assessment, load_rubric
from maturity_planner.history import line_of, parse_history
from maturity_planner.output_shapes import schema_of
from maturity_planner.plans import load_plan
from maturity_planner.record_checking import history_faults
from maturity_planner.roadmaps import load_roadmap
from maturity_planner.state import Journal
from maturity_planner.toml_documents import parse_toml
from maturity_planner.trackers.jira_notebook import Notebook

from .target import Form, Target, answered
from .workshop import RUBRIC, RUBRICS, folder, made, small_rubrics, written


def keys_of(kind: str) -> tuple[str, ...]:
    """Return the keys of a kind of file."""
    schema = schema_of(kind)
    parts = (schema, *schema.get("$defs", {}).values())
    return tuple(sorted({key for part in parts for key in part.get("properties", {})}))


def _same(left: Any, right: Any) -> bool:
    return repr(left) == repr(right)  # NaN is not NaN, and 1 is True


def read_yaml(raw: bytes) -> None:
    """Any YAML: what was read and written again reads the same."""
    try:
        document = parse_yaml(raw.decode("utf-8", "replace"), with_marks=True)
    except Unreadable as stop:
        assert stop.fault.message
        return
    if not document.faults:
        assert _same(parse_yaml(dump_yaml(document.data)).data, document.data)


def read_toml(raw: bytes) -> None:
    """Any TOML."""
    try:
        parse_toml(raw.decode("utf-8", "replace"), with_marks=True)
    except Unreadable as stop:
        assert stop.fault.message


def read_rubric(raw: bytes) -> None:
    """A rubric, from the file to the model."""
    path = written("rubric.yaml", raw)
    answered(lambda: load_rubric(path))


def read_assessment(raw: bytes) -> None:
    """An assessment, scored; and an answer put into it, of which everything else stays."""
    path, rubric = written("assessment.yaml", raw), RUBRIC()
    found = answered(lambda: load_assessment(path, rubric, RUBRICS[rubric.id], TODAY))
    if found is None:
        return
    score_assessment(rubric, found)
    text = raw.decode("utf-8")
    item = ItemId("data-1-feature-schema")
    edit = Edit(item, "manual", add=("docs/a.md",), note="Seen: it's #1")
    after = answered(lambda: edited_text(text, [edit], TODAY))
    if after is not None:
        path.write_bytes(after.encode("utf-8"))
        again = load_assessment(path, rubric, RUBRICS[rubric.id], TODAY)
        assert again.answers[item].mode == "manual"


def read_plan(raw: bytes) -> None:
    """A plan."""
    path = written("plan.yaml", raw)
    answered(lambda: load_plan(path, RUBRIC()))


def read_roadmap(raw: bytes) -> None:
    """A roadmap."""
    path = written("roadmap.yaml", raw)
    answered(lambda: load_roadmap(path, RUBRIC()))


def read_settings(raw: bytes) -> None:
    """The settings, with all that is computed from them."""
    path = written("maturity.toml", raw)
    project = answered(lambda: find_project(folder(), path))
    if project is None:
        return
    for value in (project.assessment, project.plan, project.roadmap, project.target):
        str(value)
    str((project.horizon, project.grace, project.tracker, project.pins("include")))
    answered(lambda: project.team)
    answered(lambda: project.rubric("ml-test-score"))


def read_history(raw: bytes) -> None:
    """The history: each record, written again, reads the same."""
    history = answered(lambda: parse_history(raw, "history.jsonl"))
    assert history is not None
    history_faults(raw.decode("utf-8", "replace"), "history.jsonl")
    for record in history.records:
        line = json.dumps(line_of(record)).encode()
        (again,) = parse_history(line, "again").records
        assert line_of(again) == line_of(record)


def read_memory(raw: bytes) -> None:
    """What a sync that was killed left behind, and what is remembered of Jira's issues."""
    place = folder() / "memory" / ".maturity"
    place.mkdir(parents=True, exist_ok=True)
    (place / "journal.jsonl").write_bytes(raw)
    journal = Journal(place, NOW.timestamp)
    journal.doubts(60)
    journal.unfinished()
    notebook = Notebook(place.parent, "server", "PROJECT")
    notebook._path.write_bytes(raw.split(b"\n")[0])
    notebook = Notebook(place.parent, "server", "PROJECT")
    assert isinstance(notebook.get("deployment"), str)
    assert all(isinstance(key, str) for key in notebook.keys("0123abcd"))


def _memories() -> list[bytes]:
    at = int(datetime.datetime.timestamp(NOW))
    return [
        (
            f'{{"intent": "create", "uid": "0123abcd.a.b", "target": "o/r", "at": {at}}}\n'
            '{"done": "0123abcd.a.b", "remote": "#1"}\n'
            f'{{"intent": "update", "uid": "0123abcd.c.d", "target": "o/r", "at": {at}}}\n'
        ).encode(),
        b'{"deployment": "Cloud", "epic_link": "parent", "plan 0123abcd": {"0123abcd.a.b": '
        b'{"key": "MAT-1", "memory": {"v": 1, "uid": "0123abcd.a.b", "base": {}, "turn": 1}}}}\n',
    ]


def _any_yaml() -> list[bytes]:
    odd = b"a: &x {b: [1, 2.50, ~, 'it''s', \"\\u2028\", 1e400, .nan]}\nc: *x\nd: |\n  x\n\n  y\n"
    return [odd, *small_rubrics()[:1], *made("assessment.yaml")()]


TARGETS = (
    Target("yaml", Form.YAML, _any_yaml, read_yaml, ("&a", "*a", "<<", "|-", ">+", "? ", "!!str")),
    Target("toml", Form.TEXT, made("maturity.toml"), read_toml, ("[[", "]]", '"""', "'''", "1e5")),
    Target("rubric", Form.YAML, small_rubrics, read_rubric, keys_of("rubric")),
    Target(
        "assessment",
        Form.YAML,
        made("assessment.yaml"),
        read_assessment,
        (*keys_of("assessment"), "data-1-feature-schema", "automated"),
    ),
    Target("plan", Form.YAML, made("plan.yaml"), read_plan, keys_of("plan")),
    Target("roadmap", Form.YAML, made("roadmap.yaml"), read_roadmap, keys_of("roadmap")),
    Target("settings", Form.TOML, made("maturity.toml"), read_settings, keys_of("settings")),
    Target(
        "history",
        Form.LINES,
        made("history.jsonl"),
        read_history,
        ("when", "score", "sections", "cause", "answers", "rubric", "waivers", "beside", "after"),
    ),
    Target("memory", Form.LINES, _memories, read_memory, ("intent", "done", "uid", "at", "plans")),
)
