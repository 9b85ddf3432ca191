"""Requests and answers as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

QUESTIONS = ("/search", "/search/jql", "/issue/bulkfetch")
"""How the paths end that are asked by a POST and change nothing."""

DOCS = "https://docs.github.com/rest"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; names of headers in small letters.

    `pairs` is the query with the parameters that were sent more than once.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.method not in ("GET", "HEAD") and not self.path.endswith(QUESTIONS)

    def json(self) -> dict[str, Any]:
        """Return the body, which is an object or empty."""
        found = json.loads(self.body or b"{}")
        return found if isinstance(found, dict) else {"": found}


@dataclass(slots=True)
class Answer:
    """What a server sends back."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the answer as it goes over the wire."""
        phrase = HTTPStatus(self.status).phrase
        headers = {"Content-Type": JSON, **self.headers, "Content-Length": str(len(self.body))}
        if self.status == HTTPStatus.NOT_MODIFIED:
            del headers["Content-Length"], headers["Content-Type"]
        lines = [f"HTTP/1.1 {self.status} {phrase}", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with the answer that the server made for it.

    `path` is the request's path with today's name of the repository in it, `template` the same
    with placeholders. `answer` is None when the request was not processed; `fault` names what
    kept the answer from the client, or the request from being processed.
    """

    request: Request
    path: str
    template: str
    answer: Answer | None
    fault: str = ""

    @property
    def is_write(self) -> bool:
        """Whether it could have changed something."""
        return self.request.is_write

    def __str__(self) -> str:
        status = self.answer.status if self.answer else "-"
        return f"{self.request.method} {self.path} {status} {self.fault}".rstrip()


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def data(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer that carries JSON."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Answer(status, body, dict(headers or {}))


def problem(
    status: int,
    message: str,
    *,
    errors: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> Answer:
    """Return an error in the shape that GitHub gives to all of them."""
    content: dict[str, Any] = {"message": message}
    if errors:
        content["errors"] = errors
    content |= {"documentation_url": DOCS, "status": str(status), **more}
    return data(status, content, headers)


def not_found() -> Refused:
    """Return the refusal of what is not there, or must not be seen."""
    return Refused(problem(404, "Not Found"))


def invalid(
    field_name: str, code: str = "invalid", *, value: Any = None, message: str = ""
) -> Refused:
    """Return the refusal of a field's value (422)."""
    error: dict[str, Any] = {"resource": "Issue", "field": field_name, "code": code}
    error |= {"value": value} if value is not None else {}
    error |= {"message": message} if message else {}
    return Refused(problem(422, "Validation Failed", errors=[error]))
