"""Texts as they were, one file each; `make golden` writes them anew."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def compare(found: Mapping[str, str], folder: Path) -> None:
    """Assert that a folder holds these texts, byte for byte, and nothing else."""
    if os.environ.get("GOLDEN") == "write":
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, text in found.items():
            (folder / name).write_bytes(text.encode())
    for name, text in found.items():
        assert text == (folder / name).read_bytes().decode(), name
    assert {path.name for path in folder.iterdir()} == set(found)
