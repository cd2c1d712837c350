import pytest

from engine.generation.label_replies import find_label

LABELS = ("advice", "health-advice", "health-content", "no-advice", "Other", "other")


@pytest.mark.parametrize(
    ("reply", "label"),
    [
        ("advice", "advice"),
        (" Health-Advice.\n", "health-advice"),
        ("**health-content** because it is", "health-content"),
        ("_health-content_", "health-content"),
        ("The label is: 'no-advice', not advice", "no-advice"),
        ("advice or health-advice", "advice"),
        ("health-advice or advice", "health-advice"),
        ("- health-advice: it tells", "health-advice"),
        ("Label:advice-", "advice"),
        ("health advice", "advice"),
        ("other", "other"),
        ("Other", "Other"),
        ("OTHER", "Other"),
        ("advices, then advice", "advice"),
    ],
)
def test_the_first_name_in_a_reply_is_its_label(reply: str, label: str) -> None:
    assert find_label(reply, LABELS) == label


@pytest.mark.parametrize(
    "reply",
    ["", "I cannot say.", "advices", "non-advice", "my_advice", "health", "adv ice",
     "advice-like", "advice.txt", "another"],
)  # fmt: skip
def test_anything_else_is_no_label(reply: str) -> None:
    assert find_label(reply, LABELS) is None


def test_names_with_signs_are_taken_literally() -> None:
    assert find_label("c++", ("c", "c.", "c++")) == "c++"
    assert find_label("cat", ("c.t", "c")) is None
