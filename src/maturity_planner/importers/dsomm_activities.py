"""One activity of DSOMM: its fields, those that are missing or wrong told and filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .findings import Findings
from .reading import Node
from .words import MOST_LINE, Names, cut, one_line, slug

LEVELS = 5
MIDDLE = 3
MOST_TOOLS = 100
MOST_CRITERIA = 100

_FIELDS = (
    *("uuid", "level", "description", "risk", "measure", "assessment", "usefulness"),
    *("difficultyOfImplementation", "dependsOn", "implementation", "references", "tags", "meta"),
    *("isImplemented", "evidence", "comments", "comment", "credits", "teamsImplemented"),
    *("teamsEvidence", "teams"),
)


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Three ordinal figures from 1 to 5."""

    knowledge: int
    time: int
    resources: int


@dataclass(frozen=True, slots=True)
class Activity:
    """What the model says of one activity, fit for our files; `refs` name what it needs."""

    node: Node
    dimension: str
    group: str
    name: str
    uuid: str
    id: str
    title: str
    level: int
    difficulty: Difficulty
    usefulness: int
    description: str
    risk: str
    measure: str
    acceptance: tuple[str, ...]
    tools: tuple[str, ...]
    refs: tuple[Node, ...]

    @property
    def shown(self) -> str:
        """The title with the line that the activity starts on."""
        return f'"{self.title}" (line {self.node.place[0]})'


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An activity that is none of ours, for what refers to it: its names, and why it is none."""

    name: str
    uuid: str
    why: str


def read_activity(
    path: tuple[str, str, str], node: Node, findings: Findings, names: Names
) -> Activity | LeftOut:
    """Return the activity; one without a level is left out, as nothing can stand for it."""
    dimension, group, name = path
    line = node.place[0]
    title = findings.cut(node, "the name", one_line(name), MOST_LINE) or "Untitled"
    if not isinstance(node.value, dict):
        held = f"is {node.kind}, no mapping of fields" if node.value else "has nothing in it"
        message = f'activity "{title[:60]}" {held}; left out'
        findings.fault(node, message, "Put its fields under its name, or remove it.")
        return LeftOut(name.strip(), "", f"it {held} (line {line})")
    findings.slips(node, _FIELDS)
    _look_for_fractions(node, findings)
    uuid = findings.text(node, "uuid").casefold()
    so = f'activity "{title}" is left out'
    level = findings.whole(node, "level", 1, LEVELS, so=so)
    if level is None:
        lacks = f"its level is none of 1 to {LEVELS}" if node.get("level") else "it has no level"
        if node.get("level") is None:
            message = f'activity "{title}" has no level and is left out'
            findings.fault(node, message, "Add `level: 1`.")
        return LeftOut(name.strip(), uuid, f"{lacks} (line {line})")
    if not uuid:
        fix = "Its item is named by its title alone, so a new title makes it a new item."
        findings.fault(node, f'activity "{title}" has no uuid', fix)
    return Activity(
        node=node,
        dimension=dimension,
        group=group,
        name=name.strip(),
        uuid=uuid,
        id=names.unique(title, slug(uuid).replace("-", "")[:8]),
        title=title,
        level=level,
        difficulty=_difficulty(node, title, findings),
        usefulness=_usefulness(node, title, findings),
        description=findings.body(node, "description"),
        risk=findings.body(node, "risk"),
        measure=findings.body(node, "measure"),
        acceptance=_criteria(findings.body(node, "assessment")),
        tools=_tools(node),
        refs=_refs(node, findings),
    )


def _look_for_fractions(node: Node, findings: Findings) -> None:
    references = node.get("references")
    for _, chapters in references.items() if references else ():
        for chapter in chapters.entries():
            if chapter.is_fraction:
                message = f"the reference {chapter.value[:40]} without quotes is a number"
                findings.trap(chapter, message, f'Put it in quotes: "{chapter.value[:40]}".')


def _difficulty(node: Node, title: str, findings: Findings) -> Difficulty:
    given = node.get("difficultyOfImplementation")
    figures = {}
    for key in ("knowledge", "time", "resources"):
        figure = findings.whole(given, key, 1, 5, so=f"{MIDDLE} is taken") if given else None
        if given is None or given.get(key) is None:
            message = f'activity "{title}" has no difficulty for {key}: {MIDDLE} is taken'
            findings.fault(given or node, message, "Say it in difficultyOfImplementation, 1 to 5.")
        figures[key] = figure or MIDDLE
    return Difficulty(**figures)


def _usefulness(node: Node, title: str, findings: Findings) -> int:
    figure = findings.whole(node, "usefulness", 1, 5, so=f"{MIDDLE} is taken")
    if node.get("usefulness") is None:
        message = f'activity "{title}" has no usefulness: {MIDDLE} is taken'
        findings.fault(node, message, "Add `usefulness: N`, 1 to 5.")
    return figure or MIDDLE


def _criteria(text: str) -> tuple[str, ...]:
    r"""Return the points of a list in Markdown; a text that is none stays in one piece.

    >>> _criteria("- Show the log.\n- Show the bell,\n  and ring it.")
    ('Show the log.', 'Show the bell,\nand ring it.')
    """
    points = re.split(r"(?m)^[-*] +", text)
    if points[0].strip() or len(points) > MOST_CRITERIA:
        return (text,) if text else ()
    criteria = ("\n".join(line.strip() for line in point.split("\n")) for point in points)
    return tuple(one.strip() for one in criteria if one.strip())


def _tools(node: Node) -> tuple[str, ...]:
    given = node.get("implementation")
    names = (one.get("name") for one in given.entries()) if given else iter(())
    lines = (one_line(name.value) for name in names if name and isinstance(name.value, str))
    return tuple(dict.fromkeys(cut(line, MOST_LINE) for line in lines if line))[:MOST_TOOLS]


def _refs(node: Node, findings: Findings) -> tuple[Node, ...]:
    given = node.get("dependsOn")
    if given is None:
        return ()
    if isinstance(given.value, str):
        findings.fault(given, '"dependsOn" should be a list', "Write it as `- NAME` lines.")
        return (given,)
    if not isinstance(given.value, list):
        message = '"dependsOn" should be a list; it is left out'
        findings.fault(given, message, "Write it as `- NAME` lines.")
        return ()
    found = []
    for one in given.entries():
        if isinstance(one.value, str) and one.value.strip():
            found.append(one)
        else:
            message = "a reference should be a text; it is left out"
            findings.fault(one, message, "Name an activity or its uuid.")
    return tuple(found)
