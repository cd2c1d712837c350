"""Rows for tests: small frames that fit the schemas, and a store filled with them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from pathlib import Path
from typing import Self
from unittest.mock import patch

import polars as pl

from store.database.connection import Database
from store.datasets import add_roles
from store.drift_schema import COMPARISONS, DISTRIBUTIONS, DRIFT, TRAFFIC, TWO_SAMPLE
from store.ids import content_digest, text_digest
from store.ingest import ingest_part
from store.logs import RECORDS, insert_records
from store.reading.options import Role
from store.reading.prepare import PREPARED
from store.schema import (
    ANSWERS,
    CORRECTIONS,
    DETECTORS,
    EVALUATION_ROWS,
    MEMBERS,
    PREDICTIONS,
    QUERIES,
    SPEEDS,
    VECTORS,
)

LABELS = ("health-advice", "health-content", "general-content")
JOB = "20260101-120000-aaaa"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@contextmanager
def standing_clock() -> Iterator[None]:
    """Let databases and supervisors made meanwhile find it noon, a millisecond on at each look.

    So what came later is later, and no screen shows a difference.
    """
    looks = count()

    class Noon(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromisoformat((NOON + timedelta(milliseconds=next(looks))).isoformat())

    with (
        patch("store.database.connection.datetime", Noon),
        patch("engine.jobs.supervisor.datetime", Noon),
    ):
        yield


def frame(
    schema: Mapping[str, pl.DataType], rows: Sequence[Mapping[str, object]], **defaults: object
) -> pl.DataFrame:
    """A frame of a schema; `defaults` fill what a row lacks, null what they lack."""
    filled = [{**dict.fromkeys(schema), **defaults, **row} for row in rows]
    return pl.DataFrame(filled, schema=dict(schema))


def add_dataset(
    database: Database,
    dataset: str,
    rows: Sequence[tuple[str, str, str | None]],
    *roles: Role,
    groups: Mapping[str, str] | None = None,
) -> None:
    """Put (sample_id, text, label) rows into a dataset with these roles."""
    samples = frame(
        PREPARED,
        [
            {
                "sample_id": sample_id,
                "text": text,
                "text_hash": text_digest(text),
                "label": label,
                "line": line,
                "group_key": (groups or {}).get(sample_id),
            }
            for line, (sample_id, text, label) in enumerate(rows, start=1)
        ],
        dataset=dataset,
        source="rows.csv",
    )
    with database.write() as cursor:
        add_roles(cursor, dataset, roles)
        cursor.insert("samples", samples)


def add_records(
    database: Database, dataset: str, records: Sequence[Mapping[str, object]], *roles: Role
) -> None:
    """Put records of a log into a dataset of production, a sample for each with a text.

    What a record lacks is: ids "r0", "r1" …, texts "Text 0." …, a minute between them from NOON on,
    and that version 1 of a guard "guard" let it pass. One that is `missing` has no text.
    """
    filled: list[dict[str, object]] = []
    for number, given in enumerate(records):
        text = None if given.get("missing") else given.get("text", f"Text {number}.")
        context = str(given["context"]) if given.get("context") else None
        filled.append(
            {
                "record_id": f"r{number}",
                "logged_at": NOON.replace(tzinfo=None) + timedelta(minutes=number),
                "guard": "guard",
                "guard_version": "1",
                "verdict": "passed",
                "categories": [],
                "line": number + 1,
                **given,
                "text": text,
                "text_hash": None if text is None else content_digest(str(text), context),
            }
        )
    with database.write() as cursor:
        add_roles(cursor, dataset, roles or ("production",))
        insert_records(cursor, frame(RECORDS, filled, dataset=dataset, source="log.jsonl"))


def queries(sample_ids: Sequence[str], **columns: object) -> pl.DataFrame:
    """One query `q-<sample>` for each sample."""
    defaults = {
        "job_id": JOB, "attempt": 1, "model": "m", "template": "t", "template_digest": "td",
        "prompt_digest": "pd", "sampling": "{}", "raw": "What?", "text": "What?",
        "trim_rule": "question", "flags": [], "new_tokens": 3,
    }  # fmt: skip
    rows = [{"query_id": f"q-{item}", "sample_id": item} for item in sample_ids]
    return frame(QUERIES, rows, **{**defaults, **columns})


def answers(sample_ids: Sequence[str], **columns: object) -> pl.DataFrame:
    """One answer `a-<sample>` for the query of each sample."""
    defaults = {
        "job_id": JOB, "attempt": 1, "model": "m", "template": "t", "template_digest": "td",
        "prompt_digest": "pd", "sampling": "{}", "flags": [], "new_tokens": 9,
    }  # fmt: skip
    rows = [
        {
            "answer_id": f"a-{item}",
            "query_id": f"q-{item}",
            "text": columns.get("text", f"The answer to {item}."),
        }
        for item in sample_ids
    ]
    return frame(ANSWERS, rows, **{**defaults, **columns})


def detectors(*ids: str, recipe: str = "initial") -> pl.DataFrame:
    """Detectors named as their ids."""
    return frame(
        DETECTORS,
        [{"detector_id": item, "name": item} for item in ids],
        recipe=recipe, job_id=JOB, base="b", labels=list(LABELS), pooling="mean", width=2,
        seed=0, training_digest="d", training_rows=10, params="{}", versions="{}", losses=[0.5],
    )  # fmt: skip


def stand_in(workspace: Path, *detector_ids: str) -> None:
    """Make detectors' folders that look whole, of weights that hold nothing."""
    for detector_id in detector_ids:
        folder = workspace / "detectors" / detector_id
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")


