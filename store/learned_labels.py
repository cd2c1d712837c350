"""Labels that a model learned from the decisions, and which decisions that were.

A workspace spreads its labels by cluster, or learned; `use_spread` makes the views mean that. Rows
of production neither teach nor learn: the label of their cluster is theirs in any case. The
learned ones are derived: all follow from the decisions that count, so whoever reads them asks first
whether the `Basis` is fresh, and fits again where it is not. A fit is there as a whole: its rows
come in by small transactions, and count at once with `finish_fit`.

polars is imported with the first fit, because a screen's first cluster waits for this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.errors import LabelsOutdated
from store.spaces import Space
from store.vectors import active_space

if TYPE_CHECKING:
    import polars as pl

Spread = Literal["cluster", "learned"]

ROWS_AT_ONCE: Final = 20_000  # of a fit, in one transaction: no key waits longer than for those
EMPTY: Final = ""  # the stamp of the fit that a workspace begins with
LEARNED_TABLES: Final = ("learned_labels_0", "learned_labels_1")  # rows of a fit are in one
_VIEWS: Final[dict[Spread, tuple[str, str]]] = {
    "cluster": ("labels_by_cluster", "propagated_by_cluster"),
    "learned": ("labels_learned", "propagated_learned"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a fit is made from, all of which `stamp` stands for; `is_fresh` where one was.

    `decided` has the answers that people labelled, in the order in which they did: answer_id,
    label and cluster_id, null where the answer is in no active cluster. `kept_out` (answer_id) get
    no learned label: those and what is put off or left out of training. `space` is that of the
    newest clustering, None without one; `origin` changes with it, and whenever other answers are in
    active clusters than before.
    """

    stamp: str
    is_fresh: bool
    space: Space | None
    origin: str
    decided: "pl.DataFrame"
    kept_out: "pl.DataFrame"


@served
def read_spread(database: Database) -> Spread:
    """How the labels of the workspace spread now."""
    with database.read() as cursor:
        return _spread(cursor)


def _spread(cursor: Cursor) -> Spread:
    return "learned" if cursor.number("SELECT count(*) FROM learned_fits") else "cluster"


@served
def use_spread(database: Database, spread: Spread) -> None:
    """Let labels spread so from now on; nothing changes where they do.

    Learned ones are there once a fit is; by cluster, nothing learned stays.
    """
    with database.read() as cursor:
        if _spread(cursor) == spread:
            return
    labels, propagated = _VIEWS[spread]
    with database.write() as cursor:
        for table in LEARNED_TABLES:
            _clear(cursor, table)
        cursor.execute("DELETE FROM learned_fits")
        if spread == "learned":
            _enter_fit(cursor, database, _new_fit_id(cursor), EMPTY)
        cursor.execute(f"CREATE OR REPLACE VIEW answer_labels AS SELECT * FROM {labels}")
        cursor.execute(f"CREATE OR REPLACE VIEW propagated_labels AS SELECT * FROM {propagated}")


_DECIDED: Final = """
SELECT o.answer_id, o.label, c.cluster_id
FROM (SELECT * FROM own_labels WHERE label IS NOT NULL
      AND answer_id NOT IN (SELECT answer_id FROM excluded_answers)
      AND answer_id NOT IN (SELECT answer_id FROM observed_answers)) o
LEFT JOIN (SELECT m.answer_id, any_value(m.cluster_id) AS cluster_id
           FROM (SELECT * FROM members WHERE answer_id IN (SELECT answer_id FROM own_labels)) m
           JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
           WHERE active GROUP BY m.answer_id) c USING (answer_id)
ORDER BY o.judgement_id NULLS FIRST, o.decision_id, o.answer_id
"""
_KEPT_OUT: Final = """
SELECT answer_id FROM (
    SELECT answer_id FROM own_labels UNION SELECT answer_id FROM excluded_answers)
WHERE answer_id NOT IN (SELECT answer_id FROM observed_answers) ORDER BY answer_id
"""
_CLUSTERING: Final = """
SELECT coalesce(string_agg(clustering_id || ':' || answers, ' ' ORDER BY clustering_id), '')
FROM (SELECT clustering_id, sum(size)::BIGINT AS answers
      FROM clusters JOIN clusterings USING (clustering_id)
      WHERE active AND parent_id IS NULL
        AND clustering_id NOT IN (SELECT clustering_id FROM observed_clusterings)
      GROUP BY clustering_id)
"""


@served
def read_basis(database: Database, confidence: float) -> Basis:
    """What a fit would be made from now, which labels answers that it is so confident of."""
    from store.ids import row_id, text_digest

    with database.read() as cursor:
        space = active_space(cursor)
        origin = row_id(repr(space), str(cursor.one(_CLUSTERING)[0]))
        decided, kept_out = cursor.frame(_DECIDED), cursor.frame(_KEPT_OUT)
        rows = text_digest(repr(decided.rows()) + repr(kept_out["answer_id"].to_list()))
        stamp = row_id(origin, rows, confidence)
        fresh = [stamp] if decided.height else [stamp, EMPTY]  # nothing is learned from nothing
        fits = cursor.number(
            "SELECT count(*) FROM learned_fits WHERE list_contains(?, stamp)", [fresh]
        )
    return Basis(stamp, bool(fits), space, origin, decided, kept_out)


