"""Faults on purpose at our fakes of Jira, and what the descriptions catch."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest
import requests
from jira import JIRA, JIRAError

from fakes import DESCRIPTION
from fakes.faults import Fault, Kind
from fakes.jira import FakeJira
from fakes.jira_client import connect, fields, raw


@pytest.fixture
def client(jira: FakeJira) -> Iterator[JIRA]:
    made = connect(jira)
    yield made
    made._session.close()


@pytest.mark.parametrize(
    ("kind", "error", "created"),
    [
        (Kind.DROP_BEFORE, requests.ConnectionError, 2),
        (Kind.DROP_AFTER, requests.ConnectionError, 3),
        (Kind.LATE_AFTER, requests.ReadTimeout, 3),
        (Kind.ERROR_BEFORE, JIRAError, 2),
        (Kind.BAD_GATEWAY_AFTER, JIRAError, 3),
        (Kind.GARBAGE_AFTER, requests.JSONDecodeError, 3),
        (Kind.TRUNCATED_AFTER, requests.exceptions.ChunkedEncodingError, 3),
        (Kind.PAGE_AFTER, requests.JSONDecodeError, 3),
        (Kind.TOO_MANY, JIRAError, 2),
        (Kind.TOO_MANY_DATE, JIRAError, 2),
        (Kind.TOO_MANY_SILENT, JIRAError, 2),
        (Kind.UNAVAILABLE, JIRAError, 2),
        (Kind.UNAVAILABLE_SILENT, JIRAError, 2),
    ],
)
def test_the_second_write_fails(
    jira: FakeJira, kind: Kind, error: type[Exception], created: int
) -> None:
    fault = jira.fail(Fault(kind, 2, seconds=1.2))
    client = connect(jira)
    client._session.timeout = 1
    client.create_issue(fields(jira), prefetch=False)
    with pytest.raises(error):
        client.create_issue(fields(jira), prefetch=False)
    client.create_issue(fields(jira), prefetch=False)
    assert (fault.fired, len(jira.issues)) == (1, created)
    assert [exchange.fault for exchange in jira.server.writes] == ["", kind, ""]
    client._session.close()


@pytest.mark.parametrize("kind", [Kind.TOO_MANY, Kind.TOO_MANY_DATE, Kind.TOO_MANY_SILENT])
def test_a_refusal_says_how_long_to_wait(jira: FakeJira, client: JIRA, kind: Kind) -> None:
    jira.fail(Fault(kind, seconds=30))
    with pytest.raises(JIRAError) as caught:
        client.create_issue(fields(jira), prefetch=False)
    assert caught.value.status_code == 429
    assert caught.value.response is not None
    headers = caught.value.response.headers
    assert ("RateLimit-Reason" in headers) == jira.is_cloud
    match kind:
        case Kind.TOO_MANY:
            assert headers["Retry-After"] == "30"
        case Kind.TOO_MANY_DATE:
            until = parsedate_to_datetime(headers["Retry-After"])
            assert until.tzinfo == datetime.UTC
            assert abs(until.timestamp() - time.time() - 30) < 20
        case _:
            assert "Retry-After" not in headers


def test_the_descriptions_catch_what_does_not_fit(jira: FakeJira, client: JIRA) -> None:
    jira.people.create("One")
    with pytest.raises(JIRAError):
        client.transition_issue("FRAUD-1", "1")
    for sent in ({"issueUpdates": "x"}, {"issueUpdates": [{"props": []}], "more": 1}):
        with pytest.raises(JIRAError):
            raw(client, "POST", "issue/bulk", sent)
    with pytest.raises(JIRAError):
        raw(client, "GET", "configuration/none")
    if DESCRIPTION.exists():
        found = " | ".join(jira.violations())
        assert "1 is not of type 'string'" in found or "1 is not of type string" in found
        assert "unknown property more" in found
        assert "unknown property props" in found
        assert "not in the description" in found
        jira.allowed |= {"GET /rest/api/2/configuration/none"}
        assert "configuration" not in " | ".join(jira.violations())
    jira.server.forget()
