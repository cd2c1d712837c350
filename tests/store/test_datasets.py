from pathlib import Path

import pytest

from store.database.connection import Database
from store.datasets import (
    evaluation_samples,
    file_digest,
    list_datasets,
    require_dataset,
    split_dataset,
)
from store.errors import ImportRefused, UnknownName
from tests import rows

ADVICE, CONTENT, _ = rows.LABELS


@pytest.fixture
def grouped(database: Database) -> Database:
    """Forty rows in ten documents of four; rows s0 and s39 have the same text."""
    texts = [f"Sentence {n}." for n in range(40)]
    texts[39] = texts[0]
    seeds = [(f"s{n}", text, ADVICE) for n, text in enumerate(texts)]
    groups = {f"s{n}": f"doc{n // 4}" for n in range(40)}
    rows.add_dataset(database, "papers", seeds, "seed", "train", groups=groups)
    return database


def sides(database: Database) -> dict[str, str]:
    with database.read() as cursor:
        return dict(cursor.rows("SELECT sample_id, dataset FROM samples"))


def test_datasets_show_roles_and_labels(grouped: Database) -> None:
    rows.add_dataset(grouped, "more", [("m0", "x", None), ("m1", "y", CONTENT)], "production")
    more, papers = list_datasets(grouped)
    assert (more.roles, more.labels) == (("production",), {None: 1, CONTENT: 1})
    assert (papers.roles, papers.rows) == (("seed", "train"), 40)


def test_whole_groups_and_equal_texts_stay_on_one_side_of_a_split(grouped: Database) -> None:
    held, groups = split_dataset(grouped, "papers", 12, seed=0, name="bench")
    side = sides(grouped)
    assert held >= 12
    assert sum(dataset == "bench" for dataset in side.values()) == held
    for document in range(10):
        assert len({side[f"s{document * 4 + n}"] for n in range(4)}) == 1
    assert side["s0"] == side["s39"]
    assert 3 <= groups <= 4
    assert require_dataset(grouped, "bench").roles == ("benchmark",)


def test_the_same_seed_holds_out_the_same_rows(grouped: Database, tmp_path: Path) -> None:
    split_dataset(grouped, "papers", 8, seed=5, name="bench")
    found = sides(grouped)
    with grouped.write() as cursor:
        cursor.execute("UPDATE samples SET dataset = 'papers'")
        cursor.execute("DELETE FROM dataset_roles WHERE dataset = 'bench'")
    split_dataset(grouped, "papers", 8, seed=5, name="bench")
    assert sides(grouped) == found


def test_rows_that_were_asked_about_are_never_held_out(grouped: Database, tmp_path: Path) -> None:
    rows.ingest(grouped, tmp_path, "queries", rows.queries([f"s{n * 4}" for n in range(9)]))
    with pytest.raises(ImportRefused, match="already asked about"):
        split_dataset(grouped, "papers", 8, seed=0, name="bench")
    assert set(sides(grouped).values()) == {"papers"}


def test_a_split_into_a_name_that_is_taken_is_refused(grouped: Database) -> None:
    with pytest.raises(ImportRefused, match="choose another name"):
        split_dataset(grouped, "papers", 4, seed=0, name="papers")


def test_not_every_row_can_be_held_out(grouped: Database) -> None:
    with pytest.raises(ImportRefused, match="has 40 rows, too few"):
        split_dataset(grouped, "papers", 41, seed=0, name="bench")


def test_a_benchmark_takes_no_other_role_and_nothing_becomes_one(grouped: Database) -> None:
    with pytest.raises(ImportRefused, match="cannot be a benchmark and seed, train"):
        rows.add_dataset(grouped, "papers", [], "benchmark")
    rows.add_dataset(grouped, "bench", [("b0", "x", ADVICE)], "benchmark")
    with pytest.raises(ImportRefused, match="never a seed"):
        rows.add_dataset(grouped, "bench", [], "seed")


def test_an_unknown_dataset_is_refused_with_those_there_are(grouped: Database) -> None:
    with pytest.raises(UnknownName, match=r"no dataset 'paper'. Datasets: papers"):
        require_dataset(grouped, "paper")


def test_a_dataset_without_labels_judges_nobody(database: Database) -> None:
    rows.add_dataset(database, "plain", [("p0", "x", None)], "seed")
    with pytest.raises(UnknownName, match="No row of 'plain' has a label"):
        evaluation_samples(database, "plain")


def test_a_folders_digest_is_that_of_its_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.arrow").write_bytes(b"same")
    assert file_digest(tmp_path / "one") == file_digest(tmp_path / "two")
    (tmp_path / "two" / "data.arrow").write_bytes(b"other")
    assert file_digest(tmp_path / "one") != file_digest(tmp_path / "two")
