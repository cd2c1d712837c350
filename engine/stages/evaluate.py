"""Stage `evaluate`: what detectors and baselines predict on rows of benchmarks, or production.

It writes rows, not scores: `engine.statistics.measures` turns them into figures wherever they are
shown.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import polars as pl
from pydantic import Field

from engine.errors import EngineError, ModelUnavailable, TrainingRefused
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.models.baseline import Baseline, load_baseline
from engine.models.detector import Detector, Verdict, detector_folder
from engine.models.inputs import contexts_of
from engine.stages.predict import choose_detector
from store.bases import is_baseline
from store.ids import benchmark_digest, evaluation_id
from store.schema import EVALUATION_ROWS

_LOG: Final = logging.getLogger(__name__)


class EvaluateParams(StageParams):
    """Which detectors are evaluated; the rows are all samples that the job was given.

    `dataset_digest` is the `benchmark_digest` of the whole dataset, of which they may be the rows
    that are missing; without it, they are the whole. With `may_leave_out`, one that cannot be
    loaded does not stop the others.
    """

    detector_ids: tuple[str, ...] = Field(min_length=1)
    dataset_digest: str | None = None
    part_rows: int = Field(default=512, ge=1)
    batch_size: int = Field(default=32, ge=1)
    may_leave_out: bool = False


class EvaluateStage:
    """Predicts by detector, then dataset, then sample id, so part n always holds the same rows."""

    name: ClassVar[str] = "evaluate"
    reads: ClassVar[tuple[str, ...]] = ("detectors", "samples")
    writes: ClassVar[str] = "evaluation_rows"
    Params: ClassVar[type[StageParams]] = EvaluateParams

    def run(self, inputs: Inputs, params: EvaluateParams) -> Iterator[pl.DataFrame]:
        """The parts of each detector in turn; each has up to `part_rows` rows.

        A row that the detector failed on has no predicted label and no probabilities.
        Rows of production may have no label. A detector that is left out gets parts without rows,
        and the log has the reason. Raises ModelUnavailable, and TrainingRefused for a baseline that
        cannot be fitted.
        """
        samples = read_samples(inputs)
        if params.dataset_digest is not None:
            samples = samples.with_columns(digest=pl.lit(params.dataset_digest))
        known = inputs.table("detectors")
        wanted = dict.fromkeys(params.detector_ids)  # each once, in the order given
        chosen = [choose_detector(known, detector_id) for detector_id in wanted]
        starts = range(0, len(samples), params.part_rows)
        done, skipped = divmod(inputs.parts_done, max(len(starts), 1))
        finished = done * len(samples) + skipped * params.part_rows
        inputs.progress.start(len(samples) * len(chosen), finished)
        for detector_id in chosen[done:] if len(starts) else []:
            detector = None
            try:
                detector = load_contestant(inputs, known, detector_id)
            except (ModelUnavailable, TrainingRefused) as error:
                if not params.may_leave_out:
                    raise
                say_left_out(detector_id, error)
            for start in starts[skipped:]:
                part = samples.slice(start, params.part_rows)
                if detector is None:
                    yield pl.DataFrame(schema=dict(EVALUATION_ROWS))
                else:
                    verdicts = detector.classify(
                        part["text"].to_list(),
                        params.batch_size,
                        inputs.progress.computed,
                        contexts=contexts_of(part),
                    )
                    yield evaluation_rows(part, verdicts, detector_id, inputs.job_id)
                inputs.progress.advance(part.height)
            skipped = 0


def say_left_out(detector_id: str, error: EngineError) -> None:
    """Write into the job's log why a detector is left out; it does not stop the others."""
    _LOG.warning("The detector %s is left out. %s", detector_id, error)


def load_contestant(inputs: Inputs, known: pl.DataFrame, detector_id: str) -> Detector | Baseline:
    """Load a detector, or fit a baseline. Raises ModelUnavailable and TrainingRefused."""
    folder = detector_folder(inputs.workspace, detector_id)
    row = known.filter(detector_id=detector_id).row(0, named=True)
    if is_baseline(row["base"]):
        return load_baseline(
            folder, row["base"], row["labels"], row["seed"], inputs.device, inputs.progress.note
        )
    return Detector.load(folder, inputs.device)


def read_samples(inputs: Inputs) -> pl.DataFrame:
    """The samples by dataset and id, with the digest of their dataset."""
    samples = inputs.table("samples").unique("sample_id", keep="first").sort("dataset", "sample_id")
    digests = {
        dataset: benchmark_digest(part)
        for (dataset,), part in samples.group_by("dataset", maintain_order=True)
    }
    return samples.with_columns(
        digest=pl.col("dataset").replace_strict(digests, return_dtype=pl.String())
    )


def evaluation_rows(
    part: pl.DataFrame,
    verdicts: Sequence[Verdict],
    detector_id: str,
    job_id: str,
    replies: Sequence[str | None] | None = None,
) -> pl.DataFrame:
    """Predictions of samples that `read_samples` read (schema EVALUATION_ROWS)."""
    rows = [
        (
            evaluation_id(detector_id, sample["dataset"], sample["digest"]),
            detector_id,
            job_id,
            sample["dataset"],
            sample["sample_id"],
            sample["label"],
            verdict.label,
            verdict.probabilities,
            reply,
            verdict.error,
        )
        for sample, verdict, reply in zip(
            part.iter_rows(named=True), verdicts, replies or [None] * len(part), strict=True
        )
    ]
    return pl.DataFrame(rows, schema=dict(EVALUATION_ROWS), orient="row")
