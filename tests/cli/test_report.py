"""`report` as a person runs it. Today is 2026-11-20."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maturity_planner.report.text import columns
from results import Runner, data_of
from terminals import Terminal

CHARTS = ("radar", "graph", "gantt", "burn-up")


@pytest.fixture
def planned(project: Path, call: Runner) -> Path:
    """The example with a record, a plan and a roadmap."""
    for command in ("score --record", "plan", "roadmap --end 2026-12-11"):
        assert call(*command.split())[0] == 0
    return project


def told(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_without_files_it_says_what_would_make_them(project: Path, call: Runner) -> None:
    code, out, err = call("report")
    assert (code, err) == (0, "")
    for expected in (
        "Score 0.5: Some tests but serious gaps possible.",
        "Monitoring sets the score.",
        "The target 2 is 1.5 away.",
        "1 item is unanswered",
        "No score is recorded yet: `maturity-planner score --record` does it.",
        "There is no plan yet: `maturity-planner plan --target T` makes one.",
        "There is no roadmap yet",
        "There are no tickets without a plan.",
        "`maturity-planner report --frontier` adds it.",
        "The overall score is that of the lowest section.",
    ):
        assert expected in told(out), out


def test_a_whole_report_says_all(planned: Path, call: Runner) -> None:
    call("sync", "--yes")
    call("assess", "--set", "monitor-5-numerical-stability=automated")
    code, out, _ = call("report", "--odds", "--frontier", "--tickets")
    assert code == 0
    for expected in (
        "1 of 5 upgrades is done.",
        "4 upgrades left to go from 1 to 2; the target of the plan is 2.",
        "The score went from 0.5 to 1 since 2026-11-20. It is not recorded yet",
        "proven to be the cheapest",
        "What each step up costs",
        "5 upgrades from 2026-11-20 to 2026-12-07. It was asked for by 2026-12-11.",
        "Chance to be done by 2026-12-11:",
        "5 tickets: 5 open.",
        "Burn-up: points of all sections:",
    ):
        assert expected in told(out), out
    call("score", "--record")
    assert "Cause: assessment edited" in told(call("report")[1])


def test_json_is_what_its_schema_says(planned: Path, call: Runner) -> None:
    code, out, _ = call("report", "--format", "json", "--odds", "--frontier")
    data = data_of(out, "report")
    assert code == 0
    assert (data["score"]["score"], data["gap"], data["plan"]["after"]) == (0.5, 1.5, 2)
    assert data["roadmap"]["on_time_probability"] > 0.9
    assert [step["score"] for step in data["frontier"]][:2] == [0.5, 1]
    assert data["burn_up"]["planned"][0] == {"day": "2026-11-20", "points": 4}
    assert data["burn_up"]["planned"][-1]["points"] == 8
    assert set(data["missing"]) == {"change", "tickets"}
    assert data["tickets"] is None


def test_the_ending_of_the_file_names_the_format(planned: Path, call: Runner) -> None:
    for name in ("r.md", "r.html", "r.csv", "r.json", "r.txt"):
        assert call("report", "-o", name)[0] == 0
    assert (planned / "r.md").read_text(encoding="utf-8").startswith("# fraud-scoring\n")
    assert "```mermaid\ngantt\n" in (planned / "r.md").read_text(encoding="utf-8")
    page = (planned / "r.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>\n")
    assert [page.count(f'<figure class="chart-{name}"') for name in CHARTS] == [1, 1, 1, 1]
    assert len(page) < 150_000
    rows = list(csv.reader(io.StringIO((planned / "r.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 29
    assert json.loads((planned / "r.json").read_text(encoding="utf-8"))["data"]["plan"]
    assert (planned / "r.txt").read_text(encoding="utf-8").startswith("fraud-scoring\n")
    assert call("report", "-o", "r.md", "--format", "csv")[0] == 0
    assert (planned / "r.md").read_text(encoding="utf-8").startswith("Section,")


@pytest.mark.parametrize("room", [40, 100])
def test_no_line_is_longer_than_the_terminal(
    planned: Path, terminal: Callable[..., Terminal], room: int
) -> None:
    path = planned / "assessment.yaml"
    text = path.read_text(encoding="utf-8").replace("note: ", "note: \u5b89\u5168\u6d4b\u8bd5 ")
    path.write_text(text.replace("system: ", "system: " + "\u5b89\u5168" * 30), encoding="utf-8")
    code, out = terminal("report", columns=str(room)).end()
    assert code == 0
    assert max(columns(line) for line in out.splitlines()) <= room
    assert "\n    Effort: " in out.replace("\r", "")
    assert "Model specs are unit tested" in told(out)


def test_without_a_terminal_tables_stay_tables(planned: Path, call: Runner) -> None:
    lines = call("report")[1].splitlines()
    assert any(line.startswith("  Upgrade") and line.endswith("Why") for line in lines)


def test_waivers_stand_with_their_ends(project: Path, call: Runner) -> None:
    with (project / "assessment.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "waivers:\n"
            "  data-5-privacy-controls: {reason: no personal data, owner: a.b, until: 2027-03-31}\n"
            "  model-7-inclusion: {reason: later, owner: c.d, until: 2026-03-31}\n"
        )
    out = told(call("report")[1])
    assert "1 waiver in force. 1 waiver expired and no longer counted." in out
    assert "2027-03-31 a.b no personal data" in out
    assert "2026-03-31 expired c.d later" in out
    data = data_of(call("report", "--format", "json")[1], "report")
    assert [line["expired"] for line in data["waivers"]] == [False, True]


def test_a_roadmap_of_another_plan_is_left_aside(planned: Path, call: Runner) -> None:
    call("plan", "--target", "3")
    out = told(call("report", "--odds")[1])
    assert "The roadmap on file lacks upgrades of the plan" in out
    text = (planned / "roadmap.yaml").read_text(encoding="utf-8")
    changed = text.replace("plan: cd09ee80", "plan: abcdef01")
    (planned / "roadmap.yaml").write_text(changed, encoding="utf-8")
    assert "The roadmap on file is of another plan" in told(call("report", "--odds")[1])


def test_odds_of_a_team_that_has_changed_are_not_told(planned: Path, call: Runner) -> None:
    settings = planned / "maturity.toml"
    text = settings.read_text(encoding="utf-8").replace("focus = 0.6", "focus = 0.9")
    settings.write_text(text, encoding="utf-8")
    code, _, err = call("report", "--odds")
    assert code == 0
    assert "The roadmap on file is out of date" in err
    assert "Make it again: maturity-planner roadmap" in err


def test_a_history_with_a_line_cut_short_is_read(planned: Path, call: Runner) -> None:
    with (planned / "history.jsonl").open("ab") as file:
        file.write(b'{"when": "2026-11-2')
    assert "since the first record of 2026-11-20" in told(call("report")[1])
    (planned / "history.jsonl").write_bytes(b'\xff\n[]\n{"when": 3}\n')
    assert "No score is recorded yet" in told(call("report")[1])
    (planned / "history.jsonl").unlink()
    (planned / "history.jsonl").mkdir()
    code, _, err = call("report")
    assert code == 3
    assert "history.jsonl is no file" in err


@pytest.mark.parametrize("rubric", ["google-mlops", "azure-mlops"])
def test_staged_rubrics_have_a_report_too(
    tmp_path: Path, call: Runner, monkeypatch: pytest.MonkeyPatch, rubric: str
) -> None:
    monkeypatch.chdir(tmp_path)
    name = next(n for n in call("rubrics")[1].split() if n.startswith(rubric[:5]))
    text = f"schema: maturity-planner/assessment/v1\nsystem: s\nrubric: {name}\n"
    (tmp_path / "assessment.yaml").write_text(text, encoding="utf-8")
    assert call("plan", "--target", "1")[0] == 0
    code, out, _ = call("report")
    assert code == 0
    assert "A section's level is the highest one" in out
    for style in ("markdown", "html", "csv", "json"):
        assert call("report", "--format", style)[0] == 0


def test_what_is_late_is_called_overdue_and_no_odds_are_told(
    planned: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = int(datetime(2027, 2, 1, tzinfo=UTC).timestamp())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(day))
    _, out, _ = call("report", "--odds")
    assert "Overdue: " in told(out)
    assert "`maturity-planner roadmap` plans what is left from today." in told(out)
    assert "Chance to be done" not in out
    assert "Overdue: " in call("report", "--format", "summary")[1]
    data = data_of(call("report", "--format", "json")[1], "report")
    assert len(data["roadmap"]["overdue"]) == 5
    page = call("report", "--odds", "--format", "html")[1]
    assert "5 upgrades overdue" in page
    assert "sure to be done" not in page


def test_a_plan_that_ends_below_its_target_is_to_be_made_anew(planned: Path, call: Runner) -> None:
    call("assess", "--set", "data-1-feature-schema=none")
    out = told(call("report")[1])
    assert "below its target. `maturity-planner plan --target 2` makes it anew." in out


def test_a_target_beyond_the_rubric_is_out_of_reach(project: Path, call: Runner) -> None:
    out = told(call("report", "--target", "99")[1])
    assert "The target 99 is out of reach: the most is 7." in out


def test_tickets_are_asked_for_only_where_there_is_a_plan(project: Path, call: Runner) -> None:
    code, out, _ = call("report", "--tickets")
    assert code == 0
    assert "There are no tickets without a plan." in out


def test_an_upgrade_without_a_ticket_is_named(planned: Path, call: Runner) -> None:
    call("sync", "--yes")
    next(iter((planned / "backlog" / "tasks").glob("*reviewed*"))).unlink()
    out = told(call("report", "--tickets")[1])
    assert "has no ticket: `maturity-planner sync` makes it." in out


def test_a_plan_for_another_rubric_is_not_called_missing(project: Path, call: Runner) -> None:
    path = project / "assessment.yaml"
    text = path.read_text(encoding="utf-8")
    named = text.replace("rubric: ml-test-score", "rubric: [ml-test-score, google-mlops]")
    path.write_text(named, encoding="utf-8")
    assert call("plan", "--rubric", "google-mlops", "--target", "1")[0] == 0
    out = told(call("report", "--tickets")[1])
    assert "The plan on file is for google-mlops: `maturity-planner report --rubric" in out
    assert "There is no plan yet" not in out
    assert "Also assessed against google-mlops" in out


def test_the_top_of_the_page_says_what_has_lapsed(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = int(datetime(2028, 2, 1, tzinfo=UTC).timestamp())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(day))
    assert "if not renewed" in call("report", "--format", "shields", "--target", "1")[1]
    assert "<dt>If not renewed</dt>" in call("report", "--format", "html")[1]
    rows = list(csv.DictReader(io.StringIO(call("report", "--format", "csv")[1])))
    assert {row["Lapsed"] for row in rows} == {"", "yes"}


def test_a_staged_section_without_criteria_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    call("init", "--rubric", "azure-mlops")
    assert "counts for a level, so every level is reached." in told(call("report")[1])
