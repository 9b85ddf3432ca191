"""All targets."""

from __future__ import annotations

from . import command_line, foreign_files, project_files, services, ticket_texts

TARGETS = {
    target.name: target
    for part in (project_files, ticket_texts, services, foreign_files, command_line)
    for target in part.TARGETS
}
