"""The question before a token goes where only the settings of a project send it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from . import output

if TYPE_CHECKING:
    from .context import Context


def ask_permits(context: Context) -> None:
    """Ask for what is not permitted yet, if there is somebody to ask, and remember a yes.

    Raises:
        ConfigError: the answer was no.
    """
    from ..permits import COMMAND_VARIABLE, missing_permits

    project = context.project
    settings = project.tracker_settings(project.tracker)
    if not context.may_ask:
        return  # whoever opens the tracker refuses
    for permit in missing_permits(project.tracker, settings, os.environ, project.root):
        is_command = permit.variable == COMMAND_VARIABLE
        output.note(f"The settings in {project.source} {permit.what}{':' if is_command else ' to'}")
        output.note(f"  {permit.shown}")
        if not click.confirm("Permit that, from now on?", err=True):
            raise permit.refusal()
        permit.grant(os.environ)