@served
def list_spreadable(database: Database, space: Space) -> "pl.DataFrame":
    """Answers to seeds that are in active clusters, in the order of their vectors: answer_id."""
    table, key = ("vectors", "answer_id") if space.embeddings == "encoder" else (
        "predictions", "item_id")  # fmt: skip
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT answer_id FROM (
                SELECT DISTINCT answer_id FROM members JOIN leaf_clusters USING (cluster_id)
                JOIN clusterings USING (clustering_id) WHERE active
                  AND clustering_id NOT IN (SELECT clustering_id FROM observed_clusterings))
            JOIN (SELECT {key} AS answer_id, min(rowid) AS place FROM {table} GROUP BY {key})
            USING (answer_id) ORDER BY place"""
        )


@served
def begin_fit(database: Database) -> int:
    """The number under which the rows of a fit are to come in, now that there is room for them."""
    with database.write(is_patient=True, is_noticed=False) as cursor:
        fit_id = _new_fit_id(cursor)
        table = _table(fit_id)
        if cursor.rows(f"SELECT 1 FROM {table} JOIN learned_fits USING (fit_id) LIMIT 1"):
            fit_id = _new_fit_id(cursor)  # another process has begun a fit since
        _clear(cursor, _table(fit_id))
    return fit_id


def _new_fit_id(cursor: Cursor) -> int:
    return cursor.number("SELECT nextval('fit_order')")


def _table(fit_id: int) -> str:
    return LEARNED_TABLES[fit_id % len(LEARNED_TABLES)]


def _clear(cursor: Cursor, table: str) -> None:
    cursor.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table} WITH NO DATA")


@served
def add_learned(database: Database, fit_id: int, rows: "pl.DataFrame") -> None:
    """Take in some rows of a fit: answer_id, label and probability."""
    import polars as pl

    with database.write(is_patient=True, is_noticed=False) as cursor:
        cursor.insert(_table(fit_id), rows.with_columns(fit_id=pl.lit(fit_id, pl.Int64)))


@served
def finish_fit(database: Database, fit_id: int, stamp: str, rows: int) -> None:
    """Let a fit of so many rows take the place of the one before.

    Raises LabelsOutdated where not all of them are there, or labels spread by cluster by now.
    """
    table = _table(fit_id)
    with database.write() as cursor:
        found = cursor.number(f"SELECT count(*) FROM {table} WHERE fit_id = ?", [fit_id])
        if found != rows or _spread(cursor) != "learned":
            raise LabelsOutdated("The learned labels did not come in as a whole. Try again.")
        cursor.execute("DELETE FROM learned_fits")
        _enter_fit(cursor, database, fit_id, stamp)
        for other in LEARNED_TABLES:
            if other != table:
                _clear(cursor, other)


def _enter_fit(cursor: Cursor, database: Database, fit_id: int, stamp: str) -> None:
    cursor.execute("INSERT INTO learned_fits VALUES (?, ?, ?)", [fit_id, stamp, database.now()])


@dataclass(frozen=True, slots=True)
class LearnedLabel:
    """What the model gives an answer."""

    label: str
    probability: float


@served
def look_up_learned(database: Database, answer_ids: Sequence[str]) -> dict[str, LearnedLabel]:
    """The learned labels of these answers; those without one are left out."""
    if not answer_ids:
        return {}
    marks = ", ".join("?" * len(answer_ids))
    with database.read() as cursor:
        rows = cursor.rows(
            f"SELECT answer_id, label, probability FROM learned WHERE answer_id IN ({marks})",
            list(answer_ids),
        )
    return {answer_id: LearnedLabel(label, probability) for answer_id, label, probability in rows}


# Members that no model labels, because people did or left them out, and those of them that count.
_KEPT_BY_CLUSTER: Final = """
SELECT m.cluster_id, count(*) AS kept,
       count(*) FILTER (WHERE o.origin = 'audited' AND (
           m.rank > 0 OR m.cluster_id NOT IN (SELECT cluster_id FROM labelled_clusters))) AS audited
FROM (SELECT * FROM members WHERE answer_id IN (SELECT answer_id FROM own_labels)
      OR answer_id IN (SELECT answer_id FROM excluded_answers)) m
LEFT JOIN own_labels o USING (answer_id) GROUP BY m.cluster_id
"""
_COUNTED: Final = f"""
SELECT cluster_id, size - coalesce(kept, 0) AS others, coalesce(audited, 0) AS audited
FROM leaf_clusters JOIN clusterings USING (clustering_id)
LEFT JOIN ({_KEPT_BY_CLUSTER}) USING (cluster_id) WHERE active
  AND clustering_id NOT IN (SELECT clustering_id FROM observed_clusterings)
"""
_LEARNED_BY_CLUSTER: Final = """
SELECT cluster_id, count(*) FROM learned JOIN members USING (answer_id) GROUP BY cluster_id
"""


@served
def count_learned(database: Database) -> dict[str, int]:
    """How many members have a label that was learned or audited, by active leaf cluster.

    A representative that is labelled itself is not among them. Where all others have a learned
    label, which is the rule, they are not looked up: among a million that takes 0.2 s, and keys
    wait for it.
    """
    with database.read() as cursor:
        counted = cursor.rows(_COUNTED)
        learned = {cluster_id: others for cluster_id, others, _ in counted}
        if sum(learned.values()) != cursor.number("SELECT count(*) FROM learned"):
            learned = dict(cursor.rows(_LEARNED_BY_CLUSTER))
    found = {cluster_id: learned.get(cluster_id, 0) + audited for cluster_id, _, audited in counted}
    return {cluster_id: count for cluster_id, count in found.items() if count}
