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
        descriptor = _open_lock(folder)
    except OSError as problem:
        raise UserError(
            f"{folder} cannot be written: {problem.strerror}", fix="Check the folder's permissions."
        ) from problem
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read().strip() or "unknown"
            raise Conflict(
                f"another command is writing here (process {holder})",
                fix="Wait until it has ended, then run this again.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _open_lock(folder: Path) -> int:
    """Return a descriptor of the lock file; never through a link, whose target is not ours."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x") as ignore:
        ignore.write("*\n")
    return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
