"""Is a text what it claims to be? All its faults at once, each with file, line and column.

A text that this version found sound is not checked again (`remembered.py`).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from typing import Any

from .documents import Document, Unreadable
from .errors import Fault, UserError
from .remembered import place
from .shape_checking import counted, first_of, shape_faults

Parser = Callable[..., Document]

_RULES = (
    *(f"shapes/{name}.py" for name in ("values", "rubric", "assessment", "settings")),
    *("shapes/plan.py", "shapes/roadmap.py", "documents.py", "toml_documents.py"),
    *(f"core/{name}_soundness.py" for name in ("rubric", "assessment", "plan", "roadmap")),
    *(f"core/{name}.py" for name in ("addresses", "circles", "quantity", "team")),
)


def checked(
    kind: str,
    text: str,
    name: str,
    *,
    parse: Parser,
    error: type[UserError],
    sound: Callable[[Mapping[str, Any]], list[Fault]] = lambda _: [],
    against: str = "",
    within: tuple[str, ...] = (),
) -> Mapping[str, Any]:
    """Return the data of a text of the given kind.

    `sound` finds what no single value shows; `against` is the text that it depends on besides;
    `within` leads to the part that is ours, for settings inside pyproject.toml.

    Raises:
        UserError: (of the given kind) with every fault.
    """
    marker = place("checked", _RULES, kind, text, against, "/".join(within))
    if marker is not None and os.path.exists(marker):  # noqa: PTH110 (unlike Path's, never raises)
        with contextlib.suppress(Unreadable):
            known: Mapping[str, Any] = _inside(parse(text).data, within)
            return known
    faults, data = faults_of(kind, text, name, parse=parse, sound=sound, within=within)
    if faults:
        raise error(f"{name} has {counted(faults)}", faults=faults)
    if marker is not None:
        with contextlib.suppress(OSError):  # a cache that cannot be written is no fault
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()
    return data


def faults_of(
    kind: str,
    text: str,
    name: str,
    *,
    parse: Parser,
    sound: Callable[[Mapping[str, Any]], list[Fault]] = lambda _: [],
    within: tuple[str, ...] = (),
) -> tuple[list[Fault], Mapping[str, Any]]:
    """Return the faults of the text in the order of its lines, and its data."""
    try:
        document = parse(text, with_marks=True)
    except Unreadable as stop:
        return [stop.fault._replace(file=name)], {}
    data = _inside(document.data, within)
    if isinstance(data, dict):
        of_shape, usable = shape_faults(kind, data)
        known = {fault.path for fault in of_shape}
        more = [fault for fault in sound(usable) if fault.path not in known]
        faults = [*document.faults, *of_shape, *more]
    else:
        faults = [Fault(f"this holds no {kind}", f"See `maturity-planner schema {kind}`.")]
    placed = [_placed(fault, document, name, within) for fault in faults]
    return first_of(sorted(placed, key=lambda fault: (fault.line, fault.column)), name), data


def _inside(data: Any, within: tuple[str, ...]) -> Any:
    for key in within:
        data = data.get(key, {}) if isinstance(data, dict) else {}
    return data


def _placed(fault: Fault, document: Document, name: str, within: tuple[str, ...]) -> Fault:
    line, column = fault.line, fault.column
    if not line:
        line, column = document.place((*within, *fault.path))
    return fault.told()._replace(file=name, line=line, column=column)
