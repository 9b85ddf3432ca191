"""Where a plan meets its tickets: the tracker of the project and the tickets wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .config import Project
from .core.assessment import Assessment
from .core.changes import ChangeSet
from .core.drift import open_though_done, to_do
from .core.quantity import plural
from .core.rubric import Rubric
from .core.tickets import Ticket
from .permits import permitted_tracker
from .plans import PlanOnFile, load_plan, make_again, out_of_date
from .trackers.base import Tracker


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is needed to compare a plan with its tickets.

    `path` is the assessment's file; `say` is told what a person should know.
    """

    project: Project
    tracker: Tracker
    plan: PlanOnFile
    rubric: Rubric
    assessment: Assessment
    path: Path
    say: Callable[[str], None]

    def wanted(self) -> tuple[Ticket, ...]:
        """The tickets that the plan asks for, with the dates of its roadmap, if there is one."""
        from .core.roadmap_soundness import AGAIN
        from .rendering import Renderer  # whoever only reads tickets needs no templates
        from .roadmaps import load_roadmap, with_dates
        from .sync import wanted_tickets

        self._tell_of_plan()
        renderer = Renderer(self.project.templates, self.path.name)
        tickets = wanted_tickets(self.plan, self.rubric, self.assessment, renderer)
        path = self.project.roadmap
        roadmap = load_roadmap(path, self.rubric)
        if roadmap is None:
            return tickets
        if roadmap.plan != self.plan.id:
            self.say(f"{path.name} is of another plan and left aside. {AGAIN}")
            return tickets
        if missing := len(roadmap.missing(to_do(self.plan.upgrades, self.assessment))):
            count = plural(missing, "upgrade")
            self.say(f"{path.name} is out of date: {count} of the plan not in it. {AGAIN}")
        return with_dates(tickets, self.plan.upgrades, roadmap)

    def _tell_of_plan(self) -> None:
        if changed := out_of_date(self.plan, self.rubric, self.assessment):
            again = make_again(self.plan, self.project.target)
            self.say(f"{self.project.plan.name} was {changed}. {again}")

    def tell_of_open(self, wanted: Sequence[Ticket], changes: ChangeSet) -> None:
        """Say which tickets nobody has closed though the assessment claims their work."""
        if found := open_though_done(wanted, changes.present):
            names = ", ".join(ticket.remote for ticket in found)
            self.say(
                f"Open, though the assessment claims what they are for: {names}. Close them by "
                "hand; or make the plan again, and a sync closes them."
            )

    def changes(self, wanted: Sequence[Ticket]) -> ChangeSet:
        """Return what `sync` would change; reads the tracker and writes nothing."""
        from .state import Journal
        from .sync import pending_changes

        journal = Journal(self.project.state, self.tracker.patience.clock)
        unfinished = journal.unfinished() if self.tracker.is_remote else ()
        changes = pending_changes(self.tracker, self.plan, wanted, unfinished=unfinished)
        self.tell_of_open(wanted, changes)
        return changes


def open_desk(
    project: Project,
    rubric: Rubric,
    assessment: Assessment,
    path: Path,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Desk:
    """Return the project's tracker and plan, with the rubric that the plan was made for.

    Raises:
        PlanError: there is no plan, or it was made for another rubric.
        ConfigError: the user has not permitted what the settings do with the token.
    """
    plan = load_plan(project.plan, rubric)
    tracker = permitted_tracker(project, assessment.system)
    tracker.patience.say = say
    return Desk(project, tracker, plan, rubric, assessment, path, say)
