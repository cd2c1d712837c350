"""Stage `simulate`: labelling replayed on samples whose labels are known.

Its rows are read from the job's folder and never stored with the others: nobody gave these labels.
"""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.jobs.tables import SIMULATIONS
from engine.models.detector import Detector, Verdict, detector_folder
from engine.models.encoder import Encoder
from engine.models.inputs import contexts_of
from engine.spreading.model import Matrix, scale_rows
from engine.spreading.replay import Known, replay
from engine.stages.predict import choose_detector
from store.spaces import Embeddings


class SimulateParams(StageParams):
    """Who predicts and embeds, and what is replayed: each number of keys from each start."""

    detector_id: str
    encoder: str
    keys: tuple[int, ...] = Field(min_length=1)
    starts: int = Field(ge=1)
    seed: int = 0
    batch_size: int = Field(default=32, ge=1)


class SimulateStage:
    """Writes a part for each start: a row for every way and number of keys."""

    name: ClassVar[str] = "simulate"
    reads: ClassVar[tuple[str, ...]] = ("detectors", "samples")
    writes: ClassVar[str] = "simulations"
    Params: ClassVar[type[StageParams]] = SimulateParams

    def run(self, inputs: Inputs, params: SimulateParams) -> Iterator[pl.DataFrame]:
        """The starts in their order. Samples that the detector fails on are left out.

        Raises InputsMissing and ModelUnavailable.
        """
        samples = inputs.table("samples").unique("sample_id", keep="first").sort("sample_id")
        inputs.progress.start(params.starts * samples.height, inputs.parts_done * samples.height)
        if inputs.parts_done >= params.starts:
            return
        inputs.progress.note("embedding")
        spaces = _embed(inputs, params, samples)
        for start in range(inputs.parts_done, params.starts):
            inputs.progress.note(f"start {start + 1} of {params.starts}")
            frames = [
                _replay(inputs.job_id, embeddings, known, params, start)
                for embeddings, known in spaces.items()
            ]
            yield pl.concat(frames)
            inputs.progress.advance(samples.height)
        inputs.progress.note("")


def _embed(
    inputs: Inputs, params: SimulateParams, samples: pl.DataFrame
) -> dict[Embeddings, Known]:
    """The samples in each space, with the detector's predictions."""
    detector_id = choose_detector(inputs.table("detectors"), params.detector_id)
    detector = Detector.load(detector_folder(inputs.workspace, detector_id), inputs.device)
    verdicts = detector.classify(
        samples["text"].to_list(), params.batch_size, contexts=contexts_of(samples)
    )
    kept = [place for place, verdict in enumerate(verdicts) if verdict.error is None]
    texts, labels = (samples[column].gather(kept).to_list() for column in ("text", "label"))
    predicted = tuple(str(verdicts[place].label) for place in kept)
    own = _matrix([verdicts[place] for place in kept])
    general = Encoder(params.encoder, inputs.device).embed(texts)
    spaces: dict[Embeddings, Matrix] = {
        "detector": own,
        "encoder": general,
        "both": np.hstack([scale_rows(own), scale_rows(general)]),
    }
    return {name: Known(matrix, predicted, tuple(labels)) for name, matrix in spaces.items()}


def _matrix(verdicts: list[Verdict]) -> Matrix:
    return np.array([verdict.embedding for verdict in verdicts], np.float32)


def _replay(
    job_id: str, embeddings: Embeddings, known: Known, params: SimulateParams, start: int
) -> pl.DataFrame:
    """The outcomes of a start in one space (schema SIMULATIONS)."""
    hits = [ours == truth for ours, truth in zip(known.predicted, known.labels, strict=True)]
    rows = [
        {
            "start": start,
            "job_id": job_id,
            "embeddings": embeddings,
            "spread": outcome.spread,
            "order": outcome.order,
            "keys": outcome.keys,
            "decided": outcome.decided,
            "right": outcome.right,
            "rows": len(known.labels),
            "detector_right": float(np.mean(hits)),
        }
        for outcome in replay(known, params.keys, params.seed + start)
    ]
    return pl.DataFrame(rows, schema=dict(SIMULATIONS))
