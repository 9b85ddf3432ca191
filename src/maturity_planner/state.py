"""`.maturity/`: one sync at a time, and what one that was killed may have left undone.

The folder may be deleted whenever no command runs.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from .errors import Conflict, UserError
from .files import hide_folder, read_bytes

_TORN = (ValueError, KeyError, TypeError, OverflowError, RecursionError)
"""What reading a line raises that we did not write, or not to its end."""


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the project's lock; it goes with the process, however that ends.

    Raises:
        Conflict: another command holds it.
        UserError: the folder cannot be written.
    """
    try:
        descriptor = _open_lock(folder)
    except (FileExistsError, NotADirectoryError) as problem:
        raise UserError(
            f"{folder} is not a folder", fix="Move it away, then run this again."
        ) from problem
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
    hide_folder(folder)
    return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)


class Journal:
    """What remote trackers were asked to do, written down before the request is sent.

    A line `{"intent": "create", ...}` without a later `{"done": ...}` is a ticket that may come
    into being yet: the server can still be busy with the request of a run that was killed. With
    "update" it is one of which parts may have been written that it does not remember as ours.
    """

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        """Keep the journal in that folder, which exists."""
        self._path = folder / "journal.jsonl"
        self._clock = clock

    def intend(self, op: str, uid: str, target: str) -> None:
        """Note what will be asked for next."""
        self._append({"intent": op, "uid": uid, "target": target, "at": int(self._clock())})

    def done(self, uid: str, remote: str) -> None:
        """Note that it is there."""
        self._append({"done": uid, "remote": remote})

    def doubts(self, seconds: float) -> float:
        """Return for how long a request may still be under way; `seconds` bounds that."""
        starts = [at for op, at in self._open().values() if op == "create"]
        if not starts:
            return 0
        since = self._clock() - max(starts)
        # A second for the fraction that `at` does not hold; less than 0: the clock was set back.
        return min(max(seconds + 1 - since, 0), seconds + 1) if since >= 0 else seconds

    def unfinished(self) -> frozenset[str]:
        """Return the tickets whose update may have been made in part."""
        return frozenset(uid for uid, (op, _) in self._open().items() if op == "update")

    def forget(self) -> None:
        """Empty the journal once the tracker has been read after the last doubt."""
        self._path.unlink(missing_ok=True)

    def _open(self) -> dict[str, tuple[str, int]]:
        """Return what was begun, and when, and has no end; a torn last line is none."""
        found: dict[str, tuple[str, int]] = {}
        if not os.path.lexists(self._path):
            return found
        for line in read_bytes(self._path).splitlines():
            with contextlib.suppress(*_TORN):
                entry = json.loads(line)
                if "intent" in entry:
                    found[str(entry["uid"])] = (str(entry["intent"]), int(float(entry["at"])))
                else:
                    found.pop(str(entry["done"]), None)
        return found

    def _append(self, entry: dict[str, str | int]) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        try:
            descriptor = os.open(self._path, flags, 0o666)
            with os.fdopen(descriptor, "wb") as file:
                # The end of a line comes before the next one, which a torn one cannot spoil then.
                is_first = os.fstat(descriptor).st_size == 0
                file.write((b"" if is_first else b"\n") + json.dumps(entry).encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            raise UserError(
                f"{self._path} cannot be written: {problem.strerror}",
                fix="Check the folder's permissions and the free space.",
            ) from problem
