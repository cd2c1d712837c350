"""Stage `predict`: one row for every item, the same parts after a resume."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from engine.errors import InputsMissing, ModelUnavailable
from engine.jobs.parts import list_parts
from engine.models.architecture import Architecture
from engine.models.classifier_folder import save_classifier
from engine.models.detector import Detector
from engine.stages.predict import PredictParams, PredictStage
from engine.training.bases import load_base
from store.schema import ANSWERS, DETECTORS, QUERIES, SAMPLES
from tests import rows
from tests.fakes import RecordedProgress, checkpoint_at, make_inputs, run_stage
from tests.pairs import ARCHITECTURES, CONTEXTS, TEXTS, pair_model
from tests.tiny import tiny_bart, tiny_bert

LABELS = ("advice", "content", "other")


def add_detector(workspace: Path, detector_id: str = "d1", make: Any = tiny_bert) -> pl.DataFrame:
    """Put an untrained detector in the workspace and return its table."""
    model, tokenizer = load_base(checkpoint_at(make(workspace / "base")), LABELS, seed=0)
    save_classifier(workspace / "detectors" / detector_id, model, tokenizer, {})
    return detectors(detector_id)


def add_pair_detector(workspace: Path, architecture: Architecture) -> None:
    """Put an untrained detector for pairs in the workspace."""
    model, tokenizer = pair_model(workspace / "base", architecture)
    save_classifier(workspace / "detectors" / "d1", model, tokenizer, {})


def detectors(*detector_ids: str) -> pl.DataFrame:
    given = pl.DataFrame({"detector_id": detector_ids}).with_columns(base=pl.lit("path:b"))
    return given.select(
        pl.col(name) if name in given.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in DETECTORS.items()
    )


def answers(*rows: tuple[str, str | None, str | None]) -> pl.DataFrame:
    """An answers table of (answer_id, text, error)."""
    given = pl.DataFrame(rows, schema=["answer_id", "text", "error"], orient="row")
    return given.select(
        pl.col(name).cast(dtype) if name in given.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in ANSWERS.items()
    )


TEN = answers(*((f"a{index}", "Rest. " * (10 - index), None) for index in reversed(range(10))))


def predict(workspace: Path, tables: dict[str, pl.DataFrame], **params: Any) -> pl.DataFrame:
    chosen = PredictParams.model_validate(params)
    return run_stage(PredictStage(), make_inputs(workspace, tables), chosen)


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert])
def test_every_answer_gets_what_the_detector_says_of_its_own_text(
    tmp_path: Path, make: Any
) -> None:
    known = add_detector(tmp_path, make=make)
    found = predict(tmp_path, {"detectors": known, "answers": TEN}, part_rows=4, batch_size=3)
    detector = Detector.load(tmp_path / "detectors" / "d1", "cpu")
    expected = detector.classify(TEN.sort("answer_id")["text"].to_list(), 1)
    assert found["item_id"].to_list() == [f"a{index}" for index in range(10)]
    assert set(found["item_kind"]) == {"answer"}
    for row, verdict in zip(found.iter_rows(named=True), expected, strict=True):
        assert row["label"] == verdict.label
        assert row["probabilities"] == pytest.approx(verdict.probabilities, abs=1e-6)
        assert row["embedding"] == pytest.approx(verdict.embedding, abs=1e-5)


def test_a_resumed_stage_writes_the_parts_that_were_missing_and_no_others(tmp_path: Path) -> None:
    tables = {"detectors": add_detector(tmp_path), "answers": TEN}
    whole = predict(tmp_path, tables, part_rows=4)
    inputs = make_inputs(tmp_path, tables)
    parts = list_parts(inputs.stage_dir)
    for part in parts[1:]:
        part.unlink()
    progress = RecordedProgress()
    resumed = replace(inputs, parts_done=1, progress=progress)
    assert_frame_equal(run_stage(PredictStage(), resumed, PredictParams(part_rows=4)), whole)
    assert [len(pl.read_parquet(part, glob=False)) for part in parts] == [4, 4, 2]
    assert progress.total == progress.done == 10
    finished = replace(inputs, parts_done=3)
    assert list(PredictStage().run(finished, PredictParams(part_rows=4))) == []


def test_an_answer_without_a_text_is_a_row_with_an_error(tmp_path: Path) -> None:
    table = answers(("a1", None, "the model ran out"), ("a2", " ", None), ("a3", "Rest.", None))
    found = predict(tmp_path, {"detectors": add_detector(tmp_path), "answers": table})
    assert found["error"].is_null().to_list() == [False, False, True]
    assert found["label"].is_null().to_list() == [True, True, False]
    assert found["embedding"].is_null().to_list() == [True, True, False]


def test_samples_have_predictions_without_embeddings(tmp_path: Path) -> None:
    samples = pl.DataFrame(
        [("s1", "seeds", "Rest.", None, None), ("s2", "seeds", "A train.", "other", None)],
        schema=dict(SAMPLES),
        orient="row",
    )
    tables = {"detectors": add_detector(tmp_path), "samples": samples}
    found = predict(tmp_path, tables, items="samples")
    assert found["item_kind"].to_list() == ["sample", "sample"]
    assert found["embedding"].is_null().all()
    assert found["probabilities"].list.len().to_list() == [3, 3]


def test_an_answer_that_came_twice_is_predicted_once(tmp_path: Path) -> None:
    tables = {"detectors": add_detector(tmp_path), "answers": pl.concat([TEN, TEN])}
    assert len(predict(tmp_path, tables)) == 10


def test_the_newest_detector_predicts_unless_one_is_named(tmp_path: Path) -> None:
    add_detector(tmp_path, "d1")
    add_detector(tmp_path, "d2")
    tables = {"detectors": detectors("d1", "d2"), "answers": TEN}
    assert set(predict(tmp_path / ".", tables)["detector_id"]) == {"d2"}
    chosen = PredictParams(detector_id="d1")
    inputs = make_inputs(tmp_path, tables, stage="1-predict")
    assert set(run_stage(PredictStage(), inputs, chosen)["detector_id"]) == {"d1"}


def test_a_detector_that_was_not_given_is_refused(tmp_path: Path) -> None:
    tables = {"detectors": detectors("d1"), "answers": TEN}
    with pytest.raises(InputsMissing, match=r"\['d1'\].*d9"):
        predict(tmp_path, tables, detector_id="d9")
    with pytest.raises(InputsMissing, match="train one first"):
        predict(tmp_path, {"detectors": detectors(), "answers": TEN})


def test_a_detector_whose_folder_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="d1"):
        predict(tmp_path, {"detectors": detectors("d1"), "answers": TEN})


def test_nothing_to_predict_on_needs_no_detector(tmp_path: Path) -> None:
    assert predict(tmp_path, {"answers": answers()}).is_empty()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_pairs_are_predicted_with_their_contexts(
    tmp_path: Path, architecture: Architecture
) -> None:
    """An answer's is the text of its query, a sample's its own."""
    add_pair_detector(tmp_path, architecture)
    items = [f"a{number}" for number in range(len(TEXTS))]
    given = answers(*((item, text, None) for item, text in zip(items, TEXTS, strict=True)))
    asked = pl.DataFrame({"query_id": [f"q-{item}" for item in items], "text": CONTEXTS})
    tables = {
        "detectors": detectors("d1"),
        "answers": given.with_columns(query_id="q-" + pl.col("answer_id")),
        "queries": rows.frame(QUERIES, asked.reverse().to_dicts()),
        "samples": pl.DataFrame({"sample_id": items, "text": TEXTS, "context": CONTEXTS}),
    }
    detector = Detector.load(tmp_path / "detectors" / "d1", "cpu")
    expected = detector.classify(TEXTS, 1, contexts=CONTEXTS)
    for kind in ("answers", "samples"):
        inputs = make_inputs(tmp_path, tables, stage=f"0-{kind}")
        params = PredictParams.model_validate({"items": kind, "part_rows": 2})
        found = run_stage(PredictStage(), inputs, params)
        assert found["item_id"].to_list() == items
        for row, verdict in zip(found.iter_rows(named=True), expected, strict=True):
            assert row["probabilities"] == pytest.approx(verdict.probabilities, abs=1e-6)
        assert found["embedding"].is_null().all() == (kind == "samples")


def test_an_answer_whose_query_is_gone_is_a_row_with_an_error(tmp_path: Path) -> None:
    add_pair_detector(tmp_path, "cross-encoder")
    tables = {"detectors": detectors("d1"), "answers": TEN, "queries": rows.queries([])}
    found = predict(tmp_path, tables)
    assert set(found["error"]) == {"there is no context to predict on"}
