"""How tests speak to a fake Jira: through the real client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jira import JIRA, JIRAError

from .jira import EMAIL, TOKEN, FakeJira


def connect(fake: FakeJira, token: str = TOKEN, email: str = EMAIL) -> JIRA:
    """Return a client that does not try again."""
    auth: dict[str, Any] = (
        {"basic_auth": (email, token)} if fake.is_cloud else {"token_auth": token}
    )
    return JIRA(fake.base_url, max_retries=0, timeout=(3, 3), **auth)


def raw(client: JIRA, method: str, path: str, sent: object = None, **query: Any) -> Any:
    """Return the content of an answer to a request that the client has no good call for."""
    place = path if path.startswith("agile") else f"api/2/{path}"
    body = None if sent is None else json.dumps(sent)
    url = f"{client.server_url}/rest/{place}"
    answer = client._session.request(method, url, data=body, params=query)
    return answer.json() if answer.content else None


def wrong(status: int, call: Callable[[], object]) -> dict[str, Any]:
    """Return the content of the error with which the call is refused."""
    with pytest.raises(JIRAError) as caught:
        call()
    assert caught.value.status_code == status
    assert caught.value.response is not None
    content: dict[str, Any] = caught.value.response.json()
    return content


def fields(fake: FakeJira, **more: Any) -> dict[str, Any]:
    """Return the fields of a task."""
    of = {"project": {"key": fake.project.key}, "issuetype": {"name": "Task"}, "summary": "One"}
    return of | more


def searched(client: JIRA, jql: str, **more: Any) -> list[str]:
    """Return the keys of all that a search finds."""
    find = client.enhanced_search_issues if client._is_cloud else client.search_issues
    more |= {} if client._is_cloud else {"use_post": True}
    return [one.key for one in find(jql, maxResults=False, fields=["key"], **more)]
