"""What people type: selectors, items, scores, days and dates, in the places where they stand."""

from __future__ import annotations

import os

from .target import Form, Target, check_shown
from .workshop import called, demo

HOLES: dict[str, tuple[str, ...]] = {
    "graph": ("graph", "--", "{}"),
    "show": ("show", "--", "{}"),
    "explain": ("score", "--explain={}"),
    "score": ("score", "--fail-under={}"),
    "quarter": ("roadmap", "-n", "--quarter={}", "--start=2027-01-01"),
    "date": ("roadmap", "-n", "--start={}", "--quarter=2027-Q1"),
    "include": ("plan", "-n", "--target=100", "--include={}"),
    "budget": ("plan", "-n", "--budget={}", "--target=2", "--include=none"),
    "horizon": ("plan", "-n", "--horizon={}", "--include=none"),
    "section": ("plan", "-n", "--section-target={}", "--include=none"),
    "rubric": ("score", "--rubric={}"),
    "schema": ("schema", "--", "{}"),
    "rule": ("assess", "--section={}", "--suggest"),
}
"""Commands that end before they compute for long: what stands beside the hole is refused."""


def type_in(raw: bytes) -> None:
    """Run a command with a text in the hole of it; the first line says which."""
    name, _, given = raw.decode("utf-8", "surrogateescape").partition("\n")
    text = given.replace("\0", "")  # no argument of a process can hold it
    command = HOLES.get(name, HOLES["graph"])
    os.chdir(demo())
    code, out = called(*(part.replace("{}", text) for part in command))
    assert code in (0, 1, 2, 3, 4), f"exit code {code}: {out[-300:]}"
    check_shown(out)


def _typed() -> list[bytes]:
    examples = {
        "graph": (
            "+infra-2-model-spec-unit-tests+2",
            "section:data model-1-specs-reviewed",
        ),
        "show": (
            "ml-test-score/data-1-feature-schema",
            "section:data",
            "mode:manual",
        ),
        "explain": ("data-1-feature-schema",),
        "score": ("1.5", "+.5", "100000.1234"),
        "quarter": ("2027-Q1", "2027-q4 "),
        "date": ("2027-01-31",),
        "include": ("data-1-feature-schema@automated", "data-3-feature-cost"),
        "budget": ("10", "0.0001"),
        "horizon": ("4", "0"),
        "section": ("data=2", "model=0.5"),
        "rubric": ("google-mlops", "./rubric.yaml"),
        "schema": ("rubric", "plan"),
        "rule": ("data",),
    }
    return [f"{name}\n{one}".encode() for name, texts in examples.items() for one in texts]


TARGETS = (
    Target(
        "command-line",
        Form.TEXT,
        _typed,
        type_in,
        (*(f"{name}\n" for name in HOLES), "+", ",", "@", "=", "section:", "level:", "1e5", "-"),
    ),
)
