"""Stage `train`: fine-tunes a detector on the training rows of a recipe, stage after stage.

Without training rows it adopts the model it is given, for a detector that was brought along.
It writes one row and a plain `save_pretrained` folder. A training that was killed starts again
from the beginning; on a processor, with as many threads, it ends with the same weights.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from platform import python_version
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from engine.errors import TrainingRefused
from engine.models.card import CardFacts, render_card
from engine.models.detector import (
    detector_folder,
    encode,
    find_max_tokens,
    find_pooling,
    output_labels,
    save_classifier,
)
from engine.models.finetuning import Hyperparameters, TrainingStage, adopt, finetune, load_base
from engine.models.references import parse_reference, resolve_checkpoint
from engine.stage import Inputs, StageParams
from store.schema import DETECTORS

SHOWN_ITEMS = 5  # in a message about rows that cannot be used


class TrainParams(Hyperparameters):
    """What to train, on which base. `max_length` None is the model's own limit, in tokens."""

    detector_id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*$")  # becomes a folder
    name: str
    recipe: str
    base: str
    labels: tuple[str, ...]
    positive: tuple[str, ...]
    training_digest: str
    seed: int
    max_length: int | None = Field(default=None, ge=8)


class TrainStage:
    """Trains one detector, or adopts one; only it and `baseline` write outside their job."""

    name: ClassVar[str] = "train"
    reads: ClassVar[tuple[str, ...]] = ("training_rows",)
    writes: ClassVar[str] = "detectors"
    Params: ClassVar[type[StageParams]] = TrainParams

    def run(self, inputs: Inputs, params: TrainParams) -> Iterator[pl.DataFrame]:
        """Yield the one row of the detector once its folder is in place.

        Raises TrainingRefused for rows or a model that do not fit, and ModelUnavailable.
        """
        if inputs.parts_done:
            return
        # In a fixed order: the same set of rows gives the same weights.
        rows = inputs.table("training_rows").sort("stage", "dataset", "item_id", "label", "text")
        check_rows(rows, params.labels)
        checkpoint = resolve_checkpoint(parse_reference(params.base))
        if rows.is_empty():
            model, tokenizer = adopt(checkpoint, params.labels)
        else:
            model, tokenizer = load_base(checkpoint, params.labels, params.seed)
        limit = find_max_tokens(model, tokenizer)
        tokenizer.model_max_length = min(limit, params.max_length or limit)
        losses = _train(model, tokenizer, rows, inputs, params)
        _check_weights(model)
        versions = describe_versions(inputs.device)
        card = render_card(_facts(model, tokenizer, params, versions), rows)
        folder = detector_folder(inputs.workspace, params.detector_id)
        save_classifier(folder, model, tokenizer, card)
        yield _row(model, inputs.job_id, params, len(rows), versions, losses)


def check_rows(rows: pl.DataFrame, labels: Sequence[str]) -> None:
    """Raise TrainingRefused for rows that cannot be learned from; no row at all is fine."""
    if len(set(labels)) < 2:
        raise TrainingRefused(
            f"A detector tells two labels or more apart, and the task has {list(labels)}."
        )
    _refuse(rows, pl.col("text").fill_null("").str.strip_chars() == "", "no text")
    known = pl.col("label").is_in(list(labels)).fill_null(False)
    _refuse(rows, ~known, f"a label that is not one of {list(labels)}")
    for stage in rows["stage"].unique().sort():
        part = rows.filter(pl.col("stage") == stage)
        if part["label"].n_unique() < 2:
            raise TrainingRefused(
                f"Training stage {stage + 1} has {len(part)} rows, all of them labelled "
                f"{part['label'][0]!r}: a detector would learn to say only that. Label rows of "
                "another label, or change the recipe."
            )


def _refuse(rows: pl.DataFrame, wrong: pl.Expr, what: str) -> None:
    found = rows.filter(wrong)["item_id"]
    if len(found):
        shown = ", ".join(str(item) for item in found[:SHOWN_ITEMS])
        raise TrainingRefused(
            f"{len(found)} of {len(rows)} training rows have {what}; the first: {shown}. "
            "Correct or remove them, and make the training rows again."
        )


def _train(
    model: Any, tokenizer: Any, rows: pl.DataFrame, inputs: Inputs, params: TrainParams
) -> list[float]:
    """Train on every stage of the rows, in order; return the mean loss of each epoch."""
    targets = {label: index for index, label in enumerate(output_labels(model))}
    inputs.progress.start(len(rows) * params.epochs)
    losses: list[float] = []
    numbers = rows["stage"].unique().sort().to_list()
    for number in numbers:
        part = rows.filter(pl.col("stage") == number)
        losses += finetune(
            model,
            tokenizer,
            TrainingStage(
                number=number,
                rows=encode(tokenizer, part["text"].to_list(), tokenizer.model_max_length),
                targets=[targets[label] for label in part["label"]],
            ),
            params,
            seed=params.seed,
            device=inputs.device,
            scratch=inputs.stage_dir / "trainer",
            progress=inputs.progress,
            where=f"training stage {number + 1} of {len(numbers)}",
        )
    return losses


def _check_weights(model: Any) -> None:
    if not all(bool(weights.isfinite().all()) for weights in model.parameters()):
        raise TrainingRefused(
            "The model's weights are not all finite numbers: the training diverged at its end, "
            "or the model came so. Lower the learning rate, or name another base."
        )


def describe_versions(device: str) -> dict[str, str | int]:
    """Return what else decides the weights: libraries, device, and threads on a processor."""
    import torch

    on_gpu = device.startswith("cuda")
    return {
        "python": python_version(),
        **{library: version(library) for library in ("torch", "transformers", "tokenizers")},
        "device": torch.cuda.get_device_name(device) if on_gpu else device,
        "threads": torch.get_num_threads(),
    }


def _facts(
    model: Any, tokenizer: Any, params: TrainParams, versions: Mapping[str, str | int]
) -> CardFacts:
    return CardFacts(
        detector_id=params.detector_id,
        name=params.name,
        recipe=params.recipe,
        base=params.base,
        labels=output_labels(model),
        positive=params.positive,
        pooling=find_pooling(model.config),
        max_tokens=tokenizer.model_max_length,
        params=params.model_dump(mode="json"),
        versions=versions,
    )


def _row(
    model: Any,
    job_id: str,
    params: TrainParams,
    training_rows: int,
    versions: Mapping[str, str | int],
    losses: list[float],
) -> pl.DataFrame:
    row = {
        "detector_id": params.detector_id,
        "name": params.name,
        "recipe": params.recipe,
        "job_id": job_id,
        "base": params.base,
        "labels": list(output_labels(model)),
        "pooling": find_pooling(model.config),
        "width": int(model.config.hidden_size),
        "seed": params.seed,
        "training_digest": params.training_digest,
        "training_rows": training_rows,
        "params": params.model_dump_json(),
        "versions": json.dumps(versions),
        "losses": losses,
    }
    return pl.DataFrame([row], schema=dict(DETECTORS))
