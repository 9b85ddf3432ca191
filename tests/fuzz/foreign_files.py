"""Files of others that `import` reads: DSOMM, a team's progress, SAMM, tables, Scorecard."""

from __future__ import annotations

import functools
import shutil
from typing import Any

import models
from builders import TODAY
from maturity_planner.checking import faults_of
from maturity_planner.core.rubric_soundness import faults_for_use
from maturity_planner.documents import dump_yaml, parse_yaml
from maturity_planner.files import load_rubric
from maturity_planner.importers.dsomm import Choice, Model, as_rubric, read_model
from maturity_planner.importers.dsomm_progress import Files, import_progress
from maturity_planner.importers.findings import Findings
from maturity_planner.importers.imported import Imported
from maturity_planner.importers.samm import Choice as SammChoice
from maturity_planner.importers.samm import Order, import_samm
from maturity_planner.importers.scorecard import claim_checks, load_result
from maturity_planner.importers.sheet import import_sheet
from maturity_planner.importers.writing import written as as_text

from .target import Form, Target, answered
from .workshop import RUBRIC, RUBRICS, folder, written

DSOMM = models.dsomm(activities=6, needs=5, groups=3)
SAMM = models.samm(practices=(2, 1), streams=2)


def _check(imported: Imported | None) -> None:
    """What was made of a model is a sound rubric."""
    if imported is not None:
        text = as_text(imported.document, imported.comments)
        faults, data = faults_of("rubric", text, "r.yaml", parse=parse_yaml, sound=faults_for_use)
        assert faults == []
        assert data == imported.document


def read_dsomm(raw: bytes) -> None:
    """A model of DSOMM."""
    path = written("model.yaml", raw)
    _check(answered(lambda: as_rubric(path, *read_model(path), Choice())))


def read_samm(raw: bytes) -> None:
    """A folder of SAMM's, written as one document: its files by their names."""
    try:
        files = parse_yaml(raw.decode("utf-8")).data
    except Exception:  # noqa: BLE001 - one file out of all, then
        files = {next(iter(SAMM)): None}
    place = folder() / "samm"
    shutil.rmtree(place, ignore_errors=True)
    for name in SAMM:
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(files, dict) and name in files:
            text = dump_yaml(files[name])
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for order in Order:
        _check(answered(lambda: import_samm(place, SammChoice(order))))  # noqa: B023 (at once)


@functools.cache
def _model() -> tuple[Model, Findings]:
    return read_model(written("dsomm.yaml", dump_yaml(DSOMM[-1]).encode()))


def read_progress(raw: bytes) -> None:
    """A team's progress, its evidence and the titles: one file in each place."""
    path, (model, findings) = written("progress.yaml", raw), _model()
    for files in (Files(path), Files(path, path, path)):
        found = answered(
            lambda: import_progress(
                files,  # noqa: B023 (called at once)
                model,
                findings,
                team=None,
                rubric="dsomm",
                today=TODAY,
            )
        )
        if found is not None:
            faults, _ = faults_of("assessment", as_text(found.document, []), "a", parse=parse_yaml)
            assert faults == []


def read_table(raw: bytes) -> None:
    """A table of answers."""
    path = written("answers.csv", raw)
    answered(lambda: import_sheet(path, (RUBRIC(),)))


@functools.cache
def _scorecard() -> Any:
    return load_rubric(RUBRICS["openssf-scorecard"])


def read_scorecard(raw: bytes) -> None:
    """A result of OpenSSF Scorecard."""
    path = written("result.json", raw)
    answered(lambda: claim_checks(load_result(path), _scorecard()))


def _results() -> list[bytes]:
    return [
        b'{"date": "2026-11-20", "repo": {"name": "github.com/o/r", "commit": "0123abcd"}, '
        b'"scorecard": {"version": "v5.0.0", "commit": "ff"}, "score": 6.1, "checks": '
        b'[{"name": "Code-Review", "score": 7, "reason": "found it", "details": ["Info: x"], '
        b'"documentation": {"short": "s", "url": "https://e.org"}}, '
        b'{"name": "Fuzzing", "score": -1, "reason": "none"}]}'
    ]


def _tables() -> list[bytes]:
    rows = (
        "item,mode,evidence,note,date\n"
        'data-1-feature-schema,manual,docs/a.md,"a ""note""",2026-11-20\n'
        "data-2-features-beneficial,automated,https://e.org,,\n"
    )
    return [
        rows.encode(),
        b"sep=;\r\n" + rows.replace(",", ";").replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + rows.replace(",", "\t").encode(),
        rows.encode("utf-16"),
    ]


def _progress() -> list[bytes]:
    titles = {"Started": "2026-02-03", "Implemented": "2026-03-04"}
    states = {models.uuid(n): {"A": titles, "B": {}} for n in (1, 2, 3)}
    evidence = {models.uuid(1): [{"teams": ["A"], "title": "t", "evidenceRecorded": "2026-01-02"}]}
    settings = {"titles": {"Started": 0.5}}
    return [dump_yaml({"progress": states, "evidence": evidence, **settings}).encode()]


DSOMM_KEYS = ("level", "risk", "measure", "dependsOn", "implementation", "uuid", "references")
SAMM_KEYS = ("id", "name", "order", "values", "value", "text", "quality", "practice", "maturity")
TARGETS = (
    Target(
        "dsomm",
        Form.YAML,
        lambda: [
            dump_yaml(DSOMM[-1]).encode(),
            b"".join(b"---\n" + dump_yaml(d).encode() for d in DSOMM),
        ],
        read_dsomm,
        (*DSOMM_KEYS, "difficultyOfImplementation", "knowledge", "time", "uuid:", "meta"),
    ),
    Target("samm", Form.YAML, lambda: [dump_yaml(SAMM).encode()], read_samm, SAMM_KEYS),
    Target(
        "progress",
        Form.YAML,
        _progress,
        read_progress,
        ("progress", "evidence", "teams", "title", "attachment", "evidenceRecorded", "A", "B"),
    ),
    Target(
        "table",
        Form.TEXT,
        _tables,
        read_table,
        ("item", "mode", "evidence", '"', '""', ";", "\t", "sep=", "=1+1", "none", "data-1-"),
    ),
    Target(
        "scorecard",
        Form.JSON,
        _results,
        read_scorecard,
        ("checks", "name", "score", "reason", "repo", "scorecard", "date", "details"),
    ),
)
