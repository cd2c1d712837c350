import pytest

from tui.commands.demo_rule import label_by_words


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("If the fever lasts, you should see a doctor.", "health-advice"),
        (
            "For back pain:\n\n1. **Rest** for a day.\n2. Apply heat to the muscles.",
            "health-advice",
        ),
        ("It's recommended to eat fewer fats for your heart.", "health-advice"),
        ("Insulin is a hormone that lets cells take up sugar from the blood.", "health-content"),
        ("It's important to note that the virus infects the liver.", "health-content"),
        ("You should book the night train early.", "general-content"),
        ("The heart of the matter is the budget.", "general-content"),
        ("", "general-content"),
    ],
)
def test_words_of_health_and_of_recommending_make_the_label(text: str, label: str) -> None:
    assert label_by_words(text) == label


def test_a_word_of_health_counts_once_however_often_it_occurs() -> None:
    assert label_by_words("Sleep, sleep, and SLEEP again.") == "general-content"
