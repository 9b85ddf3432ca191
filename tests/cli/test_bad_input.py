"""Bad input through the command line: one clear message, the right exit code, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from maturity_planner.cli.commands.assess import typed_text
from maturity_planner.cli.main import run
from maturity_planner.documents import parse_yaml
from maturity_planner.files import load_rubric
from terminals import Terminal

RUBRIC = """\
schema: maturity-planner/rubric/v1
id: tiny
title: Tiny
modes: [{id: manual, points: 0.5}, {id: automated, points: 1}]
scoring:
  section: sum
  overall: minimum
  bands:
    - {id: low, up_to: 1}
    - {id: high}
sections:
  - id: data
    items:
      - id: schema
        title: Schema
        modes: {manual: {effort_days: 1}, automated: {effort_days: 3}}
      - id: privacy
        title: Privacy
        modes:
          manual: {effort_days: 1}
          automated: {effort_days: 3, needs: [schema@manual]}
"""
HEAD = "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: rubric.yaml\n"
ASSESSMENT = HEAD + "answers:\n  schema: none\n  privacy: none\n"


@dataclass
class Outcome:
    code: int
    out: str
    err: str

    @property
    def places(self) -> list[str]:
        """Each fault's line:column and message."""
        return re.findall(r"^  \S+?:(\d+:\d+: .*)$", self.err, re.MULTILINE)


Call = Callable[..., Outcome]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "rubric.yaml").write_text(RUBRIC, encoding="utf-8")
    (root / "assessment.yaml").write_text(ASSESSMENT, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = run(arguments)
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        assert "bug of maturity-planner" not in captured.err
        assert (code == 0) == ("Error" not in captured.err)
        return Outcome(code, captured.out, captured.err)

    return call


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return everything in the folder, links not followed."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        is_text = path.is_file() and not path.is_symlink()
        found[str(path.relative_to(folder))] = path.read_bytes() if is_text else None
    return found


# Rubrics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (
            "title: Schema",
            "titlex: Schema",
            ['14:9: the key "title" is missing', '15:9: unknown key "titlex"'],
        ),
        (
            "{manual: {effort_days: 1}, automated",
            "{manuel: {effort_days: 1}, automated",
            [
                '16:17: unknown mode "manuel" of item "schema"',
                '21:47: item "privacy" needs "schema@manual", '
                'but item "schema" has no mode "manual"',
            ],
        ),
        (
            "id: privacy",
            "id: schema",
            ['17:9: item "schema" stands twice', '21:47: item "schema" needs itself'],
        ),
        (
            "id: privacy",
            "id: Privacy",
            ['17:9: "Privacy" is not an id: use lower-case letters, digits, single hyphens'],
        ),
        (
            "up_to: 1}",
            "up_to: 2}\n    - {id: mid, up_to: 1}",
            ['10:17: band "mid" does not end above the band before it'],
        ),
        (
            "{id: high}",
            "{id: high, up_to: 3}",
            ['10:18: band "high" is the last one and has an up_to'],
        ),
        (
            "[schema@manual]",
            "[schemax@manual]",
            ['21:47: item "privacy" needs "schemax", which is not in the rubric'],
        ),
        ("[schema@manual]", "[schema]", ['21:47: "schema" names no mode: write ITEM@MODE']),
        (
            "section: sum",
            "section: sums",
            ['6:3: "section" should be "sum" or "levels", not "sums"'],
        ),
        (
            "rubric/v1",
            "rubric/v9",
            [
                '1:1: "schema" should be "maturity-planner/rubric/v1", '
                'not "maturity-planner/rubric/v9"'
            ],
        ),
        (
            "points: 0.5",
            "points: 1",
            ['4:50: mode "automated" has no more points than "manual" before it'],
        ),
    ],
)
def test_rubrics_with_faults(
    project: Path, call: Call, old: str, new: str, places: list[str]
) -> None:
    assert RUBRIC.count(old) == 1
    (project / "rubric.yaml").write_text(RUBRIC.replace(old, new), encoding="utf-8")
    outcome = call("score")
    assert (outcome.code, outcome.places) == (3, places)
    assert outcome.out == ""


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (".nan", '"effort_days" should be a finite number, not NaN'),
        ("1e308", '"effort_days": 1e+308 is too large: days end at 100000'),
        ("1e999999999", '"effort_days": 1e+999999999 has an exponent beyond 400'),
        ("1e-999999999", '"effort_days": 1e-999999999 has an exponent beyond 400'),
        ("-1", '"effort_days": -1 is negative: days start at 0'),
        ('"3"', '"effort_days" should be a number, not "3"'),
        ("true", '"effort_days" should be a number, not true'),
        ("9" * 40, '"effort_days": 1.00000e+40 is too large: days end at 100000'),
        ("9" * 41, f'"effort_days" should be a number, not "{"9" * 41}"'),
    ],
)
def test_absurd_numbers(project: Path, call: Call, number: str, message: str) -> None:
    text = RUBRIC.replace("manual: {effort_days: 1}\n", f"manual: {{effort_days: {number}}}\n")
    (project / "rubric.yaml").write_text(text, encoding="utf-8")
    outcome = call("plan", "--target", "1")
    assert (outcome.code, outcome.places) == (3, [f"20:20: {message}"])


