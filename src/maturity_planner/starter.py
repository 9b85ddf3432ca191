"""The texts of the files that `init` writes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .config import SETTINGS
from .core.assessment import named_rubrics
from .core.assessment_soundness import shared_items
from .core.rubric import Rubric
from .documents import Document, Unreadable, dump_yaml, parse_yaml
from .errors import Fault, UsageError, UserError
from .files import read_text
from .resources import bundled
from .toml_documents import parse_toml

ASSESSMENT = "assessment.yaml"

_TRACKERS = {
    "local": "# Tickets are files that Backlog.md can show.\n"
    '[tracker.local]\ndirectory = "backlog"\n',
    "github": """\
# Next: put a token into GITHUB_TOKEN, see that `maturity-planner doctor` finds no fault, look at
# what `maturity-planner diff` would do, and let `maturity-planner sync` do it.
[tracker.github]
repository = "OWNER/REPOSITORY"
# base_url = "https://github.example.com/api/v3"   # GitHub Enterprise Server
# token_command = "gh auth token"                  # instead of GITHUB_TOKEN
# assignees = ["LOGIN"]                            # who gets the new tickets
# project = 7                                      # the project that gets the roadmap's dates
""",
    "jira": """\
# Next: put a token into JIRA_TOKEN, see that `maturity-planner doctor` finds no fault, look at
# what `maturity-planner diff` would do, and let `maturity-planner sync` do it.
[tracker.jira]
server = "https://SITE.atlassian.net"
project = "KEY"
# email = "you@example.com"                        # whose API token it is; Cloud only
# token_command = "pass show jira"                 # instead of JIRA_TOKEN
""",
}


_NOT_PLAIN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def settings_text(tracker: str, target: int | None = None) -> str:
    """Return a commented maturity.toml."""
    return f"""\
# Settings of maturity-planner; every line can be left out.
assessment = "assessment.yaml"
{f"target = {target}  " if target is not None else "# target = 2"}              # the score to reach
horizon_quarters = 4      # how long the upkeep of an upgrade counts as its cost
# plan.exclude = ["ITEM"] # what no plan takes; what every plan takes is plan.include

# Who works on the plan, for `roadmap`: put your own team here.
[team]
focus = 0.6               # share of a working day that goes into the plan
sprint_weeks = 2
[team.people]             # how many of each role
engineer = 2

[tracker]
kind = "{tracker}"

{_TRACKERS[tracker]}"""


def skeleton_text(name: str) -> str:
    """Return a small rubric of that id that explains every key.

    Raises:
        UsageError: the id is none.
    """
    if len(name) > 100 or not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError(
            f"{name[:60]!a} cannot be a rubric's id",
            fix="Use lower-case letters, digits and single hyphens: service-readiness",
        )
    text = (bundled("templates") / "rubric" / "skeleton.yaml").read_text(encoding="utf-8")
    title = name.replace("-", " ").capitalize()
    # An id such as 2027 or null would be no text without quotes.
    named = dump_yaml({"id": name}).strip()
    titled = dump_yaml({"title": title}).strip()
    text = text.replace("rubrics/my-rubric.yaml", f"rubrics/{name}.yaml")
    text = re.sub("^id: my-rubric", named, text, flags=re.MULTILINE)
    return re.sub("^title: My rubric", titled, text, flags=re.MULTILINE)


def assessment_text(
    rubrics: Mapping[str, Rubric], system: str, today: datetime.date, *, is_listed: bool = True
) -> str:
    """Return a commented assessment without answers.

    All items of the named rubrics are listed, unless they are about to change: an answer to an
    item that the rubric has no longer is a fault.

    Raises:
        UsageError: the system's name cannot stand in a file, or the rubrics not in one.
    """
    if len(system) > 300 or _NOT_PLAIN.search(system):
        raise UsageError(
            f"{system[:60]!a} cannot be the system's name: too long, or not plain text",
            fix="Give it another one: --system NAME",
        )
    if shared := list(shared_items(tuple(rubrics.values()))):
        raise UsageError(shared[0].message, fix=shared[0].fix)
    names = list(rubrics)
    known = dict.fromkeys(mode.id for rubric in rubrics.values() for mode in rubric.modes)
    modes = ", ".join(["none", *known])
    named = dump_yaml({"system": system, "rubric": names[0] if len(names) == 1 else names}).strip()
    lines = [
        "# What we claim today. `maturity-planner assess` asks for the answers one by one.",
        f"# An answer is one of {modes}, or a mapping:",
        "#   ITEM: {mode: MODE, evidence: [link], note: text, effort_days: {MODE: DAYS}}",
        "# effort_days replaces the rubric's estimate by your own.",
        "schema: maturity-planner/assessment/v1",
        named,
        f"date: {today}",
        "answers:" if is_listed else "answers: {}",
    ]
    for rubric in rubrics.values() if is_listed else ():
        for section in rubric.sections:
            of = f"{rubric.title}: " if len(names) > 1 else ""
            lines.append(f"  # {' '.join(f'{of}{section.title}'.split())}")
            lines += [f"  {item.id}:" for item in section.items]
    lines += [
        "# An accepted exemption, with its last day:",
        "# waivers:",
        "#   ITEM: {reason: why, owner: who, until: YYYY-MM-DD}",
    ]
    return "\n".join(lines) + "\n"


def unheeded(
    root: Path, tracker: str | None, system: str | None, rubrics: Sequence[str]
) -> Iterator[Fault]:
    """Yield what was chosen for files that are there already and say something else.

    None, and no rubrics, stand for no choice.
    """
    if tracker is not None and (settings := _there(root / SETTINGS)):
        table = settings.data.get("tracker")
        kind = table.get("kind", "local") if isinstance(table, dict) else "local"
        if kind != tracker:
            fix = (
                f'Write kind = "{tracker}" there, under [tracker]; `maturity-planner doctor` '
                "tells what else that tracker needs."
            )
            yield _left(f"--tracker {tracker}", settings, SETTINGS, ("tracker", "kind"), fix)
    assessment = _there(root / ASSESSMENT) if system is not None or rubrics else None
    if assessment is None:
        return
    if system is not None and assessment.data.get("system") != system:
        fix = f"Write there: {dump_yaml({'system': system}).strip()}"
        yield _left(f"--system {system}", assessment, ASSESSMENT, ("system",), fix)
    if rubrics and named_rubrics(assessment.data) != tuple(rubrics):
        names = rubrics[0] if len(rubrics) == 1 else f"[{', '.join(rubrics)}]"
        fix = (
            f"Write rubric: {names} there, and answers to its items: `maturity-planner assess` "
            "asks for them."
        )
        told = " ".join(f"--rubric {name}" for name in rubrics)
        yield _left(told, assessment, ASSESSMENT, ("rubric",), fix)


def _there(path: Path) -> Document | None:
    """Return what a file holds, if it is there; nothing of one that nobody can read."""
    if not path.exists():
        return None
    try:
        parse = parse_toml if path.suffix == ".toml" else parse_yaml
        document = parse(read_text(path), with_marks=True)
    except (UserError, Unreadable):
        return Document({})
    return document if isinstance(document.data, dict) else Document({})


def _left(option: str, document: Document, name: str, place: tuple[str, ...], fix: str) -> Fault:
    line, column = document.place(place)
    message = f"{option} would change a file that is there"
    return Fault(message, fix, file=name, line=line, column=column)
