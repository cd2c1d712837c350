import pytest

from engine.generation.thoughts import FAMILIES, Marks, said_after_thought


@pytest.mark.parametrize("marks", FAMILIES, ids=lambda marks: marks.opening)
def test_what_follows_a_thought_is_said_whatever_the_family(marks: Marks) -> None:
    reply = f"{marks.opening}\nIs it health-advice? No.\n{marks.closing}\n\nhealth-content"
    assert said_after_thought(reply) == "health-content"
    assert (
        said_after_thought(f"\n {marks.opening}{marks.closing}health-content") == "health-content"
    )


@pytest.mark.parametrize("marks", FAMILIES, ids=lambda marks: marks.opening)
def test_a_frame_around_what_is_said_is_dropped(marks: Marks) -> None:
    before, after = marks.frame[:1], marks.frame[1:2]
    reply = f"{marks.opening}Hm.{marks.closing}{''.join(before)}said{''.join(after)}"
    assert said_after_thought(reply) == "said"


@pytest.mark.parametrize(
    "marks",
    [marks for marks in FAMILIES if not marks.needs_both],
    ids=lambda marks: marks.opening,
)
def test_a_thought_may_lack_its_opening_or_its_end(marks: Marks) -> None:
    assert said_after_thought(f"The user wants…\n{marks.closing}\nsaid") == "said"
    assert said_after_thought(f"{marks.opening} The user wants") is None


@pytest.mark.parametrize(
    "text",
    [
        "Plain words.",
        " with space around \n",
        "",
        "Put your reasoning between <think> and </think>, then answer.",
        "analysis of the data shows nothing",
        "Here is my thought process: I looked it up.",
        "I think [THINK is a word.",
    ],
)
def test_a_text_that_does_not_begin_with_a_thought_is_left_as_it_is(text: str) -> None:
    assert said_after_thought(text) == text


def test_several_thoughts_in_a_row_are_all_left_out() -> None:
    assert said_after_thought("<think>a</think>\n<think>b</think> said </think>") == (
        "said </think>"
    )
    assert said_after_thought("<THINK>a</Think>said") == "said"


def test_final_channel_without_analysis_is_what_is_said() -> None:
    assert said_after_thought("<|channel|>final<|message|>said<|return|>") == "said"
    long_way = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant"
    assert said_after_thought(f"{long_way}<|channel|>final<|message|>said") == "said"
    assert said_after_thought(long_way) is None
