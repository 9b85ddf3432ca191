"""The shapes of what `--json` prints, for `schema KIND` and for the tests that hold us to them."""

from __future__ import annotations

import json
from typing import Any

from .history import HISTORY, HistoryOut
from .imports import ImportAnswersOut, ImportOut
from .plan import FrontierOut, PlanOut
from .report import ReportOut
from .roadmap import RoadmapOut
from .rubric import RubricsOut, ShowOut, ValidateOut
from .score import AssessOut, ScoreOut
from .tickets import ChangesOut, DoctorOut, TrackOut
from .values import Output

OUTPUTS: dict[str, type[Output]] = {
    "rubrics": RubricsOut,
    "import": ImportOut,
    "validate": ValidateOut,
    "show": ShowOut,
    "import-answers": ImportAnswersOut,
    "assess": AssessOut,
    "score": ScoreOut,
    "history": HistoryOut,
    "plan": PlanOut,
    "frontier": FrontierOut,
    "roadmap": RoadmapOut,
    "diff": ChangesOut,
    "sync": ChangesOut,
    "track": TrackOut,
    "report": ReportOut,
    "doctor": DoctorOut,
}


def output_schema(command: str) -> dict[str, Any]:
    """Return the JSON Schema of a command's `--json`, envelope included."""
    data = OUTPUTS[command].model_json_schema(by_alias=True)
    definitions = data.pop("$defs", {})
    return {
        "title": f"{command} --json",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "generated_by", "data"],
        "properties": {
            "schema": {"const": f"maturity-planner/{command}/v1"},
            "generated_by": {"type": "string"},
            "data": data,
        },
        "$defs": definitions,
    }


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a file kind or an output.

    `plan`, `roadmap` and `history` are both: a file, and what the command prints as JSON.
    """
    from ..editor_schemas import tidied
    from ..shape_checking import shape_of

    schemas = []
    if kind == "history":
        schemas.append(HISTORY)
    elif kind in FILES:
        schemas.append(tidied(shape_of(kind).model_json_schema(by_alias=True)))
    if kind in OUTPUTS:
        schemas.append(output_schema(kind))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if len(schemas) == 1:
        return head | schemas[0]
    definitions: dict[str, Any] = {}
    for schema in schemas:
        definitions |= schema.pop("$defs", {})
    return {**head, "title": kind, "anyOf": schemas, "$defs": definitions}


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a file kind or an output, as the text of a file."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


FILES = ("rubric", "assessment", "settings", "plan", "roadmap", "history")
KINDS = tuple(dict.fromkeys((*FILES, *OUTPUTS)))
