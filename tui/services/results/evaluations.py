"""What detectors predicted on a dataset, row by row, as figures are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from store.database.connection import Database
from store.detectors import DetectorRow, list_contestants
from store.evaluations import Evaluation, list_evaluations, read_evaluated
from store.speeds import TimedDetector, newest_speeds
from tui.services.task_labels import require_labels, require_outputs, unknown_labels
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class EvaluatedRows:
    """An evaluation with its rows: sample_id, label, is_positive, predicted_label, probability.

    `probability` is that of being positive, null if the row has none; label and is_positive
    are null for unlabelled rows of production. Language models are not timed.
    """

    evaluation: Evaluation
    detector: DetectorRow
    frame: pl.DataFrame
    speed: TimedDetector | None

    def labelled(self) -> "EvaluatedRows":
        """The evaluation with only those rows that have a label."""
        return replace(self, frame=self.frame.drop_nulls("label"))

    def scored(self) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Whether rows are positive, and their probability, of all rows that have one."""
        rows = self.frame.drop_nulls(["label", "probability"])
        return rows["is_positive"].to_numpy(), rows["probability"].to_numpy()


def read_evaluations(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None = None,
) -> list[EvaluatedRows]:
    """The newest evaluation of each detector, or of these, the oldest detector first.

    If all are asked for, detectors with outputs that the task lacks are left out. Raises
    LabelUnknown for one that was named, and for such labels of rows.
    """
    detectors = {item.detector_id: item for item in list_contestants(database)}
    speeds = newest_speeds(database, dataset)
    found = [
        item
        for item in list_evaluations(database, dataset)
        if detector_ids is None or item.detector_id in detector_ids
    ]
    for item in found:
        truth = (label for label, _ in item.confusion)
        require_labels(workspace.task, truth, f"Rows of {dataset!r} have")
        if detector_ids is not None:
            require_outputs(workspace.task, detectors[item.detector_id])
    return [
        EvaluatedRows(
            item,
            detectors[item.detector_id],
            _read_frame(workspace, database, item, detectors),
            speeds.get(item.detector_id),
        )
        for item in found
        if not unknown_labels(workspace.task, detectors[item.detector_id].labels)
    ]


def _read_frame(
    workspace: Workspace,
    database: Database,
    evaluation: Evaluation,
    detectors: dict[str, DetectorRow],
) -> pl.DataFrame:
    positives = workspace.task.positives
    labels = detectors[evaluation.detector_id].labels
    places = [place for place, label in enumerate(labels) if label in positives]
    probability = pl.sum_horizontal(
        *(
            pl.col("probabilities").list.get(place, null_on_oob=True).cast(pl.Float64)
            for place in places
        ),
        ignore_nulls=False,
    )
    return (
        read_evaluated(database, evaluation.evaluation_id)
        .with_columns(
            is_positive=pl.col("label").is_in(sorted(positives)),
            probability=probability.clip(0, 1),
        )
        .drop("probabilities")
    )
