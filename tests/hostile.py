"""Texts that nobody should write, and a report that says one wherever others have a say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from builders import NOW, assessment, item, mode, rubric
from maturity_planner.core.assessment import Evidence, Waiver
from maturity_planner.core.plan import Standing, Upgrade, upgrade_cost
from maturity_planner.core.proposals import Tracked
from maturity_planner.core.rubric import ItemId, ModeId
from maturity_planner.core.tickets import Kind, Milestone, Present, State, Uid
from maturity_planner.plans import PlanOnFile
from maturity_planner.report.building import build_report
from maturity_planner.report.content import Report
from maturity_planner.report.past import Recorded
from maturity_planner.report.sources import Sources
from maturity_planner.roadmaps import RoadmapOnFile, Slot

BAD = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title></svg>", "<!--", "]]>"),
    *('" onload="x', "'", "&lt;", "&#x3c;", "[x](javascript:alert(1))", "![x](http://e.example/p)"),
    *(
        "javascript:alert(1)",
        "http://e.example/a?b=1&c=2",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM",
    ),
    *(
        "\uff1d1+1",
        "|",
        "\\|",
        "`",
        "```",
        "*b*",
        "_b_",
        "~~s~~",
        "# h",
        "- l",
        "1. l",
        "> q",
        "$x$",
    ),
    *(
        "\x1b[31m",
        "\x00",
        "\x07",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u2028",
        "\r\n",
        "\n\n",
        "\t",
        " ",
    ),
    *("a:b;c", "x" * 10_000, "\ud800", "@team", "#12", "{{ 7*7 }}", "{% raw %}", "---", "==="),
)

NEEDING = {"manual": mode(1), "automated": mode(3, needs=["a@manual"])}


def report_of(bad: str) -> Report:
    """A report that says the text wherever somebody else has a say."""
    built = rubric(
        {"s": [item("a"), item("b", modes=NEEDING), item("c")], "t": [item("d")], "u": [item("e")]}
    )
    sections = tuple(
        section._replace(
            title=bad,
            items=tuple(replace(one, title=bad) for one in section.items),
        )
        for section in built.sections
    )
    modes = tuple(one._replace(title=bad) for one in built.modes)
    hostile = replace(built, title=bad, version=bad, source=bad, sections=sections, modes=modes)
    known = assessment({"a": {"mode": "manual", "note": bad}, "b": "none"})
    answers = dict(known.answers)
    answers[ItemId("a")] = replace(answers[ItemId("a")], evidence=(Evidence(bad),))
    waiver = Waiver(ItemId("c"), bad, bad, date(2026, 12, 1))
    known = replace(
        known, system=bad, answers=answers, waivers={ItemId("c"): waiver}, expired=(waiver,)
    )
    to = ModeId("automated")
    upgrades = []
    for name in ("a", "b"):
        one = hostile.items[ItemId(name)]
        cost, effort, _ = upgrade_cost(known, one, to, Fraction(4))
        upgrades.append(Upgrade(one, known.mode(one), to, cost, effort, 5000_0000, why=bad))
    first, last = date(2026, 11, 23), date(2026, 11, 27)
    slot = Slot(first, last, Milestone(bad, first, last))
    present = Present(
        Uid("0123abcd.a.automated"), Kind.TICKET, bad, bad, bad, State.OPEN, fields={}
    )
    return build_report(
        Sources(
            hostile,
            known,
            Fraction(2),
            NOW,
            past=(Recorded(NOW, Standing(Fraction(1), {"s": Fraction(0)}), bad),),
            plan=PlanOnFile("0123abcd", bad, "tiny", Fraction(2), tuple(upgrades)),
            roadmap=RoadmapOnFile("0123abcd", {u.ref: slot for u in upgrades}, (), first, last),
            tickets=(Tracked(present, upgrades[0].item, to),),
        )
    )
