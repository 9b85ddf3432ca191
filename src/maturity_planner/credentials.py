"""Tokens: from a command of the user's, else from the environment; never from a file or an option.

A token is handed to the client library and goes nowhere else: not into messages, files or logs.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import AuthError

COMMAND_SECONDS = 30
HELP = "Run the command by hand: it has to print the token, and nothing before it."

VARIABLES: Mapping[str, Sequence[str]] = {
    "github": ("GITHUB_TOKEN", "GH_TOKEN"),
    "jira": ("JIRA_TOKEN", "JIRA_API_TOKEN"),
}
"""Where a token is looked for when there is no `token_command`; the first one that is set wins."""


def read_token(
    kind: str, settings: Mapping[str, Any], environ: Mapping[str, str], root: Path
) -> str:
    """Return the token for a tracker: the first line that `token_command` prints, else a variable.

    The command is split as a shell would, but no shell runs it; it starts in the project's folder.

    Raises:
        AuthError: there is none, or the command failed. What it printed is not repeated.
    """
    command = str(settings.get("token_command", ""))
    if command:
        return _printed(command, environ, root)
    names = VARIABLES[kind]
    found = next((environ[name].strip() for name in names if environ.get(name, "").strip()), "")
    if not found:
        raise AuthError(
            f"there is no token for {kind}",
            fix=f"Set {names[0]}, or `token_command` in [tracker.{kind}] to a command that "
            "prints it.",
        )
    return found


def _printed(command: str, environ: Mapping[str, str], root: Path) -> str:
    try:
        words = shlex.split(command)
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
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        raise AuthError(
            f"token_command failed: {_cause(problem)}",
            fix=HELP,
        ) from None
    token = ended.stdout.strip().split("\n")[0].strip()
    if not token:
        raise AuthError(
            "token_command printed nothing",
            fix=HELP,
        )
    return token


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
