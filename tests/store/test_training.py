from pathlib import Path

import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.errors import RecipeRefused
from store.recipes import Recipe, load_recipe
from store.training import TrainingSet, assemble
from tests import rows
from tui.services.settings import presets

ADVICE, CONTENT, GENERAL = rows.LABELS
POSITIVES = frozenset({ADVICE})
SHIPPED = sorted(Path(str(presets() / "recipes")).glob("*.toml"))


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """Four health seeds (two advice), four software seeds, an answer to each, all labelled.

    The answers of the advice seeds are labelled advice and content, those of the software seeds
    general but for one.
    """
    health = [("h0", "Rest.", ADVICE), ("h1", "Sleep.", ADVICE), ("h2", "Iron.", CONTENT),
              ("h3", "Zinc.", CONTENT)]  # fmt: skip
    software = [(f"g{n}", f"Button {n}.", GENERAL) for n in range(4)]
    rows.add_dataset(database, "health", health, "seed", "train")
    rows.add_dataset(database, "software", software, "seed")
    names = [name for name, *_ in health + software]
    rows.ingest(database, tmp_path, "queries", rows.queries(names))
    rows.ingest(database, tmp_path, "answers", rows.answers(names))
    labels = dict(zip(names, [ADVICE, CONTENT, CONTENT, CONTENT, GENERAL, GENERAL, GENERAL, ADVICE],
                      strict=True))  # fmt: skip
    decisions = [
        Decision("label", answer_id=f"a-{name}", label=label) for name, label in labels.items()
    ]
    record(database, "ada", decisions)
    return database


def select(database: Database, name: str) -> TrainingSet:
    recipe = load_recipe(Path(str(presets() / "recipes" / f"{name}.toml")))
    return assemble(database, recipe, POSITIVES, seed=0)


def ids(found: TrainingSet, stage: int = 0) -> set[str]:
    return {row[1] for row in found.rows.select("stage", "item_id").rows() if row[0] == stage}