def predictions(
    labels: Mapping[str, str], *, detector_id: str = "d0", kind: str = "answer"
) -> pl.DataFrame:
    """A prediction of `label` with probability 0.8 for each item."""
    rows = [
        {
            "item_id": item,
            "label": label,
            "probabilities": [0.8 if name == label else 0.1 for name in LABELS],
            "embedding": [1.0, 0.0] if kind == "answer" else None,
        }
        for item, label in labels.items()
    ]
    return frame(PREDICTIONS, rows, detector_id=detector_id, item_kind=kind, job_id=JOB)


def vectors(places: Mapping[str, Sequence[float]], *, encoder: str = "e") -> pl.DataFrame:
    """The vector of each answer by an encoder."""
    found = [{"answer_id": item, "vector": list(vector)} for item, vector in places.items()]
    return frame(VECTORS, found, encoder=encoder, job_id=JOB)


def members(
    clusters: Mapping[str, Sequence[str]],
    *,
    clustering_id: str = "g0",
    label: str = "health-advice",
    detector_id: str = "d0",
) -> pl.DataFrame:
    """One clustering; each cluster's answers are given nearest first."""
    rows = [
        {"cluster_id": cluster_id, "answer_id": answer, "rank": rank, "distance": rank / 10}
        for cluster_id, answer_ids in clusters.items()
        for rank, answer in enumerate(answer_ids)
    ]
    return frame(
        MEMBERS, rows, clustering_id=clustering_id, job_id=JOB, detector_id=detector_id,
        scope="all", k=20, seed=0, threads=1, predicted_label=label, confidence=0.8,
        embeddings="detector",
    )  # fmt: skip


def drift(
    scores: Mapping[str, float], *, floor: float | None = None, config: str = "c"
) -> pl.DataFrame:
    """Scores of answers "a-" and their sample; precision, recall and F1 are all the same.

    The query is as near to the seed as the middle between the score and 1, and so is the answer
    to the query.
    """

    def same(score: float | None) -> dict[str, float] | None:
        return None if score is None else dict.fromkeys(("precision", "recall", "f1"), score)

    rows = [
        {
            "answer_id": item, "sample_id": item.removeprefix("a-"), "answer_seed": same(score),
            "query_seed": same((1 + score) / 2), "answer_query": same((1 + score) / 2),
        }
        for item, score in scores.items()
    ]  # fmt: skip
    return frame(
        DRIFT, rows, job_id=JOB, config_hash=config, config="{}", answer_cut=False,
        query_cut=False, seed_cut=False, unmatched_answer=[], unmatched_seed=[],
        **{f"{name}_floor": same(floor) for name in COMPARISONS},
    )  # fmt: skip


def two_sample(result_id: str, **columns: object) -> pl.DataFrame:
    """One figure of answers by their embeddings, unmatched unless said otherwise."""
    defaults = {
        "job_id": JOB, "compared": "answers", "features": "embedding", "matched": False,
        "n_compared": 30, "n_production": 40, "groups": 70, "auc": 0.75, "low": 0.6, "high": 0.9,
        "config": '{"cut_tokens": null}', "rows_digest": "r",
    }  # fmt: skip
    return frame(TWO_SAMPLE, [{"result_id": result_id}], **{**defaults, **columns})


