"""Compiled templates in the user's cache directory: compiling takes longer than rendering."""

from __future__ import annotations

import contextlib
import os
import pickle

import jinja2
from jinja2.bccache import Bucket

from ..remembered import cache_folder

_BROKEN = (pickle.PickleError, EOFError, ValueError, AttributeError, ImportError, IndexError)
"""What reading a damaged file raises, as the documentation of pickle lists it."""

OTHERS_MAY_WRITE = 0o022


class Compiled(jinja2.FileSystemBytecodeCache):
    """As Jinja's own; a file that cannot be read or written costs time only."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, or leave it empty."""
        try:
            super().load_bytecode(bucket)
        except (OSError, *_BROKEN):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates() -> Compiled | None:
    """Return the cache; None where there is no folder that is ours alone, for it holds code."""
    folder = cache_folder("templates")
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    is_ours = found.st_uid == os.geteuid() and not found.st_mode & OTHERS_MAY_WRITE
    return Compiled(str(folder)) if is_ours else None
