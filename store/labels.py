"""Changes the labels of samples, and with them all that was counted or evaluated by those."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from store.clusters import recount
from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.datasets import require_dataset
from store.errors import ImportRefused
from store.evaluations import restamp
from store.removal import require_unused

UNLABELLED: Final = ""  # what rows without a label are called in a map


@served
def relabel_dataset(
    database: Database,
    dataset: str,
    label_map: Mapping[str, str],
    label_for_all: str | None,
    *,
    with_answers: bool = False,
) -> int:
    """Change a dataset's labels by a map from old to new, or to one label; return the rows changed.

    "" in the map means rows without a label. Raises UnknownName, ImportRefused if no row has a
    label that the map names, and DatasetInUse where answers hang on the dataset.
    """
    labels = require_dataset(database, dataset).labels
    unknown = [raw for raw in label_map if (raw or None) not in labels]
    if unknown:
        known = ", ".join(label or "none (--map =LABEL)" for label in labels)
        raise ImportRefused(
            f"No row of {dataset!r} has the label {', '.join(map(repr, unknown))}. "
            f"Its labels are: {known}."
        )
    with database.write() as cursor:
        require_unused(cursor, dataset, "relabelled", with_answers)
        rows = cursor.frame("SELECT sample_id, label FROM samples WHERE dataset = ?", [dataset])
        name = pl.col("label").fill_null(UNLABELLED)
        new = (
            pl.lit(label_for_all)
            if label_for_all is not None
            else name.replace_strict(
                dict(label_map), default=pl.col("label"), return_dtype=pl.String
            )
        )
        changed = rows.with_columns(new=new).filter(pl.col("new").ne_missing(pl.col("label")))
        set_labels(cursor, changed.select("sample_id", label="new"))
    return changed.height


def set_labels(cursor: Cursor, labels: pl.DataFrame) -> None:
    """Give samples other labels (sample_id, label).

    Clusters count their members by the new labels. Evaluations are about them too: what was
    predicted for a text does not depend on its label.
    """
    if labels.is_empty():
        return
    with cursor.view("new_labels", labels):
        for table in ("samples", "evaluation_rows"):
            cursor.execute(
                f"""UPDATE {table} SET label = n.label FROM new_labels n
                WHERE n.sample_id = {table}.sample_id"""
            )
        clusters = cursor.frame(
            """SELECT DISTINCT cluster_id FROM members JOIN answers USING (answer_id)
            JOIN queries USING (query_id) JOIN new_labels USING (sample_id)"""
        )
        datasets = cursor.rows(
            "SELECT DISTINCT dataset FROM samples JOIN new_labels USING (sample_id)"
        )
    recount(cursor, clusters)
    for (dataset,) in datasets:
        restamp(cursor, dataset)
