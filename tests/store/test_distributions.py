from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from engine.stages.distribution import draw_lot
from store.database.connection import Database
from store.distributions import drawn_answers, newest_distributions
from tests import rows


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Database]:
    """Six seeds of two datasets; each has two answers, and one an answer that failed."""
    names = [f"s{number}" for number in range(6)]
    failed = pl.when(pl.col("answer_id") == "a-s5").then(pl.lit("no"))
    again = rows.answers(names).with_columns(answer_id=pl.col("answer_id") + "-again")
    with Database(tmp_path) as database:
        for dataset, own in (("one", names[:2]), ("two", names[2:])):
            rows.add_dataset(database, dataset, [(name, name, None) for name in own], "seed")
        answers = rows.answers(names).with_columns(error=failed)
        for table, frame in (
            ("queries", rows.queries(names)),
            ("answers", pl.concat([answers, again])),
        ):
            rows.ingest(database, tmp_path, table, frame)
        yield database


@pytest.mark.parametrize("seed", range(4))
def test_the_answer_of_a_seed_that_comes_first_in_the_stages_order_is_drawn(
    filled: Database, seed: int
) -> None:
    def first(name: str) -> str:
        usable = [f"a-{name}-again"] if name == "s5" else [f"a-{name}", f"a-{name}-again"]
        return min(usable, key=lambda answer: draw_lot(seed, answer))

    firsts = [first(f"s{number}") for number in range(6)]
    assert drawn_answers(filled, 9, seed).to_list() == sorted(firsts)
    by_lot = {dataset: sorted(own, key=lambda answer: draw_lot(seed, answer))
              for dataset, own in (("one", firsts[:2]), ("two", firsts[2:]))}  # fmt: skip
    few = [answer for own in by_lot.values() for answer in own[:1]]
    assert drawn_answers(filled, 1, seed).to_list() == sorted(few)


def test_the_figures_of_the_job_that_measured_last_count(filled: Database) -> None:
    for part, (job_id, datasets) in enumerate(
        (("20260101-1", (None, "one", "two")), ("20260102-1", (None, "two")))
    ):
        found = pl.concat(
            rows.distribution(f"{job_id}-{dataset}-{matched}", dataset, matched=matched,
                              job_id=job_id)
            for dataset in datasets
            for matched in (True, False)
        )  # fmt: skip
        rows.ingest(filled, filled.workspace, "distributions", found, part=part, job_id=job_id)
    newest = newest_distributions(filled)
    assert newest.select("job_id", "dataset", "matched").rows() == [
        ("20260102-1", None, False), ("20260102-1", None, True),
        ("20260102-1", "two", False), ("20260102-1", "two", True),
    ]  # fmt: skip
