"""How well a detector orders pairs by the lengths of their two texts."""

from engine.statistics.lengths import LengthGrid, measure_lengths
from store.database.connection import Database
from store.evaluated_texts import read_lengths
from tui.services.results.evaluations import read_evaluations
from tui.services.workspace import Workspace


def read_length_grid(
    workspace: Workspace, database: Database, dataset: str, detector_id: str
) -> LengthGrid | None:
    """The areas of a detector's newest evaluation by length; None without any.

    There are none of single texts, of rows that are all of one class, and of language models and
    baselines, which give no probabilities.
    """
    if not workspace.task.is_pair:
        return None
    for evaluated in read_evaluations(workspace, database, dataset, [detector_id]):
        lengths = read_lengths(database, evaluated.evaluation.evaluation_id)
        rows = evaluated.labelled().frame.join(lengths, on="sample_id", maintain_order="left")
        scored = rows.drop_nulls("probability")
        if scored["is_positive"].n_unique() > 1:
            return measure_lengths(
                scored["context"].to_list(),
                scored["text"].to_list(),
                scored["is_positive"].to_numpy(),
                scored["probability"].to_numpy(),
                failed=rows.height - scored.height,
            )
    return None
