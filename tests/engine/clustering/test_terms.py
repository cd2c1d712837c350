from engine.clustering.terms import telling_terms

TEXTS = ["Vitamin D helps bones", "Bones need vitamin D", "Repairing a puncture", "A bicycle tyre"]


def test_terms_tell_a_cluster_from_the_others() -> None:
    found = telling_terms(TEXTS, ["a", "a", "b", "b"], 2)
    assert set(found["a"]) == {"vitamin", "bones"}
    assert "vitamin" not in " ".join(found["b"])


def test_a_pair_of_words_comes_before_the_word_it_holds_and_shares_none() -> None:
    texts = ["blood pressure rises", "blood pressure falls", "knitting", "wool"]
    assert telling_terms(texts, ["a", "a", "b", "b"], 3)["a"] == ("blood pressure",)


def test_what_is_used_less_but_only_there_tells_more() -> None:
    """By hand, with A = 11 / 2: 2 ln(1 + 5.5 / 2) = 2.64, and 3 ln(1 + 5.5 / 9) = 1.43."""
    texts = ["common"] * 3 + ["rare"] * 2 + ["common"] * 6
    found = telling_terms(texts, ["a"] * 5 + ["b"] * 6, 2)
    assert found == {"a": ("rare", "common"), "b": ("common",)}


def test_texts_without_words_have_no_terms() -> None:
    assert telling_terms(["…", "the"], ["a", "b"], 3) == {"a": (), "b": ()}


def test_the_same_texts_give_the_same_terms() -> None:
    clusters = ["a", "a", "b", "b"]
    assert telling_terms(TEXTS, clusters, 4) == telling_terms(TEXTS, clusters, 4)