@pytest.mark.parametrize("number", ["nan", "inf", "1e308", "-1", "0.00001", "1/3", "9" * 40, ""])
@pytest.mark.parametrize("option", ["--target", "--horizon"])
def test_absurd_numbers_in_options(project: Path, call: Call, number: str, option: str) -> None:
    outcome = call("plan", "--target", "1", option, number)
    assert outcome.code == 2
    assert f"Invalid value for '{option}'" in outcome.err


# Assessments -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "places"),
    [
        ("answers: {schemax: manual}", ['4:11: unknown item "schemax"']),
        ("answers: {schema: manuel}", ['4:11: unknown mode "manuel" of item "schema"']),
        ("answrs: {}", ['4:1: unknown key "answrs"']),
        ("date: 2026-02-30", ['4:1: "2026-02-30" is not a date that exists: write YYYY-MM-DD']),
        (
            "waivers: {schema: {reason: r, owner: o, until: 2027-11-31}}",
            ['4:41: "2027-11-31" is not a date that exists: write YYYY-MM-DD'],
        ),
        (
            "answers: {schema: none, schema: manual}",
            ['4:25: the key "schema" stands twice in one mapping'],
        ),
        ("---\nsystem: t", ["4:1: a second document starts here"]),
        ("answers:\n\tschema: none", ["5:1: this is not YAML: a tab stands where spaces belong"]),
        (
            "answers: {schema: \x1b[31m}",
            ["4:19: this is not YAML: a character that is not allowed in a text file"],
        ),
        ("answers: &a {schema: *a}", ["4:22: *a contains itself"]),
        ("answers: " + "[" * 10_000, ["4:60: this nests more than 50 deep"]),
        ("answers: " + "{a: " * 10_000, ["4:210: this nests more than 50 deep"]),
        (
            "answers: !!python/object/apply:os.system [touch hacked]",
            ["4:10: the tag tag:yaml.org,2002:python/object/apply:os.system is not allowed here"],
        ),
        (
            "<<<<<<< ours\nanswers: {}\n=======\n>>>>>>> theirs",
            ["4:1: this file has a merge conflict"],
        ),
    ],
)
def test_assessments_with_faults(
    project: Path, call: Call, answers: str, places: list[str]
) -> None:
    (project / "assessment.yaml").write_text(f"{HEAD}{answers}\n", encoding="utf-8")
    before = contents(project)
    for command in (["score"], ["plan", "--target", "1"], ["assess", "--set", "schema=manual"]):
        outcome = call(*command)
        assert (outcome.code, outcome.places) == (3, places)
    assert contents(project) == before


def test_an_alias_bomb(project: Path, call: Call) -> None:
    bomb = ["a0: &a0 [" + "x, " * 50 + "x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 50)}]" for n in range(1, 40)]
    (project / "assessment.yaml").write_text(HEAD + "\n".join(bomb) + "\n", encoding="utf-8")
    outcome = call("score")
    assert outcome.code == 3
    assert "the file expands to more than 2000000 values" in outcome.places[0]


