"""A small HTTP server on the loopback that logs every request and can fail on purpose."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol, Self
from urllib.parse import parse_qsl, urlsplit

from .faults import Fault, Faults, Kind
from .wire import Answer, Exchange, Request, problem

MAX_BODY = 2_000_000
MAX_CONNECTIONS = 32
IDLE_SECONDS = 10


class Application(Protocol):
    """What a server serves."""

    def place(self, request: Request) -> tuple[str, str]:
        """Return the path with today's names in it, and the same with placeholders."""
        ...

    def answer(self, request: Request) -> Answer:
        """Process the request."""
        ...

    def problem(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        """Return an error in the shape of the service."""
        ...


class Server:
    """Serves one application; requests are processed one at a time, in the order they come."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.faults = Faults()
        self.exchanges: list[Exchange] = []
        self.errors: list[str] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._http = _Http(self)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._http.server_address[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop, and hang up on everybody."""
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=5)
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def calls(self) -> Counter[str]:
        """How often each method and path was asked for."""
        return Counter(f"{e.request.method} {e.template}" for e in self.exchanges)

    @property
    def writes(self) -> list[Exchange]:
        """The requests that could have changed something."""
        return [exchange for exchange in self.exchanges if exchange.is_write]

    def forget(self) -> None:
        """Start counting anew."""
        self.exchanges.clear()

    def process(self, request: Request) -> bytes | None:
        """Return the bytes of the answer, or None to hang up."""
        with self._lock:
            fault = self.faults.strike(request)
        if fault and fault.kind is Kind.HELD and self._closing.wait(fault.seconds):
            return None
        with self._lock:
            name = fault.kind.value if fault else ""
            path, template = self.application.place(request)
            if fault and not fault.kind.is_after:
                self.exchanges.append(Exchange(request, path, template, None, name))
                return self._before(fault)
            try:
                answer = self.application.answer(request)
            except Exception:  # noqa: BLE001 - a fault of the server itself has to fail the test
                self.errors.append(traceback.format_exc())
                return problem(500, "the fake itself failed").encode()
            self.exchanges.append(Exchange(request, path, template, answer, name))
        return self._after(answer, fault)

    def _before(self, fault: Fault) -> bytes | None:
        if fault.kind.kills:
            fault.kill()
        refusal = fault.refusal(self.application.problem)
        return refusal.encode() if refusal else None

    def _after(self, answer: Answer, fault: Fault | None) -> bytes | None:
        if fault is None:
            return answer.encode()
        if fault.kind is Kind.KILL_AFTER:
            fault.kill()
        if fault.kind in (Kind.KILL_AFTER, Kind.DROP_AFTER):
            return None
        if fault.kind is Kind.LATE_AFTER:
            self._closing.wait(fault.seconds)
            return None
        return fault.spoiled(answer)

    def enter(self, connection: socket.socket) -> bool:
        """Take note of a connection, unless there are too many."""
        if not self._places.acquire(timeout=IDLE_SECONDS):
            return False
        self._open.add(connection)
        return True

    def leave(self, connection: socket.socket) -> None:
        """Forget a connection."""
        if connection in self._open:
            self._open.discard(connection)
            self._places.release()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        # The library's own asks the resolver for the machine's name.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Note what is wrong; that clients are hung up on, or go away, is what tests do."""
        if not isinstance(sys.exception(), OSError):
            self.server.errors.append(traceback.format_exc())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: _Http

    def handle(self) -> None:
        if self.server.server.enter(self.connection):
            try:
                super().handle()
            finally:
                self.server.server.leave(self.connection)

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self.wfile.write(problem(413, "Request Entity Too Large").encode())
            return
        body = self.rfile.read(length)
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        pairs = tuple(parse_qsl(url.query, keep_blank_values=True))
        request = Request(self.command, url.path, dict(pairs), headers, body, pairs)
        sent = self.server.server.process(request)
        if sent is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.wfile.write(sent)
        # A body that is shorter than announced never ends unless the connection does.
        self.close_connection = self.close_connection or _is_cut(sent)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the exchanges are on record."""


def _is_cut(sent: bytes) -> bool:
    head, end, body = sent.partition(b"\r\n\r\n")
    lengths = [line for line in head.splitlines() if line.lower().startswith(b"content-length:")]
    return not end or (bool(lengths) and int(lengths[0].split(b":")[1]) != len(body))
