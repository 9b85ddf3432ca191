"""Start-up of the command as a multiple of `python -c pass`, measured in the same run.

Machines are shared and noisy, so each figure is the best of many alternating runs, and only
ratios are printed. `python bench/startup.py [ROUNDS]`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import use_bytecode

ROOT = Path(__file__).parent.parent
BARS = {"--help": 6, "score": 12, "report --format html": 15, "plan": 30, "sync": 36}


def best_of(commands: dict[str, list[str]], cwd: Path, rounds: int) -> dict[str, float]:
    """Return the shortest wall time of each command in seconds, the runs taking turns."""
    use_bytecode()
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(rounds):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, cwd=cwd, check=True, capture_output=True)
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in (ROOT / "examples" / "fraud-scoring").iterdir():
            shutil.copy(path, folder)
        ours = [sys.executable, "-m", "maturity_planner"]
        commands = {"pass": [sys.executable, "-c", "pass"]}
        commands |= {command: [*ours, *command.split()] for command in BARS}
        # In the order of the loop: plan.yaml and the tickets are there, texts are known by heart.
        best_of(commands, folder, 3)
        best = best_of(commands, folder, rounds)
    print(f"python -c pass: {best['pass'] * 1000:.1f} ms, best of {rounds}")
    print(f"{'command':20} {'x pass':>7} {'bar':>5}")
    for command, bar in BARS.items():
        print(f"{command:20} {best[command] / best['pass']:7.1f} {bar:5}")


if __name__ == "__main__":
    main()
