"""A GitHub that somebody else wrote: npm `emulate`, started on the loopback.

It has issues, labels, milestones, comments, state reasons and pages. It lacks sub-issues,
dependencies, issue types (404), ETags, limits and length checks; `since` misses changes of the
same second, `state_reason` is not checked, label filters mind capitals. Its times carry
milliseconds, a repository lacks two counts, so it is not held against GitHub's description. Its
ids start at 1 like its numbers: a first issue elsewhere keeps them apart.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract.npm import installed

VERSION = "0.11.2"
TOKEN = "emulated-token"  # noqa: S105 - opens nothing but the emulator
OWNER, REPOSITORY, OTHER = "acme", "acme/fraud-model", "acme/other"
START_SECONDS = 20

# This version would listen on every interface.
LOOPBACK = """
const { Server } = require("node:net");
const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  const done = rest.filter((one) => typeof one === "function");
  return listen.call(this, Number(port), "127.0.0.1", ...done);
};
"""


@contextmanager
def emulated(folder: Path) -> Iterator[str]:
    """Start the server with an empty repository and yield its base URL."""
    package = installed("emulate", VERSION, "emulate")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    seed = folder / "seed.json"
    seed.write_text(json.dumps(_seed()))
    loopback = folder / "loopback.cjs"
    loopback.write_text(LOOPBACK)
    command = ["node", "--require", str(loopback), str(package / "dist" / "index.js"), "start"]
    options = ["-s", "github", "-p", str(port), "--seed", str(seed), "--base-url", url]
    with (folder / "emulate.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1"},
        )
        try:
            _wait_for(url, process, folder / "emulate.log")
            yield url
        finally:
            process.kill()
            process.wait(timeout=10)


def _seed() -> dict[str, object]:
    owned = {"owner": OWNER, "private": False, "auto_init": False}
    names = [name.split("/")[1] for name in (REPOSITORY, OTHER)]
    return {
        "tokens": {TOKEN: {"login": OWNER, "scopes": ["repo"]}},
        "github": {
            "users": [{"login": OWNER, "name": "Acme"}],
            "repos": [{**owned, "name": name} for name in names],
        },
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    request = urllib.request.Request(  # noqa: S310 - the loopback
        f"{url}/repos/{REPOSITORY}", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"emulate does not start: {log.read_text(errors='replace')[-2000:]}")
