"""Where trackers are: what names a place in them, and which addresses need no permission."""

from __future__ import annotations

REPOSITORY_PATTERN = r"[\w.-]*\w[\w.-]*/[\w.-]*\w[\w.-]*"
"""OWNER/NAME, of GitHub."""

KEY_PATTERN = "[A-Z][A-Z0-9_]+"
"""Of a project in Jira."""

GITHUB = "https://api.github.com"
"""What is meant when the settings name no server of GitHub."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Names of this machine; what is sent to them stays here."""
