"""Issues that leave the plan or return to it, so that it can be told later whose doing that was."""

from __future__ import annotations

from dataclasses import replace

from ..core.tickets import State
from ..errors import OutcomeUnknown, RateLimited, TrackerError
from .calling import taken_apart
from .jira_client import API, Client
from .jira_issue import Issue
from .jira_tickets import Tickets
from .jira_transitions import move
from .jira_writing import Writer, changed

LEFT = "Closed by maturity-planner: it left the plan."


class Closing:
    """Closes and opens issues of one project."""

    def __init__(self, client: Client, tickets: Tickets, writer: Writer) -> None:
        """Write through the client, and let `tickets` remember."""
        self._client = client
        self._tickets = tickets
        self._writer = writer

    def close(self, issue: Issue, state: State, comment: str) -> None:
        """Note that it is us, close, say why in a comment, and note how that looks.

        Raises:
            Changed: somebody has moved it since it was read.
        """
        issue = self._unmoved(issue)
        memory = issue.ours
        if memory.closed != state.value or memory.left:  # else a run was cut short here
            memory = replace(memory, closed=state.value, left="", turn=memory.turn + 1)
            issue = self._writer.write(issue, memory)
        try:
            issue = self._move(issue, state)
        except (OutcomeUnknown, RateLimited):
            raise
        except TrackerError:
            self._writer.write(self._seen(issue), replace(memory, closed=""))
            raise
        self.finish(issue, comment)

    def finish(self, issue: Issue, comment: str = LEFT) -> None:
        """Do what comes after the closing itself."""
        self._say(issue, comment, issue.ours.turn)
        self._writer.write(issue, replace(issue.ours, left=issue.look))

    def reopen(self, issue: Issue, comment: str) -> None:
        """Say why in a comment, open it, and forget that we closed it.

        Raises:
            Changed: somebody has moved it since it was read.
        """
        issue = self._unmoved(issue)
        turn = issue.ours.turn + 1
        self._say(issue, comment, turn)
        issue = self._move(issue, State.OPEN)
        self._writer.write(issue, replace(issue.ours, closed="", left="", turn=turn))

    def _seen(self, issue: Issue) -> Issue:
        """Return the issue as it is now, with our memory of it."""
        return replace(self._tickets.search.issue(issue.key), memory=issue.memory)

    def _unmoved(self, issue: Issue) -> Issue:
        now = self._seen(issue)
        if (now.look, self._tickets.state(now)) != (issue.look, self._tickets.state(issue)):
            raise changed(issue)
        return issue

    def _move(self, issue: Issue, state: State) -> Issue:
        move(self._client, issue, state, self._tickets.wont_do)
        return self._tickets.remember(self._seen(issue))

    def _say(self, issue: Issue, comment: str, turn: int) -> None:
        """Write the comment unless a run that was cut short has."""
        path, said = f"{API}/issue/{issue.key}/comment", f"(mp-uid: {issue.uid}, {turn})"
        content = self._client.get_object(path, orderBy="-created")
        with taken_apart("the comments"):
            is_said = any(said in str(one.get("body")) for one in content.get("comments") or ())
        if not is_said:
            self._client.write("POST", path, {"body": f"{comment}\n\n{said}"})