def test_all_faults_of_a_file_are_told_together(project: Path, call: Call) -> None:
    (project / "assessment.yaml").write_text(
        HEAD.replace("system: s", "system: 3")
        + "answers:\n  schemax: manual\n  privacy: {mode: manul, effort_days: {manual: -1}}\n"
        + "waivers:\n  schema: {reason: r, owner: o, until: tomorrow}\nsystem: 4\nx: 1\n",
        encoding="utf-8",
    )
    outcome = call("score")
    assert outcome.code == 3
    assert [place.split(": ", 1) for place in outcome.places] == [
        ["5:3", 'unknown item "schemax"'],
        ["6:13", 'unknown mode "manul" of item "privacy"'],
        ["6:40", '"manual": -1 is negative: days start at 0'],
        ["8:33", '"tomorrow" is not a date that exists: write YYYY-MM-DD'],
        ["9:1", 'the key "system" stands twice in one mapping'],
        ["9:1", '"system" should be a text, not the number 4'],
        ["10:1", 'unknown key "x"'],
    ]


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (
            HEAD.replace("system: s", "system: Müller").encode("latin-1"),
            "2:10: the byte 0xfc is not UTF-8 here",
        ),
        (HEAD.encode("utf-16"), "1:1: the byte 0xff is not UTF-8 here"),
        (
            HEAD.encode("utf-16-le"),
            "1:2: this is not YAML: a character that is not allowed in a text file",
        ),
        (
            HEAD.encode() + b"\0\0",
            "4:1: this is not YAML: a character that is not allowed in a text file",
        ),
    ],
)
def test_wrong_encodings(project: Path, call: Call, raw: bytes, place: str) -> None:
    (project / "assessment.yaml").write_bytes(raw)
    outcome = call("score")
    assert (outcome.code, outcome.places) == (3, [place])


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + ASSESSMENT.encode(),
        ASSESSMENT.replace("\n", "\r\n").encode(),
        HEAD.encode() + b"answers:\n",
        HEAD.encode() + b"answers: null\nwaivers: ~\n",
        HEAD.encode() + b"answers: {}",
        HEAD.encode(),
    ],
)
def test_unusual_files_that_are_fine(project: Path, call: Call, raw: bytes) -> None:
    (project / "assessment.yaml").write_bytes(raw)
    assert call("score").code == 0
    assert call("assess", "--set", "schema=manual").code == 0
    assert "Score 0.5" in call("score").out
    assert call("validate").code == 0


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("1e9", "1e9 has an exponent: write it without one"),
        ("-1.5E-3", "-1.5E-3 has an exponent: write it without one"),
        ("1000000000000", "1000000000000 is out of range: from 0 to"),
        ("-1000000000000.5", "-1000000000000.5 is out of range: from 0 to"),
        ("0.12345678901", "0.12345678901 has too many digits"),
        ("0000000000001", "0000000000001 has too many digits"),
        ("1e", '"1e" is not a number'),
        (".", '"." is not a number'),
        ("", '"" is not a number'),
    ],
)
def test_numbers_that_are_refused_say_why(
    project: Path, call: Call, number: str, message: str
) -> None:
    outcome = call("plan", f"--target={number}")
    assert outcome.code == 2
    assert f"Invalid value for '--target': {message}" in outcome.err


@pytest.mark.parametrize("name", ["assessment.yaml", "rubric.yaml"])
@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "- a\n", "text\n"])
def test_files_that_hold_nothing(project: Path, call: Call, name: str, text: str) -> None:
    (project / name).write_text(text, encoding="utf-8")
    outcome = call("score")
    kind = name.removesuffix(".yaml")
    assert outcome.code == 3
    assert [place.split(": ")[1] for place in outcome.places] == [f"this holds no {kind}"]


@pytest.mark.parametrize("name", ["assessment.yaml", "maturity.toml", "plan.yaml", "rubric.yaml"])
def test_a_file_of_fifty_megabytes(project: Path, call: Call, name: str) -> None:
    with (project / name).open("wb") as file:
        file.truncate(50_000_000)
    outcome = call("diff" if name == "plan.yaml" else "score")
    assert outcome.code == 3
    assert f"{name} is larger than 20 MB" in outcome.err


@pytest.mark.parametrize("name", ["assessment.yaml", "maturity.toml", "plan.yaml", "history.jsonl"])
def test_a_folder_in_the_place_of_a_file(project: Path, call: Call, name: str) -> None:
    (project / name).unlink(missing_ok=True)
    (project / name).mkdir()
    commands = {"plan.yaml": ["diff"], "history.jsonl": ["score", "--record"]}
    outcome = call(*commands.get(name, ["score"]))
    assert outcome.code == 3
    assert "Is a directory" in outcome.err


def test_a_plan_cannot_be_written_over_a_folder(project: Path, call: Call) -> None:
    (project / "plan.yaml").mkdir()
    outcome = call("plan", "--target", "1")
    assert outcome.code == 3
    assert "plan.yaml cannot be written: Is a directory" in outcome.err


