"""Evidence that is too old, in `score` and `plan --renew`."""

from __future__ import annotations

from pathlib import Path

import pytest

from results import Runner, data_of

ITEM = "monitor-6-compute-performance"


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1795166400 + days * 86400))


def test_nothing_is_due_yet(project: Path, call: Runner) -> None:
    data = data_of(call("score", "--json")[1], "score")
    assert (data["lapsing"], data["if_not_renewed"]) == ([], None)
    assert "review" not in call("score")[1]
    out = call("plan", "-n", "--renew")[1]
    assert "Nothing is to be renewed." in out
    assert data_of(call("plan", "-n", "--renew", "--json")[1], "plan")["renewals"] == []
    assert "renewals" not in data_of(call("plan", "-n", "--json")[1], "plan")


def test_due_and_lapsed(project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, 100)
    out = call("score")[1]
    assert f"  {ITEM}" in out
    assert "lapses after 2027-05-20" in out
    assert "If not renewed" not in out
    later(monkeypatch, 200)
    code, out, _ = call("score")
    assert code == 0
    assert "Score 0.5: " in out
    assert "  lapsed" in out
    assert "If not renewed: 0 (what has lapsed counts as not done)\n" in out
    data = data_of(call("score", "--json")[1], "score")
    assert (data["score"], data["if_not_renewed"]["score"]) == (0.5, 0)
    assert {lapse["lapsed"] for lapse in data["lapsing"]} == {True}
    assert call("score", "--fail-under", "0.5")[0] == 0
    with (project / "maturity.toml").open("r+", encoding="utf-8") as file:
        text = file.read()
        file.seek(0)
        file.write("grace_quarters = 40\n" + text)
    data = data_of(call("score", "--json")[1], "score")
    assert (data["if_not_renewed"], bool(data["lapsing"])) == (None, True)


def test_renewals_stand_beside_the_plan(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = data_of(call("plan", "-n", "--json")[1], "plan")
    later(monkeypatch, 100)
    lapsing = data_of(call("score", "--json")[1], "score")["lapsing"]
    data = data_of(call("plan", "--json", "--renew")[1], "plan")
    renewals = data.pop("renewals")
    assert data == before
    upgraded = {upgrade["item"] for upgrade in data["upgrades"]}
    assert [r["item"] for r in renewals] == [
        lapse["item"] for lapse in lapsing if lapse["item"] not in upgraded
    ]
    assert ITEM in upgraded
    assert "renewals" not in (project / "plan.yaml").read_text(encoding="utf-8")
    out = call("plan", "-n", "--renew")[1]
    assert f"{len(renewals)} renewals: " in out
    assert "person-days beside the plan." in out


def test_an_answer_with_a_date_is_renewed_by_answering(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "assessment.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace(f"  {ITEM}:\n", f"  {ITEM}:\n    date: 2026-01-01\n")
    path.write_text(text, encoding="utf-8")
    assert f"  {ITEM}" in call("score")[1]
    assert call("assess", "--set", f"{ITEM}=manual")[0] == 0
    assert "    date: 2026-11-20\n" in path.read_text(encoding="utf-8")
    assert "review" not in call("score")[1]


def undated(project: Path, *dates: str) -> Path:
    """Take the dates out of the assessment, and give the item these lines."""
    path = project / "assessment.yaml"
    text = path.read_text(encoding="utf-8").replace("date: 2026-11-20\n", "")
    text = text.replace(f"  {ITEM}:\n", "".join([f"  {ITEM}:\n", *dates]))
    path.write_text(text, encoding="utf-8")
    return path


def test_answers_without_an_age_are_told(project: Path, call: Runner) -> None:
    assert "does not age" not in call("score")[1]
    undated(project)
    out = " ".join(call("score")[1].split())
    assert "answers have no date, so their evidence does not age. Give the assessment a" in out


def test_dates_are_kept_where_others_are(project: Path, call: Runner) -> None:
    path = undated(project)
    other = "monitor-1-dependency-notifications"
    assert call("assess", "--set", f"{other}=manual")[0] == 0
    assert "date:" not in path.read_text(encoding="utf-8")
    undated(project, "    date: 2026-10-01\n")
    assert call("assess", "--set", f"{other}=automated")[0] == 0
    assert path.read_text(encoding="utf-8").count("date: 2026-11-20") == 1


def test_evidence_from_the_future(project: Path, call: Runner) -> None:
    path = undated(project, "    date: 2027-03-01  # next spring\n")
    out = call("score")[1]
    assert "as of" not in out
    assert "1 answer is dated after today, 2026-11-20. `maturity-planner validate` says" in out
    code, out, _ = call("validate", "assessment.yaml")
    assert code == 0
    assert "warning: this is dated after today, 2026-11-20 [future-date]" in out
    assert "assessment.yaml: sound, 1 warning" in out
    assert call("validate", "--strict", "assessment.yaml")[0] == 1
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# next spring", "# ignore: future-date"), encoding="utf-8")
    assert call("validate", "--strict", "assessment.yaml")[0] == 0
    early = "schema: maturity-planner/assessment/v1\ndate: 2027-01-01\n"
    rest = text.split("\n", 1)[1] if text.startswith("schema") else text
    path.write_text(early + rest.replace("schema: maturity-planner/assessment/v1\n", ""), "utf-8")
    assert "2 warnings" in call("validate", "assessment.yaml")[1]
    assert "answers are dated after today" in call("score")[1]
