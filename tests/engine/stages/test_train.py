"""Stage `train`: what is learned, what is refused, and the folder and row it leaves."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import TrainingRefused
from engine.models.detector import Detector
from engine.stages.train import TrainStage
from engine.training.params import TrainParams
from store.sources import TRAINING_ROWS
from tests.fakes import RecordedProgress, make_inputs, run_stage
from tests.tiny import tiny_bart, tiny_bert

LABELS = ("advice", "content")


def toy_rows(count: int, stage: int = 0) -> pl.DataFrame:
    """Rows whose label is whether the text tells somebody to drink or to rest."""
    rows = []
    for index in range(count):
        advice = index % 2 == 0
        what = (
            ("Drink water", "Rest")[index % 4 // 2]
            if advice
            else ("A train", "The study")[index % 4 // 2]
        )
        text = f"{what} number {index * 37 % 101}."
        item = f"{stage}-{index:03}"
        rows.append((stage, "real", "toy", item, item, None, text, LABELS[not advice]))
    return pl.DataFrame(rows, schema=dict(TRAINING_ROWS), orient="row")


def make_params(base: Path | str, **changes: Any) -> TrainParams:
    """Parameters for the toy rows; a path becomes its reference."""
    return TrainParams.model_validate(
        {
            "detector_id": "d1",
            "name": "toy | detector",
            "recipe": "initial",
            "base": f"path:{base}" if isinstance(base, Path) else base,
            "labels": LABELS,
            "positive": ("advice",),
            "training_digest": "digest",
            "seed": 7,
            "learning_rate": 2e-3,
            "epochs": 3,
            "batch_size": 8,
            **changes,
        }
    )


def train(workspace: Path, rows: pl.DataFrame, params: TrainParams) -> dict[str, Any]:
    """Run the stage in a workspace and return the row of its detector."""
    inputs = make_inputs(workspace, {"training_rows": rows})
    return run_stage(TrainStage(), inputs, params).row(0, named=True)


def weights(workspace: Path, detector_id: str = "d1") -> bytes:
    return (workspace / "detectors" / detector_id / "model.safetensors").read_bytes()


def accuracy(workspace: Path, rows: pl.DataFrame) -> float:
    detector = Detector.load(workspace / "detectors" / "d1", "cpu")
    verdicts = detector.classify(rows["text"].to_list(), 32)
    labels: list[str] = rows["label"].to_list()
    right = [verdict.label == label for verdict, label in zip(verdicts, labels, strict=True)]
    return sum(right) / len(right)


@pytest.mark.parametrize("make", [tiny_bert, tiny_bart])
def test_a_toy_problem_is_learned_and_shuffled_labels_are_not(tmp_path: Path, make: Any) -> None:
    rows, unseen = toy_rows(80), toy_rows(120)[80:]
    params = make_params(make(tmp_path / "base"), epochs=6)
    train(tmp_path / "right", rows, params)
    shuffled = rows.with_columns(pl.col("label").shuffle(seed=1))
    train(tmp_path / "shuffled", shuffled, params)
    assert accuracy(tmp_path / "right", unseen) >= 0.95
    assert accuracy(tmp_path / "shuffled", unseen) < 0.8


@pytest.mark.embedded
def test_the_embedded_encoder_learns_a_handful_of_rows(tmp_path: Path) -> None:
    params = make_params("bundled:all-minilm-l6-v2", learning_rate=5e-4)
    row = train(tmp_path, toy_rows(24), params)
    assert (row["pooling"], row["width"]) == ("mean", 384)
    assert accuracy(tmp_path, toy_rows(48)[24:]) >= 0.95


def test_the_same_rows_in_any_order_give_the_same_weights_and_another_seed_does_not(
    tmp_path: Path,
) -> None:
    rows, base = toy_rows(20), tiny_bert(tmp_path / "base")
    first = train(tmp_path / "a", rows, make_params(base))
    again = train(tmp_path / "b", rows.reverse(), make_params(base))
    other = train(tmp_path / "c", rows, make_params(base, seed=8))
    assert weights(tmp_path / "a") == weights(tmp_path / "b") != weights(tmp_path / "c")
    assert first["losses"] == again["losses"] != other["losses"]


def test_a_pipeline_loads_the_folder_and_says_the_same(tmp_path: Path) -> None:
    from transformers import pipeline

    train(tmp_path, toy_rows(40), make_params(tiny_bart(tmp_path / "base")))
    folder = tmp_path / "detectors" / "d1"
    texts = ["Drink water number 3.", "The study number 5.</s>"]
    classify: Any = pipeline("text-classification", model=str(folder), device="cpu")
    verdicts = Detector.load(folder, "cpu").classify(texts, 1)
    for found, verdict in zip(classify(texts), verdicts, strict=True):
        assert found["label"] == verdict.label
        assert found["score"] == pytest.approx(max(verdict.probabilities or []), abs=1e-6)


def test_the_folder_holds_no_pickle_and_a_card_with_the_counts(tmp_path: Path) -> None:
    rows = toy_rows(20).with_columns(dataset=pl.lit("na|ughty"))
    train(tmp_path, rows, make_params(tiny_bert(tmp_path / "base"), max_length=32))
    folder = tmp_path / "detectors" / "d1"
    assert {path.suffix for path in folder.iterdir()} <= {".json", ".safetensors", ".md"}
    card = (folder / "README.md").read_text()
    assert "# toy \\| detector" in card
    assert "| 1 | real | na\\|ughty | advice | 10 |" in card
    assert "`advice` (positive), `content`" in card
    assert '"learning_rate": 0.002' in card
    assert "first 32 tokens" in card
    assert not list((tmp_path / "jobs" / "job-1" / "0-stage").glob("trainer/*"))


def test_the_row_says_what_the_detector_is(tmp_path: Path) -> None:
    row = train(tmp_path, toy_rows(20), make_params(tiny_bert(tmp_path / "base")))
    assert (row["detector_id"], row["recipe"], row["job_id"]) == ("d1", "initial", "job-1")
    assert (row["labels"], row["pooling"], row["width"]) == (list(LABELS), "mean", 32)
    assert (row["training_rows"], row["training_digest"], row["seed"]) == (20, "digest", 7)
    assert len(row["losses"]) == 3
    assert json.loads(row["params"])["learning_rate"] == 2e-3
    assert {"torch", "transformers", "device", "threads"} <= set(json.loads(row["versions"]))


def two_stages() -> pl.DataFrame:
    return pl.concat([toy_rows(24), toy_rows(10, stage=1)])


def test_two_stages_train_one_after_the_other_and_differ_from_one(tmp_path: Path) -> None:
    base, progress = tiny_bert(tmp_path / "base"), RecordedProgress()
    rows = two_stages()
    inputs = make_inputs(tmp_path / "two", {"training_rows": rows}, progress=progress)
    row = run_stage(TrainStage(), inputs, make_params(base, epochs=2)).row(0, named=True)
    joined = rows.with_columns(stage=pl.lit(0, dtype=pl.Int32))
    train(tmp_path / "one", joined, make_params(base, epochs=2))
    assert weights(tmp_path / "two") != weights(tmp_path / "one")
    assert len(row["losses"]) == 4
    assert progress.total == progress.done == 2 * len(rows)


def test_the_first_stage_of_two_is_what_a_training_on_it_alone_gives(tmp_path: Path) -> None:
    """Its losses are equal, and the second stage goes on from there with its own rows only."""
    base, rows = tiny_bert(tmp_path / "base"), two_stages()
    both = train(tmp_path / "two", rows, make_params(base, epochs=2))
    alone = train(tmp_path / "one", rows.filter(pl.col("stage") == 0), make_params(base, epochs=2))
    assert both["losses"][:2] == alone["losses"]
    follow = make_params(tmp_path / "one" / "detectors" / "d1", epochs=2)
    train(tmp_path / "then", rows.filter(pl.col("stage") == 1), follow)
    assert weights(tmp_path / "then") == weights(tmp_path / "two")


def test_progress_says_stage_epoch_and_loss(tmp_path: Path) -> None:
    progress = RecordedProgress()
    inputs = make_inputs(tmp_path, {"training_rows": two_stages()}, progress=progress)
    params = make_params(tiny_bert(tmp_path / "base"), epochs=4, batch_size=4)
    run_stage(TrainStage(), inputs, params)
    assert progress.notes[0].startswith("training stage 1 of 2, epoch 2 of 4, loss 0.")
    assert progress.notes[-1].startswith("training stage 2 of 2, epoch 4 of 4, loss 0.")


def test_without_rows_a_model_is_adopted_as_it_is(tmp_path: Path) -> None:
    base = tiny_bart(tmp_path / "base", tuple(reversed(LABELS)))
    row = train(tmp_path, toy_rows(0), make_params(base))
    assert (row["labels"], row["losses"], row["training_rows"]) == (["content", "advice"], [], 0)
    texts = ["Rest.", "A train."]
    adopted = Detector.load(tmp_path / "detectors" / "d1", "cpu").classify(texts, 2)
    assert adopted == Detector.load(base, "cpu").classify(texts, 2)
    card = (tmp_path / "detectors" / "d1" / "README.md").read_text()
    assert "brought along" in card


def test_a_brought_model_with_other_labels_is_refused(tmp_path: Path) -> None:
    base = tiny_bert(tmp_path / "base", ("spam", "ham"))
    with pytest.raises(TrainingRefused, match=r"spam.*advice.*id2label"):
        train(tmp_path, toy_rows(0), make_params(base))
    assert not (tmp_path / "detectors").exists()


def test_a_repeated_run_of_the_job_replaces_the_detector(tmp_path: Path) -> None:
    base = tiny_bert(tmp_path / "base")
    train(tmp_path, toy_rows(20), make_params(base, seed=1))
    before = weights(tmp_path)
    (tmp_path / "jobs" / "job-1" / "0-stage" / "parts" / "00000.parquet").unlink()
    train(tmp_path, toy_rows(20), make_params(base, seed=2))
    assert weights(tmp_path) != before
    assert [path.name for path in (tmp_path / "detectors").iterdir()] == ["d1"]


def test_a_resumed_stage_with_its_part_does_nothing(tmp_path: Path) -> None:
    inputs = replace(make_inputs(tmp_path, {}), parts_done=1)
    assert list(TrainStage().run(inputs, make_params(tmp_path / "no-such-model"))) == []


@given(st.text(max_size=20))
@settings(max_examples=50)
def test_a_detector_id_never_leaves_its_folder(detector_id: str) -> None:
    try:
        params = make_params(Path("base"), detector_id=detector_id)
    except ValueError:
        return
    assert Path("detectors", params.detector_id).resolve().parent == Path("detectors").resolve()


def test_settings_of_a_stage_and_what_was_found_are_on_card_and_row(tmp_path: Path) -> None:
    params = make_params(
        tiny_bert(tmp_path / "base"), validation_share=0.25, early_stop_epochs=3,
        stages=({}, {"epochs": 1, "batch_size": 5}),
    )  # fmt: skip
    row = train(tmp_path, two_stages(), params)
    assert len(row["losses"]) == 4
    stages = json.loads(row["params"])["stages"]
    assert (stages[1]["epochs"], stages[0]["epochs"]) == (1, None)
    versions = json.loads(row["versions"])
    assert versions["precision"] == "float32"
    card = (tmp_path / "detectors" / "d1" / "README.md").read_text()
    assert '"early_stop_epochs": 3' in card
    assert f'"backquery": "{versions["backquery"]}"' in card
    assert "came from 8 seeds, were not trained on" in card
    curve = json.loads((tmp_path / "detectors" / "d1" / "curve.json").read_text())
    held_out = int(card.split(" Of these, ")[1].split(",")[0])
    seen = sum(point["rows"] for point in curve if point["epoch"] == 0)
    assert seen == 34 - held_out


def test_settings_for_a_stage_that_is_not_there_are_refused(tmp_path: Path) -> None:
    params = make_params(tiny_bert(tmp_path / "base"), stages=({}, {"epochs": 1}))
    with pytest.raises(TrainingRefused, match="for 2 training stages, and the rows have 1"):
        train(tmp_path, toy_rows(20), params)
