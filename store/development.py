"""The development set: answers that were decided, held back from training, to choose by.

Whole seeds are held back, so that no recipe learns from another answer to the same seed. The labels
are what annotators said of the answers themselves; none has spread from another text.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.counting import counted
from store.database.connection import Database
from store.database.served import served
from store.ids import benchmark_digest, row_id
from store.schema import SAMPLES

DEVELOPMENT: Final = "development set"  # what evaluations on it have in place of a dataset
LEAST_ROWS: Final = 10
LEAST_OF_A_SIDE: Final = 3  # positive rows, and negative ones

_DECIDED: Final = """
SELECT p.answer_id, p.sample_id, p.context, p.answer AS text, o.label
FROM own_labels o JOIN pairs p USING (answer_id)
WHERE o.label IS NOT NULL
  AND p.answer_id NOT IN (SELECT answer_id FROM excluded_answers)
  AND p.answer_id NOT IN (SELECT answer_id FROM observed_answers)
  AND p.dataset NOT IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark')
ORDER BY p.answer_id
"""


@dataclass(frozen=True, slots=True)
class Development:
    """The development set: `rows` with answer_id, sample_id, context, text and label, by answer_id.

    `decided` counts the answers that it was drawn from. `reason` says why it is empty, if it is.
    """

    rows: pl.DataFrame
    decided: int
    reason: str = ""

    @classmethod
    def empty(cls, decided: int = 0, reason: str = "") -> "Development":
        """No development set."""
        columns = ("answer_id", "sample_id", "context", "text", "label")
        return cls(pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), decided, reason)

    @property
    def labels(self) -> Mapping[str, int]:
        """Rows by label, in the order of the alphabet."""
        return dict(self.rows["label"].value_counts().sort("label").iter_rows())

    @property
    def samples(self) -> pl.DataFrame:
        """The rows as a detector is evaluated on them (schema SAMPLES)."""
        named = self.rows.with_columns(sample_id="answer_id", dataset=pl.lit(DEVELOPMENT))
        return named.select(list(SAMPLES)).cast(SAMPLES)

    @property
    def digest(self) -> str:
        """What the ids of evaluations on these rows are made of."""
        return benchmark_digest(self.samples)


@served
def decided_answers(database: Database) -> pl.DataFrame:
    """Answers with the label that an annotator gave them, by id: the columns of `Development.rows`.

    They are representatives of labelled clusters, answers with a label of their own, and audited
    ones. Answers that are left out of training are not among them, nor rows of production: those
    were selected by what a detector said of them, so no threshold can be chosen by them.
    """
    with database.read() as cursor:
        return cursor.frame(_DECIDED)


@served
def read_development_predictions(database: Database, detector_ids: Sequence[str]) -> pl.DataFrame:
    """What detectors predicted on development sets: detector_id, answer_id, label, predicted_label.

    The newest prediction of each detector for each answer, by both ids; a failed one is null.
    """
    with database.read() as cursor:
        return cursor.frame(
            """SELECT e.detector_id, r.sample_id AS answer_id, r.label, r.predicted_label
            FROM evaluation_rows r JOIN evaluations e USING (evaluation_id)
            WHERE e.dataset = ? AND list_contains(?, e.detector_id)
            QUALIFY row_number() OVER (
                PARTITION BY e.detector_id, r.sample_id ORDER BY e.evaluated_at DESC) = 1
            ORDER BY e.detector_id, r.sample_id""",
            [DEVELOPMENT, list(detector_ids)],
        )


def hold_back(
    decided: pl.DataFrame, positives: Collection[str], share: float, seed: int
) -> Development:
    """The development set among decided answers: `share` of the seeds of each label.

    A seed counts under the label of its first answer by id. Of each label, the first seeds in the
    order of a hash of `seed` and their id are drawn. Where too few rows or rows of a side would be
    held back, none is, and `reason` says so.
    """
    if share == 0:
        return Development.empty(decided.height, "[development] share is 0 in workspace.toml.")
    seeds = decided.group_by("sample_id", maintain_order=True).agg(pl.col("label").first())
    drawn: list[str] = []
    for (_,), of_label in seeds.group_by("label", maintain_order=True):
        order = sorted(of_label["sample_id"], key=lambda name: row_id("development", seed, name))
        drawn += order[: round(share * len(order))]
    rows = decided.filter(pl.col("sample_id").is_in(drawn))
    positive = rows.filter(pl.col("label").is_in(list(positives))).height
    if rows.height < LEAST_ROWS or min(positive, rows.height - positive) < LEAST_OF_A_SIDE:
        return Development.empty(decided.height, _too_few(decided.height, rows.height, positive))
    return Development(rows, decided.height)


def _too_few(decided: int, rows: int, positive: int) -> str:
    return (
        f"Too few answers are decided: of {counted(decided, 'answer')}, {rows} would be held back, "
        f"{positive} of them positive; it takes {LEAST_ROWS}, with {LEAST_OF_A_SIDE} positive and "
        f"{LEAST_OF_A_SIDE} negative ones."
    )
