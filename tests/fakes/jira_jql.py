"""The little of Jira's query language that a tracker needs; all else is refused."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from .jira_world import Issue, World

TOKEN = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([(),]|>=|!=|=|~)|([^\s"'(),=<>~!]+))""")
UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
ORDERS: dict[str, Callable[[Issue], object]] = {
    "key": lambda issue: issue.id,
    "created": lambda issue: issue.created_at,
    "updated": lambda issue: issue.updated_at,
}
Test = Callable[[Issue], bool]


class WrongQuery(Exception):
    """A query that is refused, with the message for it."""


@dataclass(slots=True)
class Query:
    """What an issue has to be, and the order of those that are."""

    tests: list[Test]
    orders: list[tuple[str, bool]]

    def run(self, world: World) -> list[Issue]:
        """Return the issues that are meant; without an order the newest come first."""
        found = [i for i in world.issues.values() if all(test(i) for test in self.tests)]
        found.sort(key=lambda issue: issue.id, reverse=True)
        for name, is_descending in reversed(self.orders):
            found.sort(key=ORDERS[name], reverse=is_descending)  # type: ignore[arg-type]
        return found


class _Parser:
    def __init__(self, text: str, world: World, visible: Test, *, is_known: bool) -> None:
        self.world, self.visible, self.is_known = world, visible, is_known
        self.tokens = _tokens(text)

    def query(self) -> Query:
        tests: list[Test] = [self.visible]
        is_more = bool(self.tokens) and self.peek() != "ORDER"
        while is_more:
            tests.append(self.group())
            is_more = self.peek() == "AND"
            if is_more:
                self.take()
            elif self.tokens and self.peek() != "ORDER":
                raise WrongQuery(
                    f"Error in the JQL Query: Expecting 'AND' but got '{self.take()}'."
                )
        return Query(tests, self.orders())

    def peek(self) -> str:
        return self.tokens[0].upper() if self.tokens else ""

    def take(self) -> str:
        if not self.tokens:
            raise WrongQuery("Error in the JQL Query: it ends too early.")
        return self.tokens.pop(0)

    def expect(self, wanted: str) -> None:
        if (found := self.take()).upper() != wanted:
            raise WrongQuery(f"Error in the JQL Query: Expecting '{wanted}' but got '{found}'.")

    def group(self) -> Test:
        """Return the test of one clause, or of several in brackets of which one has to hold."""
        if self.peek() != "(":
            return self.clause()
        self.take()
        tests = [self.clause()]
        while (mark := self.take()).upper() == "OR":
            tests.append(self.clause())
        if mark != ")":
            raise WrongQuery(f"Error in the JQL Query: Expecting ')' but got '{mark}'.")
        return lambda issue: any(test(issue) for test in tests)

    def clause(self) -> Test:
        name, operator = self.take().lower(), self.take().lower()
        match name, operator:
            case ("project", "="):
                return self.project(self.take())
            case ("labels", "="):
                label = self.take()
                return lambda issue: label in issue.labels
            case ("labels", "!="):
                label = self.take()
                return lambda issue: bool(issue.labels) and label not in issue.labels
            case ("labels", "is"):
                self.expect("EMPTY")
                return lambda issue: not issue.labels
            case ("description", "~"):
                words = _words(self.take())
                return lambda issue: words in _words(issue.description or "")
            case ("key" | "issuekey" | "id", "in"):
                return self.keys()
            case ("key" | "issuekey" | "id", "="):
                return self.of_keys([self.take()])
            case ("updated", ">="):
                return self.updated(self.take())
            case _:
                raise WrongQuery(f"Field '{name}' with operator '{operator}' is not supported.")

    def project(self, name: str) -> Test:
        project = self.world.project_of(name)
        if project is None or not self.is_known:
            text = f"The value '{name}' does not exist for the field 'project'."
            raise WrongQuery(text)
        return lambda issue: issue.project is project

    def keys(self) -> Test:
        self.expect("(")
        names = [self.take()]
        while (mark := self.take()) == ",":
            names.append(self.take())
        if mark != ")":
            raise WrongQuery(f"Error in the JQL Query: Expecting ')' but got '{mark}'.")
        return self.of_keys(names)

    def of_keys(self, names: list[str]) -> Test:
        """Return the test; one unknown key spoils the whole query."""
        found = [self.world.find(name) for name in names]
        for name, issue in zip(names, found, strict=True):
            if issue is None or not self.visible(issue):
                raise WrongQuery(f"An issue with key '{name}' does not exist for field 'key'.")
        return lambda issue: issue in found

    def updated(self, text: str) -> Test:
        """Return the test; a point in time is to the minute, in the zone of the account (UTC)."""
        if relative := re.fullmatch(r"-(\d+)([mhdw])", text):
            back = datetime.timedelta(seconds=int(relative[1]) * UNITS[relative[2]])
            since = self.world.now - back
        elif re.fullmatch(r"\d{4}[-/]\d\d[-/]\d\d( \d\d:\d\d)?", text):
            since = datetime.datetime.fromisoformat(text.replace("/", "-"))
            since = since.replace(tzinfo=datetime.UTC)
        else:
            raise WrongQuery(
                f"Date value '{text}' for field 'updated' is invalid. Valid formats include: "
                "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a "
                "period format e.g. '-5d', '4w 2d'."
            )
        return lambda issue: issue.updated_at >= since

    def orders(self) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        if not self.tokens:
            return found
        self.expect("ORDER")
        self.expect("BY")
        while True:
            name = self.take().lower()
            if name not in ORDERS:
                raise WrongQuery(f"Not able to sort using field '{name}'.")
            way = self.take().upper() if self.peek() in ("ASC", "DESC") else "ASC"
            found.append((name, way == "DESC"))
            if not self.tokens:
                return found
            self.expect(",")


def _tokens(text: str) -> list[str]:
    """Return the words, values and signs of a query."""
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            where = f"'{text[place]}' (line 1, character {place + 1})"
            raise WrongQuery(f"Error in the JQL Query: The character {where} is not expected.")
        found.append(next(group for group in match.groups() if group is not None))
        place = match.end()
    return found


def _words(text: str) -> str:
    """Return the words of a text as the index keeps them, which tells points from full stops."""
    plain = text.replace("\\", "").lower()
    return f" {' '.join(re.findall(r'[0-9a-z_]+(?:[.][0-9a-z_]+)*', plain))} "


def parse(text: str, world: World, visible: Test, *, is_known: bool = True) -> Query:
    """Return the query; `visible` tells what whoever asks may see, `is_known` if projects are."""
    return _Parser(text, world, visible, is_known=is_known).query()