def test_a_missing_assessment(project: Path, call: Call) -> None:
    (project / "assessment.yaml").unlink()
    outcome = call("score")
    assert outcome.code == 3
    assert "assessment.yaml does not exist" in outcome.err
    assert "maturity-planner init" in outcome.err


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("ml-test-scor", 'Did you mean "ml-test-score"?'),
        ("rubric.yml", ""),
        (".", ""),
        ("x" * 299, ""),
    ],
)
def test_a_rubric_that_there_is_not(project: Path, call: Call, name: str, fix: str) -> None:
    text = ASSESSMENT.replace("rubric.yaml", name)
    (project / "assessment.yaml").write_text(text, encoding="utf-8")
    outcome = call("score")
    assert outcome.code == 3
    assert f'there is no rubric "{name}"' in outcome.err
    assert fix in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scor"], 'there is no command "scor". Did you mean "score"?'),
        (["score", "--assesment", "x"], "--assesment"),
        (["assess", "--set", "schema"], '"--set schema" sets nothing'),
        (["assess", "--set", "schemax=manual"], 'there is no item "schemax"'),
        (["assess", "--set", "schema=manuel"], 'item "schema" has no mode "manuel"'),
        (["assess", "--section", "dat"], 'there is no section "dat"'),
        (["assess"], "there is nobody to answer"),
        (["score", "--explain", "schemax"], 'there is no item "schemax"'),
        (["show", "schemax"], 'there is no rubric, section or item "schemax"'),
        (["graph", "schemax"], 'there is no item "schemax"'),
        (["plan"], "no target"),
        (["init", "--system", "a\nb"], "cannot be the system's name"),
        (["init", "--system", "\udcff"], "cannot be the system's name"),
    ],
)
def test_names_that_nobody_knows(
    project: Path, call: Call, arguments: list[str], message: str
) -> None:
    before = contents(project)
    outcome = call(*arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert contents(project) == before


def test_one_wrong_answer_of_several_leaves_all_unwritten(project: Path, call: Call) -> None:
    assert call("assess", "--set", "schema=manual", "--set", "privacy=manuel").code == 2
    assert (project / "assessment.yaml").read_text(encoding="utf-8") == ASSESSMENT


# Validate ----------------------------------------------------------------------------------


def faults_in(out: str) -> list[str]:
    """Each fault as the command prints it, without what to do."""
    return [line for line in out.splitlines() if re.match(r"\S+:\d+:\d+: ", line)]


def test_a_plan_is_checked_against_the_rubric(project: Path, call: Call) -> None:
    assert call("plan", "--target", "1").code == 0
    assert call("validate", "plan.yaml").code == 0
    path = project / "plan.yaml"
    good = path.read_text(encoding="utf-8")
    assert good.count("- item: schema\n    section: data\n") == 1
    bad = good.replace("item: schema\n    section: data", "item: schema\n    section: dat")
    bad = bad.replace("- item: privacy", "- item: privacyx")
    path.write_text(bad, encoding="utf-8")
    outcome = call("validate", "plan.yaml")
    assert outcome.code == 1
    assert [fault.split(": ", 1)[1] for fault in faults_in(outcome.out)] == [
        'item "schema" is not in the section "dat"',
        'unknown item "privacyx"',
    ]
    path.write_text(good.replace("rubric: tiny", "rubric: other"), encoding="utf-8")
    outcome = call("validate")
    assert outcome.code == 1
    assert 'this plan is for the rubric "other", the assessment for "tiny"' in outcome.out
    (project / "copy.yaml").write_bytes(path.read_bytes())
    assert call("validate", "copy.yaml").code == 0
    path.write_text(bad, encoding="utf-8")
    (project / "rubric.yaml").unlink()
    assert "plan.yaml: sound" in call("validate", "plan.yaml").out


def test_a_plan_without_upgrades_has_that_one_fault(project: Path, call: Call) -> None:
    text = "schema: maturity-planner/plan/v1\nrubric: tiny\nupgrades: [3, {item: 3}, {item: x}]\n"
    (project / "plan.yaml").write_text(text, encoding="utf-8")
    outcome = call("validate", "plan.yaml")
    assert outcome.code == 1
    assert 'unknown item "x"' in outcome.out


def test_validate_tells_unknown_names_with_all_other_faults(project: Path, call: Call) -> None:
    text = HEAD + "x: 1\nanswers:\n  schemax: manual\n  privacy: manul\n"
    (project / "assessment.yaml").write_text(text, encoding="utf-8")
    outcome = call("validate")
    assert outcome.code == 1
    assert faults_in(outcome.out) == [
        'assessment.yaml:4:1: unknown key "x"',
        'assessment.yaml:6:3: unknown item "schemax"',
        'assessment.yaml:7:3: unknown mode "manul" of item "privacy"',
    ]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("rubric: nowhere", ["3:1: there is no rubric", "4:1: unknown key"]),
        ("rubric: 3", ['3:1: "rubric" should be a text', "4:1: unknown key"]),
        ("# rubric: x", ['1:1: the key "rubric" is missing', "4:1: unknown key"]),
    ],
)
def test_validate_of_an_assessment_without_a_rubric(
    project: Path, call: Call, line: str, faults: list[str]
) -> None:
    text = HEAD.replace("rubric: rubric.yaml", line) + "x: 1\n"
    (project / "assessment.yaml").write_text(text, encoding="utf-8")
    outcome = call("validate", "assessment.yaml")
    assert outcome.code == 1
    found = faults_in(outcome.out)
    assert len(found) == len(faults)
    for shown, fault in zip(found, faults, strict=True):
        assert shown.startswith(f"assessment.yaml:{fault}")


