"""Changes of an assessment file that keep its comments, its order and everything else."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .documents import parse_yaml
from .errors import AssessmentError
from .files import read_text, write_atomic


@dataclass(frozen=True, slots=True)
class Edit:
    """A new answer for one item; evidence is added to and taken from what is there."""

    item: str
    mode: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def edit_assessment(path: Path, edits: Sequence[Edit], today: datetime.date) -> None:
    """Write the answers into the file, in one step; the date becomes today's if there is one.

    Raises:
        AssessmentError: the file cannot be changed without changing something else.
    """
    before = read_text(path, AssessmentError)
    after = edited_text(before, edits, today)
    if after != before:
        write_atomic(path, after)


def edited_text(text: str, edits: Sequence[Edit], today: datetime.date) -> str:
    """Return the text of an assessment with the edits in it.

    Raises:
        AssessmentError: what came out does not say exactly what was meant.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.util import load_yaml_guess_indent

    _, indent, offset = load_yaml_guess_indent(text)
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=indent or 4, offset=offset if offset is not None else 2)
    document = yaml.load(text)
    if document.get("answers") is None:
        document["answers"] = {}
    answers = document["answers"]
    if getattr(answers, "fa", None) is not None:
        answers.fa.set_block_style()  # `answers: {}` of a fresh file grows one line an item
    for edit in edits:
        answers[edit.item] = _answer(answers.get(edit.item), edit)
    if "date" in document:
        document["date"] = today
    stream = io.StringIO()
    yaml.dump(document, stream)
    after = stream.getvalue()
    if parse_yaml(after).data != _expected(parse_yaml(text).data, edits, today):
        raise AssessmentError(
            "the assessment cannot be changed without changing more than the answers",
            fix="Write the answers by hand: " + ", ".join(f"{e.item}: {e.mode}" for e in edits),
        )
    return after


def _answer(present: Any, edit: Edit) -> Any:
    """Return the new answer; a mapping is changed in place, which keeps its comments."""
    if isinstance(present, Mapping):
        assert isinstance(present, dict)
        present["mode"] = edit.mode
        evidence = present.get("evidence")
        kept = [e for e in evidence or [] if e not in edit.remove]
        new = [e for e in edit.add if e not in kept]
        if evidence is not None and not edit.remove:
            evidence.extend(new)
        elif kept or new or evidence is not None:
            present["evidence"] = kept + new
        return present
    if not edit.add:
        return edit.mode
    return {"mode": edit.mode, "evidence": list(edit.add)}


def _expected(data: dict[str, Any], edits: Sequence[Edit], today: datetime.date) -> dict[str, Any]:
    answers = dict(data.get("answers") or {})
    for edit in edits:
        old = answers.get(edit.item)
        answers[edit.item] = _answer(_copied(old), edit)
    expected = {**data, "answers": answers}
    if "date" in data:
        expected["date"] = today.isoformat()
    return expected


def _copied(answer: Any) -> Any:
    if not isinstance(answer, dict):
        return answer
    return {k: list(v) if isinstance(v, list) else v for k, v in answer.items()}
