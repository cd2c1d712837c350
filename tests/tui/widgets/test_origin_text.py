"""Texts below what they came from: how contexts are folded, and what is marked in them."""

import pytest

from store.origins import Pair
from tui.frame.task_words import SINGLE_TEXTS, TaskWords
from tui.widgets.origin_text import FOLDED, OriginText, Unfolded, fold_text
from tui.widgets.plain import MARK_STYLE

PAIRS = TaskWords(True, ("draw", "system prompt", "user prompt"), "scenario", "prompt",
                  "written", "written as")  # fmt: skip
LONG = "You help with buses. " * 20


def pair(context: str = LONG) -> Pair:
    return Pair("a", "made", "tone: curt", None, None, context, "Hello?", "off-topic")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Short.", "Short."),
        ("First line.\nSecond.", "First line."),
        ("", ""),
        ("x" * 200, "x" * FOLDED),
        ("word " * 40, ("word " * 13).strip()),
    ],
)
def test_a_text_is_folded_to_whole_words_of_its_first_line(text: str, folded: str) -> None:
    assert fold_text(text) == folded


def test_a_folded_context_says_how_many_words_more_there_are() -> None:
    lines = OriginText(PAIRS, "z").describe("Hello?", pair(), Unfolded()).plain.splitlines()
    assert lines == [
        "SYSTEM PROMPT  67 words more: z",
        "You help with buses. You help with buses. You help with buses. You …",
        "USER PROMPT",
        "Hello?",
    ]


def test_a_context_of_one_short_line_is_shown_as_it_is() -> None:
    text = OriginText(PAIRS, "z").describe("Hello?", pair("Buses."), Unfolded()).plain
    assert text == "SYSTEM PROMPT\nBuses.\nUSER PROMPT\nHello?"


def test_an_unfolded_context_is_shown_in_full_and_the_draw_above_it() -> None:
    text = OriginText(PAIRS, "z").describe("Hello?", pair(), Unfolded(True, True)).plain
    assert text.startswith("DRAW\ntone: curt\nSYSTEM PROMPT  z folds it\n")
    assert LONG in text


def test_a_context_that_is_not_read_yet_takes_the_room_of_a_folded_one() -> None:
    texts = OriginText(PAIRS, "z")
    before = texts.describe("Hello?", None, Unfolded()).plain
    assert len(before.splitlines()) == len(
        texts.describe("Hello?", pair(), Unfolded()).plain.splitlines()
    )


def test_marks_in_a_context_end_where_it_is_folded() -> None:
    marks = {LONG.strip(): [(0, 3), (60, 80), (200, 210)]}
    found = OriginText(PAIRS, "z").describe("Hello?", pair(LONG.strip()), Unfolded(), marks=marks)
    line = found.plain.splitlines()[1].removesuffix(" …")
    start = found.plain.index(line)
    marked = [(span.start - start, span.end - start) for span in found.spans
              if span.style == MARK_STYLE]  # fmt: skip
    assert marked == [(0, 3), (60, len(line))]


def test_a_hostile_context_is_shown_and_not_obeyed() -> None:
    text = OriginText(PAIRS, "z").describe("[red]x", pair("\x1b[2J[b]Hi"), Unfolded()).plain
    assert "␛[2J[b]Hi" in text
    assert "[red]x" in text


def test_an_answer_of_a_single_text_stands_alone_until_its_origin_is_wanted() -> None:
    single = Pair("a", "seeds", "A seed.", "x", "given", "A question?", "An answer.")
    texts = OriginText(SINGLE_TEXTS, "z")
    assert texts.describe("An answer.", single, Unfolded()).plain == "An answer."
    assert texts.describe("An answer.", single, Unfolded(origin=True)).plain.splitlines() == [
        "SEED", "A seed.", "QUESTION", "A question?", "ANSWER", "An answer.",
    ]  # fmt: skip
