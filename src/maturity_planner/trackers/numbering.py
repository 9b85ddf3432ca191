"""The next free number of a board: above every one in use, in names of files and in ids."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .board import FOLDERS


class Numbering:
    """Numbers of one run. The client may add tickets meanwhile: then the folders are listed anew.

    Whether it did is told by their times, so that many new tickets do not mean as many listings
    of them all. What we write ourselves changes these times, too, and is told by `ours`.
    """

    def __init__(self, folder: Path) -> None:
        """Look into the sub-folders for tickets, archive included."""
        self._folders = [folder / name for name in FOLDERS]
        self._listed: tuple[int, ...] = ()
        self._highest = 0

    def next(self, prefix: str, names: Iterable[str]) -> int:
        """Return a number that neither a file nor one of the names has; these are the ids."""
        times = self._times()
        if times != self._listed:
            files = (path.stem for folder in self._folders for path in folder.glob("*.md"))
            pattern = re.compile(rf"{prefix}-(\d{{1,9}})", re.IGNORECASE)
            found = (pattern.match(name) for name in (*files, *names))
            self._highest = max((int(one[1]) for one in found if one), default=0)
            self._listed = times
        self._highest += 1
        return self._highest

    @contextlib.contextmanager
    def ours(self) -> Iterator[None]:
        """Make a change of our own, which is no reason to list the folders anew."""
        is_listed = self._times() == self._listed
        yield
        if is_listed:
            self._listed = self._times()

    def forget(self) -> None:
        """List the folders anew next time."""
        self._listed = ()

    def _times(self) -> tuple[int, ...]:
        return tuple(
            folder.stat().st_mtime_ns if folder.exists() else 0 for folder in self._folders
        )
