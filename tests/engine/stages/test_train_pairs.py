"""Stage `train` on pairs: what is learned, resumed, recorded, and what is refused."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.errors import ModelUnavailable, TrainingRefused
from engine.models.architecture import Architecture
from engine.models.classifier_folder import save_classifier
from engine.models.detector import Detector, detector_folder
from engine.stages.train import TrainStage
from engine.training.params import TrainParams
from tests.engine.stages.test_train import make_params, toy_rows, train
from tests.engine.stages.test_train_resumed import outcome
from tests.fakes import make_inputs, run_stage
from tests.killed_training import run_until
from tests.pairs import ARCHITECTURES, LABELS, pair_model, toy_pairs
from tests.tiny import tiny_bert


def pair_params(base: Path | str, architecture: Architecture, **changes: Any) -> TrainParams:
    """Parameters for the toy pairs."""
    labels = {"labels": LABELS, "positive": LABELS[:1]}
    return make_params(base, architecture=architecture, **{**labels, **changes})


def accuracy(workspace: Path, rows: pl.DataFrame) -> float:
    detector = Detector.load(detector_folder(workspace, "d1"), "cpu")
    contexts = rows["context"].to_list()
    verdicts = detector.classify(rows["text"].to_list(), 32, contexts=contexts)
    labels: list[str] = rows["label"].to_list()
    right = [verdict.label == label for verdict, label in zip(verdicts, labels, strict=True)]
    return sum(right) / len(right)


def require_learned(workspace: Path, unseen: pl.DataFrame) -> None:
    """Other contexts of the same texts turn each label around."""
    assert accuracy(workspace, unseen) >= 0.95
    assert accuracy(workspace, unseen.with_columns(context=pl.col("context").reverse())) <= 0.05


def test_what_only_both_texts_say_is_learned(tmp_path: Path) -> None:
    params = pair_params(tiny_bert(tmp_path / "base"), "cross-encoder", epochs=12)
    row = train(tmp_path, toy_pairs(80), params)
    require_learned(tmp_path, toy_pairs(120)[80:])
    assert row["pooling"] == "mean"
    assert json.loads(row["params"])["architecture"] == "cross-encoder"


@pytest.mark.embedded
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_embedded_encoder_learns_a_handful_of_pairs(
    tmp_path: Path, architecture: Architecture
) -> None:
    """A tiny encoder of random weights is not enough for a bi-encoder: its texts are all alike."""
    base = "bundled:all-minilm-l6-v2"
    params = pair_params(base, architecture, learning_rate=5e-4, epochs=8)
    row = train(tmp_path, toy_pairs(24), params)
    assert row["width"] == 384
    assert row["pooling"] == ("fused" if architecture == "bi-encoder" else "mean")
    require_learned(tmp_path, toy_pairs(48)[24:])


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_killed_training_goes_on_and_ends_with_the_same_weights(
    tmp_path: Path, architecture: Architecture
) -> None:
    rows = pl.concat([toy_pairs(24), toy_pairs(12, stage=1)])
    params = pair_params(
        tiny_bert(tmp_path / "base"), architecture, epochs=2, batch_size=4, warmup_ratio=0.1,
        class_weights="balanced", validation_share=0.25, early_stop_epochs=2,
    )  # fmt: skip
    make_inputs(tmp_path / "whole", {"training_rows": rows})
    assert not run_until(tmp_path / "whole", params, "never")
    make_inputs(tmp_path / "killed", {"training_rows": rows})
    for moment in ("step:5", "save:2:optimizer.safetensors", "step:6"):
        assert run_until(tmp_path / "killed", params, moment)
    inputs = make_inputs(tmp_path / "killed", {})
    run_stage(TrainStage(checkpoint_steps=3), inputs, params)
    assert outcome(tmp_path / "killed") == outcome(tmp_path / "whole")


def test_a_bi_encoder_says_on_its_card_what_it_takes_and_how_it_is_loaded(tmp_path: Path) -> None:
    params = pair_params(
        tiny_bert(tmp_path / "base"), "bi-encoder", max_length=32, max_context_length=64, epochs=1
    )
    train(tmp_path, toy_pairs(20), params)
    folder = detector_folder(tmp_path, "d1")
    card = (folder / "README.md").read_text()
    assert "first 64 tokens of a context, and the first 32 of a text" in card
    assert "pairs, by a bi-encoder, in this order: context, then text" in card
    assert "trust_remote_code=True" in card
    assert "the state of both texts that the classifier takes" in card
    assert '"max_context_length": 64' in card
    assert {path.suffix for path in folder.iterdir()} <= {".json", ".safetensors", ".md", ".py"}
    assert (folder / "curve.json").exists()
    config = json.loads((folder / "config.json").read_text())
    assert str(tmp_path) not in json.dumps(config)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_head_of_another_size_gives_way_to_a_new_one(
    tmp_path: Path, architecture: Architecture
) -> None:
    base = tiny_bert(tmp_path / "base", ("similarity",))
    row = train(tmp_path, toy_pairs(20), pair_params(base, architecture, epochs=1))
    assert row["labels"] == list(LABELS)


def test_a_bi_encoder_is_trained_further_with_all_its_parts(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    params = pair_params(tiny_bert(tmp_path / "base"), "bi-encoder", epochs=1)
    train(tmp_path, toy_pairs(20), params)
    first = detector_folder(tmp_path, "d1")
    still = {"learning_rate": 1e-12, "epochs": 1}
    for labels, kept in ((LABELS, True), (("yes", "no"), False)):
        rows = toy_pairs(20).with_columns(pl.col("label").replace(list(LABELS), list(labels)))
        changes = {**still, "labels": labels, "positive": labels[:1]}
        train(tmp_path / labels[0], rows, pair_params(first, "bi-encoder", **changes))
        old = load_file(first / "model.safetensors")
        new = load_file(detector_folder(tmp_path / labels[0], "d1") / "model.safetensors")
        same = {name: bool((old[name] - new[name]).abs().max() < 1e-6) for name in old}
        assert all(ok for name, ok in same.items() if not name.startswith("classifier."))
        assert all(ok for name, ok in same.items() if name == "classifier.0.weight") == kept


def test_a_bi_encoder_is_no_base_for_anything_else(tmp_path: Path) -> None:
    model, tokenizer = pair_model(tmp_path / "base", "bi-encoder")
    save_classifier(tmp_path / "brought", model, tokenizer, {})
    with pytest.raises(ModelUnavailable, match='architecture = "bi-encoder"'):
        train(tmp_path, toy_pairs(20), pair_params(tmp_path / "brought", "cross-encoder"))
    with pytest.raises(ModelUnavailable, match='architecture = "bi-encoder"'):
        train(tmp_path, toy_rows(20), make_params(tmp_path / "brought"))


def test_a_pair_without_a_context_is_refused_before_a_model_is_loaded(tmp_path: Path) -> None:
    rows = toy_pairs(20)
    blank = rows.with_columns(context=pl.when(pl.col("item_id") != "0-003").then(pl.col("context")))
    with pytest.raises(TrainingRefused, match=r"1 of 20 training rows have no context.*0-003"):
        train(tmp_path, blank, pair_params(tmp_path / "no-such-model", "bi-encoder"))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_detector_that_was_brought_along_is_taken_whatever_it_is(
    tmp_path: Path, architecture: Architecture
) -> None:
    model, tokenizer = pair_model(tmp_path / "base", architecture)
    save_classifier(tmp_path / "brought", model, tokenizer, {})
    row = train(tmp_path, toy_pairs(0), pair_params(tmp_path / "brought", "cross-encoder"))
    detector = Detector.load(detector_folder(tmp_path, "d1"), "cpu")
    brought = Detector.load(tmp_path / "brought", "cpu")
    (verdict,), (expected,) = (
        some.classify(["Rest."], 1, contexts=["Talk."]) for some in (detector, brought)
    )
    assert verdict.probabilities == pytest.approx(expected.probabilities, abs=1e-6)
    assert row["labels"] == list(LABELS)
    card = (detector_folder(tmp_path, "d1") / "README.md").read_text()
    assert f"by a {architecture}" in card
    with pytest.raises(TrainingRefused, match="takes pairs of texts"):
        train(
            tmp_path / "single", toy_rows(0),
            make_params(tmp_path / "brought", labels=LABELS, positive=LABELS[:1]),
        )  # fmt: skip


def test_a_classifier_that_says_nothing_of_pairs_is_taken_as_a_cross_encoder(
    tmp_path: Path,
) -> None:
    base = tiny_bert(tmp_path / "brought", LABELS)
    train(tmp_path, toy_pairs(0), pair_params(base, "bi-encoder"))
    assert Detector.load(detector_folder(tmp_path, "d1"), "cpu").takes_pairs


def test_parameters_of_single_texts_know_nothing_of_pairs(tmp_path: Path) -> None:
    single = make_params("path:x")
    assert not {"architecture", "max_context_length"} & set(single.model_dump())
    assert not {"architecture", "max_context_length"} & set(json.loads(single.model_dump_json()))
    pair = pair_params("path:x", "bi-encoder", max_context_length=9)
    assert TrainParams.model_validate_json(pair.model_dump_json()) == pair
