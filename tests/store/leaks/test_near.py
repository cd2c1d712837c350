"""Rows of a dataset that detectors learned near copies of, planted among others."""

import random

import polars as pl

from store.leaks.near import count_near_copies
from store.leaks.overlap import with_keys
from store.leaks.search import find_leaks
from store.schema import SAMPLES
from store.sources import TRAINING_ROWS
from tests import rows
from tests.benchmarks.leaks import change_word, put_inside, sample_texts


def benchmark_of(texts: list[str]) -> pl.DataFrame:
    found = [{"sample_id": f"b{place}", "text": text} for place, text in enumerate(texts)]
    return with_keys(rows.frame(SAMPLES, found))


def training_of(texts: list[str]) -> pl.DataFrame:
    found = [{"item_id": f"t{place}", "text": text} for place, text in enumerate(texts)]
    frame = rows.frame(
        TRAINING_ROWS, found, stage=0, source="real", dataset="d", sample_id="t", label="l"
    )
    return with_keys(frame)


def test_planted_copies_are_counted_for_the_detector_that_learned_them() -> None:
    seeds, _ = sample_texts()
    benchmark, others = seeds[100:140], seeds[200:280]
    dice = random.Random(1)
    copied = [change_word(text, dice) for text in benchmark[:6]]
    inside = [put_inside(text, dice) for text in benchmark[6:8]]
    exact = [benchmark[8].upper(), benchmark[9]]
    found = count_near_copies(
        benchmark_of(benchmark),
        {
            "clean": training_of(others),
            "copied": training_of([*others, *copied, *inside, *exact]),
            "exact": training_of([*others, *exact]),
        },
    )
    planted = len(find_leaks([*copied, *inside], benchmark))  # the shortest are too short to tell
    assert planted >= 6
    assert found == {"clean": 0, "copied": planted, "exact": 0}


def test_rows_that_are_near_each_other_are_all_counted() -> None:
    text = "Drink two litres of water a day and call your doctor if the swelling does not go down."
    benchmark = [
        text,
        text.replace("water", "juice"),
        "Something else entirely, about the weather.",
    ]
    learned = training_of([text.replace("doctor", "nurse")])
    assert count_near_copies(benchmark_of(benchmark), {"d": learned}) == {"d": 2}
