"""All that hangs on one row: its seed with every question and answer, or those of the row alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.drift_schema import COMPARISONS
from store.errors import UnknownName
from store.logged import OBSERVED, Logged, read_records

Item = Literal["seed", "question", "answer"]


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a detector, or a language model, calls a text; `probability` is None if it has none."""

    detector: str
    label: str | None
    probability: float | None


@dataclass(frozen=True, slots=True)
class SeedRecord:
    """A sample, with the context of a pair. `copies` counts those of the same text, with itself."""

    sample_id: str
    dataset: str
    roles: tuple[str, ...]
    text: str
    label: str | None
    own_id: str | None
    group: str | None
    file: str
    line: int
    copies: int
    predicted: tuple[Predicted, ...]
    context: str | None = None
    logged: Logged | None = None


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """A question or an answer as a model wrote it; `raw` is None where the text is unchanged.

    What production wrote `is_observed`: it is the row itself, and its question what it answers.
    `scores` are F1 by comparison. An answer's label has an origin; a question has neither.
    """

    what: Literal["question", "answer"]
    row_id: str
    text: str | None
    raw: str | None
    flags: tuple[str, ...]
    error: str | None
    tokens: int
    model: str
    template: str
    sampling: str
    attempt: int
    job_id: str
    label: str | None = None
    origin: str | None = None
    is_left_out: bool = False
    cluster_id: str | None = None
    scores: tuple[tuple[str, float], ...] = ()
    predicted: tuple[Predicted, ...] = ()

    @property
    def is_observed(self) -> bool:
        """Whether production wrote it, and no model of ours."""
        return self.model == OBSERVED


@dataclass(frozen=True, slots=True)
class Record:
    """A seed with questions, each followed by its answers."""

    seed: SeedRecord
    made: tuple[MadeRecord, ...]


@served
def read_record(database: Database, of: Item, row_id: str) -> Record:
    """The record of a row: of an answer only its own question, of a question all its answers.

    Raises UnknownName if the row is gone.
    """
    with database.read() as cursor:
        query_ids, answer_ids, sample_id = _related(cursor, of, row_id)
        made: list[MadeRecord] = []
        for query_id in query_ids:
            made.append(_question(cursor, query_id))
            made += (_answer(cursor, item) for item in answer_ids[query_id])
        return Record(_seed(cursor, sample_id), tuple(made))


def _related(cursor: Cursor, of: Item, row_id: str) -> tuple[list[str], dict[str, list[str]], str]:
    """The questions, the answers of each, and the seed."""
    if of == "answer":
        query_id = _found(cursor, "SELECT query_id FROM answers WHERE answer_id = ?", row_id)
        answers = {query_id: [row_id]}
    elif of == "question":
        answers = {row_id: _answers_of(cursor, row_id)}
    else:
        queries = cursor.rows(
            "SELECT query_id FROM queries WHERE sample_id = ? ORDER BY rowid", [row_id]
        )
        return (
            [item for (item,) in queries],
            {item: _answers_of(cursor, item) for (item,) in queries},
            row_id,
        )
    (query_id,) = answers
    sample_id = _found(cursor, "SELECT sample_id FROM queries WHERE query_id = ?", query_id)
    return [query_id], answers, sample_id


def _found(cursor: Cursor, sql: str, row_id: str) -> str:
    rows = cursor.rows(sql, [row_id])
    if not rows:
        raise UnknownName("That row was removed meanwhile.")
    return str(rows[0][0])


def _answers_of(cursor: Cursor, query_id: str) -> list[str]:
    rows = cursor.rows(
        "SELECT answer_id FROM answers WHERE query_id = ? ORDER BY rowid", [query_id]
    )
    return [answer_id for (answer_id,) in rows]


