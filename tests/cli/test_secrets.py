"""No token in anything we print or write: canaries in every place that a token can come from.

A hostile service repeats what it was sent, in bodies, headers, addresses and broken answers.
"""

from __future__ import annotations

import base64
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from builders import document, item, mode
from fakes import github as fake_github
from fakes import jira as fake_jira
from fakes.faults import Fault, Kind
from fakes.github import FakeGitHub
from fakes.jira import EMAIL, FakeJira
from fakes.wire import Answer, Request
from maturity_planner.cli.main import run
from maturity_planner.documents import dump_yaml
from maturity_planner.trackers import patience

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

CORE = "canary7d1fc0ffee9b2e41"
CANARY = f"tok/{CORE}+{{x}}=="
"""Signs that change when they are percent-encoded; the core stays as it is in all but base64."""

SECTIONS = {
    "data": [
        item("a"),
        item("b", modes={"manual": mode(1), "automated": mode(1, needs=["a@manual"])}),
    ],
    "model": [item("c"), item("d")],
}
COMMANDS = (
    *(("validate",), ("doctor",), ("doctor", "--json"), ("diff",), ("diff", "--json")),
    *(("sync", "-n"), ("sync", "--yes"), ("sync", "--yes", "--json"), ("track",)),
    *(("track", "--json"), ("track", "--accept", "all"), ("score", "--record"), ("history",)),
    *(("roadmap", "--start", "2026-12-01"), ("score", "--json"), ("diff", "--check")),
    *(("report", "--tickets", "--format", name) for name in ("text", "markdown", "csv", "json")),
    *(("report", "--tickets", "--format", "html", "-o", "report.html"),),
)
LOUD = ("-v", "--debug")


def shapes_of(core: str) -> list[bytes]:
    """Return what of the token cannot change by quoting, and its three shapes in base64."""
    shapes = [core.encode()]
    for before in range(3):
        coded = base64.b64encode(b"x" * before + core.encode()).rstrip(b"=")
        shapes.append(coded[(0, 2, 3)[before] : -2])
    return shapes


def leaks(data: bytes) -> bool:
    return any(shape in data for shape in shapes_of(CORE))


def test_the_canary_is_seen_in_every_coat() -> None:
    whole = [CANARY, quote(CANARY, safe=""), json.dumps(CANARY), repr({"a": CANARY})]
    assert all(leaks(text.encode()) for text in whole)
    for account in ("", "a:", "ab:", f"{EMAIL}:"):
        assert leaks(base64.b64encode(f"{account}{CANARY}".encode())), account
    assert not leaks(b"nothing of the kind, dG9rL2Nhbm")


@dataclass
class Site:
    """A fake service that knows the canary alone, and a project that speaks to it."""

    kind: str
    fake: FakeGitHub | FakeJira
    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        return self.home / "project"

    def write_settings(self, **more: str) -> None:
        table = [f"{name} = {json.dumps(value)}" for name, value in (self.settings | more).items()]
        head = f'[team.people]\nengineer = 1\n[tracker]\nkind = "{self.kind}"'
        text = "\n".join([head, f"[tracker.{self.kind}]", *table, ""])
        (self.project / "maturity.toml").write_text(text)

    @property
    def heard(self) -> bool:
        """Whether the canary came to the service."""
        sent = (e.request.headers.get("authorization", "") for e in self.fake.exchanges)
        return any(leaks(text.encode()) for text in sent)

    def echo(self, spoil: Callable[[str], bytes], nth: int = 1) -> None:
        """Answer the nth request and all after it with what is made of its own token."""
        process, count = self.fake.server.process, itertools.count(1)

        def echoing(request: Request) -> bytes | None:
            answer = process(request)
            sent = request.headers.get("authorization", "")
            return spoil(sent) if next(count) >= nth else answer

        self.fake.server.process = echoing  # type: ignore[method-assign]


