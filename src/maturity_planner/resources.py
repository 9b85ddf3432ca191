"""What ships with the program: rubrics, ticket templates and the example.

In a wheel they lie inside the package; in a source checkout (and an editable install of it)
they are the folders at the top of the tree.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """Return the folder of that name: `rubrics`, `templates` or `examples`."""
    inside = _PACKAGE / "bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent.parent / name


def bundled_rubrics() -> dict[str, Path]:
    """Return the built-in rubrics: id (the file's name) and file, in order of the ids."""
    return {path.stem: path for path in sorted(bundled("rubrics").glob("*.yaml"))}
