"""Figures of papers."""

import pytest

from tui.commands.published_tables import published_table
from tui.services.results.published import read_published


def test_published_figures_on_heal_are_consistent_with_themselves() -> None:
    (found,) = read_published("health-advice")
    assert found.n is not None
    for row in found.rows:
        assert row.accuracy is not None
        assert row.precision is not None
        assert row.recall is not None
        f1 = 2 * row.precision * row.recall / (row.precision + row.recall)
        assert row.f1 == pytest.approx(f1, abs=2e-4)
        assert round(row.accuracy * found.n) / found.n == pytest.approx(row.accuracy, abs=6e-5)


def test_the_paper_on_off_topic_prompts_has_six_tables() -> None:
    found = read_published("off-topic")
    numbers = [table.source.rpartition(" ")[2] for table in found]
    assert numbers == ["1", "2", "3", "3", "3", "4", "5", "6"]
    assert [table.n for table in found if table.n] == [17201, 326, 29635]
    assert [len(table.rows) for table in found] == [9, 2, 2, 2, 2, 2, 2, 2]
    assert all("published" in table.note for table in found)


def test_f1_of_the_paper_on_off_topic_prompts_is_that_of_precision_and_recall_but_twice() -> None:
    """Two rows are printed so that F1 cannot follow from them; all others must be read right."""
    odd = []
    for table in read_published("off-topic"):
        for row in table.rows:
            if row.f1 is None or row.precision is None or row.recall is None:
                continue
            f1 = 2 * row.precision * row.recall / (row.precision + row.recall)
            if row.f1 != pytest.approx(f1, abs=0.011):
                odd.append((table.source[-1], row.detector.partition(",")[0]))
    assert odd == [("1", "Prompt engineering"), ("6", "Fine-tuned bi-encoder classifier")]


def test_a_table_has_the_columns_and_the_digits_of_the_paper() -> None:
    first, *_ = found = read_published("off-topic")
    shown = published_table(first)
    assert shown.columns == ("detector", "ROC-AUC", "precision", "recall", "F1")
    assert shown.rows[2] == ("Cosine similarity, bge-large-en-v1.5", "89", "97", "42", "59")
    assert shown.rows[6][1] == "–"
    speed = published_table(found[5])
    assert speed.columns == ("detector", "pairs/min", "s for one")
    assert speed.rows[0][1:] == ("2,216", "0.027")


def test_no_paper_is_known_on_other_tasks() -> None:
    assert read_published("prompt-leak") == ()
