"""Stage `baseline`, and `evaluate` after it in the same job."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.errors import TrainingRefused
from engine.models.baseline_name import COLBERT, COSINE, CROSS_ENCODER, KNN, MAJORITY, TFIDF
from engine.models.word_baseline import WordBaseline
from engine.stages.baseline import BaselineParams, BaselineStage
from engine.stages.evaluate import EvaluateParams, EvaluateStage
from store.schema import SAMPLES
from tests.engine.models.pair_rows import OFF, ON, pair_rows
from tests.engine.stages.test_predict import add_detector
from tests.engine.stages.test_train import LABELS, toy_rows
from tests.fakes import make_inputs, run_stage
from tests.tiny import tiny_bert


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


def test_baselines_are_evaluated_beside_detectors(tmp_path: Path) -> None:
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
    expected = WordBaseline.fit(TFIDF, toy_rows(40), LABELS, seed=7).classify(
        samples.sort("sample_id")["text"].to_list(), 32
    )
    tfidf = found.filter(pl.col("detector_id") == "b1")
    assert tfidf["predicted_label"].to_list() == [verdict.label for verdict in expected]
    for row, verdict in zip(tfidf["probabilities"].to_list(), expected, strict=True):
        assert row == pytest.approx(verdict.probabilities, abs=1e-6)
    assert (tfidf["predicted_label"] == tfidf["label"]).mean() == 1


def test_a_single_text_baseline_says_nothing_of_pairs(tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path, {"training_rows": toy_rows(40)})
    row = run_stage(BaselineStage(), inputs, make_params()).row(0, named=True)
    assert {"name", "positives"}.isdisjoint(json.loads(row["params"]))
    kept = pl.read_parquet(tmp_path / "detectors" / "b1" / "training_rows.parquet", glob=False)
    assert kept.columns == toy_rows(1).columns


@pytest.mark.parametrize("kind", [COSINE, KNN, COLBERT, CROSS_ENCODER])
def test_one_for_pairs_is_fitted_with_its_model_where_it_is_evaluated(
    tmp_path: Path, kind: str
) -> None:
    rows = pair_rows(
        *((f"You answer questions on {topic}.", f"Tell me about {asked} {place}.", label)
          for place in range(3)
          for topic, asked, label in [("water", "water", ON), ("water", "trains", OFF),
                                      ("trains", "trains", ON), ("trains", "water", OFF)])
    ).drop("is_positive")  # fmt: skip
    outputs = ["similarity"] if kind == CROSS_ENCODER else None
    base = f"{kind}@path:{tiny_bert(tmp_path / 'model', outputs)}"
    params = make_params(base, name=kind, labels=(OFF, ON), positives=(OFF,))
    entering = make_inputs(tmp_path, {"training_rows": rows}, stage="0-baseline")
    row = run_stage(BaselineStage(), entering, params).row(0, named=True)
    assert (row["name"], row["base"]) == (kind, base)
    samples = rows.select("dataset", "context", "text", "label", sample_id="item_id")
    inputs = make_inputs(
        tmp_path, {"samples": samples.select(*SAMPLES)}, stage="1-evaluate",
        earlier={"detectors": (entering.stage_dir,)},
    )  # fmt: skip
    found = run_stage(EvaluateStage(), inputs, EvaluateParams(detector_ids=("b1",)))
    assert found["error"].null_count() == found.height == 12
    assert found["probabilities"].list.sum().to_list() == pytest.approx([1] * 12)
    assert set(found["predicted_label"]) <= {OFF, ON}
    assert (tmp_path / "detectors" / "b1" / "fit.json").exists() == (kind != KNN)
