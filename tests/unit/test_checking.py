from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from builders import document, item
from maturity_planner.checking import checked, faults_of
from maturity_planner.core.rubric_soundness import rubric_faults
from maturity_planner.documents import dump_yaml, parse_yaml
from maturity_planner.errors import Fault, RubricError, nearest, suggestion
from maturity_planner.record_checking import history_faults
from maturity_planner.shape_checking import shape_of
from maturity_planner.starter import skeleton_text
from maturity_planner.toml_documents import parse_toml

WAIVER = "{reason: r, owner: o, until: 2027-01-31}"
START = "schema: maturity-planner/assessment/v1\nsystem: s\nrubric: tiny\n"


def assessment_faults(text: str) -> list[tuple[int, int, str]]:
    faults, _ = faults_of("assessment", START + text, "a.yaml", parse=parse_yaml)
    return [(f.line, f.column, f.message) for f in faults]


def settings_fault(text: str) -> Fault:
    faults, _ = faults_of("settings", text, "maturity.toml", parse=parse_toml)
    assert len(faults) == 1, faults
    return faults[0]


def test_a_sound_text_has_no_faults() -> None:
    text = f"answers: {{a: manual, b: {{mode: none}}, c: }}\nwaivers: {{d: {WAIVER}}}\n"
    assert assessment_faults(text) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("answers: 3", 4, 1, '"answers" should be a mapping, not the number 3'),
        ("answers: [a]", 4, 1, '"answers" should be a mapping, not a list'),
        ("answers: {a: true}", 4, 11, '"a" should be a text, not true'),
        ("answers: {a: [manual]}", 4, 11, '"a" should be a text, not a list'),
        ("answers: {a: {mod: manual}}", 4, 15, 'unknown key "mod"'),
        ("answers: {a: {evidence: {}}}", 4, 15, '"evidence" should be a list, not a mapping'),
        ("answers: {a: {evidence: x}}", 4, 15, '"evidence" should be a list, not "x"'),
        (
            "answers: {a: {evidence: [x, 1]}}",
            4,
            29,
            '"evidence" should be a text, not the number 1',
        ),
        (
            "answers: {a: {effort_days: {manual: {low: 3, likely: 2, high: 4}}}}",
            4,
            29,
            '"manual": an estimate rises: low, then likely, then high',
        ),
        ("date: 2026-02-30", 4, 1, '"2026-02-30" is not a date that exists: write YYYY-MM-DD'),
        ('date: "20261120"', 4, 1, '"20261120" is not a date that exists: write YYYY-MM-DD'),
        ("date: 20261120", 4, 1, '"date" should be a date, YYYY-MM-DD, not the number 20261120'),
        ("waivers: {a: {reason: r, owner: o}}", 4, 11, 'the key "until" is missing'),
        (
            'waivers: {a: {reason: "", owner: o, until: 2027-01-31}}',
            4,
            15,
            '"reason" should not be empty',
        ),
        (
            'waivers: {a: {reason: "x\\ny", owner: o, until: 2027-01-31}}',
            4,
            15,
            '"reason" should be one line without control characters, not "x\\ny"',
        ),
        (
            "answers: {Not_An_Id: manual}",
            4,
            11,
            '"Not_An_Id" is not an id: use lower-case letters, digits, single hyphens',
        ),
        (
            f"answers: {{a: {{note: {'x' * 20_001}}}}}",
            4,
            15,
            '"note" should have at most 20000 characters',
        ),
    ],
)
def test_a_fault_is_told_in_words_at_its_place(
    text: str, line: int, column: int, message: str
) -> None:
    assert assessment_faults(text) == [(line, column, message)]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("-1", '"manual": -1 is negative: days start at 0'),
        ("1e308", '"manual": 1e+308 is too large: days end at 100000'),
        ("1e999999999", '"manual": 1e+999999999 has an exponent beyond 400'),
        ("1e-999999999", '"manual": 1e-999999999 has an exponent beyond 400'),
        ("-1e999999999", '"manual": -1e+999999999 has an exponent beyond 400'),
        ("9" * 40, '"manual": 1.00000e+40 is too large: days end at 100000'),
        (".nan", '"manual" should be a finite number, not NaN'),
        (".inf", '"manual" should be a finite number, not Infinity'),
        ("nan", '"manual" should be a number, not "nan"'),
        ('"3"', '"manual" should be a number, not "3"'),
        ("true", '"manual" should be a number, not true'),
        ("~", '"manual" should be a number, not nothing'),
        ("[1]", '"manual" should be a number, not a list'),
    ],
)
def test_absurd_numbers_are_refused(number: str, message: str) -> None:
    faults = assessment_faults(f"answers: {{a: {{effort_days: {{manual: {number}}}}}}}")
    assert faults == [(4, 29, message)]


