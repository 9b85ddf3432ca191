"""`.maturity/`: one sync at a time. The folder may be deleted whenever no command runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from .errors import Conflict, UserError


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the project's lock; it goes with the process, however that ends.

    Raises:
        Conflict: another command holds it.
        UserError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        file = (folder / "lock").open("a+", encoding="utf-8")
    except OSError as problem:
        raise UserError(
            f"{folder} cannot be written: {problem.strerror}", fix="Check the folder's permissions."
        ) from problem
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise Conflict(
                f"another command is writing here (process {holder})",
                fix="Wait until it has ended, then run this again.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
