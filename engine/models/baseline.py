"""Baselines: what a detector has to beat, made of the rows that their folder keeps."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import polars as pl

from engine.errors import ModelUnavailable, TrainingRefused
from engine.jobs.parts import read_parquet, write_parquet
from engine.models.baseline_name import COLBERT, CROSS_ENCODER, KNN, BaselineName
from engine.models.cosine import CosineScorer
from engine.models.cross_encoder import CrossEncoderScorer
from engine.models.detector import Verdict
from engine.models.encoder import Encoder
from engine.models.folder_check import ROWS_NAME
from engine.models.late_interaction import LateInteractionScorer
from engine.models.nearest_examples import NearestExamples
from engine.models.pairs import Advance, PairBaseline, PairModel, PairScorer
from engine.models.references import parse_reference
from engine.models.scored_baseline import ScoredBaseline
from engine.models.word_baseline import WordBaseline

DOWNLOADED: Final = (
    "Models of the Hugging Face hub are downloaded the first time, which needs a network. Without "
    "one, copy the model's folder to this machine and name that:"
)


class Baseline(Protocol):
    """A baseline that can be asked, as a detector can."""

    def classify(
        self,
        texts: Sequence[str | None],
        batch_size: int,
        advance: Advance = lambda rows: None,
        contexts: Sequence[str | None] | None = None,
    ) -> list[Verdict]:
        """One verdict for each text, or pair with the context in the same place, in their order."""


def keep_rows(folder: Path, rows: pl.DataFrame, positives: Collection[str] = ()) -> None:
    """Keep the rows that a baseline is fitted on (schema TRAINING_ROWS) in its folder.

    With the task's `positives`, whether a row `is_positive` is kept, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if positives:
        rows = rows.with_columns(is_positive=pl.col("label").is_in(sorted(positives)))
    write_parquet(folder / ROWS_NAME, rows)


def load_baseline(
    folder: Path,
    base: str,
    labels: Sequence[str],
    seed: int,
    device: str = "cpu",
    note: Callable[[str], None] = lambda _: None,
) -> Baseline:
    """A baseline, fitted on the rows of its folder. `note` is told what takes long, "" at its end.

    Raises TrainingRefused for rows that are gone or that nothing follows from, and ModelUnavailable
    where it takes a model that cannot be loaded.
    """
    name = BaselineName.parse(base)
    read_rows = partial(_read_rows, folder, base)
    if not name.model:
        return WordBaseline.fit(base, read_rows(), labels, seed)
    note(f"fits {name.kind} with {name.model}")
    try:
        found = PairBaseline(_load_model(name, folder, read_rows, labels, seed, device))
    except ModelUnavailable as error:
        if parse_reference(name.model).kind != "hf":
            raise
        raise ModelUnavailable(f"{error} {DOWNLOADED} {name.kind}@path:FOLDER.") from error
    note("")
    return found


def _load_model(
    name: BaselineName,
    folder: Path,
    read_rows: Callable[[], pl.DataFrame],
    labels: Sequence[str],
    seed: int,
    device: str,
) -> PairModel:
    if name.kind == KNN:
        return NearestExamples(Encoder(name.model, device), read_rows(), labels, seed)
    scorer = _load_scorer(name, device)
    return ScoredBaseline.load(scorer, folder, read_rows, labels, seed)


def _load_scorer(name: BaselineName, device: str) -> PairScorer:
    if name.kind == CROSS_ENCODER:
        return CrossEncoderScorer(name.model, device)
    encoder = Encoder(name.model, device)
    return LateInteractionScorer(encoder) if name.kind == COLBERT else CosineScorer(encoder)


def _read_rows(folder: Path, base: str) -> pl.DataFrame:
    path = folder / ROWS_NAME
    if not path.is_file():
        raise TrainingRefused(f"The rows that {base} was fitted on are gone: there is no {path}.")
    return read_parquet(path)
