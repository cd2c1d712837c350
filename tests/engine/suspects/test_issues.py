"""Confident learning: our list is the one that cleanlab gives on the same matrix."""

import numpy as np
import polars as pl
import pytest

from engine.errors import EngineError
from engine.spreading.model import (
    FOLDS,
    STRENGTHS,
    Decided,
    encode_labels,
    held_out_probabilities,
)
from engine.suspects.child import DECIDED, find_issues_apart
from engine.suspects.issues import find_issues, rank_issues

NAMES = ("advice", "content", "other")


def decided(count: int = 90, wrong: int = 6, seed: int = 0) -> tuple[Decided, set[int]]:
    """Answers around a middle for each label, the first `wrong` of them labelled as the next."""
    dice = np.random.default_rng(seed)
    codes = np.arange(count) % len(NAMES)
    middles = np.eye(len(NAMES), 8) * 3
    vectors = (middles[codes] + dice.normal(0, 0.7, (count, 8))).astype(np.float32)
    labels = [NAMES[(code + (row < wrong)) % len(NAMES)] for row, code in enumerate(codes)]
    groups = tuple(f"c{row // 2}" for row in range(count))
    return Decided(vectors, tuple(labels), groups), set(range(wrong))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(3))
def test_the_issues_are_those_of_cleanlab_on_the_same_matrix(seed: int) -> None:
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    rows, wrong = decided(seed=seed)
    found = find_issues(rows)
    assert found is not None
    _, codes = encode_labels(rows.labels)
    is_issue = find_label_issues(codes, found.probabilities)  # its own defaults: a mask
    assert set(found.worst) == set(np.flatnonzero(is_issue).tolist())
    quality = get_label_quality_scores(codes, found.probabilities, method="self_confidence")
    assert list(found.worst) == sorted(found.worst, key=lambda row: quality[row])
    assert len(wrong & set(found.worst)) >= 4  # of six


@pytest.mark.filterwarnings("ignore")
def test_a_random_matrix_gives_the_list_of_cleanlab() -> None:
    from cleanlab.filter import find_label_issues

    dice = np.random.default_rng(5)
    codes = dice.integers(0, 4, 200)
    probabilities = dice.dirichlet(np.ones(4), 200)
    expected = find_label_issues(codes, probabilities, return_indices_ranked_by="self_confidence")
    assert list(rank_issues(codes, probabilities)) == expected.tolist()


def test_probabilities_are_of_models_that_never_saw_the_cluster() -> None:
    rows, _ = decided(wrong=0)
    found = find_issues(rows)
    assert found is not None
    assert found.probabilities.sum(axis=1) == pytest.approx(1)
    assert any(
        found.probabilities == pytest.approx(held_out_probabilities(rows, strength, FOLDS))
        for strength in STRENGTHS
    )


def test_one_label_or_one_cluster_is_too_few_to_learn_from() -> None:
    rows, _ = decided(4)
    assert find_issues(Decided(rows.vectors, ("advice",) * 4, rows.groups)) is None
    assert find_issues(Decided(rows.vectors, rows.labels, ("c",) * 4)) is None


def frame(rows: Decided) -> pl.DataFrame:
    columns = {"label": rows.labels, "cluster": rows.groups, "vector": rows.vectors.tolist()}
    return pl.DataFrame(columns, schema=dict(DECIDED))


def test_a_child_finds_the_same() -> None:
    rows, _ = decided()
    here, apart = find_issues(rows), find_issues_apart(frame(rows))
    assert here is not None
    ranked = apart.with_row_index("row").filter(pl.col("issue").is_not_null()).sort("issue")
    assert ranked["row"].to_list() == list(here.worst)
    _, codes = encode_labels(rows.labels)
    given = here.probabilities[np.arange(len(codes)), codes]
    assert apart["probability"].to_list() == pytest.approx(given.tolist())
    none = find_issues_apart(frame(Decided(rows.vectors, ("advice",) * 90, rows.groups)))
    assert none.null_count().row(0) == (90,) * 4


def test_a_child_that_dies_is_an_error_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(EngineError, match="could not be searched for"):
        find_issues_apart(frame(decided(6)[0]))
