"""Workspaces as they are after a run of a million answers, to measure on; no model is asked.

SQL writes the rows straight into a database of the app's own; only the clustering goes the way
of a part. The job's folder holds its parts as empty files, since all of them are in the ledger.

    python -m tests.benchmarks.million FOLDER [--rows 1000000] [--width 384]
"""

import argparse
import re
import sys
import time
from pathlib import Path
from typing import Final

import polars as pl

from engine.jobs.job import JobFolder
from engine.jobs.parts import parts_dir, write_text
from engine.jobs.records import JobResult, JobSpec, StageProgress, StageSpec, write_spec
from engine.stages.drift import DriftParams, config_hash, drift_config
from engine.stages.queries import QueryParams
from store.database.connection import Database
from store.database.cursor import Cursor, Value
from store.datasets import add_roles
from store.drift_schema import COMPARISONS
from store.ingest import ingest_part
from store.pairs import Draw
from store.schema import MEMBERS
from tests import rows as small
from tests.benchmarks.steps import seed_texts
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.workspace import Workspace

ROWS: Final = 1_000_000
WIDTH: Final = 384
CLUSTERS: Final = (60, 10_000)
PART_ROWS: Final = 64  # as the presets batch generation
ROWS_AT_ONCE: Final = 100_000
JOB: Final = "20260105-090000-a1f0"
STAMP: Final = "2026-01-05T09:00:00+00:00"
DETECTOR: Final = "d-initial"
DATASETS: Final = ("abstracts", "laypeople", "suggestions")

# Of the row number i. Sizes of clusters are uneven: those with low numbers are the largest.
_MACROS: Final = """
CREATE TEMP MACRO id_of(what, i) AS left(md5(concat(what, i)), 24);
CREATE TEMP MACRO share(what, i) AS hash(concat(what, i)) / 18446744073709551615.0;
CREATE TEMP MACRO cluster_of(i) AS floor({clusters} * pow(share('cluster', i), 1.4))::BIGINT;
CREATE TEMP MACRO one_of(names, n) AS names[(1 + n % len(names))::BIGINT];
CREATE TEMP MACRO label_of(n) AS one_of({labels}, n);
CREATE TEMP MACRO seed_label(i) AS
    label_of(CASE WHEN share('seed', i) < 0.85 THEN cluster_of(i) ELSE hash(i) END);
CREATE TEMP MACRO words(what, i, sentences) AS array_to_string(list_transform(range(sentences),
    lambda j: one_of(getvariable('sentences'), hash(concat(what, i, '/', j)))), ' ');
CREATE TEMP MACRO sureness(i) AS (0.4 + 0.6 * share('sure', i))::FLOAT;
CREATE TEMP MACRO scores(f1) AS {{
    'precision': (f1 * 0.95)::FLOAT, 'recall': (f1 * 1.05)::FLOAT, 'f1': f1::FLOAT}};
CREATE TEMP MACRO embedding(i) AS list_transform(range({width}),
    lambda j: ((hash(cluster_of(i), j) % 2000 + hash(i, j) % 500) / 1250 - 1)::FLOAT);
"""
_WAY: Final = """? AS job_id, ? AS model, ? AS template_digest, ? AS sampling, 1 AS attempt,
    't' AS template, 'p' AS prompt_digest, [] AS flags, 200 AS new_tokens"""
_SAMPLES: Final = """SELECT id_of('s', i) AS sample_id, one_of({datasets}, i) AS dataset,
    words('s', i, 2) AS text, md5(concat(i)) AS text_hash, seed_label(i) AS label,
    'seeds.csv' AS source, i AS line"""
_QUERIES: Final = f"""SELECT id_of('q', i) AS query_id, id_of('s', i) AS sample_id,
    'What do you say to this: ' || words('q', i, 1) AS text, ' ' || text AS raw,
    'question' AS trim_rule, {_WAY}"""
_ANSWERS: Final = f"""SELECT id_of('a', i) AS answer_id, id_of('q', i) AS query_id,
    words('a', i, 8) AS text, {_WAY}"""
_PREDICTIONS: Final = """SELECT ? AS job_id, ? AS detector_id, 'answer' AS item_kind,
    id_of('a', i) AS item_id, label_of(cluster_of(i)) AS label,
    [sureness(i), 1 - sureness(i), 0] AS probabilities, embedding(i) AS embedding"""
_VECTORS: Final = """SELECT ? AS job_id, ? AS encoder, id_of('a', i) AS answer_id,
    embedding(i) AS vector"""
_DRIFT: Final = f"""SELECT id_of('a', i) AS answer_id, id_of('s', i) AS sample_id,
    id_of('a', (i + 3) % {{rows}}) AS floor_answer_id,
    ? AS job_id, ? AS config, ? AS config_hash,
    {
    ", ".join(
        f"scores(share('{name}', i)) AS {name}, scores(share('{name}', i) / 2) AS {name}_floor"
        for name in COMPARISONS
    )
},
    false AS answer_cut, false AS query_cut, false AS seed_cut,
    [0, 4, 10, 15] AS unmatched_answer, [0, 4] AS unmatched_seed"""
_MEMBERS: Final = """SELECT 'g-1' AS clustering_id, id_of('c', cluster_of(i)) AS cluster_id,
    ? AS job_id, ? AS detector_id, 'all' AS scope, {clusters} AS k, 0::BIGINT AS seed,
    1 AS threads, 'detector' AS embeddings, NULL::VARCHAR AS encoder,
    NULL::VARCHAR AS dataset, label_of(cluster_of(i)) AS predicted_label,
    id_of('a', i) AS answer_id, sureness(i) AS confidence, share('far', i)::FLOAT AS distance,
    (row_number() OVER (PARTITION BY cluster_of(i) ORDER BY share('far', i)) - 1)::INTEGER AS rank
    FROM range({rows}) t(i) ORDER BY cluster_id, rank"""


