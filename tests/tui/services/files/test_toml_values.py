import tomllib

import pytest

from tui.services.files.toml_values import set_value

FILE = """\
# A workspace.
seed = 0

[queries] # how questions are asked for
model = "bundled:small" # it runs anywhere
template = 'papers'

# As in the papers.
[queries.sampling]
temperature = 0.6 # not 0.3

[answers]
template = "answer"
sampling = { temperature = 0.6 }
"""


@pytest.mark.parametrize(
    ("tables", "key", "value", "before", "after"),
    [
        (["queries"], "template", "bare", "'papers'", '"bare"'),
        (["queries"], "model", 'a "b"', '"bundled:small"', '"a \\"b\\""'),
        (["queries", "sampling"], "temperature", 1.0, "0.6 # not", "1.0 # not"),
        (["answers", "sampling"], "temperature", 0.3, "0.6 }", "0.3 }"),
        (["answers"], "template", "papers", '"answer"', '"papers"'),
        ([], "seed", 7, "seed = 0", "seed = 7"),
    ],
)
def test_only_the_value_changes(
    tables: list[str], key: str, value: str | float, before: str, after: str
) -> None:
    assert set_value(FILE, tables, key, value) == FILE.replace(before, after, 1)


def test_a_value_that_is_there_leaves_the_file_as_it_is() -> None:
    assert set_value(FILE, ["queries"], "template", "papers") == FILE


def test_a_key_that_is_missing_comes_first_in_its_table() -> None:
    changed = set_value(FILE, ["queries"], "quantization", "nf4")
    assert changed == FILE.replace("asked for\n", 'asked for\nquantization = "nf4"\n', 1)


def test_a_table_that_is_missing_comes_last() -> None:
    changed = set_value("seed = 0\n", ["queries", "sampling"], "temperature", 1.0)
    assert changed == "seed = 0\n\n[queries.sampling]\ntemperature = 1.0\n"


def test_dotted_keys_are_found() -> None:
    text = "[queries]\nsampling.temperature = 0.6\n"
    assert set_value(text, ["queries", "sampling"], "temperature", 1.0) == text.replace(
        "0.6", "1.0"
    )


def test_what_only_looks_like_the_key_is_left_alone() -> None:
    text = '[queries]\nnote = "model = 1"\n# model = "old"\nmodel = "new"\nsub-model = "x"\n'
    changed = set_value(text, ["queries"], "model", "newest")
    assert changed == text.replace('"new"', '"newest"')


def test_a_form_that_cannot_be_changed_in_place_is_refused() -> None:
    text = "queries = { sampling = {} }\n"
    assert set_value(text, ["queries", "sampling"], "temperature", 1.0) is None
    assert tomllib.loads(text)
