import pytest

from engine.generation.templates import TrimRule
from engine.generation.trimming import trim


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" What is asthma? ", "What is asthma?"),
        ('"What is asthma?"', "What is asthma?"),
        ("“What is asthma?”\n\nThis question asks about asthma.", "What is asthma?"),
        ("**Question:** What is asthma?", "What is asthma?"),
        ("Question: What is asthma?", "What is asthma?"),
        ("The user's prompt is: What is asthma?", "What is asthma?"),
        ("The question was: 'What is asthma?'", "What is asthma?"),
        ("Sure, here is the question: What is asthma?", "What is asthma?"),
        ("Here's a possible prompt:\n\nWhat is asthma?", "What is asthma?"),
        ('The user asked: "What is asthma?', "What is asthma?"),
        ("The user asked about asthma.", "The user asked about asthma."),
        ("\n\nWhat is asthma?", "What is asthma?"),
        ("Tell me about asthma.", "Tell me about asthma."),
        ("The question of asthma in schools", "The question of asthma in schools"),
        ("...\n***\n", ""),
        ("", ""),
    ],
)
def test_a_question_is_freed_of_preamble_and_quotes(raw: str, expected: str) -> None:
    assert trim(raw, "question") == expected


def test_the_rule_none_only_strips_white_space() -> None:
    assert trim('\n"Question: what?"\nMore.\n', "none") == '"Question: what?"\nMore.'


@pytest.mark.parametrize("rule", ["none", "question"])
def test_a_text_without_anything_visible_is_empty(rule: TrimRule) -> None:
    assert trim(" \n\t\u200b\ufeff\n", rule) == ""


@pytest.mark.parametrize("rule", ["none", "question"])
def test_a_row_that_failed_stays_without_a_text(rule: TrimRule) -> None:
    assert trim(None, rule) is None
