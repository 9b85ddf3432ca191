"""What `maturity-planner` and `python -m maturity_planner` start with.

Nothing that takes time is imported above `main`, so that it can answer a Ctrl-C from the start.
"""

import os
import sys

from .cli import INTERRUPTED


def main() -> None:
    """Entry point of the `maturity-planner` command."""
    if sys.platform == "win32":
        sys.exit("Error: this runs on Linux and macOS; on Windows use it inside WSL.")
    _open_closed()
    try:
        from .cli.main import run

        code = run()
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{INTERRUPTED}\n")
        code = 130
    sys.exit(code)


def _open_closed() -> None:
    """Put the null device where the shell closed a stream (`>&-`), which Python has as None."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Open for as long as we run; pathlib would take time that a Ctrl-C waits for.
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115
            setattr(sys, name, stream)


if __name__ == "__main__":
    main()
