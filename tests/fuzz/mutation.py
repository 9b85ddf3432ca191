"""Inputs that are nearly right: a tree with a few nodes changed, a text with a few lines changed.

Random bytes hardly get past a parser. All chances come from the generator that is passed in, so
a run can be repeated, and hypothesis can look for the smallest case.
"""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from maturity_planner.documents import dump_yaml, parse_yaml

from .target import Form

NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 10**60, 10**4000, 0.5, 1e308, float("nan"), float("inf")),
    *([], {}, [[]], [None], {"": None}, "", " ", "\n", "none", "manual", "automated", "a@b", "a.b"),
    *("\x1b[31m", "\x1b]0;x\x07", "\x00", "\x85", "\u2028", "\u202e", "\ud800", "\ufeff", "²", "٣"),
    *("1e999999999", "1e-999999999", "0x1F", "1_000", "-0", "9" * 400, "9" * 5000, "x" * 6000),
    *("2026-02-30", "9999-12-31", "0001-01-01", "2026-11-20T00:00:00+23:59", "99999999999999999"),
    *("0001-01-01T00:00:00+14:00", "2026-11-20", "Fri, 20 Nov 2026 09:30:00 GMT", "../../etc"),
    *("http://a\u0000b", "https://[::1", "{{ 1 }}", "{% for", "<!--", "-->", "[" * 80, "%s", "é"),
    *("Fri, 20 Nov 99999999999999999999 09:30:00 GMT", "Sat, 01 Jan 0001 00:00:00 +2359"),
)
BITS = (
    *(b"", b" ", b"\n", b"\r\n", b"\r", b"\t", b":", b"- ", b"#", b'"', b"'", b"{", b"]", b"&a "),
    *(b"*a", b"!!x ", b"<<: *a", b"---\n", b"...\n", b"\xff", b"\x00", b"\xc3", b"\xef\xbb\xbf"),
    *(b"1e999", b"|\n", b"\x1b[2J", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"<!-- ", b" -->", b"%"),
    *(b"[" * 5000, b"{" * 3000, b'{"a":' * 3000, b"9" * 5000, b" " * 3000, b"\\", b"\xc2\xb2"),
)


def changed(raw: bytes, form: Form, words: Sequence[str], random: Random) -> bytes:
    """Return the input with one to three things changed, mostly in its tree."""
    if form is not Form.TEXT and random.random() < 0.75:
        try:
            tree = _read(raw, form)
        except Exception:  # noqa: BLE001 - no tree any more: then its bytes
            tree = None
        if tree:
            for _ in range(random.choice((1, 1, 2, 3))):
                tree = _with_change(tree, words, random)
            try:
                return _written(tree, form, random).encode("utf-8", "surrogatepass")
            except (ValueError, RecursionError):  # nothing that could be written
                pass
    for _ in range(random.choice((1, 1, 2, 4))):
        raw = _with_changed_text(raw, words, random)
    return raw


def _read(raw: bytes, form: Form) -> Any:
    text = raw.decode("utf-8")
    match form:
        case Form.YAML:
            return parse_yaml(text).data
        case Form.TOML:
            return tomllib.loads(text)
        case Form.LINES:
            return [json.loads(line) for line in text.split("\n") if line.strip()]
    return json.loads(text)


def _written(tree: Any, form: Form, random: Random) -> str:
    match form:
        case Form.YAML if random.random() < 0.2:
            return dump_yaml(tree)
        case Form.TOML:
            whole = tree if isinstance(tree, dict) else {"tracker": tree}
            return "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in whole.items())
        case Form.LINES:
            lines = tree if isinstance(tree, list) else [tree]
            return "".join(json.dumps(line) + "\n" for line in lines)
    return json.dumps(tree, default=_plain)  # is YAML as well


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def _toml(value: Any) -> str:
    match value:
        case dict():
            pairs = (f"{json.dumps(str(key))} = {_toml(inner)}" for key, inner in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, default=str).replace("NaN", "nan").replace("Infinity", "inf")


def _places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in inner:
        yield (*path, key)
        yield from _places(tree[key], (*path, key))


def _with_change(tree: Any, words: Sequence[str], random: Random) -> Any:
    """Return the tree with one node replaced, renamed, doubled, moved, deepened or left out."""
    places = list(_places(tree))
    if not places:
        return random.choice(NASTY)
    tree = copy.deepcopy(tree)
    *way, key = random.choice(places)
    parent = tree
    for step in way:
        parent = parent[step]
    match random.randrange(6):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, dict):
            parent[_name(words, random)] = parent.pop(key)
        case 2 if isinstance(parent, list):
            parent.insert(random.randrange(len(parent) + 1), copy.deepcopy(parent[key]))
        case 2:
            parent[_name(words, random)] = copy.deepcopy(parent[key])
        case 3:
            parent[key] = copy.deepcopy(_at(tree, random.choice(places)))
        case _:
            parent[key] = _other(parent[key], words, random)
    return tree


def _other(value: Any, words: Sequence[str], random: Random) -> Any:
    """Return what may stand in the place of a value: near it, around it, or nasty."""
    match random.randrange(5):
        case 0:
            return [value] if random.random() < 0.5 else {_name(words, random): value}
        case 1 if isinstance(value, str):
            text = value.encode("utf-8", "surrogatepass")
            return _with_changed_text(text, words, random).decode("utf-8", "replace")
        case 1 if isinstance(value, int):
            return value + random.choice((-1, 1, 10**9, -(10**9)))
        case 2:
            return _name(words, random)
    return copy.deepcopy(random.choice(NASTY))


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _name(words: Sequence[str], random: Random) -> str:
    if words and random.random() < 0.8:
        return random.choice(words)
    return str(random.choice([one for one in NASTY if isinstance(one, str)]))


def _with_changed_text(raw: bytes, words: Sequence[str], random: Random) -> bytes:
    lines = raw.split(b"\n")
    n, m = random.randrange(len(lines)), random.randrange(len(lines))
    at, end = sorted((random.randrange(len(raw) + 1), random.randrange(len(raw) + 1)))
    changes: tuple[Callable[[], bytes], ...] = (
        lambda: raw[:at] + random.choice(BITS) + raw[at + random.randrange(4) :],
        lambda: raw[:at] + _name(words, random).encode("utf-8", "surrogatepass") + raw[at:],
        lambda: raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :],
        lambda: raw[:at] + raw[min(end, at + 40) :],
        lambda: raw[:end] + raw[at : min(end, at + 200)] + raw[end:],
        lambda: b"\n".join([*lines[:n], *lines[n + 1 :]]),
        lambda: b"\n".join([*lines[:n], lines[m], *lines[n:]]),
        lambda: b"\n".join([*lines[:n], b"  " + lines[n], *lines[n + 1 :]]),
        lambda: b"\n".join([*lines[:n], lines[n][2:], *lines[n + 1 :]]),
    )
    return random.choice(changes)()
