"""Stage `baseline`, and `evaluate` after it in the same job."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.errors import TrainingRefused
from engine.models.baseline import MAJORITY, TFIDF, Baseline
from engine.stages.baseline import BaselineParams, BaselineStage
from engine.stages.evaluate import EvaluateParams, EvaluateStage
from store.schema import SAMPLES
from tests.engine.stages.test_predict import add_detector
from tests.engine.stages.test_train import LABELS, toy_rows
from tests.fakes import make_inputs, run_stage


def make_params(base: str = TFIDF, **changes: Any) -> BaselineParams:
    return BaselineParams.model_validate(
        {"detector_id": "b1", "base": base, "recipe": "real", "labels": LABELS,
         "training_digest": "digest", "seed": 7, **changes}
    )  # fmt: skip


def test_a_baseline_is_entered_with_its_rows_and_what_made_it(tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path, {"training_rows": toy_rows(40)})
    row = run_stage(BaselineStage(), inputs, make_params()).row(0, named=True)
    assert (row["name"], row["base"], row["recipe"]) == (TFIDF, TFIDF, "real")
    assert (row["training_rows"], row["seed"], row["training_digest"]) == (40, 7, "digest")
    assert json.loads(row["versions"])["scikit-learn"]
    files = [path.name for path in (tmp_path / "detectors" / "b1").iterdir()]
    assert files == ["training_rows.parquet"]
    assert list(BaselineStage().run(replace(inputs, parts_done=1), make_params())) == []


def test_rows_that_no_detector_could_learn_from_are_refused(tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path, {"training_rows": toy_rows(40).filter(label="advice")})
    with pytest.raises(TrainingRefused, match="all labelled"):
        list(BaselineStage().run(inputs, make_params()))


def test_baselines_are_judged_beside_detectors(tmp_path: Path) -> None:
    training = make_inputs(tmp_path, {"training_rows": toy_rows(40)}, stage="0-baseline")
    run_stage(BaselineStage(), training, make_params(detector_id="b1"))
    second = replace(training, stage_dir=training.stage_dir.with_name("1-baseline"))
    run_stage(BaselineStage(), second, make_params(MAJORITY, detector_id="b2"))
    texts = toy_rows(70)[40:]
    samples = texts.with_columns(sample_id="item_id").select(*SAMPLES)
    inputs = make_inputs(
        tmp_path, {"samples": samples, "detectors": add_detector(tmp_path)}, stage="2-evaluate",
        earlier={"detectors": (training.stage_dir, second.stage_dir)},
    )  # fmt: skip
    found = run_stage(EvaluateStage(), inputs, EvaluateParams(detector_ids=("d1", "b1", "b2")))
    assert found["detector_id"].to_list() == ["d1"] * 30 + ["b1"] * 30 + ["b2"] * 30
    expected = Baseline.fit(TFIDF, toy_rows(40), LABELS, seed=7).classify(
        samples.sort("sample_id")["text"].to_list(), 32
    )
    tfidf = found.filter(pl.col("detector_id") == "b1")
    assert tfidf["predicted_label"].to_list() == [verdict.label for verdict in expected]
    for row, verdict in zip(tfidf["probabilities"].to_list(), expected, strict=True):
        assert row == pytest.approx(verdict.probabilities, abs=1e-6)
    assert (tfidf["predicted_label"] == tfidf["label"]).mean() == 1
