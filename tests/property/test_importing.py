"""Whatever a foreign model holds, what comes of it is a sound rubric, or an error that says why."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import brute_force
import models
from builders import TODAY, assessment
from maturity_planner.checking import faults_of
from maturity_planner.core.circles import has_circle
from maturity_planner.core.plan import COST_UNIT, Request, Status
from maturity_planner.core.planner import Planner
from maturity_planner.core.rubric import Rubric, build_rubric
from maturity_planner.core.rubric_soundness import faults_for_use
from maturity_planner.documents import parse_yaml
from maturity_planner.errors import UsageError, UserError
from maturity_planner.importers.dsomm import Choice, Grouping, as_rubric, read_model
from maturity_planner.importers.dsomm_progress import Files, import_progress
from maturity_planner.importers.imported import Imported
from maturity_planner.importers.samm import Choice as SammChoice
from maturity_planner.importers.samm import Order, import_samm
from maturity_planner.importers.writing import is_untouched, written

KEYS = st.sampled_from(
    [
        *("uuid", "level", "risk", "measure", "difficultyOfImplementation", "knowledge", "time"),
        *("usefulness", "dependsOn", "implementation", "references", "assessment", "_meta", "meta"),
        *("id", "name", "type", "order", "values", "value", "text", "quality", "practice", "<<"),
        *("Kitchen", "Ovens", "Oven alarm", "", " ", "Öfen", "窯", "a\nb", "x" * 400),
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 9),
    st.floats(),
    st.dates(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(["No", "8.10", "1", "5", "uuid:", "Oven alarm", "x" * 7000, "\x85", "20%"]),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)
USABLE = (UserError, UsageError)
"""Errors that a person can do something about; all others are bugs."""

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def checked(imported: Imported) -> Rubric:
    """Return the rubric, which has to be sound and the same when it is read again."""
    text = written(imported.document, imported.comments)
    faults, data = faults_of("rubric", text, "r.yaml", parse=parse_yaml, sound=faults_for_use)
    assert faults == []
    assert data == imported.document
    assert is_untouched(text)
    assert not is_untouched(text.replace("title: ", "title: X", 1))
    return build_rubric(data)


def paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value of a tree."""
    yield path
    known = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in known:
        yield from paths(tree[key], (*path, key))


def changed(draw: st.DrawFn, tree: Any, path: tuple[Any, ...]) -> Any:
    """Return the tree with the value at the path replaced, renamed, doubled or left out."""
    if not path:
        return draw(TREES)
    key, *rest = path
    if rest:
        inner = changed(draw, tree[key], tuple(rest))
        if isinstance(tree, dict):
            return tree | {key: inner}
        return [*tree[:key], inner, *tree[key + 1 :]]
    kind = draw(st.sampled_from(["replaced", "left out", "renamed", "doubled"]))
    if isinstance(tree, list):
        new = {"left out": [], "doubled": [tree[key], tree[key]]}.get(kind, [draw(TREES)])
        return [*tree[:key], *new, *tree[key + 1 :]]
    match kind:
        case "left out":
            return {k: v for k, v in tree.items() if k != key}
        case "renamed":
            return {draw(KEYS) if k == key else k: v for k, v in tree.items()}
        case "doubled":
            return tree | {draw(KEYS): tree[key]}
    return tree | {key: draw(TREES)}


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """A model with up to five things changed, mostly deep inside."""
    for _ in range(draw(st.integers(1, 5))):
        ways = [path for path in paths(whole) if len(path) > 1] or [()]
        whole = changed(draw, whole, draw(st.sampled_from(ways)))
    return whole


def dump(*documents: Any) -> str:
    text: str = yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False)
    return text


DSOMM = models.dsomm(activities=8, needs=9, groups=3)
SAMM = models.samm(practices=(2, 1), streams=2)


