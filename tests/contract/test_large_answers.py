"""Answers that never end, from a server on the loopback that sends until nobody listens."""

from __future__ import annotations

import contextlib
import gzip
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.patience import hasty
from maturity_planner.errors import TrackerError
from maturity_planner.trackers import calling
from maturity_planner.trackers.base import Tracker
from maturity_planner.trackers.github import GitHubTracker
from maturity_planner.trackers.jira import JiraTracker

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n"
ENDLESS = HEAD % b"200 OK" + b"\r\n["
ELSEWHERE = HEAD % b"301 Moved Permanently" + b"Location: /elsewhere\r\n\r\n"
BOMB = HEAD % b"200 OK" + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * 20_000_000)


class Handler(socketserver.BaseRequestHandler):
    """Sends a head, and then blanks for ever."""

    head = b""

    def handle(self) -> None:
        self.request.recv(65_536)
        with contextlib.suppress(OSError):
            self.request.sendall(self.head)
            while self.head is not BOMB:
                self.request.sendall(b" " * 65_536)


@contextlib.contextmanager
def serving(head: bytes) -> Iterator[str]:
    kind = type("Endless", (Handler,), {"head": head})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), kind) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def tracker(kind: str, address: str, folder: Path) -> Tracker:
    if kind == "github":
        settings = {"repository": "o/r", "base_url": address, "token_command": "echo token"}
        return GitHubTracker(settings, folder, "system", hasty())
    settings = {"project": "MAT", "server": address, "token_command": "echo token"}
    return JiraTracker(settings, folder, "system", hasty())


@pytest.mark.parametrize("kind", ["github", "jira"])
@pytest.mark.parametrize("head", [ENDLESS, BOMB], ids=["endless", "bomb"])
def test_an_answer_without_an_end_is_given_up(
    kind: str, head: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "MOST_ANSWER", 1_000_000)
    with serving(head) as address, pytest.raises(TrackerError, match="is larger than 1 MB"):
        tracker(kind, address, tmp_path).read("0123abcd")


def test_nobody_waits_for_the_end_of_a_redirection(tmp_path: Path) -> None:
    with serving(ELSEWHERE) as address, pytest.raises(TrackerError, match="elsewhere"):
        tracker("github", address, tmp_path).read("0123abcd")
