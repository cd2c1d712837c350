"""A text answers its prompt where it matches that better than others."""

import pytest

from engine.models.bertscore import BertScorer
from engine.models.prompt_match import OTHERS, PromptMatch, draw_others, match_prompts
from tests.tiny import tiny_bert


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> BertScorer:
    return BertScorer(f"path:{tiny_bert(tmp_path_factory.mktemp('bert'))}", 1, "cpu", "float32")


def f1(scorer: BertScorer, text: str, prompt: str) -> float:
    embedded = scorer.embed([text, prompt])
    return scorer.match([(embedded[text], embedded[prompt])])[0].f1


def test_the_floor_is_the_highest_score_against_other_prompts(scorer: BertScorer) -> None:
    prompts = ["When does the train leave?", "What helps against a headache?", "Is it cold?"]
    text = "The train leaves at nine."
    (found,) = match_prompts(scorer, [(prompts[0], text)], prompts)
    assert found.f1 == pytest.approx(f1(scorer, text, prompts[0]), abs=1e-5)
    assert found.floor == pytest.approx(
        max(f1(scorer, text, other) for other in prompts[1:]), abs=1e-5
    )


def test_pairs_come_back_in_their_order(scorer: BertScorer) -> None:
    prompts = ["When does the train leave?", "What helps against a headache?"]
    pairs = [(prompts[1], "Rest helps."), (prompts[0], "At nine."), (prompts[1], "Rest helps.")]
    found = list(match_prompts(scorer, pairs, prompts))
    assert found[0] == found[2] != found[1]


def test_a_few_others_are_drawn_and_never_the_prompt_itself() -> None:
    prompts = [f"Prompt {number}" for number in range(40)]
    drawn = draw_others("Prompt 3", [*prompts, " Prompt 3 "])
    assert len(drawn) == len(set(drawn)) == OTHERS
    assert not any(other.strip() == "Prompt 3" for other in drawn)
    assert draw_others("Prompt 3", prompts[::-1]) == drawn != draw_others("Prompt 4", prompts)


@pytest.mark.parametrize(
    ("floor", "does_answer"), [(0.4, True), (0.5, False), (0.6, False), (None, False)]
)
def test_a_text_has_to_be_above_its_floor(floor: float | None, does_answer: bool) -> None:
    assert PromptMatch(0.5, floor).does_answer is does_answer


def test_without_other_prompts_there_is_no_floor(scorer: BertScorer) -> None:
    (found,) = match_prompts(scorer, [("Why?", "Because.")], ["Why?"])
    assert found.floor is None
