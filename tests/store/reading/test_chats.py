import pytest

from store.reading.chats import as_chat, is_chat, last_turn

OPENAI = [
    {"role": "user", "content": "May I run?"},
    {"role": "assistant", "content": "Yes."},
    {
        "role": "user",
        "content": [{"type": "text", "text": "How"}, {"type": "text", "text": "far?"}],
    },
]
SHAREGPT = [{"from": "human", "value": "May I run?"}, {"from": "gpt", "value": "Yes."}]


@pytest.mark.parametrize("chat", [OPENAI, SHAREGPT])
def test_the_last_turn_of_a_speaker_is_found(chat: list[object]) -> None:
    assert is_chat(chat)
    assert last_turn(chat, "assistant") == "Yes."


def test_parts_of_a_turn_are_joined() -> None:
    assert last_turn(OPENAI, "user") == "How\nfar?"


@pytest.mark.parametrize(
    "chat", [[], [{"role": "user", "content": "x"}], [{"role": "assistant", "content": None}], "x"]
)
def test_a_chat_without_a_text_of_the_speaker_has_none(chat: object) -> None:
    assert last_turn(chat, "assistant") is None


@pytest.mark.parametrize("value", [[], ["a"], [{"text": "a"}], [{"role": "user"}], "x", None])
def test_other_lists_are_no_chats(value: object) -> None:
    assert not is_chat(value)


def test_a_chat_in_a_cell_of_text_is_read_as_json() -> None:
    assert as_chat('[{"role": "user", "content": "x"}]') == [{"role": "user", "content": "x"}]
    assert as_chat("[no json") == "[no json"