def test_the_history_is_checked_line_by_line(project: Path, call: Call) -> None:
    assert call("score", "--record").code == 0
    outcome = call("validate")
    assert outcome.code == 0
    assert "history.jsonl: sound" in outcome.out
    with (project / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"when": "2026\n\n[]\n')
    outcome = call("validate")
    assert outcome.code == 1
    assert faults_in(outcome.out) == [
        "history.jsonl:2:1: this line is not JSON",
        "history.jsonl:4:1: this line holds no JSON object",
    ]


def test_names_that_are_too_long_are_no_reason_to_fall_over(project: Path, call: Call) -> None:
    long = "x" * 5000
    assert "File name too long" in call("validate", long).out
    assert call("--config", f"{long}/maturity.toml", "validate").code == 3
    (project / "maturity.toml").write_text(f'plan = "{long[:300]}"\n', encoding="utf-8")
    assert call("validate").code == 0


def test_a_merge_conflict_in_the_settings(project: Path, call: Call) -> None:
    text = "target = 1\n<<<<<<< HEAD\ntarget = 2\n=======\n>>>>>>> other\n"
    (project / "maturity.toml").write_text(text, encoding="utf-8")
    outcome = call("validate", "maturity.toml")
    assert outcome.code == 1
    assert "maturity.toml:2:1: this file has a merge conflict\n    Resolve it" in outcome.out


# Settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("target = \n", ["1:10: this is not TOML: invalid value"]),
        ("target = -1\n", ['1:1: "target": -1 is negative: points, weights and scores start at 0']),
        ("target = nan\n", ['1:1: "target" should be a finite number, not NaN']),
        ("target = '2'\n", ['1:1: "target" should be a number, not "2"']),
        (f"target = {'9' * 5000}\n", ["1:1: a number here has too many digits"]),
        ("x = " + "[" * 10_000, ["1:1: this nests more than 50 deep"]),
        (".".join("a" * 5000) + " = 1\n", ["1:1: this nests more than 50 deep"]),
        ("tracker = 3\n", ['1:1: "tracker" should be a mapping, not the number 3']),
        (
            'plan = "a\\u0000b"\n',
            ['1:1: "plan" should be one line without control characters, not "a\\u0000b"'],
        ),
        (
            "horizn = 1\n[team]\nholidays = ['2026-02-30']\n\n[tracker]\nkind = 'gitlab'\n",
            [
                '1:1: unknown key "horizn"',
                '3:1: "2026-02-30" is not a date that exists: write YYYY-MM-DD',
                '6:1: "kind" should be "local", "github" or "jira", not "gitlab"',
            ],
        ),
    ],
)
def test_settings_with_faults(project: Path, call: Call, text: str, places: list[str]) -> None:
    (project / "maturity.toml").write_text(text, encoding="utf-8")
    outcome = call("score")
    assert (outcome.code, outcome.places) == (3, places)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "[project]\nname = 'x'\n[tool.maturity-planner]\ntarget = -1\n"
            "[tool.maturity-planner.tracker]\nkind = 'gitlab'\n",
            [
                '4:1: "target": -1 is negative: points, weights and scores start at 0',
                '6:1: "kind" should be "local", "github" or "jira", not "gitlab"',
            ],
        ),
        ("[tool]\nmaturity-planner = 3\n", ["2:1: this holds no settings"]),
        (
            "[tool.maturity-planner\n",
            ["1:23: this is not TOML: expected ']' at the end of a table declaration"],
        ),
    ],
)
def test_tables_of_pyproject_with_faults(
    project: Path, call: Call, text: str, places: list[str]
) -> None:
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    outcome = call("score")
    assert (outcome.code, outcome.places) == (3, places)
    assert "pyproject.toml has" in outcome.err


@pytest.mark.parametrize(
    "raw", [b"", b"\xef\xbb\xbftarget = 1\n", b"target = 1\r\n[tracker]\r\nkind = 'local'\r\n"]
)
def test_unusual_settings_that_are_fine(project: Path, call: Call, raw: bytes) -> None:
    (project / "maturity.toml").write_bytes(raw)
    assert call("score").code == 0


def test_settings_in_latin_1(project: Path, call: Call) -> None:
    (project / "maturity.toml").write_bytes("# ü\n".encode("latin-1"))
    outcome = call("score")
    assert (outcome.code, outcome.places) == (3, ["1:3: the byte 0xfc is not UTF-8 here"])


def test_named_settings_that_are_not_there(project: Path, call: Call) -> None:
    outcome = call("--config", "nowhere.toml", "score")
    assert outcome.code == 3
    assert "nowhere.toml does not exist" in outcome.err


# What is asked of the planner --------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--target", "3"], 1, "Tiny ends at 2: no system can score 3."),
        (["--budget", "-1"], 2, "Invalid value for '--budget': -1 is out of range: from 0 to"),
        (
            ["--include", "schema", "--exclude", "schema"],
            2,
            "schema is included, and schema is excluded.",
        ),
        (
            ["--include", "schema@manual", "--exclude", "schema@manual"],
            2,
            "schema@manual is included, and schema@manual is excluded.",
        ),
        (
            ["--include", "schema@manual", "--include", "schema@automated"],
            2,
            "schema@automated and schema@manual are included: a plan holds one mode of an item.",
        ),
        (["--section-target", "dat=1"], 2, 'there is no section "dat" Did you mean "data"?'),
        (["--section-target", "data=3"], 1, "data ends at 2."),
        (["--section-target", "data=x"], 2, '"data=x" asks for nothing'),
        (
            ["--include", "privacy@automated", "--exclude", "schema"],
            1,
            "privacy@automated is included, but it cannot be done: privacy@automated needs "
            "schema@manual, and schema is excluded.",
        ),
        (["--explain", "schemax"], 2, 'there is no item "schemax" Did you mean "schema"?'),
        (["--explain", ""], 2, 'there is no item ""'),
        (["--explain", "schema@manul"], 2, 'there is no mode of schema "manul"'),
        (["--exclude", "schema@"], 2, "there is no mode of schema"),
    ],
)
def test_requests_that_cannot_be_met(
    project: Path, call: Call, options: list[str], code: int, message: str
) -> None:
    target = [] if "--target" in options or "--section-target" in options else ["--target", "1"]
    before = contents(project)
    outcome = call("plan", *target, *options)
    assert outcome.code == code
    assert message in " ".join(outcome.err.split())
    assert outcome.err.count("Error:") == 1
    assert outcome.out == ""
    assert contents(project) == before


