"""Where annotators were: kept in a file of the workspace, which may be damaged."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tui.screens.label.filters import Filter
from tui.screens.label.place import FILE_NAME, read_place, write_place
from tui.screens.label.views import Display, Place
from tui.widgets.origin_text import Unfolded

PLACE = Place(
    "c1",
    top_line=3,
    order="most at odds",
    filter=Filter("skipped", label="advice", marked="has note", text="tea", in_members=True),
    display=Display("members", ("members",), "random", 2, Unfolded(True), True, ("tea", "/milk/")),
    searches=("tea", "/milk/"),
)


def test_a_place_is_found_again_beside_those_of_others(tmp_path: Path) -> None:
    write_place(tmp_path, "ada", PLACE)
    write_place(tmp_path, "bob", Place())
    assert read_place(tmp_path, "ada") == PLACE
    assert read_place(tmp_path, "bob") == Place()
    assert read_place(tmp_path, "eve") == Place()


def test_the_file_has_these_keys(tmp_path: Path) -> None:
    write_place(tmp_path, "ada", PLACE)
    assert json.loads((tmp_path / FILE_NAME).read_text()) == {
        "ada": {
            "cluster_id": "c1",
            "pane": "members",
            "sides": ["members"],
            "order": "most at odds",
            "filter": {
                "standing": "skipped",
                "label": "advice",
                "predicted": None,
                "dataset": None,
                "selected": None,
                "marked": "has note",
                "not_by_me": False,
                "text": "tea",
                "in_members": True,
            },
            "members_order": "random",
            "draw": 2,
            "top_line": 3,
            "shows_origin": True,
            "shows_context": False,
            "is_blind": True,
            "highlight": ["tea", "/milk/"],
            "searches": ["tea", "/milk/"],
        }
    }


@pytest.mark.parametrize(
    "damage",
    [{"order": "loudest"}, {"pane": 3}, {"filter": {"standing": "odd"}}, {"size": 1}],
)
def test_a_place_that_does_not_fit_counts_as_none(
    tmp_path: Path, damage: dict[str, object]
) -> None:
    write_place(tmp_path, "ada", replace(PLACE, cluster_id="c9"))
    places = json.loads((tmp_path / FILE_NAME).read_text())
    places["ada"] |= damage
    (tmp_path / FILE_NAME).write_text(json.dumps(places))
    assert read_place(tmp_path, "ada") == Place()


@pytest.mark.parametrize("text", ["", "[]", '{"ada": 1}', "{"])
def test_a_damaged_file_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    assert read_place(tmp_path, "ada") == Place()
    write_place(tmp_path, "ada", PLACE)
    assert read_place(tmp_path, "ada") == PLACE
