"""A roadmap for people: the headline with its odds, the chart, sprints, quarters, what is left."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..core.odds import Odds
from ..core.plan import Status
from ..core.quantity import chance, precise, shown
from ..core.quarters import QuarterEnd
from ..core.roadmap import Roadmap
from . import output
from .gantt import gantt, sprint_lines
from .scheduling import Made

MOST_CRITICAL = 3
MOST_QUARTERS = 12
"""With more, those after the last upgrade are left out: nothing changes in them."""


def show_roadmap(title: str, made: Made, sure: Odds | None, quarters: Sequence[QuarterEnd]) -> None:
    """Print the roadmap."""
    roadmap = made.roadmap
    scores = f"{precise(made.before.score)} -> {precise(made.after.score)}"
    output.say(click.style(f"{output.clean(title)}: {scores}", bold=True))
    if not roadmap.activities:
        output.say("There is nothing to do: every upgrade of the plan is done.")
        return
    for line in (*_headline(roadmap), *_odds(roadmap, sure)):
        # A number and its sign stay in one line.
        output.say(output.wrap(line.replace(" %", "_%"), indent="").replace("_%", " %"))
    output.say()
    for line in gantt(roadmap, output.terminal_width()):
        output.say(line)
    output.say()
    for line in sprint_lines(roadmap):
        output.say(line)
    if len(quarters) > 1:
        output.say()
        for line in _quarter_lines(made, quarters):
            output.say(line)
    if made.fit:
        output.say()
        for line in fit_lines(made):
            output.say(output.wrap(line, indent=""))


def _headline(roadmap: Roadmap) -> list[str]:
    count = output.plural(len(roadmap.activities), "upgrade")
    days = output.plural(roadmap.makespan, "working day")
    first = roadmap.calendar.date_of(0)
    lines = [f"{count} from {first} to {roadmap.last_day}: {days}."]
    people = ", ".join(f"{n} x {role}" for role, n in roadmap.team.people.items() if n)
    share = f"{shown(roadmap.team.focus * 100)} % of their days"
    team = f"Team: {people}; {share}." if roadmap.team.focus < 1 else f"Team: {people}."
    if roadmap.bound == roadmap.makespan:
        lines[0] += " Proven: it cannot be done in fewer."
    else:
        lines[0] += f" Not proven: it takes {roadmap.bound} or more."
    lines.append(team)
    if roadmap.unplaced:
        late = output.plural(len(roadmap.unplaced), "upgrade")
        names = ", ".join(map(str, roadmap.unplaced))
        lines.append(f"It does not fit by {roadmap.window.end}: {late} too late: {names}.")
    return lines


def _odds(roadmap: Roadmap, sure: Odds | None) -> list[str]:
    if sure is None:
        return []
    lines = []
    if sure.on_time is not None:
        lines.append(f"Chance to be done by {roadmap.window.end}: {chance(sure.on_time)}.")
    dates = ", ".join(f"{share} % by {day}" for share, day in sure.dates.items())
    lines.append(
        f"Done in {dates}: of {sure.courses} simulated courses. They are worth as much as the "
        "estimates of effort that they come from."
    )
    ranked = sorted(sure.critical.items(), key=lambda pair: -pair[1])
    told = [f"{item} ({chance(share)})" for item, share in ranked[:MOST_CRITICAL] if share]
    lines.append(f"Most likely to delay the end: {', '.join(told)}.")
    return lines


def _quarter_lines(made: Made, quarters: Sequence[QuarterEnd]) -> list[str]:
    busy = max((n for n, q in enumerate(quarters, start=1) if q.upgrades), default=0)
    if len(quarters) > MOST_QUARTERS:
        quarters = quarters[: max(busy, MOST_QUARTERS)]
    rows = [["today", "", precise(made.before.score), ""]]
    rows += [
        [q.id, q.end.isoformat(), precise(q.standing.score), str(len(q.upgrades))] for q in quarters
    ]
    heads = ["Quarter", "Ends", "Score", "Finished"]
    return [f"  {line}" for line in output.table(rows, heads, right=[2, 3])]


def fit_lines(made: Made) -> list[str]:
    """Return what `--fit` proves and what not, and what is left for later."""
    fit = made.fit
    assert fit is not None
    score, wanted = precise(fit.plan.after.score), precise(made.wanted.score)
    lines = [
        f"The whole plan, to {wanted}, does not fit. "
        f"The best that was found to fit reaches {score}."
    ]
    if fit.next_score is None:
        lines.append(f"It is another way to {score}: of the cheapest ones, this one fits.")
    elif fit.is_best and fit.least_effort is not None:
        lines.append(
            f"Proven: no plan to {precise(fit.next_score)} fits. It takes "
            f"{shown(fit.least_effort)} person-days at least, and the team has "
            f"{shown(fit.capacity)}."
        )
    else:
        lines.append(
            f"Not proven to be the best: the cheapest plans to {precise(fit.next_score)} and more "
            "do not fit, but a dearer one might, with other people or less work now."
        )
    if fit.undecided:
        scores = ", ".join(precise(score) for score in fit.undecided)
        lines.append(f"The time was up before the cheapest plans to {scores} were decided.")
    if made.left:
        lines.append(f"Left of the plan: {', '.join(map(str, made.left))}.")
    return lines


def doubts(roadmap: Roadmap) -> str:
    """Return what is open because the time was up, or somebody stopped it; nothing if nothing."""
    cause = "You stopped" if roadmap.is_interrupted else "The search's limit was reached"
    if roadmap.status is not Status.OPTIMAL and roadmap.bound < roadmap.makespan:
        return f"{cause} before the proof: a shorter roadmap may exist."
    if not roadmap.are_ties_settled:
        return f"{cause} before ties were settled: others may be as short and better in detail."
    return ""