@pytest.mark.parametrize("number", ["0", "0.5", "100000", "1e-3", "+2", ".5"])
def test_sensible_numbers_are_taken(number: str) -> None:
    assert assessment_faults(f"answers: {{a: {{effort_days: {{manual: {number}}}}}}}") == []


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("targetx = 2", 'unknown key "targetx"', 'Did you mean "target"?'),
        (
            "[tracker]\nkind = 'gitlab'",
            '"kind" should be "local", "github" or "jira", not "gitlab"',
            'Did you mean "github"?',
        ),
        (
            f"target = 1.{'0' * 38}1",
            f'"target": 1.{"0" * 38} has more than 4 decimals',
            "",
        ),
        (f"target = 1.{'0' * 500}", '"target" should have at most 400 digits', ""),
        ("target = 0.12345", '"target": 0.12345 has more than 4 decimals', ""),
        (
            "horizon_quarters = 401",
            '"horizon_quarters": 401 is too large: quarters end at 400',
            "",
        ),
        (
            "[team]\nfocus = 0",
            '"focus": 0 is no share of a working day',
            "Make it more than 0 and at most 1: with 0.6, three days in five go into the plan.",
        ),
        (
            "[team]\nsprint_weeks = 1.5",
            '"sprint_weeks" should be a whole number, not the number 1.5',
            "",
        ),
        (
            "[team]\nholidays = [2026-12-24T10:00:00]",
            '"holidays" should be a date, YYYY-MM-DD, not 2026-12-24 10:00:00',
            "",
        ),
        ("[tracker.github]\nrepository = 'acme'", '"acme" is not of the form OWNER/NAME', ""),
        (
            'assessment = "a\\u0000b"',
            '"assessment" should be one line without control characters, not "a\\u0000b"',
            "",
        ),
        (
            "assessment = 3",
            '"assessment" should be a text, not the number 3',
            'Put it in quotes: "3".',
        ),
        ("rubric = true", '"rubric" should be a text, not true', 'Put it in quotes: "true".'),
        (
            f"assessment = {9**400}",
            f'"assessment" should be a text, not the number {str(9**400)[:69]}',
            f'Put it in quotes: "{9**400}".',
        ),
    ],
)
def test_a_fault_comes_with_its_remedy(text: str, message: str, fix: str) -> None:
    fault = settings_fault(text)
    assert (fault.message, fault.fix) == (message, fix)


GITHUB = '[tracker.github]\nrepository = "o/r"\n'


@pytest.mark.parametrize(
    ("text", "line", "message", "fix"),
    [
        (
            'target = 1\n[tracker]\nkind = "github"\n',
            2,
            '"kind" is "github", and no repository is named',
            'Add the table [tracker.github] with `repository = "OWNER/NAME"`.',
        ),
        (
            'target = 1\ntracker.kind = "jira"\n',
            2,
            '"kind" is "jira", and no server and project are named',
            'Add the table [tracker.jira] with `server = "https://..."`, `project = "KEY"`.',
        ),
        (
            "[tracker.github]\n",
            1,
            'the key "repository" is missing',
            "Add `repository = ...` here.",
        ),
        (
            f'{GITHUB}token = "canary"\n',
            3,
            'unknown key "token"',
            "Keys here: assignees, base_url, project, project_owner, project_start, "
            "project_target, repository, token_command.",
        ),
        (f'{GITHUB}assignees = ["@me"]\n', 3, '"@me" is not of the form LOGIN, without @', ""),
        (
            f"{GITHUB}project = 0\n",
            3,
            '"project" should be greater than or equal to 1, not the number 0',
            "",
        ),
        (f'{GITHUB}project = "7"\n', 3, '"project" should be a whole number, not "7"', ""),
        (f'{GITHUB}project_owner = "a/b"\n', 3, '"a/b" is not of the form LOGIN, without @', ""),
        (
            f'{GITHUB}project_start = "target date"\n',
            1,
            '"project_start" and "project_target" are the same field',
            "Name two fields: one for the first day, one for the last.",
        ),
    ],
)
def test_a_tracker_has_to_be_told_where(text: str, line: int, message: str, fix: str) -> None:
    fault = settings_fault(text)
    assert (fault.line, fault.message, fault.fix) == (line, message, fix)


