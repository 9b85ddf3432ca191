"""What the settings may do with a token only when the user has said so.

A settings file comes with its repository, from whoever wrote it. It names the program that prints
the token, and the address that the token is sent to. Neither is taken on trust: the user permits
it once, in words or by a variable, and the permit lies outside of every project (ADR 17).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .core.addresses import GITHUB, LOOPBACK
from .credentials import token_source
from .errors import ConfigError

if TYPE_CHECKING:
    from .config import Project
    from .trackers.base import Tracker

SERVER_VARIABLE = "MATURITY_PLANNER_SERVER"
COMMAND_VARIABLE = "MATURITY_PLANNER_TOKEN_COMMAND"
ADDRESSES: Mapping[str, str] = {"github": "base_url", "jira": "server"}
"""The setting of each kind of tracker that says where the token goes."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Something that the settings ask for: `value` is what `variable` permits by saying the same.

    `what` says it in words, without the value; `scope` is where else it would count.
    """

    what: str
    value: str
    variable: str
    scope: str

    def refusal(self) -> ConfigError:
        """Return the error for whoever cannot be asked, or says no.

        It does not repeat a command: some hold a secret, and messages end up in logs.
        """
        is_command = self.variable == COMMAND_VARIABLE
        value = "the very text of the setting" if is_command else self.shown
        return ConfigError(
            f"the settings {self.what}{'' if is_command else f' to {self.shown}'}, "
            "and you have not permitted that",
            fix="If you want that, run `maturity-planner doctor` at a terminal and say yes, or set "
            f"{self.variable} to {value}.",
        )

    @property
    def shown(self) -> str:
        """The value in signs of ASCII alone, so that it cannot look like another one."""
        return ascii(self.value)[1:-1]

    def is_granted(self, environ: Mapping[str, str]) -> bool:
        """Return whether the user said yes before."""
        place = self._place(environ)
        return place is not None and place.is_file()

    def grant(self, environ: Mapping[str, str]) -> None:
        """Remember that the user said yes.

        Raises:
            ConfigError: there is no place for it.
        """
        place = self._place(environ)
        try:
            if place is None:
                raise OSError(f"{_state_folder(environ)} is no absolute path")
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.touch(mode=0o600)
        except OSError as error:
            raise ConfigError(
                f"the permit cannot be remembered: {error.strerror or error}",
                fix=f"Set {self.variable} instead, or XDG_STATE_HOME to a folder of yours.",
            ) from error

    def _place(self, environ: Mapping[str, str]) -> Path | None:
        """Return the file whose being there is the permit; None without a folder of the user's."""
        folder = _state_folder(environ)
        key = repr((self.variable, self.scope, self.value))
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        return folder / "maturity-planner" / "permits" / digest if folder.is_absolute() else None


def missing_permits(
    kind: str, settings: Mapping[str, Any], environ: Mapping[str, str], root: Path
) -> tuple[Permit, ...]:
    """Return what the user has to permit before this tracker is given a token.

    Nothing where there is no token. The service's own address and this machine need no permit.
    """
    source = token_source(kind, settings, environ) if kind in ADDRESSES else ""
    if not source:
        return ()
    asked = []
    address = str(settings.get(ADDRESSES[kind]) or GITHUB).rstrip("/")
    if not _is_known(kind, address, environ):
        what = f"send the token of {source}"
        asked.append(Permit(what, address, SERVER_VARIABLE, kind))
    command = str(settings.get("token_command") or "")
    if command and command != environ.get(COMMAND_VARIABLE):
        what = "name a program to run for the token"
        # What a command does depends on the folder that it starts in.
        asked.append(Permit(what, command, COMMAND_VARIABLE, os.path.realpath(root)))
    return tuple(permit for permit in asked if not permit.is_granted(environ))


def permitted_tracker(project: Project, system: str) -> Tracker:
    """Return the project's tracker, if the user permits what the settings do with the token.

    Raises:
        ConfigError: not so, or the settings cannot be used.
    """
    from .trackers import open_tracker

    kind, settings = project.tracker, project.tracker_settings(project.tracker)
    tracker = open_tracker(kind, settings, project.root, system)
    for permit in missing_permits(kind, settings, os.environ, project.root):
        raise permit.refusal()
    return tracker


def _is_known(kind: str, address: str, environ: Mapping[str, str]) -> bool:
    """Return whether the address is the service's own, this machine's, or named by the user."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # the tracker says what is wrong with it
        return True
    named = {environ.get(SERVER_VARIABLE, "").rstrip("/")}
    if kind == "github":
        named |= {GITHUB, environ.get("GITHUB_API_URL", "").rstrip("/")}
    is_of_gh = kind == "github" and host == environ.get("GH_HOST", "").lower()
    return host in LOOPBACK or is_of_gh or address in named


def _state_folder(environ: Mapping[str, str]) -> Path:
    named = environ.get("XDG_STATE_HOME")
    return Path(named) if named else Path("~/.local/state").expanduser()
