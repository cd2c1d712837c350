"""Rows of production that are labelled as answers."""

from typing import Literal

import polars as pl
import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.distributions import drawn_answers
from store.errors import RecipeRefused
from store.lineage import meant_labels
from store.observed import (
    SELECTED,
    list_selections,
    read_selected,
    select_observed,
    unclustered_answers,
)
from store.pairs import Draw, due_queries, usable_answers
from store.recipes import Recipe, RecipeStage, Source
from store.training import assemble
from store.ways import read_flow
from tests.rows import LABELS, add_dataset, add_records, frame


@pytest.fixture
def live(database: Database) -> Database:
    rows = [(f"s{number}", f"Text {number}", None) for number in range(3)]
    add_dataset(database, "live", rows, "production")
    return database


def selected(*ids: str, label: str | None = "general-content") -> pl.DataFrame:
    return frame(SELECTED, [{"sample_id": item} for item in ids], label=label)


def test_a_selected_row_is_an_answer_with_its_text(live: Database) -> None:
    selection = select_observed(live, "live", "patterns", selected("s2", "s0"), {"rows": "flagged"})

    assert read_selected(live, selection)["sample_id"].to_list() == ["s2", "s0"]
    with live.read() as cursor:
        assert cursor.rows("SELECT text FROM answers ORDER BY text") == [("Text 0",), ("Text 2",)]


def test_a_row_that_is_selected_twice_stays_one_answer(live: Database) -> None:
    first = select_observed(live, "live", "patterns", selected("s0", "s1"), {})
    again = select_observed(live, "live", "patterns", selected("s0", "s1"), {})
    other = select_observed(live, "live", "queue", selected("s1", "s2"), {})

    assert first == again != other
    with live.read() as cursor:
        assert cursor.number("SELECT count(*) FROM answers") == 3
    assert [item.answers for item in list_selections(live)] == [2, 2]


def test_no_question_of_production_waits_for_an_answer(live: Database) -> None:
    select_observed(live, "live", "patterns", selected("s0"), {})

    assert due_queries(live, Draw(), {"model": "m"}, retry=False).is_empty()


def test_answers_to_seeds_are_used_without_what_production_wrote(live: Database) -> None:
    selection = select_observed(live, "live", "patterns", selected("s0", "s1"), {})
    chosen = read_selected(live, selection)["answer_id"].head(1)

    assert usable_answers(live).is_empty()
    assert drawn_answers(live, 9, 0).is_empty()
    assert usable_answers(live, chosen=chosen)["answer_id"].to_list() == chosen.to_list()
    assert unclustered_answers(live, chosen).to_list() == chosen.to_list()
    assert read_flow(live) == []


def test_what_a_verdict_says_is_what_a_row_is_clustered_within(live: Database) -> None:
    rows = pl.concat([selected("s0", label="health-advice"), selected("s1", label=None)])
    answers = read_selected(live, select_observed(live, "live", "patterns", rows, {}))["answer_id"]

    assert meant_labels(live, answers).rows() == [(answers[0], "health-advice")]


def test_labelled_rows_of_production_are_trained_on_where_a_recipe_says_so(live: Database) -> None:
    selection = select_observed(live, "live", "patterns", selected("s0", "s1"), {})
    answer = read_selected(live, selection)["answer_id"][0]
    with pytest.raises(RecipeRefused, match="none was labelled yet: `backquery queue"):
        assemble(live, recipe("production"), frozenset(LABELS[:1]), seed=0)
    record(live, "me", [Decision("label", answer_id=answer, label=LABELS[0])])

    rows = assemble(live, recipe("production"), frozenset(LABELS[:1]), seed=0).rows
    assert rows.select("source", "text", "label").rows() == [("production", "Text 0", LABELS[0])]
    with pytest.raises(RecipeRefused):
        assemble(live, recipe("synthetic"), frozenset(LABELS[:1]), seed=0)


def recipe(rows: Literal["synthetic", "production"]) -> Recipe:
    stage = RecipeStage(source=(Source(rows=rows),))
    return Recipe(name="r", description="d", stage=(stage,))


def test_a_question_is_the_context_of_a_pair_or_else_the_prompt(database: Database) -> None:
    records = [{"prompt": "Why?", "context": "Be kind."}, {"prompt": "Why?"}, {}]
    add_records(database, "log", records)
    select_observed(database, "log", "patterns", selected("r0", "r1", "r2"), {})

    with database.read() as cursor:
        asked = cursor.rows("SELECT sample_id, text FROM queries ORDER BY sample_id")
    assert asked == [("r0", "Be kind."), ("r1", "Why?"), ("r2", "")]


def test_a_recipe_leaves_rows_for_other_purposes_to_be_compared_on(live: Database) -> None:
    patterns = select_observed(live, "live", "patterns", selected("s0", "s1"), {})
    select_observed(live, "live", "recall", selected("s1", "s2"), {})
    answers = read_selected(live, patterns)["answer_id"]
    for answer in (
        *answers,
        *read_selected(live, list_selections(live)[1].selection_id)["answer_id"],
    ):
        record(live, "me", [Decision("label", answer_id=answer, label=LABELS[0])])

    source = Source(rows="production", selected_for=("patterns", "queue"))
    chosen = Recipe(name="r", description="d", stage=(RecipeStage(source=(source,)),))
    rows = assemble(live, chosen, frozenset(LABELS[:1]), seed=0).rows
    assert rows["text"].to_list() == ["Text 0"]
