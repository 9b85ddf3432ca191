"""The commands as a person runs them: output, exit code, JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from maturity_planner.cli.output import wants_color
from maturity_planner.output_shapes import KINDS, schema_of
from maturity_planner.resources import bundled, bundled_rubrics
from results import Runner, data_of


def test_score_tells_what_sets_it_and_the_gap(project: Path, call: Runner) -> None:
    code, out, err = call("score")
    assert code == 0
    assert "Score 0.5: " in out
    monitoring = next(line for line in out.splitlines() if "Monitoring" in line)
    assert "sets the score, lacks 1.5 to the target 2" in monitoring
    assert "1 item is unanswered" in out
    assert "Next: maturity-planner plan --target 2" in err


def test_score_says_which_target_is_out_of_reach(project: Path, call: Runner) -> None:
    code, out, err = call("score", "--target", "8")
    assert code == 0
    found = re.search(
        "target 8 is out of reach: the highest score that can be reached is (.*)[.]", out
    )
    assert found
    assert "plan" not in err
    code, out, err = call("score", "--target", found[1])
    assert f"The target {found[1]} is " in out
    assert f"Next: maturity-planner plan --target {found[1]}" in err
    assert call("plan", "-n", "--target", found[1])[0] == 0
    path = project / "assessment.yaml"
    waiver = (
        "waivers:\n  monitor-1-dependency-notifications: {reason: r, owner: o, until: 2999-01-01}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + waiver, encoding="utf-8")
    assert "is out of reach" in call("score", "--target", found[1])[1]


def test_score_as_json(project: Path, call: Runner) -> None:
    code, out, _ = call("score", "--json")
    data = data_of(out, "score")
    assert (code, data["score"], data["unanswered"]) == (0, 0.5, 1)
    assert [s["id"] for s in data["sections"] if s["sets_score"]] == ["monitor"]


@pytest.mark.parametrize(("limit", "expected"), [("0.5", 0), ("0.51", 1)])
def test_fail_under_is_exact(project: Path, call: Runner, limit: str, expected: int) -> None:
    code, _, err = call("score", "--fail-under", limit)
    assert code == expected
    assert ("below" in err) == bool(expected)


def test_explain_shows_what_an_item_brings(project: Path, call: Runner) -> None:
    code, out, _ = call("score", "--explain", "monitor-6-compute-performance")
    assert code == 0
    assert "As automated it would bring 0.5 points more." in out
    assert "Evidence: docs/load-test-2026-10.md" in out


def test_record_appends_once_to_the_history(project: Path, call: Runner) -> None:
    assert call("score", "--record")[0] == 0
    assert call("score", "--record")[0] == 0
    lines = (project / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    jsonschema.validate(line, schema_of("history"))
    assert line["score"] == 0.5


def test_plan_writes_its_file_and_proves_it(project: Path, call: Runner) -> None:
    code, out, err = call("plan")
    assert code == 0
    assert "Proven: no set of upgrades that reaches the target costs less than" in out
    assert "estimates that come with the rubric" in err
    first = (project / "plan.yaml").read_bytes()
    assert call("plan")[0] == 0
    assert (project / "plan.yaml").read_bytes() == first


def test_plan_as_json_and_nothing_written_with_dry_run(project: Path, call: Runner) -> None:
    code, out, _ = call("plan", "-n", "--json", "--target", "2")
    data = data_of(out, "plan")
    assert (code, data["status"], data["before"]["score"], data["after"]["score"]) == (
        0,
        "optimal",
        0.5,
        2,
    )
    assert data["bound_days"] == data["cost_days"]
    assert not (project / "plan.yaml").exists()


def test_plan_answers_what_if(project: Path, call: Runner) -> None:
    data = data_of(call("plan", "-n", "--json", "--budget", "12")[1], "plan")
    assert (data["target"], data["budget"], data["after"]["score"]) == (None, 12, 1.5)
    code, out, _ = call("plan", "-n", "--json", "--target", "2", "--alternatives", "2")
    assert code == 0
    alternatives = data_of(out, "plan")["alternatives"]
    assert len(alternatives) == 2
    first = alternatives[0]["upgrades"][0]
    name = f"{first['item']}@{first['to']}"
    out = call("plan", "-n", "--json", "--target", "2", "--include", name)[1]
    assert name in [f"{u['item']}@{u['to']}" for u in data_of(out, "plan")["upgrades"]]
    out = call("plan", "-n", "--json", "--section-target", "monitor=1", "--exclude", name)[1]
    data = data_of(out, "plan")
    assert data["section_targets"] == {"monitor": 1}
    assert data["after"]["sections"]["monitor"] >= 1


def test_a_budget_that_is_too_small_says_what_is_missing_and_what_it_buys(
    project: Path, call: Runner
) -> None:
    code, _, err = call("plan", "--target", "2", "--budget", "10")
    assert code == 1
    assert "costs 14.35 days, 4.35 more than the budget 10." in err
    assert "The best score for the budget is 1.5." in err


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--include", "nope"], 2, 'there is no item "nope"'),
        (["--include", "data-1-feature-schema@nope"], 2, "there is no mode of"),
        (["--section-target", "nope=1"], 2, 'there is no section "nope"'),
        (["--section-target", "monitor"], 2, "asks for nothing"),
        (["--budget", "-1"], 2, "out of range"),
        (
            ["--include", "infra-6-canary", "--exclude", "infra-6-canary"],
            2,
            "infra-6-canary is included, and infra-6-canary is excluded.",
        ),
        (
            [
                *("--include", "monitor-2-input-invariants@automated"),
                *("--exclude", "data-1-feature-schema"),
            ],
            1,
            "needs data-1-feature-schema@automated, and data-1-feature-schema is excluded",
        ),
        (
            ["--target", "7", "--exclude", "monitor-2-input-invariants"],
            1,
            "Monitoring can reach 6 at most: monitor-2-input-invariants is excluded.",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_named(
    project: Path, call: Runner, options: list[str], code: int, message: str
) -> None:
    found, _, err = call("plan", "-n", "--target", "2", *options)
    assert message in " ".join(err.split())
    assert found == code


def test_frontier_rises_from_today_to_the_maximum(project: Path, call: Runner) -> None:
    points = data_of(call("frontier", "--json")[1], "frontier")["points"]
    scores, costs = ([point[key] for point in points] for key in ("score", "cost_days"))
    assert (scores[0], costs[0], scores[-1]) == (0.5, 0, 7)
    assert scores == sorted(set(scores))
    assert costs == sorted(set(costs))
    assert len(call("frontier")[1].splitlines()) == len(points) + 1


def test_plan_file_is_what_its_schema_says(project: Path, call: Runner) -> None:
    from maturity_planner.documents import parse_yaml

    assert call("plan", "-o", "other.yaml")[0] == 0
    data = parse_yaml((project / "other.yaml").read_text(encoding="utf-8")).data
    jsonschema.validate(json.loads(json.dumps(data, default=float)), schema_of("plan"))


def test_a_target_out_of_reach_exits_1_and_keeps_the_plan_before(
    project: Path, call: Runner
) -> None:
    assert call("plan")[0] == 0
    before = (project / "plan.yaml").read_bytes()
    code, out, err = call("plan", "--target", "8", "--json")
    assert code == 1
    assert data_of(out, "plan")["status"] == "infeasible"
    assert "ends at 7" in err
    assert (project / "plan.yaml").read_bytes() == before


def test_plan_without_a_target_asks_for_one(project: Path, call: Runner) -> None:
    (project / "maturity.toml").write_text("", encoding="utf-8")
    code, _, err = call("plan")
    assert code == 2
    assert "--target T" in err


def test_a_plan_made_again_keeps_its_identity(project: Path, call: Runner) -> None:
    call("plan")
    text = (project / "plan.yaml").read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("id: "))
    (project / "plan.yaml").write_text(text.replace(old, "id: 0123abcd"), encoding="utf-8")
    call("plan", "--target", "3")
    assert "id: 0123abcd" in (project / "plan.yaml").read_text(encoding="utf-8")


def test_rubrics_are_listed_with_the_projects_own(project: Path, call: Runner) -> None:
    (project / "rubrics").mkdir()
    text = (bundled("rubrics") / "azure-mlops.yaml").read_text(encoding="utf-8")
    (project / "rubrics" / "ours.yaml").write_text(text, encoding="utf-8")
    data = data_of(call("rubrics", "--json")[1], "rubrics")
    found = {r["id"]: r["built_in"] for r in data["rubrics"]}
    assert found == {
        "azure-mlops": True,
        "google-mlops": True,
        "ml-test-score": True,
        "openssf-scorecard": True,
        "ours": False,
    }
    assert "rubrics/" in call("rubrics")[1]


@pytest.mark.parametrize("name", ["ml-test-score", "google-mlops", "azure-mlops"])
def test_show_gives_the_normalised_rubric(project: Path, call: Runner, name: str) -> None:
    data = data_of(call("show", name, "--json")[1], "show")
    assert data["id"] == name
    assert data["bands"][-1]["up_to"] is None


def test_show_explains_rubric_section_and_item(project: Path, call: Runner) -> None:
    assert "Scoring: a section's score is the sum" in call("show")[1]
    code, out, _ = call("show", "ml-test-score/monitor")
    assert code == 0
    assert "data-1" not in out
    out = call("show", "monitor-2-input-invariants")[1]
    assert "Needs data-1-feature-schema@manual" in out
    assert call("show", "az-l1-app-unit-tests")[0] == 0
    only = data_of(call("show", "ml-test-score/infra", "--json")[1], "show")
    assert [s["id"] for s in only["sections"]] == ["infra"]


def test_show_of_nothing_known_suggests_the_nearest(project: Path, call: Runner) -> None:
    code, _, err = call("show", "monitor-2-input-invariant")
    assert code == 2
    assert 'Did you mean "monitor-2-input-invariants"?' in err


def test_show_of_nothing_like_it_says_what_there_is(project: Path, call: Runner) -> None:
    code, _, err = call("show", "zzz")
    assert code == 2
    assert 'there is no rubric, section or item "zzz"' in err
    assert "Rubrics, sections and items: " in err


def test_validate_says_which_files_are_sound(project: Path, call: Runner) -> None:
    call("plan")
    code, out, _ = call("validate")
    assert code == 0
    assert out.count(": sound") == 3
    assert data_of(call("validate", "--json")[1], "validate")["files"]


def test_validate_lists_all_faults_and_exits_1(project: Path, call: Runner) -> None:
    bad = "schema: maturity-planner/rubric/v1\nid: Bad Id\ntitel: x\n"
    (project / "bad.yaml").write_text(bad, encoding="utf-8")
    code, out, _ = call("validate", "bad.yaml")
    assert code == 1
    assert "bad.yaml:2:1:" in out
    assert 'Did you mean "title"?' in out
    data = data_of(call("validate", "bad.yaml", "--json")[1], "validate")
    assert len(data["files"][0]["faults"]) >= 5


def test_validate_warns_of_what_is_hardly_meant(project: Path, call: Runner) -> None:
    (project / "rubrics").mkdir()
    text = bundled_rubrics()["ml-test-score"].read_text(encoding="utf-8")
    text = text.replace("id: ml-test-score", "id: mine").replace("up_to: 5", "up_to: 7")
    (project / "rubrics" / "mine.yaml").write_text(text, encoding="utf-8")
    code, out, _ = call("validate")
    assert code == 0
    assert 'warning: band "5" starts above 7; the highest score is 7 [unreachable-band]' in out
    assert "rubrics/mine.yaml: sound, 1 warning" in out
    code, out, err = call("validate", "--strict", "--json")
    assert code == 1
    assert "1 warning in 3 files" in err
    document = json.loads(out)
    jsonschema.validate(document, schema_of("validate"))
    (found,) = [file for file in document["data"]["files"] if file["warnings"]]
    assert found["faults"] == []
    assert found["warnings"][0]["code"] == "unreachable-band"
    (project / "rubrics" / "mine.yaml").write_text(text.replace("up_to: 7", "up_to: 1"))
    code, out, err = call("validate")
    assert code == 1
    assert "warning" not in out + err  # faults first


def test_graph_in_three_formats(project: Path, call: Runner) -> None:
    text = call("graph", "+monitor-2-input-invariants")[1]
    assert "automated needs data-1-feature-schema@automated" in text
    dot = call("graph", "section:monitor", "--format", "dot")[1]
    assert dot.startswith("digraph")
    assert dot.rstrip().endswith("}")
    mermaid = call("graph", "--rubric", "google-mlops", "--format", "mermaid")[1]
    assert mermaid.startswith("flowchart LR")
    assert "gcp-l1-trigger-schedule -.->|done| gcp-l1-trigger-automatic" in mermaid
    code, out, _ = call("graph", "-o", "graph.txt")
    assert (code, out) == (0, "")
    assert (project / "graph.txt").exists()


def test_init_writes_starter_files_that_are_sound_and_never_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    for rubric, tracker in (
        ("ml-test-score", "local"),
        ("azure-mlops", "github"),
        ("google-mlops", "jira"),
    ):
        folder = tmp_path / rubric
        folder.mkdir()
        monkeypatch.chdir(folder)
        assert call("init", "--rubric", rubric, "--tracker", tracker, "--system", "a: b")[0] == 0
        assert call("validate")[0] == 0
        assert call("score")[0] == 0
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        for again in ([], ["--rubric", rubric, "--tracker", tracker, "--system", "a: b"]):
            code, out, _ = call("init", *again)
            assert code == 0
            assert out.count("stays as it is") == 2
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_init_tells_which_of_its_options_would_change_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    call("init", "--system", "a")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    wanted = ["--tracker", "github", "--system", "b", "--rubric", "azure-mlops"]
    code, out, err = call("init", *wanted)
    assert (code, out) == (2, "")
    assert "has written nothing" in err
    kind = before["maturity.toml"].decode().splitlines().index('kind = "local"') + 1
    assert f"maturity.toml:{kind}:" in err
    assert 'Write kind = "github" there, under [tracker]' in err
    for told in ("--system b", "Write there: system: b", "--rubric azure-mlops", "rubric: azure"):
        assert told in err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (tmp_path / "assessment.yaml").unlink()
    assert call("init", *wanted)[0] == 2
    assert not (tmp_path / "assessment.yaml").exists()
    assert call("init", *wanted[2:])[0] == 0
    (tmp_path / "assessment.yaml").write_text("a: [", encoding="utf-8")
    assert "assessment.yaml:1:1: --system b" in call("init", "--system", "b")[2]


def test_init_inside_another_project_says_that_it_starts_one_of_its_own(
    project: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    inner = project / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    code, _, err = call("init")
    assert code == 0
    assert f"belonged to the project of {project / 'maturity.toml'}" in err
    assert "a project of its own" in err
    assert "a project of its own" not in call("init")[2]


def test_assess_set_answers_without_asking(project: Path, call: Runner) -> None:
    code, _, _ = call("assess", "--set", "monitor-1-dependency-notifications=manual")
    assert code == 0
    assert data_of(call("score", "--json")[1], "score")["score"] == 1
    assert call("assess", "--set", "nope=manual")[0] == 2
    twice = [f"--set=data-3-feature-cost={mode}" for mode in ("none", "manual")]
    assert call("assess", *twice)[1].startswith("1 answer saved in ")
    assert call("assess", "--set", "data-3-feature-cost=manuel")[0] == 2
    assert call("assess", "--set", "data-3-feature-cost")[0] == 2


def test_assess_without_a_terminal_says_how_else(project: Path, call: Runner) -> None:
    code, _, err = call("assess")
    assert code == 2
    assert "--set ITEM=MODE" in err


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_schemas(kind: str, call: Runner) -> None:
    code, out, _ = call("schema", kind)
    assert code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(out))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_command(shell: str, call: Runner) -> None:
    code, out, _ = call("completion", shell)
    assert code == 0
    assert "_MATURITY_PLANNER_COMPLETE" in out


def test_demo_runs_the_whole_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("demo")
    assert code == 0
    assert "Score 0.5 -> " in out
    folder = tmp_path / "maturity-demo"
    assert {"assessment.yaml", "plan.yaml", "roadmap.yaml", "history.jsonl", "backlog"} <= {
        p.name for p in folder.iterdir()
    }
    monkeypatch.chdir(folder)
    assert call("diff", "--check")[0] == 0
    assert data_of(call("track", "--json")[1], "track")["proposals"] == []
    monkeypatch.chdir(tmp_path)
    code, _, err = call("demo")
    assert code == 3
    assert "demo FOLDER" in err


@pytest.mark.parametrize(
    ("running", "named"),
    [
        ("bin of mine/maturity-planner", "'{}/bin of mine/maturity-planner' diff"),
        ("maturity_planner/__main__.py", f"{sys.executable} -m maturity_planner diff"),
    ],
)
def test_demo_names_a_command_that_the_shell_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner, running: str, named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [running])
    last = call("demo", "to play")[1].splitlines()[-4:]
    assert last[0] == "  cd 'to play'"
    assert last[-1] == f"  {named.format(tmp_path)}"
    program = tmp_path / "maturity-planner"
    program.touch(mode=0o755)
    assert call("demo", "again")[1].endswith("\n  maturity-planner diff\n")


def test_a_dumb_terminal_gets_no_colour_unless_it_is_asked_for(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert wants_color("auto") is False
    assert wants_color("always") is True
    assert "\x1b[" in call("--color", "always", "score")[1]
    monkeypatch.setenv("TERM", "xterm")
    assert wants_color("auto") is None


def test_unknown_commands_and_options_are_usage_errors(call: Runner) -> None:
    code, _, err = call("scor")
    assert code == 2
    assert 'Did you mean "score"?' in err
    assert call("score", "--nonsense")[0] == 2
    assert call("plan", "--target", "nan")[0] == 2
    assert call("plan", "--target", "-1")[0] == 2
    assert call("plan", "--target", "1e308")[0] == 2
    assert call("--help")[0] == 0
    assert call("--version")[0] == 0


def test_same_input_same_bytes(project: Path, call: Runner) -> None:
    commands: Sequence[Sequence[str]] = (["score"], ["plan", "--json"], ["show"], ["graph"])
    for command in commands:
        assert call(*command)[:2] == call(*command)[:2]


def test_numbers_that_are_compared_are_not_rounded_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    sections = "".join(
        f"  - id: s{n}\n    items:\n      - id: i{n}\n        title: t\n"
        "        modes: {done: {effort_days: 1}}\n"
        for n in range(3)
    )
    (tmp_path / "thirds.yaml").write_text(
        "schema: maturity-planner/rubric/v1\nid: thirds\ntitle: Thirds\n"
        "modes: [{id: done, points: 1}]\nscoring: {section: sum, overall: mean}\n"
        f"sections:\n{sections}",
        encoding="utf-8",
    )
    (tmp_path / "assessment.yaml").write_text(
        "schema: maturity-planner/assessment/v1\nsystem: x\nrubric: thirds.yaml\n"
        "answers: {i0: done, i1: done}\n",
        encoding="utf-8",
    )
    code, out, _ = call("score", "--target", "0.6667")
    assert code == 0
    assert "Score ~0.6667\n" in out
    assert "The target 0.6667 is <0.0001 away." in out
    code, _, err = call("score", "--fail-under", "0.6667")
    assert code == 1
    assert "the score 2/3 (~0.6667) is below 0.6667" in err
    _, _, err = call("plan", "--target", "1.0001")
    assert "the target 1.0001 cannot be reached" in err
    assert "ends at 1: no system can score 1.0001" in err


def test_plans_for_levels_show_no_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    call("init", "--rubric", "azure-mlops")
    out = call("plan", "--target", "1")[1]
    assert "Points" not in out
    assert "has to meet every criterion up to level 1" in out
    outcome = next(line for line in call("score")[1].splitlines() if "Outcome" in line)
    assert "nothing here counts for a level" in outcome
    out = call("score", "--explain", "az-l2-outcome-reproducible")[1]
    assert "is optional and does not count" in out
    assert "bring" not in out


def test_a_rubric_named_on_the_command_line_ignores_empty_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    call("init", "--rubric", "ml-test-score")
    assert call("score", "--rubric", "azure-mlops")[0] == 0


def test_a_result_that_cannot_be_written_is_no_bug(project: Path) -> None:
    command = [sys.executable, "-m", "maturity_planner", "show", "--json"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=project, check=False
        )
    assert done.returncode == 3
    assert "No space left" in done.stderr


def test_a_folder_that_is_gone_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code, _, err = call("score")
    monkeypatch.chdir(tmp_path)
    assert code == 3
    assert err.startswith("Error: the current folder is not there any more\n  Go to one")


def test_an_assessment_of_another_rubric_is_called_so_first(project: Path, call: Runner) -> None:
    path = project / "assessment.yaml"
    text = path.read_text(encoding="utf-8").replace("rubric: ml-test-score", "rubric: azure-mlops")
    path.write_text(text, encoding="utf-8")
    for code, out, err in (call("score"), call("validate"), call("plan", "-n")):
        assert code in {1, 3}
        _, _, first = (out + err).partition("another rubric than azure-mlops\n")
        assert first.lstrip().startswith("Its items are those of ml-test-score: name that rubric.")
        assert "unknown item" in first
        assert "unknown item" not in (out + err).removesuffix(first)
    assert call("score", "--rubric", "ml-test-score")[0] == 0
    path.write_text(
        re.sub("^  (data|model|infra|monitor)-", "  my-", text, flags=re.M), encoding="utf-8"
    )
    assert "Name that rubric." in call("score")[2]


def test_a_clock_beyond_all_dates_is_told(
    project: Path, call: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "99999999999999")
    code, _, err = call("score", "--record")
    assert code == 3
    assert "not the seconds from 1970 to a day before 10000\n  Unset it" in err


def test_a_file_in_place_of_the_state_folder_is_told(project: Path, call: Runner) -> None:
    call("plan")
    (project / ".maturity").touch()
    code, _, err = call("sync")
    assert code == 3
    assert err == "Error: .maturity is not a folder\n  Move it away, then run this again.\n"


def test_track_without_tickets_says_where_they_come_from(project: Path, call: Runner) -> None:
    call("plan")
    assert "Next: maturity-planner sync" in call("track")[2]


def test_an_accepted_answer_that_a_person_withdraws_stays_withdrawn(
    project: Path, call: Runner
) -> None:
    call("plan")
    call("sync")
    ticket = next((project / "backlog" / "tasks").glob("*numerically-stable*"))
    text = ticket.read_text(encoding="utf-8")
    ticket.write_text(text.replace("status: To Do", "status: Done"), encoding="utf-8")
    assert "TASK" in call("track", "--accept", "all")[1]
    call("sync")  # what is accepted keeps its place in the texts and links of the others
    assert "Nothing to change" in call("sync")[1]
    call("assess", "--set", "monitor-5-numerical-stability=none")
    call("plan")
    assert data_of(call("track", "--json")[1], "track")["proposals"] == []
    assert "open it again" in call("sync")[1]