def find_or_make(folder: Path, clusters: int, rows: int = ROWS, width: int = WIDTH) -> Path:
    """The workspace with so many clusters; it is made where the folder lacks it."""
    path = folder / f"{rows}-answers-{clusters}-clusters-{width}"
    if not path.exists():
        began = time.perf_counter()
        unfinished = path.with_suffix(".unfinished")  # where one is left, it says so by refusing
        _make(unfinished, clusters, rows, width)
        unfinished.rename(path)
        size = sum(file.stat().st_size for file in path.glob("*.duckdb*")) / 1e9
        took = time.perf_counter() - began
        sys.stdout.write(f"made {path} in {took:.0f} s, its database has {size:.1f} GB\n")
        sys.stdout.flush()
    return path


def _make(path: Path, clusters: int, rows: int, width: int) -> None:
    workspace = Workspace.create(path, task="health-advice", preset="embedded")
    labels, datasets = list(workspace.task.labels), list(DATASETS)
    numbers = {
        "clusters": clusters, "rows": rows, "width": width, "labels": labels, "datasets": datasets
    }  # fmt: skip
    macros = _MACROS.format(**numbers)
    with Database(path) as database:
        with database.write() as cursor:
            for dataset in datasets:
                add_roles(cursor, dataset, ["seed"])
            cursor.insert("detectors", _detector(database, width))

        def insert(table: str, sql: str, *values: Value) -> None:
            for start in range(0, rows, ROWS_AT_ONCE):
                with database.write() as cursor:
                    _prepare(cursor, macros)
                    end = min(start + ROWS_AT_ONCE, rows)
                    cursor.execute(
                        f"INSERT INTO {table} BY NAME {sql} FROM range({start}, {end}) t(i)", values
                    )

        insert("samples", _SAMPLES.format(**numbers))
        query, answer, drift = _ways(workspace, database)
        insert("queries", _QUERIES, JOB, *query)
        insert("answers", _ANSWERS, JOB, *answer)
        insert("predictions", _PREDICTIONS, JOB, DETECTOR)
        insert("vectors", _VECTORS, JOB, workspace.settings.queries.encoder)
        insert("drift", _DRIFT.format(**numbers), JOB, *drift)
        with database.read() as cursor:
            _prepare(cursor, macros)
            members = cursor.frame(_MEMBERS.format(**numbers), [JOB, DETECTOR])
        part = path / "members.parquet"
        members.select(list(MEMBERS)).write_parquet(part)
        ingest_part(database, JOB, "4-cluster", "members", part)
        part.unlink()
        _write_job(workspace, database, rows)


def _prepare(cursor: Cursor, macros: str) -> None:
    sentences = [part for text in seed_texts(303) for part in re.split(r"(?<=[.?!]) ", text)]
    cursor.execute(macros)
    cursor.execute("SET VARIABLE sentences = ?", [sentences])


def _detector(database: Database, width: int) -> pl.DataFrame:
    return small.detectors(DETECTOR).with_columns(
        name=pl.lit("initial"),
        width=pl.lit(width, pl.Int32),
        created_at=pl.lit(database.now().replace(tzinfo=None)),
    )


def _ways(workspace: Workspace, database: Database) -> list[tuple[str, ...]]:
    """How a run would ask, answer and score, so that nothing of it is due."""
    request = RunRequest(("queries", "answers", "drift"), Draw(limit=1))
    *asked, drift = (stage.params for stage in draft_run(workspace, database, request).stages)
    ways = [QueryParams.model_validate(params) for params in asked]
    config = drift_config(DriftParams.model_validate(drift))
    return [
        *((way.model_name, way.template.digest, way.sampling_json) for way in ways),
        (config, config_hash(config)),
    ]


def _write_job(workspace: Workspace, database: Database, rows: int) -> None:
    """Write the folder of the job that made the rows, and its lines in the ledger."""
    job = JobFolder(workspace.path / "jobs" / JOB)
    job.path.mkdir()
    names = ("queries", "answers", "predict", "cluster", "drift")
    specs = tuple(StageSpec(name=name, params={}) for name in names)
    write_spec(
        job.path,
        JobSpec(job_id=JOB, created_at=STAMP, device="cpu", stages=specs, inputs={}, versions={}),
    )
    done = StageProgress(done=rows, total=rows, elapsed_s=36_000.0, finished=True)
    for number, name in enumerate(names):
        folder = job.stage_dir(number, name)
        parts_dir(folder).mkdir(parents=True)
        write_text(folder / "progress.json", done.model_dump_json())
        parts = 1 if name == "cluster" else -(-rows // PART_ROWS)
        for part in range(parts):
            (parts_dir(folder) / f"{part:05}.parquet").touch()
        with database.write() as cursor:
            cursor.execute(
                """INSERT OR IGNORE INTO ingested_parts
                SELECT ?, ?, printf('%05d.parquet', i), 'none', ?, ?::TIMESTAMP
                FROM range(?) t(i)""",
                [JOB, folder.name, PART_ROWS, database.now(), parts],
            )
    job.log_path.touch()
    job.write_result(JobResult(state="done", ended_at=STAMP))


def main() -> None:
    """Make both workspaces in a folder."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.million")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--width", type=int, default=WIDTH)
    chosen = parser.parse_args()
    for clusters in CLUSTERS:
        find_or_make(chosen.folder, clusters, chosen.rows, chosen.width)


if __name__ == "__main__":
    main()
