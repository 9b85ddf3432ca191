"""Imports of large models, and plans for them, as multiples of `python -c pass`.

The models are made up (`models.py`), of the sizes of DSOMM and SAMM. All is measured twice: with
texts that nobody has checked before, and again with those that are known to be sound. An import
checks what it writes, so a plan after it is always of the second kind. As in `startup.py` each
figure is the best of many runs that take turns. `python bench/importing.py [ROUNDS]`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from models import dsomm, samm, write_dsomm, write_samm
from startup import best_of

BARS = {"import dsomm": 60, "import samm": 60, "plan dsomm": 45, "plan samm": 45}
OURS = (sys.executable, "-m", "maturity_planner", "-q")


def commands() -> dict[str, list[str]]:
    """Return what is measured."""
    found = {"pass": [sys.executable, "-c", "pass"]}
    for kind, path, target in (("dsomm", "model.yaml", "3"), ("samm", "model", "2")):
        found[f"import {kind}"] = [*OURS, "import", kind, path, "-o", f"{kind}.yaml"]
        asked = ["--assessment", f"assessment-{kind}.yaml", "--target", target]
        found[f"plan {kind}"] = [*OURS, "plan", "-n", *asked]
    return found


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_dsomm(folder / "model.yaml", dsomm())
        write_samm(folder / "model", samm())
        for kind in ("dsomm", "samm"):
            text = f"schema: maturity-planner/assessment/v1\nsystem: s\nrubric: {kind}.yaml\n"
            (folder / f"assessment-{kind}.yaml").write_text(text, encoding="utf-8")
        os.environ["XDG_CACHE_HOME"] = "nowhere"  # not absolute: nothing is remembered
        best_of(commands(), folder, 1)
        first = best_of(commands(), folder, rounds)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        best_of(commands(), folder, 1)
        again = best_of(commands(), folder, rounds)
    print(f"python -c pass: {first['pass'] * 1000:.1f} ms, best of {rounds}")
    print(f"{'command':14} {'first':>7} {'known':>7} {'bar':>5}")
    for command, bar in BARS.items():
        times = (best[command] / best["pass"] for best in (first, again))
        print(f"{command:14} {' '.join(f'{ratio:7.1f}' for ratio in times)} {bar:5}")


if __name__ == "__main__":
    main()
