"""Issues as Jira shows them: by query, by key, with what we remember of them.

What a Cloud's index does not know yet is found by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..errors import NotFound
from .calling import Pages, taken_apart
from .jira_client import API, Client, Refused
from .jira_issue import MOVED, PROPERTY, Issue, Memory, read_issue
from .jira_notebook import Notebook
from .jira_server import field_of_epics, server_info, unseen
from .patience import unusable_answer

FIELDS = (
    *("summary", "description", "labels", "priority", "status", "resolution"),
    *("resolutiondate", "issuelinks", "project", "fixVersions", "duedate"),
)
PAGE, MOST_KEYS = {True: 100, False: 1000}, 100


class Search:
    """Reads issues of one server, for one project."""

    def __init__(
        self, client: Client, project: str, notebook: Notebook, *, link_type: str, epic_link: str
    ) -> None:
        """Read through the client; `epic_link` is the field of epics if the settings tell."""
        self._client = client
        self._project = project
        self._notebook = notebook
        self._link_type = link_type
        self._set_epic_link = epic_link

    @property
    def is_cloud(self) -> bool:
        """Whether this is a Cloud; asked for once and noted."""
        if not self._notebook.get("deployment"):
            self._notebook.put("deployment", str(server_info(self._client)["deploymentType"]))
        return self._notebook.get("deployment") == "Cloud"

    @property
    def epic_link(self) -> str:
        """The field in which an issue names its epic."""
        if self.is_cloud:
            return "parent"
        if not self._set_epic_link and not self._notebook.get("epic_link"):
            self._notebook.put("epic_link", field_of_epics(self._client) or "none")
        return self._set_epic_link or self._notebook.get("epic_link")

    @property
    def _fields(self) -> list[str]:
        return [*FIELDS, *([MOVED] if self.is_cloud else []), self.epic_link]

    def search(self, jql: str) -> Iterator[Issue]:
        """Yield the issues that the query finds, in the order of their keys.

        Raises:
            TrackerError: the list could not be read to its end.
        """
        asked: dict[str, Any] = {"jql": f"{jql} ORDER BY key ASC"}
        asked["maxResults"] = PAGE[self.is_cloud]
        asked["fields"] = self._fields
        try:
            pages = self._cloud_pages(asked) if self.is_cloud else self._pages(asked)
            for count, issue in enumerate(pages, start=1):
                self._client.patience.count(count)
                yield issue
        except Refused as refused:
            if "'project'" in refused.message:
                raise unseen(self._client, self._project) from refused
            raise

    def _cloud_pages(self, asked: dict[str, Any]) -> Iterator[Issue]:
        asked["properties"] = [PROPERTY]
        pages = Pages(self._client.name, "a search")
        while True:
            content = self._client.ask(f"{API}/search/jql", asked)
            yield from self._issues(content)
            if content.get("isLast", "nextPageToken" not in content):
                return
            with taken_apart("a search"):
                asked["nextPageToken"] = content["nextPageToken"]
            pages.turn(content["nextPageToken"])

    def _pages(self, asked: dict[str, Any]) -> Iterator[Issue]:
        start = 0
        pages = Pages(self._client.name, "a search")
        while True:
            pages.turn(start)
            content = self._client.ask(f"{API}/search", {**asked, "startAt": start})
            page = self._issues(content)
            yield from page
            start += len(page)
            with taken_apart("a search"):
                if not page or start >= int(content.get("total", 0)):
                    return

    def _issues(self, content: Any) -> list[Issue]:
        found = content.get("issues") if isinstance(content, dict) else None
        if not isinstance(found, list):
            raise unusable_answer(self._client.name, "a search")
        return [read_issue(data, self.epic_link, self._link_type) for data in found]

    def by_key(self, keys: Sequence[str]) -> Iterator[Issue]:
        """Yield the issues that there are of those keys, whatever the index knows."""
        fields = self._fields
        if self.is_cloud:
            for start in range(0, len(keys), MOST_KEYS):
                part = list(keys[start : start + MOST_KEYS])
                asked = {"issueIdsOrKeys": part, "fields": fields, "properties": [PROPERTY]}
                yield from self._issues(self._client.ask(f"{API}/issue/bulkfetch", asked))
            return
        for key in keys:
            try:
                data = self._client.get(f"{API}/issue/{key}", fields=",".join(fields))[1]
            except NotFound:
                continue
            yield read_issue(data, self.epic_link, self._link_type)

    def newest(self, known: Iterable[str]) -> Iterator[Issue]:
        """Yield the newest issues of a Cloud's project, those without a place in its index too.

        `known` are keys of issues that there are.
        """
        if not self.is_cloud:
            return
        query = f'project = "{self._project}" ORDER BY key DESC'
        found = self._client.ask(
            f"{API}/search/jql", {"jql": query, "maxResults": 1, "fields": ["summary"]}
        )
        with taken_apart("the newest issue"):
            keys = [*known, *(str(one["key"]) for one in found.get("issues") or ())]
        here = (key for key in keys if key.rpartition("-")[0] == self._project)
        last = max(map(_number, here), default=0)
        start = max(1, last - MOST_KEYS // 2)
        pages = Pages(self._client.name, "for the newest issues")
        while True:
            pages.turn(start)
            numbers = range(start, start + MOST_KEYS)
            issues = list(self.by_key([f"{self._project}-{n}" for n in numbers]))
            yield from issues
            start += MOST_KEYS
            if start > last and not any(_number(i.key) >= start - MOST_KEYS for i in issues):
                return

    def property_of(self, issue: Issue) -> Memory | None:
        """Return what the property of the issue holds now."""
        try:
            path = f"{API}/issue/{issue.key}/properties/{PROPERTY}"
            return Memory.read(self._client.get_object(path).get("value"))
        except NotFound:
            return None

    def issue(self, key: str) -> Issue:
        """Return the issue as it is now.

        Raises:
            NotFound: somebody deleted it.
        """
        more = {"properties": PROPERTY} if self.is_cloud else {}
        fields = ",".join(self._fields)
        data = self._client.get(f"{API}/issue/{key}", fields=fields, **more)[1]
        return read_issue(data, self.epic_link, self._link_type)


def _number(key: str) -> int:
    digits = key.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0
