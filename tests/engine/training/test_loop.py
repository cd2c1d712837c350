"""Fine-tuning: the same weights from the same seed, however a step is cut; and each setting."""

from pathlib import Path
from typing import Any

import pytest

from engine.errors import TrainingRefused
from engine.models.inputs import encode
from engine.training import loss
from engine.training.bases import load_base
from engine.training.batches import RowsAtOnce
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.curve import CurveFile, read_curve
from engine.training.hyperparameters import Hyperparameters
from engine.training.loop import finetune
from engine.training.run import LabelledRows, Run, TrainingStage
from tests.fakes import RecordedProgress, checkpoint_at, short_of_room
from tests.tiny import calm, tiny_bart, tiny_bert, tiny_llama

LABELS = ("advice", "content", "other")
TEXTS = ["Drink water.", "Vitamin D supports bones in adults over fifty.", "A train.", "Rest."]


def make_rows(tokenizer: Any, count: int = 12) -> LabelledRows:
    texts = [TEXTS[index % 4] for index in range(count)]
    return LabelledRows(encode(tokenizer, texts, 64), [index % 3 for index in range(count)])


def make_run(scratch: Path) -> Run:
    """The beginning of a training that leaves its files in a folder."""
    scratch.mkdir(exist_ok=True)
    curve = CurveFile(scratch / "curve.jsonl")
    curve.keep(0)
    return Run(
        seed=3,
        device="cpu",
        progress=RecordedProgress(),
        checkpoints=Checkpoints(scratch / "checkpoints", "t"),
        curve=curve,
        rows_at_once=RowsAtOnce(scratch / "rows-at-once.json"),
        state=TrainingState(),
    )


def train(
    folder: Path,
    scratch: Path,
    settings: Hyperparameters,
    *,
    held_out: int = 0,
    targets: list[int] | None = None,
) -> tuple[Any, Run]:
    model, tokenizer = load_base(checkpoint_at(folder), LABELS, seed=3)
    rows = make_rows(tokenizer)
    if targets is not None:
        rows = LabelledRows(rows.inputs, targets)
    held = make_rows(tokenizer, held_out) if held_out else LabelledRows([], [])
    run = make_run(scratch)
    finetune(model, tokenizer, TrainingStage(0, "stage 1 of 1", rows, held), settings, run)
    run.curve.flush()
    return model, run


def same_weights(model: Any, other: Any) -> bool:
    weights, others = model.state_dict(), other.state_dict()
    return all(bool((weights[name] == others[name]).all()) for name in weights)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def calm_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return calm(tiny_bert(tmp_path_factory.mktemp("calm")))


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert, tiny_llama])
def test_the_same_seed_gives_the_same_weights(tmp_path: Path, make: Any) -> None:
    settings = Hyperparameters(epochs=2, batch_size=4, learning_rate=1e-3)
    base = make(tmp_path / "base")
    first, run = train(base, tmp_path / "a", settings)
    again, run_again = train(base, tmp_path / "b", settings)
    assert run.state.epoch_losses == run_again.state.epoch_losses
    assert len(run.state.epoch_losses) == 2
    assert same_weights(first, again)


def test_accumulated_batches_step_as_one_large_batch(tmp_path: Path, calm_bert: Path) -> None:
    import torch

    one, _ = train(calm_bert, tmp_path / "a", Hyperparameters(epochs=1, batch_size=12))
    cut = Hyperparameters(epochs=1, batch_size=5, gradient_accumulation=3)
    three, _ = train(calm_bert, tmp_path / "b", cut)
    weights, others = one.state_dict(), three.state_dict()
    assert all(torch.allclose(weights[name], others[name], atol=1e-6) for name in weights)


