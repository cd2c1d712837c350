"""Single pairs by how far they have drifted, and how the scores of a group are spread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from store.clusters import read_texts
from store.database.connection import Database
from store.database.cursor import Cursor, Value
from store.database.served import served
from store.drift_schema import COMPARISONS
from store.origins import look_up

if TYPE_CHECKING:
    import polars as pl

PairOrder = Literal["most drifted", "least drifted", "most at odds"]
BINS: Final = 50


@dataclass(frozen=True, slots=True)
class DriftedPair:
    """An answer with its F1 by comparison, None if it was not made, and its labels.

    `label` is that of the answer, None as long as it has none. The unmatched words are
    (start, end) in characters of the answer and of the seed. `is_excluded` says that the answer
    is left out of training.
    """

    answer_id: str
    dataset: str
    seed_label: str | None
    label: str | None
    f1: dict[str, float | None]
    unmatched_answer: tuple[tuple[int, int], ...]
    unmatched_seed: tuple[tuple[int, int], ...]
    is_excluded: bool
    text: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Counts of F1 in BINS equal bins from 0 to 1, of the pairs and of their floor."""

    pairs: tuple[int, ...]
    floor: tuple[int, ...]


_IN_GROUP: Final = """config_hash = ? AND sample_id IN (
    SELECT sample_id FROM sample_labels
    WHERE (?::VARCHAR IS NULL OR dataset = ?) AND (?::VARCHAR IS NULL OR label = ?))"""
_ORDERS: Final[dict[PairOrder, tuple[str, str]]] = {
    "most drifted": ("", "answer_seed.f1, answer_id"),
    "least drifted": ("", "answer_seed.f1 DESC, answer_id"),
    # What says the same as its seed and yet has another label.
    "most at odds": (
        """JOIN answer_labels a USING (answer_id)
        JOIN (SELECT sample_id AS of_sample, label AS of_seed FROM sample_labels) s
          ON s.of_sample = drift.sample_id AND a.label <> s.of_seed""",
        "answer_seed.f1 DESC, answer_id",
    ),
}


@served
def list_pairs(
    database: Database,
    config_hash: str,
    order: PairOrder,
    *,
    dataset: str | None = None,
    seed_label: str | None = None,
    among: "pl.DataFrame | None" = None,
    limit: int,
    offset: int = 0,
) -> list[DriftedPair]:
    """Scored pairs of a group in an order; "most at odds" has only those with a label.

    `among` has the only answers that are wanted, as answer_id. Sorts scores alone; texts and
    labels are looked up for what is returned.
    """
    where, values = _group(config_hash, dataset, seed_label)
    page = f"LIMIT {limit:d} OFFSET {offset:d}"
    with database.read() as cursor:
        if among is None:
            return _list_pairs(cursor, order, f"WHERE {where}", values, page)
        with cursor.view("wanted_answers", among):
            wanted = f"JOIN wanted_answers USING (answer_id) WHERE {where}"
            return _list_pairs(cursor, order, wanted, values, page)


def _list_pairs(
    cursor: Cursor, order: PairOrder, where: str, values: list[Value], page: str
) -> list[DriftedPair]:
    joins, by = _ORDERS[order]
    scores = ", ".join(f"{name}.f1 AS {name}_f1" for name in COMPARISONS)
    rows = cursor.rows(
        f"""SELECT answer_id, drift.sample_id, unmatched_answer, unmatched_seed, {scores}
        FROM drift {joins} {where} ORDER BY {by} {page}""",
        values,
    )
    answer_ids = [row[0] for row in rows]
    texts = read_texts(cursor, answer_ids)
    seeds = look_up(cursor, "sample_labels", "sample_id", "dataset, label",
                    [row[1] for row in rows])  # fmt: skip
    excluded = {row[0] for row in cursor.rows("SELECT answer_id FROM excluded_answers")}
    labels = look_up(cursor, "answer_labels", "answer_id", "label", answer_ids)
    return [
        DriftedPair(
            answer_id=answer_id,
            dataset=str(seeds[sample_id][0]),
            seed_label=seeds[sample_id][1],
            label=labels.get(answer_id, (None,))[0],
            f1=dict(zip(COMPARISONS, f1, strict=True)),
            unmatched_answer=_spans(answer),
            unmatched_seed=_spans(seed),
            is_excluded=answer_id in excluded,
            text=texts[answer_id] or "",
        )
        for answer_id, sample_id, answer, seed, *f1 in rows
    ]


def _group(
    config_hash: str, dataset: str | None, seed_label: str | None
) -> tuple[str, list[Value]]:
    if dataset is None and seed_label is None:
        return "config_hash = ?", [config_hash]
    return _IN_GROUP, [config_hash, dataset, dataset, seed_label, seed_label]


def _spans(places: list[int]) -> tuple[tuple[int, int], ...]:
    return tuple(zip(places[::2], places[1::2], strict=True))


@served
def read_spread(
    database: Database,
    config_hash: str,
    comparison: str,
    *,
    dataset: str | None = None,
    seed_label: str | None = None,
) -> Spread:
    """How F1 of a comparison (one of COMPARISONS) is spread in a group."""
    where, values = _group(config_hash, dataset, seed_label)
    counts = []
    with database.read() as cursor:
        for column in (comparison, f"{comparison}_floor"):
            rows = cursor.rows(
                f"""SELECT least(greatest(floor({column}.f1 * {BINS}), 0), {BINS - 1})::INTEGER,
                           count(*) FROM drift
                WHERE {where} AND {column}.f1 IS NOT NULL GROUP BY ALL""",
                values,
            )
            found = dict(rows)
            counts.append(tuple(found.get(number, 0) for number in range(BINS)))
    return Spread(*counts)
