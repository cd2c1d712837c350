"""Vectors side by side, beside what numpy makes of each alone."""

import numpy as np
import polars as pl
import pytest

from store.spaces import matrix_of, side_by_side

FLOATS = pl.List(pl.Float32)


def part(vectors: dict[str, list[float]]) -> pl.DataFrame:
    columns = {"answer_id": list(vectors), "vector": list(vectors.values())}
    return pl.DataFrame(columns, schema={"answer_id": pl.String, "vector": FLOATS})


def test_one_part_stays_as_it_is_to_the_byte() -> None:
    alone = part({"b": [3.0, 4.0], "a": [0.1, 0.2]})
    assert side_by_side(alone) is alone


def test_of_two_parts_each_has_length_one_and_only_answers_of_both_are_kept() -> None:
    first = part({"b": [3.0, 4.0], "a": [0.0, 5.0], "c": [1.0, 0.0]})
    second = part({"a": [2.0], "b": [-0.5]})
    found = side_by_side(first, second)
    assert found["answer_id"].to_list() == ["b", "a"]
    assert found["vector"].dtype == FLOATS
    assert matrix_of(found["vector"]) == pytest.approx(np.array([[0.6, 0.8, -1], [0, 1, 1]]))


def test_a_vector_of_length_0_stays_0() -> None:
    found = side_by_side(part({"a": [0.0, 0.0]}), part({"a": [2.0, 0.0]}))
    assert found["vector"].to_list() == [[0.0, 0.0, 1.0, 0.0]]


def test_distances_weigh_both_parts_the_same_however_long_their_vectors_are() -> None:
    random = np.random.default_rng(0)
    names = list("abcd")
    small, large = random.normal(size=(4, 3)), 1000 * random.normal(size=(4, 5))
    parts = [part(dict(zip(names, rows.tolist(), strict=True))) for rows in (small, large)]
    found = matrix_of(side_by_side(*parts)["vector"])
    cosines = [
        rows @ rows.T / np.outer(np.linalg.norm(rows, axis=1), np.linalg.norm(rows, axis=1))
        for rows in (small, large)
    ]
    assert found @ found.T == pytest.approx(cosines[0] + cosines[1], abs=1e-5)


def test_lists_become_a_matrix_and_no_list_an_empty_one() -> None:
    assert matrix_of(part({"a": [1.0, 2.0], "b": [3.0, 4.0]})["vector"]).tolist() == [
        [1, 2],
        [3, 4],
    ]
    assert len(matrix_of(part({})["vector"])) == 0
