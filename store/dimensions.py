"""The dimensions of samples: what they can be cut by, such as tone or industry, with a value each.

Of what was invented they are those of the draw; an import brings its own.
"""

import polars as pl

from store.database.cursor import Cursor


def set_dimensions(cursor: Cursor, samples: pl.DataFrame, *, replace: bool) -> None:
    """Give samples (sample_id, dimensions) the values that an import brings.

    They take the place of those of the same dimension, or with `replace` of all that a sample has.
    """
    brought = samples.select("sample_id", "dimensions").explode("dimensions").drop_nulls()
    values = brought.unnest("dimensions").unique(maintain_order=True)
    with cursor.view("brought_to", samples.select("sample_id")), cursor.view("brought", values):
        if replace:
            cursor.execute(
                """DELETE FROM sample_dimensions
                WHERE sample_id IN (SELECT sample_id FROM brought_to)"""
            )
        cursor.execute(
            """DELETE FROM sample_dimensions WHERE (sample_id, dimension) IN (
                SELECT sample_id, dimension FROM brought)"""
        )
    cursor.insert("sample_dimensions", values)
