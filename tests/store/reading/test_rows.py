from datetime import date
from decimal import Decimal

import pytest

from store.reading.rows import Cell, as_cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("text", "text"),
        (1, "1"),
        (1.0, "1.0"),
        (True, "true"),
        (False, "false"),
        (Decimal("1.10"), "1.10"),
        (date(2024, 5, 1), "2024-05-01"),
        ("Öl".encode(), "Öl"),
        (b"cut \xc3", "cut \udcc3"),
        (None, None),
        (float("nan"), None),
        ([1], [1]),
        ({"a": 1}, {"a": 1}),
    ],
)
def test_values_become_the_text_a_person_would_write(value: object, cell: Cell) -> None:
    assert as_cell(value) == cell
