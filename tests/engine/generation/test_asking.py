import pytest

from engine.generation.asking import asks


@pytest.mark.parametrize(
    "text",
    [
        "Is there a left luggage office near the north entrance?",
        "The left luggage office is where?",
        "what is the dose for a child of six",
        "How do I stop the hiccups",
        "Don't you wear a helmet",
        "Please tell me about statins.",
        "Hi, can you help with a rash",
        "Write a leaflet on hand washing.",
        "I'd like to know more on vaccines.",
        "Ποια είναι η δόση\u037e",
        "دواء ثلاث مرات؟",
        "この薬は一日に何回飲みますか",
    ],
)
def test_a_question_or_a_request_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The dose for a child is half of that.",
        "The user asked for the dose.",
        "Whatever the dose, take it with food.",
        "You should do what the doctor says.",
        "Patients in the trial were asked how they slept.",
        "Die Dosis ist für Kinder halb so hoch.",
    ],
)
def test_a_statement_does_not_ask(text: str) -> None:
    assert not asks(text)