@pytest.fixture(params=["github", "cloud", "dc"])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """One of the three services; the token is in the environment, the home below `tmp_path`."""
    for name, folder in (
        ("HOME", "home"),
        ("XDG_CACHE_HOME", "home/cache"),
        ("XDG_CONFIG_HOME", "home/config"),
        ("XDG_STATE_HOME", "home/state"),
        ("TMPDIR", "tmp"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        monkeypatch.setenv(name, str(tmp_path / folder))
    for name in ("BETWEEN_WRITES", "IN_DOUBT", "FIRST_RETRY"):
        monkeypatch.setattr(patience, name, 0)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with FakeGitHub() if request.param == "github" else FakeJira(request.param) as fake:
        site = Site("github" if isinstance(fake, FakeGitHub) else "jira", fake, tmp_path)
        if isinstance(fake, FakeGitHub):
            fake.tokens = {CANARY: fake_github.Token(fake_github.LOGIN)}
            site.settings = {"repository": "acme/fraud-model", "base_url": fake.base_url}
            monkeypatch.setenv("GITHUB_TOKEN", CANARY)
        else:
            fake.tokens = {CANARY: fake_jira.Token(fake_jira.LOGIN, EMAIL)}
            site.settings = {"server": fake.base_url, "project": "FRAUD"}
            site.settings |= {"email": EMAIL} if fake.is_cloud else {}
            monkeypatch.setenv("JIRA_TOKEN", CANARY)
        (site.project / "rubrics").mkdir(parents=True)
        (site.project / "rubrics/tiny.yaml").write_text(dump_yaml(document(SECTIONS)))
        (site.project / "assessment.yaml").write_text(
            "schema: maturity-planner/assessment/v1\nsystem: tiny-system\nrubric: tiny\n"
            "date: 2026-11-01\nanswers: {}\n"
        )
        site.write_settings()
        monkeypatch.chdir(site.project)
        assert run(["-q", "plan", "--target", "2"]) == 0
        yield site


@pytest.fixture
def call(
    site: Site, capfdbinary: pytest.CaptureFixture[bytes], caplog: pytest.LogCaptureFixture
) -> Callable[..., int]:
    """Run a command and look everywhere."""
    caplog.set_level(0)

    def call(*arguments: str) -> int:
        capfdbinary.readouterr()
        code = run(arguments)
        printed = capfdbinary.readouterr()
        assert code != 70 or "sync" in arguments, printed.err.decode()
        for name, data in (("stdout", printed.out), ("stderr", printed.err)):
            assert not leaks(data), f"{name} of {arguments}: {data.decode()}"
        assert not leaks(caplog.text.encode()), f"log of {arguments}: {caplog.text}"
        for path in site.home.rglob("*"):
            assert not leaks(str(path).encode()), path
            assert not path.is_file() or not leaks(path.read_bytes()), f"{path} after {arguments}"
        return code

    return call


def close_one(site: Site) -> None:
    if isinstance(site.fake, FakeGitHub):
        site.fake.people.close(site.fake.issues[-1].number)
    else:
        site.fake.people.close(site.fake.issues[-1].key)


def test_all_commands_when_all_goes_well(site: Site, call: Callable[..., int]) -> None:
    for command in COMMANDS:
        assert call(*LOUD, *command) in ((0, 1) if "--check" in command else (0,)), command
        if command == ("sync", "--yes"):
            close_one(site)
    assert site.heard


@pytest.mark.parametrize("source", ["second variable", "token_command", "gh"])
def test_wherever_the_token_comes_from(
    site: Site, call: Callable[..., int], monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("JIRA_TOKEN", raising=False)
    secret = site.home.with_name(f"{site.home.name}-secret")
    secret.mkdir()
    (secret / "token").write_text(CANARY)
    (secret / "gh").write_text(f'#!/bin/sh\necho noise {CANARY} >&2\ncat "{secret}/token"\n')
    (secret / "gh").chmod(0o755)
    if source == "second variable":
        monkeypatch.setenv("GH_TOKEN" if site.kind == "github" else "JIRA_API_TOKEN", CANARY)
    elif source == "token_command":
        site.write_settings(token_command=f"{secret}/gh")
        monkeypatch.setenv("MATURITY_PLANNER_TOKEN_COMMAND", f"{secret}/gh")
    elif site.kind == "jira":
        pytest.skip("gh knows tokens of GitHub alone")
    else:
        monkeypatch.setenv("PATH", f"{secret}:/usr/bin:/bin")
    for command in (("doctor",), ("diff", "--json"), ("sync", "--yes"), ("track",)):
        assert call(*LOUD, *command) == 0, command
    assert site.heard


@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.kills and kind != Kind.HELD])
def test_whatever_fault_strikes(site: Site, call: Callable[..., int], kind: Kind) -> None:
    site.fake.fail(Fault(kind, nth=3, times=999, seconds=0.01, matches=lambda _: True))
    for command in (("doctor",), ("sync", "--yes"), ("diff", "--json"), ("track",)):
        assert call(*LOUD, *command) in (0, 4), command
    assert site.heard


def _plain(sent: str) -> str:
    """Return the token as it was before it was signed with."""
    kind, _, coded = sent.partition(" ")
    return base64.b64decode(coded).decode().partition(":")[2] if kind == "Basic" else coded


def _body(sent: str) -> dict[str, Any]:
    token = _plain(sent)
    texts = f"{sent} {token} {quote(token, safe='')} {quote(token)}"
    error = {"resource": "Issue", "field": texts, "code": texts, "message": texts, "type": texts}
    return {
        "message": texts,
        "errors": [error],
        "errorMessages": [texts],
        "full_name": texts,
        "name": texts,
        "displayName": texts,
    }


def _refuses(status: int) -> Callable[[str], bytes]:
    def spoil(sent: str) -> bytes:
        token = _plain(sent)
        headers = {
            "Location": f"http://evil.example/{quote(token)}?t={token}",
            "Link": f'<http://127.0.0.1:1/{token}>; rel="next"',
            "Retry-After": "x" + token,
            "RateLimit-Reason": token,
            "X-Seraph-LoginReason": token,
            "X-Accepted-GitHub-Permissions": token,
            "X-OAuth-Scopes": token,
            "X-GitHub-SSO": f"required; url=http://evil.example/{token}",
            "Set-Cookie": f"a={quote(token)}; Max-Age=9999999",
        }
        return Answer(status, json.dumps(_body(sent)).encode(), headers).encode()

    return spoil


def _list(sent: str) -> bytes:
    """Answer with one thing that is of no use, in a list whose next page is elsewhere."""
    return Answer(
        200,
        json.dumps([_body(sent), sent]).encode(),
        {"Link": f'<http://evil.example/{_plain(sent)}>; rel="next"'},
    ).encode()


def _page(sent: str) -> bytes:
    return Answer(200, f"<p>{sent} {_plain(sent)}".encode(), {"Content-Type": "text/html"}).encode()


ECHOES: dict[str, Callable[[str], bytes]] = {
    **{str(n): _refuses(n) for n in (200, 201, 301, 302, 307, 400, 401, 403, 404, 409, 410, 422)},
    **{str(n): _refuses(n) for n in (429, 500, 503)},
    "list": _list,
    "page": _page,
    "no status": lambda sent: f"HTTP/1.1 {_plain(sent)} {sent}\r\n\r\n".encode(),
    "no HTTP": lambda sent: f"{sent} {_plain(sent)}\r\n\r\n".encode(),
    "bad length": lambda sent: (
        f"HTTP/1.1 200 OK\r\nContent-Length: {_plain(sent)}\r\n\r\n{sent}".encode()
    ),
    "bad chunk": lambda sent: (
        f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{_plain(sent)}\r\n{sent}".encode()
    ),
    "bad coding": lambda sent: (
        f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(sent)}\r\n\r\n{sent}"
    ).encode(),
}


