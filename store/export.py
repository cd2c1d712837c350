"""What leaves a workspace: tables as frames, written as files with a card of their provenance."""

import json
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.drift_schema import COMPARISONS
from store.errors import StoreError

_SOURCE: Final = """CASE WHEN p.answer_id IN (SELECT answer_id FROM observed_answers)
            THEN 'production' ELSE 'synthetic' END AS source"""
_LABELS: Final = f"""
SELECT p.answer_id, p.context, p.answer AS text, l.label, l.origin AS label_origin,
       l.probability AS label_probability, d.annotator, p.dataset, p.sample_id, p.query_id,
       {_SOURCE}
FROM answer_labels l JOIN pairs p USING (answer_id) LEFT JOIN decisions d USING (decision_id)
ORDER BY p.answer_id
"""

_PAIRS: Final = f"""
WITH predicted AS (
    SELECT item_id, arg_max(p.label, d.created_at) AS label
    FROM predictions p JOIN detectors d USING (detector_id)
    WHERE p.item_kind = 'answer' AND d.recipe = 'initial' GROUP BY item_id)
SELECT p.sample_id, p.dataset, p.seed_text, p.seed_label, p.query_id, p.query,
       p.answer_id, p.answer, m.label AS predicted_label, l.label, l.origin AS label_origin,
       b.answer_seed."precision" AS bertscore_precision, b.answer_seed.recall AS bertscore_recall,
       b.answer_seed.f1 AS bertscore_f1, l.probability AS label_probability,
       p.context, {_SOURCE}
FROM pairs p
LEFT JOIN predicted m ON m.item_id = p.answer_id
LEFT JOIN answer_labels l ON l.answer_id = p.answer_id
LEFT JOIN drift b ON b.answer_id = p.answer_id AND b.config_hash = ?
ORDER BY p.dataset, p.sample_id, p.answer_id
"""

_DRIFT: Final = f"""
SELECT d.answer_id, d.sample_id, s.dataset, s.label AS seed_label, s.origin AS seed_label_origin,
       l.label, d.config_hash,
       {
    ", ".join(
        f'''{name}{floor}."precision" AS {name}{floor}_precision,
       {name}{floor}.recall AS {name}{floor}_recall, {name}{floor}.f1 AS {name}{floor}_f1'''
        for name in COMPARISONS
        for floor in ("", "_floor")
    )
},
       d.floor_answer_id, d.answer_cut, d.query_cut, d.seed_cut
FROM drift d JOIN sample_labels s USING (sample_id) LEFT JOIN answer_labels l USING (answer_id)
WHERE d.config_hash = ? ORDER BY s.dataset, d.sample_id, d.answer_id
"""

_PREDICTIONS: Final = """
SELECT d.name AS detector, e.dataset, r.sample_id, s.context, s.text, r.label, r.predicted_label,
       r.probabilities, d.labels AS probability_labels
FROM evaluation_rows r
JOIN evaluations e USING (evaluation_id)
JOIN detectors d USING (detector_id)
JOIN samples s USING (sample_id)
ORDER BY d.created_at, e.dataset, r.sample_id
"""


@served
def export_labels(database: Database) -> pl.DataFrame:
    """Every labelled answer with the label's origin and annotator, and who wrote the text.

    A learned label has a probability and no annotator.
    """
    with database.read() as cursor:
        return cursor.frame(_LABELS)


@served
def export_pairs(database: Database, config_hash: str | None) -> pl.DataFrame:
    """Every usable pair with predictions, labels, and the drift of one configuration."""
    with database.read() as cursor:
        return cursor.frame(_PAIRS, [config_hash])


@served
def export_drift(database: Database, config_hash: str | None) -> pl.DataFrame:
    """A row for each answer that was scored in one configuration, with its floors."""
    with database.read() as cursor:
        return cursor.frame(_DRIFT, [config_hash])


@served
def export_predictions(database: Database) -> pl.DataFrame:
    """What every detector predicted on every benchmark row that it was evaluated on."""
    with database.read() as cursor:
        return cursor.frame(_PREDICTIONS)


def write_frame(frame: pl.DataFrame, path: Path, provenance: Mapping[str, object]) -> Path:
    """Write a frame by the suffix of `path`, and its card beside it; return the card's path.

    .parquet, .jsonl and .csv are files (in CSV, lists are JSON); a path without suffix becomes
    a `datasets` folder. Nothing that exists is overwritten: StoreError.
    """
    card = path.with_name(path.name + ".card.json")
    if path.exists() or card.exists():
        raise StoreError(f"{path} (or its card) exists already; name another place with --to.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as unless_whole:
        unless_whole.callback(_remove, path)
        unless_whole.callback(_remove, card)
        _write_rows(frame, path)
        about = {"rows": frame.height, "columns": frame.columns, **provenance}
        text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
        card.write_text(text, encoding="utf-8")
        unless_whole.pop_all()
    return card


def _write_rows(frame: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        whole = BytesIO()  # polars does not always say that a disk is full
        frame.write_parquet(whole)
        path.write_bytes(whole.getbuffer())
    elif path.suffix == ".jsonl":
        frame.write_ndjson(path)
    elif path.suffix == ".csv":
        lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
        as_json = [
            pl.col(name).map_elements(lambda row: json.dumps(list(row)), return_dtype=pl.String)
            for name in lists
        ]
        frame.with_columns(as_json).write_csv(path)
    elif path.suffix == "":
        _write_dataset_folder(frame, path)
    else:
        raise StoreError(f"{path.suffix!r} is not a format to export to: .parquet, .jsonl, .csv.")


def _remove(path: Path) -> None:
    """Remove the half of a file or folder that could not be written."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _write_dataset_folder(frame: pl.DataFrame, path: Path) -> None:
    from datasets import Dataset

    Dataset(frame.to_arrow()).save_to_disk(str(path))