SOFTWARE_ANSWERS = {"a-g0", "a-g1", "a-g2", "a-g3"}
HEALTH_ROWS = {"h0", "h1", "h2", "h3"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_recipes_can_be_used_and_are_named_like_their_files(path: Path) -> None:
    assert load_recipe(path).name == path.stem


def test_stage_1_takes_answers_in_place_of_the_real_rows_without_positives(
    filled: Database,
) -> None:
    assert ids(select(filled, "stage-1")) == SOFTWARE_ANSWERS | HEALTH_ROWS


def test_two_stage_goes_on_with_answers_from_positive_seeds_only(filled: Database) -> None:
    found = select(filled, "two-stage")
    assert ids(found, 0) == SOFTWARE_ANSWERS | HEALTH_ROWS
    assert ids(found, 1) == {"a-h0", "a-h1"}


def test_the_alternate_exchanges_the_synthetic_parts(filled: Database) -> None:
    found = select(filled, "alternate-two-stage")
    assert ids(found, 0) == {"a-h0", "a-h1"} | HEALTH_ROWS
    assert ids(found, 1) == SOFTWARE_ANSWERS


def test_real_and_synthetic_take_all_of_their_kind(filled: Database) -> None:
    real, synthetic = ids(select(filled, "real")), ids(select(filled, "synthetic"))
    assert real == HEALTH_ROWS | {f"g{n}" for n in range(4)}
    assert synthetic == SOFTWARE_ANSWERS | {f"a-h{n}" for n in range(4)}
    assert ids(select(filled, "real+synthetic")) == real | synthetic


def test_a_balanced_stage_has_as_many_rows_of_every_label_as_of_the_rarest(
    filled: Database,
) -> None:
    balanced = select(filled, "two-stage-balanced")
    counts = dict(balanced.rows.filter(balanced.rows["stage"] == 1).group_by("label").len().rows())
    assert counts == {ADVICE: 1, CONTENT: 1}
    again = select(filled, "two-stage-balanced")
    assert again.digest == balanced.digest


def test_a_synthetic_row_has_its_own_label_not_its_seeds(filled: Database) -> None:
    found = select(filled, "synthetic").rows
    assert dict(found.select("item_id", "label").rows())["a-h1"] == CONTENT


def test_answers_without_a_label_are_not_trained_on(database: Database, tmp_path: Path) -> None:
    rows.add_dataset(database, "health", [("h0", "Rest.", ADVICE)], "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(["h0"]))
    rows.ingest(database, tmp_path, "answers", rows.answers(["h0"]))
    with pytest.raises(RecipeRefused, match="Stage 1 of recipe 'synthetic' selects no rows"):
        select(database, "synthetic")


def test_a_row_that_equals_a_benchmark_row_is_left_out_and_shown(filled: Database) -> None:
    bench = [("b0", "  REST. ", ADVICE), ("b1", "The answer to g0.", GENERAL)]
    rows.add_dataset(filled, "bench", bench, "benchmark")
    found = select(filled, "real+synthetic")
    leaks = found.leaks.select("item_id", "leaked", "reason", "benchmark_id").rows()
    assert sorted(leaks) == [
        ("a-g0", "text", "equal", "b1"),
        ("a-h0", "seed", "equal", "b0"),
        ("h0", "text", "equal", "b0"),
    ]
    assert {"h0", "a-h0", "a-g0"}.isdisjoint(found.rows["item_id"])


def test_a_benchmark_is_no_source_whatever_a_recipe_says(filled: Database) -> None:
    rows.add_dataset(filled, "bench", [("b0", "A passage.", ADVICE)], "benchmark")
    sneaky = Recipe.model_validate(
        {
            "name": "sneaky",
            "description": "",
            "stage": [{"source": [{"rows": "real", "datasets": ["bench"]}]}],
        }
    )
    with pytest.raises(RecipeRefused, match=r"bench cannot be trained on.*Trainable: health"):
        assemble(filled, sneaky, POSITIVES, seed=0)
    assert "b0" not in ids(select(filled, "real"))


def test_a_source_can_be_capped_per_label(filled: Database) -> None:
    capped = Recipe.model_validate(
        {
            "name": "capped",
            "description": "",
            "stage": [{"source": [{"rows": "real", "max_per_label": 1}]}],
        }
    )
    found = assemble(filled, capped, POSITIVES, seed=0)
    assert sorted(found.rows["label"]) == sorted(rows.LABELS)


def test_a_source_can_be_a_share_of_the_rows_of_each_label_and_never_none(filled: Database) -> None:
    recipe = Recipe.model_validate(
        {"name": "r", "description": "", "stage": [{"source": [{"rows": "real", "share": 0.4}]}]}
    )
    found = assemble(filled, recipe, POSITIVES, seed=0)
    assert sorted(found.rows["label"]) == [GENERAL, GENERAL, ADVICE, CONTENT]
    assert assemble(filled, recipe, POSITIVES, seed=0).digest == found.digest


def test_rows_say_how_sure_their_labels_are_where_a_stage_asks_for_it(filled: Database) -> None:
    stage = {"source": [{"rows": "synthetic"}], "training": {"row_weights": "probability"}}
    recipe = Recipe.model_validate({"name": "r", "description": "", "stage": [stage]})
    found = assemble(filled, recipe, POSITIVES, seed=0)
    assert found.rows["probability"].unique().to_list() == [1.0]  # people gave them
    assert "probability" not in select(filled, "synthetic").rows.columns


def test_the_counts_say_rows_by_stage_source_dataset_and_label(filled: Database) -> None:
    counts = select(filled, "stage-1").counts().rows()
    assert (0, "real", "health", ADVICE, 2) in counts
    assert (0, "synthetic", "software", GENERAL, 3) in counts
    assert sum(row[-1] for row in counts) == 8


def test_another_label_gives_another_digest(filled: Database) -> None:
    before = select(filled, "synthetic").digest
    record(filled, "ada", [Decision("label", answer_id="a-g0", label=CONTENT)])
    assert select(filled, "synthetic").digest != before


def test_a_recipe_file_that_cannot_be_used_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\ndescription = ""\n[[stage]]\n[[stage.source]]\nrows = "dreams"')
    with pytest.raises(RecipeRefused, match=r"(?s)mine\.toml.*dreams"):
        load_recipe(path)


def test_open_data_without_positives_is_not_in_the_recipe_without_synthetic_data(
    filled: Database,
) -> None:
    rows.add_dataset(filled, "open", [("o0", "Bolts.", GENERAL)], "train")
    assert "o0" not in ids(select(filled, "real"))
    assert "o0" in ids(select(filled, "initial"))
