"""Pins and section targets that a person typed or put into the settings, found in a rubric."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from .core.pins import KINDS, NO_PINS, Pins, parse_pins, pin_faults
from .core.plan import Pin, Request
from .core.quantity import as_fraction
from .core.reasons import contradictions
from .core.rubric import SectionId
from .errors import ConfigError, Fault, UsageError
from .lookup import find_item, find_mode, find_section

if TYPE_CHECKING:
    from .config import Project
    from .core.assessment import Assessment
    from .core.rubric import Rubric


def parse_pin(rubric: Rubric, name: str) -> Pin:
    """Return the pin that ITEM or ITEM@MODE names.

    Raises:
        UsageError: no such item or mode; names the nearest.
    """
    return Pin(*find_mode(rubric, name)) if "@" in name else Pin(find_item(rubric, name).id)


def option_pins(
    rubric: Rubric, assessment: Assessment, include: Iterable[str], exclude: Iterable[str]
) -> Pins:
    """Return the pins that a command's options name, each once.

    Raises:
        UsageError: no such item or mode, or they contradict each other or a waiver.
    """
    pins = Pins(
        *(
            tuple(dict.fromkeys(parse_pin(rubric, name) for name in names))
            for names in (include, exclude)
        )
    )
    if found := contradictions(rubric, assessment, Request(None, **pins._asdict())):
        raise UsageError(
            "the pins contradict each other or a waiver",
            fix="Take one of the two out.",
            faults=map(Fault, found),
        )
    return pins


def settings_pins(
    project: Project, rubric: Rubric, assessment: Assessment, options: Pins = NO_PINS
) -> Pins:
    """Return the pins of the settings that those of the options do not replace.

    Raises:
        ConfigError: they name what there is not, or contradict each other or a waiver.
    """
    if pin_faults(project.data, rubric, assessment, options):
        raise _unusable(project, rubric, assessment, options)
    pins = (parse_pins(project.pins(kind)) for kind in KINDS)
    mine = (tuple(p for p in of_kind if p.item not in assessment.elsewhere) for of_kind in pins)
    return Pins(*mine).besides(options)


def _unusable(
    project: Project, rubric: Rubric, assessment: Assessment, options: Pins
) -> ConfigError:
    """Return the error with the place of every fault; reads the settings again to find them."""
    from .files import read_text

    assert project.source is not None
    text = read_text(project.source, ConfigError)
    return ConfigError(
        f"the pins in {project.source} cannot be used",
        faults=faults_of_settings(project.source, text, rubric, assessment, options),
    )


def faults_of_settings(
    path: Path, text: str, rubric: Rubric, assessment: Assessment, options: Pins = NO_PINS
) -> list[Fault]:
    """Return every fault of settings, those of the pins included, with its place."""
    from .checking import faults_of
    from .config import PYPROJECT, TABLE
    from .core.team import team_faults
    from .toml_documents import parse_toml

    faults, _ = faults_of(
        "settings",
        text,
        str(path),
        parse=parse_toml,
        sound=lambda document: [
            *team_faults(document),
            *pin_faults(document, rubric, assessment, options),
        ],
        within=TABLE if path.name == PYPROJECT else (),
    )
    return faults


def origin(settings: Path | None, pins: Pins) -> str:
    """Return which pins the settings bring in; nothing when there are none.

    >>> origin(Path("maturity.toml"), Pins((Pin("a"),), (Pin("b", "manual"), Pin("c"))))
    'From maturity.toml: include a; exclude b@manual, c.'
    """
    parts = zip(KINDS, pins, strict=True)
    told = [f"{kind} {', '.join(map(str, of_kind))}" for kind, of_kind in parts if of_kind]
    return f"From {settings.name}: {'; '.join(told)}." if settings and told else ""


def parse_section_targets(rubric: Rubric, given: Iterable[str]) -> dict[SectionId, Fraction]:
    """Return the scores that SECTION=T ask for.

    Raises:
        UsageError: no such section, or no number.
    """
    targets: dict[SectionId, Fraction] = {}
    for text in given:
        name, equals, number = text.partition("=")
        wanted = as_fraction(number)
        if not equals or wanted is None or not 0 <= wanted <= 1_000_000:
            raise UsageError(f'"{text}" asks for nothing', fix="Write SECTION=T, T from 0 up.")
        section = find_section(rubric, name).id
        if targets.get(section, wanted) != wanted:
            raise UsageError(f"{section} is given two targets", fix="Name each section once.")
        targets[section] = wanted
    return targets