@pytest.mark.parametrize(
    "address",
    [
        "https://github.example.com/api/v3",
        "https://host:8443/",
        "http://localhost:4011",
        "http://127.0.0.1:80/api",
        "http://[::1]:80",
    ],
)
def test_addresses_that_a_token_may_go_to(address: str) -> None:
    for text in (
        f'{GITHUB}base_url = "{address}"',
        f'[tracker.jira]\nproject = "KEY"\nserver = "{address}"',
    ):
        assert faults_of("settings", text, "maturity.toml", parse=parse_toml)[0] == []


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://github.example.com/canary", "should start with https://"),
        ("http://127.0.0.1.example.com/canary", "should start with https://"),
        ("http://localhost@canary", "should hold no user name and no password"),
        ("https://me:canary@github.example.com", "should hold no user name and no password"),
        ("https://host/?token=canary", "should end with the path"),
        ("https://host/#canary", "should end with the path"),
        ("ftp://canary", "should read like https://HOST/PATH"),
        ("canary", "should read like https://HOST/PATH"),
        ("https:///canary", "should read like https://HOST/PATH"),
        ("https://host:canary", "should read like https://HOST/PATH"),
        ("https://[canary", "should read like https://HOST/PATH"),
        ("https://me:canary@host/\\n", "should be one line"),
    ],
)
def test_addresses_that_no_token_goes_to_are_not_repeated(address: str, message: str) -> None:
    fault = settings_fault(f'{GITHUB}base_url = "{address}"')
    assert message in fault.message
    assert fault.line == 3
    assert "canary" not in str(fault)


def test_dates_of_toml_are_dates() -> None:
    faults, _ = faults_of(
        "settings",
        'team = {holidays = [2026-12-25, "2026-12-26"]}',
        "maturity.toml",
        parse=parse_toml,
    )
    assert faults == []


@pytest.mark.parametrize("kind", ["rubric", "assessment", "settings", "plan"])
@pytest.mark.parametrize("text", ["", "- a\n", "text", "3"])
def test_what_is_no_mapping_holds_nothing(kind: str, text: str) -> None:
    (fault,), _ = faults_of(kind, text, "x", parse=parse_yaml)
    assert str(fault) == f"x:1:1: this holds no {kind}\n    See `maturity-planner schema {kind}`."


def test_a_key_of_a_table_inside_another_file_has_its_place() -> None:
    text = "[project]\nname = 'x'\n\n[tool.maturity-planner]\ntargetx = 2\n"
    (fault,), _ = faults_of(
        "settings", text, "p.toml", parse=parse_toml, within=("tool", "maturity-planner")
    )
    assert str(fault) == 'p.toml:5:1: unknown key "targetx"\n    Did you mean "target"?'


def test_faults_of_every_kind_are_told_together_in_the_order_of_lines() -> None:
    built = document({"s": [item("a", level="x"), item("a"), item("b", titlex="B")]})
    built["sections"][0]["items"][0]["modes"]["manual"]["needs"] = ["c@manual", "b"]
    text = dump_yaml(built) + "id: again\n"
    faults, _ = faults_of("rubric", text, "r", parse=parse_yaml, sound=rubric_faults)
    assert [fault.message for fault in faults] == [
        'item "a" needs "c", which is not in the rubric',
        '"b" names no mode: write ITEM@MODE',
        '"level" should be a whole number, not "x"',
        'item "a" stands twice',
        'unknown key "titlex"',
        'the key "id" stands twice in one mapping',
    ]
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_what_is_at_fault_is_not_blamed_twice() -> None:
    built = document({"s": [item("a", level="x")]}, section="levels")
    faults, _ = faults_of("rubric", dump_yaml(built), "r", parse=parse_yaml, sound=rubric_faults)
    assert [fault.message for fault in faults] == ['"level" should be a whole number, not "x"']


