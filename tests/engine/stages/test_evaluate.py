"""Stage `evaluate`, and the way from training rows over predictions to measures."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from engine.errors import ModelUnavailable
from engine.models.architecture import Architecture
from engine.models.detector import Detector
from engine.stages.evaluate import (
    EvaluateParams,
    EvaluateStage,
)
from engine.stages.predict import PredictParams, PredictStage
from engine.stages.train import TrainStage
from engine.statistics.measures import count_binary, measure_binary
from store.ids import benchmark_digest, evaluation_id, row_id
from store.schema import SAMPLES
from tests import rows
from tests.engine.stages.test_predict import (
    add_detector,
    add_pair_detector,
    answers,
    detectors,
)
from tests.engine.stages.test_train import make_params, toy_rows
from tests.fakes import RecordedProgress, make_inputs, run_stage
from tests.pairs import ARCHITECTURES, CONTEXTS, TEXTS
from tests.tiny import tiny_bart, tiny_bert

SAMPLES_OF_TWO = pl.DataFrame(
    [(f"s{index}", "ab"[index % 2], "Rest. " * (9 - index), "advice", None) for index in range(7)],
    schema=dict(SAMPLES),
    orient="row",
)


def evaluate(workspace: Path, tables: dict[str, pl.DataFrame], **params: Any) -> pl.DataFrame:
    chosen = EvaluateParams.model_validate(params)
    return run_stage(EvaluateStage(), make_inputs(workspace, tables), chosen)


def test_every_detector_is_asked_about_every_row_of_every_dataset(tmp_path: Path) -> None:
    add_detector(tmp_path, "d1")
    add_detector(tmp_path, "d2", tiny_bart)
    tables = {"detectors": detectors("d1", "d2"), "samples": SAMPLES_OF_TWO}
    found = evaluate(tmp_path, tables, detector_ids=("d2", "d1", "d2"), part_rows=3, batch_size=2)
    assert found["detector_id"].to_list() == ["d2"] * 7 + ["d1"] * 7
    assert found["dataset"].to_list() == ["a", "a", "a", "a", "b", "b", "b"] * 2
    for detector_id in ("d1", "d2"):
        detector = Detector.load(tmp_path / "detectors" / detector_id, "cpu")
        rows = found.filter(pl.col("detector_id") == detector_id).sort("sample_id")
        verdicts = detector.classify(SAMPLES_OF_TWO.sort("sample_id")["text"].to_list(), 1)
        assert rows["predicted_label"].to_list() == [verdict.label for verdict in verdicts]


def test_an_evaluation_is_named_by_detector_dataset_and_labelled_rows(tmp_path: Path) -> None:
    tables = {"detectors": add_detector(tmp_path), "samples": SAMPLES_OF_TWO}
    found = evaluate(tmp_path, tables, detector_ids=("d1",))
    part = SAMPLES_OF_TWO.filter(pl.col("dataset") == "a")
    expected = row_id("evaluation", "d1", "a", benchmark_digest(part))
    assert found.filter(pl.col("dataset") == "a")["evaluation_id"].unique().to_list() == [expected]
    assert found["evaluation_id"].n_unique() == 2


def test_rows_that_are_missing_are_those_of_the_whole_dataset(tmp_path: Path) -> None:
    add_detector(tmp_path, "d1")
    tables = {"detectors": detectors("d1"), "samples": SAMPLES_OF_TWO.filter(dataset="a").head(2)}
    found = evaluate(tmp_path, tables, detector_ids=("d1",), dataset_digest="whole")
    assert set(found["evaluation_id"]) == {evaluation_id("d1", "a", "whole")}


def test_the_digest_follows_labels_and_ids_and_not_the_order() -> None:
    digest = benchmark_digest(SAMPLES_OF_TWO)
    assert benchmark_digest(SAMPLES_OF_TWO.reverse()) == digest
    assert benchmark_digest(SAMPLES_OF_TWO.head(6)) != digest
    assert benchmark_digest(SAMPLES_OF_TWO.with_columns(label=pl.lit("other"))) != digest


@pytest.mark.parametrize("kept", [1, 2, 3, 4, 5])
def test_a_resumed_stage_writes_the_same_parts(tmp_path: Path, kept: int) -> None:
    add_detector(tmp_path, "d1")
    add_detector(tmp_path, "d2")
    tables = {"detectors": detectors("d1", "d2"), "samples": SAMPLES_OF_TWO}
    params = EvaluateParams(detector_ids=("d1", "d2"), part_rows=3)
    whole = pl.concat(EvaluateStage().run(make_inputs(tmp_path, tables), params))
    progress = RecordedProgress()
    resumed = replace(make_inputs(tmp_path, tables), parts_done=kept, progress=progress)
    rest = pl.concat(EvaluateStage().run(resumed, params))
    assert_frame_equal(rest, whole.tail(len(rest)))
    assert len(rest) == 14 - [0, 3, 6, 7, 10, 13][kept]
    assert progress.total == progress.done == 14


def test_a_row_that_failed_has_no_predicted_label(tmp_path: Path) -> None:
    blank = SAMPLES_OF_TWO.with_columns(
        text=pl.when(pl.col("sample_id") == "s3").then(pl.lit("")).otherwise("text")
    )
    tables = {"detectors": add_detector(tmp_path), "samples": blank}
    found = evaluate(tmp_path, tables, detector_ids=("d1",))
    failed = found.filter(pl.col("predicted_label").is_null())
    assert failed["sample_id"].to_list() == ["s3"]
    assert failed["probabilities"].is_null().all()


def test_samples_without_a_label_are_judged_too(tmp_path: Path) -> None:
    tables = {
        "detectors": add_detector(tmp_path),
        "samples": SAMPLES_OF_TWO.with_columns(label=pl.lit(None, pl.String)),
    }
    found = evaluate(tmp_path, tables, detector_ids=("d1",))
    assert found["label"].is_null().all()
    assert found["predicted_label"].is_not_null().all()


def test_no_samples_give_no_rows(tmp_path: Path) -> None:
    tables = {"detectors": add_detector(tmp_path), "samples": SAMPLES_OF_TWO.head(0)}
    assert evaluate(tmp_path, tables, detector_ids=("d1",)).is_empty()


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert])
def test_train_predict_and_evaluate_work_as_one_job(tmp_path: Path, make: Any) -> None:
    base = make(tmp_path / "base")
    training = make_inputs(tmp_path, {"training_rows": toy_rows(80)}, stage="0-train")
    run_stage(TrainStage(), training, make_params(base, epochs=6))

    table = answers(*((row["item_id"], row["text"], None) for row in toy_rows(8).to_dicts()))
    earlier = {"detectors": (training.stage_dir,)}
    chained = make_inputs(tmp_path, {"answers": table}, stage="1-predict", earlier=earlier)
    predictions = run_stage(PredictStage(), chained, PredictParams(part_rows=3))
    assert predictions["label"].to_list() == ["advice", "content"] * 4

    samples = toy_rows(120)[80:].with_columns(sample_id="item_id").select(*SAMPLES)
    judged = make_inputs(tmp_path, {"samples": samples}, stage="2-evaluate", earlier=earlier)
    rows = run_stage(EvaluateStage(), judged, EvaluateParams(detector_ids=("d1",)))
    found = measure_binary(
        count_binary(rows["label"].to_list(), rows["predicted_label"].to_list(), {"advice"})
    )
    assert found.accuracy is not None
    assert found.accuracy.n == 40
    assert found.accuracy.value >= 0.95


def test_a_detector_that_cannot_be_loaded_gives_no_rows_and_does_not_stop_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tables = {
        "detectors": detectors("d1", "d2"),
        "samples": SAMPLES_OF_TWO,
    }
    add_detector(tmp_path, "d1")
    rows.stand_in(tmp_path, "d2")  # whole as far as its files' lengths go
    params = EvaluateParams(detector_ids=("d2", "d1"), part_rows=3, may_leave_out=True)
    found = run_stage(EvaluateStage(), make_inputs(tmp_path, tables), params)
    assert found["detector_id"].to_list() == ["d1"] * 7
    assert found["predicted_label"].null_count() == 0
    assert "The detector d2 is left out" in caplog.text
    again = list(EvaluateStage().run(make_inputs(tmp_path, tables, parts_done=4), params))
    assert [frame.height for frame in again] == [3, 1]


def test_a_detector_that_may_not_be_left_out_and_cannot_be_loaded_is_an_error(
    tmp_path: Path,
) -> None:
    rows.stand_in(tmp_path, "d1")
    tables = {"detectors": detectors("d1"), "samples": SAMPLES_OF_TWO}
    with pytest.raises(ModelUnavailable, match="d1"):
        evaluate(tmp_path, tables, detector_ids=("d1",))


def pair_samples() -> pl.DataFrame:
    """Pairs of one dataset; the last lacks its context."""
    return pl.DataFrame(
        {
            "sample_id": [f"s{number}" for number in range(len(TEXTS))],
            "dataset": "pairs",
            "text": TEXTS,
            "context": [*CONTEXTS[:-1], None],
            "label": "on-topic",
        }
    )


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_pairs_are_evaluated_with_their_contexts(
    tmp_path: Path, architecture: Architecture
) -> None:
    add_pair_detector(tmp_path, architecture)
    tables = {"detectors": detectors("d1"), "samples": pair_samples()}
    found = evaluate(tmp_path, tables, detector_ids=("d1",), part_rows=2)
    detector = Detector.load(tmp_path / "detectors" / "d1", "cpu")
    expected = detector.classify(TEXTS, 1, contexts=CONTEXTS)[:-1]
    for row, verdict in zip(found.iter_rows(named=True), expected, strict=False):
        assert row["probabilities"] == pytest.approx(verdict.probabilities, abs=1e-6)
    assert found["error"].to_list()[-1] == "there is no context to predict on"
    assert found["error"].null_count() == len(TEXTS) - 1


def test_a_detector_of_single_texts_is_no_detector_of_pairs(tmp_path: Path) -> None:
    tables = {"detectors": add_detector(tmp_path), "samples": pair_samples()}
    found = evaluate(tmp_path, tables, detector_ids=("d1",))
    assert found["error"].str.contains("takes single texts").sum() == len(TEXTS) - 1
