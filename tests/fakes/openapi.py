"""Holds every exchange with a fake against the service's own description of its interface.

The descriptions are not part of this project: they are looked for beside the checkout. Without
them nothing is checked, which the end of the test run says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from . import DESCRIPTION
from .wire import Exchange


def _as_it_is(_: str, sent: bytes) -> bytes:
    return sent


def _unpatched(plain: dict[str, Any]) -> dict[str, Any]:
    return plain


@dataclass(frozen=True, slots=True)
class Description:
    """What a service says of its interface, in one file or several.

    `anywhere` are answers that may come from every address, so that they are listed only at some;
    `message` returns the text of such an answer. `prepared` is the body that stands for the one
    that was sent to a template, `patched` the file without what is wrong in it, and `extra` holds
    parameters ("GET /path?name") that are missing from it.
    """

    files: tuple[Path, ...]
    host: str
    anywhere: tuple[int, ...]
    message: Callable[[Any], object]
    prepared: Callable[[str, bytes], bytes] = _as_it_is
    patched: Callable[[dict[str, Any]], dict[str, Any]] = _unpatched
    extra: frozenset[str] = frozenset()

    def is_here(self) -> bool:
        """Whether there is something to check with."""
        return all(file.exists() for file in self.files)

    def find(self, template: str) -> tuple[OpenAPI, dict[str, Any]] | None:
        """Return the file with the path, ready to check with and as plain data."""
        for file in self.files:
            if template in _plain(file, self)["paths"]:
                return _ready(file, self), _plain(file, self)
        return None


def _with_labels(template: str, sent: bytes) -> bytes:
    """Return what is sent; where the text beside GitHub's schema allows the array alone, wrapped.

    The array is what PyGithub sends.
    """
    if template.endswith("/labels") and sent.startswith(b"["):
        return b'{"labels":' + sent + b"}"
    return sent


GITHUB = Description(
    files=(DESCRIPTION,),
    host="https://api.github.com",
    anywhere=(301, 304, 307, 401, 403, 410, 429),
    message=lambda content: content.get("message"),
    prepared=_with_labels,
)


@cache
def _plain(file: Path, description: Description) -> dict[str, Any]:
    return description.patched(json.loads(file.read_text(encoding="utf-8")))


@cache
def _ready(file: Path, description: Description) -> OpenAPI:
    return OpenAPI.from_dict(_plain(file, description))


@dataclass(slots=True)
class Sent:
    """A request as the library wants to see it."""

    path: str
    method: str
    body: bytes | None
    parameters: RequestParameters
    host_url: str
    content_type: str = "application/json"


@dataclass(slots=True)
class Returned:
    """An answer as the library wants to see it."""

    status_code: int
    data: bytes
    headers: dict[str, str]
    content_type: str = field(default="application/json")


def violations(
    exchanges: Iterable[Exchange],
    base_url: str,
    allowed: Collection[str] = (),
    description: Description = GITHUB,
) -> list[str]:
    """Return what is wrong with the exchanges, an empty list when all is well.

    Requests that were not processed, and what a fault made of an answer, are left out, and so is
    what `allowed` names as "GET /path".
    """
    found: list[str] = []
    for exchange in exchanges:
        name = f"{exchange.request.method} {exchange.template}"
        if exchange.answer is None or name in allowed or not description.is_here():
            continue
        # Ports differ from one fake to the next; without them equal exchanges are checked once.
        body = exchange.answer.body.replace(base_url.encode(), description.host.encode())
        found += _violations(
            description,
            exchange.request.method,
            exchange.path,
            exchange.template,
            tuple(sorted(exchange.request.pairs)),
            exchange.request.body,
            exchange.answer.status,
            body,
        )
    return found


@lru_cache(maxsize=20_000)
def _violations(
    description: Description,
    method: str,
    path: str,
    template: str,
    query: tuple[tuple[str, str], ...],
    sent: bytes,
    status: int,
    returned: bytes,
) -> tuple[str, ...]:
    """Return the violations in one exchange."""
    where = f"{method} {path}: "
    found = description.find(template)
    operation = found[1]["paths"][template].get(method.lower()) if found else None
    if found is None or operation is None:
        return (f"{where}not in the description",)
    api, plain = found
    parameters = RequestParameters(query=ImmutableMultiDict(query), header=Headers())
    sent = description.prepared(template, sent)
    request = Sent(path, method.lower(), sent or None, parameters, description.host)
    errors = [_reason(error) for error in api.iter_request_errors(request)]
    named = [name for name, _ in query if f"{method} {template}?{name}" not in description.extra]
    errors += _unknown(plain, operation, named, sent)
    if str(status) in operation["responses"]:
        answer = Returned(status, returned, {})
        try:
            wrong = list(api.iter_response_errors(request, answer))
            errors += [f"{status}: {_reason(error)}" for error in wrong]
        except OpenAPIError as error:
            errors.append(f"{status}: {_reason(error)}")
    elif status not in description.anywhere:
        errors.append(f"answer {status} is not in the description")
    elif status != 304 and not isinstance(description.message(json.loads(returned)), str):
        errors.append(f"answer {status} has no message")
    return tuple(where + error for error in errors)


def _reason(error: BaseException) -> str:
    """Return the error with the places in the content that it is about."""
    cause = error.__cause__ or error
    places = [
        f"{'/'.join(map(str, one.absolute_path))}: {one.message}"
        for one in getattr(cause, "schema_errors", ())
    ]
    return "; ".join(places) or str(cause).splitlines()[0]


def _unknown(
    plain: dict[str, Any], operation: dict[str, Any], query: Iterable[str], sent: bytes
) -> list[str]:
    """Return the parameters and properties that would be ignored, so nobody may rely on them."""
    known = set()
    for parameter in operation.get("parameters", []):
        known.add(resolved(plain, parameter)["name"])
    found = [f"unknown parameter {name}" for name in query if name not in known]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return found + _strange(plain, content.get("schema", {}), json.loads(sent or b"{}"))


def _strange(plain: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """Return the properties that are not described, at any depth."""
    schema = resolved(plain, schema)
    if isinstance(value, list):
        return [one for item in value for one in _strange(plain, schema.get("items", {}), item)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known, found = schema["properties"], []
    for name, inner in value.items():
        if name in known:
            found += _strange(plain, known[name], inner)
        else:
            found.append(f"unknown property {name}")
    return found


def resolved(plain: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return the part of the description, or the other part that it points to."""
    while "$ref" in part:
        reference, part = part["$ref"], plain
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
    return part
