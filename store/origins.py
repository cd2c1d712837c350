"""Where single answers came from: seed ▸ query ▸ answer, found from key to key.

Of what an LLM invented, the seed is a draw, the query a context and the answer a prompt. Of what
production wrote, the seed is the text itself, and the query its context, or what it answers.

A module of its own, without polars, because a screen's first cluster waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.logged import Logged, read_observed


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer with where it came from; a prompt was `written_for` a label.

    `logged` is there of what production wrote.
    """

    answer_id: str
    dataset: str
    seed_text: str
    seed_label: str | None
    seed_label_origin: str | None
    query: str
    answer: str
    written_for: str | None = None
    logged: Logged | None = None


@served
def read_pairs(database: Database, answer_ids: Sequence[str]) -> list[Pair]:
    """The pairs of these answers, in the order given; unknown ids are left out.

    Goes from key to key and reads through no table, so that it takes a moment among millions.
    """
    with database.read() as cursor:
        answers = look_up(cursor, "answers", "answer_id", "query_id, text", answer_ids)
        query_ids = [row[0] for row in answers.values()]
        queries = look_up(cursor, "queries", "query_id", "sample_id, text", query_ids)
        sample_ids = [row[0] for row in queries.values()]
        samples = look_up(cursor, "samples", "sample_id", "dataset, text, label", sample_ids)
        meant = look_up(cursor, "constructed_labels", "answer_id", "label", answer_ids)
        logged = read_observed(cursor, answer_ids)
        guessed = _predicted_labels(cursor, [key for key, row in samples.items() if not row[2]])
    found = []
    for answer_id in answer_ids:
        if answer_id in answers:
            query_id, answer = answers[answer_id]
            sample_id, query = queries[query_id]
            dataset, seed_text, given = samples[sample_id]
            label = given or guessed.get(sample_id)
            origin = "given" if given else "predicted" if label else None
            found.append(
                Pair(
                    answer_id, dataset, seed_text, label, origin, query, answer,
                    (meant.get(answer_id) or (None,))[0], logged.get(answer_id),
                )
            )  # fmt: skip
    return found


def look_up(
    cursor: Cursor, table: str, key: str, columns: str, values: Sequence[str]
) -> dict[str, tuple[Any, ...]]:
    """Columns of rows of a table or view by their key, each once."""
    if not values:
        return {}
    marks = ", ".join("?" * len(values))
    rows = cursor.rows(f"SELECT {key}, {columns} FROM {table} WHERE {key} IN ({marks})", values)
    return {row[0]: row[1:] for row in rows}


def _predicted_labels(cursor: Cursor, sample_ids: Sequence[str]) -> dict[str, str]:
    """The labels that the newest initial detector predicted, as `sample_labels` does."""
    if not sample_ids:
        return {}
    return dict(
        cursor.rows(
            f"""SELECT item_id, arg_max(p.label, d.created_at)
            FROM predictions p JOIN detectors d USING (detector_id)
            WHERE item_id IN ({", ".join("?" * len(sample_ids))}) AND d.recipe = 'initial'
            GROUP BY item_id""",
            sample_ids,
        )
    )
