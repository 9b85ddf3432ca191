"""Stand-ins for the services that trackers speak to, behind real sockets on the loopback."""

from __future__ import annotations

from pathlib import Path

DESCRIPTION = Path(__file__).parents[3] / "shared" / "openapi" / "github-issues.openapi.json"
"""GitHub's own description of its interface: not part of this project, and not always here.

Those of other services lie beside it.
"""
