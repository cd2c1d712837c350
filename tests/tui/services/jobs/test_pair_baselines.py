"""Baselines for pairs by commands, through real jobs."""

import re
from pathlib import Path

import pytest

from store.detectors import list_contestants
from tests.commands import Commands
from tests.tiny import tiny_bert
from tests.tui.pairs import BENCHMARK, TASK, import_pairs
from tui.services.workspace import Workspace

COSINE, KNN = "baseline:cosine", "baseline:knn"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    """The commands of a workspace with labelled pairs, whose encoder is tiny."""
    (tmp_path / "task.toml").write_text(TASK)
    path = tmp_path / "workspace"
    Workspace.create(path, task=str(tmp_path / "task.toml"), preset="embedded")
    settings = (path / "workspace.toml").read_text()
    encoder = f'encoder = "path:{tiny_bert(tmp_path / "encoder")}"'
    (path / "workspace.toml").write_text(re.sub("encoder = .+", encoder, settings))
    commands = Commands(path, capsys)
    import_pairs(commands, tmp_path)
    return commands


def test_those_that_need_no_download_are_compared_and_fitted_on_the_rows_there_are(
    run: Commands,
) -> None:
    figures = run.json("compare", "--on", BENCHMARK, "--baselines")
    rows = {row["detector"]: row for row in figures["rows"]}
    assert set(rows) == {"baseline:majority", "baseline:tfidf", COSINE, KNN, "baseline:colbert"}
    for row in rows.values():
        assert (row["recipe"], row["n"], row["failed"]) == ("real", 24, 0)
        assert row["kind"] == "baseline"
        assert 0 <= row["roc_auc"] <= 1
        assert row["speed"]["rows"] == 24
    with Workspace.open(run.workspace).database() as database:
        bases = {item.name: item.base for item in list_contestants(database)}
    assert bases[COSINE].startswith("baseline:cosine@path:/")
    jobs = len(run.json("jobs"))
    assert run.json("compare", "--on", BENCHMARK, "--baselines") == figures
    assert len(run.json("jobs")) == jobs


def test_a_threshold_is_chosen_on_training_rows_and_can_be_moved(run: Commands) -> None:
    figures = run.json("evaluate", COSINE, "--on", BENCHMARK)
    (row,) = figures["rows"]
    assert re.fullmatch(
        r"Flagged from a probability of 0\.\d\d on, which has the best F1 \(\d\.\d\d\) on 48 "
        r"training rows of 'real'\.",
        figures["rule"],
    )
    (fit,) = (run.workspace / "detectors").glob("*/fit.json")
    assert '"rows":48' in fit.read_text().replace(" ", "")
    found = run.json("threshold", COSINE, "--on", BENCHMARK, "--rule", "max-f1")
    assert found["at"]["f1"] >= row["f1"]


def test_another_encoder_is_another_baseline_under_its_whole_name(
    run: Commands, tmp_path: Path
) -> None:
    name = f"{COSINE}@path:{tiny_bert(tmp_path / 'other', seed=1)}"
    run("evaluate", COSINE, "--on", BENCHMARK)
    run("evaluate", name, "--on", BENCHMARK)
    rows = run.json("compare", "--on", BENCHMARK)["rows"]
    assert [row["detector"] for row in rows] == [COSINE, name]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("baseline:bayes", "There is no 'baseline:bayes'. Baselines: baseline:majority, "),
        ("baseline:tfidf@path:/m", "baseline:tfidf takes no model: omit @path:/m"),
        (f"{COSINE}@path:/nowhere", "path:/nowhere is not a model"),
        (f"{COSINE}@openai:m@http://host/v1", "is a model server"),
        (f"{KNN}@nothing", "'nothing' names no model"),
    ],
)
def test_what_is_no_baseline_of_pairs_is_refused_before_a_job_starts(
    run: Commands, name: str, problem: str
) -> None:
    run("evaluate", name, "--on", BENCHMARK, status=1)
    assert problem in run.err
    assert run.json("jobs") == []
