"""One system against several rubrics: each by itself, the first one unless another is chosen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from maturity_planner.resources import bundled_rubrics
from results import Runner, data_of
from terminals import Terminal

SEVERAL = """\
schema: maturity-planner/assessment/v1
system: fraud-scoring
rubric: [ml-test-score, google-mlops]
date: 2026-11-20
answers:
  # what we test
  data-1-feature-schema: automated
  model-1-specs-reviewed: manual
  gcp-l2-ci-integration: done   # and what we run
waivers:
  data-5-privacy-controls: {reason: no personal data, owner: a.b, until: 2099-03-31}
  gcp-p-trained-operators: {reason: nobody new, owner: a.b, until: 2099-03-31}
"""


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    text = SEVERAL.replace("gcp-p-trained-operators", "gcp-p-monitor-model-quality")
    (tmp_path / "assessment.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_score_tells_the_first_in_full_and_a_line_for_each_other(
    several: Path, call: Runner
) -> None:
    code, out, _ = call("score")
    assert code == 0
    assert out.startswith("fraud-scoring against ML Test Score")
    assert "\nAlso against google-mlops: score 0, Manual process; 57 unanswered.\n" in out
    assert "gcp-p-monitor-model-quality is waived" not in out
    _, chosen, _ = call("score", "--rubric", "google-mlops")
    assert chosen.startswith("fraud-scoring against Google Cloud MLOps levels")
    assert "Also against" not in chosen


def test_the_json_is_that_of_one_rubric_and_the_others(several: Path, call: Runner) -> None:
    data = data_of(call("score", "--json")[1], "score")
    (other,) = data.pop("others")
    assert (other["rubric"]["id"], other["unanswered"]) == ("google-mlops", 57)
    assert data == data_of(call("score", "--json", "--rubric", "ml-test-score")[1], "score")


@pytest.mark.parametrize(
    "arguments",
    [
        ["score"],
        ["score", "--json"],
        ["plan", "--target", "1", "--json", "-n"],
        ["assess", "--suggest"],
        ["report"],
        ["doctor"],
        ["show"],
        ["validate"],
    ],
)
def test_one_rubric_in_a_list_is_the_same_as_its_name(
    project: Path, call: Runner, arguments: list[str]
) -> None:
    text = (project / "assessment.yaml").read_text(encoding="utf-8")
    before = call(*arguments)
    listed = text.replace("rubric: ml-test-score", "rubric: [ml-test-score]")
    assert listed != text
    (project / "assessment.yaml").write_text(listed, encoding="utf-8")
    assert call(*arguments) == before


def test_an_unknown_item_is_named_with_the_nearest_of_all_rubrics(
    several: Path, call: Runner
) -> None:
    path = several / "assessment.yaml"
    path.write_text(path.read_text().replace("gcp-l2-ci-int", "gcp-l2-ci-imt"), encoding="utf-8")
    for arguments in (["score"], ["score", "--rubric", "google-mlops"], ["validate"]):
        _, out, err = call(*arguments)
        assert 'unknown item "gcp-l2-ci-imtegration"' in out + err
        assert 'Did you mean "gcp-l2-ci-integration"?' in out + err


def test_a_rubric_that_is_not_named_is_tried_alone(several: Path, call: Runner) -> None:
    code, _, err = call("score", "--rubric", "azure-mlops")
    assert code == 3
    assert 'unknown item "data-1-feature-schema"' in err


@pytest.mark.parametrize(
    ("named", "fault"),
    [
        ("[ml-test-score, ml-test-score]", '"rubric" names "ml-test-score" twice'),
        ("[ml-test-score, copy.yaml]", 'two of the rubrics have the id "ml-test-score"'),
        ("[ml-test-score, clash.yaml]", 'both have the item "data-1-feature-schema" and 27 more'),
        ("[ml-test-score, 7]", '"rubric" should be a text, not the number 7'),
        ("[]", '"rubric" should have at least 1 item'),
        ("[ml-test-score, nowhere]", 'there is no rubric "nowhere"'),
        ("7", '"rubric" should be a text, not the number 7'),
    ],
)
def test_rubrics_that_do_not_go_together_are_told(
    several: Path, call: Runner, named: str, fault: str
) -> None:
    own = (Path(__file__).parents[2] / "rubrics" / "ml-test-score.yaml").read_text(encoding="utf-8")
    (several / "copy.yaml").write_text(own, encoding="utf-8")
    clash = own.replace("\nid: ml-test-score\n", "\nid: clash\n")
    (several / "clash.yaml").write_text(clash, encoding="utf-8")
    path = several / "assessment.yaml"
    text = path.read_text(encoding="utf-8").replace("[ml-test-score, google-mlops]", named)
    text = "\n".join(line for line in text.split("\n") if "gcp-" not in line)
    path.write_text(text, encoding="utf-8")
    code, out, _ = call("validate")
    assert code == 1
    assert re.search(r"^assessment\.yaml:3:\d+: ", out)
    assert fault in out
    code, _, err = call("score")
    assert code == 3
    assert fault in err


def test_scores_are_recorded_and_compared_with_those_of_the_same_rubric(
    several: Path, call: Runner
) -> None:
    for arguments in ([], ["--rubric", "google-mlops"], [], ["--rubric", "google-mlops"]):
        call("score", "--record", *arguments)
    lines = (several / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["cause"] for line in lines] == ["first record"] * 2
    call("assess", "--set", "gcp-l0-source-controlled-scripts=done")
    call("score", "--record")
    call("score", "--record", "--rubric", "google-mlops")
    lines = (several / "history.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])
    assert len(lines) == 3
    assert last["answers"] == {"gcp-l0-source-controlled-scripts": ["none", "done"]}
    assert last["beside"] == ["ml-test-score"]
    _, out, _ = call("score", "--compare", "history", "--rubric", "google-mlops")
    assert "No answer and no waiver has changed." in out
    assert call("validate")[0] == 0
    _, out, _ = call("history")
    assert "(ml-test-score)" in out
    assert "(google-mlops)" in out
    assert data_of(call("history", "--json")[1], "history")["records"][1]["change"] is None


def test_a_file_of_one_rubric_is_compared_with_the_same_of_several(
    several: Path, call: Runner
) -> None:
    now = (several / "assessment.yaml").read_text(encoding="utf-8")
    old = "\n".join(line for line in now.split("\n") if "gcp-" not in line)
    old = old.replace("[ml-test-score, google-mlops]", "ml-test-score")
    (several / "old.yaml").write_text(old.replace("automated", "manual"), encoding="utf-8")
    _, out, _ = call("score", "--compare", "old.yaml")
    assert "data-1-feature-schema  manual -> automated" in out
    assert "gcp-" not in out


def test_plan_and_tickets_are_of_the_rubric_that_was_planned(several: Path, call: Runner) -> None:
    settings = '[plan]\nexclude = ["data-2-features-beneficial"]\n'
    (several / "maturity.toml").write_text(settings, encoding="utf-8")
    assert call("plan", "--rubric", "google-mlops", "--target", "1")[0] == 0
    assert "gcp-" in call("diff", "--json")[1]
    assert call("sync", "--yes")[0] == 0
    assert call("validate")[0] == 0
    assert "Nothing to do" not in call("roadmap", "--json")[2]
    code, out, err = call("report", "--tickets")
    assert code == 0
    assert "gcp-" not in out
    assert "plan.yaml is for another rubric and left aside, with its tickets" in err
    assert "--rubric google-mlops reports on it." in err
    assert "gcp-" in call("report", "--tickets", "--rubric", "google-mlops")[1]
    assert call("track")[0] == 0


def test_show_finds_items_of_both_and_set_answers_both(several: Path, call: Runner) -> None:
    (several / "rubrics").mkdir()
    assert call("show", "gcp-l2-ci-integration")[1].startswith("gcp-l2-ci-integration: ")
    code, _, _ = call(
        *("assess", "--set", "gcp-l2-ci-integration=none", "--set", "data-1-feature-schema=none")
    )
    assert code == 0
    text = (several / "assessment.yaml").read_text(encoding="utf-8")
    assert "gcp-l2-ci-integration: none   # and what we run" in text
    code, _, err = call(
        *("assess", "--rubric", "ml-test-score", "--set", "gcp-l2-ci-integration=done")
    )
    assert code == 2
    assert 'there is no item "gcp-l2-ci-integration"' in err


def test_init_with_several_rubrics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Runner
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("init", "--rubric", "google-mlops", "--rubric", "azure-mlops")[0] == 0
    assert call("validate")[0] == 0
    text = (tmp_path / "assessment.yaml").read_text(encoding="utf-8")
    assert "  # Azure MLOps maturity model: " in text
    _, out, _ = call("score")
    assert "Also against azure-mlops" in out


# Suggestions ---------------------------------------------------------------------------------


def test_suggestions_are_listed_with_their_reasons_and_set_nothing(
    several: Path, call: Runner
) -> None:
    before = (several / "assessment.yaml").read_bytes()
    code, out, _ = call("assess", "--suggest")
    assert code == 0
    assert "gcp-l1-data-validation-schema      done       -" in out
    assert "data-1-feature-schema of ml-test-score is answered: automatic (an estimate)" in out
    data = data_of(call("assess", "--suggest", "--json")[1], "assess")
    assert [(s["item"], s["mode"]) for s in data["suggestions"]] == [
        ("infra-3-pipeline-integration-test", "automated"),
        ("gcp-l1-data-validation-schema", "done"),
        ("gcp-l2-source-control", "done"),
    ]
    assert (several / "assessment.yaml").read_bytes() == before


def test_suggestions_of_a_section_or_of_one_rubric(several: Path, call: Runner) -> None:
    _, out, _ = call("assess", "--suggest", "--rubric", "google-mlops")
    assert "infra-3" not in out
    _, out, _ = call("assess", "--suggest", "--section", "infra")
    assert "gcp-l2-source-control" not in out
    assert "infra-3" in out


def test_without_another_rubric_nothing_is_suggested(project: Path, call: Runner) -> None:
    code, out, err = call("assess", "--suggest")
    assert (code, out) == (0, "Nothing is suggested by the answers that are there.\n")
    assert "rubric: [...]" in err


@pytest.mark.parametrize("others", [["--suggest", "--set", "a=b"], ["--json"]])
def test_suggest_stands_alone(several: Path, call: Runner, others: list[str]) -> None:
    assert call("assess", *others)[0] == 2


def test_show_names_the_links_of_an_item(several: Path, call: Runner) -> None:
    _, out, _ = call("show", "az-l1-create-data-pipeline")
    assert "Suggested in part by ml-test-score/data-1-feature-schema@automated (estimate)" in out
    data = data_of(call("show", "google-mlops", "--json")[1], "show")
    links = [
        link
        for section in data["sections"]
        for item in section["items"]
        for mode in item["modes"]
        for link in mode["suggested_by"]
    ]
    assert {link["rubric"] for link in links} == {"ml-test-score"}
    assert {link["basis"] for link in links} == {"estimate"}


def test_the_interview_shows_suggestions_of_the_answers_given_so_far(
    several: Path, terminal: Callable[..., Terminal]
) -> None:
    at = terminal("assess", "--section", "infra")
    seen = [at.answer("Which one", "s\n") for _ in range(3)]
    assert "Suggested: Automatic, because gcp-l2-ci-integration of google-mlops" in seen[2]
    assert "Suggested" not in seen[0] + seen[1]


def test_hints_keep_the_rubric_and_the_assessment_that_were_named(
    project: Path, call: Runner
) -> None:
    text = bundled_rubrics()["ml-test-score"].read_text(encoding="utf-8")
    (project / "rubrics").mkdir()
    (project / "rubrics" / "mine.yaml").write_text(text.replace("id: ml-test-score", "id: mine"))
    named = ["--rubric", "mine"]
    kept = "--rubric mine"
    assert f"Next: maturity-planner plan --target 2 {kept}" in call("score", *named)[2]
    assert f"assess --only unanswered {kept}" in call("score", *named)[1].replace("\n", " ")
    assert f"Next: maturity-planner show ITEM {kept}" in call("show", *named)[2]
    told = call("plan", *named, "--target", "1")[2]
    assert "Written to" in told
    assert "sync" not in told  # which does not know this rubric
    assert "Next: maturity-planner sync" in call("plan", "--rubric", "ml-test-score")[2]
    (project / "my copy.yaml").write_bytes((project / "assessment.yaml").read_bytes())
    told = call("score", "--assessment", "my copy.yaml")[2]
    assert "Next: maturity-planner plan --target 2 --assessment 'my copy.yaml'\n" in told
    assert "Next: maturity-planner plan --target 2\n" in call("score")[2]