def _seed(cursor: Cursor, sample_id: str) -> SeedRecord:
    rows = cursor.rows(
        """SELECT dataset, text, label, external_id, group_key, source, line, text_hash,
               context
        FROM samples WHERE sample_id = ?""",
        [sample_id],
    )
    if not rows:
        raise UnknownName("That row was removed meanwhile.")
    dataset, text, label, own_id, group, file, line, text_hash, context = rows[0]
    roles = cursor.rows("SELECT role FROM dataset_roles WHERE dataset = ? ORDER BY 1", [dataset])
    copies = cursor.number("SELECT count(*) FROM samples WHERE text_hash = ?", [text_hash])
    evaluated = cursor.rows(
        """SELECT d.name, r.predicted_label, list_max(r.probabilities)
        FROM (SELECT * FROM evaluation_rows WHERE sample_id = ?) r
        JOIN evaluations e USING (evaluation_id) JOIN detectors d USING (detector_id)
        ORDER BY d.created_at, e.evaluated_at""",
        [sample_id],
    )
    return SeedRecord(
        sample_id, dataset, tuple(role for (role,) in roles), text, label, own_id, group, file,
        line, copies,
        (*_predictions(cursor, sample_id), *(Predicted(*row) for row in evaluated)),
        context, read_records(cursor, [sample_id]).get(sample_id),
    )  # fmt: skip


def _predictions(cursor: Cursor, item_id: str) -> Sequence[Predicted]:
    rows = cursor.rows(
        """SELECT d.name, p.label, list_max(p.probabilities)
        FROM (SELECT * FROM predictions WHERE item_id = ?) p JOIN detectors d USING (detector_id)
        ORDER BY d.created_at""",
        [item_id],
    )
    return [Predicted(*row) for row in rows]


def _classified(cursor: Cursor, answer_id: str) -> Sequence[Predicted]:
    """What language models call an answer; without a label where their reply names none."""
    rows = cursor.rows(
        """SELECT annotator, label FROM current_classifications WHERE answer_id = ?
        ORDER BY annotator""",
        [answer_id],
    )
    return [Predicted(annotator, label, None) for annotator, label in rows]


_MADE: Final = "flags, error, new_tokens, model, template, sampling, attempt, job_id"


def _question(cursor: Cursor, query_id: str) -> MadeRecord:
    text, raw, flags, *others = cursor.one(
        f"SELECT text, raw, {_MADE} FROM queries WHERE query_id = ?", [query_id]
    )
    changed = raw if raw != text else None
    return MadeRecord("question", query_id, text, changed, tuple(flags), *others)


def _answer(cursor: Cursor, answer_id: str) -> MadeRecord:
    text, flags, *others = cursor.one(
        f"SELECT text, {_MADE} FROM answers WHERE answer_id = ?", [answer_id]
    )
    labels = cursor.rows("SELECT label, origin FROM answer_labels WHERE answer_id = ?", [answer_id])
    label, origin = labels[0] if labels else (None, None)
    left_out = cursor.rows("SELECT 1 FROM excluded_answers WHERE answer_id = ?", [answer_id])
    return replace(
        MadeRecord("answer", answer_id, text, None, tuple(flags), *others),
        label=label,
        origin=origin,
        is_left_out=bool(left_out),
        cluster_id=_cluster(cursor, answer_id),
        scores=_scores(cursor, answer_id),
        predicted=(*_predictions(cursor, answer_id), *_classified(cursor, answer_id)),
    )


def _cluster(cursor: Cursor, answer_id: str) -> str | None:
    """The active cluster that an answer is a member of; None if it is in none."""
    rows = cursor.rows(
        """SELECT cluster_id FROM (SELECT cluster_id FROM members WHERE answer_id = ?)
        JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
        WHERE active LIMIT 1""",
        [answer_id],
    )
    return rows[0][0] if rows else None


def _scores(cursor: Cursor, answer_id: str) -> tuple[tuple[str, float], ...]:
    rows = cursor.rows(
        """SELECT answer_seed.f1, query_seed.f1, answer_query.f1
        FROM (SELECT * FROM drift WHERE answer_id = ?)
        LEFT JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id)
        USING (job_id) ORDER BY last DESC NULLS LAST LIMIT 1""",
        [answer_id],
    )
    if not rows:
        return ()
    return tuple(
        (name, score) for name, score in zip(COMPARISONS, rows[0], strict=True) if score is not None
    )