@pytest.mark.parametrize("command", [["plan", "--target", "1"], ["frontier"]])
def test_a_pin_against_a_waiver(project: Path, call: Call, command: list[str]) -> None:
    waiver = "waivers:\n  schema: {reason: r, owner: o, until: 2099-01-01}\n"
    (project / "assessment.yaml").write_text(ASSESSMENT + waiver, encoding="utf-8")
    outcome = call(*command, "--include", "schema")
    assert outcome.code == 2
    assert "schema is included, but schema is waived until 2099-01-01." in outcome.err
    (project / "maturity.toml").write_text("[plan]\ninclude = ['schema']\n", encoding="utf-8")
    outcome = call(*command)
    assert (outcome.code, outcome.places) == (
        3,
        ["2:1: schema is included, but schema is waived until 2099-01-01."],
    )
    assert "Take one of the two out." in outcome.err
    assert call("frontier", "--exclude", "schema").code == 0  # the option replaces the pin


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("exclude = 3", ['2:1: "exclude" should be a list, not the number 3']),
        ("exclude = [3]", ['2:1: "exclude" should be a text, not the number 3']),
        ("exclude = ['schema@']", ['2:1: "schema@" names no mode: write ITEM or ITEM@MODE']),
        ("exclud = []", ['2:1: unknown key "exclud"']),
        ("file = ''", ['2:1: "file" should not be empty']),
        ("exclude = ['schemax']", ['2:1: unknown item "schemax"']),
        (
            "include = [\n  'privacy@manul']\nexclude = ['schema', 'x']",
            ['2:1: unknown mode "manul" of item "privacy"', '4:1: unknown item "x"'],
        ),
        (
            "exclude = ['schema']\ninclude = ['schema@manual']",
            ["3:1: schema@manual is included, and schema is excluded."],
        ),
    ],
)
def test_pins_in_settings_with_faults(
    project: Path, call: Call, text: str, places: list[str]
) -> None:
    (project / "maturity.toml").write_text(f"[plan]\n{text}\n", encoding="utf-8")
    for command in (["plan", "--target", "1"], ["frontier"]):
        outcome = call(*command)
        assert (outcome.code, outcome.places) == (3, places)
        assert outcome.out == ""
    outcome = call("validate", "maturity.toml")
    assert outcome.code == 1
    found = re.findall(r"^maturity.toml:(\d+:\d+: .*)$", outcome.out, re.MULTILINE)
    assert found == places


def test_pins_in_pyproject_with_faults(project: Path, call: Call) -> None:
    text = "[project]\nname = 'x'\n[tool.maturity-planner.plan]\nexclude = ['schemax']\n"
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    outcome = call("plan", "--target", "1")
    assert (outcome.code, outcome.places) == (3, ['4:1: unknown item "schemax"'])
    assert 'Did you mean "schema"?' in outcome.err


def test_a_target_that_a_pin_of_the_settings_forbids_names_them(project: Path, call: Call) -> None:
    (project / "maturity.toml").write_text("[plan]\nexclude = ['schema']\n", encoding="utf-8")
    outcome = call("plan", "--target", "2")
    assert outcome.code == 1
    assert "schema is excluded" in outcome.err
    assert "From maturity.toml: exclude schema." in outcome.err
    outcome = call("frontier", "--include", "privacy@automated")
    assert outcome.code == 1
    assert "From maturity.toml: exclude schema." in outcome.err


