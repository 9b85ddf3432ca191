"""Holds every exchange with the fake against GitHub's own description of its interface.

The description is not part of this project: it is looked for beside the checkout. Without it
nothing is checked, which the end of the test run says.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from . import DESCRIPTION
from .wire import Exchange

HOST = "https://api.github.com"
ANYWHERE = (301, 304, 307, 401, 403, 410, 429)
"""Answers that may come from every address, so that the description lists them only at some."""


@dataclass(slots=True)
class Sent:
    """A request as the library wants to see it."""

    path: str
    method: str
    body: bytes | None
    parameters: RequestParameters
    host_url: str = HOST
    content_type: str = "application/json"


@dataclass(slots=True)
class Returned:
    """An answer as the library wants to see it."""

    status_code: int
    data: bytes
    headers: dict[str, str]
    content_type: str = field(default="application/json")


@cache
def description() -> tuple[OpenAPI, dict[str, Any]]:
    """Return the description, ready to check with, and as plain data."""
    plain: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return OpenAPI.from_dict(plain), plain


def violations(
    exchanges: Iterable[Exchange], base_url: str, allowed: Collection[str] = ()
) -> list[str]:
    """Return what is wrong with the exchanges, an empty list when all is well.

    Requests that were not processed, and what a fault made of an answer, are left out, and so is
    what `allowed` names as "GET /path".
    """
    found: list[str] = []
    for exchange in exchanges:
        name = f"{exchange.request.method} {exchange.template}"
        if exchange.answer is None or name in allowed or not DESCRIPTION.exists():
            continue
        # Ports differ from one fake to the next; without them equal exchanges are checked once.
        body = exchange.answer.body.replace(base_url.encode(), HOST.encode())
        found += _violations(
            exchange.request.method,
            exchange.path,
            exchange.template,
            tuple(sorted(exchange.request.query.items())),
            exchange.request.body,
            exchange.answer.status,
            body,
        )
    return found


@lru_cache(maxsize=20_000)
def _violations(
    method: str,
    path: str,
    template: str,
    query: tuple[tuple[str, str], ...],
    sent: bytes,
    status: int,
    returned: bytes,
) -> tuple[str, ...]:
    """Return the violations in one exchange."""
    api, plain = description()
    where = f"{method} {path}: "
    operation = plain["paths"].get(template, {}).get(method.lower())
    if operation is None:
        return (f"{where}not in the description",)
    parameters = RequestParameters(query=ImmutableMultiDict(query), header=Headers())
    if template.endswith("/labels") and sent.startswith(b"["):
        # The text beside the schema allows the array alone, which is what PyGithub sends.
        sent = b'{"labels":' + sent + b"}"
    request = Sent(path, method.lower(), sent or None, parameters)
    errors = [_reason(error) for error in api.iter_request_errors(request)]
    errors += _unknown(plain, operation, query, sent)
    if str(status) in operation["responses"]:
        answer = Returned(status, returned, {})
        try:
            found = list(api.iter_response_errors(request, answer))
            errors += [f"{status}: {_reason(error)}" for error in found]
        except OpenAPIError as error:
            errors.append(f"{status}: {_reason(error)}")
    elif status not in ANYWHERE:
        errors.append(f"answer {status} is not in the description")
    elif status != 304 and not isinstance(json.loads(returned).get("message"), str):
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
    plain: dict[str, Any],
    operation: dict[str, Any],
    query: tuple[tuple[str, str], ...],
    sent: bytes,
) -> list[str]:
    """Return the parameters and properties that GitHub would ignore, so nobody may rely on them."""
    known = set()
    for parameter in operation.get("parameters", []):
        name = parameter.get("$ref", "").rsplit("/", 1)[-1]
        known.add((plain["components"]["parameters"][name] if name else parameter)["name"])
    found = [f"unknown parameter {name}" for name, _ in query if name not in known]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    body = json.loads(sent or b"{}")
    if "properties" in schema and isinstance(body, dict):
        found += [f"unknown property {name}" for name in body if name not in schema["properties"]]
    return found
