"""Fine-tuning: the order of batches, the loss, heads that are kept or replaced."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ModelUnavailable, TrainingRefused
from engine.models.detector import encode, output_labels
from engine.models.finetuning import (
    Hyperparameters,
    LossMeter,
    TrainingStage,
    adopt,
    finetune,
    load_base,
    plan_batches,
)
from tests.fakes import RecordedProgress, checkpoint_at
from tests.tiny import tiny_bart, tiny_bert, tiny_llama

LABELS = ("advice", "content", "other")
TEXTS = ["Drink water.", "Vitamin D supports bones in adults over fifty.", "A train.", "Rest."]

lengths = st.lists(st.integers(1, 300), min_size=1, max_size=200)


@given(lengths, st.integers(1, 40))
def test_an_epoch_sees_every_row_once(lengths: list[int], batch_size: int) -> None:
    plan = plan_batches(lengths, batch_size, seed=0, stage=0, epoch=0)
    assert sorted(row for batch in plan for row in batch) == list(range(len(lengths)))
    assert len(plan) == -(-len(lengths) // batch_size)
    assert sum(len(batch) != batch_size for batch in plan) <= 1


def test_the_order_depends_on_seed_stage_and_epoch_alone() -> None:
    lengths = [index % 17 for index in range(100)]
    first = plan_batches(lengths, 8, seed=0, stage=0, epoch=0)
    assert plan_batches(lengths, 8, seed=0, stage=0, epoch=0) == first
    others = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert all(plan_batches(lengths, 8, *other) != first for other in others)


def test_batches_hold_texts_of_similar_length() -> None:
    lengths = [(index * 7919) % 400 for index in range(2000)]
    plan = plan_batches(lengths, 16, seed=0, stage=0, epoch=0)
    padded = sum(len(batch) * max(lengths[row] for row in batch) for batch in plan)
    assert padded < 1.1 * sum(lengths)


def make_stage(tokenizer: Any, rows: int = 12) -> TrainingStage:
    texts = [TEXTS[index % 4] for index in range(rows)]
    return TrainingStage(0, encode(tokenizer, texts, 64), [index % 3 for index in range(rows)])


def train(folder: Path, scratch: Path, settings: Hyperparameters) -> tuple[Any, list[float]]:
    model, tokenizer = load_base(checkpoint_at(folder), LABELS, seed=3)
    losses = finetune(
        model,
        tokenizer,
        make_stage(tokenizer),
        settings,
        seed=3,
        device="cpu",
        scratch=scratch,
        progress=RecordedProgress(),
        where="training stage 1 of 1",
    )
    return model, losses


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert, tiny_llama])
def test_the_same_seed_gives_the_same_weights(tmp_path: Path, make: Any) -> None:
    settings = Hyperparameters(epochs=2, batch_size=4, learning_rate=1e-3)
    base = make(tmp_path / "base")
    first, losses = train(base, tmp_path / "scratch", settings)
    again, losses_again = train(base, tmp_path / "scratch", settings)
    assert losses == losses_again
    assert len(losses) == 2
    weights, weights_again = first.state_dict(), again.state_dict()
    assert all(bool((weights[name] == weights_again[name]).all()) for name in weights)
    assert not list((tmp_path / "scratch").glob("*"))


def test_accumulated_batches_step_as_one_large_batch(tmp_path: Path) -> None:
    """All rows in one step, however they are cut: dropout is the only difference, so no dropout."""
    import torch
    from transformers import BertConfig

    base = tiny_bert(tmp_path / "base")
    config = BertConfig.from_pretrained(base)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    config.save_pretrained(base)
    one, _ = train(base, tmp_path / "a", Hyperparameters(epochs=1, batch_size=12))
    cut = Hyperparameters(epochs=1, batch_size=5, gradient_accumulation=3)
    three, _ = train(base, tmp_path / "b", cut)
    weights, others = one.state_dict(), three.state_dict()
    assert all(torch.allclose(weights[name], others[name], atol=1e-6) for name in weights)


def test_a_head_with_these_labels_is_kept_in_its_own_order(tmp_path: Path) -> None:
    import torch

    folder = tiny_bart(tmp_path / "base", ("other", "advice", "content"))
    model, _ = load_base(checkpoint_at(folder), LABELS, seed=0)
    adopted, _ = adopt(checkpoint_at(folder), LABELS)
    assert output_labels(model) == ("other", "advice", "content")
    head, kept = model.classification_head.state_dict(), adopted.classification_head.state_dict()
    assert all(torch.equal(head[name], kept[name]) for name in head)


@pytest.mark.parametrize("others", [("x", "y", "z"), ("x", "y")])
def test_a_head_for_other_labels_is_replaced_even_if_its_size_fits(
    tmp_path: Path, others: tuple[str, ...]
) -> None:
    import torch

    folder = tiny_bart(tmp_path / "base", others)
    model, _ = load_base(checkpoint_at(folder), LABELS, seed=5)
    original, _ = adopt(checkpoint_at(folder), others)
    assert output_labels(model) == LABELS
    head, old = model.classification_head.dense.weight, original.classification_head.dense.weight
    assert not torch.equal(head, old)
    assert torch.equal(model.base_model.shared.weight, original.base_model.shared.weight)


def test_a_new_head_is_drawn_from_the_seed(tmp_path: Path) -> None:
    import torch

    folder = tiny_bert(tmp_path / "base")
    heads = [
        load_base(checkpoint_at(folder), LABELS, seed=seed)[0].classifier.weight
        for seed in (1, 1, 2)
    ]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_a_model_with_other_labels_is_not_adopted_and_the_message_names_both(
    tmp_path: Path,
) -> None:
    folder = tiny_bert(tmp_path / "base", ("LABEL_0", "LABEL_1"))
    with pytest.raises(TrainingRefused, match=r"LABEL_0.*'advice', 'content', 'other'.*id2label"):
        adopt(checkpoint_at(folder), LABELS)


def test_a_bare_model_is_not_adopted(tmp_path: Path) -> None:
    with pytest.raises(TrainingRefused, match="cannot be taken"):
        adopt(checkpoint_at(tiny_bert(tmp_path / "base")), LABELS)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="nothing-here"):
        load_base(checkpoint_at(tmp_path / "nothing-here"), LABELS, seed=0)


def test_a_loss_that_is_no_number_ends_the_training() -> None:
    import torch

    class Output:
        logits = torch.tensor([[float("nan"), 0.0]])

    meter = LossMeter("training stage 1 of 1", epochs=2, batches_per_epoch=1)
    with pytest.raises(TrainingRefused, match=r"stage 1 of 1, epoch 1 of 2.*learning rate"):
        meter(Output(), torch.tensor([0]))


def test_the_mean_loss_weighs_rows_and_not_batches() -> None:
    import torch

    class Output:
        def __init__(self, rows: int, odds: float) -> None:
            self.logits = torch.tensor([[0.0, odds]]).repeat(rows, 1)

    meter = LossMeter("here", epochs=1, batches_per_epoch=2)
    meter(Output(3, 0.0), torch.tensor([0, 0, 0]))
    assert meter.describe() == "here, epoch 1 of 1, loss 0.693"
    meter(Output(1, -50.0), torch.tensor([0]))
    assert meter.epoch_means == [pytest.approx(3 / 4 * 0.693147, abs=1e-4)]
