import csv

from store.reading.csv_records import Form, Split, split_records

COMMAS = Form(",")


def split(text: str, form: Form = COMMAS) -> list[Split]:
    return list(split_records(text.splitlines(keepends=True), form))


def cells(splits: list[Split]) -> list[list[str]]:
    return [record.cells for record in splits if not record.fault]


def faults(splits: list[Split]) -> list[tuple[int, str, str]]:
    return [(record.line, record.fault, record.raw) for record in splits if record.fault]


def test_records_know_the_line_where_they_start() -> None:
    records = split('a,b\n\n1,"two\nlines"\n2,x\n')
    assert [(record.line, record.cells) for record in records] == [
        (1, ["a", "b"]),
        (3, ["1", "two\nlines"]),
        (5, ["2", "x"]),
    ]


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    records = split('a,b\n1,"open\n2,x\n3,y\n')
    assert cells(records) == [["a", "b"], ["2", "x"], ["3", "y"]]
    assert faults(records) == [(2, "a quote is opened and never closed", '1,"open')]


def test_an_open_quote_that_meets_the_next_quoted_field_costs_one_row() -> None:
    records = split('a,b\n1,"open\n2,x\n3,"y, z"\n')
    assert cells(records) == [["a", "b"], ["2", "x"], ["3", "y, z"]]
    assert faults(records) == [(2, "a quote is opened and never closed", '1,"open')]


def test_an_open_quote_that_ends_at_a_later_stray_quote_costs_two_rows() -> None:
    records = split('a,b,c\n1,"open,0\n2,x,0\n3,y"\n4,z,0\n')
    assert cells(records) == [["a", "b", "c"], ["2", "x", "0"], ["4", "z", "0"]]
    assert [line for line, _, _ in faults(records)] == [2, 4]


def test_several_open_quotes_cost_one_row_each() -> None:
    records = split('a,b\n1,"open\n2,x\n3,"open too\n4,y\n')
    assert cells(records) == [["a", "b"], ["2", "x"], ["4", "y"]]
    assert [line for line, _, _ in faults(records)] == [2, 4]


def test_an_open_quote_on_the_last_line_is_noticed() -> None:
    assert [line for line, _, _ in faults(split('a,b\n1,x\n2,"open'))] == [3]


def test_a_wrong_number_of_columns_is_rejected_with_the_numbers() -> None:
    records = split("a,b\n1\n2,x\n3,y,z\n")
    assert faults(records) == [
        (2, "the row has 1 column, the first row has 2", "1"),
        (4, "the row has 3 columns, the first row has 2", "3,y,z"),
    ]


def test_a_text_over_several_lines_in_a_row_too_wide_is_rejected_whole() -> None:
    records = split('a,b\n1,"two\nlines",extra\n2,x\n')
    assert cells(records) == [["a", "b"], ["2", "x"]]
    assert faults(records) == [
        (2, "the row has 3 columns, the first row has 2", '1,"two\nlines",extra')
    ]


def test_text_behind_a_closing_quote_is_rejected() -> None:
    ((line, fault, raw),) = faults(split('a,b\n1,"Yes" she said\n2,x\n'))
    assert (line, raw) == (2, '1,"Yes" she said')
    assert "text follows a closing quote" in fault


def test_a_quote_within_an_unquoted_field_is_text() -> None:
    assert cells(split('a,b\n1,5" wide\n')) == [["a", "b"], ["1", '5" wide']]


def test_a_row_with_a_nul_is_rejected() -> None:
    assert faults(split("a,b\n1,x\0y\n2,z\n")) == [
        (2, "the row contains a NUL character", "1,x\0y")
    ]


def test_without_quoting_quotes_are_text() -> None:
    records = split('a\tb\n1\t"open\n2\t"whole"\n', Form("\t", quoted=False))
    assert cells(records) == [["a", "b"], ["1", '"open'], ["2", '"whole"']]


def test_a_text_longer_than_the_csv_module_allows_comes_in_and_its_limit_stays() -> None:
    before = csv.field_size_limit()
    long = "x" * (before + 1)
    records = split_records(["a,b\n", f"1,{long}\n"], COMMAS)
    next(records)
    assert csv.field_size_limit() == before
    assert next(records).cells == ["1", long]
    assert csv.field_size_limit() == before


def test_a_field_beyond_our_own_limit_is_rejected() -> None:
    ((line, fault, _),) = faults(split(f"a,b\n1,{'x' * (1 << 20)}y\n2,z\n"))
    assert (line, fault) == (2, "a field is longer than 1,048,576 characters")


def test_delimiters_at_the_end_of_some_rows_hold_nothing() -> None:
    assert cells(split("a,b\n1,x,\n2,y\n3,z,,\n")) == [
        ["a", "b"],
        ["1", "x"],
        ["2", "y"],
        ["3", "z"],
    ]
    assert cells(split("a,b,\n1,x\n2,y,\n")) == [["a", "b", ""], ["1", "x", ""], ["2", "y", ""]]


def test_lines_before_the_first_count() -> None:
    assert [item.line for item in split_records(["a,b\n", "1,x\n"], COMMAS, first_line=2)] == [2, 3]