def import_text(text: str) -> Rubric | None:
    """Return the rubric of a DSOMM text; None where an error says why there is none."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "model.yaml")
        path.write_text(text, encoding="utf-8")
        try:
            return checked(as_rubric(path, *read_model(path), Choice(Grouping.DIMENSION)))
        except USABLE:
            return None


@FUZZ
@given(st.lists(TREES, min_size=1, max_size=3))
def test_any_yaml_is_a_model_of_dsomm_or_an_error(documents: list[Any]) -> None:
    import_text(dump(*documents))


@FUZZ
@given(damaged(DSOMM))
def test_a_damaged_model_of_dsomm_is_still_one_or_an_error(documents: Any) -> None:
    import_text(dump(*documents) if isinstance(documents, list) else dump(documents))


@FUZZ
@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("a: &x [*x]")
@example("a: &a\n  b: &a {c: {level: 1}}\n  <<: *a\n")
@example("a: {b: {c: !!python/object:os.system {level: 1}}}")
@example("? [1]\n: 2")
@example("--- 1\n--- 2\n...\n")
def test_any_text_is_a_model_of_dsomm_or_an_error(text: str) -> None:
    import_text(text)


@FUZZ
@given(damaged(DSOMM), damaged({"progress": {models.uuid(1): {"A": {"Started": "2031-02-03"}}}}))
def test_progress_is_an_assessment_or_an_error(documents: Any, progress: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        path, other = Path(name, "model.yaml"), Path(name, "progress.yaml")
        path.write_text(dump(*DSOMM), encoding="utf-8")
        other.write_text(dump(progress), encoding="utf-8")
        model, findings = read_model(path)
        rubric = checked(as_rubric(path, model, findings, Choice()))
        try:
            found = import_progress(
                Files(other, other, other),
                model,
                findings,
                team=None,
                rubric="dsomm",
                today=TODAY,
            )
        except USABLE:
            return
        text = written(found.document, [])
        faults, _ = faults_of("assessment", text, "a.yaml", parse=parse_yaml)
        assert faults == []
        assert set(found.document["answers"]) == set(rubric.items)


def import_files(files: dict[str, Any], order: Order = Order.HARD) -> Rubric | None:
    """Return the rubric of SAMM's files; None where an error says why there is none."""
    with tempfile.TemporaryDirectory() as name:
        for path, document in files.items():
            place = Path(name, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(dump(document), encoding="utf-8")
        try:
            return checked(import_samm(Path(name), SammChoice(order)))
        except USABLE:
            return None


@settings(FUZZ, max_examples=60)
@given(damaged(SAMM), st.sampled_from(Order))
def test_a_damaged_model_of_samm_is_still_one_or_an_error(files: Any, order: Order) -> None:
    assume(isinstance(files, dict))
    known = {name: files[name] for name in files if name in SAMM}
    import_files(known, order)


def answered(rubric: Rubric, seed: int) -> dict[str, str]:
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    return {
        item.id: chosen.choice(["none", *item.modes]) if chosen.random() < 0.4 else "none"
        for item in rubric.items.values()
    }


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_a_plan_for_an_imported_model_equals_brute_force(seed: int, level: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "model.yaml")
        models.write_dsomm(path, models.dsomm(9, 12, groups=3, seed=seed))
        rubric = checked(as_rubric(path, *read_model(path), Choice()))
    assert not has_circle(rubric)
    claimed = assessment(answered(rubric, seed))
    reachable = [one for one in rubric.levels if one >= level]
    target = Fraction(reachable[0] if reachable else rubric.levels[-1])
    request = Request(target)
    plan = Planner(rubric, claimed).plan(request)
    best = min(brute_force.plans(rubric, claimed, request), key=lambda c: c.by_cost)
    assert plan.status is Status.OPTIMAL
    assert Fraction(plan.cost, COST_UNIT) == best.cost
    assert tuple((u.item.position, 1) for u in plan.upgrades) == best.upgrades


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([(1,), (1, 1)]),
    st.sampled_from([Fraction(1, 4), Fraction(1), Fraction(9, 8), Fraction(2)]),
    st.sampled_from(Order),
)
def test_a_plan_for_imported_practices_equals_brute_force(
    seed: int, practices: tuple[int, ...], target: Fraction, order: Order
) -> None:
    rubric = import_files(models.samm(practices, streams=1 if len(practices) > 1 else 2), order)
    assert rubric is not None
    claimed = assessment(answered(rubric, seed))
    request = Request(target)
    plan = Planner(rubric, claimed).plan(request)
    best = min(brute_force.plans(rubric, claimed, request), key=lambda c: c.by_cost)
    assert plan.status is Status.OPTIMAL
    assert Fraction(plan.cost, COST_UNIT) == best.cost
    taken = tuple((u.item.position, u.item.rank(u.to_mode)) for u in plan.upgrades)
    assert taken == best.upgrades
