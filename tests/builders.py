"""Small rubrics and assessments for tests, built from the same documents as real ones."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from maturity_planner.core.assessment import Assessment, build_assessment
from maturity_planner.core.rubric import Rubric, build_rubric
from maturity_planner.core.rubric_soundness import rubric_faults

TODAY = datetime.date(2026, 11, 20)
NOW = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)


def mode(effort: Any = 1, **keys: Any) -> dict[str, Any]:
    """A mode of an item; `from_` stands for `from`."""
    if "from_" in keys:
        keys["from"] = keys.pop("from_")
    return {"effort_days": effort, **keys}


def item(name: str, **keys: Any) -> dict[str, Any]:
    """An item that takes one day by hand and three automated, unless told otherwise."""
    modes = keys.pop("modes", {"manual": mode(1), "automated": mode(3)})
    return {"id": name, "title": name.replace("-", " "), "modes": modes, **keys}


def document(
    sections: Mapping[str, Sequence[dict[str, Any]]],
    *,
    section: str = "sum",
    overall: str = "minimum",
    weights: Mapping[str, Any] | None = None,
    modes: Sequence[dict[str, Any]] | None = None,
    bands: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A rubric document of the given sections and items."""
    return {
        "schema": "maturity-planner/rubric/v1",
        "id": "tiny",
        "title": "Tiny rubric",
        "version": "1",
        "modes": modes or [{"id": "manual", "points": 0.5}, {"id": "automated", "points": 1}],
        "scoring": {"section": section, "overall": overall, "bands": list(bands)},
        "sections": [
            {
                "id": name,
                "title": name,
                "weight": (weights or {}).get(name, 1),
                "items": list(items),
            }
            for name, items in sections.items()
        ],
    }


def rubric(sections: Mapping[str, Sequence[dict[str, Any]]], **keys: Any) -> Rubric:
    """A sound rubric of the given sections and items."""
    built = document(sections, **keys)
    assert rubric_faults(built) == []
    return build_rubric(built)


def assessment(
    answers: Mapping[str, Any] | None = None,
    waivers: Mapping[str, Any] | None = None,
    *,
    today: datetime.date = TODAY,
) -> Assessment:
    """An assessment of the tiny rubric with these answers."""
    return build_assessment(
        {
            "system": "tiny-system",
            "rubric": "tiny",
            "answers": dict(answers or {}),
            "waivers": dict(waivers or {}),
        },
        today,
    )
