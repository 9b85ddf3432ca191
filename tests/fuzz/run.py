"""All targets, each in a process of its own: `python -m fuzz.run [--seconds N] [TARGET...]`.

Inputs that found a fault are kept below build/fuzz, each with its story. Exits 1 if there are any.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

GRACE = 120
"""Seconds beyond its time after which a target that does not end is killed."""


def run(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Return what a process found out about one target."""
    command = [sys.executable, "-m", "fuzz.one", name, str(seconds), str(folder)]
    log = folder / f"{name}.log"
    try:
        with log.open("wb") as errors:
            done = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=errors, timeout=seconds + GRACE, check=False
            )
        last = done.stdout.splitlines()[-1:]
        found: dict[str, Any] = json.loads(last[0]) if last else {}
    except (subprocess.TimeoutExpired, ValueError):
        found = {}
    if not found:
        found = {"inputs": 0, "faults": {"the process ended or hung": log.name}}
    covered = re.findall(r" cov: (\d+) ", log.read_text(encoding="utf-8", errors="replace"))
    return {
        "target": name,
        "seconds": seconds,
        "edges": int(covered[-1]) if covered else 0,
        **found,
    }


def main() -> int:
    """Run the targets and print a line for each."""
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description="Hostile input for all that reads.")
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], default=[])
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=2, help="targets at once")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    faults = 0
    print(f"{'target':16} {'seconds':>7} {'inputs':>8} {'edges':>6} {'faults':>6}")
    with ThreadPoolExecutor(given.jobs) as pool:
        names = given.targets or TARGETS
        for found in pool.map(lambda name: run(name, given.seconds, given.folder), names):
            counts = f"{found['inputs']:8} {found['edges'] or '-':>6} {len(found['faults']):6}"
            print(f"{found['target']:16} {found['seconds']:7g} {counts}", flush=True)
            for place, kept in found["faults"].items():
                print(f"    {place}: {given.folder / found['target'] / kept}", flush=True)
            faults += len(found["faults"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
