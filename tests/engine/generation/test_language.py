import pytest

from engine.generation.language import find_language, find_script, is_other_language

TEXTS = {
    "english": "You should take the tablets with food, and not on an empty stomach.",
    "german": "Sie sollten die Tabletten zum Essen nehmen und nicht auf leeren Magen.",
    "french": "Il faut prendre les comprimés avec de la nourriture et pas à jeun.",
    "spanish": "Usted debe tomar las pastillas con la comida y no en ayunas en la casa.",
    "italian": "Si deve prendere le compresse con il cibo e non a digiuno nella casa.",
    "portuguese": "Você deve tomar os comprimidos com a comida e não em jejum na caixa.",
}  # fmt: skip
RUSSIAN = "Принимайте таблетки во время еды, а не натощак."


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_known_by_its_function_words(language: str) -> None:
    assert find_language(TEXTS[language]) == language


@pytest.mark.parametrize("language", [name for name in TEXTS if name != "english"])
def test_two_languages_differ_in_either_order(language: str) -> None:
    assert is_other_language(TEXTS[language], TEXTS["english"])
    assert is_other_language(TEXTS["english"], TEXTS[language])
    assert not is_other_language(TEXTS[language], TEXTS[language])


@pytest.mark.parametrize("text", ["", "Aspirin 500 mg", "Paracetamol, ibuprofen, naproxen", "👍"])
def test_what_is_too_short_to_tell_is_not_wrong(text: str) -> None:
    assert not is_other_language(text, TEXTS["german"])
    assert not is_other_language(TEXTS["german"], text)


def test_another_script_is_another_language() -> None:
    assert find_script(RUSSIAN) == "cyrillic"
    assert is_other_language(RUSSIAN, TEXTS["english"])


def test_the_scripts_of_japanese_are_one() -> None:
    assert find_script("この薬は一日に三回、食事のあとに飲みます。") == "cjk"
