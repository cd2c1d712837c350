"""Baselines by commands: evaluated through real jobs, compared, and never used as a detector."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from store.counts import count_all
from store.detectors import initial_detector, list_contestants, list_detectors
from tests.commands import Commands
from tests.tui.filled import BENCHMARK, Step
from tests.tui.paired import PairStep
from tests.waiting import wait_for
from tui.services.jobs.evaluation import evaluate_one
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.training import assemble_recipe
from tui.services.workspace import Workspace

TFIDF, MAJORITY = "baseline:tfidf", "baseline:majority"


@pytest.fixture
def run(imported_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(imported_workspace.path, capsys)


@pytest.fixture(scope="module")
def made_by_tfidf(
    made_workspaces: dict[Step | PairStep, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A workspace in which one baseline was fitted and evaluated."""
    workspace = Workspace.open(
        shutil.copytree(made_workspaces["imported"], tmp_path_factory.mktemp("tfidf") / "workspace")
    )
    with workspace.database() as database:
        draft = evaluate_one(workspace, database, TFIDF, BENCHMARK, None).draft
    job = start_job(workspace, draft)
    wait_for(lambda: job.state() == "done")
    return workspace.path


@pytest.fixture
def tfidf(made_by_tfidf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    shutil.copytree(made_by_tfidf, tmp_path / "evaluated")
    return Commands(tmp_path / "evaluated", capsys)


@pytest.fixture
def beside(evaluated_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    """The commands of a workspace whose detectors were all evaluated, without the initial."""
    with evaluated_workspace.database() as database, database.write() as cursor:
        cursor.execute("DELETE FROM detectors WHERE recipe = 'initial'")
    return Commands(evaluated_workspace.path, capsys)


def test_tfidf_predicts_what_scikit_learn_predicts_on_the_rows_of_the_recipe(
    tfidf: Commands,
) -> None:
    (row,) = tfidf.json("evaluate", TFIDF, "--on", BENCHMARK)["rows"]
    workspace = Workspace.open(tfidf.workspace)
    with workspace.database() as database:
        rows = assemble_recipe(workspace, database, workspace.recipe("real")).rows.sort(
            "stage", "dataset", "item_id", "label", "text"
        )
        with database.read() as cursor:
            evaluated = cursor.frame(
                """SELECT text, s.label, predicted_label, probabilities FROM samples s
                JOIN evaluation_rows USING (sample_id)"""
            )
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    model.fit(rows["text"].to_list(), rows["label"].to_list())
    texts = evaluated["text"].to_list()
    assert evaluated["predicted_label"].to_list() == model.predict(texts).tolist()
    places = [workspace.task.labels.index(label) for label in model.classes_]
    for found, expected in zip(evaluated["probabilities"], model.predict_proba(texts), strict=True):
        assert found.to_list()[places[0]] == pytest.approx(expected[0], abs=1e-6)
    positive = evaluated["label"].is_in(["health-advice"])
    said = evaluated["predicted_label"].is_in(["health-advice"])
    assert row["accuracy"] == pytest.approx((positive == said).mean())
    assert (row["detector"], row["recipe"], row["failed"]) == (TFIDF, "real", 0)
    assert row["roc_auc"] > 0.5


def test_the_same_again_adds_nothing_and_other_rows_are_another_baseline(
    run: Commands, imported_workspace: Workspace
) -> None:
    first = run.json("evaluate", MAJORITY, "--on", BENCHMARK)
    jobs = len(run.json("jobs"))
    assert run.json("evaluate", MAJORITY, "--on", BENCHMARK) == first
    assert len(run.json("jobs")) == jobs
    run("evaluate", MAJORITY, "--on", BENCHMARK, "--recipe", "stage-1")
    with imported_workspace.database() as database:
        found = [(item.name, item.recipe) for item in list_contestants(database)]
    assert found == [(MAJORITY, "real"), (MAJORITY, "stage-1")]


def test_baselines_stand_beside_detectors_and_are_tested_against_them(beside: Commands) -> None:
    before = beside.json("compare", "--on", BENCHMARK)
    assert not any(row["detector"].startswith("baseline") for row in before["rows"])
    figures = beside.json("compare", "--on", BENCHMARK, "--baselines")
    names = [row["detector"] for row in figures["rows"]]
    assert set(names) == {"synthetic", "stage-1", "two-stage", MAJORITY, TFIDF}
    by_name = {row["detector"]: row for row in figures["rows"]}
    assert by_name[MAJORITY]["roc_auc"] == pytest.approx(0.5)
    assert by_name[MAJORITY]["recall"] in (0, 1)
    against = [pair for pair in figures["pairs"] if TFIDF in (pair["first"], pair["second"])]
    assert len(against) == 4
    assert all(pair["n"] == by_name[TFIDF]["n"] for pair in against)
    assert beside.json("compare", "--on", BENCHMARK) == figures


def test_a_baseline_is_never_used_as_a_detector(tfidf: Commands, tmp_path: Path) -> None:
    tfidf("evaluate", TFIDF, "--on", BENCHMARK)
    with Workspace.open(tfidf.workspace).database() as database:
        assert initial_detector(database) is None
        assert list_detectors(database) == []
        assert count_all(database).detectors == 0
    (tmp_path / "texts.txt").write_text("Drink water.\n")
    tfidf("score", TFIDF, str(tmp_path / "texts.txt"), status=1)
    assert "baseline:tfidf is a baseline: it can be evaluated and compared" in tfidf.err
    tfidf("export", "detector", "--detector", TFIDF, "--to", str(tmp_path / "out"), status=1)
    assert "is a baseline" in tfidf.err
    tfidf("export", "detector", "--to", str(tmp_path / "out"), status=1)
    assert "no detector yet" in tfidf.err


def test_a_threshold_can_be_chosen_for_a_baseline(tfidf: Commands) -> None:
    tfidf("evaluate", TFIDF, "--on", BENCHMARK)
    found = tfidf.json("threshold", TFIDF, "--on", BENCHMARK, "--rule", "max-f1")
    assert 0 < found["chosen"]["threshold"] < 1
    assert found["at"]["f1"] > 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["baseline:bayes"], "There is no 'baseline:bayes'. Baselines: baseline:majority, "),
        ([TFIDF, "--recipe", "two-stage"], "selects no rows"),
        ([TFIDF, "--recipe", "none"], "There is no 'none' in recipes/"),
        (
            ["baseline:cosine"],
            "compares the two texts of a pair, and the task 'health-advice' has ",
        ),
        (["d1", "--recipe", "real"], "d1 is fitted on no recipe here"),
    ],
)
def test_what_cannot_be_a_baseline_is_refused(
    run: Commands, arguments: list[str], problem: str
) -> None:
    run("evaluate", *arguments, "--on", BENCHMARK, status=1)
    assert problem in run.err


def test_what_leaks_a_benchmark_is_not_fitted_on(
    run: Commands, imported_workspace: Workspace, tmp_path: Path
) -> None:
    with imported_workspace.database() as database, database.read() as cursor:
        leak = cursor.frame("SELECT text, label FROM samples WHERE dataset = ? LIMIT 1",
                            [BENCHMARK])  # fmt: skip
    leak.write_ndjson(tmp_path / "leak.jsonl")
    run("import", str(tmp_path / "leak.jsonl"), "--dataset", "leaking", "--role", "seed",
        "--label", "label")  # fmt: skip
    run("evaluate", MAJORITY, "--on", BENCHMARK)
    (kept,) = (imported_workspace.path / "detectors").glob("*/training_rows.parquet")
    texts = pl.read_parquet(kept, glob=False)["text"]
    assert len(texts) > 200
    assert leak["text"][0] not in texts.to_list()
