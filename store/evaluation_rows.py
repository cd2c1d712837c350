"""Single rows that detectors were evaluated on: which are where, and each prediction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one detector predicted for a row: a label, None if it failed.

    `probabilities` are by label and empty if the row has none.
    """

    label: str | None
    probabilities: Mapping[str, float]

    @property
    def certainty(self) -> float | None:
        """The probability of the predicted label."""
        return None if self.label is None else self.probabilities.get(self.label)


@dataclass(frozen=True, slots=True)
class EvaluatedRow:
    """A row with its true label, if it has one, and what each of the detectors predicted.

    A pair has a `context`.
    """

    sample_id: str
    text: str
    context: str | None
    label: str | None
    predictions: tuple[Prediction, ...]


@served
def read_evaluated_rows(
    database: Database, evaluation_ids: Sequence[str], sample_ids: Sequence[str]
) -> list[EvaluatedRow]:
    """Rows in the order of their ids, with what these evaluations say of them."""
    with database.read() as cursor:
        samples = cursor.rows(
            """SELECT sample_id, text, context, r.label
            FROM samples JOIN evaluation_rows r USING (sample_id)
            WHERE evaluation_id = ? AND sample_id IN (SELECT unnest(?::VARCHAR[]))""",
            [evaluation_ids[0], sample_ids],
        )
        predictions = cursor.rows(
            """SELECT sample_id, evaluation_id, predicted_label, probabilities, d.labels
            FROM evaluation_rows JOIN evaluations e USING (evaluation_id)
            JOIN detectors d ON d.detector_id = e.detector_id
            WHERE evaluation_id IN (SELECT unnest(?::VARCHAR[]))
              AND sample_id IN (SELECT unnest(?::VARCHAR[]))""",
            [evaluation_ids, sample_ids],
        )
    found = {
        (sample_id, evaluation_id): Prediction(
            label, dict(zip(labels, probabilities or (), strict=False))
        )
        for sample_id, evaluation_id, label, probabilities, labels in predictions
    }
    read = {
        sample_id: EvaluatedRow(
            sample_id,
            text,
            context,
            label,
            tuple(found[sample_id, name] for name in evaluation_ids),
        )
        for sample_id, text, context, label in samples
    }
    return [read[sample_id] for sample_id in sample_ids]


@served
def cell_row_ids(
    database: Database,
    evaluation_id: str,
    labels: Collection[str],
    predicted: Collection[str],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[str]:
    """The rows with one of these labels and predictions, the most certain first.

    Without a prediction it is the failed rows.
    """
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT r.sample_id FROM {_JUDGED} r
            WHERE evaluation_id = ? AND list_contains(?, label)
              AND CASE WHEN len(?::VARCHAR[]) = 0 THEN predicted_label IS NULL
                       ELSE list_contains(?, predicted_label) END
            ORDER BY certainty DESC NULLS LAST, sample_id LIMIT ? OFFSET ?""",
            [evaluation_id, *(sorted(names) for names in (labels, predicted, predicted)), limit,
             offset],
        )  # fmt: skip
    return [sample_id for (sample_id,) in rows]


Outcome = tuple[bool, bool]  # whether the first is right, and the second


@served
def count_outcomes(
    database: Database, first: str, second: str, positives: Collection[str]
) -> dict[Outcome, int]:
    """Count the labelled rows that two evaluations share by which of them is right.

    Right is what lies on the right side, positive or negative; a failed row is wrong.
    """
    with database.read() as cursor:
        rows = cursor.rows(
            f"SELECT first_right, second_right, count(*) FROM ({_OUTCOMES}) GROUP BY ALL",
            _outcome_values(first, second, positives),
        )
    return {(one, other): count for one, other, count in rows}


@served
def outcome_row_ids(
    database: Database,
    first: str,
    second: str,
    positives: Collection[str],
    outcome: Outcome,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[str]:
    """The rows of one outcome, by how certain the wrong one is, the most certain first.

    Where both are right or wrong, the first counts.
    """
    by = "second_certainty" if outcome == (True, False) else "first_certainty"
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT sample_id FROM ({_OUTCOMES}) WHERE first_right = ? AND second_right = ?
            ORDER BY {by} DESC NULLS LAST, sample_id LIMIT ? OFFSET ?""",
            [*_outcome_values(first, second, positives), *outcome, limit, offset],
        )
    return [sample_id for (sample_id,) in rows]


# Rows of evaluations with the probability of what was predicted.
_JUDGED = """(SELECT x.*, x.probabilities[list_position(d.labels, x.predicted_label)] AS certainty
    FROM evaluation_rows x JOIN evaluations e USING (evaluation_id)
    JOIN detectors d ON d.detector_id = e.detector_id)"""
_RIGHT = (
    "coalesce(list_contains(?, {0}.predicted_label) = list_contains(?, {0}.label), false) "
    "AS {1}_right, {0}.certainty AS {1}_certainty"
)
_OUTCOMES = f"""SELECT a.sample_id, {_RIGHT.format("a", "first")}, {_RIGHT.format("b", "second")}
    FROM {_JUDGED} a JOIN {_JUDGED} b ON a.sample_id = b.sample_id AND a.label = b.label
    WHERE a.evaluation_id = ? AND b.evaluation_id = ?"""


def _outcome_values(first: str, second: str, positives: Collection[str]) -> list[Value]:
    return [*[sorted(positives)] * 4, first, second]
