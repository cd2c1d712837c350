"""What a model is given of texts and pairs, and where they are cut."""

from pathlib import Path

import pytest

from engine.models.inputs import count_tokens, make_inputs, set_limits
from engine.training.bases import load_base
from tests.fakes import checkpoint_at
from tests.pairs import CONTEXTS, LABELS, TEXTS, pair_model
from tests.tiny import CONTEXT, tiny_bert

SPECIAL = 3  # of a pair: before, between, after


def test_a_pair_that_fits_is_what_the_tokenizer_makes_of_it(tmp_path: Path) -> None:
    model, tokenizer = pair_model(tmp_path, "cross-encoder")
    found = make_inputs(model, tokenizer).encode(TEXTS, CONTEXTS)
    expected = tokenizer(list(CONTEXTS), list(TEXTS))
    assert [row["input_ids"] for row in found] == expected["input_ids"]
    assert [row["attention_mask"] for row in found] == expected["attention_mask"]


@pytest.mark.embedded
def test_the_embedded_encoder_is_told_which_tokens_are_whose() -> None:
    from engine.models.references import parse_reference, resolve_checkpoint

    checkpoint = resolve_checkpoint(parse_reference("bundled:all-minilm-l6-v2"))
    model, tokenizer = load_base(checkpoint, LABELS, 0, "cross-encoder")
    inputs = make_inputs(model, tokenizer)
    found = inputs.encode(["<s>" + text for text in TEXTS], CONTEXTS)
    expected = tokenizer(list(CONTEXTS), ["<s>" + text for text in TEXTS])
    for name in ("input_ids", "token_type_ids", "attention_mask"):
        assert [row[name] for row in found] == expected[name]
    long = inputs.encode(["why " * 9_999], ["what " * 9_999])
    assert [len(row["input_ids"]) for row in long] == [512]


@pytest.mark.parametrize(
    ("context", "text", "kept"),
    [
        (10, 20, (10, 20)),
        (200, 20, (40, 20)),  # the context gives way first,
        (200, 44, (16, 44)),
        (200, 200, (15, 45)),  # but keeps a quarter of the room,
        (5, 200, (5, 55)),  # if it is as long
    ],
)
def test_of_a_long_pair_the_context_is_cut_before_the_text(
    tmp_path: Path, context: int, text: int, kept: tuple[int, int]
) -> None:
    """Letters without spaces: "a" and "b" are a token each."""
    model, tokenizer = pair_model(tmp_path, "cross-encoder")
    set_limits(model, tokenizer, 60 + SPECIAL, None)
    (row,) = make_inputs(model, tokenizer).encode(["b" * text], ["a" * context])
    tokens = tokenizer.convert_ids_to_tokens(row["input_ids"])
    assert (tokens.count("a"), tokens.count("b")) == kept
    assert len(row["input_ids"]) == sum(kept) + SPECIAL == len(row["attention_mask"])


def test_a_bi_encoder_cuts_each_side_at_a_limit_of_its_own(tmp_path: Path) -> None:
    model, tokenizer = pair_model(tmp_path, "bi-encoder")
    set_limits(model, tokenizer, 20, 40)
    (row,) = make_inputs(model, tokenizer).encode(["b" * 99], ["a" * 99])
    assert (len(row["input_ids"]), len(row["context_input_ids"])) == (20, 40)
    assert count_tokens(row) == 60


def test_without_limits_there_are_those_of_the_model(tmp_path: Path) -> None:
    for architecture in ("cross-encoder", "bi-encoder"):
        model, tokenizer = pair_model(tmp_path, architecture)
        set_limits(model, tokenizer, None, None)
        (row,) = make_inputs(model, tokenizer).encode(["b" * 999], ["a" * 999])
        sides = 1 if architecture == "cross-encoder" else 2
        assert count_tokens(row) == sides * CONTEXT


def test_single_texts_have_no_contexts(tmp_path: Path) -> None:
    model, tokenizer = load_base(checkpoint_at(tiny_bert(tmp_path)), LABELS, 0)
    inputs = make_inputs(model, tokenizer)
    assert inputs.encode(TEXTS, ()) == inputs.encode(TEXTS, [""] * len(TEXTS))
    assert inputs.encode([], ()) == []
