from store.leaks.pairs import find_row_leaks

TUTOR = "You are a patient tutor who helps pupils of nine to twelve years with their fractions."
NEAR_TUTOR = (
    "You are a patient tutor who helps pupils of nine to eleven years with their fractions."
)
BANK = "You answer questions of customers about their accounts at a savings bank in the north."
BENCHMARK = [
    (TUTOR, "Thanks!"),
    (TUTOR, "How do I add two thirds and one fifth?"),
    (BANK, "Thanks!"),
]


def test_a_pair_leaks_only_where_both_of_its_texts_do() -> None:
    rows = [
        (BANK, "How do I add two thirds and one fifth?"),
        (TUTOR, "What is the capital of Peru?"),
        (NEAR_TUTOR, "how do i add two thirds and one fifth"),
        ("You write limericks.", "Thanks!"),
        (BANK, "thanks!"),
    ]
    found = find_row_leaks(rows, BENCHMARK)
    assert {place: leak.benchmark for place, leak in found.items()} == {2: 1, 4: 2}


def test_single_texts_are_compared_with_single_texts_alone() -> None:
    assert find_row_leaks([(None, "Thanks!")], BENCHMARK) == {}
    found = find_row_leaks([(None, "Drink more water.")], [(None, "drink more water"), *BENCHMARK])
    assert found[0].likeness == "equal"


def test_nothing_leaks_an_empty_benchmark() -> None:
    assert find_row_leaks([(TUTOR, "Hi."), (None, "Hi.")], []) == {}
