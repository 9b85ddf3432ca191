"""What an installation weighs: our own files and every package that it needs.

Counts what is installed in the environment that runs this, by each package's own list of files.
Bytecode is left out: it depends on who installs. `python bench/size.py [MOST]`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

import maturity_planner
from maturity_planner.resources import bundled

OURS = "maturity-planner"
MOST = 10
"""How many packages are named; the rest is one line."""


def needed(name: str = OURS) -> list[str]:
    """Return the packages that one needs, directly or not, itself left out; no extras of its."""
    found: dict[str, None] = {}
    waiting = [(name, frozenset[str]())]
    while waiting:
        package, extras = waiting.pop()
        for text in distribution(package).requires or ():
            requirement = Requirement(text)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": e}) for e in extras or {""}):
                continue
            needs = re.sub(r"[-_.]+", "-", requirement.name).lower()
            if needs not in found and needs != name:
                found[needs] = None
                waiting.append((needs, frozenset(requirement.extras)))
    return sorted(found)


def size(files: Iterable[Path]) -> int:
    """Return the bytes of the files that are there, bytecode left out."""
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc" and path.is_file())


def size_of(package: str) -> int:
    """Return the bytes of an installed package."""
    found = distribution(package)
    return size(Path(str(found.locate_file(file))) for file in found.files or ())


def own_size() -> int:
    """Return the bytes of our own files, those that a checkout keeps beside the package too."""
    package = Path(maturity_planner.__file__).parent
    beside = [bundled(name) for name in ("rubrics", "templates", "examples")]
    folders = [package, *(path for path in beside if not path.is_relative_to(package))]
    return sum(size(folder.rglob("*")) for folder in folders)


def main() -> None:
    """Print the table, the largest package first."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else MOST
    sizes = {package: size_of(package) for package in needed()}
    ranked = sorted(sizes, key=lambda package: (-sizes[package], package))
    rest = sum(sizes[package] for package in ranked[most:])
    rows = [(OURS, own_size()), *((package, sizes[package]) for package in ranked[:most])]
    if ranked[most:]:
        rows.append((f"{len(ranked[most:])} more", rest))
    rows.append((f"all {len(ranked) + 1}", sum(sizes.values()) + rows[0][1]))
    print(f"{'package':20} {'MB':>7}")
    for name, count in rows:
        print(f"{name:20} {count / 1e6:7.1f}")


if __name__ == "__main__":
    main()