def traffic(result_id: str, **columns: object) -> pl.DataFrame:
    """One figure of a day of "live" by its embeddings, unless said otherwise."""
    defaults = {
        "job_id": JOB, "dataset": "live", "period": "day", "before": datetime(2026, 1, 1),
        "begin": datetime(2026, 1, 2), "features": "embedding", "n_before": 30, "n": 40,
        "auc": 0.6, "low": 0.5, "high": 0.7, "config": "{}", "rows_digest": "r",
    }  # fmt: skip
    return frame(TRAFFIC, [{"result_id": result_id}], **{**defaults, **columns})


def distribution(result_id: str, dataset: str | None, **columns: object) -> pl.DataFrame:
    """The figures of a dataset, of texts as they are unless said otherwise."""
    shares = {
        f"{side}_{figure}": {"value": value, "low": value / 2, "high": (1 + value) / 2}
        for side, values in (("seeds", (0.9, 0.05, 0.0)), ("answers", (0.7, 0.25, 0.2)))
        for figure, value in zip(
            ("distinct_2", "near_duplicates", "empty_clusters"), values, strict=True
        )
    }
    defaults = {
        "job_id": JOB, "matched": False, "pairs": 60, "clusters": 5, "mmd2_p": 0.000999,
        "mmd2": {"value": 0.125, "low": 0.1, "high": 0.15}, "rows_digest": "r",
        "config": '{"encoder": "bundled:all-minilm-l6-v2", "limit": 2000}',
    }  # fmt: skip
    row = {"result_id": result_id, "dataset": dataset}
    return frame(DISTRIBUTIONS, [row], **{**defaults, **shares, **columns})


def evaluation(
    rows: Sequence[tuple[str, str, str | None]], *, detector_id: str, dataset: str
) -> pl.DataFrame:
    """An evaluation of (sample_id, label, predicted label) rows."""
    found = [
        {"sample_id": sample, "label": label, "predicted_label": predicted}
        for sample, label, predicted in rows
    ]
    return frame(
        EVALUATION_ROWS, found, evaluation_id=f"e-{detector_id}-{dataset}",
        detector_id=detector_id, job_id=JOB, dataset=dataset,
    )  # fmt: skip


def corrections(errors: Mapping[str, Sequence[str | None]], **columns: object) -> pl.DataFrame:
    """Candidates of answers; each has an error, or None where it is kept."""
    attempt = columns.get("attempt", 1)
    found = [
        {
            "correction_id": f"{answer}-{attempt}-{number}", "answer_id": answer,
            "candidate": number, "error": error,
            "text": columns.get("text", f"Correction {number} of {answer}."),
        }
        for answer, candidates in errors.items()
        for number, error in enumerate(candidates)
    ]  # fmt: skip
    defaults = {
        "job_id": JOB, "attempt": attempt, "model": "m", "template": "correct",
        "template_digest": "d", "prompt_digest": "p", "sampling": "{}", "flags": [],
        "new_tokens": 9, "detector_id": "d0", "label": LABELS[2], "probability": 0.25, "f1": 0.7,
        "floor": 0.5,
    }  # fmt: skip
    return frame(CORRECTIONS, found, **{**defaults, **columns})


def speeds(*detector_ids: str, dataset: str, **columns: object) -> pl.DataFrame:
    """How quickly detectors judged a dataset."""
    defaults = {
        "job_id": JOB, "dataset": dataset, "device": "cpu, 2 threads", "batch_size": 32,
        "rows": 150, "rows_per_second": 61.25, "latency_rows": 100, "latency_ms": 18.5,
        "latency_p95_ms": 31.0,
    }  # fmt: skip
    found = [{**defaults, **columns, "detector_id": item} for item in detector_ids]
    return frame(SPEEDS, found)


def ingest(
    database: Database,
    folder: Path,
    table: str,
    rows: pl.DataFrame,
    *,
    part: int = 0,
    job_id: str = JOB,
) -> int:
    """Take rows in as a part of a stage named like the table."""
    path = folder / f"{table}-{part:05}.parquet"
    rows.write_parquet(path)
    return ingest_part(database, job_id, f"1-{table}", table, path)
