from pathlib import Path
from threading import Event
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer, NoRepeatNGramLogitsProcessor

from engine.generation.decoding import NoRepeatNgram, RowWatch, StopText, TokenDraw, Told, pad_batch


def as_scores(probabilities: list[float]) -> torch.Tensor:
    return torch.tensor(probabilities).log()


def drawn_tokens(scores: torch.Tensor, seed: int = 0) -> torch.Tensor:
    """Draw a token for each row of scores."""
    draw = TokenDraw(len(scores), 1, 0, seed)
    return draw(torch.empty((len(scores), 0), dtype=torch.long), scores).argmax(dim=-1)  # type: ignore[arg-type]


def test_tokens_are_drawn_as_often_as_their_probabilities_say() -> None:
    expected = [0.5, 0.0, 0.3, 0.15, 0.05]
    drawn = drawn_tokens(as_scores(expected).repeat(40_000, 1))
    shares = torch.bincount(drawn, minlength=5) / 40_000
    # Five standard errors of the most uncertain share.
    assert torch.allclose(shares, torch.tensor(expected), atol=5 * (0.25 / 40_000) ** 0.5)
    assert shares[1] == 0


@pytest.mark.parametrize("uniform", [0.0, 1 - 2**-24])
def test_the_ends_of_the_random_range_never_draw_an_impossible_token(uniform: float) -> None:
    scores = as_scores([0.0, 0.3, 0.7, 0.0]).repeat(1, 1)
    draw = TokenDraw(1, 1, 0, seed=0)
    draw.uniform.fill_(uniform)
    drawn = draw(torch.empty((1, 0), dtype=torch.long), scores)  # type: ignore[arg-type]
    assert int(drawn.argmax()) in {1, 2}
    assert int(drawn.isfinite().sum()) == 1


def test_a_row_keeps_its_random_numbers_whatever_the_step_it_is_asked_at() -> None:
    scores = torch.zeros(2, 1000)
    first, second = TokenDraw(2, 9, 4, seed=3), TokenDraw(2, 9, 4, seed=3)
    for length in (4, 5, 6):
        expected = first(torch.empty((2, length), dtype=torch.long), scores.clone())  # type: ignore[arg-type]
    assert torch.equal(
        second(torch.empty((2, 6), dtype=torch.long), scores.clone()),  # type: ignore[arg-type]
        expected,
    )


@given(
    rows=st.integers(1, 4), length=st.integers(0, 30), size=st.integers(1, 4), seed=st.integers()
)
def test_the_tokens_that_would_repeat_an_n_gram_are_those_of_transformers(
    rows: int, length: int, size: int, seed: int
) -> None:
    random = torch.Generator().manual_seed(seed % 2**63)
    ids = torch.randint(0, 4, (rows, length), generator=random)
    scores = torch.rand((rows, 6), generator=random)
    make_expected: Any = NoRepeatNGramLogitsProcessor
    expected = make_expected(size)(ids, scores)
    assert torch.equal(NoRepeatNgram(size)(ids, scores), expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "ends"), [("one\n", True), ("one", False), ("été END", True), ("END of it all", False)]
)
def test_a_row_ends_when_its_last_tokens_complete_a_stop_string(
    llama_folder: Path, text: str, ends: bool
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(llama_folder)
    prompt = tokenizer("Text: END\n", return_tensors="pt").input_ids
    new = tokenizer(text, return_tensors="pt").input_ids
    criteria = StopText(tokenizer, ["\n", "END"], prompt.shape[1])
    assert criteria(torch.cat([prompt, new], dim=1), torch.empty(0)).tolist() == [ends]  # type: ignore[arg-type]


def test_rows_are_padded_behind_the_head_they_share() -> None:
    batch = pad_batch([[1, 2, 3, 4, 5], [1, 2, 9]], pad_id=0, least_head=2)
    assert batch.head_tokens == 2
    assert batch.input_ids.tolist() == [[1, 2, 3, 4, 5], [1, 2, 0, 0, 9]]
    assert batch.attention_mask.tolist() == [[1, 1, 1, 1, 1], [1, 1, 0, 0, 1]]


def test_a_short_head_or_a_single_row_is_padded_on_the_left() -> None:
    batch = pad_batch([[1, 2, 3], [1, 5]], pad_id=0, least_head=2)
    assert (batch.head_tokens, batch.input_ids.tolist()) == (0, [[1, 2, 3], [0, 1, 5]])
    assert pad_batch([[1, 2, 3]], pad_id=0, least_head=2).head_tokens == 0


def test_equal_rows_keep_a_token_to_continue_from() -> None:
    assert pad_batch([[1, 2, 3], [1, 2, 3]], pad_id=0, least_head=1).head_tokens == 2


def test_what_is_told_of_a_batch_is_each_row_once_with_all_its_tokens() -> None:
    told: list[Told] = []
    now = [0.0]
    end, prompt = torch.tensor([9]), torch.zeros((3, 2), dtype=torch.long)
    watch = RowWatch(told.append, Event(), end, None, (3, 2), lambda: now[0])
    steps = torch.tensor([[5, 9, 0, 0], [5, 5, 9, 0], [5, 5, 5, 5]])
    for step in range(1, 5):
        now[0] += 0.2
        watch(torch.cat([prompt, steps[:, :step]], dim=1), torch.empty(0))  # type: ignore[arg-type]
    watch.finish(torch.cat([prompt, steps], dim=1))
    assert told == [
        Told(3 + 3, {0: [5, 9]}),
        Told(2 + 1, {1: [5, 5, 9, 0]}),
        Told(0, {2: [5, 5, 5, 5]}),
    ]


def test_a_batch_that_is_given_up_ends_at_once() -> None:
    given_up = Event()
    watch = RowWatch(lambda _: None, given_up, torch.tensor([9]), None, (2, 1))
    tokens = torch.zeros((2, 2), dtype=torch.long)
    assert watch(tokens, torch.empty(0)).tolist() == [False, False]  # type: ignore[arg-type]
    given_up.set()
    assert watch(tokens, torch.empty(0)).tolist() == [True, True]  # type: ignore[arg-type]
