"""How quickly a detector is trained, beside a plain Trainer, and how well both learn.

python -m tests.benchmarks.training [ROWS]
"""

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from engine.models.classifier_folder import output_labels
from engine.models.detector import Detector
from engine.models.inputs import encode
from engine.models.references import parse_reference, resolve_checkpoint
from engine.statistics.measures import wilson
from engine.training.bases import load_base
from engine.training.batches import RowsAtOnce
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.curve import CurveFile
from engine.training.hyperparameters import Hyperparameters
from engine.training.loop import finetune
from engine.training.run import LabelledRows, Run, TrainingStage
from tests.benchmarks.steps import DEVICE, ENCODER, labelled_seeds
from tests.fakes import RecordedProgress

ROWS: Final = 240
HELD_OUT: Final = 0.3  # of the seeds
EPOCHS: Final = 2
BATCH: Final = 16
LEARNING_RATE: Final = 3e-4
MAX_TOKENS: Final = 128  # as in the embedded preset
FEW: Final = 0.1  # of the rows: a processor without bfloat16 takes ten times as long in it

Rows = list[tuple[str, str]]  # text, label


def make_rows(count: int) -> tuple[Rows, Rows]:
    """Rows to train on and rows held out, of seeds that the others do not have.

    Every other row is a seed; the rest are as long as answers: a seed with two to seven others of
    its label. Of a seed held out there is one row only, so that what is right is independent.
    """
    dice = random.Random(0)
    seeds = labelled_seeds()
    dice.shuffle(seeds)
    cut = round(HELD_OUT * len(seeds))
    repeated = [seeds[cut:][number // 2 % (len(seeds) - cut)] for number in range(count)]
    return _lengthen(repeated, dice), _lengthen(seeds[:cut], dice)


def _lengthen(rows: Rows, dice: random.Random) -> Rows:
    found = []
    for number, (text, label) in enumerate(rows):
        if number % 2:
            others = [other for other, its in rows if its == label]
            text = " ".join([text, *dice.choices(others, k=dice.randint(2, 7))])
        found.append((text, label))
    return found


def load(labels: list[str]) -> tuple[Any, Any]:
    """The embedded encoder with a new head, and its tokenizer."""
    model, tokenizer = load_base(resolve_checkpoint(parse_reference(ENCODER)), labels, seed=0)
    tokenizer.model_max_length = MAX_TOKENS
    return model, tokenizer


def prepare(model: Any, tokenizer: Any, rows: Rows) -> LabelledRows:
    """The rows as the model reads them."""
    index = {label: number for number, label in enumerate(output_labels(model))}
    inputs = encode(tokenizer, [text for text, _ in rows], MAX_TOKENS)
    return LabelledRows(inputs, [index[label] for _, label in rows])


def train_plainly(model: Any, tokenizer: Any, rows: LabelledRows, folder: Path) -> float:
    """Train with the library's own batches in random order; return the seconds."""
    from transformers import DataCollatorWithPadding, PrinterCallback, Trainer, TrainingArguments

    arguments = TrainingArguments(
        output_dir=str(folder), per_device_train_batch_size=BATCH, num_train_epochs=EPOCHS,
        learning_rate=LEARNING_RATE, weight_decay=0.01, save_strategy="no", report_to="none",
        logging_strategy="no", disable_tqdm=True, use_cpu=DEVICE == "cpu",
        dataloader_pin_memory=DEVICE != "cpu",
    )  # fmt: skip
    data: Any = [
        {**row, "labels": label} for row, label in zip(rows.inputs, rows.targets, strict=True)
    ]
    trainer: Any = Trainer(
        model=model, args=arguments, train_dataset=data,
        data_collator=DataCollatorWithPadding(tokenizer),
    )  # fmt: skip
    trainer.remove_callback(PrinterCallback)
    began = time.perf_counter()
    trainer.train()
    return time.perf_counter() - began


def train_ourselves(
    model: Any, tokenizer: Any, rows: LabelledRows, folder: Path, precision: Any = "float32"
) -> float:
    """Train as the stage does, with curve and checkpoints; return the seconds."""
    folder.mkdir()
    checkpoints, curve = Checkpoints(folder / "checkpoints", "t"), CurveFile(folder / "curve.jsonl")
    curve.keep(0)
    settings = Hyperparameters(
        learning_rate=LEARNING_RATE, epochs=EPOCHS, batch_size=BATCH, precision=precision
    )
    stage = TrainingStage(0, "the benchmark", rows, LabelledRows([], []))
    began = time.perf_counter()
    checkpoints.restore(model)
    run = Run(
        seed=0, device=DEVICE, progress=RecordedProgress(),
        checkpoints=checkpoints, curve=curve, rows_at_once=RowsAtOnce(folder / "rows.json"),
        state=TrainingState(),
    )  # fmt: skip
    finetune(model, tokenizer, stage, settings, run)
    return time.perf_counter() - began


def report(what: str, seconds: float, rows: int, model: Any, tokenizer: Any, held: Rows) -> float:
    """Print rows a second and the accuracy on rows held out; return the former."""
    verdicts = Detector(model, tokenizer, DEVICE).classify([text for text, _ in held], 32)
    right = sum(verdict.label == label for verdict, (_, label) in zip(verdicts, held, strict=True))
    found = wilson(right, len(held))
    assert found is not None
    rate = EPOCHS * rows / seconds
    sys.stdout.write(
        f"{'train: ' + what:42} {EPOCHS * rows:>8,} rows     {seconds:8.2f} s {rate:12,.1f} /s"
        f"   accuracy {found.value:.3f} ({found.low:.3f} to {found.high:.3f}, n = {found.n})\n"
    )
    sys.stdout.flush()
    return rate


def main(count: int = ROWS) -> None:
    """Train the same model on the same rows in both ways, and on fewer in bfloat16."""
    rows, held = make_rows(count)
    labels = sorted({label for _, label in rows})
    rates = {}
    with tempfile.TemporaryDirectory() as name:
        for what in ("plain Trainer", "ours"):
            model, tokenizer = load(labels)
            known = prepare(model, tokenizer, rows)
            train = train_plainly if what == "plain Trainer" else train_ourselves
            seconds = train(model, tokenizer, known, Path(name) / what)
            rates[what] = report(what, seconds, len(rows), model, tokenizer, held)
        plain, ours = rates.values()
        sys.stdout.write(f"{'':4}{ours / plain:.2f} times the plain Trainer's rows a second\n")
        few = rows if DEVICE != "cpu" else rows[: round(FEW * count)]
        both = []
        for precision in ("float32", "bfloat16"):
            model, tokenizer = load(labels)
            known = prepare(model, tokenizer, few)
            folder = Path(name) / precision
            both.append(train_ourselves(model, tokenizer, known, folder, precision))
    sys.stdout.write(
        f"{'':4}bfloat16: {both[0] / both[1]:.2f} times float32's, on {len(few)} rows\n"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
