from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.draws import (
    SOURCE,
    DrawCount,
    add_draws,
    count_draws,
    count_left,
    due_draws,
    next_number,
)
from store.errors import ImportRefused
from store.invented import (
    drawn_values,
    known_texts,
    read_scenarios,
    real_texts,
    scenario_texts,
)
from store.reading.options import Role
from store.reading.prepare import PREPARED
from store.schema import DIMENSIONS, SCENARIOS
from tests import rows


def add(
    database: Database,
    *numbers: int,
    dataset: str = "made",
    digest: str = "p1",
    roles: tuple[Role, ...] = ("invented",),
) -> None:
    """Draws "d<number>" of a dataset "made", with a tone each."""
    samples = [
        {"sample_id": f"{dataset[0]}{number}", "text": f"tone: {number}", "line": number}
        for number in numbers
    ]
    frame = rows.frame(
        PREPARED, samples, dataset=dataset, text_hash="h", external_id=digest, source=SOURCE
    )
    values = [(f"{dataset[0]}{number}", "tone", f"t{number}") for number in numbers]
    add_draws(
        database, dataset, roles, frame, pl.DataFrame(values, schema=DIMENSIONS, orient="row")
    )


def write(
    database: Database, folder: Path, *draws: str, error: str | None = None, part: int = 0
) -> None:
    """A scenario of each draw, with one text on-topic."""
    found = [
        {
            "query_id": f"q-{draw}-{part}",
            "sample_id": draw,
            "text": None if error else f"You are {draw}.",
            "prompts": None if error else [{"text": f"Hi {draw}", "label": "on-topic"}],
        }
        for draw in draws
    ]
    frame = rows.frame(
        SCENARIOS, found, job_id=rows.JOB, attempt=1, model="m", template="scenario",
        template_digest="td", prompt_digest="pd", sampling="{}", raw="{}", trim_rule="none",
        flags=[], new_tokens=3, error=error,
    )  # fmt: skip
    rows.ingest(database, folder, "scenarios", frame, part=part)


def due(database: Database, *, retry: bool = False, limit: int | None = None) -> list[str]:
    found = due_draws(database, "made", "p1", limit, retry=retry)
    assert found.dimensions["sample_id"].to_list() == sorted(found.samples["sample_id"])
    return found.samples["sample_id"].to_list()


def test_draws_without_a_scenario_are_due_by_their_numbers(
    database: Database, tmp_path: Path
) -> None:
    add(database, 2, 0, 1, 3)
    write(database, tmp_path, "m1")
    write(database, tmp_path, "m2", error="no JSON", part=1)
    assert due(database) == ["m0", "m3"]
    assert due(database, limit=1) == ["m0"]
    assert due(database, retry=True) == ["m0", "m2", "m3"]
    assert count_draws(database) == [DrawCount("made", right=1, failed=1, waiting=2)]


def test_a_draw_that_failed_once_and_then_came_right_is_right(
    database: Database, tmp_path: Path
) -> None:
    add(database, 0)
    write(database, tmp_path, "m0", error="no JSON")
    write(database, tmp_path, "m0", part=1)
    assert due(database, retry=True) == []
    assert count_draws(database) == [DrawCount("made", right=1, failed=0, waiting=0)]


def test_draws_of_another_problem_are_left_and_counted(database: Database, tmp_path: Path) -> None:
    add(database, 0, 1, digest="p0")
    add(database, 2, 3)
    write(database, tmp_path, "m1")
    write(database, tmp_path, "m3", error="no JSON", part=1)
    assert due(database) == ["m2"]
    assert count_left(database, "made", "p1") == (1, 1)


def test_numbers_go_on_for_each_dataset(database: Database) -> None:
    assert next_number(database, "made") == 0
    add(database, 0, 1)
    assert next_number(database, "made") == 2
    assert next_number(database, "other") == 0


def test_draws_are_stored_all_or_none(database: Database) -> None:
    rows.add_dataset(database, "made", [("b0", "text", "on-topic")], "benchmark")
    with pytest.raises(ImportRefused):
        add(database, 0, roles=("invented", "seed"))
    assert next_number(database, "made") == 0


def test_texts_of_scenarios_are_answers_or_samples_of_a_benchmark(
    database: Database, tmp_path: Path
) -> None:
    add(database, 0, 1)
    add(database, 0, dataset="held", roles=("benchmark", "invented"))
    write(database, tmp_path, "m0", "h0")
    write(database, tmp_path, "m1", error="no JSON", part=1)
    assert read_scenarios(database)["context"].sort().to_list() == ["You are h0.", "You are m0."]
    assert scenario_texts(database).sort("dataset").select("dataset", "label", "text").rows() == [
        ("held", "on-topic", "Hi h0"),
        ("made", "on-topic", "Hi m0"),
    ]
    known = known_texts(database)
    assert set(known["context"].drop_nulls()) == {"You are h0.", "You are m0."}
    assert set(known["text"].drop_nulls()) == {"Hi h0", "Hi m0"}
    # One that failed will have no scenario; a benchmark's texts have the values of their draw.
    assert sorted(drawn_values(database)["sample_id"]) == ["h0", "m0"]


def test_real_texts_are_those_that_were_imported(database: Database, tmp_path: Path) -> None:
    rows.add_dataset(database, "d", [(f"s{n}", f"text {n}", "on-topic") for n in range(5)], "train")
    add(database, 0)
    assert real_texts(database, 3).height == 3
    assert set(real_texts(database, 9)["text"]) == {f"text {n}" for n in range(5)}