def test_a_thousand_faults_are_enough_with_the_first_two_hundred() -> None:
    text = "answers:\n" + "".join(f"  i{n}: 3\n" for n in range(1000))
    *told, last = assessment_faults(text)
    assert [line for line, _, _ in told] == list(range(5, 205))
    assert last == (0, 0, "there are more faults than the 200 listed")
    with pytest.raises(RubricError, match="has more than 200 faults"):
        checked("assessment", START + text, "a.yaml", parse=parse_yaml, error=RubricError)
    history = history_faults("no JSON\n" * 1000, "h.jsonl")
    assert [fault.line for fault in history] == [*range(1, 201), 0]


class Rule:
    """Counts how often it is asked, and says that all is sound, or not."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = list(faults)
        self.asked = 0

    def __call__(self, data: Mapping[str, Any]) -> list[Fault]:
        self.asked += 1
        return self.faults


def check(rule: Rule, *, against: str = "") -> Mapping[str, Any]:
    return checked(
        "assessment",
        START,
        "a.yaml",
        parse=parse_yaml,
        error=RubricError,
        sound=rule,
        against=against,
    )


def test_a_sound_text_is_checked_once() -> None:
    rule = Rule()
    assert check(rule) == check(rule) == parse_yaml(START).data
    assert rule.asked == 1
    check(rule, against="another rubric")
    assert rule.asked == 2


def test_an_unsound_text_is_checked_every_time() -> None:
    rule = Rule(Fault("wrong", path=("system",)), Fault("also wrong"))
    for _ in range(2):
        with pytest.raises(RubricError, match=r"a\.yaml has 2 faults") as caught:
            check(rule)
    assert [(f.line, f.message) for f in caught.value.faults] == [(1, "also wrong"), (2, "wrong")]
    assert rule.asked == 2


@pytest.mark.parametrize("root", ["relative", "/dev/null", "/" + "x" * 300, "/proc/nowhere"])
def test_a_cache_that_cannot_be_used_costs_time_only(
    monkeypatch: pytest.MonkeyPatch, root: str, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", root)
    rule = Rule()
    assert check(rule) == check(rule) == parse_yaml(START).data
    assert rule.asked == 2
    assert list(tmp_path.iterdir()) == []


def test_every_shape_describes_itself() -> None:
    for kind in ("rubric", "assessment", "settings", "plan"):
        assert shape_of(kind).model_json_schema()["type"] == "object"


def test_the_nearest_word_or_the_first_ten() -> None:
    assert nearest("data-1", ["data-10-x", "data-1-schema"]) == 'Did you mean "data-1-schema"?'
    assert nearest("zzz", ["manual"]) == ""
    assert suggestion("zzz", []) == ""
    words = [f"word{n}" for n in range(11)]
    assert suggestion("zzz", words, kind="Words") == f"Words: {', '.join(words[:10])}, and 1 more."


def test_a_fault_without_a_place_is_its_message() -> None:
    assert str(Fault("wrong")) == "wrong"
    assert str(Fault("wrong", file="x")) == "x: wrong"


FACTS = {
    "system": "s",
    "rubric": {"id": "r", "version": "1", "digest": "d"},
    "answers": {"a": [None, "manual"], "b": ["manual", None]},
    "waivers": {"c": "2026-12-24"},
}
GOOD = {"when": "2026-11-20T10:00:00Z", "score": 1.5, "sections": {"s": 1}, "cause": "score"}


@pytest.mark.parametrize(
    ("line", "messages"),
    [
        (json.dumps(GOOD), []),
        (json.dumps(GOOD) + "\r", []),
        ("  ", []),
        ("{", ["this line is not JSON"]),
        ("[" * 100_000, ["this line is not JSON"]),
        ("<<<<<<< HEAD", ["this file has a merge conflict"]),
        ("3", ["this line holds no JSON object"]),
        (
            "{}",
            [f'the key "{key}" is missing' for key in ("when", "score", "sections", "cause")],
        ),
        (
            json.dumps({**GOOD, "when": "soon", "score": True}),
            [
                '"when" should be a time, YYYY-MM-DDTHH:MM:SSZ, not "soon"',
                '"score" should be a number, not true',
            ],
        ),
        (
            json.dumps({**GOOD, "when": 3, "score": float("nan"), "cause": None}),
            [
                '"when" should be a time, YYYY-MM-DDTHH:MM:SSZ, not the number 3',
                '"score" should be a number, not nan',
                '"cause" should be a text, not nothing',
            ],
        ),
        (
            json.dumps({**GOOD, "sections": {"s": "1"}}),
            ['"sections" should be a mapping of numbers, not a mapping'],
        ),
        (json.dumps({**GOOD, "score": 10**400, "of a later version": 1}), []),
        (json.dumps({**GOOD, **FACTS}), []),
        (
            json.dumps({**GOOD, "waivers": {}}),
            [f'the key "{key}" is missing' for key in ("system", "rubric", "answers")],
        ),
        (
            json.dumps(
                {
                    **GOOD,
                    "system": 1,
                    "rubric": {"id": "r"},
                    "answers": {"a": ["x"]},
                    "waivers": {"b": "soon"},
                }
            ),
            [
                '"system" should be a text, not the number 1',
                '"rubric" should be a mapping of id, version and digest to texts, not a mapping',
                '"answers" should be a mapping of items to [mode before, mode now], not a mapping',
                '"waivers" should be a mapping of items to dates, not a mapping',
            ],
        ),
        (
            json.dumps({**GOOD, "sections": []}),
            ['"sections" should be a mapping of numbers, not a list'],
        ),
    ],
)
def test_lines_of_the_history(line: str, messages: list[str]) -> None:
    faults = history_faults(f"{json.dumps(GOOD)}\n{line}\n", "history.jsonl")
    assert [fault.message for fault in faults] == messages
    assert {(fault.file, fault.line) for fault in faults} <= {("history.jsonl", 2)}


def rubric_fault(old: str, new: str) -> Fault:
    text = skeleton_text("mine")
    assert old in text
    broken = text.replace(old, new, 1)
    faults, _ = faults_of("rubric", broken, "r.yaml", parse=parse_yaml, sound=rubric_faults)
    return faults[0]


@pytest.mark.parametrize(
    ("old", "new", "message", "fix"),
    [
        ("schema: ", "# ", 'the key "schema" is missing', "`schema: maturity-planner/rubric/v1`"),
        ("title: Build", "title: Build: all", "a colon where no key can end", "in quotes"),
        ("    title: By hand", "   title: By hand", "block that begins at line 17", "Indent it"),
        ("likely: 1, high: 2}", "likely: 1, high: 2", "bracket that line 58 opens", "Close it"),
        ('version: "1" ', 'version: "1', "does not fit into the block", "quotes or brackets"),
        ("id: on-call", 'id: "on-call', "the quotes that line 144 opens", "Close them."),
        ("days: 0.5", "days: 0,5", "should be a number", "Write 0.5."),
        ("days: 2", "days: 2 days", "should be a number", "Write 2."),
        ("days: 2", "days: two", "should be a number", ""),
        ("needs:\n              - t", "needs: t", "should be a list", "in brackets"),
        ("any_of: [alerts@manual, ", "soft: on-call@manual\n                any_of: [", "", "one"),
        ("- any_of", "- anyof", 'the key "any_of" is missing', "Add `any_of: ...` here."),
        ("id: mine", "id: My_Own", "is not an id", 'For example "my-own".'),
        ("id: mine", 'id: "!"', "is not an id", ""),
        ("id: mine", "id: 1e5", "should be a text", 'in quotes: "1e5".'),
        ("id: mine", "id: 1.5", "should be a text", 'in quotes: "1-5".'),
        ("id: mine", "id: -7E-9", "should be a text", 'in quotes: "7e-9".'),
        ("title: Build", "title: 2E+5", "should be a text", 'in quotes: "2e5".'),
        ("# optional: true", "optional: yes", "should be true or false", "Write true."),
        ("# optional: true", "optional: 7", "should be true or false", ""),
        (
            "from: {manual: 3}",
            "from: {automated: 3}",
            "which is not a lower",
            "Lower modes: manual.",
        ),
    ],
)
def test_usual_slips_are_told_with_what_to_write(
    old: str, new: str, message: str, fix: str
) -> None:
    fault = rubric_fault(old, new)
    assert message in fault.message
    assert fix in fault.fix
    assert bool(fix) == bool(fault.fix)


def test_two_kinds_of_need_in_one_do_not_go_together() -> None:
    fault = rubric_fault("{soft: rollback@manual", "{soft: rollback@manual, hard: rollback@manual")
    assert fault.message.startswith("unknown key")
    assert fault.fix == "It does not go with the other keys here: keep one of them."