@pytest.mark.parametrize("nth", [1, 3, 7])  # at the first word, in the middle, while it writes
@pytest.mark.parametrize("echo", ECHOES)
def test_a_service_that_repeats_the_token(
    site: Site, call: Callable[..., int], echo: str, nth: int
) -> None:
    site.echo(ECHOES[echo], nth)
    for command in (("doctor",), ("sync", "--yes"), ("diff",), ("report", "--tickets")):
        assert call(*LOUD, *command) in (0, 4), command
    assert site.heard


def test_texts_of_tickets_that_hold_the_token(site: Site, call: Callable[..., int]) -> None:
    assert call("sync", "--yes") == 0
    text = f"my token is {CANARY}"
    if isinstance(site.fake, FakeGitHub):
        site.fake.people.edit(site.fake.issues[-1].number, title=text)
    else:
        site.fake.people.edit(site.fake.issues[-1].key, summary=text)
    close_one(site)
    for command in (("diff", "--json"), ("sync", "--yes"), ("track", "--accept", "all")):
        assert call(*LOUD, *command) == 0, command
    assert call(*LOUD, "report", "--tickets", "--format", "html", "-o", "report.html") == 0


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_crash_and_ctrl_c_in_the_middle(
    site: Site,
    call: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    process, count = site.fake.server.process, itertools.count(1)
    due = [False]

    def counting(request: Request) -> bytes | None:
        due[0] = next(count) >= 9
        return process(request)

    def loads(text: str, **more: Any) -> Any:
        if due[0] and isinstance(text, str) and sys._getframe(1).f_code.co_name == "understood":
            raise error("in the middle")
        return real(text, **more)

    real = json.loads
    site.fake.server.process = counting  # type: ignore[method-assign]
    monkeypatch.setattr(json, "loads", loads)
    code = call(*LOUD, "sync", "--yes")
    assert code == {RuntimeError: 70, KeyboardInterrupt: 130, OSError: 3}[error]
    assert site.heard


@pytest.mark.parametrize(
    "address",
    [
        "http://ana:{0}@127.0.0.1:1",
        "https://{0}@example.com/api",
        "https://example.com/?token={0}",
        "https://example.com/#{0}",
        "ftp://ana:{0}@example.com",
        "ana:{0}@example.com",
        "https://ana:{0}@[::1",
        "https://ana:{0}@example.com:port",
        "https://{0}@example.com/acme/fraud-model",
    ],
)
def test_an_address_with_a_password_in_it(
    site: Site, call: Callable[..., int], address: str
) -> None:
    """As an address, and as a repository, which people copy from their clone."""
    settings = site.home.with_name(f"{site.home.name}-settings") / "maturity.toml"
    settings.parent.mkdir()
    for file in site.project.iterdir():
        (settings.parent / file.name).symlink_to(file)
    names = ("base_url",) if site.kind == "github" else ("server",)
    for name in (*names, "repository") if address.endswith("fraud-model") else names:
        site.write_settings(**{name: address.format(CORE)})
        settings.unlink()
        (site.project / "maturity.toml").rename(settings)
        for command in (("doctor",), ("validate",), ("diff",), ("score", "--json")):
            assert call("--config", str(settings), *LOUD, *command) in (1, 3), command
    assert not site.heard


def test_a_proxy_with_a_password(
    site: Site, call: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://ana:{CORE}@127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    assert call(*LOUD, "diff") == 3
    name = "base_url" if site.kind == "github" else "server"
    site.write_settings(**{name: "https://127.0.0.1:1"})
    assert call(*LOUD, "diff") == 4
