"""Whatever stands in a rubric's file: a model or a list of faults, never a traceback.

Texts come from three sources: made-up YAML with the keys of a rubric, real rubrics with parts of
their tree changed, and real rubrics with lines and characters changed.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from fuzz.workshop import small
from maturity_planner.cli.main import run
from maturity_planner.documents import dump_yaml
from maturity_planner.output_shapes import schema_of
from maturity_planner.resources import bundled_rubrics
from maturity_planner.starter import skeleton_text

REAL = {
    **{name: path.read_text(encoding="utf-8") for name, path in bundled_rubrics().items()},
    "skeleton": skeleton_text("fuzz"),
}
# A hang shows as an example that takes this long; a usual one takes a twentieth of a second.
PATIENT = timedelta(seconds=20)
QUICK = settings(
    max_examples=60, deadline=PATIENT, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
THOROUGH = settings(QUICK, max_examples=400)


def called(folder: Path, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["--config", str(folder / "maturity.toml"), *arguments])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        (path / "rubrics").mkdir()
        (path / "maturity.toml").write_text("", encoding="utf-8")
        assessment = "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: fuzz\n"
        (path / "assessment.yaml").write_text(assessment, encoding="utf-8")
        yield path


def check(folder: Path, raw: bytes) -> None:
    """Hold the commands to an answer: all say the same of the file, and none breaks."""
    path = folder / "rubrics" / "fuzz.yaml"
    path.write_bytes(raw)
    code, out, err = called(folder, "validate", "--json", str(path))
    (found,) = json.loads(out)["data"]["files"]
    is_sound = not found["faults"]
    event("sound" if is_sound else "faults")
    assert code == (0 if is_sound else 1), err
    for fault in (*found["faults"], *found["warnings"]):
        assert fault["message"]
        assert fault["line"] >= 1, fault
        assert fault["column"] >= 1, fault
    assert not found["warnings"] or is_sound
    for command in (["score", "--json"], ["show", "--json"], ["show"], ["graph"]):
        code, out, err = called(folder, *command)
        assert code == (0 if is_sound else 3), (command, err)
        assert out if is_sound else ":" in err
    assert "bug of maturity-planner" not in called(folder, "validate", str(path))[2]


# Made up -----------------------------------------------------------------------------------

WORDS = sorted(
    {
        key
        for named in (schema_of("rubric"), *schema_of("rubric")["$defs"].values())
        for key in named.get("properties", {})
    }
)
NASTY: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 2, 100_001, 10**60, [], {}, "", " ", "none", "a", "a@b"),
        *("manual", "automated", "x@manual", "@", "a@", "sum", "levels", "mean", "a\nb", "\u2028"),
        *("\x85", "é", "漢字", "\U0001f600", "x" * 400, "null", "2017", "1e3", "*", "&a", "!!int"),
        *map(Decimal, ("0.5", "0.00001", "1e-9", "1e6", "1e400", "1e-400", "nan", "inf", "-inf")),
    ]
)
KEYS = st.sampled_from([*WORDS, "manual", "automated", "x", "Bad Key", "", "none"])
TREES = st.recursive(
    NASTY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
HEAD = "schema: maturity-planner/rubric/v1\n"


@st.composite
def shaped(draw: st.DrawFn) -> dict[str, Any]:
    """A document of the right shape, except where it is not."""
    one_of = st.sampled_from
    ref = st.builds("{}@{}".format, one_of("abc"), one_of(["manual", "automated", "x"]))
    need: st.SearchStrategy[Any] = st.one_of(
        ref,
        st.fixed_dictionaries({"soft": ref}),
        st.fixed_dictionaries({"any_of": st.lists(ref, max_size=3)}),
        TREES,
    )
    days = st.one_of(st.integers(0, 3), NASTY)
    own = st.fixed_dictionaries(
        {"effort_days": days},
        optional={"needs": st.lists(need, max_size=3), "upkeep_days": days, "from": TREES},
    )
    item = st.fixed_dictionaries(
        {
            "id": one_of([*"abcd", "end", 1]),
            "title": one_of(["t", "u", ""]),
            "modes": st.dictionaries(one_of(["manual", "automated", "x"]), own, max_size=3),
        },
        optional={"level": one_of([0, 1, 2, "1", None]), "optional": st.booleans(), "weight": days},
    )
    section = st.fixed_dictionaries(
        {"id": one_of(["s", "t"]), "items": st.lists(item, max_size=3)}, optional={"weight": days}
    )
    band = st.fixed_dictionaries({"id": one_of("xyz")}, optional={"up_to": days})
    mode = st.fixed_dictionaries({"id": one_of(["manual", "automated"]), "points": days})
    return {
        "schema": "maturity-planner/rubric/v1",
        "id": "fuzz",
        "title": "Fuzz",
        "modes": draw(
            st.just([{"id": "manual", "points": 1}, {"id": "automated", "points": 2}])
            | st.lists(mode, max_size=3)
        ),
        "scoring": {
            "section": draw(one_of(["sum", "levels", "max"])),
            "overall": draw(one_of(["minimum", "mean"])),
            "bands": draw(st.lists(band, max_size=3)),
        },
        "sections": draw(st.lists(section, max_size=3)),
    }


MADE_UP = st.one_of(
    shaped().map(dump_yaml),
    TREES.map(dump_yaml),
    st.dictionaries(KEYS, TREES, max_size=6).map(lambda tree: HEAD + dump_yaml(tree)),
    st.text(alphabet="ab:- \n\t{}[]\"'#&*!|>@%,?0.1\r\x00\x85\u2028é", max_size=60).map(
        lambda text: HEAD + text
    ),
).map(lambda text: text.encode("utf-8", "surrogatepass"))


# Real, with changes ------------------------------------------------------------------------


SMALL = {name: small(text) for name, text in REAL.items()}
TEXTS = [REAL["skeleton"], *map(dump_yaml, SMALL.values())]


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys: Any = (
        tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    )
    for key in keys:
        yield (*path, key)
        yield from places(tree[key], (*path, key))


@st.composite
def with_changed_tree(draw: st.DrawFn) -> bytes:
    """A real rubric, nodes of which are gone, replaced, doubled or moved."""
    tree = copy.deepcopy(SMALL[draw(st.sampled_from(sorted(SMALL)))])
    for _ in range(draw(st.sampled_from([1, 1, 3]))):
        path = draw(st.sampled_from(list(places(tree)) or [()]))
        if not path:
            break
        parent = tree
        for key in path[:-1]:
            parent = parent[key]
        match draw(st.integers(0, 4)):
            case 0:
                del parent[path[-1]]
            case 1:
                parent[path[-1]] = draw(TREES)
            case 2 if isinstance(parent, list):
                parent.append(copy.deepcopy(parent[path[-1]]))
            case 2:
                parent[draw(KEYS)] = parent[path[-1]]
            case 3:
                other = parent
                for key in draw(st.sampled_from(list(places(parent)))):
                    other = other[key]
                parent[path[-1]] = copy.deepcopy(other)
            case _:
                parent[path[-1]] = draw(NASTY)
    return dump_yaml(tree).encode("utf-8", "surrogatepass")


BITS = st.sampled_from(
    [
        *(
            b"",
            b" ",
            b"\n",
            b"\t",
            b":",
            b"- ",
            b"#",
            b'"',
            b"'",
            b"{",
            b"]",
            b"&a ",
            b"*a",
            b"!!x ",
        ),
        *(
            b"<<: *a",
            b"---\n",
            b"...\n",
            b"\xff",
            b"\x00",
            b"\xc3",
            b"\xef\xbb\xbf",
            b"1e999",
            b"|\n",
        ),
    ]
)


@st.composite
def with_changed_bytes(draw: st.DrawFn, texts: list[str]) -> bytes:
    """A real rubric with lines gone, doubled, moved or indented, and characters changed."""
    raw = draw(st.sampled_from(texts)).encode()
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            at = draw(st.integers(0, len(raw)))
            raw = raw[:at] + draw(BITS) + raw[at + draw(st.integers(0, 3)) :]
            continue
        lines = raw.split(b"\n")
        n = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                del lines[n]
            case 1:
                lines.insert(n, lines[n])
            case 2:
                lines.insert(draw(st.integers(0, len(lines))), lines.pop(n))
            case 3:
                lines[n] = b"  " + lines[n]
            case _:
                lines[n] = lines[n][2:]
        raw = b"\n".join(lines)
    return raw


@QUICK
@given(MADE_UP)
@example(b"")
@example(b"schema: maturity-planner/rubric/v1\nid: \xed\xa0\x80\n")
@example((HEAD + "a: " + "[" * 2000).encode())
def test_made_up_files(folder: Path, raw: bytes) -> None:
    check(folder, raw)


@QUICK
@given(with_changed_tree())
def test_real_rubrics_with_a_changed_tree(folder: Path, raw: bytes) -> None:
    check(folder, raw)


@QUICK
@given(with_changed_bytes(TEXTS))
def test_real_rubrics_with_changed_bytes(folder: Path, raw: bytes) -> None:
    check(folder, raw)


@pytest.mark.slow
@THOROUGH
@given(MADE_UP | with_changed_tree() | with_changed_bytes(TEXTS))
def test_many_more_files(folder: Path, raw: bytes) -> None:
    check(folder, raw)


@pytest.mark.slow
@settings(QUICK, max_examples=60)
@given(with_changed_bytes(list(REAL.values())))
def test_whole_rubrics_with_changed_bytes(folder: Path, raw: bytes) -> None:
    check(folder, raw)
