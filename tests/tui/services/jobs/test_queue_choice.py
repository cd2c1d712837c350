"""What a choice among rows of production is made from."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from store.database.connection import Database
from tests import rows
from tests.rows import LABELS, add_dataset
from tui.services.errors import NothingToDo
from tui.services.jobs.queue_choice import QueueRequest, gather_choices, pick

TEXTS = [(f"s{number}", f"Text {number % 5}", None) for number in range(8)]
REQUEST = QueueRequest("live", "disagreement", budget=3, random_share=0.0)


@pytest.fixture
def live(database: Database) -> Database:
    """Eight rows of production with five texts."""
    add_dataset(database, "live", TEXTS, "production")
    return database


def evaluate(
    database: Database, folder: Path, name: str, labels: Sequence[str],
    said: Mapping[str, list[float] | None],
) -> None:  # fmt: skip
    detectors = rows.detectors(name).with_columns(labels=pl.lit(list(labels)), name=pl.lit(name))
    rows.ingest(database, folder, "detectors", detectors, job_id=name)
    told = [(sample, "", None if sure is None else labels[int(np.argmax(sure))])
            for sample, sure in said.items()]  # fmt: skip
    evaluated = rows.evaluation(told, detector_id=name, dataset="live").with_columns(
        label=pl.lit(None, pl.String),
        probabilities=pl.Series(list(said.values()), dtype=pl.List(pl.Float32)),
    )
    rows.ingest(database, folder, "evaluation_rows", evaluated, job_id=name)


def test_probabilities_are_lined_up_by_label_and_each_text_comes_once(
    live: Database, tmp_path: Path
) -> None:
    agreed = {f"s{number}": [0.8, 0.2] for number in range(8)}
    evaluate(live, tmp_path, "d1", LABELS[:2], agreed)
    turned = {name: [0.2, 0.8] for name in agreed}  # the same, in the order of its labels
    apart = [name for name, text, _ in TEXTS if text == "Text 3"]
    evaluate(live, tmp_path, "d2", LABELS[1::-1], turned | {name: [0.9, 0.1] for name in apart})

    choices = gather_choices(live, REQUEST)
    taken = pick(REQUEST, choices, None, None, None)

    assert (len(choices.pool), choices.waiting, choices.unpredicted) == (5, 8, 0)
    assert taken[0] in apart
    assert len(taken) == 3


def test_rows_of_which_a_detector_says_nothing_can_only_be_drawn(
    live: Database, tmp_path: Path
) -> None:
    evaluate(live, tmp_path, "d1", LABELS[:2], {"s0": [0.5, 0.5], "s1": [0.9, 0.1], "s2": None})
    request = QueueRequest("live", "margin", budget=4, random_share=0.5)

    choices = gather_choices(live, request)

    assert len(choices.drawn) == 2
    assert set(choices.pool) <= {"s0", "s1"}
    assert choices.unpredicted + len(choices.pool) <= 5
    alone = gather_choices(live, QueueRequest("live", "margin", budget=1, random_share=0.0))
    one = QueueRequest("live", "margin", budget=1, random_share=0.0)
    assert pick(one, alone, None, None, None) == ("s0",)


def test_a_queue_drawn_at_random_alone_asks_for_nothing(live: Database) -> None:
    request = QueueRequest("live", "mixed", budget=4, random_share=1.0)

    choices = gather_choices(live, request)

    assert len(choices.drawn) == 4
    assert choices.find_places(request) is None


def test_the_detector_that_was_not_run_is_named(live: Database, tmp_path: Path) -> None:
    rows.ingest(live, tmp_path, "detectors", rows.detectors("d9").with_columns(name=pl.lit("nine")))

    with pytest.raises(NothingToDo, match="`backquery evaluate nine --on live` computes them"):
        gather_choices(live, REQUEST)
