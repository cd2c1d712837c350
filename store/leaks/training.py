"""Which selected rows leak a benchmark: by their own text, or by the text of their seed."""

from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.leaks.pairs import find_row_leaks
from store.sources import TRAINING_ROWS

# `leaked` says whose text is like the benchmark's, the row's or its seed's, and `reason` how.
# A seed that is itself in the benchmark was held out after it had been asked about.
LEAKS: Final = pl.Schema(
    {
        **TRAINING_ROWS,
        "leaked": pl.String(),  # "text" or "seed"
        "reason": pl.String(),  # "held out" or a Likeness
        "similarity": pl.Float64(),
        "leaked_text": pl.String(),
        "benchmark": pl.String(),
        "benchmark_id": pl.String(),
        "benchmark_context": pl.String(),  # of a pair
        "benchmark_text": pl.String(),
    }
)

_BENCHMARK: Final = """
SELECT dataset AS benchmark, sample_id AS benchmark_id, context AS benchmark_context,
       text AS benchmark_text FROM samples
WHERE dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark')
ORDER BY dataset, sample_id
"""


@served
def benchmark_texts(database: Database) -> pl.DataFrame:
    """The rows of all benchmarks: benchmark and benchmark_ with id, context and text."""
    with database.read() as cursor:
        return cursor.frame(_BENCHMARK)


def part_leaks(database: Database, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that leak no benchmark, in their order, and the others (schema LEAKS).

    A row's own text is named before its seed's.
    """
    benchmark = benchmark_texts(database)
    seeds = rows.select(pl.lit(None, pl.String).alias("context"), text="seed_text")
    texts = pl.concat([rows.select("context", "text"), seeds]).unique(maintain_order=True)
    known_rows = benchmark.select("benchmark_context", "benchmark_text").rows()
    found = find_row_leaks(texts.rows(), known_rows)
    places = [leak.benchmark for leak in found.values()]
    known = pl.DataFrame(
        {
            "leaked_context": texts["context"].gather(list(found)),
            "leaked_text": texts["text"].gather(list(found)),
            "reason": pl.Series([leak.likeness for leak in found.values()], dtype=pl.String),
            "similarity": pl.Series([leak.similarity for leak in found.values()], dtype=pl.Float64),
        }
    ).hstack(benchmark[places])
    held_out = (
        rows.join(benchmark, left_on="sample_id", right_on="benchmark_id", how="inner")
        .with_columns(benchmark_id="sample_id", leaked_text="seed_text")
        .with_columns(reason=pl.lit("held out"), similarity=pl.lit(1.0), leaked=pl.lit("seed"))
    )
    by_text, by_seed = (
        rows.with_columns(leaked_context=context, leaked_text=column, leaked=pl.lit(name)).join(
            known, on=["leaked_context", "leaked_text"], how="inner", nulls_equal=True
        )
        for context, column, name in (
            (pl.col("context"), "text", "text"),
            (pl.lit(None, pl.String), "seed_text", "seed"),
        )
    )
    keys = ["stage", "source", "item_id"]
    leaks = (
        pl.concat([part.select(list(LEAKS)) for part in (by_text, held_out, by_seed)])
        .unique(keys, keep="first", maintain_order=True)
        .sort(keys)
    )
    return rows.join(leaks, on=keys, how="anti", maintain_order="left"), leaks
