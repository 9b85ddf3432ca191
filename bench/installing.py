"""The way of a stranger: wheel, empty environment, demo, on every Python from 3.11 on that is here.

Builds the sdist, and the wheel from that, of the files that Git knows; pip fetches what they need.
`python bench/installing.py [PYTHON ...]`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSIONS = ("3.11", "3.12", "3.13")


def interpreters() -> list[str]:
    """Return a Python of each version that starts, found by name or among those of pyenv."""
    found = []
    for version in VERSIONS:
        named = [shutil.which(f"python{version}")]
        kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
        for python in filter(None, (*named, *map(str, reversed(kept)))):
            if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
                found.append(python)
                break
    return found


def run(command: Sequence[str | Path], cwd: Path) -> str:
    """Return what the command prints; without what would let it find this checkout."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=own, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(folder: Path) -> Path:
    """Return the wheel made from the sdist of a clean tree."""
    tree = folder / "tree"
    run(["git", "clone", "--quiet", ROOT, tree], folder)
    run([sys.executable, "-m", "build", "--no-isolation", "-o", folder / "dist", tree], folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def main() -> None:
    """Print a line for each Python: seconds to install, MB of the environment, and the demo."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder)
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
        print(f"{'Python':9} {'install s':>9} {'MB':>6}  demo")
        for number, python in enumerate(sys.argv[1:] or interpreters()):
            environment = folder / f"environment-{number}"
            start = time.perf_counter()
            run([python, "-m", "venv", environment], folder)
            pip = environment / "bin" / "pip"
            run([pip, "install", "--quiet", "--disable-pip-version-check", wheel], folder)
            seconds = time.perf_counter() - start
            version = run([environment / "bin" / "python", "-V"], folder).split()[1]
            files = (path for path in environment.rglob("*") if not path.is_symlink())
            size = sum(path.stat().st_size for path in files if path.is_file())
            empty = folder / f"empty-{number}"
            empty.mkdir()
            said = run([environment / "bin" / "maturity-planner", "demo"], empty)
            assert "Score 0.5 -> 1." in said, said
            print(f"{version:9} {seconds:9.0f} {size / 1e6:6.0f}  works", flush=True)


if __name__ == "__main__":
    main()
