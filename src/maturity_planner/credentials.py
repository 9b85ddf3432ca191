"""Tokens: from a command of the user's, the environment, or `gh`; never from a file or an option.

A token is handed to the client library and goes nowhere else: not into messages, files or logs.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .errors import AuthError

COMMAND_SECONDS = 30
HELP = "Run the command by hand: it has to print the token, and nothing before it."

VARIABLES: Mapping[str, Sequence[str]] = {
    "github": ("GITHUB_TOKEN", "GH_TOKEN"),
    "jira": ("JIRA_TOKEN", "JIRA_API_TOKEN"),
}
"""Where a token is looked for when there is no `token_command`; the first one that is set wins."""

_GH = "gh auth token"


def token_source(kind: str, settings: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """Return what a token would come from, without reading it: empty when there is nothing.

    >>> token_source("github", {}, {"GH_TOKEN": "secret"})
    'GH_TOKEN'
    """
    if settings.get("token_command"):
        return "token_command"
    for name in VARIABLES[kind]:
        if environ.get(name, "").strip():
            return name
    has_gh = kind == "github" and shutil.which("gh", path=environ.get("PATH", ""))
    return _GH if has_gh else ""


def read_token(
    kind: str, settings: Mapping[str, Any], environ: Mapping[str, str], root: Path
) -> str:
    """Return the token for a tracker.

    It is the first line that `token_command` prints, else a variable's value, else what the
    command line of GitHub, where there is one, knows for the server. A command is split as a
    shell would, but no shell runs it; it starts in the project's folder.

    Raises:
        AuthError: there is none, or `token_command` failed. What it printed is not repeated.
    """
    source = token_source(kind, settings, environ)
    if source == "token_command":
        return _of_command(str(settings["token_command"]), environ, root)
    is_ghs = source == _GH
    if token := _of_gh(settings, environ, root) if is_ghs else environ.get(source, "").strip():
        return token
    raise AuthError(
        f"there is no token for {kind}",
        fix=f"Set {VARIABLES[kind][0]}, or `token_command` in [tracker.{kind}] to a command that "
        "prints it.",
    )


def _of_command(command: str, environ: Mapping[str, str], root: Path) -> str:
    try:
        token = _printed(shlex.split(command), environ, root)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        raise AuthError(f"token_command failed: {_cause(problem)}", fix=HELP) from None
    if not token:
        raise AuthError("token_command printed nothing", fix=HELP)
    return token


def _of_gh(settings: Mapping[str, Any], environ: Mapping[str, str], root: Path) -> str:
    """Return the token that `gh auth login` left for the server; empty when it left none."""
    host = urlsplit(str(settings.get("base_url", ""))).hostname or "api.github.com"
    name = "github.com" if host == "api.github.com" else host
    try:
        return _printed(["gh", "auth", "token", "--hostname", name], environ, root)
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""


def _printed(words: Sequence[str], environ: Mapping[str, str], root: Path) -> str:
    """Return the first line that the command prints."""
    ended = subprocess.run(  # noqa: S603 (the user's own settings name the command)
        words,
        cwd=root,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=COMMAND_SECONDS,
        check=True,
        text=True,
    )
    return ended.stdout.strip().split("\n")[0].strip()


def _cause(problem: Exception) -> str:
    """Return what went wrong, without anything that the command printed."""
    match problem:
        case subprocess.CalledProcessError(returncode=code):
            return f"it ended with exit code {code}"
        case subprocess.TimeoutExpired():
            return f"it did not end within {COMMAND_SECONDS} seconds"
        case OSError(strerror=text):
            return f"it could not be started ({text})"
        case UnicodeDecodeError():
            return "what it printed is not text"
        case _:
            return "it is not a command line"