def test_a_step_that_does_not_fit_is_cut_and_steps_as_if_it_had_fitted(
    tmp_path: Path, calm_bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    settings = Hyperparameters(epochs=2, batch_size=6, learning_rate=1e-3)
    whole, run = train(calm_bert, tmp_path / "a", settings)
    monkeypatch.setattr(loss, "sum_losses", short_of_room(2))
    cut, fitted = train(calm_bert, tmp_path / "b", settings)
    weights, others = whole.state_dict(), cut.state_dict()
    assert all(torch.allclose(weights[name], others[name], atol=1e-5) for name in weights)
    assert fitted.state.epoch_losses == pytest.approx(run.state.epoch_losses, abs=1e-5)
    assert fitted.state.rows == run.state.rows == 24
    assert fitted.rows_at_once.describe().endswith("at most 2 from step 1 of training stage 1")
    assert isinstance(fitted.progress, RecordedProgress)
    assert "A batch of 6 rows does not fit into memory" in fitted.progress.notes[0]


def test_a_single_row_that_does_not_fit_is_refused_with_the_way_out(
    tmp_path: Path, bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "sum_losses", short_of_room(0))
    with pytest.raises(TrainingRefused, match=r"one row of stage 1 of 1 .*max_length"):
        train(bert, tmp_path / "a", Hyperparameters(epochs=1, batch_size=4))


def test_the_curve_has_each_step_with_the_learning_rate_it_used(tmp_path: Path, bert: Path) -> None:
    settings = Hyperparameters(epochs=2, batch_size=5, learning_rate=1e-3, warmup_ratio=0.3)
    _, run = train(bert, tmp_path / "a", settings, held_out=4)
    curve = read_curve(run.curve.path)
    assert [(point.epoch, point.step, point.rows) for point in curve] == [
        (epoch, 1 + step, curve[step].rows) for step, epoch in enumerate((0, 0, 0, 1, 1, 1))
    ]
    assert sum(point.rows for point in curve) == 24
    # Up over the first 2 of 6 steps, then down to 0 after the last.
    rates = [0, 5e-4, 1e-3, 7.5e-4, 5e-4, 2.5e-4]
    assert [point.learning_rate for point in curve] == pytest.approx(rates)
    for epoch in (0, 1):
        part = [point for point in curve if point.epoch == epoch]
        mean = sum((point.loss or 0) * point.rows for point in part) / 12
        assert run.state.epoch_losses[epoch] == pytest.approx(mean, abs=1e-5)
    assert [point.validation_loss is not None for point in curve] == [False, False, True] * 2
    assert sorted(point.seconds for point in curve) == [point.seconds for point in curve]


def test_training_stops_when_the_rows_held_out_get_worse_and_keeps_the_best_weights(
    tmp_path: Path, calm_bert: Path
) -> None:
    """The targets say the opposite of those held out: the better learned, the worse judged."""
    settings = Hyperparameters(
        epochs=30, batch_size=12, learning_rate=2e-2, validation_share=0.1, early_stop_epochs=2
    )
    wrong = [(index + 1) % 3 for index in range(12)]
    model, run = train(calm_bert, tmp_path / "a", settings, held_out=12, targets=wrong)
    judged = [point.validation_loss or 0 for point in read_curve(run.curve.path)]
    best = judged.index(min(judged))
    assert len(judged) == best + 3 < 30
    assert (run.state.best_epoch, run.state.best_loss) == (best, judged[best])
    shorter = settings.model_copy(update={"early_stop_epochs": None})
    last, _ = train(calm_bert, tmp_path / "b", shorter, held_out=12, targets=wrong)
    assert not same_weights(model, last)


def test_weights_of_labels_make_a_rare_label_count_as_much_as_a_frequent_one(
    tmp_path: Path, bert: Path
) -> None:
    """Ten rows of one label and two of another: 12 / (2 × 10) and 12 / (2 × 2)."""
    settings = Hyperparameters(epochs=1, batch_size=12, learning_rate=1e-9)
    targets = [0] * 10 + [2] * 2
    _, plain = train(bert, tmp_path / "a", settings, targets=targets)
    balanced = settings.model_copy(update={"class_weights": "balanced"})
    _, weighted = train(bert, tmp_path / "b", balanced, targets=targets)
    alone = [
        train(bert, tmp_path / name, settings, targets=[label] * 12)[1].state.epoch_losses[0]
        for name, label in (("c", 0), ("d", 2))
    ]
    assert weighted.state.epoch_losses[0] != plain.state.epoch_losses[0]
    assert weighted.state.epoch_losses[0] == pytest.approx(sum(alone) / 2, abs=0.05)


def test_bfloat16_computes_the_forward_pass_and_leaves_weights_in_float32(
    tmp_path: Path, bert: Path
) -> None:
    import torch

    settings = Hyperparameters(epochs=1, batch_size=4, learning_rate=1e-3)
    exact, _ = train(bert, tmp_path / "a", settings)
    half, _ = train(bert, tmp_path / "b", settings.model_copy(update={"precision": "bfloat16"}))
    assert not same_weights(exact, half)
    assert {weight.dtype for weight in half.parameters()} == {torch.float32}


def test_every_training_stage_computes_in_bfloat16(tmp_path: Path, bert: Path) -> None:
    model, tokenizer = load_base(checkpoint_at(bert), LABELS, seed=3)
    settings = Hyperparameters(epochs=1, batch_size=12, precision="bfloat16")
    run = make_run(tmp_path)
    seen: list[tuple[int, Any]] = []
    model.classifier.register_forward_hook(
        lambda _module, _inputs, output: seen.append((run.state.stage, output.dtype))
    )
    for number in (0, 1):
        run.state.next_stage(number)
        stage = TrainingStage(number, "stage", make_rows(tokenizer), LabelledRows([], []))
        finetune(model, tokenizer, stage, settings, run)
    assert [(stage, str(dtype)) for stage, dtype in seen] == [
        (0, "torch.bfloat16"), (1, "torch.bfloat16")
    ]  # fmt: skip


def test_the_moments_of_a_training_stage_leave_memory_with_it(
    tmp_path: Path, bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    made: list[torch.optim.AdamW] = []

    class Kept(torch.optim.AdamW):
        def __init__(self, *arguments: Any, **settings: Any) -> None:
            super().__init__(*arguments, **settings)
            made.append(self)

    monkeypatch.setattr(torch.optim, "AdamW", Kept)
    train(bert, tmp_path / "a", Hyperparameters(epochs=1, batch_size=4))
    assert [len(optimizer.state) for optimizer in made] == [0]