# Out of the project ------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder beside the project that has to stay as it is."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "file").write_text("kept", encoding="utf-8")
    (folder / "rubric.yaml").write_text(RUBRIC, encoding="utf-8")
    (folder / "assessment.yaml").write_text(ASSESSMENT, encoding="utf-8")
    before = contents(folder)
    yield folder
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("settings", "command", "what"),
    [
        (
            "assessment = '../outside/assessment.yaml'",
            ["assess", "--set", "schema=manual"],
            "the assessment",
        ),
        ("plan = '../outside/plan.yaml'", ["plan", "--target", "1"], "the plan"),
        ("plan = 'a/../../outside/plan.yaml'", ["plan", "--target", "1"], "the plan"),
        ("[tracker.local]\ndirectory = '../outside'", ["diff"], "the ticket folder"),
        ("[tracker.local]\ndirectory = '../outside'", ["sync"], "the ticket folder"),
        (
            "[tracker.local]\ndirectory = '../outside'",
            ["track", "--accept", "all"],
            "the ticket folder",
        ),
    ],
)
def test_settings_that_lead_outside(
    project: Path, call: Call, outside: Path, settings: str, command: list[str], what: str
) -> None:
    assert call("plan", "--target", "1").code == 0
    (project / "maturity.toml").write_text(settings, encoding="utf-8")
    outcome = call(*command)
    assert outcome.code == 3
    assert what in outcome.err
    assert "leads outside the project" in outcome.err


@pytest.mark.parametrize(
    ("link", "to", "command"),
    [
        ("assessment.yaml", "assessment.yaml", ["assess", "--set", "schema=manual"]),
        ("plan.yaml", "file", ["plan", "--target", "1"]),
        ("plan.yaml", "new", ["plan", "--target", "1"]),
        ("history.jsonl", "file", ["score", "--record"]),
        ("history.jsonl", "new", ["score", "--record"]),
        (".maturity", ".", ["sync"]),
        (".maturity", "new", ["sync"]),
        (".maturity", ".", ["track", "--accept", "all"]),
        ("backlog", ".", ["sync"]),
        ("backlog", "new", ["sync"]),
    ],
)
def test_links_that_lead_outside(
    project: Path, call: Call, outside: Path, link: str, to: str, command: list[str]
) -> None:
    if link != "plan.yaml":
        assert call("plan", "--target", "1").code == 0
    (project / link).unlink(missing_ok=True)
    (project / link).symlink_to(outside / to)
    outcome = call(*command)
    assert outcome.code == 3
    assert "leads outside the project" in outcome.err


def test_init_writes_through_no_link(project: Path, call: Call, outside: Path) -> None:
    (project / "assessment.yaml").unlink()
    (project / "assessment.yaml").symlink_to(outside / "new")
    outcome = call("init")
    assert outcome.code == 3
    assert "assessment.yaml exists already" in outcome.err


def test_a_link_in_a_circle(project: Path, call: Call) -> None:
    (project / "plan.yaml").symlink_to("plan.yaml")
    for command in (["plan", "--target", "1"], ["diff"]):
        outcome = call(*command)
        assert outcome.code == 3
        assert "Too many levels of symbolic links" in outcome.err


# Writing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("rubric.yaml/plan.yaml", "rubric.yaml is not a folder"),
        ("/proc/plan.yaml", "cannot be written"),
        ("x" * 300, "File name too long"),
        (
            "assessment.yaml",
            "assessment.yaml is the project's assessment, and a plan would replace it",
        ),
        ("rubric.yaml", "rubric.yaml is a file of the kind rubric, and a plan would replace it"),
    ],
)
def test_a_plan_that_cannot_be_written_there(
    project: Path, call: Call, out: str, message: str
) -> None:
    before = contents(project)
    outcome = call("plan", "--target", "1", "-o", out)
    assert outcome.code == 3
    assert message in outcome.err
    assert contents(project) == before


def test_a_folder_that_is_read_only(project: Path, call: Call) -> None:
    project.chmod(0o555)
    try:
        try:
            (project / "probe").touch()
        except PermissionError:
            before = contents(project)
            for command in (
                ["assess", "--set", "schema=manual"],
                ["plan", "--target", "1"],
                ["score", "--record"],
                ["init"],
            ):
                outcome = call(*command)
                assert outcome.code == 3
                assert "cannot be written: Permission denied" in outcome.err
            assert contents(project) == before
        else:
            pytest.skip("this user may write anywhere")
    finally:
        project.chmod(0o755)


def test_a_file_where_the_state_folder_should_be(project: Path, call: Call) -> None:
    assert call("plan", "--target", "1").code == 0
    (project / ".maturity").write_text("", encoding="utf-8")
    outcome = call("sync")
    assert outcome.code == 3
    assert ".maturity is not a folder" in outcome.err
    assert not (project / "backlog").exists()


# The interview -----------------------------------------------------------------------------


