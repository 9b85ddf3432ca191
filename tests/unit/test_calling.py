"""Requests to a service that answers as it should not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from contract.patience import hasty
from maturity_planner.errors import Conflict, LimitReached, NotFound, RateLimited, TrackerError
from maturity_planner.trackers import github_errors, jira_client
from maturity_planner.trackers.calling import Caller, Headers
from maturity_planner.trackers.github_client import Client
from maturity_planner.trackers.github_repository import check_repository, get_repository
from maturity_planner.trackers.patience import REFUSED, Pauses


class Canned(Caller):
    """Gives the same answer to everything."""

    name = "the service"

    def __init__(self, text: str) -> None:
        super().__init__(hasty())
        self.text = text

    def sent(
        self, method: str, path: str, parameters: Mapping[str, str], content: Any
    ) -> tuple[int, Headers, str]:
        return 200, {}, self.text

    def understood(self, method: str, path: str, status: int, headers: Headers, text: str) -> Any:
        return json.loads(text)


@pytest.mark.parametrize("text", ["[]", '"x"', "7"])
def test_an_answer_of_another_kind_is_no_bug(text: str) -> None:
    with pytest.raises(TrackerError, match="answered /user with something that was not asked for"):
        Canned(text).get_object("/user")
    assert Canned('{"a": 1}').get_object("/user") == {"a": 1}


def test_a_redirection_to_a_page_speaks_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client("https://github.example.com", lambda: "token", hasty())

    def moved(*_: object) -> object:
        raise client._moved("/repos/acme/x", "https://github.example.com/login")

    monkeypatch.setattr(client, "sent", moved)
    with pytest.raises(NotFound, match="sends requests for acme/x elsewhere") as refused:
        get_repository(client, "acme/x")
    assert "/api/v3" in refused.value.fix


def test_pauses_grow_when_nobody_says_how_long_and_end() -> None:
    waited: list[float] = []
    patience = hasty()
    patience.sleep = waited.append
    pauses = Pauses(patience)
    for _ in range(4):
        pauses.take(RateLimited("it asks for a pause", 0))
    assert waited == [60, 120, 240, 480]
    with pytest.raises(LimitReached, match="for about 16 min from now"):
        pauses.take(RateLimited("it asks for a pause", 0))


def test_what_was_refused_is_put_right_before_it_is_asked_again() -> None:
    said = "validation failed"
    told = [
        github_errors.refusal("GitHub", "POST /issues", 422, {}, said).fix,
        github_errors.graphql_refusal("GitHub", [{"message": said}]).fix,
        jira_client.refusal("Jira", "PUT /issue/1", 400, {}, said, has_account=True).fix,
    ]
    assert told == [REFUSED] * 3


def test_an_archived_repository_is_told_in_one_way() -> None:
    said = "Repository was archived so is read-only."
    error = github_errors.refusal("GitHub", "POST /repos/o/r/issues", 403, {}, said)
    with pytest.raises(Conflict) as caught:
        check_repository({"archived": True}, "o/r")
    told = "the repository is archived, so nothing can be written: "
    assert error.message == f"{told}POST /repos/o/r/issues"
    assert caught.value.message == f"{told}o/r"
    assert caught.value.fix == error.fix
