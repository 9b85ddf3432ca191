"""Programs of other people, from npm, at one exact version."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

BUILD = Path(__file__).parents[2] / "build"


def installed(name: str, version: str, folder: str) -> Path:
    """Return the package, installed into build/`folder` unless it is there already.

    The test is skipped where Node is missing or the package cannot be had.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node and npm are not here")
    home = BUILD / folder
    package = home / "node_modules" / name
    about = package / "package.json"
    if not (about.exists() and json.loads(about.read_text())["version"] == version):
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text('{"private": true}\n')
        install = [
            "npm",
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--fetch-retries=1",
        ]
        try:
            subprocess.run(
                [*install, f"{name}@{version}"],
                cwd=home,
                check=True,
                capture_output=True,
                timeout=300,
            )
        except (subprocess.SubprocessError, OSError) as problem:
            pytest.skip(f"{name} cannot be installed: {problem}")
    return package