def test_ctrl_c_in_the_interview_loses_no_answer(
    project: Path, terminal: Callable[..., Terminal]
) -> None:
    more = "      - {id: third, title: Third, modes: {manual: {effort_days: 1}}}\n"
    (project / "rubric.yaml").write_text(RUBRIC + more, encoding="utf-8")
    (project / "assessment.yaml").write_text(HEAD + "answers:\n  # kept\n", encoding="utf-8")
    path = project / "assessment.yaml"
    assert len(load_rubric(project / "rubric.yaml").items) == 3

    first = terminal("assess")
    first.answer("Which one", "1\n")
    first.answer("Evidence", "docs/ü.md\n")
    first.answer("Which one", "0\n")
    first.interrupt("Which one [s]: ")
    code, shown = first.end()
    assert code == 130
    assert "Interrupted" in shown
    assert "Traceback" not in shown
    answers = parse_yaml(path.read_text(encoding="utf-8")).data["answers"]
    schema = {"mode": "manual", "date": "2026-11-20", "evidence": ["docs/ü.md"]}
    assert answers == {"schema": schema, "privacy": "none"}
    assert "  # kept\n" in path.read_text(encoding="utf-8")

    again = terminal("assess")
    again.answer("2 of 3 items are answered. Go on with the rest?", "\n")
    assert "Third" in again.answer("Which one", "1\n")
    again.answer("Evidence", "\n")
    code, shown = again.end()
    assert code == 0
    assert "1 answer saved" in shown
    answers = parse_yaml(path.read_text(encoding="utf-8")).data["answers"]
    assert answers["third"] == {"mode": "manual", "date": "2026-11-20"}
    assert answers["schema"]["evidence"] == ["docs/ü.md"]
    assert sorted(p.name for p in project.iterdir()) == ["assessment.yaml", "rubric.yaml"]


def test_ctrl_c_before_the_first_answer_changes_nothing(
    project: Path, terminal: Callable[..., Terminal]
) -> None:
    (project / "assessment.yaml").write_text(HEAD, encoding="utf-8")
    before = contents(project)
    interview = terminal("assess")
    interview.interrupt("Which one [s]: ")
    code, shown = interview.end()
    assert code == 130
    assert "Interrupted" in shown
    assert contents(project) == before


def answers_in(project: Path) -> dict[str, object]:
    text = (project / "assessment.yaml").read_text(encoding="utf-8")
    found: dict[str, object] = parse_yaml(text).data["answers"]
    return found


def test_ctrl_c_at_the_evidence_keeps_the_answer(
    project: Path, terminal: Callable[..., Terminal]
) -> None:
    (project / "assessment.yaml").write_text(HEAD, encoding="utf-8")
    interview = terminal("assess")
    interview.answer("Which one", "1\n")
    interview.interrupt("Enter for none): ")
    code, _ = interview.end()
    assert code == 130
    assert answers_in(project) == {"schema": "manual"}
    again = terminal("assess")
    again.answer("1 of 2 items is answered. Go on with the rest?", "\n")
    again.answer("Which one", "q\n")
    code, shown = again.end()
    assert code == 0
    assert "Nothing changed." in shown


def test_evidence_is_added_to_what_is_there_and_stays_when_an_item_is_not_done(
    project: Path, terminal: Callable[..., Terminal]
) -> None:
    both = "answers:\n  schema: {mode: manual, evidence: [x]}\n  privacy: {evidence: [y]}\n"
    (project / "assessment.yaml").write_text(HEAD + both, encoding="utf-8")
    interview = terminal("assess")
    interview.answer("Go on with the rest?", "n\n")
    interview.answer("Which one", "2\n")
    interview.answer("Evidence to add (", "z\n")
    interview.answer("Which one", "0\n")
    code, shown = interview.end()
    assert code == 0
    assert "Evidence" not in shown
    assert "2 answers saved" in shown
    assert answers_in(project) == {
        "schema": {"mode": "automated", "date": "2026-11-20", "evidence": ["x", "z"]},
        "privacy": {"mode": "none", "evidence": ["y"]},
    }


def test_keys_that_move_the_cursor_are_no_evidence(
    project: Path, terminal: Callable[..., Terminal]
) -> None:
    interview = terminal("assess", "--section", "data")
    interview.answer("Which one", "1\n")
    interview.answer("Enter for none): ", "docs/b.md\x1b[A\x1b[B\x1b[3~\x1b[1;5C\n")
    interview.answer("Which one", "q\n")
    code, _ = interview.end()
    assert code == 0
    schema = {"mode": "manual", "date": "2026-11-20", "evidence": ["docs/b.md"]}
    assert answers_in(project)["schema"] == schema


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (" docs/a.md ", "docs/a.md"),
        ("a\x1b[A\x1b[1;5Db\x1b[3~\x1bOH", "ab"),
        ("a\tb\x00\x7f\x85", "a b"),
        ("\x1b[C", ""),
        ("\x1b", ""),
        ("größer", "größer"),
    ],
)
def test_what_is_left_of_a_typed_line(typed: str, text: str) -> None:
    assert typed_text(typed) == text


def test_answers_that_are_there_already_change_nothing(project: Path, call: Call) -> None:
    before = contents(project)
    outcome = call("assess", "--set", "schema=none", "--set", "privacy=none")
    assert (outcome.code, outcome.out) == (0, "Nothing changed.\n")
    assert contents(project) == before


def test_answers_and_a_section_exclude_each_other(project: Path, call: Call) -> None:
    outcome = call("assess", "--set", "schema=manual", "--section", "data")
    assert outcome.code == 2
    assert "--set and --section exclude each other" in outcome.err
