"""Atlassian's own descriptions of what a Jira Cloud and a Data Center answer."""

from __future__ import annotations

import json
from typing import Any

from . import DESCRIPTION
from .openapi import Description, resolved

HOST = "https://jira.example.org"
METHODS = ("get", "post", "put", "delete")


def _patched(plain: dict[str, Any]) -> dict[str, Any]:
    """Return the description with our host, without logins, and with times as Jira writes them.

    It writes them with the zone "+0000", and versions have dates alone, where "date-time" would
    want a colon and a time. Answers of which nothing is described may be empty. Parameters that
    are called objects are words with commas between them.
    """
    plain["servers"] = [{"url": HOST}]
    for operations in plain["paths"].values():
        for method in METHODS:
            operation = operations.get(method, {})
            operation.pop("security", None)
            for parameter in operation.get("parameters", []):
                if parameter.get("schema", {}).get("type") == "object":
                    parameter["schema"] = {"type": "string"}
            for answer in operation.get("responses", {}).values():
                content = answer.get("content", {}).get("application/json", {})
                if not set(resolved(plain, content.get("schema", {}))) - {"title"}:
                    answer.pop("content", None)
    patched: dict[str, Any] = _without_times(plain)
    return patched


def _without_times(part: Any) -> Any:
    if isinstance(part, dict):
        kept = {k: v for k, v in part.items() if (k, v) != ("format", "date-time")}
        return {key: _without_times(value) for key, value in kept.items()}
    return [_without_times(one) for one in part] if isinstance(part, list) else part


def _without_nulls(template: str, sent: bytes) -> bytes:
    """Return the body without the null keys that the jira package adds.

    `create_issue_link` sends "comment": null, searches by POST "expand" and "properties"; both
    Jiras overlook them. This is the only place that does: the fields of an issue stay as sent,
    where null clears a field.
    """
    body = json.loads(sent) if sent else None
    if template.endswith("/properties/{propertyKey}") or not isinstance(body, dict):
        return sent
    return json.dumps({key: value for key, value in body.items() if value is not None}).encode()


def _message(content: Any) -> object:
    """Return the first thing that an error says."""
    return next(iter([*content["errorMessages"], *content["errors"].values()]), None)


def _description(*names: str, extra: frozenset[str] = frozenset()) -> Description:
    return Description(
        files=tuple(DESCRIPTION.with_name(f"{name}.openapi.json") for name in names),
        host=HOST,
        anywhere=(400, 401, 403, 404, 410, 413, 415, 429, 503),
        message=_message,
        prepared=_without_nulls,
        patched=_patched,
        extra=extra,
    )


CLOUD = _description("jira-cloud-v2", "jira-cloud-agile", "jira-cloud-v3")
DATA_CENTER = _description(
    "jira-dc-10.3",
    # Described in the text of the page only: what `expand` can bring.
    extra=frozenset({"GET /rest/api/2/issue/{issueIdOrKey}/transitions?expand"}),
)
