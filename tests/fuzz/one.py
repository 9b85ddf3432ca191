"""One target for a while, in a process of its own: `python -m fuzz.one TARGET SECONDS FOLDER`.

With atheris (pip install atheris) coverage leads the mutations; without it they are drawn from
seeds and from inputs that were refused in a new way. Prints one line of JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any, NoReturn

SECONDS_AN_INPUT = 20
BYTES_OF_MEMORY = 4 * 2**30
MOST_INPUT = 300_000


class TooSlow(BaseException):
    """An input took longer than any should; no handler of ours may swallow it."""


def _stop(*_: object) -> NoReturn:
    raise TooSlow


class Session:
    """Runs inputs, and keeps one of each kind that found a fault."""

    def __init__(self, name: str, seconds: float, folder: Path) -> None:
        """Read the target; the clock starts with the first input."""
        from fuzz.targets import TARGETS

        self.target = TARGETS[name]
        self.seeds = list(self.target.seeds())
        self.faults: dict[str, str] = {}
        self._seconds, self._end = seconds, 0.0
        self._inputs = 0
        self._folder = folder / name
        self._folder.mkdir(parents=True, exist_ok=True)

    def run(self, raw: bytes) -> str:
        """Run one input; return where it failed, if it did."""
        self._end = self._end or time.monotonic() + self._seconds
        if time.monotonic() > self._end:
            self.finish()
        self._inputs += 1
        signal.setitimer(signal.ITIMER_REAL, SECONDS_AN_INPUT)
        try:
            self.target.read(raw)
        except (Exception, TooSlow) as error:  # noqa: BLE001 - this is what we are looking for
            signal.setitimer(signal.ITIMER_REAL, 0)
            return self._keep(raw, error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return ""

    def _keep(self, raw: bytes, error: BaseException) -> str:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "maturity_planner" in frame.filename]
        last = (frames if isinstance(error, AssertionError) or not ours else ours)[-1]
        place = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
        if place not in self.faults:
            self.faults[place] = hashlib.sha256(raw).hexdigest()[:12]
            (self._folder / self.faults[place]).write_bytes(raw)
            story = "".join(traceback.format_exception(error))
            text = story.encode("utf-8", "backslashreplace")
            (self._folder / f"{self.faults[place]}.txt").write_bytes(text)
        return place

    def finish(self) -> NoReturn:
        """Tell what was found, and end; the library of atheris knows no other end."""
        print(json.dumps({"inputs": self._inputs, "faults": self.faults}), flush=True)
        sys.stderr.flush()
        os._exit(0)


def guided(session: Session, atheris: Any) -> None:
    """Let coverage choose what to go on with."""
    from fuzz.mutation import changed

    target = session.target

    def mutated(raw: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 (no secret)
        if random.random() < 0.1:
            return bytes(atheris.Mutate(raw, most))
        return changed(raw, target.form, target.words, random)[:most]

    corpus = tempfile.mkdtemp(prefix="corpus-")
    for number, seed in enumerate(session.seeds):
        (Path(corpus) / str(number)).write_bytes(seed)
    limits = [f"-max_len={MOST_INPUT}", "-len_control=0", "-timeout=0", "-rss_limit_mb=4096"]
    atheris.Setup(
        [sys.argv[0], *limits, corpus],
        lambda raw: session.run(raw) and None,
        custom_mutator=mutated,
    )
    atheris.Fuzz()


def drawn(session: Session) -> NoReturn:
    """Draw from the seeds and what came of them, without knowing which lines are run."""
    from fuzz.mutation import changed

    random, pool = Random(session.target.name), list(session.seeds)  # noqa: S311 (no secret)
    for seed in session.seeds:
        session.run(seed)
    while True:
        raw = changed(random.choice(pool), session.target.form, session.target.words, random)
        session.run(raw[:MOST_INPUT])
        if random.random() < 0.02:
            pool = [*session.seeds, *pool[len(session.seeds) :][-200:], raw[:MOST_INPUT]]


def main() -> None:
    """Run one target."""
    name, seconds, folder = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (BYTES_OF_MEMORY, BYTES_OF_MEMORY))
    signal.signal(signal.SIGALRM, _stop)
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="cache-")
    try:
        import atheris
    except ImportError:
        drawn(Session(name, seconds, folder))
    with atheris.instrument_imports(include=["maturity_planner"]):
        session = Session(name, seconds, folder)
    guided(session, atheris)


if __name__ == "__main__":
    main()
