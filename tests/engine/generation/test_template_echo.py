from pathlib import Path

import pytest

from engine.generation.template_echo import echoes_template
from engine.generation.templates import load_template
from tui.services.settings import presets

TEMPLATES = Path(str(presets())) / "templates"
SEED = "Patients who took statins had fewer strokes in the ten years after."


def echoes(name: str, text: str, given: str = SEED) -> bool:
    return echoes_template(text, load_template(TEMPLATES / f"{name}.toml"), given)


@pytest.mark.parametrize(
    "text",
    [
        "What question did the user ask to generate the following text?",
        "What question did the user ask to generate this text?",
        "What question did the user ask to generate the following text: Patients who took statins",
        "What question did the user ask in order to generate the text about statins?",
    ],
)
def test_a_model_that_repeats_its_instruction_is_found(text: str) -> None:
    assert echoes("papers", text)


@pytest.mark.parametrize(
    "text",
    [
        "Do statins prevent strokes?",
        "What did patients who took statins have fewer of?",
        "What is the text about?",
        "",
    ],
)
def test_a_question_of_its_own_is_not(text: str) -> None:
    assert not echoes("papers", text)


def test_a_copied_example_is_found() -> None:
    assert echoes("five-examples", "Which ferry should I take to the island?")
    assert echoes("five-examples", "Which early ferry should we take to the island?")


def test_a_question_may_be_like_an_example_where_its_seed_is() -> None:
    seed = "Take the ferry at noon to reach the island before the storm."
    assert not echoes("five-examples", "Which ferry should I take to the island?", seed)
    assert not echoes("five-examples", "How many patients on statins had a stroke?")


def test_a_template_of_the_text_alone_has_nothing_to_echo() -> None:
    assert not echoes("answer", "The user asked a question to generate the following text.")


@pytest.mark.parametrize(
    "text", ["<answer>\nAsk a pharmacist.\n</answer>", "Ask a pharmacist.</answer>", "<prompt>"]
)
def test_the_tags_of_a_template_are_found(text: str) -> None:
    assert echoes("correct", text)


def test_tags_that_the_template_has_not_or_the_text_has_too_are_no_echo() -> None:
    assert not echoes("correct", "Write <b>bold</b> words so.")
    assert not echoes("correct", "Close it by </answer>.", "How do I end <answer> … </answer>?")
