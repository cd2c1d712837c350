from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

from store.decisions import Decision
from store.errors import MessageRefused
from store.recipes import Source
from store.serving.values import Frames, form_of


@dataclass(frozen=True, slots=True)
class Found:
    """A result with a frame within."""

    name: str
    rows: pl.DataFrame
    shares: tuple[float, ...] = ()


def through(kind: Any, value: object) -> Any:
    """A value written and read again."""
    frames = Frames()
    form = form_of(kind)
    return form.read(form.write(value, frames), frames)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, "a \x1b[31mtext\ud800"),
        (int, 2**70),
        (float, 0.1),
        (float, 3),
        (bool, True),
        (None, None),
        (str | None, None),
        (str | None, "x"),
        (Literal["queries", "answers"], "answers"),
        (datetime, datetime(2026, 1, 2, 3, 4, 5, 678)),
        (Path, Path("/a folder/é")),
        (list[str], ["b", "a"]),
        (Sequence[int], [1, 2]),
        (Collection[str] | None, ["x"]),
        (tuple[str, ...], ("x", "y")),
        (tuple[int, str | None], (1, None)),
        (set[str], {"a", "b"}),
        (frozenset[str], frozenset({"a"})),
        (dict[str | None, int], {None: 1, "x": 2}),
        (Mapping[str, tuple[int, ...]], {"a": (1, 2)}),
        (dict[str, dict[str, tuple[int, str]]], {"c": {"a": (0, "x")}}),
        (Mapping[str, object], {"column": "text", "roles": ["seed"]}),
        (list[tuple[str, str | None]], [("x", None)]),
        (Decision, Decision("label", cluster_id="c", label="advice", reach=3)),
        (Source, Source(rows="synthetic", min_f1=0.5, origins=("centroid",))),
    ],
)
def test_what_is_written_is_read_again_as_it_was(kind: Any, value: object) -> None:
    assert through(kind, value) == value
    assert type(through(kind, value)) is type(value) or kind == Collection[str] | None


def test_what_a_recipe_left_out_stays_left_out() -> None:
    source = Source(rows="real", labels=("advice",))
    assert through(Source, source).model_fields_set == {"rows", "labels"}


def test_frames_go_beside_the_values_that_hold_them() -> None:
    rows = pl.DataFrame({"a": [1, 2], "b": [["x"], []]}, {"a": pl.Int32, "b": pl.List(pl.String)})
    found = through(list[tuple[str, Found]], [("one", Found("f", rows, (0.5,)))])
    assert found[0][1].name == "f"
    assert_frame_equal(found[0][1].rows, rows)
    ids = pl.Series("answer_id", ["a", "b"])
    assert_series_equal(through(pl.Series, ids), ids)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, 1),
        (int, True),
        (int, "1"),
        (float, "0.5"),
        (bool, 0),
        (Literal["queries"], "samples; DROP TABLE samples"),
        (Path, None),
        (datetime, "yesterday"),
        (datetime, 5),
        (list[str], "text"),
        (tuple[int, str], [1]),
        (dict[str, int], {"a": 1}),
        (Decision, ["label"]),
        (pl.DataFrame, 0),
        (pl.DataFrame, "x"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: Any, value: object) -> None:
    with pytest.raises(MessageRefused):
        form_of(kind).read(value, [])


def test_a_type_that_cannot_be_said_is_no_type_of_a_served_function() -> None:
    with pytest.raises(TypeError, match="cannot go over a socket"):
        form_of(type(object()).__class__)
