"""Taking finished parts into the tables, exactly once.

The ledger's line comes last, in the transaction of the last rows. Rows before it go in by small
transactions, so that a decision never waits long; taken in again after a kill, those that are
there are left out, by their primary keys; only a row that a language model gave no reply to gives
way to one of another attempt. Members have none and are not seen before their
clustering is there: what a kill left of them is deleted first.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from store.clusters import summarise, with_seeds
from store.database.connection import Database, check_columns
from store.database.cursor import Cursor
from store.database.served import served
from store.errors import PartConflict, RowKnown
from store.inserts import insert
from store.schema import PARTS

Entry = tuple[str, str, str, str, int, datetime]  # a line of the ledger

ROWS_AT_ONCE: Final = 5_000  # in one transaction
FEW_AT_ONCE: Final = 100  # where a user may wait: they take some 5 ms
MEMBERS_AT_ONCE: Final = 2_000


@served
def ingest_part(
    database: Database,
    job_id: str,
    stage: str,
    table: str,
    path: Path,
) -> int:
    """Take one part in and return its rows; 0 if the ledger already has it.

    One part is taken in at a time, whoever asks for it. `stage` is the stage's folder name, unique
    within the job. Raises PartConflict if the ledger knows other bytes under this name,
    SchemaMismatch where columns differ.
    """
    with database.intake():
        return _ingest(database, job_id, stage, table, path)


def _ingest(database: Database, job_id: str, stage: str, table: str, path: Path) -> int:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    known = _digest_taken(database, job_id, stage, path.name)
    if known == sha256:
        return 0
    if known is not None:
        raise PartConflict(
            f"{path} was taken in before with other contents ({known[:12]}, now {sha256[:12]}). "
            "Finished parts never change: was the job folder edited or restored?"
        )
    frame = check_columns(pl.read_parquet(path, glob=False), PARTS[table], str(path))
    now = database.now()
    entry = (job_id, stage, path.name, sha256, frame.height, now)
    if table == "members" and not frame.is_empty():
        _ingest_clustering(database, frame, entry)
        return frame.height
    rows_at_once = FEW_AT_ONCE if database.is_modest else ROWS_AT_ONCE
    *first, last = list(frame.iter_slices(rows_at_once)) or [frame]
    for rows in first:
        _write(database, table, rows, now)
    _write(database, table, last, now, entry)
    return frame.height


def _write(
    database: Database,
    table: str,
    rows: pl.DataFrame,
    now: datetime,
    entry: Entry | None = None,
    *,
    is_new: bool = True,
) -> None:
    """Insert rows, and a line of the ledger, in a transaction.

    They are taken to be new at first: to look for each of them takes ten times as long.
    """
    try:
        with database.write(is_patient=True) as cursor:
            if entry is not None:
                _enter(cursor, entry)
            if not rows.is_empty():
                insert(cursor, table, rows, now, is_new=is_new)
    except RowKnown:
        if not is_new:
            raise
        _write(database, table, rows, now, entry, is_new=False)


def _enter(cursor: Cursor, entry: Entry) -> None:
    cursor.execute("INSERT INTO ingested_parts VALUES (?, ?, ?, ?, ?, ?)", entry)


def _digest_taken(database: Database, job_id: str, stage: str, part: str) -> str | None:
    with database.read() as cursor:
        rows = cursor.rows(
            "SELECT sha256 FROM ingested_parts WHERE job_id = ? AND stage = ? AND part = ?",
            [job_id, stage, part],
        )
    return rows[0][0] if rows else None


@served
def count_parts(database: Database, job_id: str) -> dict[str, int]:
    """How many of a job's parts the ledger has, by stage folder; they are the first ones."""
    with database.read() as cursor:
        return dict(
            cursor.rows(
                "SELECT stage, count(*) FROM ingested_parts WHERE job_id = ? GROUP BY stage",
                [job_id],
            )
        )


def _ingest_clustering(database: Database, frame: pl.DataFrame, entry: Entry) -> None:
    """Insert a whole clustering: it supersedes those that share an answer with it."""
    members = frame.select("cluster_id", "answer_id", "rank", "distance", "confidence")
    cluster_ids = frame.select("cluster_id").unique()
    with database.read() as cursor:
        superseded = _clusterings_with(cursor, frame.select("answer_id"))
        summaries = summarise(cursor, with_seeds(cursor, members))
    with database.write(is_patient=True) as cursor, cursor.view("new_clusters", cluster_ids):
        cursor.execute(
            "DELETE FROM members WHERE cluster_id IN (SELECT cluster_id FROM new_clusters)"
        )
    for rows in members.iter_slices(MEMBERS_AT_ONCE):
        with database.write(is_patient=True) as cursor:
            cursor.insert("members", rows)
    clusterings = frame.select(
        "clustering_id",
        "job_id",
        "detector_id",
        "scope",
        "k",
        "seed",
        "threads",
        "embeddings",
        "encoder",
    ).unique()
    names = frame.select("cluster_id", "clustering_id", "dataset", "predicted_label").unique()
    with database.write(is_patient=True) as cursor:
        _enter(cursor, entry)
        cursor.execute(
            "UPDATE clusterings SET active = false WHERE list_contains(?, clustering_id)",
            [superseded],
        )
        cursor.insert("clusterings", clusterings.with_columns(created_at=pl.lit(entry[-1])))
        cursor.insert("clusters", names.join(summaries, on="cluster_id"))


def _clusterings_with(cursor: Cursor, answers: pl.DataFrame) -> list[str]:
    """The active clusterings that share an answer with these."""
    with cursor.view("new_answers", answers):
        rows = cursor.rows(
            """SELECT DISTINCT clustering_id FROM clusterings
            JOIN clusters USING (clustering_id) JOIN members USING (cluster_id)
            WHERE active AND answer_id IN (SELECT answer_id FROM new_answers)"""
        )
    return [row[0] for row in rows]
