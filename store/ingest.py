"""Taking finished parts into the tables, exactly once.

One transaction holds a part's rows and its line in the ledger, so a part is in the database
either whole or not at all, wherever the process dies.
"""

import hashlib
from pathlib import Path

import polars as pl

from store.database import Cursor, Database, check_columns
from store.errors import PartConflict
from store.schema import PARTS


def ingest_part(database: Database, job_id: str, stage: str, table: str, path: Path) -> int:
    """Take one part in and return its rows; 0 if the ledger already has it.

    `stage` is the stage's folder name, unique within the job. Raises PartConflict where the
    ledger knows other bytes under this name, SchemaMismatch where columns differ.
    """
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    known = ingested_parts(database, job_id).get((stage, path.name))
    if known == sha256:
        return 0
    if known is not None:
        raise PartConflict(
            f"{path} was taken in before with other contents ({known[:12]}, now {sha256[:12]}). "
            "Finished parts never change: was the job folder edited or restored?"
        )
    frame = check_columns(pl.read_parquet(path), PARTS[table], str(path))
    with database.write() as cursor:
        cursor.execute(
            "INSERT INTO ingested_parts VALUES (?, ?, ?, ?, ?, ?)",
            [job_id, stage, path.name, sha256, frame.height, database.now()],
        )
        if not frame.is_empty():
            _INSERTS.get(table, _insert_plain)(cursor, database, table, frame)
    return frame.height


def ingested_parts(database: Database, job_id: str) -> dict[tuple[str, str], str]:
    """Return the digests of a job's parts in the ledger, by stage folder and file name."""
    with database.read() as cursor:
        rows = cursor.rows(
            "SELECT stage, part, sha256 FROM ingested_parts WHERE job_id = ?", [job_id]
        )
    return {(stage, part): sha256 for stage, part, sha256 in rows}


def _insert_plain(cursor: Cursor, _: Database, table: str, frame: pl.DataFrame) -> None:
    cursor.insert_new(table, frame)


def _insert_detectors(cursor: Cursor, database: Database, table: str, frame: pl.DataFrame) -> None:
    cursor.insert_new(table, frame.with_columns(created_at=pl.lit(database.now())))


def _insert_members(cursor: Cursor, database: Database, _: str, frame: pl.DataFrame) -> None:
    """Insert a whole clustering: it supersedes those that share an answer with it."""
    clusterings = frame.select(
        "clustering_id", "job_id", "detector_id", "scope", "k", "seed", "threads"
    ).unique()
    clusters = frame.group_by(
        "cluster_id", "clustering_id", "dataset", "predicted_label", maintain_order=True
    ).agg(
        size=pl.len(),
        representative_id=pl.col("answer_id").sort_by("rank").first(),
    )
    with cursor.view("new_members", frame.select("answer_id")):
        cursor.execute(
            "UPDATE clusterings SET active = false WHERE active AND clustering_id IN "
            "(SELECT clustering_id FROM clusters JOIN members USING (cluster_id) "
            " JOIN new_members USING (answer_id))"
        )
    cursor.insert("clusterings", clusterings.with_columns(created_at=pl.lit(database.now())))
    cursor.insert("clusters", clusters)
    cursor.insert("members", frame.select("cluster_id", "answer_id", "rank", "distance"))


def _insert_evaluation(cursor: Cursor, database: Database, _: str, frame: pl.DataFrame) -> None:
    evaluations = frame.select("evaluation_id", "detector_id", "dataset", "job_id").unique(
        subset="evaluation_id", maintain_order=True
    )
    rows = frame.select("evaluation_id", "sample_id", "label", "predicted_label", "probabilities")
    with cursor.view("new_evaluations", evaluations), cursor.view("new_rows", rows):
        cursor.execute(
            "INSERT OR IGNORE INTO evaluations SELECT evaluation_id, detector_id, dataset, job_id, "
            "?::TIMESTAMP FROM new_evaluations",
            [database.now()],
        )
        cursor.execute("INSERT OR IGNORE INTO evaluation_rows SELECT * FROM new_rows")


_INSERTS = {
    "detectors": _insert_detectors,
    "members": _insert_members,
    "evaluation_rows": _insert_evaluation,
}
